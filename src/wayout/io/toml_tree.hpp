#pragma once
/// @file
/// A TOML file as a tree in the order of the file, with the place of every key and value. For the
/// reader of case files only.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wayout/base/error.hpp"

namespace wayout {

struct TomlMember;

/// One value. Places are byte offsets into the text.
struct TomlNode {
  enum class Kind : std::uint8_t { Text, Whole, Real, Flag, Date, Time, Array, Table };
  Kind kind = Kind::Table;
  bool flag = false;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::int64_t whole = 0;
  double real = 0;
  std::string text;                 ///< Text: the string; Date: YYYY-MM-DD
  std::vector<TomlNode> items;      ///< Array
  std::vector<TomlMember> members;  ///< Table, in the order of the file

  bool is(Kind k) const { return kind == k; }
  bool is_number() const { return kind == Kind::Whole || kind == Kind::Real; }
  /// The value of a key, or nullptr.
  const TomlNode* find(std::string_view key) const;
};

struct TomlMember {
  std::string key;
  std::uint32_t key_begin = 0;
  TomlNode value;
};

/// Parses a text that scan_toml let pass and that has no byte order mark. Errors: the first syntax
/// error, of code "syntax", with line and column. Cost: linear, about 300 bytes a value.
Result<TomlNode> parse_toml(std::string_view text, const std::string& file);

/// "a text", "a whole number", "a list"…: what a value is, in words.
std::string_view describe(const TomlNode& node);

}  // namespace wayout
