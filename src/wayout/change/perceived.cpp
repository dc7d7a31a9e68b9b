#include "wayout/change/perceived.hpp"

#include <algorithm>

#include "wayout/space/moves.hpp"

namespace wayout {

void mark_by_truth(const Conflict& truth, Path& path) {
  path.unwilling = 0;
  State from = path.start;
  for (PathStep& step : path.steps) {
    step.willing = wants(truth, step.mover, from, step.state);
    path.unwilling += step.willing ? 0 : 1;
    from = step.state;
  }
}

PathSearch perceived_path(const Conflict& truth, const Perceived& seen, State start,
                          const std::function<bool(State)>& goal, const PathSettings& settings) {
  RowSpace space(seen.acting);
  PathSearch out = shortest_path(space, start, goal, settings);
  if (out.path) mark_by_truth(truth, *out.path);
  return out;
}

std::vector<Mistake> mistakes(const Conflict& truth, const Path& path) {
  std::vector<Mistake> out;
  State from = path.start;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const PathStep& step = path.steps[i];
    const MoverInfo& mover = truth.mover(step.mover);
    for (const PartyId p : truth.parties()) {
      if (!contains(mover.members, p) || truth.better(p, step.state, from)) continue;
      const bool may_stay_even = mover.track && mover.consent == Consent::NoneWorse;
      if (!may_stay_even || truth.compare(p, step.state, from) < 0) out.push_back({p, i});
    }
    from = step.state;
  }
  return out;
}

std::vector<Missed> missed_at(const Conflict& truth, const Perceived& seen, State s) {
  RowSpace truly(truth);
  RowSpace acting(seen.acting);
  const StateNumber here = truly.table().intern(s);
  const StateNumber there = acting.table().intern(s);
  std::vector<Missed> out;
  for (const MoverId m : truth.movers()) {
    bool moves = false;
    const bool listed = acting.for_each(m, there, Ask::Improvements, [&](StateNumber) {
      moves = true;
      return false;
    });
    if (moves || !listed) continue;
    std::optional<State> nearest;
    truly.for_each(m, here, Ask::Improvements, [&](StateNumber n) {
      const State t = truly.table()[n];
      const auto key = [&](State x) { return std::pair(options_changed(truth, s, x), x); };
      if (!nearest || key(t) < key(*nearest)) nearest = t;
      return true;
    });
    if (nearest) out.push_back({m, *nearest});
  }
  return out;
}

std::vector<PlaceErrors> place_errors(const Conflict& truth, const Perceived& seen, State start,
                                      const Drift& drift, const PathSettings& settings,
                                      std::size_t most) {
  std::vector<PlaceErrors> out;
  for (const std::vector<State>& set : drift.sets) {
    if (out.size() == most) break;
    PlaceErrors one;
    PathSearch found = perceived_path(
        truth, seen, start, [&](State s) { return std::binary_search(set.begin(), set.end(), s); },
        settings);
    if (found.path) {
      one.mistakes = mistakes(truth, *found.path);
      one.course = std::move(*found.path);
    }
    if (set.size() == 1) one.missed = missed_at(truth, seen, set[0]);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace wayout
