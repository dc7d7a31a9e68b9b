#pragma once
/// @file
/// Is there a way out, in 64 sampled profiles at once? For the claims' files only.

#include <functional>
#include <optional>
#include <vector>

#include "wayout/answer/possible.hpp"
#include "wayout/trust/lane_verdict.hpp"

namespace wayout {

/// What a test comes to in the profiles of a block. What is in neither is undecided.
struct LaneTruth {
  LaneMask yes = 0;
  LaneMask no = 0;
  LaneMask open = 0;   ///< has to be found out in another way
  LaneMask later = 0;  ///< takes a large search: to be asked again, together with others
};

/// Large searches cost nearly as much for a few profiles as for many, so with little effort they
/// are put off.
enum class LaneEffort { Little, Full };

/// Rows opened before it is asked whether what is looked for can be there at all.
inline constexpr std::uint64_t kShortSearch = 200;
/// With little effort a search that opens more rows is put off.
inline constexpr std::uint64_t kPutOffSearch = 1000;

/// One dispute in the profiles of one block, with what was found out about it.
struct LanePlace {
  LaneDispute dispute;
  LaneJudge judge;
  LanePlace(const LaneBook& book, std::uint64_t seed, std::span<const std::uint64_t> profiles,
            const LaneVerdictSettings& settings)
      : dispute(book, seed, profiles), judge(dispute, settings) {}
};

/// The profiles of `lanes` in which what improvements could ever bring about (possible.hpp) leaves
/// no way: `none(levels)`.
LaneMask excluded(const LanePlace& place, State start, LaneMask lanes,
                  const std::function<bool(const LevelSets&)>& none);

/// Whether there is a way out from one start to one goal of a dispute. Immutable.
class LaneWays {
 public:
  LaneWays(const Conflict& conflict, State start, std::size_t goal, std::size_t most_goal_states);

  /// `watch`: without its progress.
  LaneTruth judge(LanePlace& place, LaneEffort effort, const Watch& watch) const;

 private:
  friend class WayHunt;
  State start_;
  std::size_t goal_ = 0;
  /// States of the goal that could come about with any numbers in their ranges, all of them;
  /// nullopt: too many to list.
  std::optional<std::vector<State>> states_;
};

}  // namespace wayout
