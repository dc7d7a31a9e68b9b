#pragma once
/// @file
/// The whole answer as JSON (docs/json.md, wayout.answer/1).

#include <string>

#include "wayout/answer/whole.hpp"

namespace wayout::cli {

/// `base` is the dispute before any measure, which the sets of measures refer to.
std::string whole_json(const Conflict& conflict, const Conflict& base, const WholeAnswer& whole);

}  // namespace wayout::cli
