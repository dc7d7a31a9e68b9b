#include "wayout/io/patterns.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace wayout {
namespace {

using Cubes = std::vector<Cube>;

class Maker {
 public:
  Maker(const ExprPool& pool, std::size_t limit) : pool_(pool), limit_(limit) {}

  bool full() const { return full_; }

  /// Alternatives for the expression (or its negation). Remembered, because an iff asks for both
  /// sides twice and nested ones would double the work at every level.
  Cubes of(ExprId id, bool positive) {
    if (full_) return {};
    const auto known = known_.find({id.index(), positive});
    if (known != known_.end()) return known->second;
    Cubes out = fresh(id, positive);
    known_.emplace(std::pair{id.index(), positive}, out);
    return out;
  }

 private:
  static constexpr std::uint64_t kMostComparisons = 50'000'000;

  Cubes fresh(ExprId id, bool positive) {
    const ExprNode& n = pool_.node(id);
    switch (n.kind) {
      case ExprNode::Kind::Const:
        return (n.value != 0) == positive ? Cubes{Cube{}} : Cubes{};
      case ExprNode::Kind::Not:
        return of(n.kids[0], !positive);
      case ExprNode::Kind::All:
        return positive ? all(n) : any_of(n, n.value, false);
      case ExprNode::Kind::Any:
        // The value of an Any has every literal failing, so its negation asks for just that.
        return positive ? any_of(n, n.mask & ~n.value, true) : none(n);
      case ExprNode::Kind::Level:
        return level(n, positive);
      case ExprNode::Kind::Iff:
        return either(both(of(n.kids[0], true), of(n.kids[1], positive)),
                      both(of(n.kids[0], false), of(n.kids[1], !positive)));
      case ExprNode::Kind::Count:
        return count(n, positive);
      case ExprNode::Kind::Node:
        break;
    }
    full_ = true;  // graph form: no patterns
    return {};
  }

  static Cubes single(UInt128 mask, UInt128 value) { return {Cube{mask, value}}; }

  Cubes all(const ExprNode& n) {
    Cubes out = single(n.mask, n.value);
    for (const ExprId kid : n.kids) out = both(out, of(kid, true));
    return out;
  }

  Cubes none(const ExprNode& n) {
    Cubes out = single(n.mask, n.value);
    for (const ExprId kid : n.kids) out = both(out, of(kid, false));
    return out;
  }

  /// Some literal or some kid. For Any: the literal of bit k is taken where `taken` has it. For the
  /// negation of All: `taken` is the value, and each literal is turned round.
  Cubes any_of(const ExprNode& n, UInt128 taken, bool positive) {
    Cubes out;
    for (int bit = 0; bit < 128; ++bit) {
      const UInt128 one = UInt128{1} << bit;
      if ((n.mask & one) == 0) continue;
      const bool yes = ((taken & one) != 0) == positive;
      out.push_back({one, yes ? one : UInt128{0}});
    }
    for (const ExprId kid : n.kids) out = either(std::move(out), of(kid, positive));
    return out;
  }

  Cubes level(const ExprNode& n, bool positive) {
    if (n.width != 1) {
      full_ = true;
      return {};
    }
    const UInt128 one = UInt128{1} << n.shift;
    const std::uint64_t set = positive ? n.set : ~n.set;
    Cubes out;
    if ((set & 1u) != 0) out.push_back({one, 0});
    if ((set & 2u) != 0) out.push_back({one, one});
    if (out.size() == 2) return single(0, 0);
    return out;
  }

  Cubes count(const ExprNode& n, bool positive) {
    std::vector<Cubes> held(1, Cubes{Cube{}});  // by how many kids hold
    for (const ExprId kid : n.kids) {
      const Cubes yes = of(kid, true);
      const Cubes no = of(kid, false);
      std::vector<Cubes> next(held.size() + 1);
      for (std::size_t k = 0; k < held.size(); ++k) {
        next[k] = either(std::move(next[k]), both(held[k], no));
        next[k + 1] = either(std::move(next[k + 1]), both(held[k], yes));
        if (full_) return {};
      }
      held = std::move(next);
    }
    Cubes out;
    for (std::size_t k = 0; k < held.size(); ++k) {
      const auto number = static_cast<std::int64_t>(k);
      if ((number >= n.low && number <= n.high) == positive) out = either(std::move(out), held[k]);
    }
    return out;
  }

  Cubes either(Cubes a, const Cubes& b) {
    for (const Cube& c : b) add(a, c);
    return a;
  }

  Cubes both(const Cubes& a, const Cubes& b) {
    Cubes out;
    for (const Cube& x : a) {
      comparisons_ += b.size();
      for (const Cube& y : b) {
        const UInt128 shared = x.mask & y.mask;
        if ((x.value & shared) != (y.value & shared)) continue;
        add(out, {x.mask | y.mask, x.value | y.value});
        if (full_) return {};
      }
    }
    return out;
  }

  void add(Cubes& cubes, const Cube& c) {
    const auto within = [](const Cube& small, const Cube& large) {
      return (large.mask & ~small.mask) == 0 && (small.value & large.mask) == large.value;
    };
    comparisons_ += cubes.size();
    if (comparisons_ > kMostComparisons) full_ = true;
    if (full_) return;
    for (const Cube& other : cubes)
      if (within(c, other)) return;
    std::erase_if(cubes, [&](const Cube& other) { return within(other, c); });
    cubes.push_back(c);
    if (cubes.size() > limit_) full_ = true;
  }

  const ExprPool& pool_;
  std::size_t limit_;
  std::map<std::pair<std::size_t, bool>, Cubes> known_;
  std::uint64_t comparisons_ = 0;
  bool full_ = false;
};

}  // namespace

std::optional<std::vector<Cube>> to_cubes(const ExprPool& pool, ExprId expression,
                                          std::size_t limit) {
  Maker maker(pool, limit);
  Cubes out = maker.of(expression, true);
  if (maker.full()) return std::nullopt;
  return out;
}

bool walk_uncovered(std::size_t options, std::span<const Cube> cubes, std::uint64_t budget,
                    const std::function<bool(UInt128)>& visit) {
  // A cube is settled once its lowest option is: options are set from the last to the first.
  std::vector<std::vector<Cube>> ending(options + 1);
  for (const Cube& c : cubes) {
    std::size_t lowest = 0;
    while (lowest < options && ((c.mask >> lowest) & 1u) == 0) ++lowest;
    ending[lowest].push_back(c);
  }
  const auto covered = [&](std::size_t option, UInt128 state) {
    return std::any_of(ending[option].begin(), ending[option].end(),
                       [&](const Cube& c) { return c.covers(state); });
  };
  if (!ending[options].empty()) return true;  // an empty cube covers everything
  UInt128 state = 0;
  std::size_t option = options;  // options from here on are set
  while (true) {
    bool open = true;
    if (option < options) {
      if (budget-- == 0) return false;
      open = !covered(option, state);
    }
    if (open && option == 0 && !visit(state)) return true;
    if (open && option > 0) {
      --option;  // its bit is 0: `no` comes first
      continue;
    }
    // Back to the last option that is still at `no`.
    while (option < options && ((state >> option) & 1u) != 0) {
      state &= ~(UInt128{1} << option);
      ++option;
    }
    if (option >= options) return true;
    state |= UInt128{1} << option;
  }
}

}  // namespace wayout
