#pragma once
/// @file
/// SIM over the whole space, for disputes in which parties set options of their own freely.

#include <cstdint>
#include <utility>
#include <vector>

#include "wayout/stability/plain_grid.hpp"

namespace wayout {

/// Sets the bit of SIM in stable[p][x] wherever x is stable for p. In such a space a combination of
/// changes is a sum of offsets in the index, so that each one tried is one look-up of p's goodness;
/// an improvement into a box whose every state is better for p than x is met by nothing. Verdicts
/// for which `most` combinations do not do are returned as (party, state), ascending by party, then
/// state. Where `tasks` were stopped, states not reached have no verdict: the caller looks. Cost:
/// the combinations tried, at most `most` for a verdict.
std::vector<std::pair<PartyId, std::uint64_t>> plain_sim(
    const PlainShape& shape, const std::vector<BigArray<std::uint32_t>>& goodness,
    std::uint64_t most, const Tasks& tasks, std::vector<BigArray<std::uint8_t>>& stable);

}  // namespace wayout
