#pragma once
/// @file
/// How good every state is for a party, over ranks.

#include "wayout/mpi/rank_rows.hpp"

namespace wayout {

/// Adds to `orders` dense ranks over all feasible states anywhere, higher is better, -1 where
/// infeasible: one for a complete order, one per member for a unanimous preference; `mine` gets
/// their places. False, on every rank, where a score takes more than two words (more than 124
/// statements). Every distinct score is held on every rank, 16 bytes each.
bool rank_states(const Conflict& conflict, PartyId party, const RankRows& rows,
                 const std::vector<std::uint8_t>& feasible, std::vector<RankValues>& orders,
                 std::vector<std::size_t>& mine);

}  // namespace wayout
