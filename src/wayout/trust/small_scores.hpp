#pragma once
/// @file
/// The preferences of a small dispute as linear forms over its uncertain inputs: what a profile
/// changes, and nothing else, is computed again.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wayout/trust/drawn_weights.hpp"

namespace wayout {

/// A set of at most 64 states.
using StateMask = std::uint64_t;
inline constexpr std::size_t kMostSmallStates = 64;

/// One party's order of the states, as a function of the draws. Scores are the exact whole numbers
/// of build(), over a scale that does not depend on the draws.
class SmallScores {
 public:
  /// nullopt where this way of computing is not made for it: a unanimous preference, or weights so
  /// large or fine that a sum might leave 64 bits for some draw. Keeps no reference.
  static std::optional<SmallScores> compile(const Sampler& sampler, PartyId p,
                                            std::span<const State> states);

  /// Scores of all states: higher is better, `head` before `tail`. Both have a place per state.
  void scores(std::span<const std::int64_t> draws, std::span<std::int64_t> head,
              std::span<std::int64_t> tail) const;
  /// No draw changes them.
  bool fixed() const { return fixed_; }

 private:
  struct Term {
    StateMask where = 0;
    bool vital = false;
    std::uint32_t from = 0;  ///< weights: the statement; additive: into levels_
  };
  struct Moved {
    std::int32_t input = 0;
    std::uint32_t statement = 0;
    std::uint32_t before = 0;
  };
  class Compiler;

  void weigh(std::span<const std::int64_t> draws, std::span<std::int64_t> head,
             std::span<std::int64_t> tail) const;
  void refine(std::span<const std::int64_t> draws, std::span<std::int64_t> head) const;

  bool fixed_ = false;
  std::vector<std::int64_t> fixed_head_;
  std::vector<std::int64_t> fixed_tail_;
  // Weights and additive.
  std::optional<DrawnWeights> weights_;
  std::vector<DrawnNumber> levels_;
  std::vector<Term> terms_;
  // Priorities.
  bool priorities_ = false;
  std::vector<StateMask> statements_;
  std::vector<bool> vital_;
  std::vector<Moved> moved_;
};

}  // namespace wayout
