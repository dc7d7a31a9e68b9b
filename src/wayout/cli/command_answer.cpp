#include <fmt/format.h>

#include "wayout/answer/whole.hpp"
#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/json_out.hpp"
#include "wayout/cli/whole_json.hpp"
#include "wayout/report/answer_text.hpp"
#include "wayout/report/whole_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout::cli {
namespace {

std::string limits_in_words(const Request& request, std::uint64_t states) {
  std::string out = counted(states, "state", "states") + " a search, --max-states";
  if (request.time_limit > 0) out += fmt::format("; {} s, --time-limit", request.time_limit);
  return out;
}

}  // namespace

int run_answer(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  const auto sanctions = session.sanctions();
  if (!sanctions) return kUsage;
  const auto start = session.start(*conflict);
  if (!start) return conflict->status_quo() ? kUsage : kFaulty;
  if (!session.goals(*conflict)) return kUsage;
  WholeSettings settings;
  settings.answer.sanctions = *sanctions;
  settings.answer.from = start;
  settings.answer.as_perceived = r.as_perceived;
  if (r.as_perceived && !session.perceived(*loaded, *conflict)) return kFaulty;
  settings.answer.goals = r.goals;
  if (r.max_states > 0) settings.answer.most_states = r.max_states;
  settings.answer.watch = session.watch();
  settings.view = {r.under, r.with, {}};
  // Claims take much longer to sample than the goals: only where asked for.
  settings.samples = r.answer_samples.value_or(100);
  settings.claim_samples = r.answer_samples.value_or(0);
  if (r.every_profile && settings.claim_samples == 0) {
    session.complain("--every-profile is about the claims, and their profiles are not drawn",
                     "say how many: --samples 1000");
    return kUsage;
  }
  settings.every_profile = r.every_profile;
  settings.parts = r.answer_parts;
  settings.seed = r.claim_seed;
  settings.threads = static_cast<unsigned>(r.threads);
  const auto whole = whole_answer(loaded->parts, *conflict, settings);
  if (!whole) {
    session.print_faults(&*loaded, whole.error());
    return kFaulty;
  }
  if (r.json) {
    const auto base = view(loaded->parts, {r.under, {}, {}});
    session.print(whole_json(*conflict, base ? *base : *conflict, *whole));
  } else {
    session.print(whole_text(*conflict, *whole, session.style(),
                             limits_in_words(r, settings.answer.most_states)));
  }
  return Session::exit_code(whole->end);
}

int run_explain(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  const auto sanctions = session.sanctions();
  const auto c = parse_concept(r.concept_name);
  if (!c)
    session.complain(fmt::format("--concept {}: no such concept", r.concept_name),
                     "nash, gmr, smr, seq, sseq or sim");
  if (!c || !sanctions) return kUsage;
  const auto p = session.party(*conflict, r.party);
  if (!p) return kUsage;
  if (*c == Concept::Sim && conflict->graph_form()) {
    session.complain("SIM is not defined in graph form", "choose another --concept");
    return kUsage;
  }
  std::optional<Conflict> seen = conflict;
  if (r.as_perceived) {
    auto view = as_perceived(*conflict, *p);
    if (!view) {
      session.print_faults(&*loaded, view.error());
      return kFaulty;
    }
    seen = *view;
  }
  const auto s = session.state(*conflict, r.state.empty() ? "now" : r.state, "--state");
  if (!s) return kUsage;
  if (!seen->feasible(*s)) {
    session.complain(fmt::format("{} does not see this state: it is infeasible in its view",
                                 conflict->party(*p).name));
    return kUsage;
  }
  RowSpace space(*seen);
  VerdictSettings settings;
  settings.sanctions = *sanctions;
  if (r.max_states > 0) settings.most_states = r.max_states;
  settings.watch = session.watch();
  const Verdict v = verdict(space, *p, *s, *c, settings);
  session.print(r.json ? verdict_json(*seen, *p, *s, *c, *sanctions, v)
                       : verdict_text(*seen, *p, *s, *c, v, session.style(), r.limit.value_or(10)));
  return Session::exit_code(v.end);
}

}  // namespace wayout::cli
