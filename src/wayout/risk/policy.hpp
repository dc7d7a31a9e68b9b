#pragma once
/// @file
/// Bounds where behaviour or numbers are unknown: the least and the greatest probability over
/// policies, or over ranges of the inputs.

#include "wayout/risk/chain.hpp"
#include "wayout/risk/transient.hpp"

namespace wayout {

struct PolicySettings {
  double gap = 1e-4;                  ///< wanted between the bounds on each end
  std::uint64_t most_steps = 40'000;  ///< passes over the transitions
  Watch watch;
};

/// The least and the greatest value, each between two bounds.
struct Extremes {
  double least_lower = 0;
  double least_upper = 1;
  double greatest_lower = 0;
  double greatest_upper = 1;
  End end = End::Complete;  ///< Limit: the gap was not met
  std::uint64_t steps = 0;
};

/// Over all policies by the horizon: a mover still acts at its tempo, and picks any item of its
/// menu or stays, knowing state and time. Time is cut into equal pieces. The outer bound lets the
/// policy know how many events each piece will have (T = value iteration on the uniformised chain,
/// V ← Σ_n Pois(n) Tⁿ V); the inner one is attained: it fixes the best policy at the end of each
/// piece for the whole piece. Pieces are doubled until the two meet within the gap. Both are sound.
Extremes over_policies(const ConflictChain& model, const Target& target, double horizon,
                       const PolicySettings& settings = {});

/// Over the box of ranges of tempos, rates and factors (rationality at its value). `outer` lets
/// each number vary within its range from state to state and from time to time, which bounds every
/// fixed choice; `inner` is attained at the corner of the box that the signs of the derivatives
/// name. Where all that changes is rates and factors of hazards that lead to nothing but counted
/// outcomes, the probability is monotone in each and the corner is exact.
struct BoxRange {
  double outer_least = 0;
  double outer_greatest = 1;
  double inner_least = 0;
  double inner_greatest = 1;
  bool exact = false;
  End end = End::Complete;
};
BoxRange over_box(ConflictChain& model, const Target& target, double horizon,
                  std::span<const double> slopes, const PolicySettings& settings = {});

}  // namespace wayout
