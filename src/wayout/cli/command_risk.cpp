#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "wayout/cli/commands.hpp"
#include "wayout/cli/risk_json.hpp"
#include "wayout/reach/paths.hpp"
#include "wayout/report/risk_text.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/space/perception.hpp"

namespace wayout::cli {
namespace {

/// A number from 0, or infinity; nullopt where it is neither.
std::optional<double> read_rationality(const std::string& text) {
  if (text == "inf") return std::numeric_limits<double>::infinity();
  const auto number = Decimal::parse(text);
  if (!number || number->is_negative()) return std::nullopt;
  return number->to_double();
}

std::vector<MeasureRisk> judged_measures(const Session& session, const LoadedCase& loaded,
                                         const Conflict& conflict, const Normaliser& normaliser,
                                         const RiskQuestion& question) {
  const Request& r = session.request();
  std::vector<MeasureRisk> out;
  const auto now = probability_by(conflict, normaliser, question);
  for (const MeasurePart& part : conflict.parts().measures) {
    if (std::find(r.with.begin(), r.with.end(), part.id) != r.with.end()) continue;
    MeasureRisk m;
    m.id = part.id;
    m.name = part.name.empty() ? part.id : part.name;
    m.cost = part.cost.value().value_or(Decimal(1)).to_double();
    std::vector<std::string> with = r.with;
    with.push_back(part.id);
    const auto changed = view(loaded.parts, {r.under, with, {}});
    if (!changed) {
      m.fault = changed.error()[0].message;
    } else {
      const auto risk = probability_by(*changed, normaliser, question);
      if (!risk) {
        m.fault = risk.error()[0].message;
      } else {
        m.by = risk->by;
        if (now) m.removed = now->by.middle() - risk->by.middle();
        if (risk->end == End::Cancelled) m.fault = "interrupted";
      }
    }
    out.push_back(std::move(m));
    if (session.watch().cancelled()) break;
  }
  const auto merit = [](const MeasureRisk& m) {
    if (!m.fault.empty()) return -std::numeric_limits<double>::infinity();
    const double removed = m.removed.value_or(0);
    return m.cost > 0    ? removed / m.cost
           : removed > 0 ? std::numeric_limits<double>::max()
                         : removed;
  };
  std::stable_sort(out.begin(), out.end(),
                   [&](const MeasureRisk& a, const MeasureRisk& b) { return merit(a) > merit(b); });
  return out;
}

}  // namespace

int run_risk(const Session& session) {
  const Request& r = session.request();
  if (r.case_path.ends_with(".drn") || r.case_path.ends_with(".tra")) {
    if (!r.as_perceived) return run_risk_of_chain(session);
    session.complain("--as-perceived is about beliefs, and a chain read from a file has none");
    return kUsage;
  }
  RiskSettings settings;
  if (!r.rationality.empty()) {
    settings.rationality = read_rationality(r.rationality);
    if (!settings.rationality) {
      session.complain(fmt::format("--rationality {}: a number from 0, or inf", r.rationality));
      return kUsage;
    }
  }
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  const auto start = session.start(*conflict);
  if (!start) return conflict->status_quo() ? kUsage : kFaulty;
  // One ordinary step is measured in the case without measures and variants.
  const auto base = view(loaded->parts, {});
  if (!base) {
    session.print_faults(&*loaded, base.error());
    return kFaulty;
  }
  const auto scale = normaliser(*base, base->status_quo() ? std::nullopt : start);
  if (!scale) {
    session.print_faults(&*loaded, scale.error());
    return kFaulty;
  }
  settings.horizon = r.by;
  settings.from = start;
  settings.one_option = !r.any_options;
  settings.unknown_behaviour = r.behaviour == "unknown";
  settings.below = r.below;
  settings.all_derivatives = r.all_derivatives;
  settings.watch = session.watch();
  if (r.max_states > 0) settings.most_states = r.max_states;
  settings.as_perceived = r.as_perceived;
  std::optional<Perceived> seen;
  if (r.as_perceived && !(seen = session.perceived(*loaded, *conflict))) return kFaulty;
  {
    RowSpace space(seen ? seen->acting : *conflict);
    PathSettings paths;
    paths.watch = session.watch();
    Drift d = drift(space, *start, paths);
    if (d.end == End::Complete) settings.drift = std::move(d.sets);
  }
  const auto answer = risk(*conflict, *scale, settings);
  if (!answer) {
    session.print_faults(&*loaded, answer.error());
    return kFaulty;
  }
  std::vector<MeasureRisk> measures;
  if (r.measures && answer->end != End::Cancelled) {
    RiskQuestion question;
    question.horizon = r.by;
    if (!r.from.empty()) question.from = start;
    question.rationality = settings.rationality;
    question.one_option = settings.one_option;
    question.as_perceived = settings.as_perceived;
    question.most_states = std::min<std::size_t>(settings.most_states, question.most_states);
    question.watch = session.watch();
    measures = judged_measures(session, *loaded, *conflict, *scale, question);
  }
  session.print(r.json ? risk_json(*conflict, *start, *answer, settings.drift, measures, r.below)
                       : risk_text(*conflict, *start, *answer, settings.drift, measures, r.below,
                                   session.style(), r.limit.value_or(10)));
  return Session::exit_code(answer->end);
}

}  // namespace wayout::cli
