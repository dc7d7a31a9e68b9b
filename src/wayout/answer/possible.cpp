#include "wayout/answer/possible.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace wayout {
namespace {

MayBe both(MayBe a, MayBe b) { return {a.yes && b.yes, a.no || b.no}; }
MayBe either(MayBe a, MayBe b) { return {a.yes || b.yes, a.no && b.no}; }

/// Where options stand in a state.
class Fields {
 public:
  struct Field {
    std::size_t option = 0;
    UInt128 mask = 0;
    int shift = 0;
    int width = 0;
    std::size_t levels = 0;
  };
  explicit Fields(const Conflict& conflict) {
    at_.fill(-1);
    for (const OptionId o : conflict.options()) {
      const OptionInfo& info = conflict.option(o);
      for (int bit = 0; bit < info.width; ++bit)
        at_[static_cast<std::size_t>(info.shift + bit)] = static_cast<int>(fields_.size());
      fields_.push_back({o.index(), info.mask(), info.shift, info.width, info.levels.size()});
    }
  }
  /// Calls visit(field) for every option that some bit of the mask belongs to.
  template <class Visit>
  void each(UInt128 mask, const Visit& visit) const {
    while (mask != 0) {
      const auto low = static_cast<std::uint64_t>(mask);
      const int bit = low != 0 ? std::countr_zero(low)
                               : 64 + std::countr_zero(static_cast<std::uint64_t>(mask >> 64));
      const int at = at_[static_cast<std::size_t>(bit)];
      if (at < 0) {
        mask &= mask - 1;
        continue;
      }
      const Field& field = fields_[static_cast<std::size_t>(at)];
      visit(field);
      mask &= ~field.mask;
    }
  }
  /// nullptr: no option stands just there.
  const Field* find(int shift, int width) const {
    const int at = at_[static_cast<std::size_t>(shift)];
    if (at < 0) return nullptr;
    const Field& field = fields_[static_cast<std::size_t>(at)];
    return field.shift == shift && field.width == width ? &field : nullptr;
  }

 private:
  std::vector<Field> fields_;
  std::array<int, 128> at_;
};

/// Evaluates expressions over sets of levels.
class Guess {
 public:
  Guess(const Fields& fields, const ExprPool& pool, const LevelSets& levels)
      : fields_(fields), pool_(pool), levels_(levels) {}

  MayBe operator()(ExprId e) const {
    const ExprNode& n = pool_.node(e);
    switch (n.kind) {
      case ExprNode::Kind::Const:
        return {n.low != 0, n.low == 0};
      case ExprNode::Kind::All: {
        MayBe out = literals(n);
        for (const ExprId kid : n.kids) out = both(out, (*this)(kid));
        return out;
      }
      case ExprNode::Kind::Any: {
        // (bits & mask) != value: not all literals as in value.
        const MayBe all = literals(n);
        MayBe out = n.mask == 0 ? MayBe{false, true} : MayBe{all.no, all.yes};
        for (const ExprId kid : n.kids) out = either(out, (*this)(kid));
        return out;
      }
      case ExprNode::Kind::Not: {
        const MayBe kid = (*this)(n.kids.at(0));
        return {kid.no, kid.yes};
      }
      case ExprNode::Kind::Level: {
        const Fields::Field* field = fields_.find(n.shift, n.width);
        if (field == nullptr) return {};
        const std::uint64_t levels = levels_[field->option];
        return {(levels & n.set) != 0, (levels & ~n.set) != 0};
      }
      case ExprNode::Kind::Iff: {
        const MayBe a = (*this)(n.kids.at(0));
        const MayBe b = (*this)(n.kids.at(1));
        return {(a.yes && b.yes) || (a.no && b.no), (a.yes && b.no) || (a.no && b.yes)};
      }
      case ExprNode::Kind::Count: {
        std::int64_t least = 0;
        std::int64_t most = 0;
        for (const ExprId kid : n.kids) {
          const MayBe k = (*this)(kid);
          if (!k.no) ++least;
          if (k.yes) ++most;
        }
        return {most >= n.low && least <= n.high, least < n.low || most > n.high};
      }
      case ExprNode::Kind::Node:
        return {};
    }
    return {};
  }

