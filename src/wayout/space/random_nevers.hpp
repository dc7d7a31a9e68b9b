#pragma once
/// @file
/// Random `never` rules that leave a given share of all combinations of levels feasible.

#include <cstdint>

#include "wayout/model/parts.hpp"

namespace wayout {

inline constexpr double kLeastDensity = 0.001;

/// How many of all combinations of levels are feasible.
struct Density {
  double share = 1;
  bool exact = true;  ///< counted; else estimated from a sample, give or take 1 to 3 % of itself
};

/// Adds `never` rules, each a conjunction of 2 to 9 plain conditions on different options, until
/// the share of feasible combinations has come down to `density` within 2 % of itself, or as near
/// above it as the options allow. Today's state stays feasible; every rule takes some states away.
/// The share is counted up to 65,536 combinations and estimated from samples of up to 16,384
/// feasible states above that (standard error 1 to 3 %): nothing is enumerated, whatever the number
/// of options. Deterministic in (parts, density, seed). Requires option form and kLeastDensity ≤
/// density ≤ 1. Cost: some ten thousand tests for each rule, up to two million for each new sample.
void random_nevers(Parts& parts, double density, std::uint64_t seed);

/// The share of feasible combinations, counted or estimated in the same way. No option may be
/// disabled.
Density measure_density(const Parts& parts, std::uint64_t seed);

/// The parts with everybody indifferent: enough to ask what is feasible.
Parts without_preferences(Parts parts);

}  // namespace wayout
