#pragma once
/// @file
/// A preference as one sum: what a condition adds where it holds. Priorities, weights (vital ones
/// included) and additive preferences all are such sums, with weights of up to 128 bits, so that
/// one kind of bound and one kind of table serves them all.

#include <optional>
#include <span>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// A condition on a state: a literal ((bits & mask) == value), or any other expression.
struct Clause {
  UInt128 mask = 0;
  UInt128 value = 0;
  std::optional<ExprId> expr;  ///< where set, mask is its support and value plays no part

  bool holds(const ExprPool& pool, UInt128 bits) const {
    return expr ? pool.holds(*expr, State{bits}) : (bits & mask) == value;
  }
};

/// An expression as a clause, and whether the clause is its negation.
struct SignedClause {
  Clause clause;
  bool negated = false;
};
SignedClause clause_of(const ExprPool& pool, ExprId e);

/// sum of weight over the clauses that hold; higher is better. Differences between two states are
/// exact and order them as the preference does; the sum itself may be off by a constant.
struct SumScore {
  struct Term {
    Clause when;
    Int128 weight = 0;
  };
  std::vector<Term> terms;

  Int128 operator()(const ExprPool& pool, UInt128 bits) const {
    Int128 sum = 0;
    for (const Term& t : terms)
      if (t.when.holds(pool, bits)) sum += t.weight;
    return sum;
  }
  /// The bits the sum depends on.
  UInt128 support() const;
  /// The terms that depend on a bit of `mask`: what can change while only those bits do.
  SumScore within(UInt128 mask) const;
};

/// One sum per order that has to agree (order_count()); none for a party that is indifferent.
/// nullopt where an order is no sum that fits 128 bits: a ranking, or priorities with more than
/// kMostSummed statements.
std::optional<std::vector<SumScore>> sum_scores(const Conflict& conflict, PartyId p);
inline constexpr std::size_t kMostSummed = 120;

/// Can the sum be at most `limit` for some setting of the bits in `free`, the others as in `bits`?
/// Any values of the free bits are tried, feasible or not. nullopt when more than `budget` settings
/// would have to be looked at. Cost: branch and bound over the terms that are open.
std::optional<bool> at_most(const ExprPool& pool, const SumScore& sum, UInt128 bits, UInt128 free,
                            Int128 limit, std::size_t budget);

/// The least the sum can be so; nullopt past the budget.
std::optional<Int128> least(const ExprPool& pool, const SumScore& sum, UInt128 bits, UInt128 free,
                            std::size_t budget);

}  // namespace wayout
