#pragma once
/// @file
/// Chains of conflicts as explicit chains, and explicit chains made ready for solving.

#include "wayout/risk/chain.hpp"
#include "wayout/space/explicit_chain.hpp"

namespace wayout {

/// The chain of a conflict given outright. States keep their numbers and their names
/// ("release=1,patrols=0"; graph form: the file's number); after them one state for each
/// catastrophe that a hazard leads to, and one, labelled "outside", for what was not explored.
/// Labels: catastrophes and goals by id, "held_ID" for an absorbing goal that is held. Parallel
/// transitions are added. What ends the course of events has a loop of rate 1 only, which changes
/// nothing and keeps model checkers from calling it a deadlock.
ExplicitChain explicit_chain(const ConflictChain& model);

/// Ready for solving: one outcome a label ("deadlock" left out), loops dropped.
Chain chain_of(const ExplicitChain& chain);

}  // namespace wayout
