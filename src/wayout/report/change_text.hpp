#pragma once
/// @file
/// What to change, in plain words.

#include <map>
#include <string>
#include <vector>

#include "wayout/change/cheapest.hpp"
#include "wayout/change/inverse.hpp"
#include "wayout/change/search.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// The search for measures as text: a verdict for each goal, then the sets, best first. `conflict`
/// is the dispute before any measure; `limits` names the limits in force; `shifts` is what the
/// goals without a way (by index) would need instead; `as_perceived` says that beliefs count.
std::string change_text(const Conflict& conflict, const MeasureSearch& search,
                        const MeasureSet& taken, const std::map<std::size_t, Inverse>& shifts,
                        const TextStyle& style, const std::string& limits,
                        bool as_perceived = false);

/// The cheapest sets as text; `found` has one entry for each goal looked at.
std::string cheapest_text(const Conflict& conflict, const std::vector<Cheapest>& found,
                          const MeasureSet& taken, const TextStyle& style,
                          const std::string& limits);

}  // namespace wayout
