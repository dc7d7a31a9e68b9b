#pragma once
/// @file
/// A large set of states told as a few conditions a person can read, with exact counts.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wayout/stability/verdict_table.hpp"

namespace wayout {

/// The level of an option lies in low … high.
struct LevelRange {
  OptionId option;
  int low = 0;
  int high = 0;
  friend bool operator==(const LevelRange&, const LevelRange&) = default;
};

/// A conjunction of level ranges and how it covers the set it describes. Counts are exact.
struct DescribedPart {
  std::vector<LevelRange> literals;  ///< by option; empty: every state
  std::uint64_t holds = 0;           ///< feasible states where it holds
  std::uint64_t inside = 0;          ///< of those in the set; all of them where `always`
  std::uint64_t fresh = 0;           ///< of those inside and under no part before it
  bool always() const { return inside == holds; }
};

/// The set as parts and a rest: size = Σ fresh + rest.
struct Description {
  StableSet set;
  std::uint64_t size = 0;
  std::vector<DescribedPart> parts;  ///< those that always hold come first
  std::uint64_t rest = 0;            ///< states of the set under no part
};

struct DescribeSettings {
  std::size_t most_parts = 4;
  std::size_t most_literals = 4;
  std::size_t beam = 16;
  std::size_t sample = 8192;  ///< states looked at in the search, of the set and of the others each
  int rounds = 4;             ///< passes over all states to find what the sample did not show
  double least_share = 0.02;  ///< of the set that a part has to add
  double least_precision = 0.9;  ///< of a part that does not always hold
  double enough = 0.5;           ///< such parts are looked for only below this cover by the others
  Watch watch;
};

struct Descriptions {
  End end = End::Complete;  ///< not Complete: no parts
  std::vector<Description> sets;
};

/// Greedy cover: again and again the conjunction that adds most states of the set and none outside
/// it is found by a beam search over literals on a sample, then counted over every state; states
/// that refute it join the sample and the search is repeated. What is left may be covered by
/// conjunctions that hold nearly always, told as such. Parts are right as they stand, with exact
/// counts; that no shorter or better cover exists is not claimed. In graph form the conditions are
/// over the labels; there are none without options. Deterministic. Cost: `rounds` + 1 passes over
/// S, all sets together, about 10 ns for each state and pass and 1 ns for each party and concept;
/// the search does not depend on S.
Descriptions describe(const Conflict& conflict, const VerdictTable& table,
                      std::span<const StableSet> sets, const DescribeSettings& settings = {});

/// The conjunction as an expression, as --state and --to read it: "massed and not buffer"; "true"
/// where it is empty.
std::string condition_text(const Conflict& conflict, std::span<const LevelRange> literals);

}  // namespace wayout
