#pragma once
/// @file
/// Room and linkage as JSON (docs/json.md).

#include <string>

#include "wayout/room/room.hpp"

namespace wayout::cli {

std::string room_json(const RoomAnswer& answer);

}  // namespace wayout::cli
