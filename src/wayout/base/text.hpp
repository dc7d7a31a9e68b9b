#pragma once
/// @file
/// Small helpers for words: lists, nearest names, ids.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wayout {

/// "a", "a and b", "a, b and c".
std::string join_and(std::span<const std::string> items);
std::string join(std::span<const std::string> items, std::string_view separator);

/// The name in `known` most like `name` (edit distance at most a third of its length), or "".
std::string nearest(std::string_view name, std::span<const std::string> known);

/// "did you mean 'x'?" for the nearest known name, or "".
std::string did_you_mean(std::string_view name, std::span<const std::string> known);

/// True for `[a-z][a-z0-9_]*` of at most 64 characters.
bool is_id(std::string_view text);

/// 12,700,000 for 12700000.
std::string with_commas(unsigned long long n);

/// "1 state", "2 states".
std::string counted(unsigned long long n, std::string_view one, std::string_view many);

}  // namespace wayout
