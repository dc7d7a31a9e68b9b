#pragma once
/// @file
/// How far the answer stands, in plain words.

#include <string>

#include "wayout/answer/trust_report.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// Shares with bars and intervals, and what each goal's answer hinges on.
std::string trust_text(const Conflict& conflict, const TrustReport& report, const TextStyle& style);

/// The value of an input as a person reads it: a number, or what a choice means.
std::string input_value(const Conflict& conflict, const Input& input, std::int64_t drawn);

}  // namespace wayout
