#pragma once
/// @file
/// Nash verdicts by the million: is a state stable for a party in that no move of its own serves it
/// better?

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wayout/space/rows.hpp"
#include "wayout/stability/row_tables.hpp"

namespace wayout {

/// Judges one state after the other, of option form or graph form. A party's answer depends on the
/// rest only through which of its conditions are still open, so the best it can do is kept per such
/// pattern: a verdict is a few comparisons and a look-up. Parties whose rows are too wide for that,
/// or whose preference is no sum, are judged by listing moves until one is better. Not for use by
/// several threads at once: give each its own.
class NashJudge {
 public:
  /// Keeps a reference: the conflict must outlive it.
  explicit NashJudge(const Conflict& conflict);

  /// R_p^+(s) is empty. Requires s feasible.
  bool stable(PartyId p, State s);
  /// The parties for which s is Nash-stable.
  PartyMask stable_for(State s);
  /// Whether the party's verdicts are look-ups.
  bool by_table(PartyId p) const { return tables_[p.index()].has_value(); }

 private:
  const Conflict* conflict_;
  std::vector<std::optional<RowTables>> tables_;  ///< per party
};

/// For every state the parties for which it is Nash-stable.
std::vector<PartyMask> nash_batch(const Conflict& conflict, std::span<const State> states);

}  // namespace wayout
