#pragma once
/// @file
/// How dangerous the way is (SEMANTICS section 6): catastrophes and goals by a horizon and for
/// good, from the chain of a conflict. No number without its rationality and horizon.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/risk/chain.hpp"
#include "wayout/risk/eventual.hpp"
#include "wayout/risk/need.hpp"
#include "wayout/risk/policy.hpp"
#include "wayout/risk/transient.hpp"
#include "wayout/risk/utility.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {

/// A number known to lie between two others.
struct Interval {
  double lower = 0;
  double upper = 1;
  double middle() const { return (lower + upper) / 2; }
};

struct RiskSettings {
  std::optional<double> horizon;      ///< in the case's unit of time; default: the case's
  std::optional<State> from;          ///< default: the status quo
  std::optional<double> rationality;  ///< of every mover; infinity allowed
  bool one_option = true;             ///< a party's move changes one option
  bool absorbing_goals = true;
  bool as_perceived = false;  ///< see ChainSettings; `drift` has to be that of the acting dispute
  std::size_t most_states = 1'000'000;
  std::size_t times = 12;  ///< points of the curve up to the horizon
  bool alone = true;       ///< also each catastrophe with the others switched off
  bool goals = true;
  bool ever = true;  ///< also for good, with expected times
  bool derivatives = true;
  /// With `derivatives`: also of each catastrophe alone (a pass each) and of the expected times
  /// (one more transposed solve for all of them).
  bool all_derivatives = false;
  bool box = true;                 ///< where inputs have ranges: over all of them
  bool unknown_behaviour = false;  ///< also the least and the greatest over all policies
  std::optional<double> below;     ///< what each input would have to be for the risk to be this
  /// The places it drifts to (reach::drift), for the distribution over them.
  std::vector<std::vector<State>> drift;
  Watch watch;
};

/// d P / d input, for one output.
struct Derivatives {
  std::vector<double> by;  ///< per input, as RiskAnswer::inputs
};

/// One catastrophe, all of them together, or one goal.
struct RiskRow {
  std::string id;  ///< "" for any catastrophe
  std::string name;
  std::vector<Interval> curve;         ///< by each of RiskAnswer::times; the last is the horizon
  Interval by;                         ///< by the horizon
  std::optional<Interval> alone;       ///< by the horizon, the other catastrophes switched off
  std::optional<Eventual> ever;        ///< for good
  std::optional<Interval> ever_range;  ///< bounds that count what was not explored too
  std::optional<double> time_by;       ///< expected time, given that it happens by the horizon
  Derivatives by_slope;                ///< of `by`
  Derivatives ever_slope;              ///< of ever.value
  Derivatives alone_slope;             ///< of `alone`, with RiskSettings::all_derivatives
  Derivatives time_slope;              ///< of ever.expected_time, with the same
};

/// The most probable way to a catastrophe: the greatest product of jump probabilities.
struct RiskPath {
  std::string catastrophe;
  double probability = 0;
  std::vector<State> states;          ///< the start first
  std::optional<std::size_t> hazard;  ///< the hazard of the last jump; none: the last state is it
};

/// Where the time goes until the horizon.
struct RiskTime {
  std::string what;  ///< a goal's, hazard's or factor's id
  std::string name;
  double share = 0;  ///< of the time to the horizon or to the end before it
  double time = 0;   ///< in units
};

struct RiskAnswer {
  End end = End::Complete;
  double horizon = 0;
  std::string unit;
  std::vector<RiskInput> inputs;
  std::vector<std::pair<MoverId, double>> rationality;  ///< λ of each mover that acts
  bool one_option = true;
  bool as_perceived = false;
  std::size_t states = 0;
  std::size_t transitions = 0;
  bool complete = true;  ///< every state that can come about was explored
  std::vector<double> times;
  RiskRow any;
  std::vector<RiskRow> catastrophes;
  std::vector<RiskRow> goals;
  Interval outside;                    ///< P(leaving what was explored by the horizon)
  double expected_time_by = 0;         ///< expected time to the horizon or to the end before it
  std::optional<double> expected_end;  ///< expected time until anything absorbs
  Derivatives end_slope;               ///< of expected_end, with RiskSettings::all_derivatives
  std::vector<RiskPath> paths;
  std::vector<RiskTime> spent;
  std::vector<double> by_hazard;  ///< per hazard: what it adds to P(any by the horizon)
  std::vector<double> drift;      ///< per place: P(it is the first of them reached, by the horizon)
  std::optional<BoxRange> box;    ///< any catastrophe by the horizon, over the ranges
  std::optional<Extremes> behaviour;  ///< the same over policies
  std::vector<Need> needs;            ///< with RiskSettings::below
  double uniformisation_rate = 0;
  std::uint64_t steps = 0;
  double error = 0;     ///< of truncation in time
  double residual = 0;  ///< of the linear systems, recomputed
};

/// The whole answer. Errors: those of ConflictChain, a case without catastrophes. What is by a
/// horizon, what is for good and where it drifts to are worked out at the same time, on all cores;
/// the same bytes at any number of them.
Result<RiskAnswer> risk(const Conflict& conflict, const Normaliser& normaliser,
                        const RiskSettings& settings = {});

/// One probability, for claims and for comparing measures.
struct RiskQuestion {
  std::string of = "any";         ///< a catastrophe's id, or "any"
  std::optional<double> horizon;  ///< default: the case's
  std::optional<State> from;      ///< default: the status quo
  std::optional<double> rationality;
  bool one_option = true;
  bool as_perceived = false;  ///< see ChainSettings
  std::size_t most_states = 200'000;
  Watch watch;
};
struct RiskNumber {
  Interval by;
  End end = End::Complete;
  std::size_t states = 0;
};
/// P(of by the horizon). Cost: exploring (about 2 µs a state) and Λ·T + 10√(Λ·T) passes over the
/// transitions, with one column; nothing else is computed.
Result<RiskNumber> probability_by(const Conflict& conflict, const Normaliser& normaliser,
                                  const RiskQuestion& question = {});

/// The same question from several starts of one conflict: they share one chain and one pass. For
/// claims that set a condition; what does not depend on the start is paid once.
Result<std::vector<RiskNumber>> probabilities_by(const Conflict& conflict,
                                                 const Normaliser& normaliser,
                                                 std::span<const State> starts,
                                                 const RiskQuestion& question = {});

/// The chance that a catastrophe happens along a course of events before its last step is made:
/// before step i, in the state before it, hazards into catastrophes (rate h) race the mover's next
/// act (tempo τ), and happen first with probability h / (h + τ); the waits are independent. A step
/// into a catastrophic state counts as one. 1 where the mover never acts (τ = 0) and h > 0.
Result<double> risk_along(const Conflict& conflict, State start, std::span<const Step> steps);

}  // namespace wayout
