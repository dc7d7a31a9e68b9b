#pragma once
/// @file
/// The efficient ones among a stream of outcomes.

#include <cstdint>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// Keeps, of all outcomes put in, the values that no other one dominates (as good in every order
/// and better in one), how many outcomes share each value, and one outcome for each: the one that
/// changes fewest options, then the lowest. Memory: the front and a batch. Cost: sorting, plus each
/// value against the part of the front that could dominate it.
class Front {
 public:
  explicit Front(std::size_t orders, std::size_t batch = std::size_t{1} << 17);
  void put(const std::vector<Score>& value, State s, int changed);

  struct Entry {
    std::vector<Score> value;
    State state;
    int changed = 0;
    std::uint64_t count = 1;
  };
  /// The front, best in the first order first.
  std::vector<Entry> take();

 private:
  void settle();

  std::size_t orders_;
  std::size_t batch_;
  std::vector<Entry> entries_;  ///< the settled front, then what came since
  std::size_t settled_ = 0;
};

/// The distinct values of one order that came up, lowest first.
class Classes {
 public:
  void put(const Score& value);
  const std::vector<Score>& sorted();

 private:
  void settle();
  std::vector<Score> values_;
  std::size_t settled_ = 0;
};

}  // namespace wayout
