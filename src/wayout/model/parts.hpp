#pragma once
/// @file
/// A dispute as it was written down: plain data, one struct per part of a case file, nothing
/// checked beyond its shape. A reader (io) fills it, build() checks it and turns it into a
/// Conflict, a writer prints it. Order of appearance is the order everywhere. The meaning of every
/// field is the meaning of the key of the same name in docs/case-format.md.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wayout/base/decimal.hpp"
#include "wayout/model/state.hpp"

namespace wayout {

/// A number, or a range of numbers: plain, {from, to}, or {about, spread} (spread is a share of
/// |about|). A plain run uses value(); sampling is uniform between low() and high().
struct Quantity {
  enum class Form { Plain, FromTo, AboutSpread };
  Form form = Form::Plain;
  Decimal a;  ///< the number, `from`, or `about`
  Decimal b;  ///< `to` or `spread`
  /// Product of the `times` effects applied so far; multiplies value, low and high.
  Decimal times = 1;

  /// The middle of {from, to}, `about`, or the plain number. nullopt past the exact range.
  std::optional<Decimal> value() const;
  std::optional<Decimal> low() const;
  std::optional<Decimal> high() const;
  friend bool operator==(const Quantity&, const Quantity&) = default;
};

/// A level as written: true/false, a number, or a level's name.
using LevelValue = std::variant<bool, std::int64_t, std::string>;

/// What every part may carry.
struct Head {
  std::string id;    ///< "" where none is given
  std::string name;  ///< free text, "" where none is given
  std::string because;
  std::string kind;  ///< strategic, political, legal, ideological, psychological, physical, own
                     ///< word
  std::string source;
  std::vector<std::string> only;  ///< variants under which the part exists; empty = always
  std::string path;  ///< where it stands in the file: "option[3]", "preference[0].statements[2]"
  friend bool operator==(const Head&, const Head&) = default;
};

struct PartyPart : Head {
  bool third = false;
  friend bool operator==(const PartyPart&, const PartyPart&) = default;
};

enum class Direction { Both, Up, Down };

struct OptionPart : Head {
  std::string party;                 ///< owner; "" for a joint option
  std::vector<std::string> parties;  ///< parties to a joint option; empty for one party's own
  std::vector<std::string> levels;   ///< names, lowest first; empty = binary (false, true)
  LevelValue now = false;            ///< unset_now says that the first level was meant
  bool has_now = false;
  std::vector<LevelValue> or_now;  ///< levels at which it may as well stand today
  std::optional<Direction> moves;  ///< default Both
  std::optional<bool> binding;     ///< joint only; default true
  bool enabled = true;
  friend bool operator==(const OptionPart&, const OptionPart&) = default;
};

struct DefinePart : Head {
  std::string when;
  friend bool operator==(const DefinePart&, const DefinePart&) = default;
};

struct ForbidPart {
  std::string by;    ///< party or track id; "" = every mover
  std::string from;  ///< "" = true
  std::string to;    ///< "" = true
  friend bool operator==(const ForbidPart&, const ForbidPart&) = default;
};

struct RulePart : Head {
  std::string never;  ///< infeasible where it holds; "" for a forbid rule
  std::optional<ForbidPart> forbid;
  bool enabled = true;
  friend bool operator==(const RulePart&, const RulePart&) = default;
};

struct StatementPart : Head {
  std::string when;
  bool vital = false;
  bool enabled = true;
  std::string or_before;  ///< the statement before which it may as well stand; "" = its place is
                          ///< sure
  bool bare = false;      ///< written as a plain string
  /// criterion → value, in order of appearance; key "weight" where the preference has no criteria.
  std::vector<std::pair<std::string, Quantity>> values;
  friend bool operator==(const StatementPart&, const StatementPart&) = default;
};

struct AdditivePart {
  std::string option;
  std::vector<Quantity> levels;
  std::string path;
  friend bool operator==(const AdditivePart&, const AdditivePart&) = default;
};

enum class Method { Priorities, Weights, Ranking, Additive, Unanimous };

struct PreferencePart : Head {
  std::string party;
  Method method = Method::Priorities;
  std::vector<std::pair<std::string, Quantity>> criteria;
  std::vector<StatementPart> statements;
  std::vector<std::vector<std::int64_t>> order;  ///< ranking: state numbers, best first, ties
                                                 ///< together
  /// The states `order` means, filled in by build() for an option-form case: numbers change with
  /// the rules, states do not.
  std::vector<std::vector<State>> placed;
  std::vector<AdditivePart> values;
  std::vector<PreferencePart> members;  ///< unanimous: better only if better for every member
  friend bool operator==(const PreferencePart&, const PreferencePart&) = default;
};

enum class Consent { AllBetter, NoneWorse };

struct TrackPart : Head {
  std::vector<std::string> parties;
  std::vector<std::string> table;
  /// "" = not linked; "true" = every joint option on its table in force; else an expression.
  std::string linked;
  Consent consent = Consent::AllBetter;
  bool open = true;
  friend bool operator==(const TrackPart&, const TrackPart&) = default;
};

struct TimePart {
  bool given = false;
  std::string unit = "month";
  Quantity horizon{Quantity::Form::Plain, 12, 0, 1};
  friend bool operator==(const TimePart&, const TimePart&) = default;
};

struct TempoPart : Head {
  std::string party;  ///< one of party and track is set; track may be "*"
  std::string track;
  Quantity moves_per_unit;
  std::optional<Quantity> rationality;
  bool rationality_infinite = false;  ///< written as inf
  friend bool operator==(const TempoPart&, const TempoPart&) = default;
};

struct CatastrophePart : Head {
  std::string when;
  friend bool operator==(const CatastrophePart&, const CatastrophePart&) = default;
};

struct FactorPart : Head {
  std::string when;
  Quantity times;
  friend bool operator==(const FactorPart&, const FactorPart&) = default;
};

/// Where a hazard leads: one catastrophe (share 1), several by shares, or an assignment of levels.
struct LeadsTo {
  std::vector<std::pair<std::string, Quantity>> catastrophes;
  std::string assignment;  ///< "treaty = false, patrols = some"; "" when it leads to catastrophes
  bool shares_written = false;  ///< written as a table of shares
  friend bool operator==(const LeadsTo&, const LeadsTo&) = default;
};

struct HazardPart : Head {
  std::string when;
  Quantity rate;
  LeadsTo leads_to;
  std::vector<FactorPart> factors;
  friend bool operator==(const HazardPart&, const HazardPart&) = default;
};

struct TrustPart {
  bool given = false;
  Quantity spread{Quantity::Form::Plain, 0, 0, 1};
  std::int64_t samples = 1000;
  friend bool operator==(const TrustPart&, const TrustPart&) = default;
};

enum class EffectKind {
  Open,         ///< target = track
  Close,        ///< target = track
  Link,         ///< target = track, expression = on
  Unlink,       ///< target = track
  Table,        ///< target = track, add, remove
  Binding,      ///< target = option, flag
  Enable,       ///< target = option, rule or statement
  Moves,        ///< target = option, direction
  DropRule,     ///< target = rule
  Statement,    ///< target = party, statement, action
  Criteria,     ///< target = party, set
  HazardTimes,  ///< target = hazard, number
  RateSet,      ///< target = hazard, number
  TempoTimes,   ///< target = party or track, number
  DropBelief,   ///< target = belief
  Now           ///< levels
};

enum class StatementAction { Times, Drop, Vital, First, After };

struct EffectPart {
  EffectKind kind = EffectKind::Open;
  std::string target;
  std::string expression;
  std::vector<std::string> add;
  std::vector<std::string> remove;
  bool flag = true;
  Direction direction = Direction::Both;
  std::string statement;
  StatementAction action = StatementAction::Times;
  std::string after;  ///< statement id, for StatementAction::After
  Quantity number;
  std::vector<std::pair<std::string, Quantity>> set;
  std::vector<std::pair<std::string, LevelValue>> levels;
  std::string path;
  friend bool operator==(const EffectPart&, const EffectPart&) = default;
};

struct MeasurePart : Head {
  Quantity cost{Quantity::Form::Plain, 1, 0, 1};
  std::vector<std::string> by;
  std::vector<std::string> needs;
  std::vector<std::string> excludes;
  std::vector<EffectPart> effects;
  friend bool operator==(const MeasurePart&, const MeasurePart&) = default;
};

struct VariantPart : Head {
  std::vector<EffectPart> effects;
  friend bool operator==(const VariantPart&, const VariantPart&) = default;
};

struct BeliefPart : Head {
  std::string party;
  bool enabled = true;
  std::vector<EffectPart> effects;
  friend bool operator==(const BeliefPart&, const BeliefPart&) = default;
};

/// nash, gmr, smr, seq, sseq, sim: the concept a goal has to hold under, or one per party.
struct HoldPart {
  std::string concept_name = "seq";                          ///< for parties not named below
  std::vector<std::pair<std::string, std::string>> profile;  ///< party → concept
  friend bool operator==(const HoldPart&, const HoldPart&) = default;
};

struct GoalPart : Head {
  std::string when;
  std::string avoid;  ///< "" = nothing to avoid
  HoldPart hold;
  bool absorbing = false;
  friend bool operator==(const GoalPart&, const GoalPart&) = default;
};

enum class TestKind {
  Stable,
  Unstable,
  Reachable,
  Unreachable,
  WayOut,
  NoWayOut,
  Unlocks,
  BetterFor,
  WorseFor,
  Willing,
  Unwilling,
  Prefers,
  LowersRisk,
  RaisesRisk,
  All,
  Any,
  Not
};

/// One test of a claim; which fields are used depends on the kind.
struct ClaimTest {
  TestKind kind = TestKind::All;
  std::vector<ClaimTest> children;  ///< All, Any, Not
  std::string condition;  ///< Stable…Unreachable: COND; Better/Worse/Willing: doing; Prefers: this
  std::string to;         ///< Prefers: to
  std::string goal;       ///< WayOut, NoWayOut, Unlocks
  std::vector<std::string> parties;   ///< for / better_for / willing / prefers
  std::string concept_name;           ///< Stable, Unstable
  std::string criterion;              ///< BetterFor, WorseFor; "" = the whole preference
  std::vector<std::string> measures;  ///< Unlocks: measure; Lowers/RaisesRisk when it names
                                      ///< measures
  std::string of;                     ///< Lowers/RaisesRisk: catastrophe; "" = any
  std::optional<Quantity> by;
  std::optional<Quantity> horizon;
  std::vector<std::string> with;
  std::vector<std::string> under;
  std::vector<std::string> without;
  std::string after;
  std::string given;
  std::string path;
  friend bool operator==(const ClaimTest&, const ClaimTest&) = default;
};

struct ClaimPart : Head {
  std::string says;
  ClaimTest test;
  friend bool operator==(const ClaimPart&, const ClaimPart&) = default;
};

/// Graph form: a state given outright.
struct StatePart : Head {
  std::int64_t number = 0;
  std::vector<std::int64_t> values;  ///< one level per option, when options are declared
  friend bool operator==(const StatePart&, const StatePart&) = default;
};

/// Graph form: exactly the moves of one party.
struct MovesPart : Head {
  std::string party;
  std::vector<std::pair<std::int64_t, std::int64_t>> arcs;
  friend bool operator==(const MovesPart&, const MovesPart&) = default;
};

/// A whole case file.
struct Parts {
  std::int64_t format = 1;
  std::string title;
  std::string question;
  std::string date;  ///< ISO, "" = none
  std::vector<std::string> sources;
  std::string notes;
  std::optional<std::int64_t> now_state;  ///< graph form: the status quo's state number

