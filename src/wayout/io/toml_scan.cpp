#include "wayout/io/toml_scan.hpp"

#include <cstdint>
#include <vector>

#include "wayout/io/utf8.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {
namespace {

/// Follows brackets and keys through the text. It knows just enough of TOML to tell strings and
/// comments from structure; anything wrong is left to the parser, which stops there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<TomlRefusal> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        string(c);
        line_begins_ = false;
        continue;
      }
      if (c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        continue;
      }
      if (auto refusal = structure(c)) return refusal;
      ++at_;
    }
    return std::nullopt;
  }

 private:
  TomlRefusal refuse(TomlRefusal::Why why) const { return {why, at_}; }

  std::optional<TomlRefusal> structure(char c) {
    switch (c) {
      case '\n':
        key_dots_ = 0;
        if (open_.empty()) {
          value_dots_ = 0;
          if (in_header_) in_header_ = false;
          line_begins_ = true;
        }
        return std::nullopt;
      case ' ':
      case '\t':
      case '\r':
        return std::nullopt;
      case '.':
        ++key_dots_;
        ++values_;
        if (in_header_) ++header_depth_;
        break;
      case '=':
        value_dots_ = key_dots_;
        key_dots_ = 0;
        ++values_;
        break;
      case ',':
        key_dots_ = 0;
        value_dots_ = 0;
        ++values_;
        break;
      case '[':
      case '{':
        if (c == '[' && line_begins_ && open_.empty()) {
          in_header_ = true;
          header_depth_ = 1;
          key_dots_ = 0;
        }
        open_.push_back(value_dots_);
        depth_ += 1 + value_dots_;
        value_dots_ = 0;
        values_ += c == '{' ? 2 : 1;
        break;
      case ']':
      case '}':
        if (!open_.empty()) {
          depth_ -= 1 + open_.back();
          open_.pop_back();
        }
        key_dots_ = 0;
        break;
      default:
        break;
    }
    line_begins_ = false;
    if (depth_ + key_dots_ + value_dots_ + header_depth_ > Limits::kNesting + 2)
      return refuse(TomlRefusal::Why::Nesting);
    if (values_ > kMostTomlValues) return refuse(TomlRefusal::Why::Values);
    return std::nullopt;
  }

  bool starts(char quote, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i)
      if (at_ + i >= text_.size() || text_[at_ + i] != quote) return false;
    return true;
  }

  void string(char quote) {
    const bool many = starts(quote, 3);
    at_ += many ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (quote == '"' && c == '\\') {
        at_ += 2;
        continue;
      }
      if (!many && c == '\n') return;  // not closed: the parser stops here
      if (c == quote && (!many || starts(quote, 3))) {
        at_ += many ? 3 : 1;
        // Up to two quotes may stand before the closing three.
        for (int i = 0; many && i < 2 && starts(quote, 1); ++i) ++at_;
        return;
      }
      ++at_;
    }
    at_ = text_.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;  ///< per open bracket: the dots of the key it is the value of
  std::size_t depth_ = 0;          ///< brackets plus those dots
  std::size_t key_dots_ = 0;
  std::size_t value_dots_ = 0;
  std::size_t header_depth_ = 0;
  std::size_t values_ = 0;
  bool line_begins_ = true;
  bool in_header_ = false;
};

void append_utf8_size(std::uint32_t code, std::size_t& size) {
  size += code < 0x80u ? 1 : code < 0x800u ? 2 : code < 0x10000u ? 3 : 4;
}

}  // namespace

std::optional<TomlRefusal> scan_toml(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = utf8_char(text, i);
    if (c.size == 0) return TomlRefusal{TomlRefusal::Why::Encoding, i};
    if (c.code == 0) return TomlRefusal{TomlRefusal::Why::ZeroByte, i};
    i += c.size;
  }
  return Scanner(text).run();
}

std::size_t offset_in_string(std::string_view text, std::size_t begin, std::size_t inside) {
  if (begin >= text.size()) return begin;
  const char quote = text[begin];
  if (quote != '"' && quote != '\'') return begin;
  std::size_t at = begin + 1;
  const bool many = text.substr(begin, 3) == std::string_view(quote == '"' ? "\"\"\"" : "'''");
  if (many) {
    at = begin + 3;
    if (text.substr(at, 2) == "\r\n") {
      at += 2;
    } else if (text.substr(at, 1) == "\n") {
      at += 1;
    }
  }
  std::size_t done = 0;  // bytes of the value so far
  while (at < text.size() && done < inside) {
    const char c = text[at];
    if (c == '\r' && text.substr(at, 2) == "\r\n") {  // one line feed in the value
      at += 2;
      ++done;
      continue;
    }
    if (quote == '\'' || c != '\\' || at + 1 >= text.size()) {
      ++at;
      ++done;
      continue;
    }
    const char escape = text[at + 1];
    if (escape == 'u' || escape == 'U') {
      const std::size_t digits = escape == 'u' ? 4 : 8;
      std::uint32_t code = 0;
      for (std::size_t i = 0; i < digits && at + 2 + i < text.size(); ++i) {
        const char d = text[at + 2 + i];
        code = code * 16 + static_cast<std::uint32_t>(d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
      }
      append_utf8_size(code, done);
      at += 2 + digits;
    } else if (escape == ' ' || escape == '\t' || escape == '\r' || escape == '\n') {
      // A backslash at the end of a line swallows all white space up to the next character.
      ++at;
      while (at < text.size() &&
             std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos)
        ++at;
    } else {
      at += 2;
      ++done;
    }
  }
  // A line-ending backslash right here belongs to what comes after it.
  while (quote == '"' && at + 1 < text.size() && text[at] == '\\' &&
         std::string_view(" \t\r\n").find(text[at + 1]) != std::string_view::npos) {
    ++at;
    while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos)
      ++at;
  }
  return at;
}

}  // namespace wayout
