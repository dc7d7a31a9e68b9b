#include <fmt/format.h>

#include "wayout/cli/commands.hpp"

namespace wayout::cli {
namespace {

/// The dispute with every state ruled out that does not meet --given.
std::optional<Conflict> given(const Session& session, const Conflict& conflict) {
  const std::string& text = session.request().given;
  if (conflict.graph_form()) {
    session.complain("--given: in graph form there are no rules that could leave states out");
    return std::nullopt;
  }
  const auto condition = session.condition(conflict, text, "--given");
  if (!condition) return std::nullopt;
  const auto now = conflict.status_quo();
  if (now && !condition->holds(*now)) {
    session.complain(fmt::format("--given {}: today's state does not meet it", text),
                     "a condition that today meets, or a measure or variant that starts elsewhere");
    return std::nullopt;
  }
  Parts parts = conflict.parts();
  RulePart rule;
  rule.never = "not (" + text + ")";
  parts.rules.push_back(std::move(rule));
  auto narrowed = build(std::move(parts));
  if (!narrowed) {
    session.print_faults(nullptr, narrowed.error());
    return std::nullopt;
  }
  return *narrowed;
}

}  // namespace

int run_stability(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  if (!r.given.empty()) {
    conflict = given(session, *conflict);
    if (!conflict) return kUsage;
  }
  const std::string format = r.json ? "json" : r.format.empty() ? "text" : r.format;
  // Pieces are small; they are gathered into blocks before they are written.
  std::string block;
  const int code =
      write_stability(session, *conflict, format, r.all_states, [&](const std::string& piece) {
        block += piece;
        if (block.size() < (1u << 16)) return;
        session.print(block);
        block.clear();
      });
  session.print(block);
  return code;
}

}  // namespace wayout::cli
