#include "wayout/trust/lane_closure.hpp"

#include <algorithm>

namespace wayout {

LaneClosure::LaneClosure(LaneDispute& dispute, LaneClosureSettings settings)
    : dispute_(&dispute),
      settings_(std::move(settings)),
      cursors_(dispute.conflict().mover_count()) {}

StateNumber LaneClosure::number(State t, StateNumber from, MoverId mover) {
  const StateNumber n = table_.intern(t);
  if (n == nodes_.size()) {
    Node node;
    node.parent = from;
    node.mover = static_cast<std::uint16_t>(mover.index());
    node.avoided = from != kNoState && settings_.avoid && settings_.avoid(t);
    nodes_.push_back(node);
    reached_.push_back(node.avoided ? ~LaneMask{0} : 0);
  }
  return n;
}

void LaneClosure::reach(StateNumber n, std::uint16_t by, LaneMask lanes, const Met& met) {
  const LaneMask fresh = lanes & ~reached_[n] & active_;
  if (fresh == 0) return;
  reached_[n] |= fresh;
  Node& node = nodes_[n];
  if (node.pending == 0) {
    queue_.push_back(n);
    node.by = by;
  } else if (node.by != by) {
    node.by = kNobody;
  }
  node.pending |= fresh;
  met(n, fresh);
}

End LaneClosure::run(State start, LaneMask lanes, const Met& met,
                     const std::function<void()>& between) {
  active_ = lanes;
  reach(number(start, kNoState, MoverId(0)), kNobody, lanes, met);
  if (between) between();
  for (std::size_t at = 0; at < queue_.size() && active_ != 0; ++at) {
    if ((at & 0xFu) == 0) {
      if (settings_.watch.cancelled()) return End::Cancelled;
      if (settings_.watch.out_of_time()) return End::Limit;
    }
    if (table_.size() > settings_.most_states || at >= settings_.most_opened) return End::Limit;
    const StateNumber n = queue_[at];
    const LaneMask fresh = nodes_[n].pending & active_;
    nodes_[n].pending = 0;
    if (fresh == 0) continue;
    const State s = table_[n];
    const std::uint16_t last = nodes_[n].by;
    for (const MoverId m : settings_.movers) {
      const auto by = static_cast<std::uint16_t>(m.index());
      // What it could do now it could do a move ago.
      if (by == last && dispute_->conflict().mover(m).transitive) continue;
      if (settings_.improvements) {
        dispute_->mover(m).sweep(s, fresh, cursors_[m.index()], reached_,
                                 [&](State t, LaneMask hit, StateNumber& known) {
                                   if (known == kNoState) known = number(t, n, m);
                                   reach(known, by, hit, met);
                                   return active_ != 0;
                                 });
      } else {
        dispute_->mover(m).moves(s, [&](State t) {
          reach(number(t, n, m), by, fresh, met);
          return active_ != 0;
        });
      }
    }
    if (between) between();
  }
  return End::Complete;
}

std::vector<Step> LaneClosure::path(StateNumber n) const {
  std::vector<Step> out;
  for (; nodes_[n].parent != kNoState; n = nodes_[n].parent)
    out.push_back({MoverId(nodes_[n].mover), table_[n]});
  std::reverse(out.begin(), out.end());
  return out;
}

LaneDrift lane_drift(LaneDispute& dispute, State start, LaneMask lanes,
                     const LaneClosureSettings& settings,
                     const std::function<LaneMask(State)>& bad) {
  LaneDrift out;
  LaneClosure closure(dispute, settings);
  const End end = closure.run(start, lanes, [](StateNumber, LaneMask) {});
  if (end != End::Complete) {
    out.open = lanes;
    return out;
  }
  // ends[n]: the profiles in which willing steps lead from it to a state that nobody leaves.
  std::vector<LaneMask> ends(closure.size(), 0);
  const auto size = static_cast<StateNumber>(closure.size());
  for (StateNumber n = size; n-- > 0;) {
    LaneMask left = closure.reached(n);
    for (const MoverId m : settings.movers) {
      if (left == 0) break;
      dispute.mover(m).improvements(closure.state(n), left, [&](State t, LaneMask hit) {
        // An improvement into what is to be avoided is no way on, and none in the search either.
        const StateNumber to = closure.find(t);
        left &= ~(hit & (to == kNoState ? 0 : closure.reached(to)));
        return left != 0;
      });
    }
    ends[n] = left;
    if (left != 0) out.bad |= left & bad(closure.state(n));
  }
  // What never comes to rest goes round.
  const LaneMask asked = lanes & ~out.bad;
  LaneMask stuck = 0;
  for (bool grown = true; grown;) {
    grown = false;
    stuck = 0;
    for (StateNumber n = size; n-- > 0;) {
      LaneMask missing = closure.reached(n) & asked & ~ends[n];
      for (const MoverId m : settings.movers) {
        if (missing == 0) break;
        dispute.mover(m).improvements(closure.state(n), missing, [&](State t, LaneMask hit) {
          const StateNumber to = closure.find(t);
          if (to == kNoState) return true;
          const LaneMask more = hit & ends[to] & missing;
          if (more == 0) return true;
          ends[n] |= more;
          missing &= ~more;
          grown = true;
          return missing != 0;
        });
      }
      stuck |= missing;
    }
    if (stuck == 0) break;
  }
  out.open = stuck & asked;
  out.good = asked & ~stuck;
  return out;
}

}  // namespace wayout
