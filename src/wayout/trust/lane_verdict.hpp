#pragma once
/// @file
/// Is a state stable for a party, does it hold a goal: in 64 profiles at once.

#include <functional>
#include <unordered_map>
#include <vector>

#include "wayout/stability/holding.hpp"
#include "wayout/trust/lane_closure.hpp"

namespace wayout {

/// Per profile; what is in neither is not decided: a limit was met.
struct LaneAnswer {
  LaneMask yes = 0;
  LaneMask no = 0;
};

struct LaneVerdictSettings {
  std::size_t most_states = std::size_t{1} << 22;  ///< of one search for answers
  Watch watch;
};

/// The search for what the opponents of p can answer, by improvements or any moves.
LaneClosureSettings answers_to(const Conflict& conflict, PartyId p, bool improving,
                               const LaneVerdictSettings& settings);

/// Judges states of one dispute, one after the other. What was found out about the answers to one
/// improvement serves all later questions about it: how low they bring the party, in each profile.
/// Sanctions are legal sequences (docs/semantics.md, section 2); every mover must be transitive.
/// Same answers as verdict() and holding() for each profile by itself. Keeps a reference.
class LaneJudge {
 public:
  LaneJudge(LaneDispute& dispute, const LaneVerdictSettings& settings);

  /// Nash, GMR, SMR, SEQ and SSEQ. `counts`: which improvements count; by default all.
  static bool judges(Concept c) { return c != Concept::Sim; }
  LaneAnswer stable(PartyId p, State s, Concept c, LaneMask lanes,
                    const ImprovementFilter& counts = {});
  /// Whether g holds the goal. Requires goal(g).
  LaneAnswer holds(State g, LaneMask lanes, const GoalTest& goal, const ConceptProfile& profile);
  /// Some profiles in which it does not, as far as that shows without a search for answers.
  LaneMask surely_breaks(State g, LaneMask lanes, const GoalTest& goal,
                         const ConceptProfile& profile);

 private:
  LaneMask tempted_tracks(State g, LaneMask lanes, const GoalTest& goal);
  struct Improvement {
    std::int64_t prospect = 0;  ///< the more, the likelier that nobody can take it away
    State state;
    LaneMask lanes = 0;  ///< in which it is one
  };
  /// How far answers bring a party down from where it stands after an improvement, at least: known
  /// to be `low` or lower, and just that in the profiles of `exact`. The same wherever what the
  /// opponents look at stands alike.
  struct Fall {
    LaneScore low;
    LaneMask exact = 0;
  };
  using Way = std::vector<Step>;

  /// Those that count. Where a bound shows one to go unanswered (without a limit: all), the
  /// profiles are added to `unanswered` and not listed any more.
  std::vector<Improvement> improvements(PartyId p, State s, LaneMask lanes,
                                        const ImprovementFilter& counts, const LaneScore* limit,
                                        LaneMask& unanswered);
  Fall& fall(PartyId p, bool improving, State s1);
  /// In which profiles such a fall is known to reach `limit`.
  LaneMask reaches(const Fall& fall, const LaneScore& limit) const {
    return ~above(fall.low, limit);
  }
  /// The least score of p whatever its opponents set, from s1. Valid until the next call.
  const LaneScore& bound(PartyId p, State s1);
  /// Follows known answers from s1 in the profiles of `lanes`.
  void replay(PartyId p, State s1, bool improving, LaneMask lanes, const LaneScore& from,
              const LaneScore& limit, Fall& fall);
  void lower(Fall& fall, LaneScore score, const LaneScore& from, LaneMask lanes) const;
  /// In which of `lanes` some answer to s1 brings p to `limit` or below; `open`: not decided.
  LaneMask answered(PartyId p, State s1, bool improving, LaneMask lanes, const LaneScore& limit,
                    LaneMask& open);
  /// The same where p must not be able to escape (SMR, SSEQ).
  LaneMask answered_for_good(PartyId p, State s1, bool improving, LaneMask lanes,
                             const LaneScore& limit, LaneMask& open);
  LaneMask escapes(PartyId p, State s2, LaneMask lanes, const LaneScore& limit);

  LaneDispute* dispute_;
  LaneVerdictSettings settings_;
  std::vector<UInt128> free_;  ///< per party: what its opponents can change
  std::vector<UInt128> seen_;  ///< per party: what its opponents look at, and what they can do to
                               ///< it
  std::vector<LaneScore> least_;  ///< per party: the least that all its statements about these add
  struct Bounds {
    UInt128 seen = 0;  ///< what all other statements look at
    StateTable keys;
    std::vector<LaneScore> at;  ///< per key
  };
  std::vector<Bounds> bounds_;  ///< per party
  /// Per party, the last first: settings by which it broke out unanswered before.
  std::vector<std::vector<UInt128>> sure_;
  std::vector<std::unordered_map<State, Fall>> falls_;  ///< per party, any moves and improvements
  std::vector<std::vector<Way>> ways_;  ///< per party: answers that hurt before, the last first
};

}  // namespace wayout
