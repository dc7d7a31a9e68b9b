#pragma once
/// @file
/// The whole answer: the eight questions in order, and the claims.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "wayout/answer/answer.hpp"
#include "wayout/answer/claims.hpp"
#include "wayout/answer/trust_report.hpp"
#include "wayout/change/inverse.hpp"
#include "wayout/change/search.hpp"
#include "wayout/model/view.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/room/room.hpp"

namespace wayout {

/// In how many sampled profiles a set of measures that opens a way out in the plain run does so.
struct WayShare {
  std::size_t goal = 0;  ///< index into Conflict::goals()
  MeasureSet measures;   ///< beside those in force
  Sampled sampled;       ///< counted: willing steps lead to a state that holds the goal
};

struct WholeSettings {
  AnswerSettings answer;
  /// room, risk, change, claims, trust: only these parts beside standing and goals; empty = all.
  std::vector<std::string> parts;
  ViewSettings view;                ///< what is in force: `under`, `with`
  std::uint64_t samples = 0;        ///< profiles for trust; 0 = none
  std::uint64_t claim_samples = 0;  ///< profiles for claims, which take longer; 0 = the plain run
  bool every_profile = false;       ///< as ClaimsSettings::every_profile()
  std::uint64_t seed = 1;
  unsigned threads = 0;            ///< 0 = as many as the machine has
  std::size_t most_sets = 20'000;  ///< sets of measures tried: bounds the size of a set
};

/// What every part found. A part is left out where the case has nothing for it: no track, no
/// measure or goal, no catastrophe with tempos, no claim, nothing uncertain.
struct WholeAnswer {
  End end = End::Complete;
  CaseAnswer answer;
  std::optional<RoomAnswer> room;  ///< at the open and the closed tables, against the drift
  std::optional<RiskAnswer> risk;
  std::string no_risk;  ///< why risk was left out though the case names a catastrophe
  std::optional<MeasureSearch> change;
  MeasureSet taken;                       ///< measures in force, not counted in the sets
  std::map<std::size_t, Inverse> shifts;  ///< per goal without a set: the least shifts of wishes
  std::optional<ClaimsAnswer> claims;
  std::optional<TrustReport> trust;
  /// With trust: the first set that `change` tells for each goal, as far as it was sampled.
  std::vector<WayShare> ways;
  /// Every party acts on the dispute as it sees it. Claims are tested in the dispute as it is, and
  /// `ways` are not sampled: they are empty then.
  bool as_perceived = false;
};

/// The set of measures that is told first for a goal: a clean one if there is one. nullptr: none.
const Opening* first_opening(const GoalChange& goal);

/// Answers the case file under the view. `conflict` is view(file, settings.view). Requires a status
/// quo or settings.answer.from; from another start only the parts that do not speak of today are
/// computed: standing, goals, room, risk. Faults: those of a claim's disputes. Deterministic.
Result<WholeAnswer> whole_answer(const Parts& file, const Conflict& conflict,
                                 const WholeSettings& settings);

}  // namespace wayout
