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
  return wayout::holding(this->acting(), g, goal, [&](PartyId p) -> std::optional<Verdict> {
    // A party that does not see where it is has no temptation there.
    if (!seen_->views[p.index()].feasible(g)) return std::nullopt;
    return verdict(p, g, profile[p.index()], settings,
                   [&](State t) { return !goal(t) && is_move(acting, acting.mover_of(p), g, t); });
  });
}

}  // namespace wayout
