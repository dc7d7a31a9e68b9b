#pragma once
/// @file
/// The uncertain inputs of a case: what somebody had to guess, each with its range.

#include <cstdint>
#include <string>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

enum class UncertainKind {
  Weight,       ///< of a statement, for one criterion
  Criterion,    ///< the priority of a criterion
  Value,        ///< additive: what one level of an option is worth
  Tempo,        ///< moves per unit of time
  Rationality,  ///< how surely a mover takes what is better
  Rate,         ///< of a hazard
  Share,        ///< of a catastrophe among those a hazard leads to
  Factor,       ///< what a hazard's rate is multiplied by
  Cost,         ///< of a measure
  Effect,       ///< a number in an effect of a measure or a belief
  Order,        ///< whether a statement stands before another one
  StatusQuo     ///< at which level an option stands today
};

/// One uncertain input. Numbers are drawn evenly from the multiples of 10^-places in [low, high];
/// Order and StatusQuo have `choices` values 0, 1, … with equal chances, 0 as the file has it.
struct Input {
  UncertainKind kind = UncertainKind::Weight;
  /// Names the stream of random numbers. It is made of ids, so that other inputs may come and go:
  /// "weight/down/water/security". Unique within a case.
  std::string key;
  std::string name;  ///< as a person reads it: "down: 'water', security"
  Decimal value;     ///< as in a plain run
  Decimal low;
  Decimal high;
  int places = 0;             ///< of the grid, 0 … 6
  std::int64_t first = 0;     ///< the lowest grid point, in units of 10^-places
  std::int64_t last = 0;      ///< the highest
  std::uint64_t choices = 0;  ///< Order and StatusQuo; 0 for numbers
  bool ranged = false;        ///< the file gives it a range; otherwise [trust] spread does

  bool discrete() const { return choices != 0; }

  /// Where it stands among the parts: indices, meaning by kind (see inputs.cpp).
  std::size_t at[4] = {0, 0, 0, 0};
  friend bool operator==(const Input&, const Input&) = default;
};

/// Every uncertain input of a conflict, in file order: numbers written as a range, all other
/// weights, criteria, values, tempos, rationalities, rates, factors, costs and numbers in effects
/// where [trust] spread is above zero (± spread × |number|), statements with `or_before` and
/// options with `or_now`. Left out are: a number that cannot vary (a plain zero, a range of one
/// point), horizons (settings of a question), what variants change (variants are
/// chosen, not guessed), and statements that are switched off for good.
///
/// Rounding: sampled numbers have the fewest places k ≤ 6 for which the range holds at least
/// 100,000 multiples of 10^-k (6 where none does), so that scores stay exact 64-bit integers and
/// every profile can be written down as a case file. A range without such a multiple is no input.
/// A range is that of the number itself: the `times` of effects multiply what is drawn.
std::vector<Input> uncertain_inputs(const Conflict& conflict);

/// The quantity an input of a numeric kind stands for, inside parts.
Quantity& quantity_at(Parts& parts, const Input& input);
const Quantity& quantity_at(const Parts& parts, const Input& input);

}  // namespace wayout
