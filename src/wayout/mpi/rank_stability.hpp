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
/// result on every rank. By the bottleneck propagation of docs/semantics.md, section 3, with the
/// index split by the highest options (slabs.hpp): rows within a slab are passes and small sorts,
/// rows across slabs exchange whole slabs; rounds over the opponents repeat until nothing changes
/// anywhere.
///
/// Supported: option form of at most 2^40 combinations, options that go one way, agreements that
/// can be left, open tracks (linked or not), `never` rules, third parties, disabled options,
/// preferences that are complete orders of at most 124 statements each. Faults ("not_supported"),
/// the same on every rank: graph form, forbid rules, unanimous preferences. Without forbid rules
/// every mover is transitive, so that nobody moves twice in a row needs no care.
///
/// Memory, per state held: 4 bytes a party, and 15 more; with linked tracks 4 more and one a track;
/// a slab for each array that is exchanged beside (2; 1 + members for a track). Every distinct
/// score is held on every rank. Cost: about 10 rounds of 2 passes for each party and opponent; a
/// pass over the improvements of a track, or of a party with options that go one way, looks at its
/// states in order of value until one will do, which is short once values have settled, and in the
/// worst case quadratic in what it can change within a slab.
Result<RankStability> rank_stability(const Conflict& conflict);

}  // namespace wayout
