#pragma once
/// @file
/// Tests of claims in 64 sampled profiles at once. For the claims' files only.

#include <map>
#include <memory>
#include <optional>

#include "wayout/answer/claims.hpp"
#include "wayout/answer/claims_dispute.hpp"
#include "wayout/answer/claims_lane_ways.hpp"

namespace wayout {

/// A test prepared for many blocks: where it starts and what it looks at depends on options and
/// rules alone, so it is found once. Immutable.
class LaneTest {
 public:
  /// nullopt where the test is not of a kind judged so, or looks at too many states. Requires the
  /// plain answer to the test.
  static std::optional<LaneTest> make(const Leaf& leaf, const ClaimsSettings& settings);

  /// `place` is the test's dispute; `other`, for `unlocks`, the one with the measures tested.
  LaneTruth judge(LanePlace& place, LanePlace* other, LaneEffort effort) const;

 private:
  struct Start {
    State from;
    std::vector<State> set;    ///< better_for, worse_for: where `doing` is set
    std::vector<State> above;  ///< prefers: the states of `this` …
    std::vector<State> below;  ///< … and of `to`
  };
  bool prepare(const Leaf& leaf);
  LaneTruth from(std::size_t start, LanePlace& place, LanePlace* other, LaneEffort effort) const;
  LaneTruth stable(const std::vector<State>& states, LanePlace& place) const;
  LaneTruth reachable(State start, LanePlace& place, LaneEffort effort) const;
  LaneTruth unlocks(const LaneWays& ways, LanePlace& place, LanePlace& other,
                    LaneEffort effort) const;
  LaneTruth drifts(const Start& start, LanePlace& place) const;
  LaneTruth drift(PartyId p, State today, State set, LanePlace& place) const;
  LaneTruth wills(State start, LanePlace& place) const;
  LaneTruth prefers(const Start& start, LanePlace& place) const;
  LaneClosureSettings closure(const LanePlace& place) const;
  Watch watch() const;

  ClaimTest test_;
  const ClaimsSettings* settings_ = nullptr;
  std::optional<Condition> condition_;
  std::vector<PartyId> parties_;
  Concept concept_ = Concept::Seq;
  bool each_state_ = false;  ///< stable: all of `states_`
  std::vector<State> states_;
  std::vector<Start> starts_;
  std::vector<LaneWays> ways_;        ///< per start
  std::vector<LaneWays> ways_there_;  ///< per start of the other dispute
};

}  // namespace wayout
