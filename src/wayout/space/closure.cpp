#include "wayout/space/closure.hpp"

#include <algorithm>

#include "wayout/space/moves.hpp"

namespace wayout {

Closure::Closure(RowSpace& space, ClosureSettings settings)
    : space_(&space), settings_(std::move(settings)), sweep_(space, settings_.ask) {
  if (settings_.legal) {
    const Conflict& conflict = space.conflict();
    // Where every mover is transitive two moves in a row are one move, unless that one is ruled out
    // as a first move.
    settings_.legal = static_cast<bool>(settings_.not_first) ||
                      std::any_of(settings_.movers.begin(), settings_.movers.end(),
                                  [&](MoverId m) { return !conflict.mover(m).transitive; });
  }
}

std::optional<std::uint32_t> Closure::node_of(StateNumber s) const {
  const std::uint32_t node = first_.find(s);
  if (node == FlatMap::kNone) return std::nullopt;
  return node;
}

std::vector<std::uint32_t> Closure::path(std::uint32_t node) const {
  std::vector<std::uint32_t> out{node};
  while (node != 0) {
    node = nodes_[node].parent;
    out.push_back(node);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

void Closure::reach(std::uint32_t from, MoverId mover, StateNumber t,
                    const std::function<Next(std::uint32_t)>& met) {
  if (stopped_) return;
  const std::uint32_t first = first_.find(t);
  if (first != FlatMap::kNone) {
    // Met before. Only a legal search has a use for it: opened for every mover but its last, it is
    // opened once more, for that one, when another mover leads to it.
    if (!settings_.legal || first == 0 || reopened_[first] || nodes_[first].mover == mover.index())
      return;
    reopened_[first] = true;
    nodes_.push_back({t, from, static_cast<std::uint16_t>(mover.index()), nodes_[from].steps + 1});
    reopened_.push_back(true);
    return;
  }
  if (settings_.avoid && settings_.avoid(space_->table()[t])) return;
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  first_.insert(t, index);
  nodes_.push_back({t, from, static_cast<std::uint16_t>(mover.index()), nodes_[from].steps + 1});
  reopened_.push_back(false);
  if (met(index) == Next::Stop) stopped_ = true;
}

End Closure::run(State start, const std::function<Next(std::uint32_t)>& met) {
  const StateNumber s = space_->table().intern(start);
  nodes_.push_back({s, 0, 0xFFFFu, 0});
  reopened_.push_back(false);
  // With first moves ruled out, coming back to the start opens what was closed there.
  if (!settings_.not_first) first_.insert(s, 0);
  bool too_wide = false;
  for (std::uint32_t i = 0; i < nodes_.size() && !stopped_; ++i) {
    if (settings_.watch.cancelled()) return End::Cancelled;
    // One node may open a row of thousands, so the clock is asked often.
    if ((i & 0xFu) == 0) {
      if (settings_.watch.out_of_time()) return End::Limit;
      settings_.watch.tell("searching", i, nodes_.size());
    }
    if (space_->table().size() > std::min(settings_.most_states, space_->capacity()) &&
        !space_->filled())
      return End::Limit;
    const Node n = nodes_[i];
    // A node of a state met before stands for the one mover left out at the first.
    const bool again = i != 0 && first_.find(n.state) != i;
    for (const MoverId m : settings_.movers) {
      if (settings_.legal && i != 0) {
        if (again ? m.index() != nodes_[first_.find(n.state)].mover : m.index() == n.mover)
          continue;
      }
      if (i == 0 && settings_.not_first) {
        // The sweep must not learn of a first move that is ruled out: it may come later.
        std::vector<StateNumber> targets;
        too_wide |= !space_->for_each(m, n.state, settings_.ask, [&](StateNumber t) {
          targets.push_back(t);
          return true;
        });
        for (const StateNumber t : targets)
          if (!settings_.not_first(m, space_->table()[t])) reach(i, m, t, met);
        continue;
      }
      too_wide |= !sweep_.take(m, n.state, [&](StateNumber t) { reach(i, m, t, met); });
      if (stopped_) break;
    }
  }
  if (stopped_) return End::Complete;
  return too_wide ? End::Limit : End::Complete;
}

}  // namespace wayout
