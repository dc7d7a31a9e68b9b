#pragma once
/// @file
/// How text is set: width and colour.

#include <string>
#include <string_view>

namespace wayout {

struct TextStyle {
  std::size_t width = 100;
  bool colour = false;

  std::string bold(std::string_view s) const { return paint("1", s); }
  std::string dim(std::string_view s) const { return paint("2", s); }
  std::string good(std::string_view s) const { return paint("32", s); }
  std::string bad(std::string_view s) const { return paint("31", s); }
  std::string maybe(std::string_view s) const { return paint("33", s); }

 private:
  std::string paint(std::string_view code, std::string_view s) const {
    if (!colour) return std::string(s);
    return "\x1b[" + std::string(code) + "m" + std::string(s) + "\x1b[0m";
  }
};

}  // namespace wayout
