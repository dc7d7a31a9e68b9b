#include "wayout/io/write_case.hpp"

#include <string_view>

#include "wayout/io/keys.hpp"
#include "wayout/io/toml_text.hpp"

namespace wayout {
namespace {

namespace tt = toml_text;

/// The keys of one table that differ from their defaults, in the order in which they are added.
class Fields {
 public:
  Fields& put(std::string_view key, std::string value) {
    fields_.emplace_back(std::string(key), std::move(value));
    return *this;
  }
  Fields& text(std::string_view key, const std::string& value) {
    return value.empty() ? *this : put(key, one_line_ ? tt::quoted(value) : tt::text(value));
  }
  Fields& names(std::string_view key, const std::vector<std::string>& value) {
    if (value.empty()) return *this;
    return put(key, one_line_ ? tt::name_or_names(value) : tt::names(value, key.size() + 3));
  }
  Fields& flag(std::string_view key, bool value, bool otherwise) {
    return value == otherwise ? *this : put(key, tt::flag(value));
  }
  Fields& number(std::string_view key, const Quantity& q) { return put(key, tt::number(q)); }
  Fields& numbers(std::string_view key, const std::vector<std::pair<std::string, Quantity>>& list) {
    if (list.empty()) return *this;
    tt::Fields table;
    for (const auto& [name, q] : list) table.emplace_back(name, tt::number(q));
    return put(key, tt::inline_table(table));
  }
  /// What every part may carry, but for the id and name, which come first.
  Fields& tail(const Head& head) {
    return text("kind", head.kind)
        .text("because", head.because)
        .text("source", head.source)
        .names("only", head.only);
  }

  /// As an inline table, where texts have to stay on one line.
  explicit Fields(bool one_line = false) : one_line_(one_line) {}
  std::string inline_table() const { return tt::inline_table(fields_); }
  std::string rows() const {
    std::string out;
    for (const auto& [key, value] : fields_) out += tt::key(key) + " = " + value + "\n";
    return out;
  }
  const tt::Fields& all() const { return fields_; }

