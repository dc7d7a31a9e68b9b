#pragma once
/// @file
/// Courses of events: shortest paths, what they cost whom, and where things drift (SEMANTICS
/// section 5).

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/rows.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {

/// Which moves a step may be.
enum class Will {
  Improvement,  ///< each move is an improvement for its mover
  NotWorse,     ///< no member of the mover is worse off
  Any           ///< any move
};

struct PathSettings {
  Will will = Will::Improvement;
  bool legal = false;                ///< no mover twice in a row
  int most_options = 0;              ///< how many options one move may change; 0 = all
  std::vector<MoverId> movers;       ///< empty = all
  std::function<bool(State)> avoid;  ///< states not to be entered; the start is not tested
  std::size_t most_states = std::size_t{1} << 24;
  Watch watch;
};

/// One step of a path with what it means to its mover.
struct PathStep {
  MoverId mover;
  State state;          ///< where it leads
  bool willing = true;  ///< an improvement for the mover
};

struct Path {
  State start;
  std::vector<PathStep> steps;
  std::size_t unwilling = 0;
  State end() const { return steps.empty() ? start : steps.back().state; }
};

/// What a path does on the way.
struct PathMarks {
  /// Some option moves and later moves back.
  bool bought = false;
  std::vector<OptionId> bought_options;
  /// Some party is below the start at a state on the way (the end excluded).
  bool worse_on_the_way = false;
  std::vector<PartyId> worse_parties;
};
PathMarks path_marks(const Conflict& conflict, const Path& path);

/// What a party gives up by an unwilling step: its loss, in points of its weights, or in rank
/// classes where only order is known (nullopt where the classes were not counted).
struct Concession {
  PartyId party;
  std::size_t step = 0;  ///< index into Path::steps
  double vital = 0;      ///< points lost on vital statements
  double points = 0;     ///< points lost on the others
  bool in_points = true;
  /// The statements that held before and not after, or the other way round where they count
  /// against: indices into the party's preference part.
  std::vector<std::size_t> statements;
};
std::vector<Concession> concessions(const Conflict& conflict, const Path& path);

struct PathSearch {
  End end = End::Complete;  ///< Complete without a path: there is none
  std::optional<Path> path;
  std::uint64_t states = 0;  ///< states reached
};

/// A shortest path from `start` to a state where `goal` holds; the empty path counts. `avoid` is
/// tested on every state entered, the goal included. Breadth first over rows: about one step per
/// state and mover, except with Will::NotWorse, most_options, or legal with movers that are not
/// surely transitive.
PathSearch shortest_path(RowSpace& space, State start, const std::function<bool(State)>& goal,
                         const PathSettings& settings = {});

/// Of all paths of any moves, one with the fewest unwilling steps, and of those a shortest one.
PathSearch least_concession(RowSpace& space, State start, const std::function<bool(State)>& goal,
                            const PathSettings& settings = {});

/// The same for several goals by one search: one result per goal, in order. Not for `legal` and
/// `most_options`, where each goal has its own search. `all_moves`: a dispute over the same states
/// whose moves unwilling steps are, where it has more of them than the dispute of the space.
std::vector<PathSearch> least_concessions(RowSpace& space, State start,
                                          const std::vector<std::function<bool(State)>>& goals,
                                          const PathSettings& settings = {},
                                          RowSpace* all_moves = nullptr);

/// Where things go if nobody does more than follow his wishes: the terminal strongly connected sets
/// of the graph of all movers' improvements that can be reached from `start`.
struct Drift {
  End end = End::Complete;
  std::uint64_t states = 0;              ///< states reachable by improvements, the start included
  std::vector<std::vector<State>> sets;  ///< ascending; a single state is a resting point, more is
                                         ///< a cycle
  bool start_rests() const { return states == 1; }
};
Drift drift(RowSpace& space, State start, const PathSettings& settings = {});

}  // namespace wayout
