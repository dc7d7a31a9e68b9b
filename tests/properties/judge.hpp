#pragma once
/// @file
/// The engines held against the reference on one conflict.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "wayout/model/conflict.hpp"
#include "wayout/space/rows.hpp"
#include "wayout/stability/reference.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout::properties {

/// One conflict as both sides see it.
struct Sides {
  Conflict conflict;
  reference::ModelPtr model;
  std::vector<State> state;                       ///< the engine's name of the reference's states
  std::unordered_map<State, std::size_t> number;  ///< and back
};

/// Builds both sides, each from its own parts: the same ones unless a fault is to be planted.
/// Errors: what either side says of its parts.
Result<Sides> sides(const Parts& engine, const Parts& reference);
inline Result<Sides> sides(const Parts& parts) { return sides(parts, parts); }
/// A conflict that is built already, and the reference from the parts it names as its own.
Result<Sides> sides(const Conflict& conflict);

/// Each of these returns what differs, "" where nothing does. `seed` picks the states that are
/// looked at where all would be too many.
std::string judge_states(const Sides& both);
std::string judge_preferences(const Sides& both);
std::string judge_moves(const Sides& both);
std::string judge_rows(const Sides& both);
/// What of a single verdict is looked at.
enum class Look { Stable, Clean, Witness };
std::string judge_verdicts(const Sides& both, std::uint64_t seed, Sanctions sanctions, Look look);
/// The same with every setting of the search. Where it looks at fewer states than by default, a
/// verdict may be undecided; what is decided must be right.
std::string judge_verdicts(const Sides& both, std::uint64_t seed, const VerdictSettings& settings,
                           Look look);
std::string judge_full(const Sides& both, Sanctions sanctions);
std::string judge_holding(const Sides& both, std::uint64_t seed);
std::string judge_paths(const Sides& both, std::uint64_t seed);

/// A state as a person reads it: its levels, or its number.
std::string show(const Sides& both, std::size_t s);

}  // namespace wayout::properties