 private:
  bool one_line_;
  tt::Fields fields_;
};

std::string word(const PartKeys& keys, std::string_view key, std::size_t index) {
  return tt::quoted(split_words(find_key(keys, key)->words).at(index));
}

std::string flag_or_condition(const std::string& text) {
  return text == "true" ? text : tt::quoted(text);
}

std::string effect_text(const EffectPart& e) {
  Fields f(true);
  const PartKeys& keys = effect_kinds()[static_cast<std::size_t>(e.kind)];
  if (e.kind == EffectKind::Now) {
    tt::Fields levels;
    for (const auto& [option, value] : e.levels) levels.emplace_back(option, tt::level(value));
    return f.put("now", tt::inline_table(levels)).inline_table();
  }
  f.put(keys.name, tt::quoted(e.target));
  switch (e.kind) {
    case EffectKind::Open:
    case EffectKind::Close:
    case EffectKind::Unlink:
    case EffectKind::Enable:
    case EffectKind::Now:
      break;
    case EffectKind::Link:
      f.put("on", flag_or_condition(e.expression));
      break;
    case EffectKind::Table:
      f.names("add", e.add).names("remove", e.remove);
      if (e.add.empty() && e.remove.empty()) f.put("add", "[]");
      break;
    case EffectKind::Binding:
      f.put("value", tt::flag(e.flag));
      break;
    case EffectKind::Moves:
      f.put("value", word(keys, "value", static_cast<std::size_t>(e.direction)));
      break;
    case EffectKind::DropRule:
    case EffectKind::DropBelief:
      f.put("drop", "true");
      break;
    case EffectKind::Criteria:
      f.numbers("set", e.set);
      break;
    case EffectKind::HazardTimes:
    case EffectKind::TempoTimes:
      f.number("times", e.number);
      break;
    case EffectKind::RateSet:
      f.number("set", e.number);
      break;
    case EffectKind::Statement:
      f.put("statement", tt::quoted(e.statement));
      switch (e.action) {
        case StatementAction::Times:
          f.number("times", e.number);
          break;
        case StatementAction::Drop:
          f.put("drop", "true");
          break;
        case StatementAction::Vital:
          f.put("vital", tt::flag(e.flag));
          break;
        case StatementAction::First:
          f.put("first", "true");
          break;
        case StatementAction::After:
          f.put("after", tt::quoted(e.after));
          break;
      }
      break;
  }
  return f.inline_table();
}

std::string effects_text(const std::vector<EffectPart>& effects) {
  std::vector<std::string> items;
  for (const EffectPart& e : effects) items.push_back(effect_text(e));
  return items.size() == 1 ? "[" + items[0] + "]" : tt::lines(items);
}

std::string test_text(const ClaimTest& t, const std::string& indent) {
  Fields f(true);
  const std::string key(test_kinds()[static_cast<std::size_t>(t.kind)].name);
  switch (t.kind) {
    case TestKind::Stable:
    case TestKind::Unstable:
      f.text(key, t.condition).names("for", t.parties);
      if (t.concept_name != "seq") f.text("concept", t.concept_name);
      break;
    case TestKind::Reachable:
    case TestKind::Unreachable:
      f.text(key, t.condition);
      break;
    case TestKind::WayOut:
    case TestKind::NoWayOut:
      f.text(key, t.goal);
      break;
    case TestKind::Unlocks:
      f.text(key, t.goal).names("measure", t.measures);
      break;
    case TestKind::BetterFor:
    case TestKind::WorseFor:
      f.names(key, t.parties).text("criterion", t.criterion).text("doing", t.condition);
      break;
    case TestKind::Willing:
    case TestKind::Unwilling:
      f.names(key, t.parties).text("doing", t.condition);
      break;
    case TestKind::Prefers:
      f.names(key, t.parties).text("this", t.condition).text("to", t.to);
      break;
    case TestKind::LowersRisk:
    case TestKind::RaisesRisk:
      f.text(key, t.condition).names(key, t.measures).text("of", t.of);
      if (t.by) f.number("by", *t.by);
      if (t.horizon) f.number("horizon", *t.horizon);
      break;
    case TestKind::All:
    case TestKind::Any: {
      std::string list = "[\n";
      for (const ClaimTest& child : t.children)
        list += indent + "  " + test_text(child, indent + "  ") + ",\n";
      f.put(key, list + indent + "]");
      break;
    }
    case TestKind::Not:
      if (!t.children.empty()) f.put(key, test_text(t.children[0], indent));
      break;
  }
  f.names("with", t.with).names("under", t.under).names("without", t.without);
  f.text("after", t.after).text("given", t.given);
  return f.inline_table();
}

std::string statement_text(const StatementPart& s) {
  if (s.bare) return tt::quoted(s.when);
  Fields f(true);
  f.text("id", s.id).text("name", s.name).text("when", s.when).flag("vital", s.vital, false);
  for (const auto& [name, q] : s.values) f.number(name, q);
  return f.text("or_before", s.or_before).flag("enabled", s.enabled, true).tail(s).inline_table();
}

Fields preference_fields(const PreferencePart& p, bool member) {
  Fields f(member);
  f.text("id", p.id).text("name", p.name).text("party", p.party);
  f.put("method", word(part_keys("preference"), "method", static_cast<std::size_t>(p.method)));
  f.numbers("criteria", p.criteria);
  switch (p.method) {
    case Method::Priorities:
    case Method::Weights: {
      std::vector<std::string> items;
      for (const StatementPart& s : p.statements) items.push_back(statement_text(s));
      f.put("statements", tt::lines(items));
      break;
    }
    case Method::Ranking: {
      std::vector<std::string> ties;
      for (const auto& tie : p.order) {
        std::vector<std::string> numbers;
        for (const std::int64_t n : tie) numbers.push_back(std::to_string(n));
        ties.push_back(tt::list(numbers));
      }
      f.put("order", tt::list(ties, 8));
      break;
    }
    case Method::Additive: {
      std::vector<std::string> items;
      for (const AdditivePart& v : p.values) {
        std::vector<std::string> levels;
        for (const Quantity& q : v.levels) levels.push_back(tt::number(q));
        items.push_back(
            tt::inline_table({{"option", tt::quoted(v.option)}, {"levels", tt::list(levels)}}));
      }
      f.put("values", tt::lines(items));
      break;
    }
    case Method::Unanimous: {
      std::vector<std::string> items;
      for (const PreferencePart& m : p.members)
        items.push_back(preference_fields(m, true).inline_table());
      f.put("members", tt::lines(items));
      break;
    }
  }
  f.text("kind", p.kind).text("because", p.because).text("source", p.source);
  return member ? f : f.names("only", p.only);
}

class Writer {
 public:
  std::string run(const Parts& p) {
    top(p);
    for (const auto& part : p.parties)
      write("party", part, Fields().flag("third", part.third, false));
    for (const auto& part : p.options) write("option", part, option(part));
    for (const auto& part : p.states) state(part);
    for (const auto& part : p.moves) moves(part);
    for (const auto& part : p.defines) write("define", part, Fields().text("when", part.when));
    for (const auto& part : p.rules) write("rule", part, rule(part));
    for (const auto& part : p.preferences)
      out_ += "\n[[preference]]\n" + preference_fields(part, false).rows();
    for (const auto& part : p.tracks) write("track", part, track(part));
    time(p.time);
    for (const auto& part : p.tempos) write("tempo", part, tempo(part));
    for (const auto& part : p.catastrophes)
      write("catastrophe", part, Fields().text("when", part.when));
    for (const auto& part : p.hazards) write("hazard", part, hazard(part));
    trust(p.trust);
    for (const auto& part : p.measures) write("measure", part, measure(part));
    for (const auto& part : p.variants) {
      Fields f;
      if (!part.effects.empty()) f.put("effects", effects_text(part.effects));
      write("variant", part, f);
    }
    for (const auto& part : p.beliefs)
      write("belief", part,
            Fields()
                .text("party", part.party)
                .flag("enabled", part.enabled, true)
                .put("effects", effects_text(part.effects)));
    for (const auto& part : p.goals) write("goal", part, goal(part));
    for (const auto& part : p.claims)
      write("claim", part,
            Fields().put("says", tt::text(part.says)).put("test", test_text(part.test, "")));
    return std::move(out_);
  }

