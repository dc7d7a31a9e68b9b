#include <algorithm>

#include "wayout/answer/claims_risk.hpp"
#include "wayout/answer/trust_report.hpp"
#include "wayout/answer/trust_risk.hpp"
#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/trust_json.hpp"
#include "wayout/report/trust_risk_text.hpp"
#include "wayout/report/trust_text.hpp"

namespace wayout::cli {
namespace {

/// How far the risk stands.
int run_trust_of_risk(const Session& session, const LoadedCase& loaded, const Conflict& conflict) {
  const Request& r = session.request();
  if (!r.goals.empty() || r.trust.half_width > 0) {
    session.complain("--goal and --precision ask about answers, not about the risk");
    return kUsage;
  }
  const auto& known = conflict.parts().catastrophes;
  if (r.trust.of != "risk" &&
      std::none_of(known.begin(), known.end(),
                   [&](const CatastrophePart& c) { return c.id == r.trust.of; })) {
    std::vector<std::string> ids;
    for (const CatastrophePart& c : known) ids.push_back(c.id);
    session.complain("--of " + r.trust.of + ": answer, risk, or a catastrophe of this case",
                     ids.empty() ? "it names none" : "it has " + join_and(ids));
    return kUsage;
  }
  TrustRiskSettings settings;
  settings.risk.of = r.trust.of == "risk" ? "any" : r.trust.of;
  settings.risk.horizon = r.by;
  settings.risk.most_states = r.max_states;
  settings.seed = r.trust.seed;
  settings.samples = r.trust.samples > 0
                         ? r.trust.samples
                         : static_cast<std::uint64_t>(conflict.parts().trust.samples);
  settings.hinges = r.trust.hinges;
  settings.below = r.below;
  settings.threads = static_cast<unsigned>(r.threads);
  settings.watch = session.watch();
  const auto report = trust_risk(conflict, RiskScale(loaded.parts), settings);
  if (!report) {
    session.print_faults(&loaded, report.error());
    return kFaulty;
  }
  session.print(r.json ? trust_risk_json(conflict, *report)
                       : trust_risk_text(conflict, *report, session.style()));
  return Session::exit_code(report->end);
}

}  // namespace

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
  if (r.trust.of != "answer") return run_trust_of_risk(session, *loaded, *conflict);
  if (r.by || r.below) {
    session.complain("--by and --below ask about the risk", "add --of risk");
    return kUsage;
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
