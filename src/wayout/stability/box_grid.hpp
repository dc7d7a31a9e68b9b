#pragma once
/// @file
/// The whole space for every dispute in option form with complete orders and no forbidden moves.

#include <cstdint>
#include <vector>

#include "wayout/base/big_array.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/state_index.hpp"
#include "wayout/stability/tasks.hpp"

namespace wayout {

/// Whether box_verdicts() takes this dispute: option form, complete orders, every mover transitive,
/// and no row with very many classes in one digit (MoverClasses::kMost).
bool takes_boxes(const Conflict& conflict, const StateIndex& space);

/// Memory beside goodness and verdicts, in bytes.
std::uint64_t box_bytes(const Conflict& conflict, const StateIndex& space, std::size_t threads);

/// As plain_verdicts() (plain_grid.hpp), for options of any kind. What movers bring about by
/// any moves is a product over the digits of the index (digit_closure.hpp): Nash, GMR, SMR. For SEQ
/// and SSEQ a box holds the states among which the opponents of a party can shift; it is settled
/// once for each, or takes over what was found in a box that is alike (like_boxes.hpp). Rows are
/// cut into cells, which one-way options, agreements that can be left and what rules tie together
/// put in an order; each cell has a list, worst first, and a pointer that only advances. What a
/// move led to leads to everything below as well, so a cell is entered only where that tells
/// something new. Cost: near-linear; tables of several parties compare points with the best met so
/// far. Memory: 20 bytes a state and the boxes at hand.
std::size_t box_verdicts(const Conflict& conflict, const StateIndex& space,
                         const std::vector<BigArray<std::uint32_t>>& goodness, std::uint8_t asked,
                         const Tasks& tasks, std::vector<BigArray<std::uint8_t>>& stable);

}  // namespace wayout
