#pragma once
/// @file
/// Claims over sampled profiles: one ensemble serves them all. For the claims' files only.

#include "wayout/answer/claims.hpp"
#include "wayout/answer/claims_dispute.hpp"

namespace wayout {

/// Fills in what of a plain answer is true in which share of the profiles, and the outcomes that
/// follow. Profile k of a seed draws the same numbers for every dispute, whatever its measures and
/// variants. What no numbers within their ranges can change is not asked again. The tests:
///
/// * in blocks of 64 profiles at once (claims_lanes.hpp), in all profiles. What that leaves open in
///   a profile, such as where things go round, is judged in it by itself;
/// * of disputes that blocks are not made for: each profile by itself; all of them where the test
///   looks at few states in the plain run, else as many as keep the states looked at, estimated by
///   the plain run, within a fixed number;
/// * of risk: likewise, by the states of their chains.
///
/// Decided by counts, never by the clock, so that the same seed gives the same bytes. A run that is
/// cut short counts, for each test, the profiles from the first on to where the first is missing.
/// Requires that `disputes` has judged every test of the answer.
void sample_claims(const Disputes& disputes, const ClaimsSettings& settings, ClaimsAnswer& answer);

}  // namespace wayout
