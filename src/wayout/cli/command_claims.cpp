#include <algorithm>

#include <fmt/format.h>

#include "wayout/answer/claims.hpp"
#include "wayout/base/text.hpp"
#include "wayout/cli/claims_json.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/report/claims_text.hpp"

namespace wayout::cli {

int run_claims(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  const auto sanctions = session.sanctions();
  if (!sanctions) return kUsage;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < conflict->parts().claims.size(); ++i) {
    const std::string& id = conflict->parts().claims[i].id;
    known.push_back(id.empty() ? fmt::format("claim {}", i + 1) : id);
  }
  for (const std::string& id : r.claims) {
    if (std::find(known.begin(), known.end(), id) != known.end()) continue;
    const std::string hint = did_you_mean(id, known);
    session.complain(fmt::format("'{}' is no claim of this case", id),
                     !hint.empty()   ? hint
                     : known.empty() ? "the case has none"
                                     : "the claims are " + join_and(known));
    return kUsage;
  }
  ClaimsSettings settings;
  settings.claims = r.claims;
  settings.under = r.under;
  settings.with = r.with;
  settings.sanctions = *sanctions;
  if (r.max_states > 0) settings.most_states = r.max_states;
  settings.samples =
      r.claim_samples.value_or(static_cast<std::uint64_t>(conflict->parts().trust.samples));
  if (r.every_profile) settings.every_profile();
  settings.seed = r.claim_seed;
  settings.threads = r.claim_threads;
  settings.watch = session.watch();
  const auto answer = evaluate_claims(loaded->parts, settings);
  if (!answer) {
    session.print_faults(&*loaded, answer.error());
    return kFaulty;
  }
  session.print(r.json ? claims_json(*conflict, *answer)
                       : claims_text(*answer, session.style(), r.all_tests));
  return Session::exit_code(answer->end);
}

}  // namespace wayout::cli
