#pragma once
/// @file
/// JSON as text: what has to hold before a parser may see it, and where a value stands in it.

#include <optional>
#include <string>
#include <string_view>

#include "wayout/base/error.hpp"

namespace wayout {

/// Line and column (from 1, columns in characters) of a byte offset in a text.
struct TextPlace {
  int line = 1;
  int column = 1;
};
TextPlace place_of(std::string_view text, std::size_t offset);

/// Checks what keeps a JSON parser safe: at most Limits::kFileBytes, valid UTF-8, nesting of at
/// most Limits::kNesting. The faults are located in `file`. Cost: one pass.
std::optional<Error> check_json_text(std::string_view text, const std::string& file);

/// Where the value of a path such as "decisionMakers[1].preferences[0]" begins: the byte offset of
/// the longest part of the path that exists. Requires text that a JSON parser has accepted and that
/// passed check_json_text. Cost: linear in the text.
std::size_t locate_json(std::string_view text, std::string_view path);

}  // namespace wayout
