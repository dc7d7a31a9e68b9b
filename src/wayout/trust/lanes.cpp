#include "wayout/trust/lanes.hpp"

namespace wayout {
namespace {

const LaneKernels& fastest() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2"))
    return v4_lane_kernels();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("fma"))
    return v3_lane_kernels();
#endif
  return baseline_lane_kernels();
}

}  // namespace

const LaneKernels& lane_kernels() {
  static const LaneKernels& best = fastest();
  return best;
}

}  // namespace wayout
