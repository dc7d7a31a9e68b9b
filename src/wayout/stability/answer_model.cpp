#include "wayout/stability/answer_model.hpp"

#include <algorithm>

#include "wayout/model/local_score.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {

std::unique_ptr<AnswerModel> AnswerModel::make(const Conflict& conflict, PartyId p, Concept c) {
  if (conflict.graph_form() || !conflict.weak_order(p)) return nullptr;
  const auto goal = sum_scores(conflict, p);
  if (!goal) return nullptr;
  auto model = std::make_unique<AnswerModel>();
  AnswerModel& out = *model;
  out.conflict = &conflict;
  out.party = p;
  out.improving = c == Concept::Seq || c == Concept::Sseq;
  out.symmetric = c == Concept::Smr || c == Concept::Sseq;
  if (!goal->empty()) out.goal = goal->front();
  out.relevant = out.goal.support();
  const ExprPool& pool = conflict.pool();
  for (const auto& [never, rule] : conflict.nevers()) out.relevant |= pool.support(never);
  const UInt128 escapes = out.relevant;  // what bears on the party's own moves
  PartyMask members = 0;
  for (const MoverId m : opponents(conflict, p)) {
    const MoverInfo& info = conflict.mover(m);
    if (!info.transitive) return nullptr;
    if (info.digits.empty()) continue;
    if (info.link) out.relevant |= pool.support(*info.link);
    members |= info.members;
    out.movers.push_back(m);
  }
  if (out.improving) {
    for (const PartyId q : conflict.parties()) {
      if (!contains(members, q)) continue;
      const auto sums = sum_scores(conflict, q);
      if (!sums) return nullptr;
      for (const SumScore& sum : *sums) out.relevant |= sum.support();
    }
  }
  // Under any moves, one that changes nothing that matters may still be worth making: it lets the
  // mover before it move again.
  if (!out.improving) out.relevant = ~UInt128{0};
  const auto list = [&](std::vector<RowTables>& into, MoverId m, UInt128 keep, bool wanted) {
    auto rows = RowTables::moves(conflict, m, keep, wanted);
    if (rows) into.push_back(std::move(*rows));
    return rows.has_value();
  };
  for (const MoverId m : out.movers) {
    if (!list(out.rows, m, out.relevant, out.improving)) return nullptr;
    if (!out.improving && !list(out.due, m, out.relevant, true)) return nullptr;
    out.goal_rows.push_back(out.rows.back().scores(out.goal));
    out.free |= out.rows.back().own();
  }
  out.aim = out.goal.support();
  if (out.symmetric) {
    out.own = RowTables::moves(conflict, conflict.mover_of(p), escapes, false);
    if (!out.own) return nullptr;
    out.own_goal = out.own->scores(out.goal);
    out.aim |= out.own->support() | out.own->own();
  }
  return model;
}

std::optional<UInt128> AnswerModel::escape(UInt128 bits, Int128 limit) const {
  const auto& table = own->table(bits);
  const auto& goals = own_goal->table(bits);
  const std::size_t a = own->place(bits);
  const Int128 others = score(bits) - goals.score[a];
  if (others + goals.top <= limit) return std::nullopt;
  for (std::size_t b = 0; b < own->settings().size(); ++b)
    if (others + goals.score[b] > limit && own->goes(table, a, b))
      return (bits & ~own->own()) | own->settings()[b];
  return std::nullopt;
}

bool AnswerModel::hollow(std::size_t mover, UInt128 s, UInt128 s1, UInt128 t) const {
  const RowTables& wants = improving ? rows[mover] : due[mover];
  UInt128 at_s = s;
  for (const Digit& d : conflict->mover(movers[mover]).digits) {
    const UInt128 field = conflict->option(d.option).mask();
    if (((t ^ s1) & field) != 0) at_s = (at_s & ~field) | (t & field);
  }
  return wants.goes(wants.table(s), wants.place(s), wants.place(at_s));
}

std::vector<AnswerModel::First> AnswerModel::clean_firsts(UInt128 s, UInt128 s1) const {
  std::vector<First> out;
  const auto& wants = improving ? rows : due;
  for (std::size_t k = 0; k < movers.size(); ++k) {
    const RowTables& r = rows[k];
    const RowTables& w = wants[k];
    const std::size_t a = r.place(s1);
    const bool same = ((s ^ s1) & r.own()) == 0;
    const auto& from_s1 = r.table(s1);
    const auto& from_s = w.table(s);
    for (std::size_t b = 0; b < r.settings().size(); ++b) {
      if (!r.goes(from_s1, a, b)) continue;
      const UInt128 t = (s1 & ~r.own()) | r.settings()[b];
      if (same ? w.goes(from_s, a, b) : hollow(k, s, s1, t)) continue;
      out.push_back({k, t});
    }
  }
  return out;
}

const AnswerModel* AnswerBook::model(PartyId p, Concept c) {
  const std::size_t at = p.index() * kAllConcepts.size() + static_cast<std::size_t>(c);
  if (entries_.size() <= at) entries_.resize(at + 1);
  Entry& e = entries_[at];
  if (!e.made) {
    e.made = true;
    e.model = AnswerModel::make(conflict_, p, c);
  }
  return e.model.get();
}

const RowTables* AnswerBook::improvements(PartyId p) {
  if (own_.size() <= p.index()) own_.resize(p.index() + 1);
  Own& own = own_[p.index()];
  if (!own.made) {
    own.made = true;
    own.rows = RowTables::moves(conflict_, conflict_.mover_of(p), ~UInt128{0}, true);
  }
  return own.rows ? &*own.rows : nullptr;
}

}  // namespace wayout
