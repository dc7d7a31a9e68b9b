#pragma once
/// @file
/// Chains over a stretch of time, by uniformisation.

#include <cstdint>
#include <span>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/risk/chain.hpp"
#include "wayout/risk/row_kernels.hpp"

namespace wayout {

/// What is asked of a chain: the chance that one of `counts` comes about, where `stops` end the
/// course without counting. Outcomes in neither are switched off: neither states nor hazards of
/// theirs matter.
struct Target {
  OutcomeMask counts = 0;
  OutcomeMask stops = 0;
  /// What lies outside comes to what counts at this rate, where the outside is in neither: with
  /// ConflictChain::outside_rate() the value is an upper bound.
  double outside_rate = 0;
  /// The same of what lies outside and is calm (ProfileChain), which turns into the rest of what
  /// lies outside at `calm_turn`.
  double calm_rate = 0;
  double calm_turn = 0;
};

/// Poisson probabilities of mean x that matter: weight[i] is that of left + i. What is left out is
/// below `left_out`, a bound by geometric series. Weights are normalised by their sum.
/// Source: [FG88] for starting at the mode; we keep what double precision can hold.
struct PoissonWeights {
  std::uint64_t left = 0;
  std::vector<double> weight;
  double left_out = 0;
  std::uint64_t right() const { return left + weight.size() - 1; }
};
/// Weights below `smallest` of the largest are left out.
PoissonWeights poisson_weights(double mean, double smallest = 1e-22);

/// Λ·T past which nothing is computed: the count of events itself would no longer fit.
inline constexpr double kMostEvents = 1e10;
/// Whether Λ·T stays within it; false for a horizon that is not a number.
bool countable(const Chain& chain, double horizon);
/// The fault that says it does not.
Unexpected<Errors> too_many_events();

struct TransientSettings {
  double error = 1e-12;            ///< allowed for stopping early
  double smallest_weight = 1e-22;  ///< see poisson_weights()
  std::uint64_t most_steps = 20'000'000;
  Watch watch;
};

/// Probabilities by given times, from given states.
struct Transient {
  End end = End::Complete;  ///< other than Complete: only lower … upper is known
  /// lower, upper: [target][start][time]. They differ by the error where the end is Complete.
  std::vector<std::vector<std::vector<double>>> lower;
  std::vector<std::vector<std::vector<double>>> upper;
  double rate = 0;          ///< Λ, of the uniformised chain
  std::uint64_t steps = 0;  ///< matrix-vector products
  double error = 0;         ///< bound on what truncation leaves out, apart from rounding
  bool dense = false;       ///< by squaring a dense matrix: few states and very many events

  double value(std::size_t target, std::size_t start, std::size_t time) const {
    return (lower[target][start][time] + upper[target][start][time]) / 2;
  }
};

/// P(target by t) = Σ_n Pois(n; Λt) (Pⁿ f)(start), P = I + Q/Λ. One pass gives every time and every
/// start; targets share the passes over the transitions by eights. Values only grow with n, and the
/// largest growth only shrinks, so that the pass stops once what is still to come is below `error`.
/// Small chains with very many events are done by squaring exp(Q h), which stays accurate because
/// nothing is subtracted. Cost: Λ·t + 10 √(Λt) passes over the transitions.
Transient by_time(const Chain& chain, std::span<const Target> targets,
                  std::span<const double> times, std::span<const std::uint32_t> starts,
                  const TransientSettings& settings = {});

/// A uniformised chain for up to 8 targets side by side: one backward step.
class BackwardStep {
 public:
  /// Λ is at least the largest exit rate over the targets.
  BackwardStep(const Chain& chain, std::span<const Target> targets, double rate = 0);
  std::size_t width() const { return width_; }
  double rate() const { return rate_; }
  /// v ← P v for states; `outcome` is the value of counted outcomes (1, or a weight).
  void step(std::span<const double> v, std::span<double> y, double outcome) const;
  /// The value at the start of a pass: `outcome` where a state is itself counted, else 0.
  void begin(std::span<double> v, double outcome) const;
  /// Adds `more` to the value of every state that is itself counted.
  void raise(std::span<double> v, double more) const;
  std::size_t values() const { return (chain_->size() + 2) * width_; }
  /// The step as the kernels take it, without the sink.
  BackwardRun run(std::span<const double> v, std::span<double> y, double outcome) const;
  /// The value of what lies outside, after a step from v.
  void sink(std::span<const double> v, std::span<double> y, double outcome) const;

 private:
  const Chain* chain_;
  std::size_t width_ = 1;
  double rate_ = 0;
  std::vector<OutcomeMask> counts_, stops_;
  std::vector<double> outside_, calm_, turn_;  ///< the rates of the targets / Λ
  std::vector<double> gain_;  ///< [state × width]: rate into counted outcomes / Λ
  std::vector<double> keep_;  ///< [state × width]: 1 − exit / Λ
  std::vector<std::uint8_t> fixed_;
  std::vector<std::uint8_t> one_;
};

/// The largest rate of leaving a state, for these targets.
double exit_rate(const Chain& chain, std::span<const Target> targets);

/// Where the chain is, forwards: π_t over the states not yet stopped, for one target.
class ForwardStep {
 public:
  /// `held`, where given, are further states that hold what comes to them.
  ForwardStep(const Chain& chain, const Target& target, double rate = 0,
              const std::vector<std::uint8_t>& held = {});
  double rate() const { return rate_; }
  /// x ← x P over states; stopped states hold nothing.
  /// What comes to them is added to `got`, times `weight`, where `got` is given.
  void step(std::span<const double> x, std::span<double> y, std::span<double> got = {},
            double weight = 1) const;
  void begin(std::span<double> x) const;

 private:
  const Chain* chain_;
  double rate_ = 0;
  Rows back_;
  std::vector<double> keep_;
  std::vector<std::uint8_t> fixed_;
};

}  // namespace wayout
