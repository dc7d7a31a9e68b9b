#pragma once
/// @file
/// Ways out where every party acts on the dispute as it sees it: a hypergame of the first level
/// (SEMANTICS section 5, beliefs).

#include <functional>
#include <span>
#include <vector>

#include "wayout/change/way_out.hpp"

namespace wayout {

/// Some party has a belief that is not dropped.
bool has_beliefs(const Conflict& conflict);

/// The dispute as each party sees it, in the order of the parties. Faults: as as_perceived(); among
/// them a belief under which today's state is infeasible.
Result<std::vector<Conflict>> perceived_views(const Conflict& conflict);

/// What each party does, by what it sees. `views` are those of perceived_views().
class Perception {
 public:
  /// Keeps references: both must outlive it.
  Perception(const Conflict& truth, const std::vector<Conflict>& views)
      : truth_(&truth), views_(&views) {}

  /// The mover would go from s to t: for every member, as it sees the dispute, that is a move and
  /// one it consents to (for a party: to something better). A member that does not see s or t does
  /// not. Whether the move is possible in truth is not asked. With consent none-worse each member
  /// must see nothing worse, and one something better.
  bool willing(MoverId m, State s, State t) const;

 private:
  const Conflict* truth_;
  const std::vector<Conflict>* views_;
};

/// ways_out() with the parties' beliefs. Moves are those of the true dispute, taken by movers that
/// are willing as they see it. A state of the goal holds if every party that would break it (by a
/// move that is truly possible, to a state that truly misses the goal) is deterred in its own view,
/// and no track would break it. Bought and worse on the way are judged by the true dispute, hollow
/// by the views. Cost: every move of every state looked at; no refutation.
std::vector<WayOut> perceived_ways_out(const Conflict& conflict, std::span<const std::size_t> goals,
                                       const WayOutSettings& settings);

/// A shortest path of steps that their movers are willing to take as they see them; moves are those
/// of the true dispute. `settings`: avoid, movers, most_options, most_states and watch count.
/// Marked willing is a step that is an improvement in truth too. Cost: every move of every state
/// reached.
PathSearch perceived_path(const Conflict& truth, const std::vector<Conflict>& views, State start,
                          const std::function<bool(State)>& goal,
                          const PathSettings& settings = {});

/// A member of a mover that takes a step as something better, and in truth it is worse for it, or
/// for a party alone no better.
struct Mistake {
  PartyId party;
  std::size_t step = 0;  ///< index into Path::steps
};
std::vector<Mistake> mistakes(const Conflict& truth, const Path& path);

}  // namespace wayout
