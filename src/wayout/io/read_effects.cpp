#include <algorithm>

#include "wayout/base/text.hpp"
#include "wayout/io/case_reader.hpp"
#include "wayout/io/value_check.hpp"

namespace wayout {
namespace {

void leads_fault(FaultList& faults, const TomlNode& node, const std::string& path,
                 std::span<const PartKeys> kinds, const std::string& what,
                 const std::vector<std::string>& found) {
  if (found.size() > 1) {
    faults.add(what, "this " + what + " says " + join_and(found) + ", and it can be only one",
               node.begin, path, "write one " + what + " for each");
    return;
  }
  std::vector<std::string> known;
  for (const PartKeys& kind : kinds) known.emplace_back(kind.name);
  std::string hint;
  for (const TomlMember& m : node.members)
    if (hint.empty()) hint = did_you_mean(m.key, known);
  if (hint.empty()) hint = "one of " + join_and(known);
  faults.add(what, "this is no " + what + ": none of its keys names one", node.begin, path, hint);
}

/// The kind that the keys of the table lead to; nullptr, with the fault told, where none or
/// several.
const PartKeys* leading(FaultList& faults, const TomlNode& node, const std::string& path,
                        std::span<const PartKeys> kinds, const std::string& what) {
  const PartKeys* kind = nullptr;
  std::vector<std::string> found;
  for (const PartKeys& k : kinds)
    if (node.find(k.name) != nullptr) {
      kind = &k;
      found.emplace_back(k.name);
    }
  if (found.size() == 1) return kind;
  leads_fault(faults, node, path, kinds, what, found);
  return nullptr;
}

void only_true(const Table& t, std::string_view key) {
  const TomlNode* node = t.find(key);
  if (node != nullptr && !node->flag)
    t.faults().add("effect", "'" + std::string(key) + "' is true or left out", node->begin,
                   t.path_of(key));
}

void read_number(const Table& t, std::string_view key, EffectPart& e) {
  if (const auto q = t.number(key)) e.number = *q;
}

void read_statement_effect(const Table& t, EffectPart& e) {
  e.statement = t.text("statement");
  struct Action {
    std::string_view key;
    StatementAction action;
  };
  static constexpr Action kActions[] = {{"times", StatementAction::Times},
                                        {"drop", StatementAction::Drop},
                                        {"vital", StatementAction::Vital},
                                        {"first", StatementAction::First},
                                        {"after", StatementAction::After}};
  std::vector<std::string> found;
  for (const auto& [key, action] : kActions)
    if (t.has(key)) {
      found.emplace_back(key);
      e.action = action;
    }
  if (found.size() > 1)
    t.faults().add("effect", "this effect says " + join_and(found) + ", and it can be only one",
                   t.node().begin, t.path(), "write one effect for each");
  if (found.empty())
    t.faults().add("effect", "this effect does not say what happens to the statement",
                   t.node().begin, t.path(), "times, drop, vital, first or after");
  read_number(t, "times", e);
  only_true(t, "drop");
  only_true(t, "first");
  if (t.find("vital") != nullptr) e.flag = t.flag("vital", true);
  e.after = t.text("after");
}

EffectPart read_effect(FaultList& faults, const TomlNode& node, const std::string& path) {
  EffectPart e;
  e.path = path;
  const PartKeys* keys = leading(faults, node, path, effect_kinds(), "effect");
  if (keys == nullptr) return e;
  const Table t(faults, node, path, *keys);
  e.kind = static_cast<EffectKind>(keys - effect_kinds().data());
  if (e.kind != EffectKind::Now) e.target = t.text(keys->name);
  switch (e.kind) {
    case EffectKind::Open:
    case EffectKind::Close:
    case EffectKind::Unlink:
    case EffectKind::Enable:
      break;
    case EffectKind::Link:
      e.expression = t.flag_or_condition("on");
      if (const TomlNode* on = t.find("on");
          on != nullptr && on->is(TomlNode::Kind::Flag) && !on->flag)
        faults.add("effect", "a track is linked on true or on an expression", on->begin,
                   t.path_of("on"), "{ unlink = \"" + e.target + "\" } unties it");
      break;
    case EffectKind::Table:
      e.add = t.texts("add");
      e.remove = t.texts("remove");
      if (!t.has("add") && !t.has("remove"))
        faults.add("effect", "this effect neither adds nor removes anything", node.begin, path);
      break;
    case EffectKind::Binding:
      e.flag = t.flag("value", true);
      break;
    case EffectKind::Moves:
      if (const auto value = t.word("value")) e.direction = static_cast<Direction>(*value);
      break;
    case EffectKind::DropRule:
    case EffectKind::DropBelief:
      only_true(t, "drop");
      break;
    case EffectKind::Statement:
      read_statement_effect(t, e);
      break;
    case EffectKind::Criteria:
      e.set = t.number_table("set");
      break;
    case EffectKind::HazardTimes:
    case EffectKind::TempoTimes:
      read_number(t, "times", e);
      break;
    case EffectKind::RateSet:
      read_number(t, "set", e);
      break;
    case EffectKind::Now:
      e.levels = t.level_table("now");
      break;
  }
  return e;
}

/// A measure, several, or a condition: a text that is no measure's id is a condition.
void read_risk_subject(const Table& t, std::string_view key, const std::set<std::string>& measures,
                       ClaimTest& test) {
  const auto names = t.texts(key);
  const bool known = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return measures.count(name) != 0;
  });
  if (known || names.size() > 1) {
    test.measures = names;
  } else if (!names.empty()) {
    test.condition = names[0];
  }
}

}  // namespace

