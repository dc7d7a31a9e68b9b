#pragma once
/// @file
/// Settling one box of any kind: minima over the opponents' moves or improvements, where options
/// may be one-way, tied by rules, agreed or left, and tables may be linked.

#include <cstdint>
#include <span>
#include <vector>

#include "wayout/stability/box_cut.hpp"
#include "wayout/stability/tasks.hpp"

namespace wayout {

/// An opponent as a box sees it.
struct BoxMover {
  const std::vector<std::vector<ClassGroup>>* classes = nullptr;  ///< per digit and group of the
                                                                  ///< cut
  std::vector<const std::uint32_t*> goodness;                     ///< per member: by index
  bool track = false;  ///< several members, or consent none-worse
  bool none_worse = false;
  bool wants = true;                    ///< false: it has no improvement anywhere
  const std::uint64_t* link = nullptr;  ///< a bit per index: states it may move to
};

/// Scratch for one box after the other.
class BoxSettle {
 public:
  /// `movers` and `cut` must outlive it.
  BoxSettle(const BoxCut& cut, const std::vector<BoxMover>& movers, bool improvements);

  /// Takes up a box.
  void load(std::uint64_t box);
  std::size_t size() const { return index_.size(); }
  /// The index of each state of the box.
  std::span<const std::uint32_t> index() const { return index_; }

  /// Takes up a box in which every mover orders its rows as in the one before.
  void load_alike(std::uint64_t box);

  /// How states were led to lesser values: found once, good for every box alike in which the values
  /// stand in the same order.
  struct Led {
    std::vector<std::uint32_t> order;  ///< states, ascending by value
    std::vector<std::uint32_t> keys;   ///< their values, in that order
    /// Per state of the box: the place in `order` of the least value over what its opponents can
    /// lead to, by moves or by improvements, itself included.
    std::vector<std::uint32_t> least;
    bool valid = false;
  };
  /// Finds that, given values by index. Where the tasks are stopped it returns early and `led`
  /// means nothing.
  void settle(const std::uint32_t* value, bool improving, const Tasks& tasks, Led& led);
  /// Whether values stand in the order of `led`, with the same ties; if so its keys are theirs now.
  bool renew(const std::uint32_t* value, Led& led) const;

 private:
  struct Digit {
    std::uint32_t stride = 0;  ///< of a cell number
    std::uint32_t count = 1;
    const ClassGroup* group = nullptr;
  };
  struct Entry {
    std::uint32_t state;
    std::uint32_t goodness;  ///< for the party that moves
  };
  /// What is asked most often of a cell: the states of a row that nothing but their goodness tells
  /// apart, a stretch of `list`.
  struct Mark {
    std::uint32_t raised;  ///< everything worse than this is settled
    std::uint32_t next;    ///< goodness of the worst not settled from here, kNone at the end
  };
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  /// A state as an opponent sees it.
  struct View {
    std::uint32_t cell;
    std::uint32_t goodness;
  };
  struct Opponent {
    const BoxMover* mover = nullptr;
    std::vector<Digit> ordered;        ///< the digits in which cells lie below each other
    std::vector<Mark> marks;           ///< per cell
    std::vector<std::uint32_t> begin;  ///< per cell, one more at the end
    std::vector<std::uint32_t> at;  ///< list before this is settled; a track's: end of what is left
    std::vector<Entry> list;        ///< worst first for a party
    std::size_t number = 0;         ///< among those that are not idle
    std::vector<std::uint32_t> left;                ///< a track's states not settled, cell by cell
    std::vector<std::uint32_t> strides;             ///< of a cell number, per digit
    std::vector<std::vector<std::uint32_t>> front;  ///< a track's: points that nothing exceeds
    bool idle = false;                              ///< nowhere to go in this box
  };

  void place_box(std::uint64_t box);
  void cells(Opponent& o);
  void place(Opponent& o);
  void sort_list(Opponent& o);
  void lead_by_moves(Opponent& o, std::uint32_t cell);
  void lead_by_improvement(Opponent& o, std::uint32_t cell, std::uint32_t goodness);
  void lead_by_consent(Opponent& o, std::uint32_t t);
  void raise(Opponent& o, std::uint32_t cell, std::uint32_t goodness);
  template <class Enter>
  void descend(Opponent& o, std::uint32_t cell, const Enter& enter);
  void reach(std::uint32_t x) {
    std::uint64_t& word = done_[x >> 6];
    const std::uint64_t bit = std::uint64_t{1} << (x & 63);
    if ((word & bit) != 0) return;
    word |= bit;
    ++settled_;
    __builtin_prefetch(&views_[x * step_]);
    stack_.push_back(x);
  }
  bool done(std::uint32_t x) const { return (done_[x >> 6] >> (x & 63)) & 1u; }
  void sort_by(std::vector<std::uint32_t>& keys, std::vector<std::uint32_t>& states);

  const BoxCut& cut_;
  bool improvements_;
  std::vector<Opponent> opponents_;
  std::vector<Opponent*> moving_;
  std::vector<std::uint32_t> groups_;
  std::vector<std::uint32_t> shares_;
  std::vector<std::uint32_t> index_;
  std::vector<View> views_;  ///< per state and opponent that is not idle, side by side
  std::size_t step_ = 0;     ///< opponents that are not idle
  std::vector<std::uint64_t> done_;
  std::vector<std::uint32_t> stack_;
  std::size_t settled_ = 0;
  std::vector<std::uint32_t> cells_;  ///< stack of descend()
  std::vector<std::uint32_t> keys_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> spare_keys_;
  std::vector<std::uint32_t> spare_order_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace wayout
