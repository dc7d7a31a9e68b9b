#pragma once
/// @file
/// What a result hinges on: one input at a time, and shares of its variance.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/trust/sample.hpp"

namespace wayout {

/// A number found out about one profile: 1 and 0 for a yes and a no, or a probability. Called from
/// several threads at once; must be a function of the draws.
using Measurement = std::function<double(std::span<const std::int64_t> draws)>;

/// An input by itself, or all levels of today together: these are drawn until they are feasible and
/// so do not vary alone.
struct InputGroup {
  std::string name;
  std::vector<std::size_t> inputs;  ///< indices into Sampler::inputs()
};
std::vector<InputGroup> input_groups(const Sampler& sampler);

/// One bar of a tornado: the result with one group at its ends and all else as in a plain run.
/// Order has its two values; today's levels every combination that is feasible, of which the least
/// and the greatest result count.
struct Bar {
  std::size_t group = 0;
  double low = 0;    ///< the result at the low end
  double high = 0;   ///< at the high end
  double width = 0;  ///< |high - low|, or the distance to the plain result if that is farther
};
struct Tornado {
  End end = End::Complete;
  double plain = 0;
  std::vector<Bar> bars;  ///< widest first; equal ones in the order of the groups
};
/// Cost: 1 + 2 · groups measurements.
Tornado tornado(const Sampler& sampler, const Measurement& measure, const Watch& watch = {},
                unsigned threads = 0);

struct SobolSettings {
  std::uint64_t seed = 1;
  std::uint64_t samples = 1024;   ///< N: rows of each of the two base samples
  std::uint64_t resamples = 200;  ///< of the bootstrap behind the intervals
  double confidence = 0.95;
  unsigned threads = 0;
  Watch watch;
  /// Per group, if not empty: not 0 where it is known not to enter the result. It is not varied,
  /// and its indices are 0. Not for Shapley values.
  std::vector<std::uint8_t> inert;
};

/// An index with the interval of its bootstrap: estimate ± z · standard deviation over resamples.
struct Index {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// Shares of the variance of a result Y. First order S_i = Var(E[Y|X_i]) / Var(Y): what would go if
/// group i were known. Total T_i = E[Var(Y|all but X_i)] / Var(Y): what would stay if all others
/// were known.
struct SobolResult {
  End end = End::Complete;
  std::uint64_t samples = 0;
  double mean = 0;
  double variance = 0;  ///< 0: the result never varied, and all indices are 0
  std::vector<Index> first;
  std::vector<Index> total;
};
/// Estimators: first order by Saltelli et al. 2010, V_i = mean f(B)(f(A_B^i) − f(A)); total by
/// Jansen 1999, E_i = mean (f(A) − f(A_B^i))² / 2; A_B^i is A with group i from B [Sal10, Jan99]. Y
/// is centred first, which changes no expectation and makes the first smaller in variance. Rows of
/// A and B are replicates of two seeds, so the numbers are a function of the settings. Cost: N ·
/// (groups + 2) measurements.
SobolResult sobol(const Sampler& sampler, const Measurement& measure,
                  const SobolSettings& settings = {});

/// Players of Shapley values: at most this many.
inline constexpr std::size_t kMostShapley = 8;

/// Shapley effects: the variance of Y shared out among the groups, each by what it explains in
/// addition to every set of others, averaged over all orders; they add to Var(Y) exactly
/// [Owen14, Song16].
struct ShapleyResult {
  End end = End::Complete;
  std::uint64_t samples = 0;
  double variance = 0;
  /// The groups, and the players they are: the largest by `rank_by` have a player of their own;
  /// where there are more than kMostShapley, the last player stands for all others together.
  std::vector<std::vector<std::size_t>> players;
  std::vector<Index> share;  ///< of the variance, per player; adds to 1 where it varied
};
/// Exact over all 2^k sets of k players, with the same sample for each: explained variance by
/// pick-freeze, mean of (f(A) − m)(f(B_A^u) − m). `rank_by` (a number per group; empty = order of
/// the groups) says who is a player. Cost: N · 2^k measurements.
ShapleyResult shapley(const Sampler& sampler, const Measurement& measure,
                      std::span<const double> rank_by, const SobolSettings& settings = {});

}  // namespace wayout
