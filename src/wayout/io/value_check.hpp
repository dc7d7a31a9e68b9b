#pragma once
/// @file
/// One value of a case file against what its key takes. For the reader of case files only.

#include <string>
#include <string_view>

#include "wayout/io/keys.hpp"
#include "wayout/io/part_reader.hpp"
#include "wayout/io/toml_tree.hpp"

namespace wayout {

/// Tells what is wrong with the value; true where nothing is. Tables of keys inside it (parts,
/// statements, effects, tests) are checked when they are read.
bool check_value(FaultList& faults, const TomlNode& node, const Key& key, const std::string& path);

/// What a type of key takes, in words: "true or false", "a list of …".
std::string_view wanted(KeyType type);

/// A name from the file as a message may show it: short, without control characters.
std::string shown(std::string_view text);

}  // namespace wayout
