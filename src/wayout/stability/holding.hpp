#pragma once
/// @file
/// Does a state hold a goal? (SEMANTICS section 2, holding a goal)

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "wayout/stability/verdict.hpp"

namespace wayout {

/// A solution concept for each party.
using ConceptProfile = std::vector<Concept>;

struct Holding {
  End end = End::Complete;  ///< other than Complete: `holds` is not decided
  bool holds = false;
  /// It holds also when hollow sanctions do not count.
  bool clean = false;
  /// Where it does not hold: who breaks the goal, by which improvement; for a party also what the
  /// others can answer in vain.
  struct Break {
    MoverId mover;
    Answer answer;
  };
  std::optional<Break> breaks;
  /// Where it holds: per party with a temptation to break the goal, how it is deterred.
  std::vector<std::pair<PartyId, Verdict>> deterred;
};

/// Whether a state meets a goal.
using GoalTest = std::function<bool(State)>;

/// Whether g holds the goal under the profile: every improvement of a party from g that breaks the
/// goal is sanctioned under that party's concept, and no track improvement from g breaks it.
/// Requires g feasible and goal(g).
Holding holding(RowSpace& space, State g, const GoalTest& goal, const ConceptProfile& profile,
                const VerdictSettings& settings = {});

/// The verdict of a party on its improvements that break the goal; nullopt: it sees none.
using TemptationJudge = std::function<std::optional<Verdict>(PartyId)>;

/// The same where `judge` gives the parties' verdicts. A break found settles it, whatever else was
/// left open.
Holding holding(RowSpace& space, State g, const GoalTest& goal, const TemptationJudge& judge);

struct Kept {
  End end = End::Complete;
  bool kept = false;
  std::vector<Step> path;  ///< where not kept: improvements that lead out of the goal
  std::uint64_t states = 0;
};

/// Whether the goal is true in everything reachable from g by improvements of any movers.
Kept kept(RowSpace& space, State g, const GoalTest& goal, const VerdictSettings& settings = {});

}  // namespace wayout
