#pragma once
/// @file
/// A dispute in which every party acts on what it sees: a hypergame of the first level (SEMANTICS
/// section 5, beliefs).

#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

/// Some party has a belief that is not dropped.
bool has_beliefs(const Conflict& conflict);

/// The dispute as each party sees it, in the order of the parties. Faults: as as_perceived(); among
/// them a belief under which today's state is infeasible, and one that sets another state of today.
Result<std::vector<Conflict>> perceived_views(const Conflict& conflict);

/// What each party does, by what it sees, word for word: the definition that Perceived::acting is
/// held against. `views` are those of perceived_views().
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

/// The views, and what they make of the dispute.
struct Perceived {
  std::vector<Conflict> views;  ///< per party
  /// The dispute that is acted out: the states and goals of the true one; a mover's moves are the
  /// true moves that every member of it sees as moves of that mover, between states it sees; and
  /// each party has the preference of its own view. So the improvements here are exactly the true
  /// moves for which Perception::willing() holds, and every method for improvements serves. What a
  /// party believes of others' wishes is not in it: that counts where their answers are judged.
  /// Rules keep their places; rules that forbid what somebody does not see follow them.
  Conflict acting;
};

/// Faults: those of perceived_views(). Cost: one build for each party with beliefs, and one more.
Result<Perceived> perceive(const Conflict& truth);

}  // namespace wayout
