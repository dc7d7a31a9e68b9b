// Every grouping of the issues, against the reference, on random conflicts.
#include "wayout/room/linkage.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "properties/judge_change.hpp"
#include "wayout/reach/paths.hpp"

namespace wayout::properties {
namespace {

/// The parts with the issues at tables of their own: block numbers per issue, and which are linked.
Parts regrouped_by_hand(const Parts& parts, const std::vector<std::string>& issues,
                        const std::vector<int>& block, bool linked) {
  Parts out = parts;
  out.tracks.clear();
  bool all_better = false;
  bool none_worse = false;
  for (TrackPart t : parts.tracks) {
    if (!t.open) continue;
    (t.consent == Consent::AllBetter ? all_better : none_worse) = true;
    std::erase_if(t.table, [&](const std::string& id) {
      return std::find(issues.begin(), issues.end(), id) != issues.end();
    });
    if (!t.table.empty()) out.tracks.push_back(t);
  }
  for (int b = 0; b < static_cast<int>(issues.size()); ++b) {
    TrackPart t;
    t.id = "block" + std::to_string(b);
    t.consent = none_worse && !all_better ? Consent::NoneWorse : Consent::AllBetter;
    int agreements = 0;
    for (std::size_t i = 0; i < issues.size(); ++i) {
      if (block[i] != b) continue;
      t.table.push_back(issues[i]);
      for (const OptionPart& o : parts.options) {
        if (o.id != issues[i]) continue;
        agreements += o.parties.empty() ? 0 : 1;
        std::vector<std::string> owners = o.parties;
        if (!o.party.empty()) owners.push_back(o.party);
        for (const std::string& p : owners)
          if (std::find(t.parties.begin(), t.parties.end(), p) == t.parties.end())
            t.parties.push_back(p);
      }
    }
    if (linked && agreements >= 2) t.linked = "true";
    if (t.parties.size() > 1) out.tracks.push_back(t);
  }
  std::erase_if(out.rules, [&](const RulePart& r) {
    if (!r.forbid || r.forbid->by.empty()) return false;
    const auto is = [&](const auto& part) { return part.id == r.forbid->by; };
    return std::none_of(out.parties.begin(), out.parties.end(), is) &&
           std::none_of(out.tracks.begin(), out.tracks.end(), is);
  });
  return out;
}

/// Which goals improvements lead to, by the reference.
std::vector<bool> reached(const Parts& parts) {
  const auto model = reference::make(parts);
  if (!model) return {};
  const reference::Model& m = **model;
  std::vector<bool> out;
  for (const GoalPart& g : parts.goals) {
    const auto meets = *reference::where(m, g.when);
    reference::StateSet avoid(reference::size(m), false);
    if (!g.avoid.empty()) avoid = *reference::where(m, g.avoid);
    reference::StateSet seen(reference::size(m), false);
    std::vector<std::size_t> open{*reference::status_quo(m)};
    seen[open[0]] = true;
    bool yes = false;
    while (!open.empty()) {
      const std::size_t s = open.back();
      open.pop_back();
      yes = yes || meets[s];
      for (std::size_t k = 0; k < reference::mover_count(m); ++k)
        for (const std::size_t t : reference::improvements(m, k, s))
          if (!seen[t] && !avoid[t]) {
            seen[t] = true;
            open.push_back(t);
          }
    }
    out.push_back(yes);
  }
  return out;
}

std::string judge_linkage(const Parts& parts) {
  const auto conflict = build(parts);
  if (!conflict || !conflict->status_quo() || conflict->graph_form()) return "";
  std::vector<std::string> issues;
  std::vector<int> at;  // the first open track of each
  for (const OptionPart& o : parts.options)
    for (std::size_t t = 0; t < parts.tracks.size(); ++t) {
      const auto& table = parts.tracks[t].table;
      if (!parts.tracks[t].open || std::find(table.begin(), table.end(), o.id) == table.end())
        continue;
      issues.push_back(o.id);
      at.push_back(static_cast<int>(t));
      break;
    }
  if (issues.empty() || issues.size() > 5) return "";
  std::uint64_t groupings = 0;
  std::vector<std::uint64_t> reach(parts.goals.size(), 0);
  std::pair<int, std::size_t> best{1, 0};
  std::vector<int> block(issues.size(), 0);
  const auto visit = [&](auto&& self, std::size_t i, int blocks) -> void {
    if (i < issues.size()) {
      for (int b = 0; b <= blocks; ++b) {
        block[i] = b;
        self(self, i + 1, std::max(blocks, b + 1));
      }
      return;
    }
    std::size_t distance = 0;
    for (std::size_t a = 0; a < issues.size(); ++a)
      for (std::size_t b = a + 1; b < issues.size(); ++b)
        distance += (block[a] == block[b]) != (at[a] == at[b]) ? 1 : 0;
    for (const bool linked : {false, true}) {
      const Parts changed = regrouped_by_hand(parts, issues, block, linked);
      if (linked && std::none_of(changed.tracks.begin(), changed.tracks.end(), [](const auto& t) {
            return t.id.rfind("block", 0) == 0 && t.linked == "true";
          }))
        continue;
      ++groupings;
      int goals = 0;
      const auto yes = reached(changed);
      for (std::size_t g = 0; g < yes.size(); ++g) {
        reach[g] += yes[g] ? 1 : 0;
        goals += yes[g] ? 1 : 0;
      }
      best = std::min(best, std::pair(-goals, distance));
    }
  };
  visit(visit, 0, 0);
  const GroupingJudge judge = [](const Conflict& c, bool) {
    GroupingView out;
    RowSpace space(c);
    for (const GoalInfo& g : c.goals()) {
      PathSettings settings;
      if (g.avoid) settings.avoid = [&c, e = *g.avoid](State s) { return c.holds(e, s); };
      const bool yes =
          shortest_path(
              space, *c.status_quo(), [&](State s) { return c.holds(g.when, s); }, settings)
              .path.has_value();
      out.goals.push_back(yes ? GoalState::Reachable : GoalState::Out);
    }
    return out;
  };
  const Linkage found = linkage(*conflict, {}, judge);
  if (found.end != End::Complete || !found.exhaustive) return "not every grouping";
  if (found.looked_at != groupings)
    return "groupings: " + std::to_string(found.looked_at) + ", by hand " +
           std::to_string(groupings);
  for (std::size_t g = 0; g < reach.size(); ++g)
    if (found.goals[g].groupings != reach[g])
      return "goal " + std::to_string(g) + " in " + std::to_string(found.goals[g].groupings) +
             ", by the reference in " + std::to_string(reach[g]);
  const auto& first = found.best.at(0);
  const int goals = static_cast<int>(
      std::count(first.view.goals.begin(), first.view.goals.end(), GoalState::Reachable));
  if (std::pair(-goals, first.distance) != best) return "the best grouping is another";
  return "";
}

TEST(Linkage, EveryGrouping) {
  Mix mix;
  mix.graph = 0;
  mix.talks = 0.8;
  mix.most_raw = 64;
  mix.most_parties = 3;
  mix.most_options = 6;
  mix.unanimous = 0;
  mix.rankings = false;
  for_random_conflicts(mix, 300, [](const RandomCase& c) -> std::string {
    return judge_linkage(with_goals(c.parts, c.seed));
  });
}

}  // namespace
}  // namespace wayout::properties
