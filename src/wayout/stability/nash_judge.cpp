#include "wayout/stability/nash_judge.hpp"

#include "wayout/space/moves.hpp"

namespace wayout {

NashJudge::NashJudge(const Conflict& conflict) : conflict_(&conflict) {
  UInt128 ruled = 0;
  for (const auto& [never, rule] : conflict.nevers()) ruled |= conflict.pool().support(never);
  for (const PartyId p : conflict.parties()) {
    // An option that neither the party's preference nor a rule names makes no difference to it.
    UInt128 keep = ruled;
    if (const auto sums = sum_scores(conflict, p))
      for (const SumScore& sum : *sums) keep |= sum.support();
    tables_.push_back(RowTables::moves(conflict, conflict.mover_of(p), keep, true));
  }
}

bool NashJudge::stable(PartyId p, State s) {
  if (const auto& rows = tables_[p.index()])
    return rows->stuck(rows->table(s.bits), rows->place(s.bits));
  bool stuck = true;
  const MoverId m = conflict_->mover_of(p);
  for_each_move(*conflict_, m, s, [&](State t) {
    if (wants(*conflict_, m, s, t)) stuck = false;
    return stuck;
  });
  return stuck;
}

PartyMask NashJudge::stable_for(State s) {
  PartyMask out = 0;
  for (const PartyId p : conflict_->parties())
    if (stable(p, s)) out |= mask_of(p);
  return out;
}

std::vector<PartyMask> nash_batch(const Conflict& conflict, std::span<const State> states) {
  NashJudge judge(conflict);
  std::vector<PartyMask> out;
  out.reserve(states.size());
  for (const State s : states) out.push_back(judge.stable_for(s));
  return out;
}

}  // namespace wayout
