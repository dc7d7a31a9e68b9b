#pragma once
/// @file
/// Simultaneous sanctions (SIM): bounded search, because no near-linear method is known to us.

#include <cstdint>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/rows.hpp"

namespace wayout {

struct Answer;

/// Looks for a combination of one improvement or staying put for each opposing party, all taken
/// from s and not all staying, which together with p's change from s to answer.improvement gives a
/// feasible state that is no better for p than s [FH84]. Parties that change the same joint option
/// all leave it. Tracks take no part. `combinations` is used up as combinations are tried; Limit
/// when it reaches 0. Requires option form.
End sim_answer(RowSpace& space, PartyId p, State s, Answer& answer, std::uint64_t& combinations,
               const Watch& watch);

}  // namespace wayout
