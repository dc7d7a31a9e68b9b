#pragma once
/// @file
/// Is one state stable for a party, under every classical concept: in 64 profiles at once.

#include <array>
#include <unordered_map>

#include "wayout/trust/lane_verdict.hpp"

namespace wayout {

/// How high a party can bring itself by one move, in each profile. What it can do is the same
/// wherever the bits stand alike that bound its moves or that its statements about its own options
/// look at; its own options that may change both ways are not among these, unless rules forbid some
/// of its moves. So the best of a row is found once for all states of it. Keeps a reference.
class LanePeaks {
 public:
  LanePeaks(LaneDispute& dispute, PartyId p);

  /// The profiles of `lanes` in which p, from s, can get above `limit` by one move or is above it
  /// already. Requires s feasible.
  LaneMask above_limit(State s, LaneMask lanes, const LaneScore& limit);

 private:
  LaneDispute* dispute_;
  PartyId party_;
  MoverId mover_;
  UInt128 own_ = 0;                             ///< its options
  UInt128 key_ = 0;                             ///< what bounds its moves and what they are worth
  std::unordered_map<State, LaneScore> peaks_;  ///< of what its own options have a part in
};

/// Judges one state after another. Same answers as verdict() for each profile by itself; needs what
/// LaneJudge needs.
class LaneStanding {
 public:
  /// In the order of kClassicalConcepts. What is in neither set is not decided.
  using Answers = std::array<LaneAnswer, 5>;

  /// Both are kept by reference.
  LaneStanding(LaneDispute& dispute, LaneJudge& judge, const LaneVerdictSettings& settings);

  /// One concept after another, so that what follows from those before is not asked again: Nash ⇒
  /// SSEQ ⇒ SEQ ⇒ GMR and SSEQ ⇒ SMR ⇒ GMR. Cost: as LaneJudge::stable(); for SMR and SSEQ a search
  /// for answers from each improvement, each state met judged by the peak of its row.
  Answers of(PartyId p, State s, LaneMask lanes);

 private:
  /// Whether an answer that p cannot escape meets each improvement (SMR; SSEQ: by improvements).
  LaneAnswer for_good(PartyId p, State s, bool improving, LaneMask lanes);
  LanePeaks& peaks(PartyId p);

  LaneDispute* dispute_;
  LaneJudge* judge_;
  LaneVerdictSettings settings_;
  std::unordered_map<std::size_t, LanePeaks> peaks_;  ///< per party
};

}  // namespace wayout
