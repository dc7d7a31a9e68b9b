#pragma once
/// @file
/// The whole answer in plain words: the eight questions in order, and the claims.

#include <string>

#include "wayout/answer/whole.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// The whole answer as text for a terminal: each part in short, with the command that tells it in
/// full. `limits` names the limits that were in force.
std::string whole_text(const Conflict& conflict, const WholeAnswer& whole, const TextStyle& style,
                       const std::string& limits);

}  // namespace wayout
