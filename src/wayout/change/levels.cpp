#include "wayout/change/levels.hpp"

#include <bit>

#include "wayout/model/local_score.hpp"

namespace wayout {
namespace {

/// Movers with more combinations of levels than this are taken to change what they please.
constexpr std::size_t kMostCombinations = 64;

}  // namespace

Levels::Levels(const Conflict& conflict, State start) : conflict_(&conflict) {
  sets_.resize(conflict.option_count());
  for (const PartyId p : conflict.parties()) terms_.push_back(weight_terms(conflict, p));
  owner_.assign(128, 0);
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    sets_[o.index()] = std::uint64_t{1} << conflict.level(start, o);
    for (int b = 0; b < info.width; ++b)
      owner_[static_cast<std::size_t>(info.shift + b)] = static_cast<std::uint32_t>(o.index());
  }
  if (conflict.graph_form()) {
    for (const OptionId o : conflict.options()) sets_[o.index()] = ~std::uint64_t{0};
    return;
  }
  bool grown = true;
  while (grown) {
    grown = false;
    for (const MoverId m : conflict.movers()) grown = grow(m) || grown;
  }
}

std::uint64_t Levels::set_at(int shift, const std::vector<std::uint64_t>& sets) const {
  return sets[owner_[static_cast<std::size_t>(shift)]];
}

int Levels::truth(ExprId e) const { return truth_with(e, sets_); }

int Levels::truth_with(ExprId e, const std::vector<std::uint64_t>& sets) const {
  const ExprPool& pool = conflict_->pool();
  const ExprNode& n = pool.node(e);
  const auto flip = [](int t) { return ((t & kTrue) ? kFalse : 0) | ((t & kFalse) ? kTrue : 0); };
  /// All fields of (mask, value) as they should be: which truth values.
  const auto fields = [&](UInt128 mask, UInt128 value) {
    int out = kTrue;
    while (mask != 0) {
      const auto low = static_cast<std::uint64_t>(mask);
      const int bit = low != 0 ? std::countr_zero(low)
                               : 64 + std::countr_zero(static_cast<std::uint64_t>(mask >> 64));
      const OptionInfo& o = conflict_->option(OptionId(owner_[static_cast<std::size_t>(bit)]));
      const UInt128 part = mask & o.mask();
      const std::uint64_t want = static_cast<std::uint64_t>((value & part) >> o.shift);
      const std::uint64_t over = static_cast<std::uint64_t>(part >> o.shift);
      bool yes = false;
      bool no = false;
      for (std::uint64_t set = set_at(o.shift, sets); set != 0; set &= set - 1) {
        const auto level = static_cast<std::uint64_t>(std::countr_zero(set));
        ((level & over) == want ? yes : no) = true;
      }
      if (!yes) return kFalse;
      if (no) out |= kFalse;
      mask &= ~o.mask();
    }
    return out;
  };
  switch (n.kind) {
    case ExprNode::Kind::Const:
      return n.low != 0 ? kTrue : kFalse;
    case ExprNode::Kind::All: {
      int out = fields(n.mask, n.value);
      for (const ExprId kid : n.kids) {
        if (out == kFalse) break;
        const int t = truth_with(kid, sets);
        if ((t & kTrue) == 0) return kFalse;
        out |= t & kFalse;
      }
      return out;
    }
    case ExprNode::Kind::Any: {
      int out = flip(fields(n.mask, n.value));
      for (const ExprId kid : n.kids) {
        if (out == kTrue) break;
        const int t = truth_with(kid, sets);
        if ((t & kFalse) == 0) return kTrue;
        out |= t & kTrue;
      }
      return out;
    }
    case ExprNode::Kind::Not:
      return flip(truth_with(n.kids[0], sets));
    case ExprNode::Kind::Level: {
      const std::uint64_t set = set_at(n.shift, sets);
      return ((set & n.set) != 0 ? kTrue : 0) | ((set & ~n.set) != 0 ? kFalse : 0);
    }
    case ExprNode::Kind::Iff: {
      const int a = truth_with(n.kids[0], sets);
      const int b = truth_with(n.kids[1], sets);
      const bool free = a == (kTrue | kFalse) || b == (kTrue | kFalse);
      return free ? kTrue | kFalse : (a == b ? kTrue : kFalse);
    }
    case ExprNode::Kind::Count: {
      std::int64_t least = 0;
      std::int64_t most = 0;
      for (const ExprId kid : n.kids) {
        const int t = truth_with(kid, sets);
        least += t == kTrue ? 1 : 0;
        most += (t & kTrue) != 0 ? 1 : 0;
      }
      return (most >= n.low && least <= n.high ? kTrue : 0) |
             (least < n.low || most > n.high ? kFalse : 0);
    }
    case ExprNode::Kind::Node:
      return kTrue | kFalse;
  }
  return kTrue | kFalse;
}