 private:
  void top(const Parts& p) {
    Fields f;
    f.put("format", std::to_string(p.format));
    f.text("title", p.title).text("question", p.question);
    if (!p.date.empty()) f.put("date", p.date);
    if (!p.sources.empty()) {
      std::vector<std::string> sources;
      for (const auto& s : p.sources) sources.push_back(tt::quoted(s));
      f.put("sources", tt::list(sources, 10));
    }
    f.text("notes", p.notes);
    if (p.now_state) f.put("now", std::to_string(*p.now_state));
    f.flag("no_status_quo", p.no_status_quo, false);
    out_ += f.rows();
  }

  /// A part: id and name, its own keys, then what every part may carry.
  void write(std::string_view kind, const Head& head, const Fields& own) {
    Fields f;
    f.text("id", head.id).text("name", head.name);
    for (const auto& [key, value] : own.all()) f.put(key, value);
    out_ += "\n[[" + std::string(kind) + "]]\n" + f.tail(head).rows();
  }

  static Fields option(const OptionPart& part) {
    Fields f;
    f.text("party", part.party).names("parties", part.parties).names("levels", part.levels);
    if (part.has_now) f.put("now", tt::level(part.now));
    if (part.or_now.size() == 1) f.put("or_now", tt::level(part.or_now[0]));
    if (part.or_now.size() > 1) {
      std::vector<std::string> levels;
      for (const LevelValue& level : part.or_now) levels.push_back(tt::level(level));
      f.put("or_now", tt::list(levels));
    }
    if (part.moves)
      f.put("moves", word(part_keys("option"), "moves", static_cast<std::size_t>(*part.moves)));
    if (part.binding) f.put("binding", tt::flag(*part.binding));
    return f.flag("enabled", part.enabled, true);
  }

  static Fields rule(const RulePart& part) {
    Fields f;
    f.text("never", part.never);
    if (part.forbid)
      f.put("forbid", Fields(true)
                          .text("by", part.forbid->by)
                          .text("from", part.forbid->from)
                          .text("to", part.forbid->to)
                          .inline_table());
    return f.flag("enabled", part.enabled, true);
  }

  static Fields track(const TrackPart& part) {
    Fields f;
    f.put("parties", tt::names(part.parties, 10)).put("table", tt::names(part.table, 8));
    if (!part.linked.empty()) f.put("linked", flag_or_condition(part.linked));
    if (part.consent != Consent::AllBetter)
      f.put("consent", word(part_keys("track"), "consent", static_cast<std::size_t>(part.consent)));
    return f.flag("open", part.open, true);
  }

  static Fields tempo(const TempoPart& part) {
    Fields f;
    f.text("party", part.party)
        .text("track", part.track)
        .number("moves_per_unit", part.moves_per_unit);
    if (part.rationality_infinite) {
      f.put("rationality", "inf");
    } else if (part.rationality) {
      f.number("rationality", *part.rationality);
    }
    return f;
  }

