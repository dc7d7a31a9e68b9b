#include "wayout/stability/perceived.hpp"

#include "wayout/space/moves.hpp"

namespace wayout {

RowSpace& PerceivedJudge::space(std::size_t i) {
  auto& space = spaces_[i];
  if (!space || space->table().size() > most_)
    space.emplace(i < seen_->views.size() ? seen_->views[i] : seen_->acting);
  return *space;
}

Verdict PerceivedJudge::verdict(PartyId p, State s, Concept c, const VerdictSettings& settings,
                                const ImprovementFilter& filter) {
  if (!seen_->views[p.index()].feasible(s)) {
    Verdict out;
    out.stable = out.stable_clean = true;
    return out;
  }
  return wayout::verdict(of(p), p, s, c, settings, filter);
}

Holding PerceivedJudge::holding(State g, const GoalTest& goal, const ConceptProfile& profile,
                                const VerdictSettings& settings) {
  const Conflict& acting = seen_->acting;
  contract(profile.size() == acting.party_count(), "a profile names a concept for every party");
  contract(goal(g), "holding() starts from a state of the goal");
  Holding out;
  out.holds = out.clean = true;
  RowSpace& space = this->acting();
  const StateNumber n = space.table().intern(g);
  for (const MoverId m : acting.movers()) {
    if (!acting.mover(m).track) continue;
    std::optional<State> way;
    const bool listed = space.for_each(m, n, Ask::Improvements, [&](StateNumber t) {
      if (!goal(space.table()[t])) way = space.table()[t];
      return !way;
    });
    if (!listed) out.end = End::Limit;
    if (!way) continue;
    out.broken(m, {});
    out.breaks->answer.improvement = *way;
    return out;
  }
  out.tempt(acting, [&](PartyId p) -> std::optional<Verdict> {
    // A party that does not see where it is has no temptation there.
    if (!seen_->views[p.index()].feasible(g)) return std::nullopt;
    return verdict(p, g, profile[p.index()], settings,
                   [&](State t) { return !goal(t) && is_move(acting, acting.mover_of(p), g, t); });
  });
  return out;
}

}  // namespace wayout
