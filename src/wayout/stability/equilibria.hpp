#pragma once
/// @file
/// What a person asks of a million equilibria: the best for each party, and the efficient ones.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "wayout/space/state_index.hpp"
#include "wayout/stability/verdict_table.hpp"

namespace wayout {

/// The best place a party has among the equilibria, and how many share it.
struct BestEquilibrium {
  PartyId party;
  std::uint32_t rank = 0;
  std::uint64_t count = 0;
  std::uint64_t first = 0;  ///< the lowest of them, as the table addresses states
};

/// Equilibria that no other equilibrium is at least as good as for every party and better than for
/// one. States that are alike to everybody stand together.
struct EfficientClass {
  std::vector<std::uint32_t> ranks;  ///< per party
  std::uint64_t count = 0;
  std::uint64_t first = 0;
};

struct EquilibriaSummary {
  Concept concept_ = Concept::Nash;
  std::uint64_t total = 0;
  /// One for each party with a complete order that is not a third party; empty without equilibria.
  std::vector<BestEquilibrium> best;
  /// Ascending by `first`. Empty where a party has no complete order, or where it is not finished.
  std::vector<EfficientClass> efficient;
  std::uint64_t efficient_total = 0;  ///< states, all classes together
  bool ordered = true;                ///< every party has a complete order
  End end = End::Complete;            ///< not Complete: no efficient ones, and counts so far
};

struct EquilibriaSettings {
  std::uint64_t most_comparisons = 2'000'000'000;
  Watch watch;
};

/// One pass over S for each concept; each equilibrium is held against the efficient ones so far,
/// those that dominated last coming first. Deterministic. Cost: about 1 ns for each state, party
/// and concept, plus the comparisons; memory: the efficient classes.
std::vector<EquilibriaSummary> summarise_equilibria(const Conflict& conflict,
                                                    const VerdictTable& table,
                                                    std::span<const Concept> concepts,
                                                    const EquilibriaSettings& settings = {});

/// Equilibria that improvements lead to, of a space whose verdicts are known.
struct ReachedEquilibria {
  struct Found {
    State state;
    std::uint64_t index = 0;    ///< as the table addresses it
    std::uint32_t steps = 0;    ///< improvements from the start, the fewest
    std::uint8_t concepts = 0;  ///< bit i: an equilibrium under concept number i
  };
  End end = End::Complete;   ///< Limit, Cancelled: there may be more
  std::uint64_t met = 0;     ///< states that improvements lead to, the start included
  std::vector<Found> found;  ///< nearest first, at most most_listed
  std::array<std::uint64_t, kAllConcepts.size()> count{};  ///< per Concept, all that were met
};

struct ReachedSettings {
  std::size_t most_states = std::size_t{1} << 20;
  std::size_t most_listed = 1000;
  /// The index that addresses the table, where there is one: some spaces are searched faster by it.
  const StateIndex* space = nullptr;
  Watch watch;
};

/// Breadth-first over improvements of all movers from a feasible state; a mover may act twice in a
/// row. `find` gives the table's index of a state. Cost: the rows of the states met.
ReachedEquilibria reached_equilibria(const Conflict& conflict, const VerdictTable& table,
                                     const std::function<std::optional<std::uint64_t>(State)>& find,
                                     State from, std::span<const Concept> concepts,
                                     const ReachedSettings& settings = {});

}  // namespace wayout
