#pragma once
/// @file
/// What could ever come about: for each option a set of levels that holds every level it can reach,
/// found without a search of states. What these sets exclude is impossible; what they allow may be.

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// One set of levels per option, bit l for level l.
using LevelSets = std::vector<std::uint64_t>;

/// Whether an expression can be true, and can be false, at some state whose levels lie in the sets.
/// May say yes to both where only one is so.
struct MayBe {
  bool yes = true;
  bool no = true;
};
MayBe may_be(const Conflict& conflict, ExprId e, const LevelSets& levels);
MayBe may_be(const Conflict& conflict, const Condition& condition, const LevelSets& levels);

/// What a statement of a party is worth, in points, at least and at most.
using Worth = std::function<std::pair<double, double>(PartyId, std::size_t statement)>;

/// The levels that moves from `start` can bring about, at most. Without `worth` every move counts;
/// with it only moves that may be improvements for each member of the mover, judged by what its
/// statements are worth (only method weights; others may want anything). Sound: every state that
/// such moves lead to lies in the sets. Option form only. Cost: for each level that is not there
/// yet, one pass over the rules and statements that concern its movers; for small tables one for
/// each pair of settings.
LevelSets possible_levels(const Conflict& conflict, State start, const Worth& worth = {});

/// The worth that a plain run gives: both ends the same.
Worth plain_worth(const Conflict& conflict);
/// Between the ends of the ranges, plain numbers moved by [trust] spread.
Worth ranged_worth(const Conflict& conflict);

}  // namespace wayout
