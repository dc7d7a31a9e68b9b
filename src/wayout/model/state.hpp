#pragma once
/// @file
/// A state: a level for every option, packed into up to 128 bits, the first option lowest, so that
/// the order of states as numbers is the mixed-radix order of SEMANTICS. In graph form the top 32
/// bits hold the state's place in the file, and the low bits its labels.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "wayout/base/decimal.hpp"

namespace wayout {

struct State {
  UInt128 bits = 0;

  static constexpr int kNodeShift = 96;
  std::size_t node() const { return static_cast<std::size_t>(bits >> kNodeShift); }

  friend constexpr bool operator==(State a, State b) { return a.bits == b.bits; }
  friend constexpr std::strong_ordering operator<=>(State a, State b) {
    return a.bits < b.bits
               ? std::strong_ordering::less
               : (a.bits == b.bits ? std::strong_ordering::equal : std::strong_ordering::greater);
  }
};

/// Mixes all 128 bits; the same on every machine.
inline std::uint64_t hash_bits(UInt128 bits) {
  std::uint64_t x = static_cast<std::uint64_t>(bits) * 0x9E3779B97F4A7C15ull;
  std::uint64_t y = static_cast<std::uint64_t>(bits >> 64) * 0xC2B2AE3D27D4EB4Full;
  x ^= x >> 32;
  y ^= y >> 29;
  x = (x ^ y) * 0xD6E8FEB86659FD93ull;
  return x ^ (x >> 32);
}

}  // namespace wayout

template <>
struct std::hash<wayout::State> {
  std::size_t operator()(wayout::State s) const { return wayout::hash_bits(s.bits); }
};
