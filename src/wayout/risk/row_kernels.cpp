#include "wayout/risk/row_kernels.hpp"

namespace wayout {

const RowKernels& row_kernels() {
#if defined(__x86_64__)
  static const bool v3 = [] {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("fma");
  }();
  if (v3) return v3_row_kernels();
#endif
  return baseline_row_kernels();
}

}  // namespace wayout
