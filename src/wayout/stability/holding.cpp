#include "wayout/stability/holding.hpp"

#include "wayout/space/closure.hpp"

namespace wayout {

namespace {

/// It does not hold: somebody breaks the goal.
void broken(Holding& out, MoverId by, Answer answer) {
  out.end = End::Complete;
  out.holds = out.clean = false;
  out.breaks = Holding::Break{by, std::move(answer)};
}

}  // namespace

Holding holding(RowSpace& space, State g, const GoalTest& goal, const ConceptProfile& profile,
                const VerdictSettings& settings) {
  contract(profile.size() == space.conflict().party_count(),
           "a profile names a concept for every party");
  return holding(space, g, goal, [&](PartyId p) -> std::optional<Verdict> {
    return verdict(space, p, g, profile[p.index()], settings, [&](State t) { return !goal(t); });
  });
}

Holding holding(RowSpace& space, State g, const GoalTest& goal, const TemptationJudge& judge) {
  const Conflict& conflict = space.conflict();
  contract(goal(g), "holding() starts from a state of the goal");
  Holding out;
  out.holds = out.clean = true;
  const StateNumber n = space.table().intern(g);
  // Tracks first: nothing sanctions them, so one look decides.
  for (const MoverId m : conflict.movers()) {
    if (!conflict.mover(m).track) continue;
    std::optional<State> way;
    const bool listed = space.for_each(m, n, Ask::Improvements, [&](StateNumber t) {
      if (!goal(space.table()[t])) way = space.table()[t];
      return !way;
    });
    if (!listed) out.end = End::Limit;
    if (!way) continue;
    broken(out, m, {});
    out.breaks->answer.improvement = *way;
    return out;
  }
  for (const PartyId p : conflict.parties()) {
    std::optional<Verdict> v = judge(p);
    if (!v) continue;
    if (v->end != End::Complete) {
      out.end = v->end;
      if (out.end == End::Cancelled) return out;
      continue;
    }
    if (!v->stable) {
      broken(out, conflict.mover_of(p), std::move(v->answers.back()));
      return out;
    }
    out.clean = out.clean && v->stable_clean;
    if (v->improvements > 0) out.deterred.emplace_back(p, std::move(*v));
  }
  if (out.end != End::Complete) out.holds = out.clean = false;
  return out;
}

Kept kept(RowSpace& space, State g, const GoalTest& goal, const VerdictSettings& settings) {
  ClosureSettings cs;
  for (const MoverId m : space.conflict().movers()) cs.movers.push_back(m);
  cs.most_states = space.table().size() + settings.most_states;
  cs.watch = settings.watch;
  Closure closure(space, std::move(cs));
  Kept out;
  out.end = closure.run(g, [&](std::uint32_t node) {
    if (goal(closure.state(node))) return Closure::Next::Go;
    for (const std::uint32_t n : closure.path(node))
      if (n != 0) out.path.push_back({MoverId(closure.nodes()[n].mover), closure.state(n)});
    return Closure::Next::Stop;
  });
  out.states = closure.nodes().size();
  out.kept = out.end == End::Complete && out.path.empty() && goal(g);
  if (!out.path.empty()) out.end = End::Complete;
  return out;
}

}  // namespace wayout
