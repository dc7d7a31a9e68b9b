#pragma once
/// @file
/// The boxes of a cut in an order that puts those side by side in which every mover sees the same.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wayout/stability/box_cut.hpp"

namespace wayout {

/// Two boxes are alike where their states differ only in options that stand still in both, and what
/// these add to a mover's score is the same all along each of its rows: no term of its preference
/// names such an option together with one that the mover can change, and no link does. Then every
/// row has the same order in both boxes, and so do the sets of improvements. Memory: 16 bytes a
/// box.
class LikeBoxes {
 public:
  LikeBoxes(const Conflict& conflict, const StateIndex& space, const BoxCut& cut,
            std::span<const MoverId> movers);

  /// Whole families where they are small; long ones are split.
  std::size_t tasks() const { return begin_.size() - 1; }
  /// Calls body(box, alike) for the boxes of one task; alike: to the one before.
  void run(std::size_t task, const std::function<void(std::uint64_t, bool)>& body) const;

 private:
  std::vector<std::uint64_t> boxes_;
  std::vector<bool> alike_;
  std::vector<std::size_t> begin_;
};

}  // namespace wayout
