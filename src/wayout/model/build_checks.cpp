#include <algorithm>
#include <set>

#include "wayout/model/build.hpp"

namespace wayout {

void Builder::quantity(const Quantity& q, const std::string& path, bool negative_allowed) {
  const auto low = q.low();
  const auto high = q.high();
  if (!low || !high || !q.value()) {
    fault_at("overflow", "the number is out of the exact range", path);
  } else if (!negative_allowed && low->is_negative()) {
    fault_at("negative", "the number may not be negative", path);
  }
}

void Builder::time_and_risk() {
  if (parts_.time.given) quantity(parts_.time.horizon, "time.horizon", false);
  if (parts_.trust.given) quantity(parts_.trust.spread, "trust.spread", false);
  std::set<std::string> movers;
  for (const TempoPart& part : parts_.tempos) {
    if (part.party.empty() == part.track.empty()) {
      fault_at("tempo", "a tempo is of one party or one track", part.path);
      continue;
    }
    if (!part.party.empty()) known_party(part.party, part.path + ".party");
    if (!part.track.empty() && part.track != "*")
      known(parts_.tracks, part.track, "track", part.path + ".track");
    if (!movers.insert(part.party + "/" + part.track).second)
      fault_at("duplicate_id", "'" + part.party + part.track + "' has two tempos", part.path);
    quantity(part.moves_per_unit, part.path + ".moves_per_unit", false);
    if (part.rationality) quantity(*part.rationality, part.path + ".rationality", false);
  }
  for (const CatastrophePart& part : parts_.catastrophes) {
    if (part.id.empty()) fault_at("missing_key", "a catastrophe needs an id", part.path);
    if (!part.when.empty()) resolve(part.when, part.path + ".when");
  }
  for (const HazardPart& part : parts_.hazards) {
    if (!part.when.empty()) resolve(part.when, part.path + ".when");
    quantity(part.rate, part.path + ".rate", false);
    std::set<std::string> factor_ids;
    for (const FactorPart& f : part.factors) {
      if (!f.id.empty() && !factor_ids.insert(f.id).second)
        fault_at("duplicate_id", "two factors have the id '" + f.id + "'", f.path + ".id");
      resolve(f.when, f.path + ".when");
      quantity(f.times, f.path + ".times", false);
    }
    const std::string path = part.path + ".leads_to";
    if (!part.leads_to.assignment.empty()) {
      if (data_->graph) {
        fault_at("graph_form", "in graph form a hazard leads to catastrophes only", path);
        continue;
      }
      const auto list = parse_assignments(part.leads_to.assignment);
      if (!list) {
        add_faults(list.error(), path);
        continue;
      }
      for (const Assignment& a : *list) {
        const auto it = data_->option_index.find(a.option);
        Where where;
        where.path = path;
        where.offset = a.offset;
        if (it == data_->option_index.end()) {
          add_faults({Error{"unknown_id", "'" + a.option + "' is no option", where,
                            did_you_mean(a.option, option_ids()), Severity::Fault}},
                     path);
        } else if (!Resolver::level_of(data_->options[it->second], LevelValue(a.level))) {
          add_faults({Error{"unknown_level", "'" + a.level + "' is no level of '" + a.option + "'",
                            where, "its levels are " + join_and(data_->options[it->second].levels),
                            Severity::Fault}},
                     path);
        }
      }
      continue;
    }
    Decimal sum = 0;
    bool exact = true;
    std::set<std::string> named;
    for (const auto& [id, share] : part.leads_to.catastrophes) {
      known(parts_.catastrophes, id, "catastrophe",
            path + (part.leads_to.shares_written ? "." + id : ""));
      if (!named.insert(id).second) fault_at("duplicate_id", "'" + id + "' is named twice", path);
      quantity(share, path + "." + id, false);
      const auto value = share.value();
      const auto next = value ? Decimal::add(sum, *value) : std::nullopt;
      exact = exact && next.has_value();
      if (next) sum = *next;
    }
    if (part.leads_to.catastrophes.empty())
      fault_at("missing_key", "a hazard leads to a catastrophe or to an assignment", path);
    else if (exact && !(sum == Decimal(1)))
      fault_at("shares", "the shares add to " + sum.to_string() + " and not to 1", path);
  }
  for (const BeliefPart& part : parts_.beliefs) {
    known_party(part.party, part.path + ".party");
    effects(part.effects);
  }
  for (const VariantPart& part : parts_.variants) {
    if (part.id.empty()) fault_at("missing_key", "a variant needs an id", part.path);
    // A variant may name parts that exist under it only, so it is checked where it is chosen.
    if (std::find(parts_.under.begin(), parts_.under.end(), part.id) != parts_.under.end())
      effects(part.effects);
  }
}

void Builder::effects(const std::vector<EffectPart>& list) {
  for (const EffectPart& e : list) effect(e, e.path);
}

void Builder::effect(const EffectPart& e, const std::string& path) {
  const auto graph_fault = [&] {
    if (data_->graph)
      fault_at("graph_form",
               "this effect concerns options, rules or tracks, which graph form has not", path);
    return data_->graph;
  };
  const auto known_option = [&](const std::string& id,
                                const std::string& where) -> const OptionInfo* {
    const auto it = data_->option_index.find(id);
    if (it != data_->option_index.end()) return &data_->options[it->second];
    fault_at("unknown_id", "'" + id + "' is no option", where, did_you_mean(id, option_ids()));
    return nullptr;
  };
  const auto known_level = [&](const OptionInfo& o, const LevelValue& value,
                               const std::string& where) {
    if (!Resolver::level_of(o, value))
      fault_at("unknown_level", "'" + o.id + "' has no such level", where,
               "its levels are " + join_and(o.levels));
  };
  const auto preference_of = [&](const std::string& id,
                                 const std::string& where) -> const PreferencePart* {
    known_party(id, where);
    for (const auto& p : parts_.preferences)
      if (p.party == id) return &p;
    if (data_->party_index.count(id) != 0)
      fault_at("no_preference", "'" + id + "' has no preference to change", where);
    return nullptr;
  };
  switch (e.kind) {
    case EffectKind::Open:
    case EffectKind::Close:
    case EffectKind::Unlink:
    case EffectKind::Link: {
      if (graph_fault()) break;
      const char* key = e.kind == EffectKind::Open    ? ".open"
                        : e.kind == EffectKind::Close ? ".close"
                        : e.kind == EffectKind::Link  ? ".link"
                                                      : ".unlink";
      known(parts_.tracks, e.target, "track", path + key);
      if (e.kind == EffectKind::Link && e.expression != "true") resolve(e.expression, path + ".on");
      break;
    }
    case EffectKind::Table: {
      if (graph_fault() || !known(parts_.tracks, e.target, "track", path + ".table")) break;
      for (std::size_t k = 0; k < e.add.size(); ++k)
        known_option(e.add[k], path + ".add[" + std::to_string(k) + "]");
      for (std::size_t k = 0; k < e.remove.size(); ++k)
        known_option(e.remove[k], path + ".remove[" + std::to_string(k) + "]");
      break;
    }
    case EffectKind::Binding: {
      if (graph_fault()) break;
      const OptionInfo* o = known_option(e.target, path + ".binding");
      if (o != nullptr && !o->joint)
        fault_at("binding", "'" + o->id + "' is one party's own, and binding concerns agreements",
                 path + ".binding");
      break;
    }
    case EffectKind::Enable: {
      bool found = data_->option_index.count(e.target) != 0;
      std::vector<std::string> names = option_ids();
      for (const auto& r : parts_.rules) {
        found = found || (!r.id.empty() && r.id == e.target);
        names.push_back(r.id);
      }
      std::size_t statements = 0;
      for (const auto& p : parts_.preferences)
        for (const auto& s : p.statements) {
          if (!s.id.empty() && s.id == e.target) ++statements;
          names.push_back(s.id);
        }
      if (data_->graph && statements == 0 && found) graph_fault();
      if (!found && statements == 0)
        fault_at("unknown_id", "'" + e.target + "' is no option, rule or statement",
                 path + ".enable", did_you_mean(e.target, names));
      break;
    }
    case EffectKind::Moves: {
      if (graph_fault()) break;
      const OptionInfo* o = known_option(e.target, path + ".moves");
      if (o != nullptr && o->joint)
        fault_at("moves", "a joint option has no moves", path + ".moves");
      break;
    }
    case EffectKind::DropRule:
      if (!graph_fault()) known(parts_.rules, e.target, "rule", path + ".rule");
      break;
    case EffectKind::Statement: {
      const PreferencePart* p = preference_of(e.target, path + ".party");
      if (p == nullptr) break;
      const auto has = [&](const std::string& id) {
        return std::any_of(p->statements.begin(), p->statements.end(),
                           [&](const auto& s) { return s.id == id; });
      };
      for (const auto& [id, key] :
           {std::pair(e.statement, ".statement"), std::pair(e.after, ".after")}) {
        if (id.empty() || has(id)) continue;
        fault_at("unknown_id", "'" + id + "' is no statement of '" + e.target + "'", path + key,
                 did_you_mean(id, ids_of(p->statements)));
      }
      if (e.action == StatementAction::Times) {
        quantity(e.number, path + ".times", true);
        if (p->method != Method::Weights)
          fault_at("effect",
                   "'" + e.target + "' ranks its statements and has no numbers to multiply",
                   path + ".times", "use drop, first or after");
      }
      if ((e.action == StatementAction::First || e.action == StatementAction::After) &&
          p->method != Method::Priorities)
        fault_at("effect", "the order of statements matters for priorities only", path,
                 "use times");
      break;
    }
    case EffectKind::Criteria: {
      const PreferencePart* p = preference_of(e.target, path + ".criteria");
      if (p == nullptr) break;
      std::vector<std::string> names;
      for (const auto& c : p->criteria) names.push_back(c.first);
      for (const auto& [name, q] : e.set) {
        if (std::find(names.begin(), names.end(), name) == names.end())
          fault_at("unknown_id", "'" + name + "' is no criterion of '" + e.target + "'",
                   path + ".set." + name, did_you_mean(name, names));
        quantity(q, path + ".set." + name, true);
      }
      break;
    }
    case EffectKind::HazardTimes:
      known(parts_.hazards, e.target, "hazard", path + ".hazard");
      quantity(e.number, path + ".times", false);
      break;
    case EffectKind::RateSet:
      known(parts_.hazards, e.target, "hazard", path + ".rate");
      quantity(e.number, path + ".set", false);
      break;
    case EffectKind::TempoTimes: {
      bool found = false;
      std::vector<std::string> names;
      for (const auto& t : parts_.tempos) {
        const std::string& id = t.party.empty() ? t.track : t.party;
        names.push_back(id);
        found = found || id == e.target;
      }
      // A track under `track = "*"` has a tempo of its own too.
      for (const auto& t : parts_.tempos)
        if (t.track == "*")
          for (const auto& track : parts_.tracks) found = found || track.id == e.target;
      if (!found)
        fault_at("unknown_id", "'" + e.target + "' has no [[tempo]]", path + ".tempo",
                 did_you_mean(e.target, names));
      quantity(e.number, path + ".times", false);
      break;
    }
    case EffectKind::DropBelief:
      known(parts_.beliefs, e.target, "belief", path + ".belief");
      break;
    case EffectKind::Now:
      if (data_->graph) {
        fault_at("graph_form", "graph form has no options to start from", path + ".now");
        break;
      }
      for (const auto& [id, value] : e.levels)
        if (const OptionInfo* o = known_option(id, path + ".now." + id))
          known_level(*o, value, path + ".now." + id);
      break;
  }
}

void Builder::measures() {
  for (const MeasurePart& part : parts_.measures) {
    if (part.id.empty()) fault_at("missing_key", "a measure needs an id", part.path);
    quantity(part.cost, part.path + ".cost", false);
    for (std::size_t k = 0; k < part.by.size(); ++k)
      known_party(part.by[k], part.path + ".by[" + std::to_string(k) + "]");
    for (const auto& [list, key] :
         {std::pair(&part.needs, ".needs["), std::pair(&part.excludes, ".excludes[")})
      for (std::size_t k = 0; k < list->size(); ++k) {
        const std::string path = part.path + key + std::to_string(k) + "]";
        if ((*list)[k] == part.id) {
          fault_at("measure", "a measure neither needs nor excludes itself", path);
        } else {
          known(parts_.measures, (*list)[k], "measure", path);
        }
      }
    effects(part.effects);
  }
}

void Builder::claims() {
  for (const ClaimPart& part : parts_.claims) claim_test(part.test, part.test.path, 0);
}

/// The measures that a test takes together have to go together.
void Builder::claim_measures(const ClaimTest& t, const std::string& path) {
  std::vector<std::string> taken = t.with;
  taken.insert(taken.end(), t.measures.begin(), t.measures.end());
  const auto has = [&taken](const std::string& id) {
    return std::find(taken.begin(), taken.end(), id) != taken.end();
  };
  const bool compares = t.kind == TestKind::Unlocks || !t.measures.empty();
  for (const MeasurePart& m : parts_.measures) {
    if (!has(m.id)) continue;
    const bool alone = std::find(t.with.begin(), t.with.end(), m.id) != t.with.end();
    for (const std::string& need : m.needs) {
      // What the test does without its measures has to be possible too.
      const bool there = compares && alone
                             ? std::find(t.with.begin(), t.with.end(), need) != t.with.end()
                             : has(need);
      if (!there)
        fault_at("measure_needs", "the measure '" + m.id + "' needs '" + need + "'", path,
                 "name '" + need + "' in `with` too");
    }
    for (const std::string& other : m.excludes)
      if (has(other))
        fault_at("measure_excludes",
                 "the measures '" + m.id + "' and '" + other + "' exclude each other", path);
  }
  for (const std::string& id : t.measures)
    if (std::find(t.with.begin(), t.with.end(), id) != t.with.end())
      fault_at("claim", "'" + id + "' is tested against going without it, and is in `with` too",
               path);
}

void Builder::claim_test(const ClaimTest& t, const std::string& path, int depth) {
  if (depth > static_cast<int>(Limits::kNesting)) {
    fault_at("limit", "the test is nested more than " + std::to_string(Limits::kNesting) + " deep",
             path);
    return;
  }
  for (const ClaimTest& child : t.children) claim_test(child, child.path, depth + 1);
  const auto list = [&](const std::vector<std::string>& names, const std::string& key,
                        const auto& check) {
    for (std::size_t k = 0; k < names.size(); ++k)
      check(names[k], path + "." + key + (names.size() > 1 ? "[" + std::to_string(k) + "]" : ""));
  };
  const auto measure = [&](const std::string& id, const std::string& p) {
    known(parts_.measures, id, "measure", p);
  };
  // A test may name what exists only under a variant of its own `under`; it is checked there.
  const auto variant = [&](const std::string& id, const std::string& p) {
    known(parts_.variants, id, "variant", p);
  };
  list(t.under, "under", variant);
  const bool here = std::all_of(t.under.begin(), t.under.end(), [&](const std::string& v) {
    return std::find(parts_.under.begin(), parts_.under.end(), v) != parts_.under.end();
  });
  if (!here) return;
  list(t.with, "with", measure);
  claim_measures(t, path);
  const auto party = [&](const std::string& id, const std::string& p) { known_party(id, p); };
  list(t.without, "without", party);
  if (!t.after.empty()) resolve(t.after, path + ".after");
  if (!t.given.empty()) resolve(t.given, path + ".given");
  const auto party_key = [&]() -> std::string {
    switch (t.kind) {
      case TestKind::BetterFor:
        return "better_for";
      case TestKind::WorseFor:
        return "worse_for";
      case TestKind::Willing:
        return "willing";
      case TestKind::Unwilling:
        return "unwilling";
      case TestKind::Prefers:
        return "prefers";
      default:
        return "for";
    }
  };
  const auto condition_key = [&]() -> std::string {
    switch (t.kind) {
      case TestKind::Stable:
        return "stable";
      case TestKind::Unstable:
        return "unstable";
      case TestKind::Reachable:
        return "reachable";
      case TestKind::Unreachable:
        return "unreachable";
      case TestKind::Prefers:
        return "this";
      case TestKind::LowersRisk:
        return "lowers_risk";
      case TestKind::RaisesRisk:
        return "raises_risk";
      default:
        return "doing";
    }
  };
  list(t.parties, party_key(), party);
  if (!t.condition.empty()) resolve(t.condition, path + "." + condition_key());
  if (!t.to.empty()) resolve(t.to, path + ".to");
  if (!t.goal.empty())
    known(parts_.goals, t.goal, "goal",
          path + (t.kind == TestKind::WayOut     ? ".way_out"
                  : t.kind == TestKind::NoWayOut ? ".no_way_out"
                                                 : ".unlocks"));
  list(t.measures, t.kind == TestKind::Unlocks ? "measure" : condition_key(), measure);
  if (!t.concept_name.empty() && !is_concept_name(t.concept_name))
    fault_at("unknown_concept", "'" + t.concept_name + "' is no solution concept",
             path + ".concept", "one of nash, gmr, smr, seq, sseq, sim");
  if (!t.criterion.empty())
    for (const auto& p : t.parties)
      for (const auto& preference : parts_.preferences) {
        if (preference.party != p) continue;
        const bool has = std::any_of(preference.criteria.begin(), preference.criteria.end(),
                                     [&](const auto& c) { return c.first == t.criterion; });
        if (!has)
          fault_at("unknown_id", "'" + t.criterion + "' is no criterion of '" + p + "'",
                   path + ".criterion");
      }
  if (!t.of.empty() && t.of != "any") known(parts_.catastrophes, t.of, "catastrophe", path + ".of");
  if (t.by) quantity(*t.by, path + ".by", false);
  if (t.horizon) quantity(*t.horizon, path + ".horizon", false);
}

}  // namespace wayout
