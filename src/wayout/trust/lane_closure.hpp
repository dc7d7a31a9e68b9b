#pragma once
/// @file
/// What willing steps reach, in 64 profiles at once: one search over states, each with the profiles
/// in which it is reached.

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/stability/verdict.hpp"
#include "wayout/trust/lane_dispute.hpp"

namespace wayout {

struct LaneClosureSettings {
  std::vector<MoverId> movers;
  bool improvements = true;  ///< false: any moves
  /// What some profile wants counts in all of them: what is not met so is met in none.
  bool loose = false;
  /// Gains of small rows are told pair by pair; otherwise as those of wide rows.
  bool pairs = true;
  std::optional<ExprId> avoid;  ///< states not to be entered; the start is not tested
  /// States to come near to first, where all is not to be met; each state met is compared with all.
  std::vector<State> toward;
  std::size_t most_states = std::size_t{1} << 22;
  std::uint64_t most_opened = UINT64_MAX;  ///< rows opened
  Watch watch;
};

/// Roughly nearest first. What profiles reach of a row is opened together, mover by mover: a row is
/// opened again where more of it has been reached since.
class LaneClosure {
 public:
  /// Keeps references; the ground of the dispute is marked while it lives.
  LaneClosure(LaneDispute& dispute, LaneClosureSettings settings);
  ~LaneClosure();
  LaneClosure(const LaneClosure&) = delete;
  LaneClosure& operator=(const LaneClosure&) = delete;

  /// Called with a state and the profiles that reach it for the first time, the start included.
  using Met = std::function<void(StateNumber, LaneMask)>;
  /// Searches until every profile of `lanes` is done: everything met, or dropped. `met` must ask
  /// nothing of the movers searched; `between`, called whenever a row is done with, may. Ends:
  /// Complete, Limit, Cancelled. To be called once.
  End run(State start, LaneMask lanes, const Met& met, const std::function<void()>& between = {});
  /// Profiles whose search is over, by what `met` has found.
  void drop(LaneMask lanes) { active_ &= ~lanes; }

  /// The states in the order in which they were met, as far as they are not to be avoided; the
  /// start first.
  const std::vector<StateNumber>& order() const { return marks_->order; }
  State state(StateNumber n) const { return ground_->space->state(n); }
  bool holds(ExprId e, StateNumber n) const { return ground_->space->holds(e, n); }
  /// The profiles in which it was reached.
  LaneMask reached(StateNumber n) const {
    return n < marks_->nodes.size() && marks_->nodes[n].met ? marks_->reached[n] : 0;
  }
  /// The improvements of a mover from there.
  LaneMover& mover(MoverId m) { return *ground_->movers[m.index()]; }
  /// The steps by which a state was first met: in some profile each of them is willing.
  std::vector<Step> path(StateNumber n) const;

 private:
  using Marks = LaneMarks;
  static constexpr std::uint16_t kNobody = 0xFFFFu;
  struct Entry {
    StateNumber state;
    LaneRows::Place place;
    LaneMask lanes;
  };
  void grow();
  /// How urgent it is to open a state: the more, the nearer it is to what is looked for.
  std::uint8_t nearness(State s) const;
  bool enter(StateNumber n, StateNumber from, std::uint16_t by);
  void reach(StateNumber n, StateNumber from, std::uint16_t by, LaneMask lanes);
  /// Takes what waits in a row: entries_. Returns the profiles of all of it.
  LaneMask take(std::uint16_t by, LaneRows::Row row);
  void open(std::uint16_t by, LaneRows::Row row);
  void open_pairs(std::uint16_t by, const LaneRows::Lead& lead);
  void open_wide(std::uint16_t by, const LaneRows::Lead& lead);
  void open_orders(std::uint16_t by, const LaneRows::Lead& lead);
  void open_moves(std::uint16_t by, const LaneRows::Lead& lead);
  void hand_out(std::uint16_t by, const LaneRows::Lead& lead, std::size_t place, StateNumber from,
                LaneMask hit);
  /// A state of the row from which, in some profile of `hit`, the place is wanted.
  StateNumber origin(std::uint16_t by, const LaneRows::Lead& lead, std::size_t place, LaneMask hit);
  Marks::Row& row_marks(std::uint16_t by, LaneRows::Row row);

  LaneDispute* dispute_;
  LaneClosureSettings settings_;
  LaneGround* ground_;
  std::unique_ptr<Marks> marks_;
  const Met* met_ = nullptr;
  std::vector<LaneMover*> movers_;      ///< those searched that may want something, by mover
  std::vector<std::uint16_t> numbers_;  ///< of these
  using Ranked = std::vector<std::pair<std::uint16_t, LaneRows::Row>>;
  std::array<Ranked, kLanes + 1> queue_;  ///< rows that wait, by how many profiles have come
  std::size_t top_ = 0;
  std::uint32_t free_ = Marks::kNone;  ///< places of `waiting` that are free again
  std::vector<Entry> entries_;
  std::vector<LaneScore> least_;  ///< per group of the row opened: what is reached of it
  std::vector<LaneMask> lanes_;   ///< likewise: the profiles
  LaneMask active_ = 0;
};

/// Whether bad states are among those where things may end: in a state that nobody leaves any more,
/// or in a cycle. Per profile.
struct LaneDrift {
  LaneMask good = 0;  ///< nothing bad in any of the ends
  LaneMask bad = 0;   ///< a bad state among them
  LaneMask open = 0;  ///< not decided: cycles, or a limit
};
/// `bad(s)`: the profiles in which s is bad. Cost: the search, then each move once or twice more.
LaneDrift lane_drift(LaneDispute& dispute, State start, LaneMask lanes,
                     const LaneClosureSettings& settings,
                     const std::function<LaneMask(State)>& bad);

}  // namespace wayout
