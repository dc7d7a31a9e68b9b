#pragma once
/// @file
/// How far the answer stands, in plain words.

#include <string>

#include "wayout/answer/trust_report.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// Shares with bars and intervals, and what each goal's answer hinges on.
std::string trust_text(const Conflict& conflict, const TrustReport& report, const TextStyle& style);

}  // namespace wayout
