#pragma once
/// @file
/// Suspicious spots of a case that has no fault.

#include "wayout/base/error.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {

/// What is allowed and probably not meant: a rule that never applies, a statement always true or
/// always false, a measure that changes nothing, two parties with the same preference, a track that
/// can never agree, a goal that is infeasible. Told only where true in the base case and under
/// every single variant and measure. A question that the search could not settle within its budget
/// brings no warning. Requires a case without faults (check()). Cost: one build and a few searches
/// for each variant and measure.
Errors warnings(const Parts& file, const Watch& watch = {});

}  // namespace wayout