  std::vector<PartyPart> parties;
  std::vector<OptionPart> options;
  std::vector<DefinePart> defines;
  std::vector<RulePart> rules;
  std::vector<PreferencePart> preferences;
  std::vector<TrackPart> tracks;
  TimePart time;
  std::vector<TempoPart> tempos;
  std::vector<CatastrophePart> catastrophes;
  std::vector<HazardPart> hazards;
  TrustPart trust;
  std::vector<MeasurePart> measures;
  std::vector<VariantPart> variants;
  std::vector<BeliefPart> beliefs;
  std::vector<GoalPart> goals;
  std::vector<ClaimPart> claims;
  std::vector<StatePart> states;
  std::vector<MovesPart> moves;
  /// An option-form case without a status quo (a .gmcr file has none): what starts from today then
  /// needs a state named by the user.
  bool no_status_quo = false;
  /// The variants chosen by select(); their effects are checked, those of others are not.
  std::vector<std::string> under;

  bool graph_form() const { return !states.empty() || !moves.empty(); }
  friend bool operator==(const Parts&, const Parts&) = default;
};

/// Stated limits; every message about one names it.
struct Limits {
  static constexpr std::size_t kFileBytes = 16u << 20;
  static constexpr std::size_t kNesting = 64;
  static constexpr std::size_t kStatements = 1024;   ///< a party
  static constexpr std::size_t kTableEntries = 256;  ///< criteria, shares, levels set by an effect
  static constexpr std::size_t kOptionBits = 128;
  static constexpr std::size_t kOptionBitsGraph = 96;
  static constexpr std::size_t kLevels = 64;  ///< an option
  static constexpr std::size_t kParties = 64;
  static constexpr std::size_t kTracks = 64;
  static constexpr std::size_t kExpressionDepth = 200;
  static constexpr std::size_t kExpressionNodes = 65536;       ///< one expression, defines expanded
  static constexpr std::size_t kExpressionNodesAll = 1000000;  ///< all expressions together
  static constexpr std::size_t kPartsOfAKind = 4096;
  static constexpr std::size_t kGraphStates = 1000000;
};

}  // namespace wayout
