#include "wayout/stability/sim.hpp"

#include <vector>

#include "wayout/stability/verdict.hpp"

namespace wayout {
namespace {

/// A change: the bits it sets, and to what.
struct Patch {
  UInt128 mask = 0;
  UInt128 value = 0;
};

Patch patch_of(const Conflict& conflict, MoverId m, State from, State to) {
  Patch out;
  for (const Digit& d : conflict.mover(m).digits) {
    const UInt128 field = conflict.option(d.option).mask();
    if (((from.bits ^ to.bits) & field) == 0) continue;
    out.mask |= field;
    out.value |= to.bits & field;
  }
  return out;
}

}  // namespace

End sim_answer(RowSpace& space, PartyId p, State s, Answer& answer, std::uint64_t& combinations,
               const Watch& watch) {
  const Conflict& conflict = space.conflict();
  contract(!conflict.graph_form(), "SIM is not defined in graph form");
  const StateNumber n = space.table().intern(s);
  const Patch own = patch_of(conflict, conflict.mover_of(p), s, answer.improvement);
  struct Choice {
    MoverId mover;
    std::vector<Patch> targets;
  };
  std::vector<Choice> choices;
  bool listed = true;
  for (const PartyId q : conflict.parties()) {
    if (q == p) continue;
    Choice c{conflict.mover_of(q), {}};
    listed &= space.for_each(c.mover, n, Ask::Improvements, [&](StateNumber t) {
      c.targets.push_back(patch_of(conflict, c.mover, s, space.table()[t]));
      return true;
    });
    if (!c.targets.empty()) choices.push_back(std::move(c));
  }
  if (!listed) return End::Limit;
  // Depth first over the parties; index 0 is staying put.
  std::vector<std::size_t> pick(choices.size(), 0);
  while (true) {
    std::size_t i = 0;
    while (i < pick.size() && ++pick[i] > choices[i].targets.size()) pick[i++] = 0;
    if (i == pick.size()) return End::Complete;  // every combination was tried
    if (combinations == 0) return End::Limit;
    if ((--combinations & 0xFFFu) == 0) {
      if (watch.cancelled()) return End::Cancelled;
      if (watch.out_of_time()) return End::Limit;
    }
    ++answer.searched;
    State c{(s.bits & ~own.mask) | own.value};
    // An option that several change is a joint one that each leaves: all set it to 0, so order is
    // no matter.
    for (std::size_t k = 0; k < pick.size(); ++k) {
      if (pick[k] == 0) continue;
      const Patch& patch = choices[k].targets[pick[k] - 1];
      c.bits = (c.bits & ~patch.mask) | patch.value;
    }
    if (!conflict.feasible(c) || conflict.better(p, c, s)) continue;
    answer.sanctioned = true;
    State shown = answer.improvement;
    for (std::size_t k = 0; k < pick.size(); ++k) {
      if (pick[k] == 0) continue;
      const Patch& patch = choices[k].targets[pick[k] - 1];
      shown.bits = (shown.bits & ~patch.mask) | patch.value;
      answer.sanction.push_back({choices[k].mover, shown});
    }
    return End::Complete;
  }
}

}  // namespace wayout
