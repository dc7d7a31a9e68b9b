#pragma once
/// @file
/// What one mover can set, and how good each setting is while everything else stands: tables that
/// are built once per pattern of what stands, because a mover's view of the rest is only which of
/// its conditions are still open.

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "wayout/model/conflict.hpp"
#include "wayout/model/sum_score.hpp"

namespace wayout {

/// A set of values over several options, in the order they were met, each once.
using BitsList = std::vector<UInt128>;

/// Which conditions of a mover are still open, and the bits outside its options that its other
/// conditions read. Two states with the same pattern offer the same choices.
struct Pattern {
  UInt128 open = 0;  ///< bit i: clause i is true outside the mover's options
  UInt128 raw = 0;
  friend bool operator==(const Pattern&, const Pattern&) = default;
};

/// The choices of one mover among its settings (levels of the options it can change and that
/// matter), state by state. Movers with forbid rules and graph form are not handled.
class RowTables {
 public:
  static constexpr std::size_t kMostSettings = 4096;
  /// What lies outside the mover's options is looked at through at most this many literals.
  static constexpr std::size_t kMostClauses = 128;

  /// The moves of mover m. `keep`: the bits that matter; its other options never change here.
  /// `wanted`: improvements rather than any moves. nullopt where its rows are too wide, a rule
  /// forbids some of its moves, or a preference is no sum.
  static std::optional<RowTables> moves(const Conflict& conflict, MoverId m, UInt128 keep,
                                        bool wanted);
  /// How good the same settings are for somebody else: no moves, one order.
  RowTables scores(const SumScore& sum) const;

  struct Table {
    std::vector<Int128> score;        ///< per order, then per setting
    std::vector<std::uint8_t> meets;  ///< per setting: 0 infeasible, 1 feasible, 3 meets the link
                                      ///< too
    Int128 top = 0;                   ///< the best score of those with 3, in the first order
    bool some = false;                ///< there is a setting with 3
    mutable std::vector<std::int8_t> nash;  ///< per setting: whether the mover is stuck; -1 unknown
  };

  Pattern pattern(UInt128 bits) const;
  /// Valid for the next hundred calls at least.
  const Table& table(const Pattern& p) const;
  const Table& table(UInt128 bits) const { return table(pattern(bits)); }
  /// The place of a state's own setting in settings().
  std::size_t place(UInt128 bits) const {
    std::size_t at = 0;
    for (const Wheel& w : wheels_)
      at += static_cast<std::size_t>((static_cast<std::uint64_t>(bits >> w.shift)) & w.field) *
            w.stride;
    return at;
  }
  const BitsList& settings() const { return settings_; }
  /// The bits the settings are about.
  UInt128 own() const { return own_; }
  /// The bits outside own() on which the choices depend.
  UInt128 outside() const { return outside_; }
  /// All bits that matter for the choices.
  UInt128 support() const { return support_; }
  std::size_t orders() const { return orders_.size(); }
  /// The mover may go from setting a to setting b ≠ a under the table: permitted directions, a
  /// feasible target that meets the link, and better where that was asked for.
  bool goes(const Table& t, std::size_t a, std::size_t b) const;
  /// Whether the mover has nowhere to go from setting a. Cost: a look-up once it is known.
  bool stuck(const Table& t, std::size_t a) const;
  /// Calls visit with every state to which the mover may go from s, until it returns false.
  template <class Visit>
  void for_each(State s, const Visit& visit) const {
    const Table& t = table(s.bits);
    const std::size_t a = place(s.bits);
    if (stuck(t, a)) return;
    for (std::size_t b = 0; b < settings_.size(); ++b)
      if (goes(t, a, b) && !visit(State{(s.bits & ~own_) | settings_[b]})) return;
  }
  /// Nothing but one order tells its choices apart.
  bool plain() const { return plain_; }

  /// How heavily each clause weighs, for choosing what to look at: the greatest weight in any
  /// order, in the order of literals and expressions.
  struct Weighed {
    UInt128 mask = 0;
    double weight = 0;
  };
  std::vector<Weighed> weighed() const;

  /// Literals on the outside, as a search over sets of states needs them: clause i is open where
  /// (bits & mask) == value.
  std::span<const Clause> literals() const { return outer_; }
  UInt128 raw_mask() const { return raw_mask_; }

 private:
  struct Wheel {
    int shift = 0;
    std::uint64_t field = 1;
    std::size_t stride = 1;
    std::size_t levels = 2;
    Change change = Change::Any;
  };
  struct Part {  ///< a clause with what it asks of the own options
    Clause whole;
    int literal = -1;  ///< index into outer_, -1 where it is read through raw bits
    std::vector<std::uint16_t> settings;  ///< where the own part of a literal holds
  };
  struct Weight {
    std::size_t part;
    Int128 weight;
  };

  void add_wheels(const Conflict& conflict, const std::vector<Digit>& digits, UInt128 keep);
  std::size_t add_part(const Clause& c);
  void add_order(const SumScore& sum);
  void finish();
  bool holds(const Part& part, const Pattern& p, std::size_t setting) const;
  /// Per setting, whether a clause that is read through raw bits holds.
  const std::vector<std::uint8_t>& where(std::size_t part, const Pattern& p) const;
  Table build(const Pattern& p) const;

  const ExprPool* pool_ = nullptr;
  std::vector<Wheel> wheels_;
  BitsList settings_;
  UInt128 own_ = 0;
  UInt128 outside_ = 0;
  UInt128 support_ = 0;
  UInt128 raw_mask_ = 0;
  std::vector<Part> parts_;
  std::vector<Clause> outer_;
  std::vector<std::vector<Weight>> orders_;
  std::vector<std::size_t> nevers_;      ///< parts: infeasible where one holds …
  std::vector<std::size_t> never_nots_;  ///< … or where one of these fails
  std::optional<std::pair<std::size_t, bool>> link_;
  bool wanted_ = false;
  bool none_worse_ = false;
  bool never_wants_ = false;
  bool moves_ = false;
  bool plain_ = false;
  bool one_way_ = false;

  struct Slot {
    Pattern key;
    std::uint32_t at = 0xFFFFFFFFu;
  };
  struct Cache {
    std::vector<Slot> slots;
    std::deque<Table> tables;
    /// Per part: where it holds, by the bits of it that are not the mover's.
    std::vector<std::vector<std::pair<UInt128, std::vector<std::uint8_t>>>> where;
    std::deque<Table> before;  ///< the tables of a full cache stay valid until it is full again
  };
  mutable Cache cache_;
};

}  // namespace wayout
