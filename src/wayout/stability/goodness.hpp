#pragma once
/// @file
/// How good every state of a space is for a party.

#include <cstdint>

#include "wayout/base/big_array.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/state_index.hpp"
#include "wayout/stability/tasks.hpp"

namespace wayout {

/// Fills `out`, one entry per state by index, with dense classes, 0 for the worst, and returns how
/// many classes there are. Scores are built up along the index: terms that depend on slow digits
/// only are added once for many states. Exact. Requires weak_order(p). Cost: a few additions a
/// state; memory: 4 bytes a state, 8 more where the scores of one word do not fit in 32 bits. Where
/// the tasks are stopped the result means nothing.
std::uint32_t goodness(const Conflict& conflict, const StateIndex& space, PartyId p,
                       const Tasks& tasks, BigArray<std::uint32_t>& out);

}  // namespace wayout
