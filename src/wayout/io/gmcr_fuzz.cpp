// Seeds: tests/data/gmcr catalog
// Whatever the bytes are: parts, a conflict and the file written from it, or faults.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wayout/io/gmcr.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parts = wayout::read_gmcr(text, "fuzz.gmcr");
  if (!parts) {
    if (parts.error().empty() || parts.error().size() > 20) std::abort();
    return 0;
  }
  if (parts->options.size() > 12) return 0;  // the rest enumerates states
  const auto conflict = wayout::build(*parts);
  if (!conflict) {
    auto errors = conflict.error();
    wayout::locate_gmcr(errors, text, "fuzz.gmcr");
    return 0;
  }
  const auto written = wayout::write_gmcr(*conflict);
  if (!written) return 0;  // a rule of too many patterns
  const auto again = wayout::read_gmcr(*written, "again.gmcr");
  if (!again) std::abort();
  const auto rebuilt = wayout::build(*again);
  if (!rebuilt || rebuilt->party_count() != conflict->party_count()) std::abort();
  const auto twice = wayout::write_gmcr(*rebuilt);
  if (!twice || *twice != *written) std::abort();
  return 0;
}
