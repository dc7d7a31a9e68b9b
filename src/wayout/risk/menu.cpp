#include "wayout/risk/menu.hpp"

#include <algorithm>
#include <cmath>

#include "wayout/space/moves.hpp"

namespace wayout {
std::vector<State> menu_moves(const Conflict& conflict, MoverId m, State s, bool one_option) {
  const MoverInfo& mover = conflict.mover(m);
  if (mover.track) return improvements(conflict, m, s);
  if (!one_option || conflict.graph_form()) return moves(conflict, m, s);
  std::vector<State> out;
  for (const Digit& d : mover.digits) {
    const int from = conflict.level(s, d.option);
    const int levels = static_cast<int>(conflict.option(d.option).levels.size());
    for (int to = 0; to < levels; ++to) {
      if (to == from || !permitted(d.change, from, to)) continue;
      const State t = conflict.with_level(s, d.option, to);
      if (is_move(conflict, m, s, t)) out.push_back(t);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

Staying choice(std::span<const double> deltas, double rationality, std::span<double> probability,
               std::span<double> slope) {
  Staying out;
  const std::size_t n = deltas.size();
  double most = 0;
  for (const double d : deltas) most = std::max(most, d);
  if (std::isinf(rationality)) {
    std::size_t best = most <= 0 ? 1 : 0;
    for (const double d : deltas) best += d >= most ? 1 : 0;
    for (std::size_t i = 0; i < n; ++i) {
      probability[i] = deltas[i] >= most ? 1.0 / static_cast<double>(best) : 0.0;
      slope[i] = 0;
    }
    out.probability = most <= 0 ? 1.0 / static_cast<double>(best) : 0.0;
    return out;
  }
  const double stay = std::exp(-rationality * most);
  double sum = stay;
  for (std::size_t i = 0; i < n; ++i) {
    probability[i] = std::exp(rationality * (deltas[i] - most));
    sum += probability[i];
  }
  double mean = 0;
  for (std::size_t i = 0; i < n; ++i) {
    probability[i] /= sum;
    mean += probability[i] * deltas[i];
  }
  for (std::size_t i = 0; i < n; ++i) slope[i] = probability[i] * (deltas[i] - mean);
  out.probability = stay / sum;
  out.slope = -out.probability * mean;
  return out;
}

MenuBook::MenuBook(const Conflict& conflict, MoverId m, const std::vector<Utility>& utilities,
                   const std::vector<double>& scale, bool one_option, const StatementRange& ranges)
    : conflict_(&conflict),
      mover_(m),
      info_(&conflict.mover(m)),
      graph_(conflict.graph_form()),
      one_option_(one_option),
      profiles_(static_cast<bool>(ranges)) {
  for (const PartyId p : conflict.parties())
    if (contains(info_->members, p))
      members_.push_back(
          {p,
           graph_ ? utilities[p.index()] : utilities[p.index()].local(info_->digit_mask),
           scale[p.index()],
           {},
           {},
           {}});
  if (graph_) {
    key_mask_ = ~UInt128{0};
    return;
  }
  const ExprPool& pool = conflict.pool();
  key_mask_ = info_->digit_mask;
  for (const auto& [never, rule] : conflict.nevers())
    if ((pool.support(never) & info_->digit_mask) != 0) key_mask_ |= pool.support(never);
  if (info_->link) key_mask_ |= pool.support(*info_->link);
  for (const Forbid& f : info_->forbids) key_mask_ |= pool.support(f.from) | pool.support(f.to);
  for (const Member& member : members_) {
    key_mask_ |= member.utility.support();
    // A track asks what its members prefer, vital statements and all.
    if (!info_->track) continue;
    const PreferencePart* part = conflict.preference_part(member.party);
    if (part == nullptr) continue;
    if (part->method == Method::Ranking) key_mask_ = ~UInt128{0};
    for (std::size_t i = 0; i < part->statements.size(); ++i) {
      const UInt128 support = pool.support(conflict.statement_when(member.party, i));
      if ((support & info_->digit_mask) != 0) key_mask_ |= support;
    }
  }
  if (profiles_) find_features(ranges);
}

std::uint32_t MenuBook::menu_of(State s) {
  const StateNumber menu = keys_.intern(State{s.bits & key_mask_});
  if (menu == size()) add(s);
  return menu;
}

void MenuBook::enumerate(State s, std::vector<State>& out) const {
  if (graph_ || info_->track || !one_option_) {
    for_each_move(*conflict_, mover_, s, [&out](State t) {
      out.push_back(t);
      return true;
    });
    return;
  }
  out = menu_moves(*conflict_, mover_, s, true);
}

bool MenuBook::wanted(State s, State t) const {
  if (info_->track) return wants(*conflict_, mover_, s, t);
  return !members_[0].utility.loses_vital(s, t);
}

double MenuBook::change(State s, State t) const {
  double least = 0;
  bool first = true;
  for (const Member& member : members_) {
    const double d = (member.utility(t) - member.utility(s)) / member.scale;
    if (first || d < least) least = d;
    first = false;
  }
  return least;
}

void MenuBook::add(State s) {
  std::vector<State> targets;
  enumerate(s, targets);
  if (profiles_) {
    add_possible(s, targets);
    return;
  }
  std::erase_if(targets, [&](State t) { return !wanted(s, t); });
  std::sort(targets.begin(), targets.end());
  for (const State t : targets) {
    flip_.push_back(graph_ ? t.bits : s.bits ^ t.bits);
    delta_.push_back(change(s, t));
  }
  begin_.push_back(flip_.size());
  choose_one(size() - 1);
}

void MenuBook::choose_one(std::size_t menu) {
  probability_.resize(delta_.size());
  slope_.resize(delta_.size());
  staying_.resize(size());
  const std::size_t b = begin_[menu];
  const std::size_t n = begin_[menu + 1] - b;
  if (profiles_) {
    std::vector<double> deltas;
    for (std::size_t k = b; k < b + n; ++k)
      if (in_menu_[k] != 0) deltas.push_back(delta_[k]);
    std::vector<double> p(deltas.size()), slope(deltas.size());
    staying_[menu] = choice(deltas, rationality_, p, slope);
    std::size_t j = 0;
    for (std::size_t k = b; k < b + n; ++k) {
      const bool in = in_menu_[k] != 0;
      probability_[k] = in ? p[j] : 0;
      slope_[k] = in ? slope[j] : 0;
      j += in ? 1 : 0;
    }
    return;
  }
  staying_[menu] = choice(std::span(delta_).subspan(b, n), rationality_,
                          std::span(probability_).subspan(b, n), std::span(slope_).subspan(b, n));
}

void MenuBook::choose(double rationality) {
  rationality_ = rationality;
  for (std::size_t menu = 0; menu < size(); ++menu) choose_one(menu);
}

}  // namespace wayout