/// Whether going from a state of `from` to a state of `to` (equal but for what m changes) could be
/// an improvement for m.
bool Levels::improves(MoverId m, const std::vector<std::uint64_t>& from,
                      const std::vector<std::uint64_t>& to) const {
  const MoverInfo& mover = conflict_->mover(m);
  bool some = false;
  for (const PartyId p : conflict_->parties()) {
    if (!contains(mover.members, p)) continue;
    if (order_count(*conflict_, p) == 0) {
      if (!mover.track || mover.consent == Consent::AllBetter) return false;
      continue;
    }
    const PreferencePart* part = conflict_->preference_part(p);
    if (part == nullptr || part->method != Method::Weights) {
      some = true;  // taken for granted
      continue;
    }
    // The most that p can gain: vital statements first, then the others.
    std::int64_t vital = 0;
    std::int64_t rest = 0;
    for (const auto& term : terms_[p.index()]) {
      if ((conflict_->pool().support(term.when) & mover.digit_mask) == 0) continue;
      const int before = truth_with(term.when, from);
      const int after = truth_with(term.when, to);
      std::int64_t most = 0;  // of (holds after) - (holds before), signed as the weight is
      if (term.weight > 0) {
        most = ((after & kTrue) != 0 ? 1 : 0) - (before == kTrue ? 1 : 0);
      } else {
        most = (after == kTrue ? 1 : 0) - ((before & kTrue) != 0 ? 1 : 0);
      }
      (term.vital ? vital : rest) += most * term.weight;
    }
    const bool better = vital > 0 || (vital == 0 && rest > 0);
    const bool worse = vital < 0 || (vital == 0 && rest < 0);
    if (worse || (!better && (!mover.track || mover.consent == Consent::AllBetter))) return false;
    some = some || better;
  }
  return some;
}

void Levels::narrow(ExprId e, std::vector<std::uint64_t>& sets) const {
  const ExprNode& n = conflict_->pool().node(e);
  if (n.kind == ExprNode::Kind::Level) sets[owner_[n.shift]] &= n.set;
  if (n.kind != ExprNode::Kind::All) return;
  for (const OptionId o : conflict_->options()) {
    const OptionInfo& info = conflict_->option(o);
    const auto over = static_cast<std::uint64_t>((n.mask & info.mask()) >> info.shift);
    const auto want = static_cast<std::uint64_t>((n.value & info.mask()) >> info.shift);
    std::uint64_t& set = sets[o.index()];
    for (std::uint64_t rest = over != 0 ? set : 0; rest != 0; rest &= rest - 1) {
      const auto level = static_cast<std::uint64_t>(std::countr_zero(rest));
      if ((level & over) != want) set &= ~(std::uint64_t{1} << level);
    }
  }
  for (const ExprId kid : n.kids) narrow(kid, sets);
}

