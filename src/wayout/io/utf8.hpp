#pragma once
/// @file
/// UTF-8, a character at a time.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wayout {

/// One character of a text: its code point and its length in bytes, 0 where the bytes are no UTF-8.
struct Utf8Char {
  std::uint32_t code = 0;
  std::size_t size = 0;
};

/// The character that begins at `at`. Requires at < text.size().
inline Utf8Char utf8_char(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80u) return {lead, 1};
  if (lead < 0xC2u) return {};
  if (lead < 0xE0u) {
    if (!tail(1)) return {};
    return {(lead & 0x1Fu) << 6 | (byte(1) & 0x3Fu), 2};
  }
  if (lead < 0xF0u) {
    if (!tail(1) || !tail(2)) return {};
    const std::uint32_t code = (lead & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    if (code < 0x800u || (code >= 0xD800u && code < 0xE000u)) return {};  // overlong, surrogate
    return {code, 3};
  }
  if (lead > 0xF4u || !tail(1) || !tail(2) || !tail(3)) return {};
  const std::uint32_t code =
      (lead & 0x07u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
  if (code < 0x10000u || code > 0x10FFFFu) return {};
  return {code, 4};
}

}  // namespace wayout
