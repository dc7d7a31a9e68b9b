#pragma once
/// @file
/// Who is wrong about what, as JSON. For json*.cpp files only, as json_parts.hpp.

#include "wayout/answer/whole.hpp"
#include "wayout/cli/json_parts.hpp"

namespace wayout::cli {

/// What a party expects of a move that breaks a goal, and what the truth is.
Json surprises_json(const Conflict& conflict, const std::vector<Surprise>& surprises);
/// Steps taken for a gain that is none.
Json mistakes_json(const Conflict& conflict, const std::vector<Mistake>& mistakes);
/// `course`, `surprises` and `missed` of one place of the drift.
Json place_errors_json(const Conflict& conflict, const PlaceErrors& errors, State at);
/// The whole answer with beliefs: the errors of the drift and of each goal, and the parts in which
/// beliefs play no part.
Json perceived_json(const Conflict& conflict, const WholeAnswer& whole);

}  // namespace wayout::cli
