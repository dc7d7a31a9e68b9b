#pragma once
/// @file
/// Tables as comma-separated values (RFC 4180), UTF-8, lines ended by CR LF.

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wayout {

/// One field: in quotes, with quotes doubled, where it holds a comma, a quote, a line break or a
/// space at an end.
std::string csv_field(std::string_view text);

/// Rows of one width. Names of a case go into it as they are: a spreadsheet may take a field that
/// starts with = for a formula.
class CsvTable {
 public:
  explicit CsvTable(std::vector<std::string> header);

  /// Requires as many fields as the header has.
  void row(std::span<const std::string> fields);
  void row(std::initializer_list<std::string> fields) {
    row(std::span(fields.begin(), fields.size()));
  }

  const std::string& text() const { return text_; }
  /// The text so far, for writing it piece by piece; the table goes on with nothing.
  std::string take();

 private:
  std::size_t width_;
  std::string text_;
};

}  // namespace wayout
