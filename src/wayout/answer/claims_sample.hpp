#pragma once
/// @file
/// Claims over sampled profiles: one ensemble serves them all. For the claims' files only.

#include "wayout/answer/claims.hpp"
#include "wayout/answer/claims_dispute.hpp"

namespace wayout {

/// Fills in what of a plain answer is true in which share of the profiles, and the outcomes that
/// follow. Profile k of a seed draws the same numbers for every dispute, whatever its measures and
/// variants. What no numbers within their ranges can change is not asked again. Tests are judged in
/// the first profiles, in as many as their class allows:
///
/// * those that look at few states in the plain run: in all;
/// * those that need large searches: in as many as keep the states looked at, estimated by the
/// plain
///   run, within a fixed number;
/// * those of risk: likewise, by the states of their chains.
///
/// Decided by counts, never by the clock, so that the same seed gives the same bytes. Requires that
/// `disputes` has judged every test of the answer.
void sample_claims(const Disputes& disputes, const ClaimsSettings& settings, ClaimsAnswer& answer);

}  // namespace wayout
