#include "wayout/io/toml_text.hpp"

#include <algorithm>

#include "wayout/io/utf8.hpp"

namespace wayout::toml_text {
namespace {

constexpr std::size_t kPage = 100;

void append_escaped(std::string& out, std::string_view text, bool many_lines) {
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = utf8_char(text, i);
    if (c.size == 0) {
      out += "\\uFFFD";
      ++i;
      continue;
    }
    if (c.code == '"') {
      // Quotes by themselves need no escape over several lines, rows of them and the last one do.
      const bool row = (i > 0 && text[i - 1] == '"') || i + 1 >= text.size() || text[i + 1] == '"';
      out += many_lines && !row ? "\"" : "\\\"";
    } else if (c.code == '\\') {
      out += "\\\\";
    } else if (c.code == '\n') {
      out += many_lines ? "\n" : "\\n";
    } else if (c.code == '\t') {
      out += many_lines ? "\t" : "\\t";
    } else if (c.code == '\r') {
      out += "\\r";
    } else if (c.code < 0x20 || c.code == 0x7F) {
      const char* digits = "0123456789ABCDEF";
      out += std::string("\\u00") + digits[c.code >> 4] + digits[c.code & 15];
    } else {
      out += text.substr(i, c.size);
    }
    i += c.size;
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  append_escaped(out, text, false);
  return out + "\"";
}

std::string text(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return quoted(text);
  std::string out = "\"\"\"\n";
  append_escaped(out, text, true);
  return out + "\"\"\"";
}

std::string key(std::string_view name) {
  const bool bare = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? std::string(name) : quoted(name);
}

std::string flag(bool value) { return value ? "true" : "false"; }

std::string number(const Quantity& q) {
  const auto scaled = [&q](const Decimal& d) { return Decimal::multiply(d, q.times).value_or(d); };
  switch (q.form) {
    case Quantity::Form::Plain:
      return scaled(q.a).to_string();
    case Quantity::Form::FromTo: {
      Decimal from = scaled(q.a);
      Decimal to = scaled(q.b);
      if (to < from) std::swap(from, to);
      return "{ from = " + from.to_string() + ", to = " + to.to_string() + " }";
    }
    case Quantity::Form::AboutSpread:
      return "{ about = " + scaled(q.a).to_string() + ", spread = " + q.b.to_string() + " }";
  }
  return "0";
}

std::string level(const LevelValue& value) {
  if (const bool* b = std::get_if<bool>(&value)) return flag(*b);
  if (const auto* n = std::get_if<std::int64_t>(&value)) return std::to_string(*n);
  return quoted(std::get<std::string>(value));
}

std::string list(const std::vector<std::string>& items, std::size_t used) {
  std::size_t size = used + 2;
  for (const std::string& item : items) size += item.size() + 2;
  if (size <= kPage + 2) {
    std::string out = "[";
    for (std::size_t i = 0; i < items.size(); ++i) out += (i > 0 ? ", " : "") + items[i];
    return out + "]";
  }
  std::string out = "[\n ";
  std::size_t column = 1;
  for (const std::string& item : items) {
    if (column > 1 && column + item.size() + 2 > kPage) {
      out += "\n ";
      column = 1;
    }
    out += " " + item + ",";
    column += item.size() + 2;
  }
  return out + "\n]";
}

std::string lines(const std::vector<std::string>& items) {
  if (items.empty()) return "[]";
  std::string out = "[\n";
  for (const std::string& item : items) out += "  " + item + ",\n";
  return out + "]";
}

std::string names(const std::vector<std::string>& ids, std::size_t used) {
  std::vector<std::string> items;
  for (const std::string& id : ids) items.push_back(quoted(id));
  return list(items, used);
}

std::string name_or_names(const std::vector<std::string>& ids) {
  if (ids.size() == 1) return quoted(ids[0]);
  std::string out = "[";
  for (std::size_t i = 0; i < ids.size(); ++i) out += (i > 0 ? ", " : "") + quoted(ids[i]);
  return out + "]";
}

std::string inline_table(const Fields& fields) {
  if (fields.empty()) return "{}";
  std::string out = "{ ";
  for (std::size_t i = 0; i < fields.size(); ++i)
    out += (i > 0 ? ", " : "") + key(fields[i].first) + " = " + fields[i].second;
  return out + " }";
}

}  // namespace wayout::toml_text
