#pragma once
/// @file
/// Sanctions by listing everything the opponents can lead to, breadth first: for every kind of
/// conflict and every convention.

#include <functional>

#include "wayout/stability/verdict.hpp"

namespace wayout {

/// Judges one improvement of p from s after the other: fills in the answer, returns how the search
/// ended. Shares one limit of states among all of them. Keeps a reference to the space.
std::function<End(Answer&)> listing_judge(RowSpace& space, PartyId p, State s, Concept c,
                                          const VerdictSettings& settings);

}  // namespace wayout
