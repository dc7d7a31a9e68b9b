#pragma once
/// @file
/// Room and linkage as JSON (docs/json.md).

#include <string>

#include "wayout/room/linkage.hpp"
#include "wayout/room/room.hpp"

namespace wayout::cli {

std::string room_json(const RoomAnswer& answer);
std::string linkage_json(const Conflict& conflict, const Linkage& linkage);

}  // namespace wayout::cli
