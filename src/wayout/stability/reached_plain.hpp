#pragma once
/// @file
/// Equilibria that improvements lead to, where parties set options of their own freely.

#include <cstdint>
#include <span>

#include "wayout/stability/equilibria.hpp"
#include "wayout/stability/plain_grid.hpp"

namespace wayout {

/// reached_equilibria() over the index of a plain space: the same states in the same order. A row
/// is looked through only when a state of it is opened that its party likes less than all opened
/// there before. Requires table.goodness. Memory: 8 bytes for each state met, a bit for each of the
/// space, and 4 bytes for each row.
ReachedEquilibria reached_plain(const PlainShape& shape, const VerdictTable& table,
                                std::uint64_t from, std::span<const Concept> concepts,
                                const ReachedSettings& settings);

}  // namespace wayout
