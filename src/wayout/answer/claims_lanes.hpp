#pragma once
/// @file
/// Tests of claims in 64 sampled profiles at once. For the claims' files only.

#include <map>
#include <memory>
#include <optional>

#include "wayout/answer/claims.hpp"
#include "wayout/answer/claims_dispute.hpp"
#include "wayout/trust/lane_verdict.hpp"

namespace wayout {

/// What a test comes to in the profiles of a block. What is in neither is undecided.
struct LaneTruth {
  LaneMask yes = 0;
  LaneMask no = 0;
  LaneMask open = 0;   ///< has to be found out in another way
  LaneMask later = 0;  ///< takes a large search: to be asked again, together with others
};

/// One dispute in the profiles of one block, with what was found out about it.
struct LanePlace {
  LaneDispute dispute;
  LaneJudge judge;
  LanePlace(const LaneBook& book, std::uint64_t seed, std::span<const std::uint64_t> profiles,
            const LaneVerdictSettings& settings)
      : dispute(book, seed, profiles), judge(dispute, settings) {}
};

/// A test prepared for many blocks: where it starts and what it looks at depends on options and
/// rules alone, so it is found once. Immutable.
class LaneTest {
 public:
  /// nullopt where the test is not of a kind judged so, or looks at too many states. Requires the
  /// plain answer to the test.
  static std::optional<LaneTest> make(const Leaf& leaf, const ClaimsSettings& settings);

  enum class Effort { Little, Full };
  /// `place` is the test's dispute; `other`, for `unlocks`, the one with the measures tested. Large
  /// searches cost nearly as much for a few profiles as for many, so with little effort they are
  /// put off.
  LaneTruth judge(LanePlace& place, LanePlace* other, Effort effort) const;

 private:
  struct Start {
    State from;
    std::vector<State> set;    ///< better_for, worse_for: where `doing` is set
    std::vector<State> above;  ///< prefers: the states of `this` …
    std::vector<State> below;  ///< … and of `to`
  };
  /// States of a goal that could come about with any numbers in their ranges, all of them; nullopt:
  /// too many to list.
  using GoalStates = std::optional<std::vector<State>>;
  bool prepare(const Leaf& leaf);
  LaneTruth from(std::size_t start, LanePlace& place, LanePlace* other, Effort effort) const;
  LaneTruth stable(const std::vector<State>& states, LanePlace& place) const;
  LaneTruth reachable(State start, LanePlace& place, Effort effort) const;
  LaneTruth way_out(State start, std::size_t goal, const GoalStates& states, LanePlace& place,
                    Effort effort) const;
  LaneTruth unlocks(State start, const GoalStates& states, LanePlace& place, LanePlace& other,
                    Effort effort) const;
  LaneTruth drifts(const Start& start, LanePlace& place) const;
  LaneTruth drift(PartyId p, State today, State set, LanePlace& place) const;
  LaneTruth wills(State start, LanePlace& place) const;
  LaneTruth prefers(const Start& start, LanePlace& place) const;
  LaneClosureSettings closure(const LanePlace& place) const;

  ClaimTest test_;
  const ClaimsSettings* settings_ = nullptr;
  std::optional<Condition> condition_;
  std::vector<PartyId> parties_;
  Concept concept_ = Concept::Seq;
  std::size_t goal_ = 0;
  std::size_t goal_there_ = 0;  ///< the same goal in the other dispute
  bool each_state_ = false;     ///< stable: all of `states_`
  std::vector<State> states_;
  std::vector<Start> starts_;
  std::vector<GoalStates> goal_states_;  ///< per start
  std::vector<State> starts_there_;
  std::vector<GoalStates> goal_states_there_;
};

}  // namespace wayout
