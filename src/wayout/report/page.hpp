#pragma once
/// @file
/// Text put together line by line, wrapped to the width.

#include <string>

#include "wayout/report/words.hpp"

namespace wayout {

/// A page of paragraphs, each wrapped under an indent.
class Page {
 public:
  explicit Page(const TextStyle& style) : style_(style) {}
  void line(const std::string& text = {}, std::size_t indent = 0, std::size_t hang = 0) {
    out_ += text.empty() ? "\n"
                         : std::string(indent, ' ') +
                               wrap_after(indent, text, style_.width, indent + hang) + "\n";
  }
  void raw(const std::string& text) { out_ += text; }
  void head(const std::string& text) {
    line();
    out_ += style_.bold(wrap(text, style_.width)) + "\n";
  }
  std::string take() { return std::move(out_); }

 private:
  const TextStyle& style_;
  std::string out_;
};

}  // namespace wayout
