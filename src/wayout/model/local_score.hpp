#pragma once
/// @file
/// Parts of preferences and rules that matter while only some options change.

#include <optional>
#include <span>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

struct CompiledPreference;

/// Orders states that differ only in the bits of `mask` exactly as the party's preference (or one
/// member's, for a unanimous preference) does, by looking only at what those bits can change.
class LocalScore {
 public:
  /// `member` picks a member of a unanimous preference and is 0 otherwise. Keeps a reference: the
  /// conflict must outlive it.
  LocalScore(const Conflict& conflict, PartyId party, std::size_t member, UInt128 mask);
  Score operator()(State s) const;

  /// The bits it looks at (for a ranking: all).
  UInt128 support() const;
  /// Two words are enough: Score::more stays empty.
  bool two_words() const;
  /// By weights: takes out the terms that look at nothing but the bits of `mask`, and returns their
  /// score; the two add up to the whole. nullopt for every other method.
  std::optional<LocalScore> take_within(UInt128 mask);

 private:
  struct Term {
    ExprId when;
    std::int64_t weight = 0;
    bool vital = false;
  };
  const Conflict* conflict_;
  const CompiledPreference* preference_;
  UInt128 mask_ = 0;
  Method method_ = Method::Weights;
  bool indifferent_ = false;
  std::vector<Term> terms_;
};

/// How many orders have to agree for an improvement of p: 1, or the members of a unanimous
/// preference; 0 for a third party, which is never better off.
std::size_t order_count(const Conflict& conflict, PartyId p);

/// What one statement adds to a weights score while it holds, in whole 10^-places points.
struct WeightTerm {
  ExprId when;
  std::int64_t weight = 0;
  bool vital = false;
};
/// The terms of a preference by weights; empty for every other method and for third parties.
std::vector<WeightTerm> weight_terms(const Conflict& conflict, PartyId p);

/// Tests feasibility of states that differ from a feasible one only in the bits of `mask`.
class LocalRules {
 public:
  LocalRules(const Conflict& conflict, UInt128 mask);
  bool feasible(State s) const;

  /// The bits that its rules look at.
  UInt128 support() const;
  /// What looks at nothing but the bits of `mask`, and what looks at others too.
  LocalRules within(UInt128 mask) const;
  LocalRules beyond(UInt128 mask) const;

 private:
  const Conflict* conflict_;
  UInt128 disabled_ = 0;
  std::vector<ExprId> nevers_;
};

}  // namespace wayout
