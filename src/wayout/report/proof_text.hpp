#pragma once
/// @file
/// Plain words for how it is known that nothing answers an improvement.

#include <string>

#include "wayout/stability/verdict.hpp"

namespace wayout {

/// "No answer that the others would want to give leaves Upstream ministry no better off than before
/// (12 states looked at).", or, where that was proved without listing answers, how. Requires an
/// answer that is not sanctioned.
std::string proof_sentence(const Conflict& conflict, PartyId p, Concept c, const Answer& answer);

/// What a hollow mark says of a sanctioned improvement; "" without the mark.
std::string hollow_sentence(const Answer& answer);

/// What a stable verdict is worth without hollow answers; "" where it is worth the same.
std::string without_hollow_sentence(const Verdict& verdict);

}  // namespace wayout
