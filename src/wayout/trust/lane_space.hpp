#pragma once
/// @file
/// The states of a dispute that searches have met, with the rows of every mover: what is the same
/// in all profiles, kept from one block of profiles to the next.

#include <vector>

#include "wayout/trust/lane_rows.hpp"

namespace wayout {

/// For one thread. Keeps a reference to the book. Memory: about 50 bytes a state and 15 a state and
/// mover.
class LaneSpace {
 public:
  /// A space of more states is not used by another search.
  static constexpr std::size_t kLarge = std::size_t{1} << 20;

  /// A space of more states is not kept for another block.
  static constexpr std::size_t kKept = std::size_t{1} << 17;

  explicit LaneSpace(const LaneBook& book);
  LaneSpace(const LaneSpace&) = delete;
  LaneSpace& operator=(const LaneSpace&) = delete;

  const LaneBook& book() const { return *book_; }
  StateNumber number(State s) { return states_.intern(s); }
  State state(StateNumber n) const { return states_[n]; }
  std::size_t size() const { return states_.size(); }
  LaneRows& rows(MoverId m) { return rows_[m.index()]; }
  const LaneRows& rows(MoverId m) const { return rows_[m.index()]; }
  /// Whether an expression of the conflict holds there. Remembered.
  bool holds(ExprId e, StateNumber n);

 private:
  const LaneBook* book_;
  StateTable states_;
  std::vector<LaneRows> rows_;
  std::vector<LaneRows::Home> homes_;  ///< per state and mover that can move
  struct Told {
    ExprId e;
    std::vector<std::int8_t> at;  ///< per state: -1 where it was not asked
  };
  std::vector<Told> told_;
};

}  // namespace wayout
