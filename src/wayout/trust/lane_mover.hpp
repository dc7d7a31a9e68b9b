#pragma once
/// @file
/// Where one mover can and wants to go, in 64 profiles at once.

#include <functional>
#include <memory>
#include <vector>

#include "wayout/trust/lane_space.hpp"
#include "wayout/trust/lanes.hpp"

namespace wayout {

class LaneDispute;

/// Vital sums before all others, as in Score.
struct LaneScore {
  Lanes head;
  Lanes tail;
};
/// The profiles in which a > b.
LaneMask above(const LaneScore& a, const LaneScore& b);
/// to = from in the profiles of `lanes`.
void blend(LaneScore& to, const LaneScore& from, LaneMask lanes);

/// The rows of one mover (lane_rows.hpp) with what its settings are worth in each profile.
class LaneMover {
 public:
  /// Keeps references.
  LaneMover(const LaneDispute& dispute, LaneSpace& space, MoverId m);

  using Visit = std::function<bool(State, LaneMask)>;
  /// Calls visit(t, profiles) for every t ∈ R_m(s) that is an improvement in some of the profiles
  /// of `lanes`, until it returns false. Requires s feasible. `visit` must not ask this mover.
  void improvements(State s, LaneMask lanes, const Visit& visit);
  /// The same by numbers; kNoState for a state that has none yet.
  void improvements(StateNumber s, LaneMask lanes,
                    const std::function<bool(StateNumber, LaneMask)>& visit);
  /// The profiles of `lanes` in which it can and wants to go from s to the state with this setting
  /// of its free options. Requires s feasible.
  LaneMask gain(State s, UInt128 setting, LaneMask lanes);
  /// Calls visit(t) for every t ∈ R_m(s) until it returns false.
  void moves(State s, const std::function<bool(State)>& visit);

  LaneRows& rows() { return *rows_; }
  /// It wants something in some profile.
  bool silent() const { return rows_->mute() || rows_->never_wants(); }

  // --- for searches

  /// What the places of a table are worth, per order and place.
  struct Scores {
    std::vector<Lanes> tail;
    std::vector<Lanes> head;  ///< empty where no vital statement is about its options
  };
  /// Valid until make_room().
  const Scores& scores(std::uint32_t table);
  /// The profiles in which it may want to move, by the view of a home; all where that takes long
  /// to tell.
  LaneMask restless(std::uint32_t view) {
    if (view < restless_.size() && told_[view] != 0) return restless_[view];
    return find_restless(view);
  }
  /// Few enough settings that gains are told pair by pair.
  bool narrow(std::uint32_t pair) const;
  /// Requires narrow(pair). Per place of the pair's second table that it may go to,
  /// the profiles in which it can and
  /// wants to go there from this place of the first. Valid until the next call.
  const LaneMask* wants(std::uint32_t pair, std::size_t place);
  /// One order that has to rise: what it wants is then all that is worth more.
  bool plain() const { return rows_->orders().size() == 1 && !rows_->none_worse(); }
  /// The profiles of `lanes` in which it wants to go from one place to another.
  LaneMask wanted(const Scores& from, std::size_t from_place, std::size_t from_size,
                  const Scores& to, std::size_t to_place, std::size_t to_size,
                  LaneMask lanes) const;
  /// Forgets what takes too much memory.
  void make_room();

 private:
  /// Settings of two tables, multiplied.
  static constexpr std::size_t kNarrow = std::size_t{1} << 12;
  /// Scores kept over all tables: about 48 MiB; gains: 16 MiB.
  static constexpr std::size_t kMostScores = 3 * (std::size_t{1} << 15);
  static constexpr std::size_t kMostGains = std::size_t{1} << 21;

  void prepare();
  LaneMask find_restless(std::uint32_t view);
  void fill(Scores& scores, const LaneRows::Table& table) const;
  template <class F>
  void each_gain(StateNumber s, LaneMask lanes, const F& visit);

  const LaneDispute* dispute_;
  LaneSpace* space_;
  LaneRows* rows_;
  std::vector<std::vector<const Lanes*>> weights_;  ///< per order and statement; null for none
  std::vector<LaneScore> within_;                   ///< per order and setting
  std::vector<std::unique_ptr<Scores>> scores_;     ///< per table
  std::size_t kept_ = 0;
  struct Gains {
    std::vector<std::uint32_t> first;  ///< per place of the first table: 1 + place in gains_
  };
  std::vector<Gains> gains_of_;  ///< per pair
  std::vector<LaneMask> gains_;
  std::vector<LaneMask> restless_;  ///< per view
  std::vector<std::uint8_t> told_;  ///< per view
};

}  // namespace wayout
