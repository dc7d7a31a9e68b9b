#pragma once
/// @file
/// Where one mover can and wants to go, in 64 profiles at once.

#include <deque>
#include <functional>
#include <vector>

#include "wayout/space/state_table.hpp"
#include "wayout/trust/lane_dispute.hpp"

namespace wayout {

/// The rows of one mover, as KeyedBook (space/keyed_rows.hpp) has them for one profile: what the
/// mover's free settings are worth is the same wherever the bits that its statements, rules and
/// link look at stand alike, so tables of scores are shared by all such states.
class LaneMover {
 public:
  static constexpr std::uint64_t kWidest = std::uint64_t{1} << 13;
  static constexpr std::size_t kMostLeavable = 12;
  /// Few enough settings, rules and agreements to leave.
  static bool made_for(const Conflict& conflict, MoverId m);

  /// Keeps a reference to the dispute.
  LaneMover(const LaneDispute& dispute, MoverId m);

  using Visit = std::function<bool(State, LaneMask)>;
  /// The same in a sweep; the last is a place for the number that the sweep gives the state,
  /// kNoState at first.
  using Meet = std::function<bool(State, LaneMask, StateNumber&)>;

  /// How far every row was handed out in each profile: a sweep meets what is left.
  struct Cursors {
    StateTable rows;                    ///< what stands outside the free options
    std::vector<std::uint32_t> floors;  ///< per row: the place of its floors
    std::vector<LaneScore> floor;       ///< per group: everything above it has been handed out
    std::vector<std::size_t> first;     ///< per row: the place of its numbers
    std::vector<StateNumber> numbers;   ///< per row and setting
  };

  /// Calls visit(t, profiles) for every t ∈ R_m(s) that is an improvement in some of the profiles
  /// of `lanes`, until it returns false. Requires s feasible.
  void improvements(State s, LaneMask lanes, const Visit& visit);
  /// The same, but what the cursors know to have been handed out in a profile is left out as far as
  /// that is cheaper than to meet it again, and so is what `reached`, by the numbers that the sweep
  /// gives, says of a state.
  void sweep(State s, LaneMask lanes, Cursors& cursors, const std::vector<LaneMask>& reached,
             const Meet& meet);
  /// Calls visit(t) for every t ∈ R_m(s) until it returns false.
  void moves(State s, const std::function<bool(State)>& visit);

  /// The bits on which it depends where it can and wants to go, its own options included.
  UInt128 relevant() const { return relevant_ | info_->digit_mask; }

 private:
  struct Group {
    std::uint64_t one_way = 0;
    std::uint64_t to = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Table {
    std::vector<Group> groups;
    std::vector<UInt128> patches;  ///< group after group
    std::vector<Lanes> tail;       ///< per order and patch
    std::vector<Lanes> head;  ///< likewise; empty where no vital statement is about its options
  };
  struct OneWay {
    int shift = 0;
    int place = 0;
    std::uint64_t field = 1;
    bool up = true;
  };
  struct Order {
    std::vector<LaneTerm> terms;        ///< all that its options can change
    std::vector<std::uint32_t> across;  ///< of these, what looks beyond the free options
    bool vital = false;
  };

  void prepare();
  const Table& table(UInt128 context);
  void fill(Table& table, UInt128 context) const;
  std::uint64_t one_way_of(UInt128 bits) const;
  bool may_go(std::uint64_t one_way, std::uint64_t from, const Group& group) const;
  bool feasible(State t) const;
  /// Calls visit(context, table, group) for every group the mover may go to from s.
  bool each_group(State s, const std::function<bool(UInt128, const Table&, std::size_t)>& visit);
  /// here_: what s is worth, per order.
  void look(State s);
  /// The profiles of `lanes` in which setting i of the table is better than here_.
  LaneMask wanted(const Table& table, std::size_t i, LaneMask lanes) const;
  /// The row's number, with places for its floors and the numbers of its states.
  StateNumber row(Cursors& cursors, UInt128 context, const Table& table) const;

  /// Rows of fewer settings are handed out again rather than remembered.
  static constexpr std::size_t kRemembered = 16;
  /// Scores kept over all tables: about 32 MiB.
  static constexpr std::size_t kMostKept = std::size_t{1} << 16;

  const LaneDispute* dispute_;
  const Conflict* conflict_;
  const MoverInfo* info_;
  bool ready_ = false;
  bool mute_ = false;
  bool never_wants_ = false;
  bool none_worse_ = false;
  bool vital_ = false;
  bool remembers_ = false;  ///< one order: a floor tells what was handed out
  std::vector<Order> orders_;
  std::vector<ExprId> nevers_;  ///< rules about its options
  std::vector<ExprId> nevers_across_;
  UInt128 free_ = 0;
  UInt128 relevant_ = 0;
  UInt128 disabled_ = 0;
  std::vector<OneWay> one_way_;
  std::vector<UInt128> leavable_;
  std::vector<UInt128> patches_;   ///< settings of the free options that rules among them allow
  std::vector<LaneScore> within_;  ///< per order and patch
  StateTable keys_;
  std::deque<Table> tables_;
  std::size_t kept_ = 0;
  std::vector<LaneScore> here_;
};

}  // namespace wayout
