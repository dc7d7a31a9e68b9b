#pragma once
/// @file
/// What becomes of parties that act on what they see: courses, and who is wrong about them
/// (SEMANTICS section 5, beliefs).

#include <functional>
#include <vector>

#include "wayout/reach/paths.hpp"
#include "wayout/space/perception.hpp"

namespace wayout {

/// A shortest path of steps that their movers are willing to take as they see them: improvements of
/// the acting dispute. Marked willing is a step that is an improvement in truth too. Cost: as
/// shortest_path().
PathSearch perceived_path(const Conflict& truth, const Perceived& seen, State start,
                          const std::function<bool(State)>& goal,
                          const PathSettings& settings = {});

/// Marks as willing the steps of a path that are improvements in truth.
void mark_by_truth(const Conflict& truth, Path& path);

/// A member of a mover that takes a step as something better, and in truth it is worse for it, or
/// for a party alone no better.
struct Mistake {
  PartyId party;
  std::size_t step = 0;  ///< index into Path::steps
};
std::vector<Mistake> mistakes(const Conflict& truth, const Path& path);

/// A move that would serve a mover in truth and that it does not make: not every member of it, as
/// it sees the dispute, sees that move and wants it.
struct Missed {
  MoverId mover;
  State to;  ///< of several, one that changes fewest options
};
/// What movers miss at s: one entry for each mover that has an improvement in truth and none in the
/// acting dispute. Empty also where that could not be listed.
std::vector<Missed> missed_at(const Conflict& truth, const Perceived& seen, State s);

/// Who is wrong about one place that it drifts to.
struct PlaceErrors {
  Path course;                    ///< a shortest one of the acting dispute that enters the place
  std::vector<Mistake> mistakes;  ///< on the course
  std::vector<Missed> missed;     ///< where it rests; of a cycle, nothing is told
};
/// For the first `most` sets of a drift of the acting dispute, in their order. Cost: one search and
/// two lists of moves for each.
std::vector<PlaceErrors> place_errors(const Conflict& truth, const Perceived& seen, State start,
                                      const Drift& drift, const PathSettings& settings,
                                      std::size_t most);

}  // namespace wayout
