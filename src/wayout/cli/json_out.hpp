#pragma once
/// @file
/// Results as JSON, with a named and versioned schema each (docs/json.md).

#include <string>

#include "wayout/answer/answer.hpp"
#include "wayout/base/error.hpp"
#include "wayout/change/perceived.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/reach/paths.hpp"
#include "wayout/report/stability_text.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout::cli {

std::string faults_json(const Errors& errors);
std::string answer_json(const Conflict& conflict, const CaseAnswer& answer);
std::string verdict_json(const Conflict& conflict, PartyId p, State s, Concept c,
                         Sanctions sanctions, const Verdict& verdict);
std::string paths_json(const Conflict& conflict, State from, const std::string& to,
                       const std::string& moves, const PathSearch& search,
                       const std::vector<Mistake>* mistaken = nullptr);
/// `errors`: with --as-perceived, who is wrong about the first sets.
std::string drift_json(const Conflict& conflict, State from, const Drift& drift,
                       const std::vector<PlaceErrors>* errors = nullptr);

/// What the head of `stability --json` says; the table follows row by row.
struct StabilityHead {
  std::vector<Concept> concepts;
  std::optional<std::uint64_t> states;
  std::optional<std::int64_t> status_quo;
  std::string engine;
  Sanctions sanctions = Sanctions::Legal;
  End end = End::Complete;
  std::vector<std::pair<Concept, std::uint64_t>> equilibria;  ///< per concept
  std::vector<std::vector<std::uint64_t>> stable_total;       ///< per concept, per party
  std::vector<std::pair<PartyId, Concept>> profile;
  std::optional<std::uint64_t> profile_equilibria;
  bool truncated = false;
  std::string given;        ///< the condition of --given
  std::uint64_t bytes = 0;  ///< the estimate of what judging takes; 0 where there is none
  std::optional<StabilityDigest> digest;
  std::vector<std::pair<Concept, ReachableEquilibria>> reachable;  ///< on the fly
  std::uint64_t most_listed = 1000;                                ///< of each list in the digest
};
/// "complete", "limit", "interrupted".
const char* end_word(End end);
/// The `summary` object.
std::string digest_json(const Conflict& conflict, const StabilityDigest& digest,
                        std::uint64_t most);
/// The `reachable` object.
std::string reachable_json(const Conflict& conflict, const StabilityHead& head);
/// The object up to and with `"table": [`; rows are joined by commas and closed with
/// `stability_tail`.
std::string stability_head_json(const Conflict& conflict, const StabilityHead& head);
inline constexpr const char* kStabilityTail = "\n]}\n";

/// A string as JSON, quotes included.
std::string json_string(const std::string& text);

}  // namespace wayout::cli
