#pragma once
/// @file
/// The rows of one mover as far as they are the same in all profiles: where it can go from a state,
/// found once for all of them.

#include <deque>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "wayout/space/state_table.hpp"
#include "wayout/trust/lane_book.hpp"

namespace wayout {

/// A row is what a mover can set while all else, the row's *context*, stands: a state for each
/// setting that no rule excludes. What the settings are worth to it is the same wherever the bits
/// that its statements, rules and link look at mean the same: such rows share a *table*. From a row
/// it goes to the row itself and to those with some agreements left, its *leads*. Everything is
/// found when it is first asked for, and kept. For one thread.
class LaneRows {
 public:
  static constexpr std::uint64_t kWidest = std::uint64_t{1} << 13;
  static constexpr std::size_t kMostLeavable = 12;
  /// Few enough settings, rules and agreements to leave.
  static bool made_for(const Conflict& conflict, MoverId m);

  /// Keeps references.
  LaneRows(const LaneBook& book, StateTable& states, MoverId m);

  using Row = std::uint32_t;
  using Place = std::uint16_t;
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;

  /// Settings that one-way options, forbid rules and the link treat alike.
  struct Group {
    std::uint64_t one_way = 0;  ///< levels of the one-way options
    std::uint64_t to = 0;       ///< bit f: rule f's `to` holds; the top bit: the link does not
    std::uint64_t from = 0;     ///< bit f: rule f's `from` holds
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const Group&, const Group&) = default;
  };
  struct Table {
    std::vector<Group> groups;
    std::vector<Place> settings;          ///< per place, group after group: into settings()
    std::vector<std::uint64_t> across;    ///< per order and place: which of these statements hold
    std::vector<Place> place_of;          ///< per setting
    std::vector<std::uint16_t> group_of;  ///< per place
    std::size_t targets = 0;              ///< the first places: what meets the link
    std::size_t size() const { return settings.size(); }
  };
  /// One score of the mover: a party's, or a member's of a track.
  struct Order {
    PartyId party;
    std::vector<std::uint32_t> within;  ///< statements about its free options alone
    std::vector<std::uint32_t> across;  ///< statements that look at other bits too
    std::vector<std::uint64_t> at;      ///< per setting: which of `within` hold
    bool vital = false;
    static std::size_t words(const std::vector<std::uint32_t>& list) {
      return (list.size() + 63) / 64;
    }
  };
  /// A row that it can go to, with the two tables.
  struct Lead {
    Row row = kNone;
    std::uint32_t pair = 0;  ///< into pairs()
  };
  struct Pair {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };
  struct Home {
    Row row = kNone;
    std::uint32_t view = 0;
  };
  /// All that a mover sees at a state, to tell where it can and wants to go: the table and the
  /// place in it, and the tables of the leads. Few views serve many states.
  struct Outlook {
    std::uint32_t table = 0;
    std::vector<std::uint32_t> pairs;  ///< one per lead
    std::uint32_t first_view = 0;      ///< that of place 0; the others follow
  };

  /// Where the homes of all states are kept: those of a state beside one another. To be called
  /// first.
  void keep_homes(std::vector<Home>& homes, std::size_t slot, std::size_t stride) {
    homes_ = &homes;
    slot_ = slot;
    stride_ = stride;
  }
  /// The row of a state and its view. Requires s feasible.
  Home home(StateNumber s) {
    if (std::size_t{s} * stride_ >= homes_->size()) homes_->resize(states_->size() * stride_);
    const Home known = (*homes_)[s * stride_ + slot_];
    return known.row != kNone ? known : find_home(s);
  }
  const Outlook& outlook(Row r) const { return outlooks_[rows_[r].outlook]; }
  const Outlook& outlook_of_view(std::uint32_t view) const { return outlooks_[outlook_of_[view]]; }
  std::size_t view_count() const { return outlook_of_.size(); }
  Place place(Home h) const { return static_cast<Place>(h.view - outlook(h.row).first_view); }
  std::uint32_t table_of(Row r) const { return rows_[r].table; }
  const Table& table(std::uint32_t t) const { return tables_[t]; }
  /// The row itself and those with agreements left, as far as somebody can go there. Valid until
  /// the next call.
  std::span<const Lead> leads(Row r);
  const Pair& pair(std::uint32_t p) const { return pairs_[p]; }
  /// A state of the row, kNoState where nobody has asked for it by number yet.
  StateNumber known(Row r, std::size_t place) const { return numbers_[rows_[r].first + place]; }
  StateNumber number(Row r, std::size_t place);
  State state(Row r, std::size_t place) const {
    return State{rows_[r].context | settings_[tables_[rows_[r].table].settings[place]]};
  }
  bool may_go(const Group& from, const Group& to) const;
  static constexpr Place kNowhere = 0xFFFFu;
  /// Where a row of the table has a state with just this setting of the free options, kNowhere
  /// where rules exclude it.
  Place place(const Table& table, UInt128 bits) const {
    const std::size_t setting = setting_of(bits);
    return setting == kNowhere ? kNowhere : table.place_of[setting];
  }

