#pragma once
/// @file
/// What a table can bring about from where things stand.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

/// A table as the room looks at it: what a deal may change, by whom, under which link.
struct DealTable {
  std::string id;
  std::string name;
  PartyMask members = 0;
  bool open = true;        ///< false: looked at as if it were open
  bool everybody = false;  ///< no track of the case: all parties, all their options
  Consent consent = Consent::AllBetter;
  std::optional<ExprId> link;
  std::string link_text;  ///< as written; "true" = every joint option on the table in force
  std::vector<Digit> digits;
  UInt128 mask = 0;
  std::vector<Forbid> forbids;
  /// The dispute in which the table is open; expression ids of this table belong to its pool.
  Conflict conflict;
};

/// Every track of the case, in file order, closed ones as if they were open (each alone); graph
/// form and a case without tracks: the everybody table.
std::vector<DealTable> tables_of(const Conflict& conflict);

/// Every party that is not a third one, with all options that are theirs alone or jointly; in graph
/// form any state may come about.
DealTable everybody_table(const Conflict& conflict);

struct DealSettings {
  std::uint64_t most = 10'000'000;  ///< outcomes looked at
  Watch watch;
  bool link = true;  ///< false: as if the table were not linked
  /// The never rules that count, as indices into conflict.nevers(); nullptr = all.
  const std::vector<std::size_t>* rules = nullptr;
};

struct DealWalk {
  End end = End::Complete;
  std::uint64_t deals = 0;
};

/// Calls `visit` for every outcome of the table until it returns false: every feasible state that
/// differs from `base` only in what is on the table (joint options at any level, members' own
/// options in their permitted directions), meets the link and is forbidden by no rule on moves.
/// `base` itself is one of them where it meets the link. Requires `base` feasible. Cost: about one
/// rule test per partial state; memory constant. Order: the first option on the table slowest.
DealWalk for_each_deal(const DealTable& table, State base, const DealSettings& settings,
                       const std::function<bool(State)>& visit);

}  // namespace wayout
