#pragma once
/// @file
/// One verdict with its witness, without listing the space: is s stable for p, and who answers
/// what?

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/rows.hpp"
#include "wayout/stability/concept.hpp"

namespace wayout {

/// A move of somebody, and where it leads.
struct Step {
  MoverId mover;
  State state;
};

struct VerdictSettings {
  Sanctions sanctions = Sanctions::Legal;
  std::size_t most_states = std::size_t{1} << 22;  ///< states looked at for one verdict
  std::uint64_t most_combinations = 2'000'000;     ///< SIM: combinations tried for one verdict
  /// Keep the answer to every improvement; otherwise only the first that decides is kept.
  bool all_answers = true;
  Watch watch;
};

/// What becomes of one improvement of the focal party.
struct Answer {
  State improvement;  ///< s1
  bool sanctioned = false;
  /// The sanction: moves of opponents from s1 to s2 ≼_p s. For SIM: one entry per party that moves
  /// at the same time, the last state being the joint result.
  std::vector<Step> sanction;
  /// Every sanction found starts with a move that is an improvement for its mover already at s.
  bool hollow = false;
  /// SMR, SSEQ, unsanctioned: an answer that would hurt, and the counter-move by which p escapes
  /// it.
  std::vector<Step> evaded;
  std::optional<State> counter_move;
  std::uint64_t searched = 0;  ///< states the opponents could lead to that were looked at
};

struct Verdict {
  bool stable = false;
  /// Stable also when hollow sanctions do not count.
  bool stable_clean = false;
  /// Complete: `stable` is decided. Limit, Cancelled: undecided, `stable` says nothing.
  End end = End::Complete;
  std::uint64_t improvements = 0;  ///< how many improvements p has at s (that the filter lets
                                   ///< through)
  std::vector<Answer> answers;     ///< where unstable, the last one is the unsanctioned improvement
  std::uint64_t searched = 0;
};

/// Which improvements count; by default all. Used for holding a goal.
using ImprovementFilter = std::function<bool(State)>;

/// Decides whether s is stable for p under a concept, by searching the opponents' moves from each
/// improvement (SEMANTICS section 4). Requires s feasible; SIM requires option form. Improvements
/// that change fewer options are tried first. Cost: about one step per state the opponents can
/// reach and mover.
Verdict verdict(RowSpace& space, PartyId p, State s, Concept c,
                const VerdictSettings& settings = {}, const ImprovementFilter& filter = {});

/// The number of options in which two states differ (graph form: 0 or 1).
int options_changed(const Conflict& conflict, State a, State b);

}  // namespace wayout
