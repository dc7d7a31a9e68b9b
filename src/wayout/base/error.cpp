#include "wayout/base/error.hpp"

#include <stdexcept>

namespace wayout {

void contract(bool ok, const char* what) {
  if (!ok) throw std::logic_error(std::string("broken contract: ") + what);
}

}  // namespace wayout
