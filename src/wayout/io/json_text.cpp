#include "wayout/io/json_text.hpp"

#include <charconv>
#include <cstdint>

#include "wayout/base/text.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {
namespace {

/// Length of the valid UTF-8 character at `at`, or 0.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned lead = byte(0);
  if (lead < 0x80u) return 1;
  if (lead < 0xC2u) return 0;
  if (lead < 0xE0u) return tail(1) ? 2 : 0;
  if (lead < 0xF0u) {
    if (!tail(1) || !tail(2)) return 0;
    if (lead == 0xE0u && byte(1) < 0xA0u) return 0;  // overlong
    if (lead == 0xEDu && byte(1) > 0x9Fu) return 0;  // surrogate
    return 3;
  }
  if (lead > 0xF4u || !tail(1) || !tail(2) || !tail(3)) return 0;
  if (lead == 0xF0u && byte(1) < 0x90u) return 0;
  if (lead == 0xF4u && byte(1) > 0x8Fu) return 0;
  return 4;
}

Error error_at(std::string_view text, std::size_t offset, const std::string& file, std::string code,
               std::string message, std::string hint = {}) {
  Error e;
  e.code = std::move(code);
  e.message = std::move(message);
  e.hint = std::move(hint);
  const TextPlace place = place_of(text, offset);
  e.where.file = file;
  e.where.line = place.line;
  e.where.column = place.column;
  return e;
}

/// Walks valid JSON by hand; recursion is bounded by the nesting that was checked before.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
  }

  std::size_t find(std::string_view path) {
    space();
    std::size_t found = at_;
    while (!path.empty()) {
      if (path.front() == '[') {
        const std::size_t close = path.find(']');
        std::size_t index = 0;
        const char* end = path.data() + (close == std::string_view::npos ? path.size() : close);
        if (std::from_chars(path.data() + 1, end, index).ptr != end || !element(index))
          return found;
        path.remove_prefix(close == std::string_view::npos ? path.size() : close + 1);
      } else {
        if (path.front() == '.') path.remove_prefix(1);
        const std::size_t size = std::min(path.find_first_of(".["), path.size());
        if (!member(path.substr(0, size))) return found;
        path.remove_prefix(size);
      }
      found = at_;
    }
    return found;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void space() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  std::string_view string() {
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    const std::size_t end = std::min(at_, text_.size());
    at_ = end + 1;
    return text_.substr(start, end - start);
  }
  void skip() {
    const char c = peek();
    if (c == '"') {
      string();
    } else if (c == '{' || c == '[') {
      ++at_;
      for (std::size_t depth = 1; at_ < text_.size() && depth > 0;) {
        const char d = text_[at_];
        if (d == '"') {
          string();
          continue;
        }
        if (d == '{' || d == '[') ++depth;
        if (d == '}' || d == ']') --depth;
        ++at_;
      }
    } else {
      while (at_ < text_.size() &&
             std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos)
        ++at_;
    }
    space();
  }
  bool element(std::size_t index) {
    if (peek() != '[') return false;
    ++at_;
    space();
    for (std::size_t i = 0; peek() != ']' && at_ < text_.size(); ++i) {
      if (i == index) return true;
      skip();
      if (peek() != ',') return false;
      ++at_;
      space();
    }
    return false;
  }
  bool member(std::string_view key) {
    if (peek() != '{') return false;
    ++at_;
    space();
    while (peek() == '"') {
      const bool here = string() == key;
      space();
      if (peek() != ':') return false;
      ++at_;
      space();
      if (here) return true;
      skip();
      if (peek() != ',') return false;
      ++at_;
      space();
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

TextPlace place_of(std::string_view text, std::size_t offset) {
  TextPlace place;
  if (offset > text.size()) offset = text.size();
  for (std::size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0u) != 0x80u) {
      ++place.column;
    }
  }
  return place;
}

std::optional<Error> check_json_text(std::string_view text, const std::string& file) {
  if (text.size() > Limits::kFileBytes)
    return error_at(text, 0, file, "limit",
                    "the file is larger than " + std::to_string(Limits::kFileBytes >> 20) +
                        " MiB, which is the limit");
  std::size_t depth = 0;
  bool inside = false;  // a string
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0)
      return error_at(text, at, file, "encoding", "the file is not valid UTF-8 here",
                      "save it with the encoding UTF-8");
    const char c = text[at];
    if (inside) {
      if (c == '\\') {
        at += 1;
        if (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80u) ++at;
        continue;
      }
      inside = c != '"';
    } else if (c == '"') {
      inside = true;
    } else if (c == '{' || c == '[') {
      if (++depth > Limits::kNesting)
        return error_at(text, at, file, "limit",
                        "the file is nested more than " + std::to_string(Limits::kNesting) +
                            " deep, which is the limit");
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
    at += length;
  }
  return std::nullopt;
}

std::size_t locate_json(std::string_view text, std::string_view path) {
  return Walker(text).find(path);
}

}  // namespace wayout
