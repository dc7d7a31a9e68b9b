#pragma once
/// @file
/// Linkage in plain words.

#include <string>

#include "wayout/report/style.hpp"
#include "wayout/room/linkage.hpp"

namespace wayout {

/// Which groupings of the issues reach what, who fares better and worse, and what blocks a table.
std::string linkage_text(const Conflict& conflict, const Linkage& linkage, const TextStyle& style);

/// "[arms; council] [infra; door, linked]": one grouping on one line.
std::string grouping_words(const Conflict& conflict, const Grouping& grouping);

}  // namespace wayout