bool Levels::grow(MoverId m) {
  const MoverInfo& mover = conflict_->mover(m);
  if (mover.digits.empty() || !mover.open) return false;
  if (mover.link && (truth(*mover.link) & kTrue) == 0 && mover.track) {
    // Only what this mover itself changes could make the link true.
    auto wide = sets_;
    for (const Digit& d : mover.digits) {
      const OptionInfo& o = conflict_->option(d.option);
      if (o.enabled) wide[d.option.index()] = (std::uint64_t{1} << (o.levels.size() - 1) << 1) - 1;
    }
    if ((truth_with(*mover.link, wide) & kTrue) == 0) return false;
  }
  const auto targets_of = [&](const Digit& d, int from) {
    const OptionInfo& o = conflict_->option(d.option);
    std::uint64_t all =
        o.levels.size() >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << o.levels.size()) - 1;
    if (!o.enabled) return std::uint64_t{1} << from;
    switch (d.change) {
      case Change::Any:
        return all;
      case Change::Up:
        return all & ~((std::uint64_t{1} << from) - 1);
      case Change::Down:
        return from >= 63 ? all : all & ((std::uint64_t{2} << from) - 1);
      case Change::Leave:
        return (std::uint64_t{1} << from) | 1u;
    }
    return all;
  };
  const std::size_t n = mover.digits.size();
  std::vector<std::uint64_t> reachable(n, 0);  // per digit: what it could be brought to
  std::size_t combinations = 1;
  for (std::size_t k = 0; k < n; ++k) {
    const Digit& d = mover.digits[k];
    for (std::uint64_t set = sets_[d.option.index()]; set != 0; set &= set - 1)
      reachable[k] |= targets_of(d, std::countr_zero(set));
    combinations *= static_cast<std::size_t>(std::popcount(reachable[k]));
    if (combinations > kMostCombinations) combinations = kMostCombinations + 1;
  }
  bool grown = false;
  const auto feasible = [&](const std::vector<std::uint64_t>& sets) {
    for (const auto& [never, rule] : conflict_->nevers())
      if ((conflict_->pool().support(never) & mover.digit_mask) != 0 &&
          truth_with(never, sets) == kTrue)
        return false;
    return true;
  };
  if (combinations > kMostCombinations) {
    // Level by level, with everything else left open.
    auto open = sets_;
    for (std::size_t k = 0; k < n; ++k) open[mover.digits[k].option.index()] |= reachable[k];
    if (mover.link) narrow(*mover.link, open);
    if (!improves(m, sets_, open)) return false;
    for (std::size_t k = 0; k < n; ++k) {
      std::uint64_t& set = sets_[mover.digits[k].option.index()];
      for (std::uint64_t fresh = reachable[k] & ~set; fresh != 0; fresh &= fresh - 1) {
        auto to = open;
        to[mover.digits[k].option.index()] = fresh & (~fresh + 1);
        if (!feasible(to) || (mover.link && (truth_with(*mover.link, to) & kTrue) == 0)) continue;
        if (!improves(m, sets_, to)) continue;
        set |= fresh & (~fresh + 1);
        grown = true;
      }
    }
    return grown;
  }
  // Every combination the options may have now, to every combination they may get.
  const auto walk = [&](const std::vector<std::uint64_t>& choices, const auto& visit) {
    std::vector<int> at(n);
    for (std::size_t k = 0; k < n; ++k) at[k] = std::countr_zero(choices[k]);
    while (true) {
      visit(at);
      std::size_t k = 0;
      for (; k < n; ++k) {
        const std::uint64_t above =
            at[k] >= 63 ? 0 : choices[k] & ~((std::uint64_t{2} << at[k]) - 1);
        if (above != 0) {
          at[k] = std::countr_zero(above);
          break;
        }
        at[k] = std::countr_zero(choices[k]);
      }
      if (k == n) return;
    }
  };
  std::vector<std::uint64_t> now(n);
  for (std::size_t k = 0; k < n; ++k) now[k] = sets_[mover.digits[k].option.index()];
  std::vector<std::uint64_t> fresh(n, 0);
  walk(reachable, [&](const std::vector<int>& target) {
    bool news = false;
    auto to = sets_;
    for (std::size_t k = 0; k < n; ++k) {
      const std::uint64_t bit = std::uint64_t{1} << target[k];
      news = news || ((now[k] | fresh[k]) & bit) == 0;
      to[mover.digits[k].option.index()] = bit;
    }
    if (!news || !feasible(to)) return;
    if (mover.link && (truth_with(*mover.link, to) & kTrue) == 0) return;
    bool found = false;
    walk(now, [&](const std::vector<int>& source) {
      if (found || source == target) return;
      auto from = sets_;
      for (std::size_t k = 0; k < n; ++k) {
        if (((targets_of(mover.digits[k], source[k]) >> target[k]) & 1u) == 0) return;
        from[mover.digits[k].option.index()] = std::uint64_t{1} << source[k];
      }
      found = improves(m, from, to);
    });
    if (!found) return;
    for (std::size_t k = 0; k < n; ++k) fresh[k] |= std::uint64_t{1} << target[k];
  });
  for (std::size_t k = 0; k < n; ++k) {
    std::uint64_t& set = sets_[mover.digits[k].option.index()];
    grown = grown || (fresh[k] & ~set) != 0;
    set |= fresh[k];
  }
  return grown;
}

bool Levels::for_each(ExprId e, std::uint64_t budget,
                      const std::function<bool(State)>& visit) const {
  if (conflict_->graph_form()) return false;
  const std::size_t n = conflict_->option_count();
  // The sets of the levels left at each depth; option `depth` is set there.
  std::vector<std::vector<std::uint64_t>> sets(n + 1, sets_);
  std::vector<std::uint64_t> left(n + 1, 0);
  const auto possible = [&](const std::vector<std::uint64_t>& some) {
    if ((truth_with(e, some) & kTrue) == 0) return false;
    for (const auto& [never, rule] : conflict_->nevers())
      if (truth_with(never, some) == kTrue) return false;
    return true;
  };
  std::size_t depth = 0;
  if (n > 0) left[0] = sets_[0];
  while (true) {
    if (depth == n) {
      State s;
      for (const OptionId o : conflict_->options())
        s = conflict_->with_level(s, o, std::countr_zero(sets[n][o.index()]));
      if (conflict_->feasible(s) && conflict_->holds(e, s) && !visit(s)) return true;
      if (depth == 0) return true;
      --depth;
      continue;
    }
    if (left[depth] == 0) {
      if (depth == 0) return true;
      --depth;
      continue;
    }
    if (budget-- == 0) return false;
    const std::uint64_t bit = left[depth] & (~left[depth] + 1);
    left[depth] &= ~bit;
    sets[depth + 1] = sets[depth];
    sets[depth + 1][depth] = bit;
    if (!possible(sets[depth + 1])) continue;
    ++depth;
    if (depth < n) left[depth] = sets[depth][depth];
  }
}

}  // namespace wayout
