#pragma once
/// @file
/// How many threads there may be.

#include <algorithm>
#include <cstddef>
#include <thread>

namespace wayout {

/// As many threads as were asked for, but no more than the machine has processors; 0 asks for all.
/// Results never depend on it. At least 1.
inline int usable_threads(std::size_t asked) {
  const std::size_t all = std::max(1u, std::thread::hardware_concurrency());
  return static_cast<int>(asked == 0 ? all : std::min(asked, all));
}

}  // namespace wayout
