#pragma once
/// @file
/// The loops that run over every transition of a chain, built twice: for any x86-64 processor and
/// for x86-64-v3. Nothing is fused or reordered, so both give the same bytes.

#include <cstddef>
#include <cstdint>

namespace wayout {

/// One step backwards, y ← P v, for `width` values side by side.
struct BackwardRun {
  const std::uint64_t* begin = nullptr;  ///< rows of transitions
  const std::uint32_t* to = nullptr;
  const double* rate = nullptr;
  const double* gain = nullptr;  ///< [state × width], see BackwardStep
  const double* keep = nullptr;
  const std::uint8_t* fixed = nullptr;  ///< bit c: column c stands still here
  const std::uint8_t* one = nullptr;    ///< bit c: and is worth `outcome`
  const double* v = nullptr;
  double* y = nullptr;
  double scale = 0;  ///< 1 / Λ
  double outcome = 0;
};

/// One mover's menus, as MenuBook keeps them.
struct MenuRun {
  const std::size_t* first = nullptr;
  const double* probability = nullptr;
  const double* slope = nullptr;
  double tempo = 0;
};

/// The same step, and on the way what derivatives are made of, with x the forward vector.
struct SlopeRun {
  BackwardRun step;                      ///< all columns are fixed at the same states
  const std::uint32_t* menus = nullptr;  ///< [state × movers + mover]; kNoState: none
  const MenuRun* movers = nullptr;
  std::size_t mover_count = 0;
  const double* stay = nullptr;  ///< [state × width]: 1 − (rates into outcomes) / Λ
  const double* x = nullptr;
  double* spent = nullptr;   ///< [state] += x · outcome
  double* within = nullptr;  ///< [state × width] += x · v
  double* turned = nullptr;  ///< [(state × hazards that assign + k) × width] += x · (v there −
                             ///< here)
  std::size_t assigning = 0;  ///< hazards that assign
  double* sums = nullptr;     ///< [2 × mover × width]: acting, then rationality
};

struct RowKernels {
  const char* name;
  /// By log2 of the width: 1, 2, 4, 8.
  void (*backward[4])(const BackwardRun& run, std::size_t begin, std::size_t end);
  void (*slopes[4])(const SlopeRun& run, std::size_t begin, std::size_t end);
};

const RowKernels& baseline_row_kernels();
const RowKernels& v3_row_kernels();
/// The fastest that this processor can run.
const RowKernels& row_kernels();

}  // namespace wayout