 private:
  MayBe literals(const ExprNode& n) const {
    MayBe out{true, false};
    if (n.mask == 0) return out;
    fields_.each(n.mask, [&](const Fields::Field& field) {
      // The levels that agree with value on the bits of the mask.
      const auto asked = static_cast<std::uint64_t>((n.mask & field.mask) >> field.shift);
      const auto value = static_cast<std::uint64_t>((n.value & field.mask) >> field.shift);
      std::uint64_t match = 0;
      for (std::size_t l = 0; l < field.levels; ++l)
        if ((l & asked) == value) match |= std::uint64_t{1} << l;
      const std::uint64_t levels = levels_[field.option];
      out = both(out, {(levels & match) != 0, (levels & ~match) != 0});
    });
    return out;
  }

  const Fields& fields_;
  const ExprPool& pool_;
  const LevelSets& levels_;
};

std::uint64_t all_levels(const OptionInfo& o) {
  if (!o.enabled) return 1;
  return o.levels.size() >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << o.levels.size()) - 1;
}

std::uint64_t permitted(Change change, std::uint64_t from, std::uint64_t all) {
  const std::uint64_t lowest = from & (~from + 1);
  std::uint64_t below = from;  // every level at or below the highest
  for (int k = 1; k < 64; k *= 2) below |= below >> k;
  switch (change) {
    case Change::Any:
      return all;
    case Change::Up:
      return all & ~(lowest - 1);
    case Change::Down:
      return all & below;
    case Change::Leave:
      return from | 1;
  }
  return all;
}

/// Grows the sets until nothing can be added.
class Grow {
 public:
  Grow(const Conflict& conflict, State start, const Worth& worth)
      : conflict_(conflict), worth_(worth), fields_(conflict) {
    for (const OptionId o : conflict.options())
      levels_.push_back(std::uint64_t{1} << conflict.level(start, o));
    if (worth)
      for (const PartyId p : conflict.parties()) worths_.push_back(worths(p));
    // A rule that is not about a mover's options may fail after its move as it does at the start.
    const bool feasible = conflict.feasible(start);
    for (const MoverId m : conflict.movers()) {
      nevers_.emplace_back();
      for (const auto& [never, rule] : conflict.nevers())
        if (!feasible || (conflict.pool().support(never) & conflict.mover(m).digit_mask) != 0)
          nevers_.back().push_back(never);
    }
  }

  LevelSets run() {
    bool grown = true;
    while (grown) {
      grown = false;
      for (const MoverId m : conflict_.movers())
        for (const Digit& d : conflict_.mover(m).digits) {
          const std::uint64_t all = all_levels(conflict_.option(d.option));
          const std::uint64_t open =
              permitted(d.change, levels_[d.option.index()], all) & ~levels_[d.option.index()];
          for (int level = 0; level < 64; ++level) {
            if (((open >> level) & 1u) == 0 || !can(m, d.option, level)) continue;
            levels_[d.option.index()] |= std::uint64_t{1} << level;
            grown = true;
          }
        }
    }
    return levels_;
  }

 private:
  struct Term {
    ExprId when;
    bool vital = false;
    double low = 0;
    double high = 0;
    UInt128 support = 0;
  };

  /// nullopt: a preference that is not told by sums.
  std::optional<std::vector<Term>> worths(PartyId p) const {
    if (conflict_.party(p).third) return std::vector<Term>{};
    const PreferencePart* part = conflict_.preference_part(p);
    if (part == nullptr || part->method != Method::Weights) return std::nullopt;
    std::vector<Term> out;
    for (std::size_t k = 0; k < part->statements.size(); ++k) {
      if (!part->statements[k].enabled) continue;
      const auto [low, high] = worth_(p, k);
      if (low == 0 && high == 0) continue;
      const ExprId when = conflict_.statement_when(p, k);
      out.push_back({when, part->statements[k].vital, low, high, conflict_.pool().support(when)});
    }
    return out;
  }

