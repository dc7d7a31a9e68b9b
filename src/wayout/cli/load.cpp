#include "wayout/cli/load.hpp"

#include "wayout/cli/session.hpp"
#include "wayout/io/case_file.hpp"
#include "wayout/io/diagnostics.hpp"
#include "wayout/io/gmcr.hpp"

namespace wayout::cli {
namespace {

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

std::optional<LoadedCase> load_case(const std::string& path, Errors& errors, std::string& rendered,
                                    bool colour) {
  LoadedCase out;
  if (ends_with(path, ".gmcr")) {
    auto text = read_text_file(path);
    if (!text) {
      errors = text.error();
      rendered = render_errors(errors, {}, colour);
      return std::nullopt;
    }
    auto parts = read_gmcr(*text, path);
    if (!parts) {
      errors = parts.error();
      rendered = render_errors(errors, *text, colour);
      return std::nullopt;
    }
    out.parts = std::move(*parts);
    const auto shared = std::make_shared<const std::string>(std::move(*text));
    out.locate = [shared, path](Errors& e) { locate_gmcr(e, *shared, path); };
    out.render = [shared](const Errors& e, bool c) { return render_errors(e, *shared, c); };
    return out;
  }
  auto file = read_case(path);
  if (!file) {
    errors = file.error();
    // The source lines are shown where the file could be read at all.
    const auto text = read_text_file(path);
    rendered = render_errors(errors, text ? *text : std::string(), colour);
    return std::nullopt;
  }
  const auto shared = std::make_shared<const CaseFile>(std::move(*file));
  out.parts = shared->parts;
  out.locate = [shared](Errors& e) { locate(e, *shared); };
  out.render = [shared](const Errors& e, bool c) { return render_errors(e, shared->text, c); };
  return out;
}

}  // namespace wayout::cli
