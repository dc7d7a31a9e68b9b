#include <algorithm>

#include "wayout/base/text.hpp"
#include "wayout/io/case_reader.hpp"

namespace wayout {
namespace {

/// What a statement of this preference may carry besides its own keys.
Table::Settings statement_settings(const PreferencePart& part, const Table& preference) {
  Table::Settings settings;
  if (part.method != Method::Weights) {
    settings.unknown_hint = "method = \"weights\" takes numbers";
    return settings;
  }
  for (const auto& [name, number] : part.criteria) settings.numbers.push_back(name);
  if (!preference.has("criteria")) settings.numbers.push_back("weight");
  settings.lenient = preference.has("criteria") && preference.find("criteria") == nullptr;
  if (preference.has("criteria"))
    settings.unknown_hint = "the criteria are " + join_and(settings.numbers);
  return settings;
}

StatementPart read_statement(FaultList& faults, const TomlNode& node, const std::string& path,
                             const Table::Settings& settings) {
  StatementPart part;
  if (node.is(TomlNode::Kind::Text)) {
    part.when = node.text;
    part.bare = true;
    part.path = path;
    return part;
  }
  const Table t(faults, node, path, part_keys("statement"), settings);
  read_head(t, part);
  part.when = t.text("when");
  part.vital = t.flag("vital", false);
  part.enabled = t.flag("enabled", true);
  part.or_before = t.text("or_before");
  for (const TomlMember& m : node.members) {
    if (std::find(settings.numbers.begin(), settings.numbers.end(), m.key) ==
        settings.numbers.end())
      continue;
    if (t.find(m.key) == nullptr) continue;
    if (const auto q = read_quantity(faults, m.value, t.path_of(m.key), true))
      part.values.emplace_back(m.key, *q);
  }
  return part;
}

void read_criteria(const Table& t, PreferencePart& part) {
  part.criteria = t.number_table("criteria");
  for (const auto& [name, number] : part.criteria)
    if (find_key(part_keys("statement"), name) != nullptr)
      t.faults().add("bad_id",
                     "'" + name + "' cannot be a criterion: it is a key of every statement",
                     t.find("criteria")->find(name)->begin, t.path_of("criteria") + "." + name);
}

}  // namespace

PreferencePart read_preference(FaultList& faults, const TomlNode& node, const std::string& path,
                               bool member) {
  PreferencePart part;
  Table::Settings settings;
  // The method decides which keys belong here, so it is looked at first; a wrong word is told
  // below.
  const PartKeys& keys = part_keys(member ? "member" : "preference");
  const auto methods = split_words(find_key(keys, "method")->words);
  const TomlNode* method = node.find("method");
  settings.method = method != nullptr ? method->text : methods[0];
  const auto known = std::find(methods.begin(), methods.end(), settings.method);
  if (known == methods.end()) {
    settings.method.clear();
  } else {
    part.method = static_cast<Method>(known - methods.begin());
  }
  const Table t(faults, node, path, keys, settings);
  read_head(t, part);
  part.party = t.text("party");
  read_criteria(t, part);
  // Of a preference whose method is no method the statements cannot be judged.
  Table::Settings of_statements = statement_settings(part, t);
  of_statements.lenient = of_statements.lenient || settings.method.empty();
  if (const TomlNode* one = t.find("statements"); one != nullptr && one->is(TomlNode::Kind::Text))
    part.statements.push_back(
        read_statement(faults, *one, t.path_of("statements") + "[0]", of_statements));
  for (const auto& [item, where] : t.parts("statements"))
    if (!faults.full())
      part.statements.push_back(read_statement(faults, *item, where, of_statements));
  if (const TomlNode* order = t.find("order"))
    for (const TomlNode& tie : order->items) {
      part.order.emplace_back();
      if (tie.is(TomlNode::Kind::Whole)) part.order.back().push_back(tie.whole);
      for (const TomlNode& number : tie.items) part.order.back().push_back(number.whole);
    }
  for (const auto& [item, where] : t.parts("values")) {
    const Table v(faults, *item, where, part_keys("value"));
    AdditivePart value;
    value.path = where;
    value.option = v.text("option");
    if (const TomlNode* levels = v.find("levels"))
      for (std::size_t k = 0; k < levels->items.size(); ++k)
        if (const auto q = read_quantity(faults, levels->items[k],
                                         v.path_of("levels") + "[" + std::to_string(k) + "]", true))
          value.levels.push_back(*q);
    part.values.push_back(std::move(value));
  }
  for (const auto& [item, where] : t.parts("members"))
    if (!faults.full()) part.members.push_back(read_preference(faults, *item, where, true));
  return part;
}

}  // namespace wayout
