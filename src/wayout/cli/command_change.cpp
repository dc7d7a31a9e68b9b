#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "wayout/change/cheapest.hpp"
#include "wayout/change/program.hpp"
#include "wayout/cli/change_json.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/report/change_text.hpp"

namespace wayout::cli {
namespace {

/// For each goal the cheapest set of any size that opens a clean way; where there is none, a way
/// with a mark.
int cheapest(const Session& session, const Conflict& base, const SearchSettings& search,
             const std::string& limits) {
  const Request& r = session.request();
  if (const auto loaded = load_cbc(); !loaded) {
    session.complain(loaded.error()[0].message, loaded.error()[0].hint);
    return kFaulty;
  }
  CheapestSettings settings;
  settings.search = search;
  settings.least = r.fewest ? Least::Number : Least::Cost;
  std::vector<std::size_t> goals = search.goals;
  if (goals.empty())
    for (std::size_t g = 0; g < base.goals().size(); ++g) goals.push_back(g);
  std::vector<Cheapest> found;
  End end = End::Complete;
  for (const std::size_t g : goals) {
    settings.marked = false;
    found.push_back(cheapest_measures(base, g, settings));
    if (found.back().proved && !found.back().best) {
      settings.marked = true;
      found.push_back(cheapest_measures(base, g, settings));
      found.erase(found.end() - 2);
    }
    if (end == End::Complete || found.back().end == End::Cancelled) end = found.back().end;
  }
  session.print(r.json ? cheapest_json(base, found, search.taken, r.as_perceived)
                       : cheapest_text(base, found, search.taken, session.style(), limits));
  return Session::exit_code(end);
}

}  // namespace

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
  if (r.as_perceived && !session.perceived(*loaded, *with)) return kFaulty;
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
  const auto goals = session.goals(*base);
  if (!goals) return kUsage;
  settings.goals = *goals;
  std::string limits = fmt::format("--max-states {}", settings.most_states);
  if (r.time_limit > 0) limits += fmt::format(", --time-limit {}", r.time_limit);
  if (r.cheapest || r.fewest) return cheapest(session, *base, settings, limits);
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
    session.print(
        change_text(*base, found, settings.taken, shifts, session.style(), limits, r.as_perceived));
  }
  return Session::exit_code(end);
}

}  // namespace wayout::cli
