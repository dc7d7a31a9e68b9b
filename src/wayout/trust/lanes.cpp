#include "wayout/trust/lanes.hpp"

namespace wayout {
namespace {

const LaneKernels& fastest() {
#if defined(__x86_64__)
  __builtin_cpu_init();
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
