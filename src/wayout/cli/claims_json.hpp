#pragma once
/// @file
/// Claims as JSON (docs/json.md, wayout.claims/1).

#include <string>

#include "wayout/answer/claims.hpp"

namespace wayout::cli {

std::string claims_json(const Conflict& base, const ClaimsAnswer& answer);

}  // namespace wayout::cli
