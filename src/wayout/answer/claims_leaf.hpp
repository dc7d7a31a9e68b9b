#pragma once
/// @file
/// Judging one test of a claim. For the claims' files only.

#include "wayout/answer/claims.hpp"
#include "wayout/answer/claims_dispute.hpp"

namespace wayout {

/// Notes what a test of risk will ask, so that one chain answers all tests. Nothing for others.
/// With a round above 0: what it will ask at that effort, where the ones before leave it open and
/// both sides lie in one dispute.
void note_risk(Disputes& disputes, const ClaimTest& test, const ClaimsSettings& settings,
               std::size_t round = 0);

/// Two situations whose risk a test compares.
struct RiskPair {
  const Disputes::Place* place_before = nullptr;  ///< kept by the disputes
  const Disputes::Place* place_after = nullptr;
  State before;
  State after;
  std::string of;  ///< a catastrophe's id, or "any"
  double horizon = 0;
};
/// All that a test of risk compares; none where a dispute cannot be built or a condition not be
/// set, and for other tests.
std::vector<RiskPair> risk_pairs(Disputes& disputes, const ClaimTest& test,
                                 const ClaimsSettings& settings);

/// Judges a test that is neither all, any nor not. Faults: as Disputes::get().
Result<Leaf> judge_leaf(Disputes& disputes, const ClaimTest& test, const ClaimsSettings& settings);

/// What a test starts from besides today: `after` and `given` together; empty: today.
std::string start_condition(const ClaimTest& test);

/// What one party has of one criterion, exactly: the sum of the criterion's numbers over the
/// statements that hold, before the criterion's priority. Method weights only.
class CriterionPoints {
 public:
  CriterionPoints(const Conflict& conflict, PartyId party, const std::string& criterion);
  bool known() const { return known_; }  ///< false: out of the exact range, or no such criterion
  std::int64_t units(State s) const;     ///< in units of 10^-places
  double points(State s) const;

 private:
  const Conflict* conflict_;
  PartyId party_;
  bool known_ = true;
  int places_ = 0;
  std::vector<std::pair<std::size_t, std::int64_t>> terms_;  ///< statement, units
};

/// The states of `condition` when all options that it does not look at stand as at `start`; where
/// none is feasible, the nearest ones.
NearestStates states_as_now(const Conflict& conflict, State start, const Condition& condition,
                            bool& had_to_be_set);

}  // namespace wayout
