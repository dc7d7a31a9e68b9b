#pragma once
/// @file
/// Proves that a sanction does not exist without listing what the opponents can lead to, by looking
/// at sets of states; or finds one by following what those sets suggest.
///
/// First each option block (a party's own options, or one joint option) is looked at alone: which
/// of its settings can ever be met, if all blocks may be anything met so far? Then the options the
/// focal party cares about are looked at together: a mover may go from one setting of them to
/// another if it would want to for some levels of the others. If no sanction can be met so, there
/// is none. If one can, the way to it is tried in earnest; where a step fails, the option that
/// weighs most in that mover's view joins those looked at together, and so on (counterexample-
/// guided refinement [CGJLV03]).

#include <vector>

#include "wayout/stability/sanction_hunt.hpp"

namespace wayout {

struct ConeSettings {
  std::size_t most_nodes = 4096;     ///< settings of the kept options, in one round
  std::size_t most_patterns = 8192;  ///< ways the rest may look to one mover
  Watch watch;
};

struct Coned {
  enum class Found { Nothing, NoSanction, Sanction };
  Found found = Found::Nothing;
  std::vector<Step> sanction;
  std::vector<OptionId> kept;  ///< where NoSanction: the options looked at together
  std::uint64_t looked_at = 0;
  bool cancelled = false;
};

/// Sound both ways; may give up (Nothing). Deterministic. Requires task.firsts, where given, not
/// empty.
Coned cone(const SanctionTask& task, const ConeSettings& settings);

}  // namespace wayout
