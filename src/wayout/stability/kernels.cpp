#include "wayout/stability/kernels.hpp"

#include <atomic>

namespace wayout {
namespace {

std::atomic<const Kernels*> chosen{nullptr};

const Kernels& fastest() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("fma"))
    return v3_kernels();
#endif
  return baseline_kernels();
}

}  // namespace

const Kernels& kernels() {
  if (const Kernels* forced = chosen.load()) return *forced;
  static const Kernels& best = fastest();
  return best;
}

void use_kernels(const Kernels* which) { chosen.store(which); }

}  // namespace wayout
