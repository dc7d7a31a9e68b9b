#pragma once
/// @file
/// What becomes of a chain in the end: probabilities for good, expected times.

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wayout/risk/chain.hpp"
#include "wayout/risk/linear.hpp"
#include "wayout/risk/transient.hpp"

namespace wayout {

/// P(target ever) and what goes with it, from the chain's start.
struct Eventual {
  double value = 0;
  /// Sound: from the residual (see error_bound); 0 … 1 where it gives none.
  double lower = 0;
  double upper = 1;
  /// It is 1 only because nothing else absorbs: every course that goes on long enough meets it.
  bool only_because_nothing_else_absorbs = false;
  /// Given that it happens; nullopt where it cannot.
  std::optional<double> expected_time;
  double residual = 0;  ///< of the worst system solved, recomputed
  std::size_t iterations = 0;
  End end = End::Complete;
};

/// The states of a chain that may still be stopped, under one set of outcomes (counts and stops
/// together). Targets over the same set share it.
class EventualSystem {
 public:
  EventualSystem(const Chain& chain, OutcomeMask outcomes, const LinearSettings& settings = {});

  Eventual eventual(const Target& target);
  /// As values() of the target that eventual() was last asked, without solving again; empty where
  /// the start needed no solving.
  const std::vector<double>& last_values() const { return values_; }
  /// E[time; target happens] for every state, of the same target; where it is 1 by structure, the
  /// time to the end.
  const std::vector<double>& last_times() const { return times_; }
  /// E[time to the end] for every state that can be stopped, 0 for all others.
  std::vector<double> end_times() { return spread(waiting()); }
  /// v(s) for every state of the chain: P(target ever | start in s).
  std::vector<double> values(const Target& target);
  /// E[time; target happens] for every state, from `values`.
  std::vector<double> times(std::span<const double> values);
  /// y(s): expected time spent in s before the end, from the chain's start; 0 where no end can
  /// come.
  std::vector<double> visits();
  /// w = A⁻ᵀ y, for derivatives of times.
  std::vector<double> visits_of(std::span<const double> y);
  /// Expected time to whatever ends it, from the start; nullopt where it may never end.
  std::optional<double> expected_end();
  /// From the start some states that can never be stopped may be reached.
  bool may_go_on_for_ever() const { return may_go_on_; }
  const LinearSolution& last() const { return last_; }
  std::size_t unknowns() const { return states_.size(); }

 private:
  std::vector<double> spread(const std::vector<double>& x) const;
  std::vector<double> right_side(const Target& target) const;
  const std::vector<double>& waiting();

  const Chain* chain_;
  OutcomeMask outcomes_;
  LinearSettings settings_;
  std::vector<std::uint32_t> states_;  ///< unknowns: states that can be stopped and are not yet
  std::vector<std::uint32_t> place_;   ///< state → unknown
  LinearSystem system_;
  LinearSystem turned_;
  std::unique_ptr<LinearSolver> solver_;
  std::unique_ptr<LinearSolver> turned_solver_;
  LinearSolution waited_;       ///< A⁻¹ 1
  std::vector<double> values_;  ///< of the target last asked
  std::vector<double> times_;   ///< of the same
  bool may_go_on_ = false;
  LinearSolution last_;
};

}  // namespace wayout
