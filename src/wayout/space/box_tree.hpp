#pragma once
/// @file
/// Points that are found by a box of coordinates and taken out one by one: a k-d tree with counts.

#include <cstdint>
#include <span>
#include <vector>

namespace wayout {

/// One bound per coordinate: low ≤ x ≤ high, or, where `or_zero`, x = 0 as well.
struct Bound {
  std::int32_t low = INT32_MIN;
  std::int32_t high = INT32_MAX;
  bool or_zero = false;
  bool meets(std::int32_t x) const { return (x >= low && x <= high) || (or_zero && x == 0); }
  bool may_meet(std::int32_t least, std::int32_t most) const {
    return (most >= low && least <= high) || (or_zero && least <= 0 && most >= 0);
  }
};

/// The fixed shape of a tree over `count` points of `dims` coordinates each. Build: n log n.
class BoxTree {
 public:
  BoxTree(std::span<const std::int32_t> coords, std::size_t dims);

  struct Node {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::int32_t left = -1;  ///< the right child follows at left + 1; -1 for a leaf
  };
  const std::vector<Node>& nodes() const { return nodes_; }
  std::span<const std::uint32_t> order() const { return order_; }
  std::int32_t least(std::size_t node, std::size_t dim) const {
    return boxes_[2 * (node * dims_ + dim)];
  }
  std::int32_t most(std::size_t node, std::size_t dim) const {
    return boxes_[2 * (node * dims_ + dim) + 1];
  }
  std::size_t dims() const { return dims_; }

 private:
  void split(std::size_t node, std::span<const std::int32_t> coords);

  std::size_t dims_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> order_;
  std::vector<std::int32_t> boxes_;
};

/// Which points of a BoxTree are still there.
class BoxTreeMarks {
 public:
  explicit BoxTreeMarks(const BoxTree& tree);

  /// Calls `visit(point)` for every point still there within the bounds; where it returns true the
  /// point is taken out. Setting `stop` ends the walk. Points taken out are never met again,
  /// subtrees without points cost nothing.
  template <class Visit>
  void take(const BoxTree& tree, std::span<const std::int32_t> coords,
            std::span<const Bound> bounds, const Visit& visit, const bool& stop) {
    walk(tree, coords, bounds, visit, stop, 0);
  }

 private:
  template <class Visit>
  std::uint32_t walk(const BoxTree& tree, std::span<const std::int32_t> coords,
                     std::span<const Bound> bounds, const Visit& visit, const bool& stop,
                     std::size_t node) {
    if (left_[node] == 0 || stop) return 0;
    const std::size_t dims = tree.dims();
    for (std::size_t d = 0; d < dims; ++d)
      if (!bounds[d].may_meet(tree.least(node, d), tree.most(node, d))) return 0;
    const BoxTree::Node& n = tree.nodes()[node];
    std::uint32_t taken = 0;
    if (n.left >= 0) {
      taken += walk(tree, coords, bounds, visit, stop, static_cast<std::size_t>(n.left));
      taken += walk(tree, coords, bounds, visit, stop, static_cast<std::size_t>(n.left) + 1);
    } else {
      for (std::uint32_t i = n.begin; i < n.end; ++i) {
        if (gone_[i]) continue;
        const std::uint32_t point = tree.order()[i];
        bool inside = true;
        for (std::size_t d = 0; d < dims && inside; ++d)
          inside = bounds[d].meets(coords[point * dims + d]);
        if (!inside || !visit(point)) continue;
        gone_[i] = true;
        ++taken;
      }
    }
    left_[node] -= taken;
    return taken;
  }

  std::vector<std::uint32_t> left_;
  std::vector<bool> gone_;
};

}  // namespace wayout
