#pragma once
/// @file
/// Shifts of preferences: one statement that counts less, more, or at another place.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "wayout/base/decimal.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

enum class ShiftKind {
  Weight,    ///< weights: the statement weighs `to` instead of `from`
  NotVital,  ///< weights: it may be traded, and keeps its weight
  Order,     ///< priorities: it stands at place `to_place` instead of `from_place`
  Drop       ///< it counts no more
};

/// One statement of one party that counts otherwise than today.
struct Shift {
  PartyId party;
  std::size_t statement = 0;  ///< index into the party's preference part
  ShiftKind kind = ShiftKind::Drop;
  Decimal from, to;     ///< points (Weight; Drop of weights)
  Decimal bound;        ///< Weight: the value nearest to today's that the shift reaches or passes
  bool beyond = false;  ///< Weight: past `bound`, not at it; `to` is one such value
  std::size_t from_place = 0, to_place = 0;  ///< Order, Drop: from 0, vital statements first
  std::size_t places = 0;                    ///< of the party's order
  /// How much of the party's preference moves: points against the sum of all its weights, or
  /// places against their number, a drop being one place past the last; 1 for NotVital.
  double size = 0;
};

/// The shifts of one statement in one direction, from the smallest to the largest. For weights
/// these are the values at which some comparison of two states turns, and one value between any two
/// neighbouring ones: a comparison is linear in the weight, and turns where the weight equals a sum
/// of the others, each taken plus, minus or not at all. So a verdict that no step has, no value of
/// the weight has. In points of 10^-places all of these are multiples of the greatest common
/// divisor of the other weights, which are the steps.
struct ShiftLine {
  enum class Way { Less, More, NotVital, Up, Down };
  PartyId party;
  std::size_t statement = 0;
  Way way = Way::Less;
  std::uint64_t steps = 0;
  // Less, More: half units of the first step, and how far apart steps are.
  std::int64_t first = 0, apart = 0;
  bool only_last = false;  ///< nothing but the drop
};

/// Every line of every party whose preference is by weights or priorities. Statements that are
/// switched off, or weigh nothing, are left alone, and so are unanimous preferences, rankings and
/// additive values. A weight goes down to nothing, and up to where it outweighs all others of its
/// kind (vital or not) together; its sign stays. With as_perceived a party whose beliefs set
/// criteria anew can only drop statements. Cost: linear in the statements.
std::vector<ShiftLine> shift_lines(const Conflict& conflict, bool as_perceived);

/// The sum of all weights of a party, vital or not, in units of its score: what a shift is measured
/// against. Requires a preference by weights.
double whole_of(const Conflict& conflict, PartyId p);

/// Requires step < line.steps.
Shift shift_at(const Conflict& conflict, const ShiftLine& line, std::uint64_t step);

/// The dispute after shifts, applied in order: places of a later one count after the earlier ones.
/// Without measures, variants and claims. Errors: weights that leave the exact range.
Result<Conflict> shifted(const Conflict& conflict, std::span<const Shift> shifts);

/// The party's order of statements that count, as indices into its preference part: vital ones
/// first. Requires priorities.
std::vector<std::size_t> order_of(const PreferencePart& part);

}  // namespace wayout
