#pragma once
/// @file
/// Room for agreement: what every party at a table prefers to where things drift, the efficient
/// outcomes, the bargaining solutions; and where there is no room, which demands stand against each
/// other and what it would take to open it (SEMANTICS: the answer, 3).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/room/bargaining.hpp"
#include "wayout/room/deals.hpp"
#include "wayout/room/demands.hpp"

namespace wayout {

/// What a party compares an outcome with.
enum class Than {
  EachDrift,   ///< better than every state of the drift (robust)
  WorstDrift,  ///< better than the worst state of the drift for it (possible)
  Now          ///< better than the status quo
};

struct RoomSettings {
  Than than = Than::EachDrift;
  std::optional<State> from;              ///< what a deal changes; the status quo where not given
  std::vector<std::string> tables;        ///< track ids or "everybody"; empty = tables_of()
  std::uint64_t most_deals = 10'000'000;  ///< a table
  std::size_t most_efficient = 100'000;   ///< outcomes of a front
  DemandSettings demands;
  Watch watch;
};

/// What gains are counted in.
enum class Unit {
  Points,  ///< every member's preference has points (weights, additive)
  Ranks,   ///< some member's preference is only an order: classes of the outcomes in the room
  None     ///< some member's preference is no complete order: no gains, no solutions
};

/// An efficient outcome of a table.
struct RoomOutcome {
  State state;              ///< of those that give everybody the same: fewest options changed
  std::uint64_t deals = 1;  ///< how many outcomes give everybody exactly the same
  std::vector<Gain> gains;  ///< per member, over its reference; empty for Unit::None
};

struct Solution {
  Bargain kind = Bargain::Nash;
  /// Indices into TableRoom::efficient: all that tie, those that change fewest options first.
  std::vector<std::size_t> outcomes;
};

struct TableRoom {
  explicit TableRoom(DealTable t) : table(std::move(t)) {}
  DealTable table;
  End end = End::Complete;
  std::vector<PartyId> members;
  /// Per member: the state it compares with (for a unanimous preference one of several).
  std::vector<State> reference;
  Unit unit = Unit::Points;
  std::uint64_t deals = 0;     ///< outcomes the table can bring about
  std::uint64_t room = 0;      ///< those that its members would all consent to
  std::uint64_t room_now = 0;  ///< the same with what deals start from in place of the drift
  /// Everybody at the table prefers every reference to today: whoever waits gets there, and that
  /// nothing is better still is no impasse. `no_room` is not looked into then.
  bool drift_is_better = false;
  /// A set of members (bit k: members[k]) and how many outcomes suit exactly them.
  std::vector<std::pair<PartyMask, std::uint64_t>> suits;
  std::vector<RoomOutcome> efficient;  ///< within the room
  std::vector<Gain> ideal;             ///< per member: the most it gains in the room
  std::vector<int> places;             ///< per member: gains are in 10^-places points
  std::vector<Solution> solutions;
  /// Two members and points: the distinct gains and losses of all outcomes, for a picture; at most
  /// kMostCloud, and only of those where nothing vital changes.
  std::vector<std::pair<std::int64_t, std::int64_t>> cloud;
  static constexpr std::size_t kMostCloud = 65'536;
  std::optional<NoRoom> no_room;  ///< where the search was complete and found none
};

struct RoomAnswer {
  End end = End::Complete;
  State base;
  Than than = Than::EachDrift;
  std::vector<State> references;  ///< the drift, or the status quo
  std::vector<TableRoom> tables;
};

/// The room at every table. `drift`: the states the dispute drifts to by itself (reach/paths.hpp),
/// all of its sets together; not looked at with Than::Now, and must not be empty otherwise.
/// Requires a status quo or settings.from. A table's outcomes are streamed: the cost is about one
/// score per outcome and member, the memory is that of the front. Deterministic.
RoomAnswer room(const Conflict& conflict, std::span<const State> drift,
                const RoomSettings& settings = {});

/// The same for one table.
TableRoom table_room(const DealTable& table, State base, std::span<const State> references,
                     const RoomSettings& settings = {});

/// A gain in points as a person reads it.
double gain_points(const TableRoom& table, std::size_t member, std::int64_t amount);

}  // namespace wayout
