#pragma once
/// @file
/// Views of one case: under variants, with measures, as a party perceives it. Effects never add or
/// remove options, levels or parties, so views under the same variants share one index of states.

#include <span>
#include <string>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// The parts that exist under these variants: a part with `only` stays when one of its variants is
/// chosen, and then replaces a part of the same kind and id that has no `only`. `only` is cleared.
Parts select(const Parts& file, std::span<const std::string> variants);

/// Variants, measures, beliefs and parties taken out, as the user names them.
struct ViewSettings {
  std::vector<std::string> under;    ///< variants, applied in file order
  std::vector<std::string> with;     ///< measures, applied in file order after the variants
  std::vector<std::string> beliefs;  ///< beliefs, applied in file order after the measures
};

/// Builds the case under these settings. Faults: unknown names, measures whose `needs` are missing
/// or that exclude each other, effects that make the dispute faulty (an infeasible status quo).
Result<Conflict> view(const Parts& file, const ViewSettings& settings = {});

/// Applies effects to a built conflict: a new one over the same index.
Result<Conflict> apply_effects(const Conflict& conflict, std::span<const EffectPart> effects);

/// The dispute as party p sees it: its beliefs (those not dropped) applied.
Result<Conflict> as_perceived(const Conflict& conflict, PartyId p);

/// Every fault of a case file: of the base case and of every single variant, measure and belief, at
/// most 20. Cost: one build for each.
Errors check(const Parts& file);

}  // namespace wayout
