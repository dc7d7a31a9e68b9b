#pragma once
/// @file
/// How far the risk stands when the inputs are uncertain, and what it hinges on.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wayout/answer/profile_risk.hpp"
#include "wayout/trust/ensemble.hpp"
#include "wayout/trust/flip.hpp"
#include "wayout/trust/hinge.hpp"

namespace wayout {

struct TrustRiskSettings {
  ProfileRiskSettings risk;
  std::uint64_t seed = 1;
  std::uint64_t samples = 1000;
  double confidence = 0.95;
  bool hinges = false;
  std::uint64_t hinge_rows = 0;  ///< rows of the variance indices; 0: fitted to the samples
  std::optional<double> below;   ///< also the smallest change by which the risk passes this level
  unsigned threads = 0;
  Watch watch;
};

/// Shares of profiles told: 5, 25, 50, 75 and 95 per cent of them have at most this risk.
inline constexpr std::array<double, 5> kRiskShares{0.05, 0.25, 0.5, 0.75, 0.95};

struct TrustRiskReport {
  End end = End::Complete;
  std::string of = "any";
  double horizon = 0;
  std::string unit;
  bool exact = false;  ///< every chain was explored whole
  std::uint64_t seed = 1;
  std::uint64_t asked = 0;     ///< samples asked for
  std::uint64_t finished = 0;  ///< replicates 0 … finished - 1
  std::uint64_t faulty = 0;    ///< of them: profiles without a number, which count in nothing
  double confidence = 0.95;
  std::vector<Input> inputs;
  std::vector<InputGroup> groups;
  ProfileChance plain;
  Index mean;  ///< over profiles, with the interval of the normal distribution
  double deviation = 0;
  std::array<double, kRiskShares.size()> at_most{};  ///< per kRiskShares: the risk
  std::optional<Share> below;  ///< with a level: the share of profiles whose risk is at most it
  double level = 0;
  double greatest_gap = 0;  ///< between the bounds of one profile, of all looked at
  double mean_gap = 0;      ///< over the sampled profiles
  std::optional<Tornado> tornado;
  std::optional<SobolResult> sobol;
  std::optional<ShapleyResult> shapley;  ///< where there are at most kMostShapley input groups
  /// With a level: verdict 1 where the risk is at most it, 0 where it is above.
  std::optional<FlipResult> flip;
};

/// Samples the risk of the case, told by the middle between its bounds. A profile that cannot be
/// built has the risk of the plain run in what it hinges on. A deadline or a cancellation keeps the
/// longest run of finished replicates. The same bytes at any number of threads. Errors: those of
/// ProfileRisk. Cost: samples + 1 risks; with hinges 2 · groups + rows · (groups + 2) of groups
/// that can matter; with a level those of find_flip().
Result<TrustRiskReport> trust_risk(const Conflict& conflict, const RiskScale& scale,
                                   const TrustRiskSettings& settings);

}  // namespace wayout
