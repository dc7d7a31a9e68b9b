#pragma once
/// @file
/// Which wayout this is.

#include <string_view>

namespace wayout {

/// The version of this build, such as "0.1.0"; the top CMakeLists.txt sets it.
std::string_view version();

}  // namespace wayout
