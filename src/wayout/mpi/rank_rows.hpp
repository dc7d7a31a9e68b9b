#pragma once
/// @file
/// The states one rank holds, and passes over the moves from them.

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// A number for every state that this rank holds.
using RankValues = std::vector<std::int32_t>;

/// A least (greatest) value that counts for nothing; infeasible states hold it.
inline constexpr std::int32_t nothing_of(bool least) {
  return least ? std::numeric_limits<std::int32_t>::max() : -1;
}
inline bool beats(bool least, std::int32_t a, std::int32_t b) { return least ? a < b : a > b; }

/// into(x) = the least (greatest) of into(x) and from(t), over the states t ≠ x that a mover can go
/// to from x and likes better.
struct RowQuery {
  bool least = true;
  RankValues* from = nullptr;  ///< nothing_of(least) where infeasible
  RankValues* into = nullptr;  ///< may be `from` where the mover is transitive
  /// t is liked better than x where here[k](x) < there[k](t) for all k; empty: any move counts.
  std::vector<RankValues*> here = {};
  std::vector<RankValues*> there = {};
  bool none_worse = false;  ///< instead: ≤ for all k, and < for one
};

/// How the states are cut over ranks. Movers are numbered as in the list given when it was made.
/// Every rank has to call the passes in the same order with the same settings.
class RankRows {
 public:
  virtual ~RankRows() = default;
  virtual std::uint64_t size() const = 0;
  /// Calls `visit(place in this rank's arrays, state)` for all states held here, feasible or not.
  virtual void for_each(const std::function<void(std::uint64_t, State)>& visit) const = 0;
  /// One pass; true where something here changed.
  virtual bool pick(std::size_t mover, const RowQuery& query) = 0;
  /// into = from = v and any move counts, the states x themselves as well.
  virtual bool take_in(std::size_t mover, bool least, RankValues& v) = 0;
  virtual std::uint64_t bytes() const = 0;  ///< of its own arrays
};

}  // namespace wayout
