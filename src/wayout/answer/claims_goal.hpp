#pragma once
/// @file
/// Whether a dispute has a way out for one goal, as a claim's test asks it. For the claims' files
/// only.

#include "wayout/answer/claims.hpp"
#include "wayout/answer/claims_dispute.hpp"

namespace wayout {

/// First what needs no search: no feasible state meets the goal; no moves, then no willing moves,
/// can bring about what it needs (possible.hpp). Then everything that improvements reach, nearest
/// first; the states of the goal among it are judged until one holds without a mark.
GoalEvidence judge_goal(Disputes::Place& place, State start, std::size_t goal,
                        const ClaimsSettings& settings);

}  // namespace wayout
