#pragma once
/// @file
/// The risk of sampled profiles: a number for trust to ask what it hinges on.

#include <memory>
#include <string>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/trust/hinge.hpp"
#include "wayout/trust/sample.hpp"

namespace wayout {

class RiskScale;

struct ProfileRiskSettings {
  std::string of = "any";         ///< a catastrophe's id, or "any"
  std::optional<double> horizon;  ///< in the case's unit of time; default: the case's
  std::size_t most_states = 0;    ///< of the part explored for one profile; 0: 32,000
  Watch watch;
};

/// A probability between sound bounds; the middle is what is told.
struct ProfileChance {
  double lower = 0;
  double upper = 1;
  bool found = false;  ///< false: the profile could not be built, or it was stopped
  double middle() const { return (lower + upper) / 2; }
  double gap() const { return upper - lower; }
};

/// P(of by the horizon) of profiles of one case. The chain of the plain run is explored once, and
/// that of a profile is the same with other numbers (ConflictChain::in_profile): its likeliest
/// 8,000 states with bounds for all others, and where these lie more than 0.001 apart as many as
/// settings allow. Where there are no more states than that it is exact, but for
/// the error in time of some 1e-12. What one ordinary step is worth to a party stays that of the
/// plain case, as under measures: otherwise a weight would change the unit by which rationality is
/// counted. Safe for several threads at once; a function of the draws.
class ProfileRisk {
 public:
  /// Requires a status quo. Errors: no catastrophe, none of this id, inputs of the risk that are
  /// missing, preferences without utilities. `scale` is that of the case without measures and
  /// variants.
  static Result<ProfileRisk> make(const Sampler& sampler, const RiskScale& scale,
                                  const ProfileRiskSettings& settings = {});

  /// Cost: building the profile, and the passes through time over the states explored.
  ProfileChance operator()(std::span<const std::int64_t> draws) const;

  double horizon() const;
  const std::string& unit() const;
  /// The whole chain is explored for each profile.
  bool exact() const;
  /// Per group of input_groups(): nothing it stands for enters the chain (costs of measures,
  /// effects of what is not taken).
  const std::vector<std::uint8_t>& inert() const;

 private:
  struct Inside;
  explicit ProfileRisk(std::shared_ptr<const Inside> inside) : inside_(std::move(inside)) {}
  std::shared_ptr<const Inside> inside_;
};

}  // namespace wayout
