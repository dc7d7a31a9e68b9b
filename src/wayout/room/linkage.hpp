#pragma once
/// @file
/// Which issues are talked about together, and what that does.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/room/room.hpp"

namespace wayout {

/// How a goal stands in a dispute, as the judge of a grouping says.
enum class GoalState {
  Out,        ///< no willing steps lead to it
  Reachable,  ///< willing steps lead to it; whether it holds is not said
  Depends,    ///< a way out with a mark
  WayOut,     ///< reached by willing steps, and it holds
  Undecided   ///< a limit was met
};

/// What a judge says of a dispute: its goals, in order, and where it drifts.
struct GroupingView {
  End end = End::Complete;
  std::vector<GoalState> goals;
  std::vector<State> drift;
};
/// `thorough`: also whether a goal that can be reached holds, and the drift (asked for the present
/// and the few groupings shown); otherwise Reachable will do, and the drift may be left out, so
/// that groupings are then ranked without it.
using GroupingJudge = std::function<GroupingView(const Conflict&, bool thorough)>;

/// Issues talked about at one table.
struct Block {
  std::vector<OptionId> issues;  ///< ascending
  PartyMask parties = 0;         ///< everybody whom an issue belongs to
  bool linked = false;           ///< nothing is agreed until everything on it is agreed
  /// A block of one party's own options is no table: that party moves them by itself.
  bool table() const { return (parties & (parties - 1)) != 0; }
  friend bool operator==(const Block&, const Block&) = default;
};
/// Blocks by their first issue; every issue regrouped is in one of them.
struct Grouping {
  std::vector<Block> blocks;
  friend bool operator==(const Grouping&, const Grouping&) = default;
};

/// How a party fares where things drift under a grouping, against the present tables.
enum class Fortune {
  Better,  ///< its worst and its best place are no worse, and one of them is better
  Worse,   ///< the other way round
  Same,
  Mixed  ///< one better and one worse, or no complete order
};

struct GroupingResult {
  Grouping grouping;
  GroupingView view;
  bool thorough = false;            ///< judged for holding too, and for where it drifts
  std::vector<std::uint64_t> room;  ///< per block: outcomes that suit all its parties
  std::vector<Fortune> fortunes;    ///< per party
  std::size_t distance = 0;         ///< pairs of issues that are together here or there only
};

/// Something of a table without which it has room where it has none.
struct Blocking {
  std::string track;
  std::optional<OptionId> issue;  ///< taken off the table; none = the table's condition dropped
  std::uint64_t room = 0;         ///< outcomes that then suit everybody
};

struct LinkageSettings {
  std::vector<OptionId> issues;           ///< to regroup; empty = all on open tables
  std::size_t most_exhaustive = 8;        ///< up to so many issues every grouping is looked at
  std::uint64_t most_groupings = 10'000;  ///< looked at, and as many judged
  std::size_t most_listed = 10;
  RoomSettings room;
  Watch watch;
};

struct Linkage {
  End end = End::Complete;
  bool exhaustive = false;  ///< false: a search from the present tables: best found
  std::vector<OptionId> issues;
  Grouping present;  ///< issues on several open tables count for the first of them
  GroupingView today;
  std::uint64_t looked_at = 0;
  std::uint64_t undecided = 0;       ///< of these, groupings of which some goal was left undecided
  std::vector<GroupingResult> best;  ///< at most most_listed, the best first
  /// Per goal: in how many groupings it can be reached, and the one closest to the present tables.
  struct GoalReach {
    std::uint64_t groupings = 0;
    std::optional<Grouping> closest;
  };
  std::vector<GoalReach> goals;
  std::vector<Blocking> blocking;
};

/// The dispute under another grouping: the issues leave all open tables, and every block becomes a
/// table of its own; tables left without an issue, and closed ones, are gone, and so are measures,
/// variants, beliefs and claims, which may name them. Errors: none are expected of a valid
/// grouping.
Result<Conflict> regrouped(const Conflict& conflict, const Grouping& grouping);

/// Looks at every way of grouping the issues (not linked; and, where a block has two or more
/// agreements, with each such block linked), or, past `most_exhaustive` issues, climbs from the
/// present tables by taking an issue out, moving it, joining two blocks and linking one. Groupings
/// are ranked by goals with a way out, goals reachable, parties worse off, parties better off,
/// closeness to the present. `drift`: the present one, what room is measured against. Requires
/// option form and a status quo. Deterministic.
Linkage linkage(const Conflict& conflict, std::span<const State> drift, const GroupingJudge& judge,
                const LinkageSettings& settings = {});

}  // namespace wayout
