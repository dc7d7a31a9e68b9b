#pragma once
/// @file
/// What a party has where the others drift, for the tests better_for and worse_for. For the claims'
/// files only.

#include "wayout/answer/claims.hpp"
#include "wayout/answer/claims_dispute.hpp"

namespace wayout {

/// What is known of a test at one starting state.
struct Found {
  Truth truth = Truth::Undecided;
  Doubt doubt = Doubt::None;
};

struct DriftAsk {
  const ClaimTest& test;
  const ClaimsSettings& settings;
  PathSettings paths;
};
struct DriftCase {
  PartyId party;
  State today;
  State set;  ///< where `doing` is set
};

/// Whether the party has more (worse_for: less) than today in every state of every place where the
/// others drift. With `keep` the evidence is added to the leaf. `structural`: no numbers could make
/// it otherwise.
Found drift_of(Disputes::Place& place, const DriftAsk& ask, const DriftCase& of, bool keep,
               Leaf& leaf, bool& structural);

}  // namespace wayout
