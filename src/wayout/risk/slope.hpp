#pragma once
/// @file
/// Derivatives of probabilities to every input of a chain, and where the time goes.

#include <span>
#include <vector>

#include "wayout/risk/chain.hpp"
#include "wayout/risk/eventual.hpp"
#include "wayout/risk/transient.hpp"

namespace wayout {

/// d P(target by T) / d input for several targets over the same outcomes, and the expected time
/// spent in each state up to T or the end before it.
struct TimeSlopes {
  End end = End::Complete;
  std::vector<std::vector<double>> by;  ///< [target][input]
  std::vector<double> value;            ///< [target]: P by T, as a check of the pass
  std::vector<double> occupation;       ///< [state]
};

/// One pass forward (x_k = x_0 Pᵏ) and one backward (y_k = w_k f + P y_{k+1}); the derivative to
/// any entry of P is Σ_k x_k(s) y_{k+1}(t), contracted with how the entry depends on the input as
/// the passes meet. The forward vectors are kept where they fit in 512 MiB, else every √N-th, and
/// the others made again. Requires all targets to share counts | stops, and at most 8 of them. For
/// λ = ∞ the derivative to it is given as 0. Cost: two passes over the transitions for each step,
/// three where vectors are made again.
TimeSlopes time_slopes(const ConflictChain& model, std::span<const Target> targets, double horizon,
                       const Watch& watch = {});

/// d P(target ever) / d input: yᵀ (dQ v + db) with v the probabilities and y the expected times of
/// stay. One transposed solve serves every target of the system. Cost: one pass.
std::vector<double> ever_slopes(const ConflictChain& model, const Target& target,
                                std::span<const double> values, std::span<const double> visits);

/// d E[time; target happens] / d input: `values` v are P(target ever), `times` z = A⁻¹ v, both per
/// state, `visits` y and `visits_of_visits` w = A⁻ᵀ y: wᵀ (dQ v + db) + yᵀ dQ z. Cost: two passes.
std::vector<double> time_slopes_ever(const ConflictChain& model, const Target& target,
                                     std::span<const double> values, std::span<const double> times,
                                     std::span<const double> visits,
                                     std::span<const double> visits_of_visits);

/// d (expected time to the end) / d input, over what `target` counts and stops at: `times` t solve
/// A t = 1: yᵀ dQ t. Cost: one pass.
std::vector<double> end_slopes(const ConflictChain& model, const Target& target,
                               std::span<const double> times, std::span<const double> visits);

/// The distribution over places by T: for each place the probability that it is the first of them
/// that is entered, before a catastrophe; what the start is in counts as entered.
std::vector<double> first_place_by(const ConflictChain& model,
                                   const std::vector<std::vector<State>>& places, double horizon,
                                   const Watch& watch = {});

/// From the start to an outcome by the greatest product of jump probabilities (Dijkstra on their
/// negative logarithms; parallel transitions are added first). Empty where it cannot be reached.
struct LikelyPath {
  double probability = 0;
  std::vector<std::uint32_t> states;
  bool by_hazard = false;  ///< the last jump is a hazard from the last state
};
LikelyPath likely_path(const Chain& chain, const Target& target);

}  // namespace wayout
