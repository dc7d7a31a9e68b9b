#include "wayout/model/build.hpp"

#include <algorithm>
#include <bit>
#include <set>

#include "wayout/base/text.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostFaults = 20;

const std::vector<std::string>& reserved_words() {
  static const std::vector<std::string> words = {"now", "true", "false", "count", "state",
                                                 "and", "or",   "not",   "if",    "iff"};
  return words;
}

}  // namespace

bool is_concept_name(std::string_view name) {
  return name == "nash" || name == "gmr" || name == "smr" || name == "seq" || name == "sseq" ||
         name == "sim";
}

Result<Conflict> build(Parts parts) { return Builder(std::move(parts)).run(); }

Builder::Builder(Parts parts)
    : data_(std::make_shared<Data>()), parts_(data_->parts), resolver_(*data_, data_->pool) {
  data_->parts = std::move(parts);
  const auto drop_only = [](auto& list) {
    std::erase_if(list, [](const auto& part) { return !part.only.empty(); });
  };
  drop_only(parts_.parties);
  drop_only(parts_.options);
  drop_only(parts_.defines);
  drop_only(parts_.rules);
  drop_only(parts_.preferences);
  for (auto& preference : parts_.preferences) drop_only(preference.statements);
  drop_only(parts_.tracks);
  drop_only(parts_.tempos);
  drop_only(parts_.catastrophes);
  drop_only(parts_.hazards);
  for (auto& hazard : parts_.hazards) drop_only(hazard.factors);
  drop_only(parts_.measures);
  drop_only(parts_.variants);
  drop_only(parts_.beliefs);
  drop_only(parts_.goals);
  drop_only(parts_.claims);
  drop_only(parts_.states);
  drop_only(parts_.moves);
}

bool Builder::full() const { return faults_.size() >= kMostFaults; }

void Builder::fault_at(std::string code, std::string message, std::string path, std::string hint) {
  if (full()) return;
  Where where;
  where.path = std::move(path);
  faults_.push_back(Error{std::move(code), std::move(message), std::move(where), std::move(hint),
                          Severity::Fault});
}

void Builder::add_faults(const Errors& errors, const std::string& path) {
  for (Error e : errors) {
    // The define has told its own fault.
    if (e.code == "in_define" || (e.code == "define_cycle" && path.rfind("define[", 0) != 0) ||
        full())
      continue;
    e.where.path = path;
    faults_.push_back(std::move(e));
  }
}

ExprId Builder::resolve(std::string_view text, const std::string& path) {
  auto e = resolver_.resolve(text);
  if (!e) {
    add_faults(e.error(), path);
    return data_->pool.constant(false);
  }
  if (data_->pool.size() > Limits::kExpressionNodesAll)
    fault_at("limit",
             "the expressions have more than " + with_commas(Limits::kExpressionNodesAll) +
                 " parts in all, which is the limit",
             path);
  return *e;
}

std::vector<std::string> Builder::party_ids() const { return ids_of(parts_.parties); }
std::vector<std::string> Builder::option_ids() const { return ids_of(parts_.options); }

void Builder::known_party(const std::string& id, const std::string& path) {
  if (data_->party_index.count(id) == 0)
    fault_at("unknown_id", "'" + id + "' is no party", path, did_you_mean(id, party_ids()));
}

Result<Conflict> Builder::run() {
  ids();
  parties();
  options();
  if (!faults_.empty())
    return Unexpected{std::move(faults_)};  // nothing can be named without these
  graph_states();
  status_quo();
  defines();
  rules();
  party_movers();
  graph_arcs();
  tracks();
  forbids();
  // A ranking numbers the feasible states, so the rules must be right before preferences are read.
  if (faults_.empty() || std::none_of(parts_.preferences.begin(), parts_.preferences.end(),
                                      [](const auto& p) { return p.method == Method::Ranking; }))
    preferences();
  goals();
  time_and_risk();
  measures();
  claims();
  if (!faults_.empty()) return Unexpected{std::move(faults_)};
  return Conflict(data_);
}

