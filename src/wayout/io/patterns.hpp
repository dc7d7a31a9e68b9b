#pragma once
/// @file
/// Patterns over yes/no options: the form in which .gmcr files speak, and how an expression becomes
/// a list of them.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "wayout/base/decimal.hpp"
#include "wayout/model/expression.hpp"

namespace wayout {

/// A conjunction of literals: option k is named where bit k of `mask` is set, and has to be taken
/// where bit k of `value` is set too. Value bits outside the mask are 0.
struct Cube {
  UInt128 mask = 0;
  UInt128 value = 0;
  bool covers(UInt128 state) const { return (state & mask) == value; }
  friend bool operator==(const Cube&, const Cube&) = default;
};

/// The expression as alternatives (disjunctive form), without alternatives that another one covers;
/// empty where it never holds. nullopt where more than `limit` alternatives would be needed on the
/// way, an option has more than two levels, or 50 million comparisons were not enough.
std::optional<std::vector<Cube>> to_cubes(const ExprPool& pool, ExprId expression,
                                          std::size_t limit);

/// Calls `visit` for every state of `options` binary options that no cube covers, in ascending
/// order, the first option fastest, until it returns false. False when `budget` steps were not
/// enough. Cost: a step per partial state, each times the cubes that end there.
bool walk_uncovered(std::size_t options, std::span<const Cube> cubes, std::uint64_t budget,
                    const std::function<bool(UInt128)>& visit);

}  // namespace wayout
