#pragma once
/// @file
/// What can be said of a party's improvements where its moves are too many to list.

#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

struct SomeImprovements {
  std::vector<State> found;  ///< some of R_p^+(s), ascending
  bool none = false;         ///< R_p^+(s) is proved to be empty
};

/// Looks for improvements of p from s that change one option, two options, or are what the best
/// single changes one after the other lead to; where the party's preference is a sum, a bound on it
/// may prove that there are none. Requires option form and s feasible. Cost: at most about 20,000
/// states, and a bound over 65,536 settings.
SomeImprovements some_improvements(const Conflict& conflict, PartyId p, State s,
                                   const Watch& watch = {});

}  // namespace wayout
