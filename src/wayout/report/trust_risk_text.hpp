#pragma once
/// @file
/// How far the risk stands, in plain words.

#include <string>

#include "wayout/answer/trust_risk.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// The spread of the risk over profiles and, where asked for, what it hinges on.
std::string trust_risk_text(const Conflict& conflict, const TrustRiskReport& report,
                            const TextStyle& style);

}  // namespace wayout
