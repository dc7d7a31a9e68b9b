#pragma once
/// @file
/// Ways out and measures held against the reference on one conflict.

#include "properties/judge.hpp"
#include "properties/random_case.hpp"

namespace wayout::properties {

/// The conflict with three random goals.
Parts with_goals(Parts parts, std::uint64_t seed);

/// Exists, clean, the least marks, and the path as its own witness.
std::string judge_ways_out(const Sides& both, std::uint64_t seed);

}  // namespace wayout::properties
