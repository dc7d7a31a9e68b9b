#include "wayout/answer/trust_report.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/trust_json.hpp"
#include "wayout/report/trust_text.hpp"

namespace wayout::cli {

int run_trust(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  if (!conflict->status_quo()) {
    session.complain("this case names no status quo, and trust asks about today",
                     "give its options a `now`");
    return kFaulty;
  }
  if (!session.goals(*conflict)) return kUsage;
  TrustSettings settings;
  settings.ensemble.seed = r.trust.seed;
  settings.ensemble.samples = r.trust.samples > 0
                                  ? r.trust.samples
                                  : static_cast<std::uint64_t>(conflict->parts().trust.samples);
  settings.ensemble.half_width = r.trust.half_width / 100;
  settings.ensemble.threads = static_cast<unsigned>(r.threads);
  settings.ensemble.watch = session.watch();
  settings.profile.goals = r.goals;
  if (r.max_states > 0) settings.profile.most_states = r.max_states;
  settings.profile.watch = session.watch();
  settings.hinges = r.trust.hinges;
  const TrustReport report = trust_case(*conflict, settings);
  session.print(r.json ? trust_json(*conflict, report)
                       : trust_text(*conflict, report, session.style()));
  return Session::exit_code(report.end);
}

}  // namespace wayout::cli
