#pragma once
/// @file
/// What willing steps reach, in 64 profiles at once: one search over states, each with the profiles
/// in which it is reached.

#include <functional>
#include <optional>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/stability/verdict.hpp"
#include "wayout/trust/lane_mover.hpp"

namespace wayout {

struct LaneClosureSettings {
  std::vector<MoverId> movers;
  bool improvements = true;          ///< false: any moves
  std::function<bool(State)> avoid;  ///< states not to be entered; the start is not tested
  std::size_t most_states = std::size_t{1} << 22;
  std::uint64_t most_opened = UINT64_MAX;  ///< states opened
  Watch watch;
};

/// Nearest first as far as profiles agree. A state is opened again where further profiles reach it.
class LaneClosure {
 public:
  LaneClosure(LaneDispute& dispute, LaneClosureSettings settings);

  /// Called with a state and the profiles that reach it for the first time, the start included.
  using Met = std::function<void(StateNumber, LaneMask)>;
  /// Searches until every profile of `lanes` is done: everything met, or dropped. `met` must ask
  /// nothing of the movers searched; `between`, called whenever a state is done with, may. Ends:
  /// Complete, Limit, Cancelled.
  End run(State start, LaneMask lanes, const Met& met, const std::function<void()>& between = {});
  /// Profiles whose search is over, by what `met` has found.
  void drop(LaneMask lanes) { active_ &= ~lanes; }

  std::size_t size() const { return table_.size(); }
  State state(StateNumber n) const { return table_[n]; }
  /// The profiles in which it was reached; none for a state to be avoided.
  LaneMask reached(StateNumber n) const { return nodes_[n].avoided ? 0 : reached_[n]; }
  /// kNoState where it was never met.
  StateNumber find(State s) const { return table_.find(s); }
  /// The steps by which a state was first met: in some profile each of them is willing.
  std::vector<Step> path(StateNumber n) const;

 private:
  struct Node {
    LaneMask pending = 0;
    StateNumber parent = kNoState;
    std::uint16_t mover = 0;  ///< by whom it was first met
    std::uint16_t by = 0;     ///< by whom all that is pending came; kNobody: by several
    bool avoided = false;
  };
  static constexpr std::uint16_t kNobody = 0xFFFFu;
  StateNumber number(State t, StateNumber from, MoverId mover);
  void reach(StateNumber n, std::uint16_t by, LaneMask lanes, const Met& met);

  LaneDispute* dispute_;
  LaneClosureSettings settings_;
  StateTable table_;
  std::vector<Node> nodes_;
  std::vector<LaneMask> reached_;  ///< per node; all profiles where it is to be avoided
  std::vector<StateNumber> queue_;
  std::vector<LaneMover::Cursors> cursors_;
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