void Builder::ids() {
  std::unordered_map<std::string, std::string> seen;
  const auto take = [&](const auto& list, std::string_view what) {
    if (list.size() > Limits::kPartsOfAKind)
      fault_at("limit",
               "there are more than " + with_commas(Limits::kPartsOfAKind) + " parts of the kind " +
                   std::string(what) + ", which is the limit",
               list[Limits::kPartsOfAKind].path);
    for (const auto& part : list) {
      if (part.id.empty()) continue;
      const auto [it, fresh] = seen.emplace(part.id, std::string(what));
      if (!fresh)
        fault_at("duplicate_id",
                 "the id '" + part.id + "' is taken by another part (" + it->second + ")",
                 part.path + ".id", "ids are unique over all parts");
      if (std::find(reserved_words().begin(), reserved_words().end(), part.id) !=
          reserved_words().end())
        fault_at("reserved_id",
                 "'" + part.id + "' is a word of the expressions and cannot be an id",
                 part.path + ".id");
    }
  };
  take(parts_.parties, "party");
  take(parts_.options, "option");
  take(parts_.defines, "define");
  take(parts_.rules, "rule");
  take(parts_.preferences, "preference");
  take(parts_.tracks, "track");
  take(parts_.tempos, "tempo");
  take(parts_.catastrophes, "catastrophe");
  take(parts_.hazards, "hazard");
  take(parts_.measures, "measure");
  take(parts_.variants, "variant");
  take(parts_.beliefs, "belief");
  take(parts_.goals, "goal");
  take(parts_.claims, "claim");
}

void Builder::parties() {
  if (parts_.parties.empty()) fault_at("no_party", "the case has no [[party]]", "");
  if (parts_.parties.size() > Limits::kParties)
    fault_at(
        "limit",
        "there are more than " + std::to_string(Limits::kParties) + " parties, which is the limit",
        parts_.parties[Limits::kParties].path);
  for (const auto& part : parts_.parties) {
    if (part.id.empty()) {
      fault_at("missing_key", "a party needs an id", part.path);
      continue;
    }
    data_->party_index.emplace(part.id, data_->parties.size());
    data_->parties.push_back({part.id, part.name.empty() ? part.id : part.name, part.third});
  }
}

void Builder::options() {
  data_->graph = parts_.graph_form();
  if (parts_.options.empty() && !data_->graph)
    fault_at("no_option", "the case has no [[option]]", "");
  for (std::size_t i = 0; i < parts_.options.size(); ++i) option(i);
  int shift = 0;
  const int limit = static_cast<int>(data_->graph ? Limits::kOptionBitsGraph : Limits::kOptionBits);
  for (auto& o : data_->options) {
    o.shift = shift;
    shift += o.width;
    if (!o.enabled) data_->disabled_mask |= shift <= limit ? o.mask() : 0;
  }
  if (shift > limit)
    fault_at("limit",
             "the options need " + std::to_string(shift) + " bits, and the limit is " +
                 std::to_string(limit) +
                 " (one for each binary option, two for up to four levels, …)",
             parts_.options.back().path);
}

