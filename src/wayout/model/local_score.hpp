#pragma once
/// @file
/// Parts of preferences and rules that matter while only some options change.

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

 private:
  struct Term {
    ExprId when;
    std::int64_t weight = 0;
    bool vital = false;
  };
  const Conflict* conflict_;
  const CompiledPreference* preference_;
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

 private:
  const Conflict* conflict_;
  UInt128 disabled_ = 0;
  std::vector<ExprId> nevers_;
};

}  // namespace wayout
