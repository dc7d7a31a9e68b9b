#pragma once
/// @file
/// The search for measures as JSON (docs/json.md, wayout.change/1).

#include <string>

#include "wayout/change/search.hpp"

namespace wayout::cli {

/// `conflict` is the dispute before any measure.
std::string change_json(const Conflict& conflict, const MeasureSearch& search,
                        const MeasureSet& taken);

}  // namespace wayout::cli
