#pragma once
/// @file
/// Which measures a way out cannot do without, whoever wants what.

#include <map>
#include <optional>
#include <vector>

#include "wayout/change/search.hpp"

namespace wayout {

/// Tells why sets of measures fail: a goal may be out of reach by what can come about at all
/// (levels.hpp), even if everybody whose preference some measure touches were willing to do
/// anything, if every restriction that the measures impose were left out, and if further measures
/// were taken. One of those left must then be taken.
class OutOfReach {
 public:
  /// Keeps references. `used`: the measures that may be taken beside settings.taken.
  OutOfReach(const Conflict& conflict, std::size_t goal, const SearchSettings& settings,
             const MeasureSet& used);

  /// Where a set of measures fails for a reason of this kind: measures outside it of which every
  /// way out takes at least one (empty: nothing of `used` helps); no smaller list is known to do.
  /// nullopt where no such reason is found. Cost: one build for each measure, once for each
  /// combination of measures that open something.
  std::optional<MeasureSet> needs_one_of(const MeasureSet& set);

 private:
  bool out_of_reach(const std::vector<std::size_t>& opening) const;

  const Conflict& conflict_;
  std::size_t goal_;
  const SearchSettings& settings_;
  bool possible_ = true;              ///< nothing taken in any case stands against it
  Parts relaxed_;                     ///< with anything granted that a measure may grant by wishes
  std::vector<std::size_t> opening_;  ///< measures that open something
  std::vector<std::size_t> wild_;     ///< measures that may do more than is looked at here
  std::map<std::vector<std::size_t>, std::optional<MeasureSet>> known_;
};

}  // namespace wayout
