#pragma once
/// @file
/// Where no measure helps: which preferences would have to shift, or why nothing can.

#include <optional>
#include <vector>

#include "wayout/change/search.hpp"
#include "wayout/change/shift.hpp"

namespace wayout {

/// How far the search for shifts goes.
struct ShiftEffort {
  /// Steps of one statement in one direction: all are tried up to so many; of more, so many spread
  /// evenly over them, and then by halving between one that fails and one that opens a way.
  std::uint64_t most_steps = 48;
  /// Pairs of statements and directions looked at where no single shift helps; where there are
  /// more, only pairs that both count less, and where these are too many, none. 0: single shifts
  /// only.
  std::uint64_t most_pairs = 20'000;
};

/// Shifts that together open a way without a mark.
struct ShiftSet {
  std::vector<Shift> shifts;  ///< applied in this order
  /// Nothing smaller does: for a single shift, no smaller shift of that statement in that
  /// direction; for a pair, no smaller shift of either while the other is as it is. False: some
  /// smaller ones were passed over, and the next smaller one does not.
  bool least = true;
  double size() const {
    double sum = 0;
    for (const Shift& s : shifts) sum += s.size;
    return sum;
  }
};

struct Inverse {
  std::optional<Conflict> conflict;  ///< the dispute that the indices mean
  End end = End::Complete;           ///< other than Complete: some shifts were not decided
  std::size_t most = 0;              ///< shifts in one set, up to which sets were tried
  /// Every step of every single shift was tried; else only some (ShiftEffort).
  bool every_step = true;
  bool pairs_only_down = false;  ///< of pairs only such as count less: there were too many
  bool pairs_left_out = false;   ///< even these were too many
  std::uint64_t tried = 0;       ///< disputes looked at
  /// No feasible state meets the goal: `rules` exclude it, none of which can be left out, and no
  /// shift was tried. Empty rules: the condition contradicts itself.
  bool impossible = false;
  RuleConflict rules;
  /// Sets of shifts that open a way without a mark; no set holds another. The fewest shifts first,
  /// then the smallest ones.
  std::vector<ShiftSet> sets;
};

/// The least shifts of preferences that open a clean way for a goal in the dispute as it is given:
/// for each statement and direction (shift_lines()) the smallest shift that does; where no single
/// one does, pairs: both as far as they go, each then taken back as far as it can be while the
/// other stays. Of two weights of one party, whose steps hang on each other, either goes as far as
/// it does beside the other, and a step is one of the weight as it then is.
/// Every set told was judged by ways_out() as it is, and with the next smaller step as failing.
/// Which preferences are left alone: shift_lines(). Of `settings` goals and taken measures play no
/// part. Cost: one build and one ways_out() for each step tried, on all threads; the same result at
/// any number of them.
Inverse least_shifts(const Conflict& conflict, std::size_t goal,
                     const SearchSettings& settings = {}, const ShiftEffort& effort = {});

}  // namespace wayout
