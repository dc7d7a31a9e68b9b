#pragma once
/// @file
/// Breadth-first search over moves or improvements of some movers.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "wayout/space/rows.hpp"

namespace wayout {

struct ClosureSettings {
  std::vector<MoverId> movers;
  Ask ask = Ask::Improvements;  ///< which moves: Improvements, NotWorse or Moves
  /// No mover moves twice in a row: the search runs over (state, last mover). Where every mover is
  /// transitive the rule changes no end, and the plain search is used.
  bool legal = false;
  /// States not to be entered; the start is not tested.
  std::function<bool(State)> avoid;
  /// A move that must not come first, tested at the start only.
  std::function<bool(MoverId, State)> not_first;
  std::size_t most_states = std::size_t{1} << 24;  ///< states in the table, rows listed along the
                                                   ///< way included
  Watch watch;
};

/// What a search has met, in the order it met it; the first node is the start.
class Closure {
 public:
  struct Node {
    StateNumber state = 0;
    std::uint32_t parent = 0;  ///< index of the node it was reached from; the start's own index for
                               ///< the start
    std::uint16_t mover = 0;
    std::uint32_t steps = 0;
  };
  enum class Next { Go, Stop };

  Closure(RowSpace& space, ClosureSettings settings);

  /// Searches from `start`, calling `met(index into nodes())` for every new node (the start
  /// excluded) until it returns Stop. Ends: Complete (everything met, or stopped by `met`), Limit,
  /// Cancelled.
  End run(State start, const std::function<Next(std::uint32_t)>& met);

  const std::vector<Node>& nodes() const { return nodes_; }
  State state(std::uint32_t node) const { return space_->table()[nodes_[node].state]; }
  bool stopped() const { return stopped_; }
  /// Nodes from the start to `node`, both included.
  std::vector<std::uint32_t> path(std::uint32_t node) const;
  /// The first node of a state, if it was met.
  std::optional<std::uint32_t> node_of(StateNumber s) const;

 private:
  void reach(std::uint32_t from, MoverId mover, StateNumber t,
             const std::function<Next(std::uint32_t)>& met);

  RowSpace* space_;
  ClosureSettings settings_;
  Sweep sweep_;
  std::vector<Node> nodes_;
  FlatMap first_;               ///< state → first node
  std::vector<bool> reopened_;  ///< per node: its state was met again by another mover (legal
                                ///< searches)
  bool stopped_ = false;
};

}  // namespace wayout
