#pragma once
/// @file
/// What shows that a claim's test is true or false, in sentences.

#include <string>
#include <vector>

#include "wayout/answer/claims.hpp"

namespace wayout {

/// One sentence or a few on each line, without wrapping.
std::vector<std::string> evidence_lines(const Leaf& leaf);

}  // namespace wayout
