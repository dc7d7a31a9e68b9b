#pragma once
/// @file
/// Pieces of TOML as text. For write_case.cpp only.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wayout/model/parts.hpp"

namespace wayout::toml_text {

/// "…" on one line, with escapes.
std::string quoted(std::string_view text);
/// The same, over several lines where the text has several.
std::string text(std::string_view text);
/// A key, in quotes where it needs them.
std::string key(std::string_view name);
std::string flag(bool value);
std::string number(const Quantity& q);
std::string level(const LevelValue& value);

/// [a, b, c] on one line, or filled up to the width of a page.
std::string list(const std::vector<std::string>& items, std::size_t used = 0);
/// One item a line.
std::string lines(const std::vector<std::string>& items);
std::string names(const std::vector<std::string>& ids, std::size_t used = 0);
/// A single name by itself, several as a list.
std::string name_or_names(const std::vector<std::string>& ids);

/// { a = 1, b = 2 } from keys and values.
using Fields = std::vector<std::pair<std::string, std::string>>;
std::string inline_table(const Fields& fields);

}  // namespace wayout::toml_text
