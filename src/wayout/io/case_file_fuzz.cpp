// Seeds: cases catalog
// Whatever the bytes are: a case that survives writing and reading, or faults with a place each.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "wayout/io/case_file.hpp"
#include "wayout/io/diagnostics.hpp"
#include "wayout/io/write_case.hpp"
#include "wayout/model/conflict.hpp"

namespace {

void require(bool ok) {
  if (!ok) std::abort();
}

/// What is built enumerates states where a ranking or a missing status quo asks for it.
bool small(const wayout::Parts& parts) {
  std::size_t raw = 1;
  for (const auto& option : parts.options) {
    raw *= option.levels.empty() ? 2 : option.levels.size() + 1;
    if (raw > 5000) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto file = wayout::parse_case(text, "fuzz.toml");
  if (!file) {
    require(!file.error().empty() && file.error().size() <= 20);
    for (const auto& e : file.error())
      require(!e.message.empty() && e.where.line > 0 && e.where.column > 0);
    require(!wayout::render_errors(file.error(), text).empty());
    return 0;
  }
  const std::string written = wayout::write_case(file->parts);
  const auto again = wayout::parse_case(written, "again.toml");
  require(again.has_value());
  require(wayout::same_parts(file->parts, again->parts));
  require(wayout::write_case(again->parts) == written);
  if (!small(file->parts)) return 0;
  const auto conflict = wayout::build(file->parts);
  if (conflict) return 0;
  auto errors = conflict.error();
  wayout::locate(errors, *file);
  require(!wayout::render_errors(errors, file->text, true).empty());
  return 0;
}
