#pragma once
/// @file
/// Which measures open a way out: every set up to a size tried, the minimal ones told.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wayout/change/way_out.hpp"

namespace wayout {

/// Measures as indices into parts().measures, ascending.
using MeasureSet = std::vector<std::size_t>;

struct SearchSettings {
  /// Taken in any case: they are part of every set tried, and not counted in it.
  MeasureSet taken;
  std::vector<std::size_t> goals;  ///< indices into Conflict::goals(); empty = all
  std::size_t most = 4;            ///< measures in one set
  std::size_t listed = 12;         ///< sets of each kind told in full for one goal, best first
  std::size_t threads = 0;         ///< 0 = as many as the machine has
  Sanctions sanctions = Sanctions::Legal;
  /// Every party acts on the dispute as it sees it; then measures that correct a belief count.
  bool as_perceived = false;
  std::size_t most_states = std::size_t{1} << 23;  ///< states looked at by one search
  Watch watch;

  /// A set with what is taken in any case, ascending.
  MeasureSet whole(MeasureSet set) const;
  /// How the way out under one set is looked for; without progress, as it is one of many.
  WayOutSettings way_settings(bool details) const;
};

/// What becomes of a goal when a measure is left out of a set.
enum class Without { NoWay, Marked, Clean, Inadmissible, Undecided };

/// One party before and after: today, and where the way ends. Judged by what it wants today.
struct PartyEffect {
  PartyId party;
  int better = 0;  ///< 1 better than today, -1 worse, 0 neither
  bool in_points = false;
  double vital = 0;  ///< change in points on vital statements
  double points = 0;
  std::vector<std::size_t> gained, lost;  ///< statements that come to hold, or hold no more
};

/// A set of measures that opens a way.
struct Opening {
  MeasureSet measures;
  WayOut way;
  double cost = 0;
  /// Takers of the measures that are worse off where the way ends than today, by what they want
  /// today: who would have to take a measure against its own interest.
  std::vector<std::pair<std::size_t, PartyId>> unwilling;  ///< measure, party
  std::vector<Without> without;                            ///< per measure of the set
  std::vector<PartyEffect> parties;
  /// On the efficient front: no other listed set needs no more measures, cost and unwilling takers
  /// and less of one of these.
  bool efficient = false;
};

enum class ChangeVerdict {
  YesNow,        ///< a way without a mark and without a measure
  WithMeasures,  ///< a set opens a way without a mark
  Depends,       ///< ways are found, and each carries a mark
  NoneFound,     ///< no set up to the size opens a way; proved where `end` is Complete
  Undecided
};

struct GoalChange {
  std::size_t goal = 0;
  ChangeVerdict verdict = ChangeVerdict::Undecided;
  End end = End::Complete;  ///< other than Complete: some sets were not decided
  WayOut now;               ///< without any measure
  /// Minimal by inclusion: the set opens a way and no proper subset does.
  std::vector<Opening> opening;
  /// The same for ways without a mark. A minimal set whose way carries a mark is made clean by the
  /// sets here that hold it.
  std::vector<Opening> clean;
  std::uint64_t opening_total = 0, clean_total = 0;  ///< how many there are; the lists may be cut
  std::uint64_t undecided = 0;                       ///< sets left open by a limit
};

struct MeasureSearch {
  End end = End::Complete;
  std::size_t most = 0;            ///< the size up to which every set was tried
  std::vector<std::size_t> idle;   ///< measures that can change no way out: not tried
  std::uint64_t sets = 0;          ///< admissible sets tried
  std::uint64_t inadmissible = 0;  ///< sets left out: today's state is infeasible, or faulty
  std::vector<GoalChange> goals;
};

/// Tries every admissible set of at most settings.most measures (`needs` and `excludes` respected,
/// today's state feasible). A set is not tried for a goal for which a proper subset opens a clean
/// way, since it can be minimal of neither kind; nothing else is left out, because a measure may
/// also destroy a way. Measures that change nothing but risk (and, unless as_perceived, beliefs)
/// are idle. With as_perceived a set under which some party's view is faulty is inadmissible.
///
/// `conflict` is the dispute before any measure. Requires a status quo. Cost: at most one build and
/// one ways_out() for each set, on all threads; the same result at any number of them.
MeasureSearch search_measures(const Conflict& conflict, const SearchSettings& settings = {});

/// `needs` and `excludes` allow the set: all needs are in it, and no two that exclude each other.
bool compatible(const Parts& parts, const MeasureSet& set);

/// The conflict with a set of measures, in file order.
Result<Conflict> with_measures(const Conflict& conflict, const MeasureSet& set);

/// Whether no way out can feel a measure: it changes nothing but risk (and, unless as_perceived,
/// beliefs), and no other needs it.
bool idle_measure(const Parts& parts, std::size_t measure, bool as_perceived);

/// Fills in what the way of an opening does to the parties, and who takes a measure unwillingly.
void add_effects(const Conflict& today, Opening& opening);

/// What a way does to every party, by what they want today.
std::vector<PartyEffect> party_effects(const Conflict& today, State from, State to);

}  // namespace wayout
