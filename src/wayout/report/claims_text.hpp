#pragma once
/// @file
/// Claims in plain words: what was claimed, what came out, and what shows it.

#include <string>

#include "wayout/answer/claims.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// All claims as text for a terminal. With `all`, also the tests on which the outcome does not rest
/// are told with their evidence; otherwise they are named in one line each.
std::string claims_text(const ClaimsAnswer& answer, const TextStyle& style, bool all);

/// "supported", "contradicted", "depends".
std::string_view outcome_word(ClaimOutcome outcome);

/// What a test says, as a sentence without its full stop: "with X: there is a way out for Y".
std::string test_sentence(const Leaf& leaf);

}  // namespace wayout
