#pragma once
/// @file
/// What would have to be true for the risk to be below a level, one input at a time.

#include <optional>
#include <vector>

#include "wayout/risk/chain.hpp"
#include "wayout/risk/transient.hpp"

namespace wayout {

struct Need {
  std::size_t input = 0;
  std::optional<double> value;  ///< where P = level, the nearest found; none: no value reaches it
  double probability = 0;       ///< at `value`; else at the end of the range tried that is lowest
};

/// For each input with a derivative, the value at which P(target by horizon) meets `level`, all
/// else as it is. Tried from 0 to 1,000 times the value (rationality: 0 to 20), by bisection on a
/// bracket between the present value and the end that the derivative points to; where P is not
/// monotone between them another crossing may be nearer. Tolerance 1e-6 of the value. Cost: about
/// 20 passes through time for each input.
std::vector<Need> needed(ConflictChain& model, const Target& target, double horizon, double level,
                         std::span<const double> slopes, const Watch& watch = {});

}  // namespace wayout
