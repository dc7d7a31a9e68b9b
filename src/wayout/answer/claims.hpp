#pragma once
/// @file
/// Claims: statements about the dispute that the case asserts, each with a test (docs/semantics.md,
/// section 5). Every leaf of a test is judged by itself, true, false or undecided, with what shows
/// it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wayout/answer/answer.hpp"
#include "wayout/model/view.hpp"

namespace wayout {

enum class Truth : std::uint8_t { False, True, Undecided };

/// Why a leaf is neither true nor false.
enum class Doubt {
  None,
  Limit,       ///< a limit was met, or it was interrupted
  Void,        ///< no feasible state meets a condition that the test has to set
  Ambiguous,   ///< several states meet a condition with equally few changes, and they disagree
  NotComputed  ///< the quantity is not there: no tempo, no hazard, no status quo
};

/// A condition that did not hold and was set: the feasible states that meet it and change fewest
/// options. More than one: each is judged, and they have to agree.
struct SetCondition {
  std::string key;        ///< after, given, doing, this, to, lowers_risk, raises_risk
  std::string condition;  ///< as written
  State from;
  std::vector<State> states;
  bool finished = true;  ///< false: a limit was met before all were found
};

/// stable, unstable: the states of the condition, and, where they are not all stable, the first
/// state, party and verdict that show it; where they are, the verdicts of the first state.
struct StableEvidence {
  std::uint64_t states = 0;  ///< judged
  bool all = true;           ///< every state of the condition was judged
  State at;
  std::vector<std::pair<PartyId, Verdict>> verdicts;
};

/// better_for, worse_for: one party's.
struct DriftEvidence {
  PartyId party;
  State today;
  State set;                 ///< where `doing` is set
  std::uint64_t states = 0;  ///< that the others may bring about from there
  std::uint64_t places = 0;  ///< where they may end: resting places and cycles
  bool cycle = false;        ///< some of them are cycles
  State shown;               ///< where they may end: a state that decides, or the first one
  std::optional<Path> way;   ///< the others' improvements from `set` to `shown`
  /// Criterion's points today, and the least and most of them where the others may end; nullopt for
  /// the whole preference unless it is numeric.
  std::optional<double> now, least, most;
};

/// willing, unwilling: one party's improvement to the condition, where it has one.
struct WillingEvidence {
  PartyId party;
  State from;
  std::optional<State> to;
  std::uint64_t moves = 0;         ///< its moves there that meet the condition
  std::optional<State> unwilling;  ///< where it has no improvement: a move there, if there is one
};

/// prefers: a pair of states that decides.
struct PrefersEvidence {
  PartyId party;
  std::uint64_t above = 0;  ///< states of `this`
  std::uint64_t below = 0;  ///< states of `to`
  State a;                  ///< of `this`: where false, not above b
  State b;                  ///< of `to`
};

/// lowers_risk, raises_risk.
struct RiskEvidence {
  double before = 0;   ///< probability by the horizon without the measure or condition
  double after = 0;    ///< with it
  double width = 0;    ///< how far either may be off; above 0 where not every state was explored
  State set;           ///< where the condition is set, or where the dispute with measures starts
  double horizon = 0;  ///< in units of [time]
  std::uint64_t states = 0;
};

/// way_out, no_way_out, unlocks: how far a goal gets.
struct GoalEvidence {
  std::size_t goal = 0;  ///< index into Conflict::goals()
  End end = End::Complete;
  bool exists = false;      ///< willing steps lead to a state that holds it
  bool clean = false;       ///< … without a mark; not looked for past a limit
  bool structural = false;  ///< no numbers could make it otherwise
  Obstacle obstacle = Obstacle::None;
  RuleConflict rules;                ///< Impossible
  std::vector<MissingDeal> missing;  ///< OutOfReach
  /// OutOfReach, Unwilling without a search: options that would have to reach a level which nobody
  /// can, or nobody wants to, bring about.
  std::vector<OptionId> never;
  std::optional<Path> path;  ///< to the way out; NotHolding: to the nearest state of the goal
  PathMarks marks;
  std::optional<Holding> holding;  ///< of the path's end
  std::uint64_t states = 0;        ///< reached by willing steps; 0 where no search was needed
  std::uint64_t goal_states = 0;   ///< of these, meeting the goal
  std::uint64_t judged = 0;        ///< of these, judged for holding
};

/// In how many sampled profiles something is true.
struct Sampled {
  std::uint64_t profiles = 0;   ///< in which it was judged
  std::uint64_t yes = 0;        ///< true in so many
  std::uint64_t undecided = 0;  ///< undecided in so many
  bool simulated = false;       ///< by simulated courses of events; a claim: some of its tests
  double share = 0;             ///< yes / profiles, with its Wilson interval at 95 %
  double low = 0;
  double high = 1;
  /// No numbers within their ranges could make it otherwise: proved, not sampled.
  bool fixed = false;
};

/// One test that is not made of others, judged.
struct Leaf {
  ClaimTest test;
  Truth truth = Truth::Undecided;
  Doubt doubt = Doubt::None;
  End end = End::Complete;
  /// No numbers and no preferences could make it otherwise: decided by options, rules and moves
  /// alone.
  bool by_construction = false;
  std::vector<std::string> under;   ///< in force, the command's included
  std::vector<std::string> with;    ///< likewise; for unlocks and risk without the measures tested
  std::optional<Conflict> dispute;  ///< where the states below are at home
  std::optional<Conflict> other;    ///< unlocks and risk: the dispute with the measures tested
  State start;
  std::vector<SetCondition> set;
  std::optional<StableEvidence> stable;
  std::optional<PathSearch> reach;
  std::optional<GoalEvidence> goal;       ///< way_out, no_way_out; unlocks: without the measure
  std::optional<GoalEvidence> goal_with;  ///< unlocks: with the measure
  std::vector<DriftEvidence> drift;
  std::vector<WillingEvidence> willing;
  std::vector<PrefersEvidence> prefers;
  std::optional<RiskEvidence> risk;
  std::string reason;  ///< NotComputed: what is missing
  std::optional<Sampled> sampled;
};

/// A node of a test: all, any, not, or a leaf.
struct TestNode {
  TestKind kind = TestKind::All;
  Truth truth = Truth::Undecided;
  bool by_construction = false;
  bool decides = false;             ///< what the claim came out as rests on this node
  std::optional<std::size_t> leaf;  ///< index into ClaimsAnswer::leaves
  std::vector<TestNode> children;
};

enum class ClaimOutcome { Supported, Contradicted, Depends };

struct ClaimResult {
  std::size_t claim = 0;  ///< index into the case's claims
  std::string id;         ///< "claim 3" where the case gives none
  std::string says;
  ClaimOutcome outcome = ClaimOutcome::Depends;
  bool by_construction = false;
  TestNode test;
  std::optional<Sampled> sampled;
};

struct ClaimsSettings {
  std::vector<std::string> claims;  ///< only these; empty = all
  std::vector<std::string> under;   ///< variants in force for every test, besides its own
  std::vector<std::string> with;    ///< measures likewise
  Sanctions sanctions = Sanctions::Legal;
  std::size_t most_states = std::size_t{1} << 23;  ///< states looked at by one search
  std::size_t most_risk_states = 200'000;          ///< of one chain
  bool evidence = true;  ///< false: only what is true is found, by less work
  Watch watch;
  /// Sampled profiles; 0 = the plain run only. Tests of risk, and tests of disputes that blocks of
  /// profiles are not made for, are judged in the first of these only where the budgets allow no
  /// more.
  std::uint64_t samples = 0;
  /// States that all large searches together may look at, over all profiles, and states that all
  /// chains of tests of risk may have.
  std::uint64_t search_budget = 5'000'000;
  std::uint64_t chain_budget = 8'000'000;
  /// Tests of risk whose chains have more states than these in the plain run are judged by
  /// simulated courses of events, at most `courses` of each situation; 0: all by chains.
  std::uint64_t chain_states = 2'000;
  std::uint64_t courses = 4'096;
  /// Acts of movers and hazards that all courses may have.
  std::uint64_t event_budget = 1'000'000'000;
  /// All tests in all profiles, however long it takes; what courses leave open by chains.
  void every_profile() { search_budget = chain_budget = event_budget = UINT64_MAX; }
  /// Judge 64 profiles at a time where that can be done; false: each by itself, for tests.
  bool blocks = true;
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0 = as many as the machine has
};

/// What was sampled.
struct ClaimsSampling {
  std::uint64_t seed = 1;
  std::uint64_t inputs = 0;  ///< uncertain inputs of the case
  std::uint64_t samples = 0;
  std::uint64_t in_blocks = 0;  ///< tests that were judged in 64 profiles at a time
  /// Profiles for tests that need large searches and cannot be judged in blocks; as `samples` where
  /// there is none.
  std::uint64_t searches = 0;
  std::uint64_t simulated = 0;  ///< tests of risk that were judged by simulated courses of events
  std::uint64_t courses = 0;    ///< at most so many from each situation; 0 where there were none
  /// Profiles in which all tests of risk are judged, some of them in more; as `samples` where there
  /// is none.
  std::uint64_t chains = 0;
  End end = End::Complete;
};

/// A claim is supported by its profiles where its test is true in at least this share of them, and
/// contradicted where it is false in at least this share.
inline constexpr double kAgreement = 0.95;
/// In fewer profiles than these nothing is supported or contradicted: the claim depends.
inline constexpr std::uint64_t kLeastProfiles = 100;

struct ClaimsAnswer {
  End end = End::Complete;
  std::optional<ClaimsSampling> sampling;
  std::vector<Leaf> leaves;
  std::vector<ClaimResult> claims;
};

/// Tests the claims of a case file. The plain run: every number at the middle of its range. Faults:
/// unknown names; a test whose measures exclude each other or lack what they need; a dispute that
/// cannot be built. Cost: one search for each distinct test; disputes are built once for each
/// distinct set of variants, measures and parties left out.
Result<ClaimsAnswer> evaluate_claims(const Parts& file, const ClaimsSettings& settings = {});

/// Kleene's three-valued connectives, by which a test is put together.
Truth negate(Truth t);
Truth conjoin(Truth a, Truth b);
Truth disjoin(Truth a, Truth b);

}  // namespace wayout
