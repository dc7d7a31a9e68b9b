#pragma once
/// @file
/// Faults and warnings as text for people.

#include <string>
#include <string_view>

#include "wayout/base/error.hpp"

namespace wayout {

/// Each error as
///
///     river.toml:12:7: fault: 'patrolls' is no option and no [[define]]
///        12 | when = "patrolls == massed"
///           |         ^~~~~~~~
///     hint: did you mean 'patrols'?
///
/// with a blank line between two. `text` is the file that the errors are about: lines are shown of
/// errors that have a line. Long lines are cut to what stands around the place, control characters
/// are not let through. With `colour`, ANSI colours. Cost: linear in the text and the errors.
std::string render_errors(const Errors& errors, std::string_view text, bool colour = false);

/// How many columns a text takes on a terminal: 2 for wide characters, 0 for combining ones.
std::size_t display_width(std::string_view text);

}  // namespace wayout