  MayBe guess(ExprId e, const LevelSets& levels) const {
    return Guess(fields_, conflict_.pool(), levels)(e);
  }

  bool ruled_out(MoverId m, const LevelSets& to) const {
    const MoverInfo& mover = conflict_.mover(m);
    for (const ExprId never : nevers_[m.index()])
      if (!guess(never, to).no) return true;
    if (mover.link && !guess(*mover.link, to).yes) return true;
    for (const Forbid& f : mover.forbids)
      if (!guess(f.from, levels_).no && !guess(f.to, to).no) return true;
    return false;
  }

  /// May the mover bring `option` to `level` in one move, from levels at hand?
  bool can(MoverId m, OptionId option, int level) const {
    const MoverInfo& mover = conflict_.mover(m);
    LevelSets to = levels_;
    for (const Digit& d : mover.digits)
      to[d.option.index()] =
          permitted(d.change, levels_[d.option.index()], all_levels(conflict_.option(d.option)));
    to[option.index()] = std::uint64_t{1} << level;
    // A level that by itself breaks a rule or the link cannot be part of it.
    bool pruned = true;
    while (pruned) {
      pruned = false;
      if (ruled_out(m, to)) return false;
      for (const Digit& d : mover.digits) {
        std::uint64_t& set = to[d.option.index()];
        if ((set & (set - 1)) == 0) continue;
        const std::uint64_t before = set;
        std::uint64_t kept = 0;
        for (int l = 0; l < 64; ++l) {
          const std::uint64_t bit = std::uint64_t{1} << l;
          if ((before & bit) == 0) continue;
          set = bit;
          if (!ruled_out(m, to)) kept |= bit;
        }
        set = kept;
        if (kept == 0) return false;
        pruned = pruned || kept != before;
      }
    }
    return !worth_ || welcome(m, to);
  }

  /// May a move into `to` be an improvement for every member at once?
  bool welcome(MoverId m, const LevelSets& to) const {
    const MoverInfo& mover = conflict_.mover(m);
    if (!all_may_gain(mover, levels_, to)) return false;
    // Small tables: setting by setting, so that what is given up for what counts.
    std::uint64_t pairs = 1;
    for (const Digit& d : mover.digits) {
      pairs *= static_cast<std::uint64_t>(__builtin_popcountll(levels_[d.option.index()])) *
               static_cast<std::uint64_t>(__builtin_popcountll(to[d.option.index()]));
      if (pairs > kMostPairs) return true;
    }
    LevelSets from = levels_;
    LevelSets into = to;
    return pair(m, 0, from, into, to);
  }

  bool pair(MoverId m, std::size_t at, LevelSets& from, LevelSets& into,
            const LevelSets& to) const {
    const MoverInfo& mover = conflict_.mover(m);
    if (at == mover.digits.size()) {
      for (const ExprId never : nevers_[m.index()])
        if (!guess(never, into).no || !guess(never, from).no) return false;
      if (mover.link && !guess(*mover.link, into).yes) return false;
      return all_may_gain(mover, from, into);
    }
    const Digit& d = mover.digits[at];
    const std::size_t o = d.option.index();
    for (int a = 0; a < 64; ++a) {
      if (((levels_[o] >> a) & 1u) == 0) continue;
      const std::uint64_t ways =
          permitted(d.change, std::uint64_t{1} << a, all_levels(conflict_.option(d.option))) &
          to[o];
      for (int b = 0; b < 64; ++b) {
        if (((ways >> b) & 1u) == 0) continue;
        from[o] = std::uint64_t{1} << a;
        into[o] = std::uint64_t{1} << b;
        if (pair(m, at + 1, from, into, to)) return true;
      }
    }
    from[o] = levels_[o];
    into[o] = to[o];
    return false;
  }

