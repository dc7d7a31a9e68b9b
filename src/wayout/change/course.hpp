#pragma once
/// @file
/// Courses of willing steps that carry no mark, or only some. For the change room.

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/reach/paths.hpp"
#include "wayout/space/rows.hpp"

namespace wayout {

/// What a course may not do.
struct CourseSettings {
  /// Every option moves only away from its level at the start (option form).
  bool one_way = true;
  /// Goes on only from states where no party is below the start.
  bool none_below = true;
  const Conflict* below = nullptr;   ///< whose preferences say so; nullptr: those of the space
  std::function<bool(State)> avoid;  ///< states not to be entered; the start is not tested
  /// A step must satisfy this too, where given.
  std::function<bool(MoverId, State, State)> step;
  std::size_t most_states = std::size_t{1} << 23;
  Watch watch;
};

/// Every state that courses of improvements lead to within those bounds, in the order met: nearest
/// first. Each move is listed, so this is for the few states that such bounds leave.
class Courses {
 public:
  Courses(RowSpace& space, State start, CourseSettings settings);

  End end() const { return end_; }
  std::size_t size() const { return nodes_.size(); }
  State state(std::size_t node) const { return nodes_[node].state; }
  Path path(std::size_t node) const;

 private:
  struct Node {
    State state;
    std::uint32_t parent;
    MoverId mover;
  };
  void run();

  RowSpace* space_;
  State start_;
  CourseSettings settings_;
  End end_ = End::Complete;
  std::vector<Node> nodes_;
};

/// t moves every option that changes from s to t further away from its level at `start`.
bool moves_away(const Conflict& conflict, State start, State s, State t);

}  // namespace wayout
