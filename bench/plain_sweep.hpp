#pragma once
/// @file
/// The yardstick: the method of docs/semantics.md, section 3, in plain loops on one thread.

#include <array>
#include <cstdint>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout::bench {

/// Verdicts of every state, indexed by the levels read as a binary number.
struct PlainStability {
  std::vector<std::vector<std::uint8_t>> stable;  ///< per party: bit i for concept number i
  std::vector<std::array<std::uint64_t, 5>> stable_total;
  std::array<std::uint64_t, 5> equilibria{};
};

/// The conflicts it takes: binary options, each of one party that moves it both ways; weights; no
/// rules, no tracks.
bool plain_sweep_takes(const Conflict& conflict);

/// Nash, GMR, SMR, SEQ and SSEQ for all parties by butterfly passes over rows and sweeps in sorted
/// rows until nothing changes. Written as one would write it first, and left so.
PlainStability plain_sweep(const Conflict& conflict);

}  // namespace wayout::bench
