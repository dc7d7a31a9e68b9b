#include "wayout/answer/claims_drift.hpp"

#include <algorithm>

#include "wayout/answer/claims_leaf.hpp"

namespace wayout {

Found drift_of(Disputes::Place& place, const DriftAsk& ask, const DriftCase& of, bool keep,
               Leaf& leaf, bool& structural) {
  const Conflict& conflict = place.conflict;
  const auto& [p, today, set_state] = of;
  const bool more = ask.test.kind == TestKind::BetterFor;
  DriftEvidence e;
  e.party = p;
  e.today = today;
  e.set = set_state;
  std::optional<CriterionPoints> criterion;
  if (!ask.test.criterion.empty()) {
    criterion.emplace(conflict, p, ask.test.criterion);
    if (!criterion->known()) return {Truth::Undecided, Doubt::NotComputed};
  }
  PathSettings ps = ask.paths;
  for (const MoverId m : conflict.movers())
    if (!contains(conflict.mover(m).members, p)) ps.movers.push_back(m);
  Drift d;
  if (ps.movers.empty()) {
    d.states = 1;
    d.sets = {{set_state}};
  } else {
    d = drift(place.rows(), set_state, ps);
  }
  e.states = d.states;
  e.places = d.sets.size();
  if (d.end != End::Complete) {
    if (keep) leaf.drift.push_back(std::move(e));
    leaf.end = d.end;
    return {Truth::Undecided, Doubt::Limit};
  }
  const auto points = [&](State s) -> std::optional<double> {
    if (criterion) return criterion->points(s);
    if (!conflict.numeric(p)) return std::nullopt;
    const auto [vital, other] = conflict.points(p, s);
    return vital + other;
  };
  const auto holds = [&](State s) {
    if (criterion)
      return more ? criterion->units(s) > criterion->units(today)
                  : criterion->units(s) < criterion->units(today);
    return more ? conflict.better(p, s, today) : conflict.better(p, today, s);
  };
  // Shown is a state that says no, or else the one with the narrowest margin.
  bool all = true;
  bool first = true;
  e.now = points(today);
  for (const auto& set : d.sets) {
    e.cycle = e.cycle || set.size() > 1;
    for (const State s : set) {
      const bool ok = holds(s);
      const auto value = points(s);
      const bool narrower =
          first || (all && !ok) ||
          (all == ok && value && (more ? *value < *points(e.shown) : *value > *points(e.shown)));
      if (narrower) e.shown = s;
      all = all && ok;
      if (value) {
        e.least = e.least ? std::min(*e.least, *value) : *value;
        e.most = e.most ? std::max(*e.most, *value) : *value;
      }
      first = false;
    }
  }
  structural = !all && set_state == today && d.states == 1 && ps.movers.empty();
  if (keep && !ask.settings.evidence) {
    leaf.drift.push_back(std::move(e));
  } else if (keep) {
    if (e.shown == set_state) {
      e.way = Path{set_state, {}, 0};
    } else {
      e.way = shortest_path(
                  place.rows(), set_state, [&](State s) { return s == e.shown; }, ps)
                  .path;
    }
    leaf.drift.push_back(std::move(e));
  }
  return {all ? Truth::True : Truth::False, Doubt::None};
}

}  // namespace wayout
