#pragma once
/// @file
/// The verdicts of a whole space, as a person reads them.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "wayout/report/style.hpp"
#include "wayout/stability/describe.hpp"
#include "wayout/stability/equilibria.hpp"
#include "wayout/stability/reachable.hpp"

namespace wayout {

/// A large table summed up: see describe.hpp and equilibria.hpp.
struct StabilityDigest {
  std::uint64_t states = 0;  ///< of the space
  End end = End::Complete;   ///< of the descriptions
  std::vector<Description> descriptions;
  std::vector<EquilibriaSummary> equilibria;
  std::optional<ReachedEquilibria> reached;  ///< where there is a state to start from
  std::function<State(std::uint64_t)> state;
  std::function<std::int64_t(std::uint64_t)> number;
};

/// "81 %", "0.04 %": a share of a whole, never rounded to nothing or to everything.
std::string share_text(std::uint64_t part, std::uint64_t whole);

/// How many states are stable, for whom: one line for each concept.
std::string stability_counts_text(const Conflict& conflict, const std::vector<Concept>& concepts,
                                  const std::vector<std::uint64_t>& equilibria,
                                  const std::vector<std::vector<std::uint64_t>>& stable,
                                  std::size_t width);

/// The digest, concept by concept; sets of a party come after the equilibria.
std::string digest_text(const Conflict& conflict, const StabilityDigest& digest,
                        const TextStyle& style);

/// Equilibria found without listing the space, with the steps that lead to them.
std::string reachable_text(const Conflict& conflict, Concept c, const ReachableEquilibria& found,
                           const TextStyle& style);

}  // namespace wayout
