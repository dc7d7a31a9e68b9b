#pragma once
/// @file
/// Is there a way out for a goal in the dispute as it is given? (SEMANTICS section 5, way out)

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/reach/paths.hpp"
#include "wayout/stability/holding.hpp"

namespace wayout {

struct WayOutSettings {
  Sanctions sanctions = Sanctions::Legal;
  std::optional<State> from;  ///< start here instead of the status quo
  /// Tell the least marks of a way that is not clean, and keep path and holding. Without it only
  /// `exists`, `clean`, `hollow` and `state` are found, by less work.
  bool details = true;
  /// Refute without a search what nobody can bring about: counts then stay 0.
  bool refute = true;
  /// Every party acts on the dispute as it sees it, with its beliefs: steps are improvements of the
  /// acting dispute, and whether a state holds, and hollow, is judged in the views
  /// (space/perception.hpp, stability/perceived.hpp); bought and worse on the way by the true
  /// dispute. Requires that perceive() succeeds.
  bool as_perceived = false;
  std::size_t most_states = std::size_t{1} << 23;  ///< states looked at by one search
  Watch watch;
};

/// A party that is wrong about what follows a move of its own that would break the goal. It acts on
/// what it expects; the truth decides what happens.
struct Surprise {
  PartyId party;
  State state;      ///< where it stands
  Answer expected;  ///< its move and what becomes of it, as the party sees the dispute
  Answer truth;     ///< the same move in the true dispute: sanctioned where `expected` is not, or
                    ///< the other way round
};

/// How far a goal gets in one dispute.
struct WayOut {
  std::size_t goal = 0;  ///< index into Conflict::goals()
  /// Other than Complete: a limit was met before `exists` or `clean` was proved. What is true of
  /// `exists` then still has its witness; what is false is not decided.
  End end = End::Complete;
  bool exists = false;   ///< willing steps lead to a state that holds the goal
  bool clean = false;    ///< … without a mark
  bool refuted = false;  ///< no search was needed: some option it needs cannot come about
  /// The marks of the way found. Without `details` a way that is not clean carries no path marks.
  bool hollow = false;
  PathMarks marks;
  std::optional<State> state;  ///< where the way ends; where there is none, the nearest state of
                               ///< the goal that willing steps reach
  std::optional<Path> path;    ///< there (details, or a clean way)
  std::optional<Holding> holding;  ///< of that state (details)
  /// With as_perceived and details: who is in for a surprise at that state.
  std::vector<Surprise> surprises;
  std::uint64_t states = 0;       ///< states that willing steps reach, as far as looked at
  std::uint64_t goal_states = 0;  ///< of these, how many meet the goal
  std::uint64_t judged = 0;       ///< of these, how many were judged for holding
};

/// Ways out for several goals of one conflict, in the order given; searches are shared.
///
/// First the states that *clean* courses reach: improvements that move every option only away from
/// where it started, through states where no party is below the start. A path has no option that
/// moves back exactly if each of its moves does that, so a state says by itself what has moved, and
/// one breadth-first search finds every clean end. A goal that no state of these holds cleanly is
/// searched among everything improvements reach. Of several ways the one with the least marks is
/// told: hollow weighs most, then bought, then worse on the way; then the shorter one.
///
/// Requires a status quo or settings.from. Cost: the clean search, then one step per state that
/// improvements reach and mover; a verdict for every state of the goal until one holds cleanly.
std::vector<WayOut> ways_out(const Conflict& conflict, std::span<const std::size_t> goals,
                             const WayOutSettings& settings = {});
WayOut way_out(const Conflict& conflict, std::size_t goal, const WayOutSettings& settings = {});

/// The solution concept a goal has to hold under, for each party.
ConceptProfile hold_profile(const GoalInfo& goal);

}  // namespace wayout
