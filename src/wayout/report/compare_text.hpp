#pragma once
/// @file
/// Versions of a dispute side by side, as a table of at most 80 columns.

#include <string>
#include <string_view>
#include <vector>

#include "wayout/answer/compare.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// Blocks of up to three versions, the first one in each; a row in which they differ begins with an
/// asterisk.
std::string compare_text(const std::vector<VersionAnswer>& versions, const TextStyle& style);

/// "content", "deterred", "would_move", "undecided" and so on: the words of the JSON.
std::string_view stand_word(Stand stand);
std::string_view fate_word(Fate fate);
std::string_view goal_word(GoalWord word);

}  // namespace wayout
