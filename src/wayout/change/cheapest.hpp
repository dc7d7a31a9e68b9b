#pragma once
/// @file
/// The cheapest set of measures of any size that opens a way out.

#include <cstdint>
#include <optional>

#include "wayout/change/search.hpp"

namespace wayout {

/// What is to be least; ties go to the other.
enum class Least { Cost, Number };

struct CheapestSettings {
  /// Of `search` taken, threads, sanctions, as_perceived, most_states and watch count.
  SearchSettings search;
  Least least = Least::Cost;
  bool marked = false;                ///< a way with a mark will do too
  std::uint64_t most_sets = 100'000;  ///< judged
};

struct Cheapest {
  std::size_t goal = 0;
  Least least = Least::Cost;
  bool marked = false;
  /// Limit, Cancelled: `best` may not be the cheapest, or none was found yet.
  End end = End::Complete;
  /// The best set found, with its way and what becomes of the goal without each of its measures.
  /// Empty set: none is needed.
  std::optional<Opening> best;
  /// No set at all is cheaper than this in cost (Least::Cost) or number of measures: proved. What
  /// was left undecided (`undecided`) is not counted as proof.
  double bound = 0;
  /// `best` is proved best; without `best`: it is proved that no set opens a way.
  bool proved = false;
  std::uint64_t judged = 0;     ///< sets judged by ways_out()
  std::uint64_t undecided = 0;  ///< of these, left undecided at a limit
  std::uint64_t reasons = 0;    ///< found why sets fail that goes beyond them (out_of_reach.hpp)
};

/// The cheapest set that opens a way out, of any size. A program over the measures (costs, `needs`,
/// `excludes`) says what the cheapest set costs that is not ruled out; every set of that cost is
/// judged by ways_out(). Where none opens a way, all of that cost are ruled out, and, where it is
/// proved that one of certain measures has to be taken (OutOfReach), all sets without any of them.
/// Adding a measure can destroy a way, so nothing else is concluded. A first set is found by taking
/// all that go together and leaving out what is not needed, so that there is something to tell when
/// the search is stopped. Requires a status quo and load_cbc(). Cost: one build and one ways_out()
/// for each set judged, some milliseconds for each cost; up to 2^n sets where nothing opens a way
/// and no reason is found. The same result at any number of threads.
Cheapest cheapest_measures(const Conflict& conflict, std::size_t goal,
                           const CheapestSettings& settings = {});

}  // namespace wayout
