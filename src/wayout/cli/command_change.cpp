#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/change/perceived.hpp"
#include "wayout/cli/change_json.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/report/change_text.hpp"

namespace wayout::cli {

int run_change(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  // What is taken in any case must build; the search starts from the dispute before it.
  const auto with = session.conflict(*loaded);
  if (!with) return kFaulty;
  auto base = view(loaded->parts, {r.under, {}, {}});
  if (!base) {
    session.print_faults(&*loaded, base.error());
    return kFaulty;
  }
  if (!base->status_quo()) {
    session.complain("the case has no status quo to start from", "change needs one");
    return kFaulty;
  }
  if (base->goals().empty()) {
    session.complain("the case names no goal", "add a [[goal]]");
    return kFaulty;
  }
  if (r.as_perceived) {
    if (const auto views = perceived_views(*with); !views) {
      session.print_faults(&*loaded, views.error());
      return kFaulty;
    }
  }
  const auto sanctions = session.sanctions();
  if (!sanctions) return kUsage;
  SearchSettings settings;
  settings.sanctions = *sanctions;
  settings.most = r.most;
  settings.as_perceived = r.as_perceived;
  if (r.limit) settings.listed = *r.limit;
  if (r.max_states > 0) settings.most_states = r.max_states;
  settings.watch = session.watch();
  const auto& measures = base->parts().measures;
  for (std::size_t i = 0; i < measures.size(); ++i)
    if (std::find(r.with.begin(), r.with.end(), measures[i].id) != r.with.end())
      settings.taken.push_back(i);
  std::vector<std::string> ids;
  for (const GoalInfo& g : base->goals()) ids.push_back(g.id);
  for (const std::string& id : r.goals) {
    const auto it = std::find(ids.begin(), ids.end(), id);
    if (it == ids.end()) {
      const std::string near = did_you_mean(id, ids);
      session.complain(fmt::format("--goal {}: no such goal", id),
                       near.empty() ? "it has " + join_and(ids) : near);
      return kUsage;
    }
    settings.goals.push_back(static_cast<std::size_t>(it - ids.begin()));
  }
  const MeasureSearch found = search_measures(*base, settings);
  End end = found.end;
  for (const GoalChange& g : found.goals)
    if (end == End::Complete) end = g.end;
  std::map<std::size_t, Inverse> shifts;
  for (const GoalChange& g : found.goals)
    if (g.verdict == ChangeVerdict::NoneFound) {
      const auto taken = with_measures(*base, settings.taken);
      if (taken) shifts.emplace(g.goal, least_shifts(*taken, g.goal, settings));
    }
  if (r.json) {
    session.print(change_json(*base, found, settings.taken, shifts, r.as_perceived));
  } else {
    std::string limits = fmt::format("--max-states {}", settings.most_states);
    if (r.time_limit > 0) limits += fmt::format(", --time-limit {}", r.time_limit);
    session.print(
        change_text(*base, found, settings.taken, shifts, session.style(), limits, r.as_perceived));
  }
  return Session::exit_code(end);
}

}  // namespace wayout::cli