void Builder::option(std::size_t index) {
  const OptionPart& part = parts_.options[index];
  OptionInfo o;
  o.id = part.id;
  o.name = part.name.empty() ? part.id : part.name;
  o.binary = part.levels.empty();
  o.levels = part.levels;
  if (o.binary) o.levels = {"no", "yes"};
  o.enabled = part.enabled;
  o.moves = part.moves.value_or(Direction::Both);
  o.binding = part.binding.value_or(true);
  if (part.id.empty()) fault_at("missing_key", "an option needs an id", part.path);
  if (o.levels.size() < 2)
    fault_at("levels", "an option needs at least two levels", part.path + ".levels");
  if (o.levels.size() > Limits::kLevels)
    fault_at("limit", "an option has at most " + std::to_string(Limits::kLevels) + " levels",
             part.path + ".levels");
  if (std::set<std::string>(o.levels.begin(), o.levels.end()).size() != o.levels.size())
    fault_at("duplicate_level", "two levels of '" + o.id + "' have the same name",
             part.path + ".levels");
  if (!part.party.empty() && !part.parties.empty()) {
    fault_at("owner", "'" + o.id + "' has both party and parties", part.path + ".parties",
             "one party's option has party, an agreement has parties");
  } else if (!part.party.empty()) {
    known_party(part.party, part.path + ".party");
    if (const auto it = data_->party_index.find(part.party); it != data_->party_index.end())
      o.owners = PartyMask{1} << it->second;
    if (part.binding)
      fault_at("binding", "binding concerns joint options, and '" + o.id + "' is one party's own",
               part.path + ".binding");
  } else if (!part.parties.empty()) {
    o.joint = true;
    for (std::size_t k = 0; k < part.parties.size(); ++k) {
      const std::string path = part.path + ".parties[" + std::to_string(k) + "]";
      known_party(part.parties[k], path);
      const auto it = data_->party_index.find(part.parties[k]);
      if (it == data_->party_index.end()) continue;
      const PartyMask bit = PartyMask{1} << it->second;
      if ((o.owners & bit) != 0)
        fault_at("duplicate_id", "'" + part.parties[k] + "' is named twice", path);
      o.owners |= bit;
    }
    if (part.parties.size() < 2)
      fault_at("owner", "a joint option has two or more parties", part.path + ".parties",
               "one party's own option has party = \"…\"");
    if (part.moves)
      fault_at("moves", "a joint option has no moves: it is changed at a track and left by leaving",
               part.path + ".moves");
    if (data_->graph)
      fault_at("graph_form", "graph form has no joint options", part.path + ".parties");
  } else if (!data_->graph) {
    fault_at("no_owner", "no party owns '" + o.id + "'", part.path, "give it party or parties");
  }
  if (part.has_now) {
    const auto level = Resolver::level_of(o, part.now);
    if (level) {
      o.now = *level;
    } else {
      std::string hint = "its levels are " + join_and(o.levels);
      if (const auto* name = std::get_if<std::string>(&part.now)) {
        const std::string near = did_you_mean(*name, o.levels);
        if (!near.empty()) hint = near;
      }
      fault_at("unknown_level", "'" + o.id + "' has no such level", part.path + ".now", hint);
    }
  }
  or_now(part, o);
  if (part.has_now && parts_.no_status_quo)
    fault_at("no_status_quo",
             "'" + o.id + "' has a level today, and the case says that it has no status quo",
             part.path + ".now", "leave out `now`, or no_status_quo");
  if (!o.enabled && o.now != 0)
    fault_at("disabled", "'" + o.id + "' is disabled and yet taken in the status quo",
             part.path + ".now", "a disabled option stands at its first level");
  o.width = std::max(1, static_cast<int>(std::bit_width(o.levels.size() - 1)));
  data_->option_index.emplace(o.id, data_->options.size());
  data_->options.push_back(std::move(o));
}

void Builder::or_now(const OptionPart& part, const OptionInfo& o) {
  std::set<int> levels{o.now};
  for (std::size_t k = 0; k < part.or_now.size(); ++k) {
    const std::string path = part.path + ".or_now[" + std::to_string(k) + "]";
    const auto level = Resolver::level_of(o, part.or_now[k]);
    if (!level) {
      fault_at("unknown_level", "'" + o.id + "' has no such level", path,
               "its levels are " + join_and(o.levels));
    } else if (!levels.insert(*level).second) {
      fault_at("duplicate_level",
               *level == o.now ? "'" + o.id + "' stands at this level already"
                               : "this level of '" + o.id + "' is named twice",
               path, "or_now names the other levels at which it may stand today");
    }
  }
  if (part.or_now.empty()) return;
  if (data_->graph)
    fault_at("graph_form", "in graph form today's state is `now` at the top, and it is sure",
             part.path + ".or_now");
  if (parts_.no_status_quo)
    fault_at("no_status_quo", "the case says that it has no status quo", part.path + ".or_now");
  if (!o.enabled)
    fault_at("disabled", "'" + o.id + "' is disabled and stands at its first level",
             part.path + ".or_now");
}

void Builder::defines() {
  for (std::size_t i = 0; i < parts_.defines.size(); ++i) {
    const auto& part = parts_.defines[i];
    if (part.id.empty()) fault_at("missing_key", "a define needs an id", part.path);
    resolve(part.when, part.path + ".when");
  }
}

void Builder::status_quo() {
  if (data_->graph) return;  // set with the states
  if (parts_.no_status_quo) return;
  State s;
  for (const auto& o : data_->options) s.bits |= UInt128(static_cast<unsigned>(o.now)) << o.shift;
  data_->status_quo = s;
}

