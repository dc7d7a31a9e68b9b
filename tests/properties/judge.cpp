#include "properties/judge.hpp"

#include <algorithm>
#include <sstream>

#include "wayout/base/random.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/holding.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout::properties {

std::string show(const Sides& both, std::size_t s) {
  if (both.conflict.graph_form())
    return "state " + std::to_string(both.conflict.graph_number(both.state[s]));
  std::string out = "(";
  for (const int level : reference::levels(*both.model, s))
    out += (out.size() > 1 ? "," : "") + std::to_string(level);
  return out + ")";
}

namespace {

std::string show(const Sides& both, const std::vector<std::size_t>& list) {
  std::string out = "{";
  for (const std::size_t s : list) out += (out.size() > 1 ? " " : "") + show(both, s);
  return out + "}";
}

const std::string& name(const Sides& both, std::size_t mover) {
  return both.conflict.mover(MoverId(mover)).id;
}

/// The engine's states in the reference's numbers, ascending; a state that the reference does not
/// know becomes its size.
std::vector<std::size_t> numbers(const Sides& both, const std::vector<State>& states) {
  std::vector<std::size_t> out;
  for (const State s : states) {
    const auto it = both.number.find(s);
    out.push_back(it == both.number.end() ? reference::size(*both.model) : it->second);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string lists_differ(const Sides& both, const std::string& what,
                         const std::vector<std::size_t>& reference,
                         const std::vector<std::size_t>& engine) {
  if (reference == engine) return "";
  for (const std::size_t s : engine)
    if (s >= both.state.size()) return what + ": the engine names an infeasible state";
  return what + ": reference " + show(both, reference) + ", engine " + show(both, engine);
}

template <class T>
std::string values_differ(const std::string& what, const T& reference, const T& engine) {
  if (reference == engine) return "";
  std::ostringstream out;
  out << what << ": reference " << reference << ", engine " << engine;
  return out.str();
}

/// Up to `most` states, all where there are no more.
std::vector<std::size_t> sample(const Sides& both, std::uint64_t seed, std::size_t most) {
  std::vector<std::size_t> out;
  for (std::size_t s = 0; s < both.state.size(); ++s) out.push_back(s);
  Random r(seed, 0, "states");
  r.shuffle(out);
  if (out.size() > most) out.resize(most);
  return out;
}

std::string text(const Sides& both, std::size_t p, std::size_t s, Concept c, Sanctions sanctions) {
  return std::string(concept_name(c)) + " (" + std::string(sanctions_name(sanctions)) + ") for " +
         name(both, p) + " at " + show(both, s);
}

/// What SIM may cost the reference at s.
bool affordable(const Sides& both, std::size_t p, std::size_t s) {
  return reference::sim_combinations(*both.model, p, s) < 3000;
}

bool asked(const Sides& both, Concept c, std::size_t p, std::size_t s) {
  return c != Concept::Sim || (!both.conflict.graph_form() && affordable(both, p, s));
}

bool has(const std::vector<std::size_t>& list, std::size_t x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

/// Is the engine's sanction against s → s1 one by the definition?
std::string witness_fault(const Sides& both, std::size_t p, std::size_t s, Concept c,
                          Sanctions sanctions, const Answer& answer) {
  const reference::Model& m = *both.model;
  const auto s1 = both.number.find(answer.improvement);
  if (s1 == both.number.end() || !has(reference::improvements(m, p, s), s1->second))
    return "the improvement is none";
  if (!answer.sanctioned) return "";
  if (answer.sanction.empty()) return "a sanction without moves";
  const bool credible = c == Concept::Seq || c == Concept::Sseq;
  const auto movers = reference::opponents(m, p);
  std::size_t at = s1->second;
  std::vector<std::size_t> moved;
  if (c == Concept::Sim) {
    for (const Step& step : answer.sanction)
      if (step.mover.index() == p || step.mover.index() >= reference::party_count(m))
        return "SIM: not an opposing party";
    const auto end = both.number.find(answer.sanction.back().state);
    if (end == both.number.end() || reference::better(m, p, end->second, s))
      return "SIM: the end is no sanction";
    return "";
  }
  for (const Step& step : answer.sanction) {
    const std::size_t k = step.mover.index();
    const auto t = both.number.find(step.state);
    if (!has(movers, k) || t == both.number.end()) return "a step of nobody, or to nowhere";
    if (!has(credible ? reference::improvements(m, k, at) : reference::moves(m, k, at), t->second))
      return "the step of " + name(both, k) + " to " + show(both, t->second) + " is none";
    if (!moved.empty() && moved.back() == k) return name(both, k) + " moves twice in a row";
    if (sanctions == Sanctions::Once && has(moved, k)) return name(both, k) + " moves twice";
    moved.push_back(k);
    at = t->second;
  }
  if (sanctions == Sanctions::Single && moved.size() > 1) return "more than one move";
  if (reference::better(m, p, at, s)) return "the end is better for the party";
  if (c == Concept::Smr || c == Concept::Sseq)
    for (const std::size_t s3 : reference::moves(m, p, at))
      if (reference::better(m, p, s3, s)) return "the party escapes to " + show(both, s3);
  return "";
}

std::string look_at(const Sides& both, std::size_t p, std::size_t s, Concept c, Sanctions sanctions,
                    const Verdict& v, Look look) {
  const std::string what = text(both, p, s, c, sanctions);
  const reference::Model& m = *both.model;
  if (look == Look::Clean)
    return values_differ("without hollow sanctions: " + what,
                         reference::stable_clean(m, p, s, c, sanctions), v.stable_clean);
  if (look == Look::Stable) {
    const std::string wrong =
        values_differ(what, reference::stable(m, p, s, c, sanctions), v.stable);
    if (!wrong.empty()) return wrong;
    return values_differ("number of improvements: " + what, reference::improvements(m, p, s).size(),
                         static_cast<std::size_t>(v.improvements));
  }
  for (const Answer& answer : v.answers)
    if (const auto fault = witness_fault(both, p, s, c, sanctions, answer); !fault.empty())
      return "witness of " + what + ": " + fault;
  return "";
}

Result<Sides> sides(const Conflict& conflict, const Parts& reference_parts) {
  const auto model = reference::make(reference_parts);
  if (!model) return Unexpected{model.error()};
  Sides out{conflict, *model, {}, {}};
  for (std::size_t s = 0; s < reference::size(**model); ++s) {
    State state;
    if (conflict.graph_form()) {
      state = conflict.graph_state(s);
    } else {
      const auto& levels = reference::levels(**model, s);
      for (std::size_t o = 0; o < levels.size(); ++o)
        state = conflict.with_level(state, OptionId(o), levels[o]);
    }
    out.state.push_back(state);
    out.number.emplace(state, s);
  }
  return out;
}

}  // namespace

Result<Sides> sides(const Parts& engine, const Parts& reference_parts) {
  const auto conflict = build(engine);
  if (!conflict) return Unexpected{conflict.error()};
  return sides(*conflict, reference_parts);
}

Result<Sides> sides(const Conflict& conflict) { return sides(conflict, conflict.parts()); }

std::string judge_states(const Sides& both) {
  const Conflict& c = both.conflict;
  if (c.graph_form()) {
    if (c.graph_size() != both.state.size()) return "number of states";
  } else {
    State s;
    std::size_t feasible = 0;
    for (UInt128 i = 0; i < c.raw_size(); ++i) {
      const bool known = both.number.count(s) != 0;
      feasible += known ? 1 : 0;
      if (c.feasible(s) != known)
        return "feasibility of raw combination " + std::to_string(std::uint64_t(i));
      if (known && both.number.at(s) + 1 != feasible) return "the order of the states";
      for (const OptionId o : c.options()) {
        const int level = c.level(s, o) + 1;
        const bool carry = level == static_cast<int>(c.option(o).levels.size());
        s = c.with_level(s, o, carry ? 0 : level);
        if (!carry) break;
      }
    }
    if (feasible != both.state.size()) return "number of feasible states";
  }
  const auto now = reference::status_quo(*both.model);
  if (now.has_value() != c.status_quo().has_value()) return "whether there is a status quo";
  if (now && both.state[*now] != *c.status_quo()) return "the status quo";
  return "";
}

std::string judge_preferences(const Sides& both) {
  const Conflict& c = both.conflict;
  for (std::size_t p = 0; p < c.party_count(); ++p) {
    const PartyId party(p);
    const auto rank = reference::ranks(*both.model, p);
    if (c.weak_order(party) == rank.empty()) return name(both, p) + ": whether it is a weak order";
    // A pair of states for each state, near in rank, and all pairs where there are few.
    std::vector<std::size_t> order;
    for (std::size_t s = 0; s < both.state.size(); ++s) order.push_back(s);
    if (!rank.empty())
      std::sort(order.begin(), order.end(),
                [&](std::size_t a, std::size_t b) { return rank[a] < rank[b]; });
    const std::size_t reach = order.size() <= 64 ? order.size() : 2;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t k = i; k < std::min(order.size(), i + reach); ++k) {
        for (const auto& [a, b] : {std::pair(order[i], order[k]), std::pair(order[k], order[i])}) {
          const std::string what = name(both, p) + " at " + show(both, a) + " and " + show(both, b);
          const bool truth = reference::better(*both.model, p, a, b);
          if (truth != c.better(party, both.state[a], both.state[b])) return "better: " + what;
          if (rank.empty()) continue;
          if (truth != (rank[a] < rank[b])) return "the reference's ranks: " + what;
          const int compared = c.compare(party, both.state[a], both.state[b]);
          if ((compared > 0) != truth || (compared == 0) != (rank[a] == rank[b]))
            return "compare: " + what;
          const auto scores = c.score(party, both.state[a]) <=> c.score(party, both.state[b]);
          if ((scores > 0) != truth || (scores == 0) != (rank[a] == rank[b]))
            return "score: " + what;
        }
      }
    }
  }
  return "";
}

std::string judge_moves(const Sides& both) {
  const Conflict& c = both.conflict;
  if (c.mover_count() != reference::mover_count(*both.model)) return "number of movers";
  for (std::size_t p = 0; p < c.party_count(); ++p) {
    std::vector<std::size_t> list;
    for (const MoverId k : opponents(c, PartyId(p))) list.push_back(k.index());
    std::sort(list.begin(), list.end());
    if (list != reference::opponents(*both.model, p)) return "opponents of " + name(both, p);
  }
  for (std::size_t k = 0; k < c.mover_count(); ++k) {
    for (std::size_t s = 0; s < both.state.size(); ++s) {
      const std::string at = " of " + name(both, k) + " at " + show(both, s);
      const auto truth = reference::moves(*both.model, k, s);
      std::string wrong = lists_differ(both, "moves" + at, truth,
                                       numbers(both, moves(c, MoverId(k), both.state[s])));
      if (!wrong.empty()) return wrong;
      wrong = lists_differ(both, "improvements" + at, reference::improvements(*both.model, k, s),
                           numbers(both, improvements(c, MoverId(k), both.state[s])));
      if (!wrong.empty()) return wrong;
      if (both.state.size() > 64) continue;
      for (std::size_t t = 0; t < both.state.size(); ++t)
        if (has(truth, t) != is_move(c, MoverId(k), both.state[s], both.state[t]))
          return "is_move" + at + " to " + show(both, t);
    }
  }
  return "";
}

std::string judge_rows(const Sides& both) {
  RowSpace filled(both.conflict);
  if (!filled.fill(1u << 20, 1u << 30, {})) return "the space does not fill";
  if (filled.table().size() != both.state.size()) return "number of states in a filled table";
  for (std::size_t s = 0; s < both.state.size(); ++s)
    if (filled.table()[static_cast<StateNumber>(s)] != both.state[s])
      return "order of a filled table";
  RowSpace growing(both.conflict);
  for (std::size_t k = 0; k < both.conflict.mover_count(); ++k) {
    std::vector<std::vector<std::size_t>> from_moves(both.state.size()),
        from_improvements(both.state.size());
    for (std::size_t s = 0; s < both.state.size(); ++s) {
      for (const std::size_t t : reference::moves(*both.model, k, s)) from_moves[t].push_back(s);
      for (const std::size_t t : reference::improvements(*both.model, k, s))
        from_improvements[t].push_back(s);
    }
    for (std::size_t s = 0; s < both.state.size(); ++s) {
      for (RowSpace* space : {&filled, &growing}) {
        const auto ask = [&](Ask question, const char* what,
                             const std::vector<std::size_t>& truth) {
          std::vector<State> found;
          const StateNumber n = space->table().intern(both.state[s]);
          const bool complete = space->for_each(MoverId(k), n, question, [&](StateNumber t) {
            found.push_back(space->table()[t]);
            return true;
          });
          if (!complete) return std::string(what) + ": too wide";
          return lists_differ(
              both, std::string(what) + " in the rows of " + name(both, k) + " at " + show(both, s),
              truth, numbers(both, found));
        };
        std::string wrong = ask(Ask::Moves, "moves", reference::moves(*both.model, k, s));
        if (wrong.empty())
          wrong =
              ask(Ask::Improvements, "improvements", reference::improvements(*both.model, k, s));
        // Rows built on demand know where a state leads, and not where it can be come from.
        const bool both_ways = space->filled() || both.conflict.graph_form();
        if (wrong.empty() && both_ways) wrong = ask(Ask::MovedFrom, "moved from", from_moves[s]);
        if (wrong.empty() && both_ways)
          wrong = ask(Ask::ImprovedFrom, "improved from", from_improvements[s]);
        if (!wrong.empty()) return wrong;
      }
    }
  }
  return "";
}

std::string judge_verdicts(const Sides& both, std::uint64_t seed, Sanctions sanctions, Look look) {
  VerdictSettings settings;
  settings.sanctions = sanctions;
  return judge_verdicts(both, seed, settings, look);
}

std::string judge_verdicts(const Sides& both, std::uint64_t seed, const VerdictSettings& settings,
                           Look look) {
  RowSpace space(both.conflict);
  const Sanctions sanctions = settings.sanctions;
  const bool tight = settings.most_states < VerdictSettings{}.most_states;
  const std::size_t most = sanctions == Sanctions::Once ? 6 : 24;
  for (std::size_t p = 0; p < both.conflict.party_count(); ++p) {
    for (const std::size_t s : sample(both, seed + p, most)) {
      for (const Concept c : kAllConcepts) {
        if (!asked(both, c, p, s)) continue;
        const std::string what = text(both, p, s, c, sanctions);
        const Verdict v = verdict(space, PartyId(p), both.state[s], c, settings);
        if (v.end != End::Complete && !tight) return what + ": undecided";
        if (v.end != End::Complete && look != Look::Witness) continue;
        if (look == Look::Clean && v.clean_end != End::Complete) {
          if (!tight) return what + ": hollow marks undecided";
          continue;
        }
        const std::string wrong = look_at(both, p, s, c, sanctions, v, look);
        if (!wrong.empty()) return wrong;
      }
    }
  }
  return "";
}

std::string judge_full(const Sides& both, Sanctions sanctions) {
  FullSettings settings;
  settings.sanctions = sanctions;
  if (!both.conflict.graph_form())
    settings.concepts.assign(kAllConcepts.begin(), kAllConcepts.end());
  const FullStability full = full_stability(both.conflict, settings);
  if (full.end != End::Complete) return "the full engine did not finish";
  for (std::size_t p = 0; p < both.conflict.party_count(); ++p) {
    const auto rank = reference::ranks(*both.model, p);
    if (full.size() != both.state.size()) return "number of states";
    const auto table = reference::answers(*both.model, p, sanctions);
    for (std::size_t s = 0; s < both.state.size(); ++s) {
      const std::uint64_t n = full.space->at(s);
      if (full.space->state(n) != both.state[s] || full.space->number(n) != s ||
          full.space->find(both.state[s]) != n)
        return "order of the states";
      if (full.rank(PartyId(p), n) != (rank.empty() ? 0u : static_cast<std::uint32_t>(rank[s])))
        return "ranks of " + name(both, p);
      for (const Concept c : settings.concepts) {
        if (!asked(both, c, p, s)) continue;
        const std::string what = "full: " + text(both, p, s, c, sanctions);
        if (full.is_undecided(PartyId(p), n, c)) return what + ": undecided";
        const std::string wrong = values_differ(
            what, reference::stable(*both.model, p, s, c, table), full.is_stable(PartyId(p), n, c));
        if (!wrong.empty()) return wrong;
      }
    }
  }
  return "";
}

std::string judge_holding(const Sides& both, std::uint64_t seed) {
  Random r(seed, 0, "goal");
  reference::StateSet set;
  const double share = 0.2 + 0.7 * r.unit();
  for (std::size_t s = 0; s < both.state.size(); ++s) set.push_back(r.chance(share));
  const auto goal = [&](State s) { return bool(set.at(both.number.at(s))); };
  RowSpace space(both.conflict);
  for (const std::size_t g : sample(both, seed, 24)) {
    if (!set[g]) continue;
    std::vector<Concept> profile;
    for (std::size_t p = 0; p < both.conflict.party_count(); ++p) {
      profile.push_back(kAllConcepts[r.below(kAllConcepts.size())]);
      if (!asked(both, profile.back(), p, g)) profile.back() = Concept::Seq;
    }
    const auto held = holding(space, both.state[g], goal, profile);
    if (held.end != End::Complete) return "holding at " + show(both, g) + ": undecided";
    std::string wrong = values_differ("holding at " + show(both, g),
                                      reference::holds(*both.model, g, set, profile), held.holds);
    if (!wrong.empty()) return wrong;
    const auto keeps = kept(space, both.state[g], goal);
    if (keeps.end != End::Complete) return "kept at " + show(both, g) + ": undecided";
    wrong =
        values_differ("kept at " + show(both, g), reference::kept(*both.model, g, set), keeps.kept);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

}  // namespace wayout::properties
