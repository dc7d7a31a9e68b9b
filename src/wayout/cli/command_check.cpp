#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/json_out.hpp"
#include "wayout/io/keys.hpp"
#include "wayout/space/warnings.hpp"

namespace wayout::cli {

int run_check(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path, true);
  if (!loaded) return kFaulty;
  Errors errors = check(loaded->parts);
  if (errors.empty()) {
    // Names given on the command line are checked like everything else.
    const auto built = view(loaded->parts, {r.under, r.with, {}});
    if (!built) errors = built.error();
  }
  const bool ok = errors.empty();
  if (ok) errors = warnings(loaded->parts, session.watch());
  loaded->locate(errors);
  session.clear_progress();
  if (r.json) {
    session.print(faults_json(errors));
  } else {
    session.print(loaded->render(errors, session.style().colour));
    if (ok) {
      const auto conflict = view(loaded->parts, {r.under, r.with, {}});
      session.print(
          fmt::format("{}: no faults{} ({}, {}, {})\n", r.case_path,
                      errors.empty() ? "" : ", " + counted(errors.size(), "warning", "warnings"),
                      counted(conflict->party_count(), "party", "parties"),
                      counted(conflict->option_count(), "option", "options"),
                      counted(conflict->goals().size(), "goal", "goals")));
    }
  }
  return ok ? kDone : kFaulty;
}

int run_schema(const Session& session) {
  session.print(json_schema());
  return kDone;
}

}  // namespace wayout::cli
