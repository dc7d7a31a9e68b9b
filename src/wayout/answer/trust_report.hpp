#pragma once
/// @file
/// How far the answer stands when the inputs are uncertain, and what it hinges on.

#include <optional>
#include <string>
#include <vector>

#include "wayout/answer/profiles.hpp"
#include "wayout/trust/flip.hpp"
#include "wayout/trust/hinge.hpp"

namespace wayout {

/// Something else to find out about every profile, such as claims: outcomes and who finds them.
struct Question {
  std::vector<EnsembleOutcome> outcomes;
  Judge judge;
};

struct TrustSettings {
  EnsembleSettings ensemble;
  ProfileSettings profile;
  bool hinges = false;
  std::uint64_t hinge_rows = 0;  ///< rows of the variance indices; 0: fitted to the samples
  std::vector<Question> questions;
};

/// What one goal's answer hinges on. The result measured is 1 where a profile gives the answer of
/// the plain run, else 0.
struct Hinge {
  std::size_t outcome = 0;  ///< index into TrustReport::outcomes
  Tornado tornado;
  SobolResult sobol;
  std::optional<ShapleyResult> shapley;  ///< where there are at most kMostShapley input groups
  FlipResult flip;
};

struct TrustReport {
  End end = End::Complete;
  std::uint64_t seed = 1;
  std::uint64_t asked = 0;  ///< samples asked for
  std::vector<Input> inputs;
  std::vector<InputGroup> groups;
  std::vector<EnsembleOutcome> outcomes;
  std::vector<std::uint8_t> plain;  ///< per outcome: the answer of a plain run, or kNoAnswer
  EnsembleResult ensemble;
  std::vector<Hinge> hinges;  ///< per goal that has an answer in the plain run, where asked for
};

/// Samples the case. Requires a status quo. Cost: samples + 1 judgements, and with hinges for each
/// goal 2 · groups + rows · (groups + 2) and those of the search for the smallest change.
TrustReport trust_case(const Conflict& conflict, const TrustSettings& settings);

}  // namespace wayout
