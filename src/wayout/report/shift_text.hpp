#pragma once
/// @file
/// Shifts of preferences in plain words.

#include <string>
#include <vector>

#include "wayout/change/inverse.hpp"

namespace wayout {

/// "Party: "statement" weighs 2 instead of 5". `conflict` is the dispute that the shift is of.
std::string shift_words(const Conflict& conflict, const Shift& shift);

/// A set of shifts, joined; also in the answer's own sentences.
std::string shift_words(const Conflict& conflict, const ShiftSet& set);

/// How far the search for shifts went, where it was completed: "no shift of one or two …".
std::string shift_effort_words(const Inverse& inverse);

/// What would have to shift, or why nothing can, as paragraphs: a verdict first, then the sets.
/// `limits` names the limits in force; at most `listed` sets are told.
std::vector<std::string> shift_paragraphs(const Inverse& inverse, std::size_t listed,
                                          const std::string& limits);

}  // namespace wayout
