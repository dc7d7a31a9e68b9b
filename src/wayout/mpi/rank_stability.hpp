#pragma once
/// @file
/// The full space over ranks: how many states are stable for whom, and how many are equilibria.

#include <array>
#include <cstdint>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

struct RankStability {
  std::uint64_t states = 0;  ///< feasible
  /// Per party, per classical concept.
  std::vector<std::array<std::uint64_t, 5>> stable;
  std::array<std::uint64_t, 5> equilibria{};
  std::uint64_t bytes = 0;   ///< of this rank's arrays
  std::uint64_t rounds = 0;  ///< of propagation, all parties together
};

/// Nash, GMR, SMR, SEQ and SSEQ of every state for every party, over MPI_COMM_WORLD; the same
/// result on every rank. By the bottleneck propagation of docs/semantics.md, section 3: rounds over
/// the opponents repeat until nothing changes on any rank.
///
/// How states are cut: in option form by the highest options (slabs.hpp, slab_rows.hpp); in graph
/// form each rank has a range of the states and all arcs (arc_rows.hpp). Where an opponent is not
/// surely transitive (forbid rules, graph form), over (state, last mover): each state keeps the
/// least value, who brings it about, and the least of all others. A party with a unanimous
/// preference of k members has k orders; GMR and SEQ take one propagation for each, SMR and SSEQ
/// one for each combination of the first k - 1 orders among the states that these leave open.
///
/// Faults ("not_supported"), the same on every rank: more than 2^40 combinations of levels; an
/// order of more than 124 statements.
///
/// Memory, per state held: 4 bytes an order (one a party; one a member of a unanimous one), and 15
/// more; 20 more where somebody is not transitive; with linked tracks 4 more and one a track; 8 for
/// every 31 forbid rules on a mover; a slab for each array that is exchanged beside (2; 1 + members
/// for a track; one more for every 31 forbid rules). Graph form: 4 bytes for each state anywhere
/// and array exchanged. Every distinct score is held on every rank. Cost: about 10 rounds of 2
/// passes for each party and opponent; a pass over the improvements of a track, or over the moves
/// of a party with options that go one way or with forbid rules, looks at its states in order of
/// value until one will do, which is short once values have settled, and in the worst case
/// quadratic in what it can change within a slab.
Result<RankStability> rank_stability(const Conflict& conflict);

}  // namespace wayout
