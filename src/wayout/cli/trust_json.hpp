#pragma once
/// @file
/// Trust as JSON (docs/json.md, wayout.trust/1 and wayout.trust_risk/1).

#include <string>

#include "wayout/answer/trust_report.hpp"
#include "wayout/answer/trust_risk.hpp"

namespace wayout::cli {

std::string trust_json(const Conflict& conflict, const TrustReport& report);
std::string trust_risk_json(const Conflict& conflict, const TrustRiskReport& report);

}  // namespace wayout::cli
