#pragma once
/// @file
/// The room for agreement in plain words.

#include <string>

#include "wayout/report/style.hpp"
#include "wayout/room/room.hpp"

namespace wayout {

/// The room at every table. `than` says in words what outcomes are compared with; at most
/// `most_outcomes` efficient outcomes a table are listed, those that a solution picks first.
std::string room_text(const RoomAnswer& answer, const std::string& than, const TextStyle& style,
                      std::size_t most_outcomes);

/// One table: outcomes, front, solutions, or why there is no room.
std::string table_room_text(const TableRoom& table, State base, const TextStyle& style,
                            std::size_t most_outcomes);

/// Gains of two members against each other as a picture of characters: every outcome a dot, the
/// efficient ones marked, the solutions by letter. "" where there is nothing to see (not two
/// members, no points, fewer than three efficient outcomes) or the width is too small.
std::string scatter_text(const TableRoom& table, const TextStyle& style);

/// "Russia, for: …" or "United States, against: … (vital)": a demand as a phrase.
std::string demand_words(const Conflict& conflict, const Demand& demand);

}  // namespace wayout