std::vector<EffectPart> read_effects(const Table& table) {
  std::vector<EffectPart> out;
  for (const auto& [node, path] : table.parts("effects"))
    if (!table.faults().full()) out.push_back(read_effect(table.faults(), *node, path));
  return out;
}

ClaimTest read_test(FaultList& faults, const TomlNode& node, const std::string& path,
                    const std::set<std::string>& measures) {
  ClaimTest test;
  test.path = path;
  const PartKeys* keys = leading(faults, node, path, test_kinds(), "test");
  if (keys == nullptr) return test;
  Table::Settings settings;
  if (!keys->modifiers)
    settings.unknown_hint = "with, under, without, after and given stand in each single test";
  const Table t(faults, node, path, *keys, settings);
  test.kind = static_cast<TestKind>(keys - test_kinds().data());
  switch (test.kind) {
    case TestKind::Stable:
    case TestKind::Unstable:
      test.condition = t.text(keys->name);
      test.parties = t.texts("for");
      test.concept_name = t.find("concept") != nullptr ? t.text("concept") : "seq";
      break;
    case TestKind::Reachable:
    case TestKind::Unreachable:
      test.condition = t.text(keys->name);
      break;
    case TestKind::Unlocks:
      test.measures = t.texts("measure");
      [[fallthrough]];
    case TestKind::WayOut:
    case TestKind::NoWayOut:
      test.goal = t.text(keys->name);
      break;
    case TestKind::BetterFor:
    case TestKind::WorseFor:
    case TestKind::Willing:
    case TestKind::Unwilling:
      test.parties = t.texts(keys->name);
      test.condition = t.text("doing");
      test.criterion = t.text("criterion");
      break;
    case TestKind::Prefers:
      test.parties = t.texts(keys->name);
      test.condition = t.text("this");
      test.to = t.text("to");
      break;
    case TestKind::LowersRisk:
    case TestKind::RaisesRisk:
      read_risk_subject(t, keys->name, measures, test);
      test.of = t.text("of");
      test.by = t.number("by");
      test.horizon = t.number("horizon");
      break;
    case TestKind::All:
    case TestKind::Any:
      for (const auto& [child, where] : t.parts(keys->name))
        if (!faults.full()) test.children.push_back(read_test(faults, *child, where, measures));
      break;
    case TestKind::Not:
      if (const TomlNode* child = t.find(keys->name))
        test.children.push_back(read_test(faults, *child, t.path_of(keys->name), measures));
      break;
  }
  test.with = t.texts("with");
  test.under = t.texts("under");
  test.without = t.texts("without");
  test.after = t.text("after");
  test.given = t.text("given");
  return test;
}

}  // namespace wayout
