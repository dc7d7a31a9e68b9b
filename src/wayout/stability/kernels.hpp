#pragma once
/// @file
/// The loops that run over every state, built twice: for any x86-64 processor and for x86-64-v3.

#include <cstddef>
#include <cstdint>

namespace wayout {

/// What verdict_run compares each state's goodness with. A state is stable where the bound is at
/// most its goodness. Arrays advance with the states, or stand still (`step` 0).
struct VerdictRun {
  const std::int32_t* goodness;
  const std::int32_t* best;  ///< best p can have by its own moves: Nash; with `smr` SMR
  const std::int32_t* seq;   ///< nullptr where not asked
  const std::int32_t* sseq;  ///< nullptr where not asked
  std::int32_t gmr = 0;
  std::int32_t smr = 0;
  std::size_t step = 1;
  std::uint8_t asked = 0;  ///< bits of the concepts asked
};

struct Kernels {
  const char* name;
  /// out = a + b.
  void (*add)(std::uint32_t* out, const std::uint32_t* a, const std::uint32_t* b, std::size_t n);
  /// out = a + c.
  void (*add_one)(std::uint32_t* out, const std::uint32_t* a, std::uint32_t c, std::size_t n);
  /// to = max(to, from).
  void (*raise)(std::int32_t* to, const std::int32_t* from, std::size_t n);
  /// to = min(to, from).
  void (*lower)(std::int32_t* to, const std::int32_t* from, std::size_t n);
  /// Of each two values `stride` apart the lesser, or the greater, in the place of both; `n` is a
  /// multiple of twice the stride.
  void (*lower_pairs)(std::int32_t* values, std::size_t n, std::size_t stride);
  void (*raise_pairs)(std::int32_t* values, std::size_t n, std::size_t stride);
  /// bits |= bit where the bound is at most the value.
  void (*at_most)(std::uint8_t* bits, const std::uint32_t* bound, const std::uint32_t* value,
                  std::uint8_t bit, std::size_t n);
  std::int32_t (*least)(const std::int32_t* a, std::size_t n);
  std::int32_t (*most)(const std::int32_t* a, std::size_t n);
  void (*verdict_run)(const VerdictRun& run, std::uint8_t* out, std::size_t n);
  /// to = to & from.
  void (*both)(std::uint8_t* to, const std::uint8_t* from, std::size_t n);
  /// counts[c] += how many of the bytes have bit c set, for six bits.
  void (*count)(const std::uint8_t* bytes, std::size_t n, std::uint64_t* counts);
  /// For rows of `n` values, `stride` apart, `width` ≤ 16 rows side by side: how many values of the
  /// row are smaller, as bytes (n ≤ 256), laid out as the values are.
  void (*places)(const std::int32_t* values, std::uint8_t* out, std::size_t n, std::size_t stride,
                 std::size_t width);
};

const Kernels& baseline_kernels();
const Kernels& v3_kernels();
/// The fastest that this processor can run.
const Kernels& kernels();
/// For tests: what kernels() returns from now on; nullptr for the automatic choice.
void use_kernels(const Kernels* which);

}  // namespace wayout
