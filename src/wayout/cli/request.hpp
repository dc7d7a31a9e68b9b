#pragma once
/// @file
/// What the user asked for on the command line.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wayout::cli {

/// Exit codes (docs/cli.md).
enum Exit { kDone = 0, kFaulty = 1, kUsage = 2, kStoppedAtLimit = 3, kInterrupted = 130 };

/// What `generate` is asked for; shares and chances lie in [0, 1].
struct GenerateRequest {
  std::size_t parties = 3;
  std::size_t options = 9;
  double graded = 0;  ///< share of options with more than two levels
  int most_levels = 4;
  double density = 1;  ///< share of feasible combinations
  double one_way = 0;  ///< share of own options
  double joint = 0;    ///< share of options that are agreements
  double binding = 1;  ///< share of agreements that nobody leaves
  std::string preference = "weights";
  std::size_t statements = 12;  ///< of each party
  std::size_t interaction = 1;  ///< options of others that a statement names
  std::size_t tracks = 0;
  std::size_t forbids = 0;
  double third = 0;  ///< chance of a third party
  std::uint64_t seed = 1;
};

/// What `trust` is asked for.
struct TrustRequest {
  std::uint64_t samples = 0;  ///< 0 = what [trust] says
  std::uint64_t seed = 1;
  double half_width = 0;  ///< per cent; 0 = no rule to stop by
  bool hinges = false;
  std::string of = "answer";  ///< answer, risk, or a catastrophe's id
};

struct Request {
  std::string command = "answer";
  std::string case_path;
  std::string output_path;  ///< convert, -o
  std::vector<std::string> under;
  std::vector<std::string> with;
  bool as_perceived = false;
  bool json = false;
  std::string colour = "auto";  ///< auto, always, never
  bool quiet = false;
  std::string sanctions = "legal";
  double time_limit = 0;         ///< seconds; 0 = none
  std::uint64_t max_states = 0;  ///< 0 = the command's own default

  // answer
  std::string from;
  std::vector<std::string> goals;
  std::optional<std::uint64_t> answer_samples;
  std::vector<std::string> answer_parts;
  // stability, explain
  std::vector<std::string> concepts;
  std::string profile;
  std::string state;
  std::string party;
  std::string concept_name = "seq";
  std::string engine = "auto";
  bool all_states = false;
  bool describe = false;
  std::string given;
  std::string memory;                  ///< "8G"; empty = what the machine has
  std::size_t threads = 0;             ///< 0 = as many as there are processors
  std::optional<std::uint64_t> limit;  ///< how much to list; each command has its own default
  std::string format;                  ///< csv, ndjson, …; empty = text
  // compare: each entry a version, its ids separated by commas
  std::vector<std::string> compare_with;
  std::vector<std::string> compare_under;
  bool compare_claims = false;
  bool compare_risk = false;
  // claims
  std::vector<std::string> claims;
  bool all_tests = false;
  bool every_profile = false;
  std::optional<std::uint64_t> claim_samples;  ///< what [trust] says, where not given
  std::uint64_t claim_seed = 1;
  unsigned claim_threads = 0;
  // paths
  std::string to;
  std::string avoid;
  std::string moves = "willing";  ///< willing, not-worse, any, least-concession
  bool legal = false;
  int most_options = 0;
  std::vector<std::string> without;
  bool drift = false;
  // risk
  std::optional<double> by;
  std::string rationality;           ///< a number or inf
  std::string behaviour = "stated";  ///< stated, unknown
  std::optional<double> below;
  bool any_options = false;
  bool measures = false;
  bool all_derivatives = false;
  // room
  std::vector<std::string> tables;
  std::string than = "drift";  ///< drift, worst-drift, now
  bool linkage = false;
  std::vector<std::string> issues;
  std::uint64_t max_groupings = 0;  ///< 0 = the default
  // change
  std::size_t most = 4;  ///< measures in one set
  bool cheapest = false;
  bool fewest = false;
  GenerateRequest generate;
  TrustRequest trust;
};

}  // namespace wayout::cli
