#include "wayout/risk/matrix.hpp"

#include <algorithm>
#include <cmath>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace wayout {
namespace {

constexpr std::size_t kBlock = 4096;  ///< rows; below two blocks threads cost more than they bring

}  // namespace

Rows transposed(const Rows& rows, std::size_t columns) {
  Rows out;
  out.begin.assign(columns + 1, 0);
  for (const std::uint32_t t : rows.to) ++out.begin[t + 1];
  for (std::size_t t = 0; t < columns; ++t) out.begin[t + 1] += out.begin[t];
  out.to.resize(rows.entries());
  out.rate.resize(rows.entries());
  std::vector<std::uint64_t> at(out.begin.begin(), out.begin.end() - 1);
  for (std::size_t s = 0; s < rows.size(); ++s)
    for (std::uint64_t e = rows.begin[s]; e < rows.begin[s + 1]; ++e) {
      const std::uint64_t place = at[rows.to[e]]++;
      out.to[place] = static_cast<std::uint32_t>(s);
      out.rate[place] = rows.rate[e];
    }
  return out;
}

void in_blocks(std::size_t n, const std::function<void(std::size_t, std::size_t)>& work) {
  if (n < 2 * kBlock) {
    if (n > 0) work(0, n);
    return;
  }
  const std::size_t blocks = (n + kBlock - 1) / kBlock;
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, blocks, 1),
                    [&](const tbb::blocked_range<std::size_t>& range) {
                      for (std::size_t b = range.begin(); b < range.end(); ++b)
                        work(b * kBlock, std::min(n, (b + 1) * kBlock));
                    });
}

double sum_blocks(std::size_t n, const std::function<double(std::size_t, std::size_t)>& value) {
  const std::size_t blocks = (n + kBlock - 1) / kBlock;
  if (blocks <= 1) return n == 0 ? 0 : value(0, n);
  std::vector<double> part(blocks, 0);
  tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t b) {
    part[b] = value(b * kBlock, std::min(n, (b + 1) * kBlock));
  });
  double sum = 0;
  for (const double p : part) sum += p;
  return sum;
}

std::vector<double> sum_blocks(
    std::size_t n, std::size_t width,
    const std::function<void(std::size_t, std::size_t, std::span<double>)>& work) {
  const std::size_t blocks = std::max<std::size_t>(1, (n + kBlock - 1) / kBlock);
  std::vector<double> parts(blocks * width, 0);
  const auto one = [&](std::size_t b) {
    work(b * kBlock, std::min(n, (b + 1) * kBlock), std::span(parts).subspan(b * width, width));
  };
  if (blocks == 1) {
    if (n > 0) one(0);
  } else {
    tbb::parallel_for(std::size_t{0}, blocks, one);
  }
  std::vector<double> out(width, 0);
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t i = 0; i < width; ++i) out[i] += parts[b * width + i];
  return out;
}

double dot(std::span<const double> a, std::span<const double> b) {
  return sum_blocks(a.size(), [&](std::size_t begin, std::size_t end) {
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += a[i] * b[i];
    return sum;
  });
}

double largest(std::span<const double> a) {
  double most = 0;
  for (const double x : a) most = std::max(most, std::abs(x));
  return most;
}

}  // namespace wayout
