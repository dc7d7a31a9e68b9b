#pragma once
/// @file
/// How a member of a table orders its outcomes.

#include <optional>
#include <span>
#include <vector>

#include "wayout/model/conflict.hpp"
#include "wayout/model/local_score.hpp"

namespace wayout {

/// The order (for a unanimous preference: the orders) of one party over the outcomes of a table and
/// its references. Higher is better. Keeps a reference to the conflict.
class Taste {
 public:
  /// Outcomes differ from `base` only in the bits of `mask`.
  Taste(const Conflict& conflict, PartyId party, UInt128 mask, State base);
  PartyId party() const { return party_; }
  /// 0 for a third party.
  std::size_t orders() const { return orders_; }
  bool numeric() const { return conflict_->numeric(party_); }
  bool weak_order() const { return conflict_->weak_order(party_); }
  /// Of an outcome of the table.
  Score outcome(std::size_t order, State s) const;
  /// Of any state.
  Score any(std::size_t order, State s) const;

 private:
  const Conflict* conflict_;
  PartyId party_;
  std::size_t orders_ = 0;
  std::vector<LocalScore> whole_;    ///< a unanimous preference: one per member
  std::optional<LocalScore> local_;  ///< weights: only what the table can change
  Score offset_;
};

/// What the members of a table compare an outcome with.
class References {
 public:
  /// `each`: better than all of the states; otherwise better than the worst one.
  References(const std::vector<Taste>& tastes, std::span<const State> states, bool each);
  /// Positive: better than the reference; zero: neither better nor worse; negative otherwise.
  /// `value` are the scores in the member's orders.
  int compare(std::size_t member, std::span<const Score> value) const;
  State state(std::size_t member) const { return state_[member]; }
  const std::vector<Score>& value(std::size_t member) const { return levels_[member].front(); }

 private:
  std::vector<std::vector<std::vector<Score>>> levels_;  ///< member → alternatives → orders
  std::vector<State> state_;
  bool each_;
};

}  // namespace wayout
