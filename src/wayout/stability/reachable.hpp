#pragma once
/// @file
/// Equilibria that improvements lead to from a given state, without listing the space.

#include <cstdint>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/stability/holding.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {

struct ReachableSettings {
  static VerdictSettings small_verdicts() {
    VerdictSettings out;
    out.most_states = std::size_t{1} << 16;
    return out;
  }
  std::size_t most_states = std::size_t{1} << 20;  ///< states met on the way
  std::size_t most_found = 1000;                   ///< equilibria kept; the search ends there
  /// Of each verdict that is needed; its `watch` is not used. Small on purpose: a state whose
  /// verdict is not settled by then is counted as undecided.
  VerdictSettings verdict = small_verdicts();
  Watch watch;
};

struct ReachableEquilibrium {
  State state;
  std::vector<Step> path;  ///< improvements from the start, one after the other; empty: the start
};

struct ReachableEquilibria {
  /// Complete: every state that improvements lead to was met (and see `undecided`). Limit,
  /// Cancelled: there may be more.
  End end = End::Complete;
  std::vector<ReachableEquilibrium> found;  ///< in the order they were met
  std::uint64_t met = 0;                    ///< states that improvements lead to
  std::uint64_t judged = 0;                 ///< of them, those of which it is known whether they
                                            ///< are equilibria
  std::uint64_t undecided = 0;              ///< judged without result at the verdict's limit
  bool exhaustive() const { return end == End::Complete && undecided == 0; }
};

/// The states reachable from `from` by improvements of any movers (in any order, one mover may act
/// twice) that are stable for every party under its concept, each with a path. Best first: a state
/// at which more parties are Nash-stable is opened earlier, so that resting points are met early in
/// spaces that cannot be listed. Requires `from` feasible; SIM requires option form. Cost: a Nash
/// verdict per party for every state met, and one verdict per party that is not Nash-stable there,
/// up to the first that is unstable. Deterministic.
ReachableEquilibria reachable_equilibria(const Conflict& conflict, State from,
                                         const ConceptProfile& profile,
                                         const ReachableSettings& settings = {});
/// The same concept for every party.
ReachableEquilibria reachable_equilibria(const Conflict& conflict, State from, Concept c,
                                         const ReachableSettings& settings = {});

}  // namespace wayout
