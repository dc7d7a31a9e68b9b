#include "wayout/change/course.hpp"

#include <algorithm>

namespace wayout {

bool moves_away(const Conflict& conflict, State start, State s, State t) {
  if (conflict.graph_form()) return true;
  const UInt128 changed = s.bits ^ t.bits;
  for (const OptionId o : conflict.options()) {
    if ((changed & conflict.option(o).mask()) == 0) continue;
    const int from = conflict.level(start, o);
    const int before = conflict.level(s, o);
    const int after = conflict.level(t, o);
    if ((before > from && after < before) || (before < from && after > before)) return false;
  }
  return true;
}

Courses::Courses(RowSpace& space, State start, CourseSettings settings)
    : space_(&space), start_(start), settings_(std::move(settings)) {
  run();
}

void Courses::run() {
  const Conflict& conflict = space_->conflict();
  const Conflict& judge = settings_.below == nullptr ? conflict : *settings_.below;
  nodes_.push_back({start_, 0, MoverId(0)});
  FlatMap seen;
  seen.insert(space_->table().intern(start_), 0);
  bool too_wide = false;
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (settings_.watch.cancelled()) {
      end_ = End::Cancelled;
      return;
    }
    if (nodes_.size() > settings_.most_states || space_->table().size() > space_->capacity() ||
        settings_.watch.out_of_time()) {
      end_ = End::Limit;
      return;
    }
    const State s = nodes_[i].state;
    if (i != 0 && settings_.none_below) {
      bool below = false;
      for (const PartyId p : conflict.parties()) below = below || judge.better(p, start_, s);
      if (below) continue;
    }
    const StateNumber n = space_->table().intern(s);
    for (const MoverId m : conflict.movers()) {
      too_wide |= !space_->for_each(m, n, Ask::Improvements, [&](StateNumber to) {
        if (seen.find(to) != FlatMap::kNone) return true;
        const State t = space_->table()[to];
        if (settings_.one_way && !moves_away(conflict, start_, s, t)) return true;
        if (settings_.step && !settings_.step(m, s, t)) return true;
        if (settings_.avoid && settings_.avoid(t)) return true;
        seen.insert(to, 0);
        nodes_.push_back({t, i, m});
        return true;
      });
    }
  }
  if (too_wide) end_ = End::Limit;
}

Path Courses::path(std::size_t node) const {
  Path out;
  out.start = start_;
  for (std::size_t n = node; n != 0; n = nodes_[n].parent)
    out.steps.push_back({nodes_[n].mover, nodes_[n].state, true});
  std::reverse(out.steps.begin(), out.steps.end());
  return out;
}

}  // namespace wayout
