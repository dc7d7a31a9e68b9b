#pragma once
/// @file
/// Where no measure helps: which preferences would have to shift, or why nothing can.

#include <vector>

#include "wayout/change/search.hpp"

namespace wayout {

/// One statement that counts less than it does today.
struct Shift {
  PartyId party;
  std::size_t statement = 0;  ///< index into the party's preference part
  bool only_vital = false;    ///< it may be traded, and keeps its weight; else it counts no more
};

struct Inverse {
  End end = End::Complete;
  std::size_t most = 0;  ///< shifts in one set, up to which every set was tried
  /// No feasible state meets the goal: `rules` exclude it, none of which can be left out, and no
  /// shift was tried. Empty rules: the condition contradicts itself.
  bool impossible = false;
  RuleConflict rules;
  /// Minimal by inclusion: sets of shifts that open a way without a mark; the smallest first.
  std::vector<std::vector<Shift>> sets;
};

/// The least shifts of preferences, by statements, that open a clean way for a goal in the dispute
/// as it is given: vital marks dropped and statements dropped, singly and then in pairs. Unanimous
/// preferences, rankings and additive values are left as they are. Cost: one build and one
/// ways_out() for each set.
Inverse least_shifts(const Conflict& conflict, std::size_t goal,
                     const SearchSettings& settings = {});

}  // namespace wayout
