#pragma once
/// @file
/// A party's score taken apart: the terms it is a sum of, each with the options it depends on, so
/// that scores of many states can be built up without evaluating every statement at each.

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// One term of one word of a score: `weight` where `when` holds, or a number for each level of one
/// option.
struct ScoreTerm {
  UInt128 support = 0;  ///< the bits it depends on
  std::optional<ExprId> when;
  std::int64_t weight = 0;
  int shift = 0;  ///< without `when`: the option
  std::uint64_t field = 0;
  std::vector<std::int64_t> points;

  std::int64_t at(const ExprPool& pool, State s) const {
    if (when) return pool.holds(*when, s) ? weight : 0;
    return points[static_cast<std::uint64_t>(s.bits >> shift) & field];
  }
  std::int64_t least() const;
  std::int64_t most() const;
};

/// The words of a score, compared in order: Conflict::score() is their sums, leading empty words
/// left out. A ranking names the states themselves instead.
struct ScoreTerms {
  std::vector<std::vector<ScoreTerm>> words;
  const std::unordered_map<State, std::int32_t>* ranked = nullptr;
};

/// Requires weak_order(p).
ScoreTerms score_terms(const Conflict& conflict, PartyId p);

}  // namespace wayout
