#pragma once
/// @file
/// Every state, every party, over rows with coordinates: the method that takes every kind of
/// conflict. full.hpp is faster and calls this one for what it cannot take.

#include <cstdint>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/space/rows.hpp"
#include "wayout/stability/concept.hpp"

namespace wayout {

struct RowSettings {
  std::vector<Concept> concepts{kClassicalConcepts.begin(), kClassicalConcepts.end()};
  Sanctions sanctions = Sanctions::Legal;
  std::uint64_t most_combinations = 2'000'000;  ///< SIM: combinations tried for one state and party
  std::size_t threads = 0;                      ///< 0 = as many as there are processors
  Watch watch;
};

/// Stability of all S feasible states for all N parties.
struct RowStability {
  End end = End::Complete;
  /// Per party and state: dense rank, 1 = best; empty for a unanimous preference.
  std::vector<std::vector<std::int32_t>> rank;
  /// Per party and state: bit i set where the state is stable under concept number i of Concept.
  std::vector<std::vector<std::uint8_t>> stable;
  /// The same bits where no verdict was reached (SIM past its budget, work cut short).
  std::vector<std::vector<std::uint8_t>> undecided;

  bool is_stable(PartyId p, StateNumber s, Concept c) const {
    return (stable[p.index()][s] >> static_cast<int>(c)) & 1u;
  }
  bool is_undecided(PartyId p, StateNumber s, Concept c) const {
    return (undecided[p.index()][s] >> static_cast<int>(c)) & 1u;
  }
};

/// Memory the analysis will take, in bytes, for S states.
std::uint64_t row_bytes(const Conflict& conflict, std::uint64_t states);

/// Computes stability over a filled space (RowSpace::fill). Bottleneck propagation: states settle
/// in ascending order of the propagated value, each state of a row once per opponent (SEMANTICS
/// section 3); where an opponent is not surely transitive, over (state, last mover). Exact. Parties
/// with a unanimous preference, SIM and the conventions Once and Single are decided state by state
/// (verdict.hpp). Cost: near-linear, about (4 opponents + 8) passes over S for each party; memory:
/// row_bytes(). Result: where it ends by Cancelled or Limit, the parties not reached are undecided.
RowStability row_stability(RowSpace& space, const RowSettings& settings = {});

}  // namespace wayout
