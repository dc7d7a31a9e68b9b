#pragma once
/// @file
/// The answer to a case: where it stands, what stops each goal, what would hold, how to get there.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/change/perceived.hpp"
#include "wayout/change/way_out.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/reach/paths.hpp"
#include "wayout/stability/holding.hpp"

namespace wayout {

struct AnswerSettings {
  Sanctions sanctions = Sanctions::Legal;
  std::optional<State> from;                       ///< start here instead of the status quo
  std::vector<std::string> goals;                  ///< only these; empty = all
  std::size_t most_states = std::size_t{1} << 23;  ///< states looked at by one search
  Watch watch;                                     ///< the deadline is for the whole answer
  /// Every party acts on the dispute as it sees it, with its beliefs. Requires that perceive()
  /// succeeds. Standing is judged by each party in its own view; everything else that rests on
  /// improvements by the acting dispute; an unwilling step is any true move that is none of these.
  bool as_perceived = false;
};

/// One party at the status quo.
struct PartyStanding {
  PartyId party;
  std::vector<Concept> concepts;  ///< the concepts judged, in order
  std::vector<Verdict> verdicts;  ///< one per concept
};

struct Standing {
  State start;
  std::vector<PartyStanding> parties;
  /// Improvements of tracks at the start: what a deal would do now.
  std::vector<Step> deals;
  Drift drift;
  /// Options whose level is the same in every resting place, and different from the start.
  std::vector<std::pair<OptionId, int>> settled_changes;
  /// Options that can still come out one way or the other.
  std::vector<OptionId> open_ends;
  /// A shortest path to the nearest resting place, where the start is none.
  std::optional<Path> course;
  /// With as_perceived: who is wrong about the first few places of the drift, in their order.
  std::vector<PlaceErrors> errors;
};

enum class GoalVerdict {
  YesNow,    ///< reached by willing steps and holds, without a mark
  Depends,   ///< reached and holds, but hollow, bought or worse on the way
  NotNow,    ///< not as things stand: see the obstacle
  Undecided  ///< a limit was met
};

enum class Obstacle {
  None,
  Impossible,  ///< no feasible state meets it (or none outside what is to be avoided)
  OutOfReach,  ///< no sequence of moves leads there
  Unwilling,   ///< somebody would have to take a step against its own interest
  NotHolding   ///< it can be reached, and nobody can be kept from leaving
};

/// Why an agreement the goal needs cannot come about: no open track has it on its table, or those
/// that have are linked to what they cannot reach.
struct MissingDeal {
  OptionId option;
  std::vector<std::size_t> closed_tracks;  ///< indices into parts().tracks: it is on these, and
                                           ///< they are closed
  std::vector<std::size_t> linked_tracks;  ///< on these, open and linked
  std::vector<std::size_t> open_tracks;    ///< on these, open and not linked
};

struct GoalAnswer {
  std::size_t goal = 0;  ///< index into Conflict::goals()
  GoalVerdict verdict = GoalVerdict::Undecided;
  Obstacle obstacle = Obstacle::None;
  End end = End::Complete;
  std::uint64_t states = 0;       ///< states reachable by improvements that were looked at
  std::uint64_t goal_states = 0;  ///< of these, states that meet the goal
  std::uint64_t judged = 0;       ///< of these, states judged for holding
  // Impossible
  RuleConflict rules;
  // OutOfReach
  std::vector<MissingDeal> missing;
  std::uint64_t any_states = 0;  ///< states reachable by any moves
  // Unwilling, and the evidence of OutOfReach where a state was found
  std::optional<State> nearest;  ///< the feasible state of the goal with fewest changes
  std::optional<Path> concession_path;
  std::vector<Concession> concessions;
  // YesNow, Depends, NotHolding
  std::optional<Path> path;
  PathMarks marks;
  std::optional<Holding> holding;
  /// With as_perceived: steps of the path that are no gain in truth, and who is wrong about what
  /// follows his breaking the goal.
  std::vector<Mistake> mistakes;
  std::vector<Surprise> surprises;
  std::optional<Kept> kept;
  /// The concepts under which the state reached is an equilibrium.
  std::vector<Concept> equilibrium;
};

struct CaseAnswer {
  End end = End::Complete;
  Standing standing;
  std::vector<GoalAnswer> goals;
};

/// Answers the case. Requires a status quo or settings.from. Searches share one table of states. A
/// "no" is said only where the search was exhausted; otherwise the verdict is Undecided and `end`
/// says why.
CaseAnswer answer_case(const Conflict& conflict, const AnswerSettings& settings = {});

}  // namespace wayout
