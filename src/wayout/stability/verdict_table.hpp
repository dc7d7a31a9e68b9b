#pragma once
/// @file
/// The verdicts of many states, whichever engine they come from, as summaries read them.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/stability/concept.hpp"

namespace wayout {

/// A view: what it points to must outlive it. S states, addressed by 0 … S-1 in any fixed order.
struct VerdictTable {
  std::uint64_t size = 0;
  /// Per party, S bytes: bit i set where the state is stable under concept number i of Concept.
  std::vector<const std::uint8_t*> stable;
  /// Fills `out` with the states begin, begin + 1, …; called for ascending blocks.
  std::function<void(std::uint64_t begin, std::span<State> out)> states;
  /// Place of state i in the party's order, 1 = best, dense; 0 where the party has no complete
  /// order.
  std::function<std::uint32_t(PartyId, std::uint64_t i)> rank;
  /// Where the engine has it: per party, S classes, higher for better; otherwise empty.
  std::vector<const std::uint32_t*> goodness;

  bool is_stable(PartyId p, std::uint64_t i, Concept c) const {
    return (stable[p.index()][i] >> static_cast<int>(c)) & 1u;
  }
  bool is_equilibrium(std::uint64_t i, Concept c) const {
    for (const std::uint8_t* of_party : stable)
      if (((of_party[i] >> static_cast<int>(c)) & 1u) == 0) return false;
    return true;
  }
  State state(std::uint64_t i) const {
    State s;
    states(i, std::span(&s, 1));
    return s;
  }
};

/// The states stable for one party, or, without a party, for every party: the equilibria.
struct StableSet {
  Concept concept_ = Concept::Nash;
  std::optional<PartyId> party;
};

}  // namespace wayout
