#include "wayout/risk/utility.hpp"

#include <algorithm>
#include <cmath>

#include "wayout/base/text.hpp"
#include "wayout/risk/menu.hpp"
#include "wayout/space/state_table.hpp"

namespace wayout {

Result<Utility> Utility::make(const Conflict& conflict, PartyId p, std::size_t most_states) {
  Utility out;
  out.conflict_ = &conflict;
  out.party_ = p;
  const PreferencePart* part = conflict.preference_part(p);
  out.indifferent_ = part == nullptr || conflict.party(p).third;
  if (out.indifferent_) return out;
  out.method_ = part->method;
  Where where;
  where.path = part->path;
  const ExprPool& pool = conflict.pool();
  switch (part->method) {
    case Method::Unanimous:
      return fault("unanimous",
                   "'" + conflict.party(p).id +
                       "' has a unanimous preference, which gives no chance to its choices",
                   where, "risk needs weights, additive values, priorities or a ranking");
    case Method::Weights:
      for (std::size_t i = 0; i < part->statements.size(); ++i) {
        const auto [vital, points] = conflict.statement_points(p, i);
        if (!part->statements[i].enabled || points == 0) continue;
        (vital ? out.vital_ : out.terms_).push_back({conflict.statement_when(p, i), points});
      }
      break;
    case Method::Additive:
      for (const AdditivePart& a : part->values) {
        Additive row;
        row.option = *conflict.find_option(a.option);
        for (const Quantity& q : a.levels)
          row.points.push_back(q.value().value_or(Decimal(0)).to_double());
        out.support_ |= conflict.option(row.option).mask();
        out.additive_.push_back(std::move(row));
      }
      break;
    case Method::Ranking:
      out.support_ = ~UInt128{0};
      break;
    case Method::Priorities: {
      for (std::size_t i = 0; i < part->statements.size(); ++i) {
        if (!part->statements[i].enabled) continue;
        auto& list = part->statements[i].vital ? out.vital_ : out.terms_;
        list.push_back({conflict.statement_when(p, i), 0});
      }
      auto positions = std::make_shared<std::map<std::vector<bool>, double>>();
      std::size_t states = 0;
      const auto visit = [&](State s) {
        std::vector<bool> key;
        for (const Term& t : out.terms_) key.push_back(pool.holds(t.when, s));
        positions->emplace(std::move(key), 0);
        return ++states <= most_states;
      };
      bool finished = true;
      if (conflict.graph_form()) {
        for (std::size_t n = 0; n < conflict.graph_size(); ++n) visit(conflict.graph_state(n));
      } else {
        finished = for_each_feasible(conflict, 50 * std::uint64_t{most_states}, visit);
      }
      if (!finished || states > most_states)
        return fault("limit",
                     "the positions of '" + conflict.party(p).id +
                         "' cannot be counted: there are more than " + with_commas(most_states) +
                         " feasible states, which is the limit",
                     where, "use method = \"weights\" for risk in a large case");
      double at = 0;
      for (auto& [key, position] : *positions) position = ++at;
      out.positions_ = std::move(positions);
      break;
    }
  }
  for (const auto* list : {&out.terms_, &out.vital_})
    for (const Term& t : *list) out.support_ |= pool.support(t.when);
  return out;
}

double Utility::operator()(State s) const {
  if (indifferent_) return 0;
  const ExprPool& pool = conflict_->pool();
  double u = 0;
  switch (method_) {
    case Method::Weights:
      for (const Term& t : terms_)
        if (pool.holds(t.when, s)) u += t.points;
      break;
    case Method::Additive:
      for (const Additive& a : additive_)
        u += a.points[static_cast<std::size_t>(conflict_->level(s, a.option))];
      break;
    case Method::Ranking:
      u = static_cast<double>(conflict_->score(party_, s).tail);
      break;
    case Method::Priorities: {
      std::vector<bool> key;
      key.reserve(terms_.size());
      for (const Term& t : terms_) key.push_back(pool.holds(t.when, s));
      const auto it = positions_->find(key);
      u = it == positions_->end() ? 0 : it->second;
      break;
    }
    case Method::Unanimous:
      break;
  }
  return u;
}

bool Utility::loses_vital(State s, State t) const {
  if (vital_.empty() || indifferent_) return false;
  const ExprPool& pool = conflict_->pool();
  double change = 0;
  for (const Term& v : vital_) {
    const bool at_s = pool.holds(v.when, s);
    const bool at_t = pool.holds(v.when, t);
    if (at_s == at_t) continue;
    if (method_ == Method::Priorities) return at_s;
    change += at_t ? v.points : -v.points;
  }
  // Only a choice is refused here, no order is made; sums of points that cancel leave less than
  // this.
  return change < -1e-9;
}

Utility Utility::local(UInt128 mask) const {
  Utility out = *this;
  const ExprPool& pool = conflict_->pool();
  const auto drop = [&](const Term& t) { return (pool.support(t.when) & mask) == 0; };
  std::erase_if(out.vital_, drop);
  if (indifferent_) {
    out.support_ = 0;
    return out;
  }
  if (method_ == Method::Weights) std::erase_if(out.terms_, drop);
  if (method_ == Method::Additive)
    std::erase_if(out.additive_, [&](const Additive& a) {
      return (conflict_->option(a.option).mask() & mask) == 0;
    });
  out.support_ = method_ == Method::Ranking ? ~UInt128{0} : UInt128{0};
  for (const auto* list : {&out.terms_, &out.vital_})
    for (const Term& t : *list) out.support_ |= pool.support(t.when);
  for (const Additive& a : out.additive_) out.support_ |= conflict_->option(a.option).mask();
  return out;
}

namespace {

double median(std::vector<double>& list) {
  std::sort(list.begin(), list.end());
  const std::size_t n = list.size();
  return n % 2 == 1 ? list[n / 2] : (list[n / 2 - 1] + list[n / 2]) / 2;
}

Result<Normaliser> scales(const Conflict& conflict, std::optional<State> from,
                          const Normaliser& kept) {
  Normaliser out = kept;
  std::vector<std::optional<Utility>> utilities(conflict.party_count());
  for (const PartyId p : conflict.parties()) {
    if (out.scale.count(conflict.party(p).id) != 0) continue;
    auto u = Utility::make(conflict, p);
    if (!u) return Unexpected{std::move(u.error())};
    utilities[p.index()] = std::move(*u);
  }
  if (std::none_of(utilities.begin(), utilities.end(), [](const auto& u) { return u.has_value(); }))
    return out;
  std::optional<State> start = from ? from : conflict.status_quo();
  if (!start) {
    if (conflict.graph_form()) {
      start = conflict.graph_state(0);
    } else {
      for_each_feasible(conflict, 1'000'000, [&start](State s) {
        start = s;
        return false;
      });
    }
  }
  if (!start) return fault("no_state", "there is no feasible state to start from");
  // Menus of tracks are shared by the states that agree on what they depend on; those of parties
  // are a handful of options.
  std::vector<Utility> every;
  for (const PartyId p : conflict.parties()) {
    auto u = Utility::make(conflict, p);
    if (!u) return Unexpected{std::move(u.error())};
    every.push_back(std::move(*u));
  }
  const std::vector<double> unscaled(conflict.party_count(), 1.0);
  std::vector<MenuBook> books;
  for (const MoverId m : conflict.movers()) books.emplace_back(conflict, m, every, unscaled, true);
  const auto moves_of = [&](MoverId m, State s) {
    if (!conflict.mover(m).track) return menu_moves(conflict, m, s, true);
    std::vector<State> targets;
    MenuBook& book = books[m.index()];
    const std::uint32_t menu = book.menu_of(s);
    for (std::size_t k = 0; k < book.items(menu); ++k)
      targets.push_back(book.target(book.first(menu) + k, s));
    return targets;
  };
  StateTable table;
  table.intern(*start);
  std::size_t begin = 0;
  for (int step = 0; step < 3; ++step) {
    const std::size_t end = table.size();
    for (; begin < end; ++begin) {
      const State s = table[static_cast<StateNumber>(begin)];
      for (const MoverId m : conflict.movers())
        for (const State t : moves_of(m, s)) table.intern(t);
    }
  }
  std::vector<std::vector<double>> own(conflict.party_count());
  std::vector<std::vector<double>> all(conflict.party_count());
  const auto collect = [&](PartyId p, MoverId m, std::vector<double>& changes) {
    const Utility& u = *utilities[p.index()];
    for (std::size_t i = 0; i < table.size(); ++i) {
      const State s = table[static_cast<StateNumber>(i)];
      const double here = u(s);
      for (const State t : moves_of(m, s)) {
        const double change = std::abs(u(t) - here);
        if (change > 1e-12) changes.push_back(change);
      }
    }
  };
  for (const PartyId p : conflict.parties()) {
    if (!utilities[p.index()]) continue;
    collect(p, conflict.mover_of(p), own[p.index()]);
    if (own[p.index()].empty())
      for (const MoverId m : conflict.movers()) collect(p, m, all[p.index()]);
  }
  for (const PartyId p : conflict.parties()) {
    if (!utilities[p.index()]) continue;
    auto& list = own[p.index()].empty() ? all[p.index()] : own[p.index()];
    out.scale[conflict.party(p).id] = list.empty() ? 1.0 : median(list);
  }
  return out;
}

}  // namespace

Result<Normaliser> normaliser(const Conflict& base, std::optional<State> from) {
  return scales(base, from, {});
}

Result<Normaliser> complete(const Normaliser& kept, const Conflict& conflict) {
  return scales(conflict, {}, kept);
}

}  // namespace wayout
