#pragma once
/// @file
/// The search for measures as JSON (docs/json.md, wayout.change/1).

#include <map>
#include <string>
#include <vector>

#include "wayout/change/cheapest.hpp"
#include "wayout/change/inverse.hpp"
#include "wayout/change/search.hpp"

namespace wayout::cli {

/// `conflict` is the dispute before any measure.
std::string change_json(const Conflict& conflict, const MeasureSearch& search,
                        const MeasureSet& taken, const std::map<std::size_t, Inverse>& shifts,
                        bool as_perceived = false);

/// The cheapest sets (docs/json.md, wayout.cheapest/1).
std::string cheapest_json(const Conflict& conflict, const std::vector<Cheapest>& found,
                          const MeasureSet& taken, bool as_perceived);

}  // namespace wayout::cli
