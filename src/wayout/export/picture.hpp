#pragma once
/// @file
/// A picture of states and moves as plain data, before it becomes DOT or anything else that is
/// drawn.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

enum class NodeRole { Plain, StatusQuo, Goal, Catastrophe };
enum class EdgeKind {
  Improvement,  ///< the mover wants it
  Move,         ///< the mover could, and does not want to
  Hazard        ///< nobody's choice
};

struct GraphPicture {
  struct Node {
    std::string label;               ///< what holds there, short
    std::vector<std::string> marks;  ///< lines under the label: "now", "stable: SEQ"
    NodeRole role = NodeRole::Plain;
  };
  struct Edge {
    std::size_t from = 0;
    std::size_t to = 0;
    std::size_t mover = 0;  ///< index into `movers`
    EdgeKind kind = EdgeKind::Improvement;
  };
  struct Mover {
    std::string name;
    bool track = false;
  };
  std::string title;
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::vector<Mover> movers;  ///< parties first; hazards, where drawn, as further movers
  std::size_t left_out = 0;   ///< states that the picture does not show
};

/// What a state is, in few words: the options above their first level by name (`name: level` where
/// there are more than two), "nothing" where there is none, at most `most` of them and then how
/// many more. In graph form the state's name, or its labels.
std::string short_label(const Conflict& conflict, State s, std::size_t most = 6);

struct PictureSettings {
  static constexpr std::size_t kMostStates = 1000;
  /// At most this many of the listed states are drawn, the first ones; never more than kMostStates.
  std::size_t most_states = 200;
  bool unwilling_moves = false;  ///< also moves that the mover does not want
};

/// A state to draw, what to write in front of its label ("17") and under it.
struct PictureState {
  State state;
  std::string number;
  std::vector<std::string> marks;
  NodeRole role = NodeRole::Plain;
};

/// The listed states and the moves among them, as improvements or, where asked for, all moves.
/// States must be feasible; the one of today gets its role by itself. Determinism: nodes as listed,
/// edges by state, mover, target. Cost: movers × drawn states².
GraphPicture picture_of(const Conflict& conflict, std::span<const PictureState> states,
                        const PictureSettings& settings = {});

}  // namespace wayout