void Builder::rules() {
  for (std::size_t i = 0; i < parts_.rules.size(); ++i) {
    const RulePart& part = parts_.rules[i];
    if (data_->graph) {
      fault_at("graph_form", "graph form has no rules: states and moves are given outright",
               part.path);
      continue;
    }
    if (part.never.empty() == !part.forbid.has_value())
      fault_at("rule", "a rule has either never or forbid", part.path);
    if (part.never.empty()) continue;
    const ExprId never = resolve(part.never, part.path + ".never");
    if (part.enabled) data_->nevers.emplace_back(never, i);
  }
  if (!faults_.empty() || data_->graph) return;
  if (data_->status_quo) {
    for (const auto& [never, rule] : data_->nevers) {
      if (!data_->pool.holds(never, *data_->status_quo)) continue;
      const auto& part = parts_.rules[rule];
      fault_at("infeasible_status_quo",
               "the status quo is infeasible: " +
                   (part.id.empty() ? "this rule" : "the rule '" + part.id + "'") + " holds in it",
               part.path + ".never", "change the rule, or the `now` of one of its options");
    }
    return;
  }
  bool any = false;
  const bool finished = walk_feasible(*data_, 50'000'000, [&any](State) {
    any = true;
    return false;
  });
  if (finished && !any)
    fault_at("nothing_feasible", "no state is feasible: the rules exclude everything", "");
}

void Builder::preferences() {
  const std::size_t n = data_->parties.size();
  data_->preferences.assign(n, {});
  data_->preference_parts.assign(n, -1);
  for (std::size_t i = 0; i < parts_.preferences.size(); ++i) {
    PreferencePart& part = parts_.preferences[i];
    known_party(part.party, part.path + ".party");
    const auto it = data_->party_index.find(part.party);
    if (it == data_->party_index.end()) continue;
    const std::size_t p = it->second;
    if (data_->preference_parts[p] >= 0)
      fault_at("duplicate_preference", "'" + part.party + "' has two preferences",
               part.path + ".party");
    if (data_->parties[p].third)
      fault_at("third_party",
               "'" + part.party + "' is a third party: indifferent, without a preference",
               part.path + ".party");
    data_->preference_parts[p] = static_cast<int>(i);
    data_->preferences[p] = preference(part, false);
  }
  for (std::size_t p = 0; p < n; ++p) {
    if (data_->parties[p].third) {
      data_->preferences[p].indifferent = true;
    } else if (data_->preference_parts[p] < 0) {
      fault_at("no_preference", "'" + data_->parties[p].id + "' has no preference",
               parts_.parties[p].path,
               "add a [[preference]], or third = true for a party that is indifferent");
    }
  }
}

void Builder::goals() {
  for (std::size_t i = 0; i < parts_.goals.size(); ++i) {
    const GoalPart& part = parts_.goals[i];
    GoalInfo g;
    g.id = part.id;
    g.name = part.name.empty() ? part.id : part.name;
    g.part = i;
    if (part.id.empty()) fault_at("missing_key", "a goal needs an id", part.path);
    g.when = resolve(part.when, part.path + ".when");
    if (!part.avoid.empty()) g.avoid = resolve(part.avoid, part.path + ".avoid");
    const std::vector<std::string> concepts = {"nash", "gmr", "smr", "seq", "sseq", "sim"};
    const auto check_concept = [&](const std::string& name, const std::string& path) {
      if (!is_concept_name(name))
        fault_at("unknown_concept", "'" + name + "' is no solution concept", path,
                 "one of nash, gmr, smr, seq, sseq, sim");
    };
    check_concept(part.hold.concept_name, part.path + ".hold");
    g.hold.assign(data_->parties.size(), part.hold.concept_name);
    for (const auto& [party, name] : part.hold.profile) {
      const std::string path = part.path + ".hold." + party;
      known_party(party, path);
      check_concept(name, path);
      if (const auto it = data_->party_index.find(party); it != data_->party_index.end())
        g.hold[it->second] = name;
    }
    data_->goals.push_back(std::move(g));
  }
}

}  // namespace wayout
