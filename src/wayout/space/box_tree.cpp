#include "wayout/space/box_tree.hpp"

#include <algorithm>
#include <numeric>

namespace wayout {
namespace {

constexpr std::uint32_t kLeaf = 12;

}  // namespace

BoxTree::BoxTree(std::span<const std::int32_t> coords, std::size_t dims) : dims_(dims) {
  const std::size_t count = dims == 0 ? 0 : coords.size() / dims;
  order_.resize(count);
  std::iota(order_.begin(), order_.end(), 0u);
  nodes_.push_back({0, static_cast<std::uint32_t>(count), -1});
  boxes_.resize(2 * dims);
  for (std::size_t node = 0; node < nodes_.size(); ++node) split(node, coords);
}

void BoxTree::split(std::size_t node, std::span<const std::int32_t> coords) {
  const Node n = nodes_[node];
  // Digits (few values) are cut first, at a value, so that a subtree has one level of each; then
  // the widest coordinate at its median.
  constexpr std::int64_t kDigit = 63;
  std::size_t chosen = 0;
  std::int64_t chosen_width = 0;
  std::int32_t cut = 0;
  for (std::size_t d = 0; d < dims_; ++d) {
    std::int32_t least = INT32_MAX;
    std::int32_t most = INT32_MIN;
    for (std::uint32_t i = n.begin; i < n.end; ++i) {
      const std::int32_t x = coords[order_[i] * dims_ + d];
      least = std::min(least, x);
      most = std::max(most, x);
    }
    boxes_[2 * (node * dims_ + d)] = least;
    boxes_[2 * (node * dims_ + d) + 1] = most;
    const std::int64_t width = std::int64_t{most} - least;
    if (width <= 0) continue;
    const bool digit = width <= kDigit;
    const bool chosen_digit = chosen_width > 0 && chosen_width <= kDigit;
    if (chosen_width == 0 || (digit && (!chosen_digit || width < chosen_width)) ||
        (!digit && !chosen_digit && width > chosen_width)) {
      chosen_width = width;
      chosen = d;
      cut = least + static_cast<std::int32_t>(width / 2);
    }
  }
  if (n.end - n.begin <= kLeaf || chosen_width == 0) return;
  const auto begin = order_.begin() + n.begin;
  const auto end = order_.begin() + n.end;
  std::uint32_t middle = n.begin + (n.end - n.begin) / 2;
  if (chosen_width <= kDigit) {
    const auto at = std::stable_partition(
        begin, end, [&](std::uint32_t a) { return coords[a * dims_ + chosen] <= cut; });
    middle = static_cast<std::uint32_t>(at - order_.begin());
  } else {
    std::nth_element(begin, order_.begin() + middle, end, [&](std::uint32_t a, std::uint32_t b) {
      const std::int32_t x = coords[a * dims_ + chosen];
      const std::int32_t y = coords[b * dims_ + chosen];
      return x != y ? x < y : a < b;
    });
  }
  nodes_[node].left = static_cast<std::int32_t>(nodes_.size());
  nodes_.push_back({n.begin, middle, -1});
  nodes_.push_back({middle, n.end, -1});
  boxes_.resize(2 * dims_ * nodes_.size());
}

BoxTreeMarks::BoxTreeMarks(const BoxTree& tree) : gone_(tree.order().size(), false) {
  left_.reserve(tree.nodes().size());
  for (const auto& n : tree.nodes()) left_.push_back(n.end - n.begin);
}

}  // namespace wayout
