#pragma once
/// @file
/// TOML as text: what has to hold before a parser may see it, and where a byte of a string was
/// written.

#include <cstddef>
#include <optional>
#include <string_view>

namespace wayout {

/// Keys and values of one file; keeps what a file of 16 MiB may take in memory below about 1 GiB.
inline constexpr std::size_t kMostTomlValues = 3'000'000;

/// Why a text is refused before it is parsed.
struct TomlRefusal {
  enum class Why { Encoding, ZeroByte, Nesting, Values };
  Why why = Why::Encoding;
  std::size_t offset = 0;
};

/// Checks that the text is UTF-8 without zero bytes, that brackets and dotted keys together nest at
/// most Limits::kNesting deep, and that there are at most kMostTomlValues keys and values. A text
/// with a syntax error may pass; up to that error what was promised holds. Cost: one pass, no
/// memory beyond the nesting.
std::optional<TomlRefusal> scan_toml(std::string_view text);

/// The byte offset in `text` of byte `inside` of a string whose opening quote is at `begin`,
/// through escapes and line endings. Requires a string that a TOML parser accepted. Cost: linear in
/// the string.
std::size_t offset_in_string(std::string_view text, std::size_t begin, std::size_t inside);

}  // namespace wayout
