#pragma once
/// @file
/// Ways out and measures held against the reference on one conflict.

#include <optional>

#include "properties/judge.hpp"
#include "properties/random_case.hpp"

namespace wayout::properties {

/// The conflict with three random goals.
Parts with_goals(Parts parts, std::uint64_t seed);

/// Exists, clean, the least marks, and the path as its own witness.
std::string judge_ways_out(const Sides& both, std::uint64_t seed);

/// Whether a clean way out leads to goal number `goal`, by the reference; nullopt where the parts
/// do not build.
std::optional<bool> opens_clean(const Parts& parts, std::size_t goal);

/// The least shifts of preferences for every goal without a clean way, against every quarter step
/// of every weight and every place in every order, each judged by the reference.
std::string judge_shifts(const Parts& parts, bool pairs);

/// The conflict with up to six random measures.
Parts with_random_measures(Parts parts, std::uint64_t seed);

/// The minimal sets of measures against every subset, each judged by the reference.
std::string judge_measures(const Parts& parts);

/// The cheapest set, and the one with fewest measures, against every subset. Requires load_cbc().
std::string judge_cheapest(const Parts& parts);

}  // namespace wayout::properties
