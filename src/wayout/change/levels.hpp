#pragma once
/// @file
/// What can come about at all: for each option the levels that any course of willing steps might
/// bring it to, found without a search. An over-approximation that refutes quickly.

#include <cstdint>
#include <functional>
#include <vector>

#include "wayout/model/local_score.hpp"

namespace wayout {

/// For every option a set of levels that holds all its levels in states that willing steps reach
/// from `start` (every mover moving as it likes, contexts forgotten). A mover counts only where a
/// change of its options could be an improvement for all its members in some state within these
/// levels; that is tried for movers with few combinations and preferences by weights, and else
/// taken for granted. Grown to a fixed point. In graph form everything may come about.
class Levels {
 public:
  Levels(const Conflict& conflict, State start);

  /// False only where no state within the levels meets e.
  bool may_hold(ExprId e) const { return (truth(e) & kTrue) != 0; }
  /// Calls `visit` for every feasible state within the levels that meets e until it returns false.
  /// False when `budget` partial states were looked at before the end.
  bool for_each(ExprId e, std::uint64_t budget, const std::function<bool(State)>& visit) const;
  bool may_be(OptionId o, int level) const { return ((sets_[o.index()] >> level) & 1u) != 0; }

 private:
  static constexpr int kTrue = 1;
  static constexpr int kFalse = 2;

  /// Which truth values e takes within the levels, or more.
  int truth(ExprId e) const;
  int truth_with(ExprId e, const std::vector<std::uint64_t>& sets) const;
  std::uint64_t set_at(int shift, const std::vector<std::uint64_t>& sets) const;
  /// Leaves only levels with which e can be true, where e says so of single options.
  void narrow(ExprId e, std::vector<std::uint64_t>& sets) const;
  bool grow(MoverId m);
  bool improves(MoverId m, const std::vector<std::uint64_t>& from,
                const std::vector<std::uint64_t>& to) const;

  const Conflict* conflict_;
  std::vector<std::uint64_t> sets_;             ///< per option: bit l for level l
  std::vector<std::vector<WeightTerm>> terms_;  ///< per party
  std::vector<std::uint32_t> owner_;            ///< per bit of a state: its option
};

}  // namespace wayout