  bool all_may_gain(const MoverInfo& mover, const LevelSets& from, const LevelSets& to) const {
    for (const PartyId p : conflict_.parties()) {
      if (!contains(mover.members, p)) continue;
      if (!may_gain(p, mover.digit_mask, from, to, mover.consent == Consent::NoneWorse))
        return false;
    }
    return true;
  }

  bool may_gain(PartyId p, UInt128 mask, const LevelSets& from, const LevelSets& to,
                bool or_equal) const {
    const auto& terms = worths_[p.index()];
    if (!terms) return true;
    double most[2] = {0, 0};
    bool gains[2] = {false, false};
    for (const Term& t : *terms) {
      if ((t.support & mask) == 0) continue;
      const MayBe before = guess(t.when, from);
      const MayBe after = guess(t.when, to);
      // holds(after) - holds(before), at most and at least
      const int high = (after.yes ? 1 : 0) - (before.no ? 0 : 1);
      const int low = (after.no ? 0 : 1) - (before.yes ? 1 : 0);
      if (high == 0 && low == 0) continue;
      const std::size_t word = t.vital ? 0 : 1;
      const double gain = std::max({t.low * high, t.low * low, t.high * high, t.high * low});
      gains[word] = gains[word] || gain > 0;
      most[word] += gain;
    }
    // Sums of doubles stand for exact ones: what is within the slack may be a gain.
    constexpr double kSlack = 1e-9;
    if (most[0] < -kSlack) return false;
    if (gains[0]) return true;
    return (gains[1] || or_equal) && most[1] > -kSlack;
  }

  static constexpr std::uint64_t kMostPairs = 4096;
  const Conflict& conflict_;
  const Worth& worth_;
  Fields fields_;
  std::vector<std::vector<ExprId>> nevers_;  ///< per mover: those that its moves may break
  LevelSets levels_;
  std::vector<std::optional<std::vector<Term>>> worths_;
};

}  // namespace

MayBe may_be(const Conflict& conflict, ExprId e, const LevelSets& levels) {
  return Guess(Fields(conflict), conflict.pool(), levels)(e);
}

MayBe may_be(const Conflict& conflict, const Condition& condition, const LevelSets& levels) {
  return Guess(Fields(conflict), *condition.pool, levels)(condition.expr);
}

LevelSets possible_levels(const Conflict& conflict, State start, const Worth& worth) {
  contract(!conflict.graph_form(), "possible_levels() is for option form");
  return Grow(conflict, start, worth).run();
}

Worth plain_worth(const Conflict& conflict) {
  return [&conflict](PartyId p, std::size_t k) {
    const double points = conflict.statement_points(p, k).second;
    return std::pair(points, points);
  };
}

namespace {

std::pair<double, double> ends(const Quantity& q, double spread) {
  if (q.form == Quantity::Form::Plain) {
    const double value = q.value() ? q.value()->to_double() : 0;
    const double half = std::abs(value) * spread;
    return {value - half, value + half};
  }
  const double a = q.low() ? q.low()->to_double() : 0;
  const double b = q.high() ? q.high()->to_double() : 0;
  return {std::min(a, b), std::max(a, b)};
}

}  // namespace

Worth ranged_worth(const Conflict& conflict) {
  const auto share = conflict.parts().trust.spread.value();
  const double spread = share ? share->to_double() : 0;
  return [&conflict, spread](PartyId p, std::size_t k) {
    const PreferencePart* part = conflict.preference_part(p);
    std::pair<double, double> sum{0, 0};
    for (const auto& [criterion, q] : part->statements[k].values) {
      const auto value = ends(q, spread);
      std::pair<double, double> priority{1, 1};
      for (const auto& [name, of] : part->criteria)
        if (name == criterion) priority = ends(of, spread);
      const double products[] = {value.first * priority.first, value.first * priority.second,
                                 value.second * priority.first, value.second * priority.second};
      sum.first += *std::min_element(std::begin(products), std::end(products));
      sum.second += *std::max_element(std::begin(products), std::end(products));
    }
    return sum;
  };
}

}  // namespace wayout
