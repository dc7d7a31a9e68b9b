#include "wayout/stability/holding.hpp"

#include "wayout/space/closure.hpp"

namespace wayout {

Holding holding(RowSpace& space, State g, const GoalTest& goal, const ConceptProfile& profile,
                const VerdictSettings& settings) {
  const Conflict& conflict = space.conflict();
  contract(profile.size() == conflict.party_count(), "a profile names a concept for every party");
  contract(goal(g), "holding() starts from a state of the goal");
  Holding out;
  out.holds = out.clean = true;
  const auto breaks = [&goal](State t) { return !goal(t); };
  const StateNumber n = space.table().intern(g);
  // Tracks first: nothing sanctions them, so one look decides.
  for (const MoverId m : conflict.movers()) {
    if (!conflict.mover(m).track) continue;
    std::optional<State> way;
    const bool listed = space.for_each(m, n, Ask::Improvements, [&](StateNumber t) {
      if (!breaks(space.table()[t])) return true;
      way = space.table()[t];
      return false;
    });
    if (!listed) out.end = End::Limit;
    if (!way) continue;
    out.broken(m, {});
    out.breaks->answer.improvement = *way;
    return out;
  }
  out.tempt(conflict,
            [&](PartyId p) { return verdict(space, p, g, profile[p.index()], settings, breaks); });
  return out;
}

void Holding::broken(MoverId by, Answer answer) {
  end = End::Complete;
  holds = clean = false;
  breaks = Break{by, std::move(answer)};
}

void Holding::tempt(const Conflict& conflict,
                    const std::function<std::optional<Verdict>(PartyId)>& judge) {
  for (const PartyId p : conflict.parties()) {
    std::optional<Verdict> v = judge(p);
    if (!v) continue;
    if (v->end != End::Complete) {
      end = v->end;
      if (end == End::Cancelled) return;
      continue;
    }
    if (!v->stable) return broken(conflict.mover_of(p), std::move(v->answers.back()));
    clean = clean && v->stable_clean;
    if (v->improvements > 0) deterred.emplace_back(p, std::move(*v));
  }
  if (end != End::Complete) holds = clean = false;
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
