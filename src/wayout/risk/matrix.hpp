#pragma once
/// @file
/// Sparse rates: rows of targets with their rates, multiplied by several threads. The same bytes at
/// any number of threads: every row is summed by itself, and sums over rows go by fixed blocks.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace wayout {

/// Off-diagonal entries row by row. n rows; columns may reach beyond n (targets outside).
struct Rows {
  std::vector<std::uint64_t> begin{0};  ///< per row, one more at the end
  std::vector<std::uint32_t> to;
  std::vector<double> rate;
  std::size_t size() const { return begin.size() - 1; }
  std::size_t entries() const { return to.size(); }
};

/// The same entries by target: row t lists the sources. `columns` rows. Cost: linear.
Rows transposed(const Rows& rows, std::size_t columns);

/// Calls `work(begin, end)` for blocks that cover 0 … n-1, on all cores. Blocks are the same at any
/// number of threads; small n is done by the caller.
void in_blocks(std::size_t n, const std::function<void(std::size_t begin, std::size_t end)>& work);

/// Σ over i of value(begin, end) over fixed blocks, added in order.
double sum_blocks(std::size_t n,
                  const std::function<double(std::size_t begin, std::size_t end)>& value);

/// As sum_blocks for several sums at once: `work` adds to its own `width` sums.
std::vector<double> sum_blocks(
    std::size_t n, std::size_t width,
    const std::function<void(std::size_t begin, std::size_t end, std::span<double> sums)>& work);

double dot(std::span<const double> a, std::span<const double> b);
double largest(std::span<const double> a);  ///< max |a_i|

}  // namespace wayout
