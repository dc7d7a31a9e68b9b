#include "wayout/export/csv.hpp"

#include <utility>

#include "wayout/base/error.hpp"

namespace wayout {

std::string csv_field(std::string_view text) {
  const bool plain = text.find_first_of(",\"\r\n") == std::string_view::npos &&
                     (text.empty() || (text.front() != ' ' && text.back() != ' '));
  if (plain) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

CsvTable::CsvTable(std::vector<std::string> header) : width_(header.size()) {
  contract(width_ > 0, "a table has columns");
  row(header);
}

void CsvTable::row(std::span<const std::string> fields) {
  contract(fields.size() == width_, "a row of a table has as many fields as its header");
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text_ += ',';
    text_ += csv_field(fields[i]);
  }
  // A lone empty field would read back as an empty line.
  if (width_ == 1 && fields[0].empty()) text_ += "\"\"";
  text_ += "\r\n";
}

std::string CsvTable::take() { return std::exchange(text_, {}); }

}  // namespace wayout
