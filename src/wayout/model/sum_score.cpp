#include "wayout/model/sum_score.hpp"

#include "wayout/model/data.hpp"

namespace wayout {
namespace {

/// Adds weight · [e] as literals where it is one, up to a constant.
void add(SumScore& sum, const ExprPool& pool, ExprId e, Int128 weight) {
  const ExprNode& n = pool.node(e);
  if (weight == 0 || n.kind == ExprNode::Kind::Const) return;
  if (n.kind == ExprNode::Kind::Level) {
    // Exactly one level holds, so the levels of the set add up.
    for (unsigned level = 0; level < 64; ++level)
      if ((n.set >> level) & 1u)
        sum.terms.push_back({{n.support, UInt128{level} << n.shift, std::nullopt}, weight});
    return;
  }
  const SignedClause c = clause_of(pool, e);
  sum.terms.push_back({c.clause, c.negated ? -weight : weight});
}

std::optional<SumScore> sum_of(const ExprPool& pool, const CompiledPreference& preference) {
  SumScore out;
  switch (preference.method) {
    case Method::Weights:
      for (const auto& term : preference.terms)
        add(out, pool, term.when,
            term.vital ? Int128{term.weight} * (Int128{1} << 64) : Int128{term.weight});
      return out;
    case Method::Priorities: {
      const std::size_t n = preference.ordered.size();
      if (n > kMostSummed) return std::nullopt;
      for (std::size_t i = 0; i < n; ++i)
        add(out, pool, preference.ordered[i], Int128{1} << (n - 1 - i));
      return out;
    }
    case Method::Additive:
      for (const auto& part : preference.additive)
        for (std::size_t level = 0; level < part.points.size(); ++level)
          if (part.points[level] != 0)
            out.terms.push_back(
                {{UInt128{part.field} << part.shift, UInt128{level} << part.shift, std::nullopt},
                 part.points[level]});
      return out;
    case Method::Ranking:
    case Method::Unanimous:
      break;
  }
  return std::nullopt;
}

}  // namespace

SignedClause clause_of(const ExprPool& pool, ExprId e) {
  const ExprNode& n = pool.node(e);
  if (n.kind == ExprNode::Kind::All && n.kids.empty()) return {{n.mask, n.value, {}}, false};
  if (n.kind == ExprNode::Kind::Any && n.kids.empty()) return {{n.mask, n.value, {}}, true};
  if (n.kind == ExprNode::Kind::Not) {
    const ExprNode& kid = pool.node(n.kids[0]);
    if (kid.kind == ExprNode::Kind::All && kid.kids.empty())
      return {{kid.mask, kid.value, {}}, true};
  }
  return {{n.support, 0, e}, false};
}

UInt128 SumScore::support() const {
  UInt128 out = 0;
  for (const Term& t : terms) out |= t.when.mask;
  return out;
}

SumScore SumScore::within(UInt128 mask) const {
  SumScore out;
  for (const Term& t : terms)
    if ((t.when.mask & mask) != 0) out.terms.push_back(t);
  return out;
}

std::optional<std::vector<SumScore>> sum_scores(const Conflict& conflict, PartyId p) {
  const CompiledPreference& preference = conflict.data().preferences[p.index()];
  std::vector<SumScore> out;
  if (preference.indifferent) return out;
  const auto take = [&](const CompiledPreference& one) {
    auto sum = sum_of(conflict.pool(), one);
    if (sum) out.push_back(std::move(*sum));
    return sum.has_value();
  };
  if (preference.method != Method::Unanimous) {
    if (!take(preference)) return std::nullopt;
    return out;
  }
  for (const CompiledPreference& member : preference.members)
    if (!take(member)) return std::nullopt;
  return out;
}

namespace {

/// Depth first over the terms that are still open: the heaviest is made to hold or to fail by
/// setting the first of its free bits, so that few settings are looked at where few terms matter.
class Under {
 public:
  Under(const ExprPool& pool, const SumScore& sum, Int128 limit, std::size_t budget)
      : pool_(pool), sum_(sum), limit_(limit), budget_(budget) {}

  bool out_of_budget() const { return budget_ == 0; }

  /// Goes on below what was found until nothing lower is left.
  void lower(UInt128 bits, UInt128 free) {
    most_ = true;
    found(bits, free);
  }
  Int128 limit() const { return limit_; }

  bool found(UInt128 bits, UInt128 free) {
    if (budget_ == 0) return false;
    --budget_;
    Int128 low = 0;   // what the sum is at least
    Int128 high = 0;  // and at most
    const SumScore::Term* open = nullptr;
    for (const auto& t : sum_.terms) {
      if ((t.when.mask & free) == 0) {
        if (!t.when.holds(pool_, bits)) continue;
        low += t.weight;
        high += t.weight;
      } else if (t.when.expr || ((bits ^ t.when.value) & t.when.mask & ~free) == 0) {
        (t.weight < 0 ? low : high) += t.weight;
        if (open == nullptr || magnitude(t.weight) > magnitude(open->weight)) open = &t;
      }
    }
    if (low > limit_) return false;
    if (most_) {
      if (open == nullptr) limit_ = low - 1;  // met: from here on only what is lower counts
      if (open == nullptr) return false;
    } else if (high <= limit_) {
      return true;
    }
    const UInt128 field = open->when.mask & free;
    const UInt128 bit = field & (~field + 1);
    const bool hold = open->weight < 0;
    const UInt128 first = ((open->when.value & bit) != 0) == hold ? bit : UInt128{0};
    return found((bits & ~bit) | first, free & ~bit) ||
           found((bits & ~bit) | (bit ^ first), free & ~bit);
  }

 private:
  static Int128 magnitude(Int128 w) { return w < 0 ? -w : w; }

  const ExprPool& pool_;
  const SumScore& sum_;
  Int128 limit_;
  std::size_t budget_;
  bool most_ = false;
};

}  // namespace

std::optional<bool> at_most(const ExprPool& pool, const SumScore& sum, UInt128 bits, UInt128 free,
                            Int128 limit, std::size_t budget) {
  Under search(pool, sum, limit, budget);
  if (search.found(bits, free)) return true;
  if (search.out_of_budget()) return std::nullopt;
  return false;
}

std::optional<Int128> least(const ExprPool& pool, const SumScore& sum, UInt128 bits, UInt128 free,
                            std::size_t budget) {
  Under search(pool, sum, sum(pool, bits), budget);
  search.lower(bits, free);
  if (search.out_of_budget()) return std::nullopt;
  return search.limit() + 1;
}

}  // namespace wayout