  const std::vector<UInt128>& settings() const { return settings_; }
  /// The bits of the options that it sets freely.
  UInt128 free() const { return free_; }
  const std::vector<Order>& orders() const { return orders_; }
  std::size_t row_count() const { return rows_.size(); }
  std::size_t table_count() const { return tables_.size(); }
  std::size_t pair_count() const { return pairs_.size(); }
  /// It has no option.
  bool mute() const { return info_->digits.empty(); }
  bool never_wants() const { return never_wants_; }
  bool none_worse() const { return none_worse_; }
  bool vital() const { return vital_; }
  bool transitive() const { return info_->transitive; }
  /// The bits on which it depends where it can and wants to go, its own options included.
  UInt128 relevant() const { return relevant_ | info_->digit_mask; }

 private:
  struct RowInfo {
    UInt128 context = 0;
    std::size_t first = 0;  ///< into numbers_
    std::uint32_t table = 0;
    std::uint32_t leads = kNone;  ///< into leads_
    std::uint32_t lead_count = 0;
    std::uint32_t outlook = 0;  ///< once the leads are known
  };
  Home find_home(StateNumber s);
  void settle(Row r, std::size_t place, StateNumber s);
  void prepare();
  /// Which statements of the list hold at s, as bits, at the end of `to`.
  void note(const Order& order, const std::vector<std::uint32_t>& list, State s,
            std::vector<std::uint64_t>& to) const;
  Row row(UInt128 context);
  std::uint32_t table_for(UInt128 context);
  Table fill(UInt128 context) const;
  std::uint32_t pair_of(std::uint32_t from, std::uint32_t to);
  std::uint64_t one_way_of(UInt128 bits) const;
  std::size_t setting_of(UInt128 bits) const;

  struct Wheel {
    int shift = 0;
    std::uint64_t field = 1;
    std::size_t stride = 1;
  };
  struct OneWay {
    int shift = 0;
    int place = 0;
    std::uint64_t field = 1;
    bool up = true;
  };

  const LaneBook* book_;
  const Conflict* conflict_;
  const MoverInfo* info_;
  StateTable* states_;
  bool ready_ = false;
  bool never_wants_ = false;
  bool none_worse_ = false;
  bool vital_ = false;
  std::vector<Order> orders_;
  std::vector<ExprId> nevers_across_;  ///< rules about its options and others
  UInt128 free_ = 0;
  UInt128 relevant_ = 0;
  UInt128 disabled_ = 0;
  std::vector<Wheel> wheels_;
  std::vector<OneWay> one_way_;
  std::vector<UInt128> leavable_;
  std::vector<UInt128> settings_;  ///< of the free options, as far as rules among them allow
  std::vector<Place> setting_at_;  ///< per combination of levels: into settings_
  StateTable contexts_;
  std::vector<RowInfo> rows_;  ///< per context
  StateTable keys_;
  std::vector<std::uint32_t> table_of_key_;
  std::deque<Table> tables_;
  std::multimap<std::uint64_t, std::uint32_t> like_;  ///< tables by a hash of what is in them
  std::vector<Lead> leads_;
  std::vector<Pair> pairs_;
  std::unordered_map<std::uint64_t, std::uint32_t> pair_at_;
  std::vector<StateNumber> numbers_;
  std::vector<Outlook> outlooks_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> outlook_at_;  ///< by table and pairs
  std::vector<std::uint32_t> outlook_of_;                           ///< per view
  std::vector<Home>* homes_ = nullptr;
  std::size_t slot_ = 0;
  std::size_t stride_ = 1;
};

}  // namespace wayout
