#pragma once
/// @file
/// Smallest hitting sets. For this room only.

#include <cstdint>
#include <optional>
#include <vector>

namespace wayout {

/// A smallest set of elements that meets every one of `sets` and contains none of `blocked`; of
/// several the first found in a fixed order. Elements are numbers; sets are sorted. nullopt where
/// there is none. `budget` (branches) is counted down; where it reaches 0 the answer is nullopt and
/// not proved.
std::optional<std::vector<std::size_t>> smallest_hitting_set(
    const std::vector<std::vector<std::size_t>>& sets,
    const std::vector<std::vector<std::size_t>>& blocked, std::uint64_t& budget);

}  // namespace wayout