  static Fields hazard(const HazardPart& part) {
    Fields f;
    f.text("when", part.when).number("rate", part.rate);
    const LeadsTo& to = part.leads_to;
    if (!to.assignment.empty()) {
      f.text("leads_to", to.assignment);
    } else if (to.shares_written) {
      f.numbers("leads_to", to.catastrophes);
    } else if (!to.catastrophes.empty()) {
      f.text("leads_to", to.catastrophes[0].first);
    }
    std::vector<std::string> factors;
    for (const FactorPart& factor : part.factors)
      factors.push_back(Fields(true)
                            .text("id", factor.id)
                            .text("name", factor.name)
                            .text("when", factor.when)
                            .number("times", factor.times)
                            .tail(factor)
                            .inline_table());
    if (!factors.empty()) f.put("factors", tt::lines(factors));
    return f;
  }

  static Fields measure(const MeasurePart& part) {
    Fields f;
    if (tt::number(part.cost) != "1") f.number("cost", part.cost);
    f.names("by", part.by).names("needs", part.needs).names("excludes", part.excludes);
    if (!part.effects.empty()) f.put("effects", effects_text(part.effects));
    return f;
  }

  static Fields goal(const GoalPart& part) {
    Fields f;
    f.text("when", part.when).text("avoid", part.avoid);
    if (!part.hold.profile.empty()) {
      tt::Fields profile;
      for (const auto& [party, name] : part.hold.profile)
        profile.emplace_back(party, tt::quoted(name));
      f.put("hold", tt::inline_table(profile));
    } else if (part.hold.concept_name != "seq") {
      f.text("hold", part.hold.concept_name);
    }
    return f.flag("absorbing", part.absorbing, false);
  }

  void state(const StatePart& part) {
    Fields f;
    f.put("id", std::to_string(part.number)).text("name", part.name);
    if (!part.values.empty()) {
      std::vector<std::string> values;
      for (const std::int64_t v : part.values) values.push_back(std::to_string(v));
      f.put("values", tt::list(values, 9));
    }
    out_ += "\n[[state]]\n" + f.tail(part).rows();
  }

  void moves(const MovesPart& part) {
    std::vector<std::string> arcs;
    for (const auto& [from, to] : part.arcs)
      arcs.push_back("[" + std::to_string(from) + ", " + std::to_string(to) + "]");
    write("moves", part, Fields().text("party", part.party).put("arcs", tt::list(arcs, 7)));
  }

  void time(const TimePart& part) {
    if (!part.given) return;
    out_ += "\n[time]\n" +
            Fields().put("unit", tt::text(part.unit)).number("horizon", part.horizon).rows();
  }

  void trust(const TrustPart& part) {
    if (!part.given) return;
    out_ +=
        "\n[trust]\n" +
        Fields().number("spread", part.spread).put("samples", std::to_string(part.samples)).rows();
  }

  std::string out_;
};

// --- equality but for paths

void forget(std::vector<EffectPart>& effects) {
  for (EffectPart& e : effects) e.path.clear();
}

void forget(ClaimTest& test) {
  test.path.clear();
  for (ClaimTest& child : test.children) forget(child);
}

void forget(PreferencePart& p) {
  p.path.clear();
  p.placed.clear();
  for (auto& s : p.statements) s.path.clear();
  for (auto& v : p.values) v.path.clear();
  for (auto& m : p.members) forget(m);
}

Parts without_paths(Parts p) {
  const auto heads = [](auto& list) {
    for (auto& part : list) part.path.clear();
  };
  heads(p.parties);
  heads(p.options);
  heads(p.defines);
  heads(p.rules);
  for (auto& part : p.preferences) forget(part);
  heads(p.tracks);
  heads(p.tempos);
  heads(p.catastrophes);
  heads(p.hazards);
  for (auto& part : p.hazards) heads(part.factors);
  heads(p.measures);
  for (auto& part : p.measures) forget(part.effects);
  heads(p.variants);
  for (auto& part : p.variants) forget(part.effects);
  heads(p.beliefs);
  for (auto& part : p.beliefs) forget(part.effects);
  heads(p.goals);
  heads(p.claims);
  for (auto& part : p.claims) forget(part.test);
  heads(p.states);
  heads(p.moves);
  return p;
}

}  // namespace

std::string write_case(const Parts& parts) { return Writer().run(parts); }

bool same_parts(const Parts& a, const Parts& b) { return without_paths(a) == without_paths(b); }

}  // namespace wayout
