#pragma once
/// @file
/// 64 profiles side by side: what differs from profile to profile is one number for each, and a
/// question that is true of some of them has a word of 64 bits for its answer.

#include <array>
#include <cstddef>
#include <cstdint>

namespace wayout {

/// A set of profiles of one block: bit k for the k-th.
using LaneMask = std::uint64_t;
inline constexpr std::size_t kLanes = 64;

/// One whole number for each profile of a block.
struct alignas(64) Lanes {
  std::array<std::int64_t, kLanes> at{};
  Lanes& operator+=(const Lanes& other) {
    for (std::size_t k = 0; k < kLanes; ++k) at[k] += other.at[k];
    return *this;
  }
};

/// The loops over lanes, built for any x86-64 processor, for x86-64-v3 and for x86-64-v4.
struct LaneKernels {
  const char* name;
  /// out[i]: the profiles in which values[i] > here.
  void (*above)(const Lanes* values, const Lanes& here, LaneMask* out, std::size_t n);
  /// out[i]: the profiles in which values[i] = here.
  void (*same)(const Lanes* values, const Lanes& here, LaneMask* out, std::size_t n);
  /// to = to + from.
  void (*add)(Lanes& to, const Lanes& from);
  /// to = from in the profiles of `lanes`.
  void (*blend)(Lanes& to, const Lanes& from, LaneMask lanes);
};

const LaneKernels& baseline_lane_kernels();
const LaneKernels& v3_lane_kernels();
const LaneKernels& v4_lane_kernels();
/// The fastest that this processor can run.
const LaneKernels& lane_kernels();

}  // namespace wayout
