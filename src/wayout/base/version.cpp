#include "wayout/base/version.hpp"

namespace wayout {

std::string_view version() { return WAYOUT_VERSION; }

}  // namespace wayout
