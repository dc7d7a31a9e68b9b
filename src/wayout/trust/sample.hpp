#pragma once
/// @file
/// Profiles: the same dispute with every uncertain input drawn anew.

#include <cstdint>
#include <span>
#include <vector>

#include "wayout/trust/inputs.hpp"

namespace wayout {

/// The value of every input, in the order of the list of inputs: units of 10^-places, or the number
/// of the choice.
using Draws = std::vector<std::int64_t>;

/// Draws profiles of one conflict. Immutable after construction: threads may share it. Profile k of
/// seed S is a function of S, k and the keys of the inputs alone, so an input more or less leaves
/// the draws of all others as they were.
class Sampler {
 public:
  explicit Sampler(const Conflict& conflict);

  const Conflict& conflict() const { return conflict_; }
  const std::vector<Input>& inputs() const { return inputs_; }

  /// The inputs as a plain run has them; where the middle is no grid point, the nearest one below.
  Draws plain() const;
  std::int64_t plain_of(std::size_t input) const { return plain_[input]; }
  /// Profile `replicate`. Levels of the status quo are drawn together until it is feasible, at most
  /// 64 times; after that it is the one of the file.
  Draws draw(std::uint64_t seed, std::uint64_t replicate) const;
  /// As draw(), into `out` (size: inputs) and without memory of its own.
  void draw(std::uint64_t seed, std::uint64_t replicate, std::span<std::int64_t> out) const;

  /// An input's value as a number; Order and StatusQuo: the choice.
  Decimal number(std::size_t input, std::int64_t units) const;

  /// The parts of the conflict with these values. An input that stands as in a plain run is left as
  /// it is written, so that parts(plain()) is the case itself. The last of several shares is what
  /// the others leave of 1, and a share takes no more than is left.
  Parts parts(std::span<const std::int64_t> draws) const;
  /// The conflict with these values, its status quo feasible or a fault. Cost: one build.
  Result<Conflict> profile(std::span<const std::int64_t> draws) const;
  Result<Conflict> profile(std::uint64_t seed, std::uint64_t replicate) const;

  /// Today's state under these draws; nullopt without one.
  std::optional<State> status_quo(std::span<const std::int64_t> draws) const;

 private:
  Conflict conflict_;
  std::vector<Input> inputs_;
  std::vector<std::int64_t> plain_;
  std::vector<std::size_t> now_;  ///< the inputs of kind StatusQuo
  struct NowLevels {
    OptionId option;
    std::vector<int> levels;  ///< by choice
  };
  std::vector<NowLevels> now_levels_;
};

}  // namespace wayout
