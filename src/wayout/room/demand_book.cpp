#include "wayout/room/demand_book.hpp"

#include <algorithm>

namespace wayout {

DemandBook::DemandBook(const DealTable& table, const std::vector<Taste>& tastes,
                       const References& references)
    : table_(&table), tastes_(&tastes), references_(&references) {
  const Conflict& conflict = table.conflict;
  for (std::size_t k = 0; k < tastes.size(); ++k) {
    Member m;
    m.party = tastes[k].party();
    m.begin = atoms_.size();
    m.points = conflict.numeric(m.party);
    const PreferencePart* part = conflict.preference_part(m.party);
    const Method method = part == nullptr ? Method::Unanimous : part->method;
    if (tastes[k].orders() == 0) {
      // A third party neither gains nor loses.
    } else if (method == Method::Weights || method == Method::Priorities) {
      m.priorities = method == Method::Priorities;
      statements(table, m, references.state(k));
    } else if (method == Method::Additive && !conflict.graph_form()) {
      m.kind = Demand::Kind::Option;
      options(table, m, references.state(k));
    } else {
      m.kind = Demand::Kind::Order;
      m.points = false;
      Atom atom;
      atom.gain = true;
      atom.order = 1;
      atoms_.push_back(atom);
      atom.gain = false;
      atom.demand = demands_.size();
      atom.order = 0;
      atoms_.push_back(atom);
      atom.order = -1;
      atoms_.push_back(atom);
      demands_.push_back({m.party, Demand::Kind::Order, 0, true});
    }
    m.end = atoms_.size();
    members_.push_back(m);
  }
}

void DemandBook::statements(const DealTable& table, Member& m, State reference) {
  const Conflict& conflict = table.conflict;
  const PreferencePart& part = *conflict.preference_part(m.party);
  for (const bool vital : {true, false})
    for (std::size_t i = 0; i < part.statements.size(); ++i) {
      if (!part.statements[i].enabled || part.statements[i].vital != vital) continue;
      const std::int64_t weight = m.priorities ? 1 : conflict.statement_weight(m.party, i);
      if (weight == 0) continue;
      const bool at_reference = conflict.statement_holds(m.party, i, reference);
      Atom atom;
      atom.vital = vital && !m.priorities;
      atom.size = weight < 0 ? -weight : weight;
      atom.statement = i;
      atom.holds = !at_reference;
      atom.gain = (weight > 0) != at_reference;
      if (!atom.gain) {
        atom.demand = demands_.size();
        demands_.push_back({m.party, Demand::Kind::Statement, i, at_reference});
      }
      atoms_.push_back(atom);
    }
}

void DemandBook::options(const DealTable& table, Member& m, State reference) {
  const Conflict& conflict = table.conflict;
  for (const OptionId o : conflict.options()) {
    const int from = conflict.level(reference, o);
    const auto levels = static_cast<int>(conflict.option(o).levels.size());
    std::optional<std::size_t> demand;
    for (int level = 0; level < levels; ++level) {
      const std::int64_t difference =
          conflict.level_weight(m.party, o, level) - conflict.level_weight(m.party, o, from);
      if (difference == 0) continue;
      Atom atom;
      atom.gain = difference > 0;
      atom.size = difference < 0 ? -difference : difference;
      atom.option = o;
      atom.level = level;
      if (!atom.gain && !demand) {
        demand = demands_.size();
        demands_.push_back({m.party, Demand::Kind::Option, o.index(), true});
      }
      if (!atom.gain) atom.demand = *demand;
      atoms_.push_back(atom);
    }
  }
}

Bits DemandBook::all() const {
  Bits out(demands_.size() / 64 + 1, 0);
  for (std::size_t d = 0; d < demands_.size(); ++d) set_bit(out, d);
  return out;
}

Bits DemandBook::pattern(State s) const {
  const Conflict& conflict = table_->conflict;
  Bits out(atoms_.size() / 64 + 1, 0);
  for (std::size_t k = 0; k < members_.size(); ++k) {
    const Member& m = members_[k];
    int order = 0;
    if (m.kind == Demand::Kind::Order && m.begin != m.end) {
      std::vector<Score> value;
      for (std::size_t i = 0; i < (*tastes_)[k].orders(); ++i)
        value.push_back((*tastes_)[k].any(i, s));
      order = references_->compare(k, value);
    }
    for (std::size_t a = m.begin; a < m.end; ++a) {
      const Atom& atom = atoms_[a];
      bool applies = false;
      switch (m.kind) {
        case Demand::Kind::Statement:
          applies = conflict.statement_holds(m.party, atom.statement, s) == atom.holds;
          break;
        case Demand::Kind::Option:
          applies = conflict.level(s, atom.option) == atom.level;
          break;
        case Demand::Kind::Order:
          applies = order <= atom.order;
          break;
      }
      if (applies) set_bit(out, a);
    }
  }
  return out;
}

int DemandBook::standing(const Member& m, const Bits& pattern, const Bits& counted) const {
  std::int64_t vital = 0;
  std::int64_t rest = 0;
  for (std::size_t a = m.begin; a < m.end; ++a) {
    if (!bit(pattern, a)) continue;
    const Atom& atom = atoms_[a];
    if (!atom.gain && !bit(counted, atom.demand)) continue;
    if (m.priorities) return atom.gain ? 1 : -1;
    (atom.vital ? vital : rest) += atom.gain ? atom.size : -atom.size;
  }
  if (vital != 0) return vital > 0 ? 1 : -1;
  return rest == 0 ? 0 : rest > 0 ? 1 : -1;
}

bool DemandBook::suits(const Bits& pattern, const Bits& counted) const {
  bool some = false;
  for (const Member& m : members_) {
    const int at = standing(m, pattern, counted);
    if (at < 0 || (at == 0 && table_->consent == Consent::AllBetter)) return false;
    some = some || at > 0;
  }
  return some;
}

bool DemandBook::gains(const Bits& pattern, std::size_t member) const {
  const Member& m = members_[member];
  if (m.kind == Demand::Kind::Order) return m.begin != m.end && !bit(pattern, m.begin + 1);
  for (std::size_t a = m.begin; a < m.end; ++a)
    if (atoms_[a].gain && bit(pattern, a)) return true;
  return false;
}

std::vector<std::size_t> DemandBook::lost(const Bits& pattern) const {
  std::vector<std::size_t> out;
  for (std::size_t a = 0; a < atoms_.size(); ++a)
    if (!atoms_[a].gain && bit(pattern, a)) out.push_back(atoms_[a].demand);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<std::vector<std::size_t>> DemandBook::to_give_up(const Member& m, const Bits& pattern,
                                                               bool strictly) const {
  std::vector<std::size_t> out;
  const auto give = [&out](std::size_t demand) {
    if (std::find(out.begin(), out.end(), demand) == out.end()) out.push_back(demand);
  };
  if (m.priorities) {
    for (std::size_t a = m.begin; a < m.end; ++a) {
      if (!bit(pattern, a)) continue;
      if (atoms_[a].gain) return out;
      give(atoms_[a].demand);
    }
    if (strictly) return std::nullopt;
    return out;
  }
  std::int64_t vital = 0;
  std::int64_t rest = 0;
  std::vector<std::size_t> losses;
  for (std::size_t a = m.begin; a < m.end; ++a) {
    if (!bit(pattern, a)) continue;
    (atoms_[a].vital ? vital : rest) += atoms_[a].gain ? atoms_[a].size : -atoms_[a].size;
    if (!atoms_[a].gain) losses.push_back(a);
  }
  if (m.kind == Demand::Kind::Order) {
    // Both of its losses belong to the one demand.
    if (rest < 0 || (rest == 0 && strictly)) give(atoms_[m.begin + 1].demand);
    return out;
  }
  std::stable_sort(losses.begin(), losses.end(), [&](std::size_t a, std::size_t b) {
    if (atoms_[a].vital != atoms_[b].vital) return atoms_[a].vital;
    return atoms_[a].size > atoms_[b].size;
  });
  // Largest first, vital ones as long as the vital sum is negative. With the fewest vital ones
  // given up the sum is either positive, and that decides, or zero, and then the others do, unless
  // one vital one more is less.
  std::size_t at = 0;
  const auto give_next = [&](std::int64_t& sum) {
    sum += atoms_[losses[at]].size;
    give(atoms_[losses[at++]].demand);
  };
  while (vital < 0) give_next(vital);
  const auto done = [&] {
    return vital > 0 || (vital == 0 && (rest > 0 || (rest == 0 && !strictly)));
  };
  if (done()) return out;
  const std::vector<std::size_t> so_far = out;
  const std::optional<std::size_t> one_more = at < losses.size() && atoms_[losses[at]].vital
                                                  ? std::optional(atoms_[losses[at]].demand)
                                                  : std::nullopt;
  while (at < losses.size() && atoms_[losses[at]].vital) ++at;
  while (at < losses.size() && !done()) give_next(rest);
  if (done() && (!one_more || out.size() <= so_far.size() + 1)) return out;
  if (!one_more) return std::nullopt;
  out = so_far;
  give(*one_more);
  return out;
}

std::optional<DemandBook::Waiver> DemandBook::fewest(const Bits& pattern) const {
  Waiver out;
  const bool strictly = table_->consent == Consent::AllBetter;
  for (const Member& m : members_) {
    auto gives = to_give_up(m, pattern, strictly);
    if (!gives) return std::nullopt;
    out.total += gives->size();
    out.members.push_back(std::move(*gives));
  }
  if (strictly) return out;
  // Somebody has to be better off: the one for whom that takes least.
  Bits counted = all();
  for (const auto& gives : out.members)
    for (const std::size_t d : gives) counted[d / 64] &= ~(std::uint64_t{1} << (d % 64));
  if (suits(pattern, counted)) return out;
  std::optional<std::size_t> best;
  std::vector<std::size_t> instead;
  for (std::size_t k = 0; k < members_.size(); ++k) {
    auto gives = to_give_up(members_[k], pattern, true);
    if (!gives) continue;
    const std::size_t more = gives->size() - out.members[k].size();
    if (best && more >= instead.size() - out.members[*best].size()) continue;
    best = k;
    instead = std::move(*gives);
  }
  if (!best) return std::nullopt;
  out.total += instead.size() - out.members[*best].size();
  out.members[*best] = std::move(instead);
  return out;
}

std::optional<DemandBook::Waiver> DemandBook::alone(const Bits& pattern, std::size_t member) const {
  const bool strictly = table_->consent == Consent::AllBetter;
  Waiver out;
  out.members.resize(members_.size());
  for (std::size_t k = 0; k < members_.size(); ++k) {
    if (k == member) continue;
    const auto gives = to_give_up(members_[k], pattern, strictly);
    if (!gives || !gives->empty()) return std::nullopt;
  }
  auto gives = to_give_up(members_[member], pattern, strictly);
  if (gives && !strictly) {
    Bits counted = all();
    for (const std::size_t d : *gives) counted[d / 64] &= ~(std::uint64_t{1} << (d % 64));
    if (!suits(pattern, counted)) gives = to_give_up(members_[member], pattern, true);
  }
  if (!gives) return std::nullopt;
  out.total = gives->size();
  out.members[member] = std::move(*gives);
  return out;
}

std::pair<std::int64_t, std::int64_t> DemandBook::shortfall(const Bits& pattern,
                                                            std::size_t member) const {
  const Member& m = members_[member];
  std::int64_t vital = 0;
  std::int64_t rest = 0;
  if (!m.points) return {0, 0};
  for (std::size_t a = m.begin; a < m.end; ++a)
    if (bit(pattern, a))
      (atoms_[a].vital ? vital : rest) += atoms_[a].gain ? atoms_[a].size : -atoms_[a].size;
  if (vital > 0 || (vital == 0 && rest >= 0)) return {0, 0};
  return {vital < 0 ? -vital : 0, rest < 0 ? -rest : 0};
}

}  // namespace wayout
