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

/// How the answers of the opponents are searched. All give the same verdicts where they finish.
enum class AnswerSearch {
  Auto,     ///< bounds, searches towards what is worst for the focal party, and abstraction, with
            ///< rising effort; where a dispute is of a kind these do not handle, Listing
  Listing,  ///< everything the opponents can lead to, breadth first
  Hunt,     ///< of the means of Auto only the directed search
  Cone      ///< of the means of Auto only the abstraction and, where it gives up, the search
};

struct VerdictSettings {
  Sanctions sanctions = Sanctions::Legal;
  std::size_t most_states = std::size_t{1} << 22;  ///< states looked at for one verdict
  std::uint64_t most_combinations = 2'000'000;     ///< SIM: combinations tried for one verdict
  /// Keep the answer to every improvement; otherwise only the first that decides is kept.
  bool all_answers = true;
  /// Tell hollow sanctions from others: costs a second search for each improvement. Without it
  /// `stable_clean` and `hollow` say nothing.
  bool hollow = true;
  /// Seconds for one verdict; 0: none but the watch's. What is decided by then may differ from run
  /// to run, so tests and reproducible runs bound states instead.
  double most_seconds = 0;
  AnswerSearch search = AnswerSearch::Auto;
  Watch watch;
};

/// How it is known that an improvement is not sanctioned.
enum class Proof {
  Listed,      ///< everything the opponents can lead to was looked at
  Bound,       ///< whatever the opponents set, the focal party stays better off
  Abstraction  ///< not even when the options that are not kept are left open: a mover may do what
               ///< it would want for some levels of them
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
  /// Where sanctioned: whether `hollow` is decided. Limit: hollow sanctions were found and others
  /// not ruled out.
  End hollow_end = End::Complete;
  /// Where not sanctioned: how that is known, and for Abstraction the options it kept.
  Proof proof = Proof::Listed;
  std::vector<OptionId> kept;
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
  /// Whether `stable_clean` is decided where `stable` is.
  End clean_end = End::Complete;
  /// Complete: `stable` is decided. Limit, Cancelled: undecided, `stable` says nothing.
  End end = End::Complete;
  std::uint64_t improvements = 0;  ///< how many improvements p has at s (that the filter lets
                                   ///< through)
  bool more_improvements = false;  ///< there may be more: not all moves were looked at
  std::vector<Answer> answers;     ///< where unstable, the last one is the unsanctioned improvement
  std::uint64_t searched = 0;
};

/// Which improvements count; by default all. Used for holding a goal.
using ImprovementFilter = std::function<bool(State)>;

/// Decides whether s is stable for p under a concept, by searching the opponents' moves from each
/// improvement (docs/semantics.md, section 4). Requires s feasible; SIM requires option form.
/// Improvements that change fewer options are tried first, with rising effort, so that one that is
/// hard to judge does not hide one that is easily seen to go unsanctioned. Where p's moves are more
/// than RowBook::kWidest, some improvements are looked at, which can decide that s is not stable; a
/// bound may show that there are none. Cost: at most about one
/// step per state the opponents can reach and mover; usually far less (docs/methods.md).
/// Deterministic but for deadlines.
Verdict verdict(RowSpace& space, PartyId p, State s, Concept c,
                const VerdictSettings& settings = {}, const ImprovementFilter& filter = {});

/// The number of options in which two states differ (graph form: 0 or 1).
int options_changed(const Conflict& conflict, State a, State b);

}  // namespace wayout
