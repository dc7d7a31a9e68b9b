#include "wayout/io/diagnostics.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "wayout/io/utf8.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostColumns = 100;
constexpr std::size_t kMostMessage = 2000;

struct Colours {
  std::string_view strong, fault, warning, mark, hint, off;
};
constexpr Colours kColours = {"\033[1m",    "\033[1;31m", "\033[1;35m",
                              "\033[1;32m", "\033[36m",   "\033[0m"};
constexpr Colours kPlain = {};

std::size_t width_of(std::uint32_t c) {
  const auto in = [c](std::uint32_t from, std::uint32_t to) { return c >= from && c <= to; };
  if (in(0x0300, 0x036F) || in(0x200B, 0x200F) || in(0x20D0, 0x20FF) || in(0xFE00, 0xFE0F) ||
      in(0x0591, 0x05BD) || in(0x064B, 0x065F))
    return 0;
  if (in(0x1100, 0x115F) || in(0x2E80, 0x303E) || in(0x3041, 0xA4CF) || in(0xAC00, 0xD7A3) ||
      in(0xF900, 0xFAFF) || in(0xFE30, 0xFE6F) || in(0xFF00, 0xFF60) || in(0xFFE0, 0xFFE6) ||
      in(0x1F300, 0x1F64F) || in(0x1F900, 0x1F9FF) || in(0x20000, 0x3FFFD))
    return 2;
  return 1;
}

/// One character as it is printed, and how wide.
struct Glyph {
  std::string text;
  std::size_t width = 0;
  std::uint32_t code = 0;
};

/// The character at `at` as it is printed; tabs are spaces and what steers a terminal is a question
/// mark. Moves `at` on.
Glyph glyph(std::string_view line, std::size_t& at) {
  const Utf8Char c = utf8_char(line, at);
  const std::size_t size = std::max<std::size_t>(c.size, 1);
  Glyph g{std::string(line.substr(at, size)), width_of(c.code), c.code};
  if (c.code == '\t') {
    g = {"  ", 2, c.code};
  } else if (c.size == 0 || c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0) ||
             (c.code >= 0x202A && c.code <= 0x202E) || (c.code >= 0x2066 && c.code <= 0x2069)) {
    g = {"?", 1, c.code};
  }
  at += size;
  return g;
}

/// Messages repeat names from the file, so they are cleaned in the same way, and cut.
std::string clean(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (out.size() > kMostMessage) return out + "…";
    out += glyph(text, at).text;
  }
  return out;
}

/// The characters of a line around the one of number `column` (from 0), and how many were left out
/// on both sides: a line may be as long as the file.
struct Window {
  std::vector<Glyph> glyphs;
  std::size_t column = 0;
  bool before = false;
  bool after = false;
};
Window window(std::string_view line, std::size_t column) {
  Window out;
  std::size_t at = 0;
  std::size_t character = 0;
  for (; at < line.size() && character + kMostColumns < column; ++character)
    at += std::max<std::size_t>(utf8_char(line, at).size, 1);
  out.before = at > 0;
  out.column = column - character;
  while (at < line.size() && out.glyphs.size() < 3 * kMostColumns)
    out.glyphs.push_back(glyph(line, at));
  out.after = at < line.size();
  out.column = std::min(out.column, out.glyphs.size());
  return out;
}

bool word(const Glyph& g) {
  return (g.code >= 'a' && g.code <= 'z') || (g.code >= 'A' && g.code <= 'Z') ||
         (g.code >= '0' && g.code <= '9') || g.code == '_' || g.code == '.' || g.code >= 0x80;
}

/// How many characters to underline: a whole word, number or quoted text, or one character.
std::size_t span(const std::vector<Glyph>& line, std::size_t at) {
  if (at >= line.size()) return 1;
  std::size_t end = at + 1;
  const std::uint32_t quote = line[at].code;
  if (quote == '"' || quote == '\'') {
    while (end < line.size() && line[end].code != quote) ++end;
    return end < line.size() ? end + 1 - at : 1;
  }
  if (word(line[at]))
    while (end < line.size() && word(line[end])) ++end;
  return end - at;
}

/// Byte offsets of the lines that the errors name; one pass over the text.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text), starts_{0} {
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') starts_.push_back(i + 1);
  }
  bool has(int line) const { return line >= 1 && static_cast<std::size_t>(line) <= starts_.size(); }
  std::string_view get(int line) const {
    const std::size_t begin = starts_[static_cast<std::size_t>(line) - 1];
    std::size_t end = text_.find('\n', begin);
    if (end == std::string_view::npos) end = text_.size();
    if (end > begin && text_[end - 1] == '\r') --end;
    return text_.substr(begin, end - begin);
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

/// The line and the caret under it.
std::string excerpt(std::string_view source, int line_number, int column, const Colours& c) {
  const Window around = window(source, column > 0 ? static_cast<std::size_t>(column) - 1 : 0);
  const auto& line = around.glyphs;
  const std::size_t at = around.column;
  // What is shown begins early enough to tell what comes before.
  std::size_t begin = 0;
  std::size_t before = 0;
  for (std::size_t i = 0; i < at; ++i) before += line[i].width;
  while (before > kMostColumns * 2 / 3 && begin < at) before -= line[begin++].width;
  std::size_t end = begin;
  std::size_t columns = 0;
  while (end < line.size() && columns + line[end].width <= kMostColumns)
    columns += line[end++].width;
  const bool cut = around.before || begin > 0;

  const std::string number = std::to_string(line_number);
  const std::string margin(number.size() < 5 ? 5 - number.size() : 0, ' ');
  std::string out = margin + number + " | ";
  if (cut) out += "…";
  for (std::size_t i = begin; i < end; ++i) out += line[i].text;
  if (around.after || end < line.size()) out += "…";
  out += "\n" + std::string(margin.size() + number.size(), ' ') + " | ";
  std::size_t marks = 0;
  for (std::size_t i = at; i < std::min(at + span(line, at), end); ++i) marks += line[i].width;
  out += std::string(before + (cut ? 1 : 0), ' ');
  out += std::string(c.mark) + "^" + std::string(marks > 1 ? marks - 1 : 0, '~') +
         std::string(c.off) + "\n";
  return out;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += glyph(text, at).width;
  return width;
}

std::string render_errors(const Errors& errors, std::string_view text, bool colour) {
  const Colours& c = colour ? kColours : kPlain;
  const Lines lines(text);
  std::string out;
  for (const Error& e : errors) {
    if (!out.empty()) out += "\n";
    std::string place = clean(e.where.file);
    if (e.where.line > 0) {
      if (!place.empty()) place += ":";
      place += std::to_string(e.where.line) + ":" + std::to_string(std::max(e.where.column, 1));
    }
    if (!place.empty()) out += std::string(c.strong) + place + ":" + std::string(c.off) + " ";
    const bool is_fault = e.severity == Severity::Fault;
    out += std::string(is_fault ? c.fault : c.warning) + (is_fault ? "fault:" : "warning:") +
           std::string(c.off) + " ";
    out += clean(e.message) + "\n";
    if (lines.has(e.where.line))
      out += excerpt(lines.get(e.where.line), e.where.line, e.where.column, c);
    if (!e.hint.empty())
      out += std::string(c.hint) + "hint:" + std::string(c.off) + " " + clean(e.hint) + "\n";
  }
  return out;
}

}  // namespace wayout
