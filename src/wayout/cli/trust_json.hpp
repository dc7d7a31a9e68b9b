#pragma once
/// @file
/// Trust as JSON (docs/json.md, wayout.trust/1).

#include <string>

#include "wayout/answer/trust_report.hpp"

namespace wayout::cli {

std::string trust_json(const Conflict& conflict, const TrustReport& report);

}  // namespace wayout::cli
