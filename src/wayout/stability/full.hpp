#pragma once
/// @file
/// Every state, every party: the near-linear engine over the whole space of feasible states.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "wayout/base/big_array.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/state_index.hpp"
#include "wayout/stability/concept.hpp"

namespace wayout {

/// How the passes are made; the answers are the same. Tests hold the methods against each other.
enum class FullMethod {
  Auto,   ///< the fastest that takes the dispute
  Boxes,  ///< the passes for options of any kind, also where the plain ones would do
  Rows    ///< row_stability.hpp
};

struct FullSettings {
  std::vector<Concept> concepts{kClassicalConcepts.begin(), kClassicalConcepts.end()};
  Sanctions sanctions = Sanctions::Legal;
  std::uint64_t most_states = std::uint64_t{1} << 29;
  std::uint64_t most_bytes = std::uint64_t{12} << 30;  ///< estimated before anything large is made
  std::uint64_t most_combinations = 2'000'000;  ///< SIM: combinations tried for one state and party
  std::size_t threads = 0;                      ///< 0 = as many as there are processors
  /// Smaller spaces are judged on one thread.
  std::uint64_t threads_from = std::uint64_t{1} << 15;
  FullMethod method = FullMethod::Auto;
  Watch watch;
};

/// Which limit kept the engine from its answer.
enum class FullLimit {
  None,
  States,   ///< more feasible states than FullSettings::most_states
  Memory,   ///< FullStability::bytes exceeds FullSettings::most_bytes
  Listing,  ///< the feasible states could not be listed within the budget of partial states
  Time,     ///< the deadline
  Sim       ///< some SIM verdicts are undecided at the limit of combinations
};

/// Stability of all S feasible states for all N parties. States are addressed by their index in
/// `space`, 0 … S-1; the number that people see is StateIndex::number() + 1.
struct FullStability {
  End end = End::Complete;
  FullLimit limit = FullLimit::None;
  std::uint64_t states = 0;  ///< feasible states; where `limit` is States, how many were counted
  std::uint64_t bytes = 0;   ///< the estimate that was held against most_bytes
  /// No verdicts are there at all (the limits States, Memory, Listing, and work cut short before
  /// the first party was done).
  bool empty = true;
  std::shared_ptr<const StateIndex> space;
  /// Per party: how good each state is, dense classes from 0 for the worst; empty for a unanimous
  /// preference.
  std::vector<BigArray<std::uint32_t>> goodness;
  std::vector<std::uint32_t> classes;  ///< per party: how many classes there are
  /// Per party and state: bit i set where the state is stable under concept number i of Concept.
  std::vector<BigArray<std::uint8_t>> stable;
  /// The same bits where no verdict was reached (SIM past its budget, work cut short); empty for a
  /// party whose verdicts were all reached.
  std::vector<BigArray<std::uint8_t>> undecided;
  /// Per party and Concept: how many states are stable, and undecided.
  std::vector<std::array<std::uint64_t, kAllConcepts.size()>> stable_total;
  std::vector<std::array<std::uint64_t, kAllConcepts.size()>> undecided_total;
  /// Per Concept: how many states are stable for every party.
  std::array<std::uint64_t, kAllConcepts.size()> equilibria{};

  std::uint64_t size() const { return states; }
  /// Dense rank, 1 = best; 0 where the party has no complete order.
  std::uint32_t rank(PartyId p, std::uint64_t i) const {
    return goodness[p.index()].empty() ? 0 : classes[p.index()] - goodness[p.index()][i];
  }
  std::uint8_t stable_bits(PartyId p, std::uint64_t i) const { return stable[p.index()][i]; }
  bool is_stable(PartyId p, std::uint64_t i, Concept c) const {
    return (stable[p.index()][i] >> static_cast<int>(c)) & 1u;
  }
  bool is_undecided(PartyId p, std::uint64_t i, Concept c) const {
    return !undecided[p.index()].empty() &&
           ((undecided[p.index()][i] >> static_cast<int>(c)) & 1u) != 0;
  }
  /// The concepts under which state i is an equilibrium, as bits.
  std::uint8_t equilibrium_bits(std::uint64_t i) const {
    std::uint8_t bits = 0xFF;
    for (const auto& of_party : stable) bits &= of_party[i];
    return bits;
  }
  bool is_equilibrium(std::uint64_t i, Concept c) const {
    return (equilibrium_bits(i) >> static_cast<int>(c)) & 1u;
  }
};

/// Memory the analysis takes at its peak, in bytes, results included.
std::uint64_t full_bytes(const Conflict& conflict, const StateIndex& space,
                         const FullSettings& settings = {});

/// Lists the feasible states (StateIndex) and computes stability for all of them. Exact. Result:
/// where it ends by Cancelled or Limit, `limit` says why and the parties not reached are undecided.
/// Deterministic: the same bytes at any thread count.
FullStability full_stability(const Conflict& conflict, const FullSettings& settings = {});

/// The same over a space that is listed already (for the same conflict, or one that differs in
/// preferences only).
FullStability full_stability(const Conflict& conflict, std::shared_ptr<const StateIndex> space,
                             const FullSettings& settings = {});

}  // namespace wayout
