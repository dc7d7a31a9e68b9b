#include "wayout/space/moves.hpp"

#include <algorithm>

namespace wayout {
namespace {

/// Everything about a move but its digits: the target is feasible, meets the link, and no rule
/// forbids it.
bool allowed(const Conflict& conflict, const MoverInfo& mover, State s, State t) {
  if (t == s || !conflict.feasible(t)) return false;
  if (mover.link && !conflict.holds(*mover.link, t)) return false;
  for (const Forbid& f : mover.forbids)
    if (conflict.holds(f.from, s) && conflict.holds(f.to, t)) return false;
  return true;
}

}  // namespace

bool is_move(const Conflict& conflict, MoverId m, State s, State t) {
  const MoverInfo& mover = conflict.mover(m);
  if (conflict.graph_form()) {
    if (mover.track) return false;
    const auto targets = conflict.arcs(PartyId(m.index()), s);
    return std::binary_search(targets.begin(), targets.end(), static_cast<std::uint32_t>(t.node()));
  }
  if (((s.bits ^ t.bits) & ~mover.digit_mask) != 0) return false;
  for (const Digit& d : mover.digits)
    if (!permitted(d.change, conflict.level(s, d.option), conflict.level(t, d.option)))
      return false;
  return allowed(conflict, mover, s, t);
}

bool wants(const Conflict& conflict, MoverId m, State s, State t) {
  const MoverInfo& mover = conflict.mover(m);
  if (!mover.track) return conflict.better(PartyId(m.index()), t, s);
  bool some = false;
  for (const PartyId p : conflict.parties()) {
    if (!contains(mover.members, p)) continue;
    const bool better = conflict.better(p, t, s);
    some = some || better;
    if (better) continue;
    if (mover.consent == Consent::AllBetter) return false;
    if (conflict.compare(p, t, s) < 0) return false;
  }
  return some;
}

void for_each_move(const Conflict& conflict, MoverId m, State s,
                   const std::function<bool(State)>& visit) {
  const MoverInfo& mover = conflict.mover(m);
  if (conflict.graph_form()) {
    if (mover.track) return;
    for (const std::uint32_t t : conflict.arcs(PartyId(m.index()), s))
      if (!visit(conflict.graph_state(t))) return;
    return;
  }
  const std::size_t n = mover.digits.size();
  if (n == 0) return;
  std::vector<int> from(n);
  std::vector<int> level(n, 0);
  for (std::size_t i = 0; i < n; ++i) from[i] = conflict.level(s, mover.digits[i].option);
  while (true) {
    bool possible = true;
    State t = s;
    for (std::size_t i = 0; i < n && possible; ++i) {
      possible = permitted(mover.digits[i].change, from[i], level[i]);
      t = conflict.with_level(t, mover.digits[i].option, level[i]);
    }
    if (possible && allowed(conflict, mover, s, t) && !visit(t)) return;
    std::size_t i = 0;
    while (i < n) {
      const auto levels = static_cast<int>(conflict.option(mover.digits[i].option).levels.size());
      if (++level[i] < levels) break;
      level[i++] = 0;
    }
    if (i == n) return;
  }
}

std::vector<State> moves(const Conflict& conflict, MoverId m, State s) {
  std::vector<State> out;
  for_each_move(conflict, m, s, [&out](State t) {
    out.push_back(t);
    return true;
  });
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<State> improvements(const Conflict& conflict, MoverId m, State s) {
  std::vector<State> out = moves(conflict, m, s);
  std::erase_if(out, [&](State t) { return !wants(conflict, m, s, t); });
  return out;
}

std::vector<MoverId> opponents(const Conflict& conflict, PartyId p) {
  std::vector<MoverId> out;
  for (const MoverId m : conflict.movers())
    if (!contains(conflict.mover(m).members, p)) out.push_back(m);
  return out;
}

std::uint64_t row_bound(const Conflict& conflict, MoverId m) {
  std::uint64_t size = 1;
  for (const Digit& d : conflict.mover(m).digits) {
    const std::uint64_t levels = conflict.option(d.option).levels.size();
    if (size > ~std::uint64_t{0} / levels) return ~std::uint64_t{0};
    size *= levels;
  }
  return size;
}

}  // namespace wayout
