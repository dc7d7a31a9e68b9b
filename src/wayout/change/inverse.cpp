#include "wayout/change/inverse.hpp"

#include <algorithm>

namespace wayout {

Inverse least_shifts(const Conflict& conflict, std::size_t goal, const SearchSettings& settings) {
  Inverse out;
  if (!conflict.graph_form()) {
    const ExprId when = conflict.goals().at(goal).when;
    const FeasibleSearch found = find_feasible(conflict, when);
    if (found.finished && !found.state) {
      out.impossible = true;
      out.rules = rules_against(conflict, when);
      return out;
    }
  }
  // Each shift as a measure: what the search for measures finds minimal is minimal here.
  Parts parts = conflict.parts();
  parts.measures.clear();
  std::vector<Shift> shifts;
  for (const PartyId p : conflict.parties()) {
    for (PreferencePart& preference : parts.preferences) {
      if (preference.party != conflict.party(p).id || preference.method == Method::Unanimous ||
          preference.method == Method::Ranking || preference.method == Method::Additive)
        continue;
      for (std::size_t k = 0; k < preference.statements.size(); ++k) {
        StatementPart& s = preference.statements[k];
        if (!s.enabled) continue;
        if (s.id.empty()) s.id = "statement_at_" + std::to_string(k);
        for (const bool only_vital : {true, false}) {
          if (only_vital && !s.vital) continue;
          MeasurePart m;
          m.id = "shift_at_" + std::to_string(shifts.size());
          EffectPart e;
          e.kind = EffectKind::Statement;
          e.target = preference.party;
          e.statement = s.id;
          e.action = only_vital ? StatementAction::Vital : StatementAction::Drop;
          e.flag = !only_vital;
          m.effects = {e};
          // Dropped, it is not vital either.
          if (!only_vital && s.vital)
            m.excludes = {"shift_at_" + std::to_string(shifts.size() - 1)};
          parts.measures.push_back(std::move(m));
          shifts.push_back({p, k, only_vital});
        }
      }
    }
  }
  parts.claims.clear();
  const auto built = build(std::move(parts));
  if (!built) {
    out.end = End::Limit;
    return out;
  }
  SearchSettings search = settings;
  search.goals = {goal};
  search.taken.clear();
  search.listed = 0;
  // Pairs only where no single shift does.
  for (search.most = 1; search.most <= 2; ++search.most) {
    search.listed = search.most == 1 ? shifts.size() : 64;
    const MeasureSearch found = search_measures(*built, search);
    out.end = found.goals[0].end;
    out.most = found.most;
    for (const Opening& o : found.goals[0].clean) {
      std::vector<Shift> set;
      for (const std::size_t i : o.measures) set.push_back(shifts[i]);
      out.sets.push_back(std::move(set));
    }
    if (!out.sets.empty() || out.end != End::Complete) break;
  }
  std::stable_sort(out.sets.begin(), out.sets.end(),
                   [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return out;
}

}  // namespace wayout
