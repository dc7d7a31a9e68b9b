#include "wayout/io/keys.hpp"

#include "wayout/base/error.hpp"

namespace wayout {
namespace {

using T = KeyType;
constexpr bool kRequired = true;
constexpr bool kOptional = false;
constexpr std::string_view kConcepts = "nash gmr smr seq sseq sim";
constexpr std::string_view kDirections = "both up down";

constexpr Key kHead[] = {
    {"name", T::Text, "free text in any language"},
    {"because", T::Text, "why it is so"},
    {"kind", T::Text,
     "strategic, political, legal, ideological, psychological, physical, or a word of one's own"},
    {"source", T::Text, "where it comes from"},
    {"only", T::Names, "the variants under which the part exists; always, where left out"},
};

constexpr Key kModifiers[] = {
    {"with", T::Names, "measures that are taken"},
    {"under", T::Names, "variants of the case"},
    {"without", T::Names, "parties that make no move and consent to nothing"},
    {"after", T::Condition, "start there instead of at the status quo"},
    {"given", T::Condition, "judge from there instead of from the status quo"},
};

constexpr Key kCase[] = {
    {"format", T::Whole, "the version of this format: 1", kRequired},
    {"title", T::Text, "the case in a few words"},
    {"question", T::Text, "what is asked"},
    {"date", T::Date, "the day that `now` means, such as 2022-01-25"},
    {"sources", T::Texts, "where the case comes from"},
    {"notes", T::Text, "whatever a reader should know"},
    {"now", T::Whole, "graph form: the number of the state of today"},
    {"no_status_quo", T::Flag, "true where nobody says which state is today's", kOptional, "false"},
    {"party", T::Parts, "who takes part", kOptional, "", "", "party"},
    {"option", T::Parts, "what can be done or agreed", kOptional, "", "", "option"},
    {"define", T::Parts, "named conditions", kOptional, "", "", "define"},
    {"rule", T::Parts, "what cannot be, and moves ruled out", kOptional, "", "", "rule"},
    {"preference", T::Parts, "what each party wants", kOptional, "", "", "preference"},
    {"track", T::Parts, "tables at which parties change things together", kOptional, "", "",
     "track"},
    {"time", T::Part, "the unit of time and the horizon", kOptional, "", "", "time"},
    {"tempo", T::Parts, "how often parties and tracks act", kOptional, "", "", "tempo"},
    {"catastrophe", T::Parts, "what must not happen", kOptional, "", "", "catastrophe"},
    {"hazard", T::Parts, "what may happen by itself", kOptional, "", "", "hazard"},
    {"trust", T::Part, "how uncertain plain numbers are", kOptional, "", "", "trust"},
    {"measure", T::Parts, "what could be changed about the dispute", kOptional, "", "", "measure"},
    {"variant", T::Parts, "the same case under other conditions", kOptional, "", "", "variant"},
    {"belief", T::Parts, "how one party sees the dispute differently", kOptional, "", "", "belief"},
    {"goal", T::Parts, "ways the dispute may end", kOptional, "", "", "goal"},
    {"claim", T::Parts, "statements about the dispute to be tested", kOptional, "", "", "claim"},
    {"state", T::Parts, "graph form: the states", kOptional, "", "", "state"},
    {"moves", T::Parts, "graph form: the moves of each party", kOptional, "", "", "moves"},
};

constexpr Key kParty[] = {
    {"id", T::Id, "the party's id", kRequired},
    {"third", T::Flag, "moves freely and is indifferent among all states", kOptional, "false"},
};

constexpr Key kOption[] = {
    {"id", T::Id, "the option's id", kRequired},
    {"party", T::Name, "the party whose option it is"},
    {"parties", T::Names, "the parties to a joint option, an agreement"},
    {"levels", T::Levels, "names of its levels, lowest first; without them it is yes or no"},
    {"now", T::Level, "its level in the status quo; the first, where left out"},
    {"or_now", T::LevelList, "levels at which it may as well stand today; drawn when sampling"},
    {"moves", T::Word, "which way its owner can move it", kOptional, "\"both\"", kDirections},
    {"binding", T::Flag, "an agreement: nobody leaves it alone", kOptional, "true"},
    {"enabled", T::Flag, "false: it stays at its first level until a measure enables it", kOptional,
     "true"},
};

constexpr Key kDefine[] = {
    {"id", T::Id, "the name of the condition", kRequired},
    {"when", T::Condition, "the condition", kRequired},
};

constexpr Key kRule[] = {
    {"id", T::Id, "the rule's id"},
    {"never", T::Condition, "states where it holds are infeasible"},
    {"forbid", T::Part, "moves that are ruled out", kOptional, "", "", "forbid"},
    {"enabled", T::Flag, "false: it counts only when a measure enables it", kOptional, "true"},
};

constexpr Key kForbid[] = {
    {"by", T::Name, "the party or track whose moves are meant; all, where left out"},
    {"from", T::Condition, "moves away from here; from anywhere, where left out"},
    {"to", T::Condition, "moves to here; to anywhere, where left out"},
};

constexpr std::string_view kMethods = "priorities weights ranking additive unanimous";
constexpr Key kPreference[] = {
    {"id", T::Id, "the preference's id"},
    {"party", T::Name, "whose preference it is", kRequired},
    {"method", T::Word, "how it is written down", kOptional, "\"priorities\"", kMethods},
    {"criteria", T::NumberTable, "weights: the criteria and their priorities", kOptional, "", "",
     "", "weights", true},
    {"statements", T::Statements,
     "priorities: conditions, most important first; weights: conditions with numbers", kOptional,
     "", "", "statement", "priorities weights"},
    {"order", T::Order, "ranking: state numbers, best first, ties in one bracket", kOptional, "",
     "", "", "ranking"},
    {"values", T::Parts, "additive: a value for each level of each option", kOptional, "", "",
     "value", "additive"},
    {"members", T::Parts, "unanimous: preferences that all have to agree", kOptional, "", "",
     "member", "unanimous"},
};

constexpr Key kMember[] = {
    {"id", T::Id, "the member's id"},
    {"name", T::Text, "free text in any language"},
    {"because", T::Text, "why it is so"},
    {"kind", T::Text, "of what kind it is"},
    {"source", T::Text, "where it comes from"},
    {"method", T::Word, "how it is written down", kOptional, "\"priorities\"",
     "priorities weights ranking additive"},
    {"criteria", T::NumberTable, "weights: the criteria and their priorities", kOptional, "", "",
     "", "weights", true},
    {"statements", T::Statements,
     "priorities: conditions, most important first; weights: conditions with numbers", kOptional,
     "", "", "statement", "priorities weights"},
    {"order", T::Order, "ranking: state numbers, best first, ties in one bracket", kOptional, "",
     "", "", "ranking"},
    {"values", T::Parts, "additive: a value for each level of each option", kOptional, "", "",
     "value", "additive"},
};

constexpr Key kStatement[] = {
    {"id", T::Id, "the statement's id, unique within its preference"},
    {"when", T::Condition, "the condition", kRequired},
    {"vital", T::Flag, "never traded against statements that are not", kOptional, "false"},
    {"or_before", T::Name,
     "priorities: an earlier statement before which it may as well stand; drawn when sampling"},
    {"enabled", T::Flag, "false: it counts only when a measure enables it", kOptional, "true"},
};

constexpr Key kValue[] = {
    {"option", T::Name, "the option", kRequired},
    {"levels", T::Numbers, "a value for each of its levels, lowest first", kRequired, "", "", "",
     "", true},
};

constexpr Key kTrack[] = {
    {"id", T::Id, "the track's id", kRequired},
    {"parties", T::Names, "who sits at the table", kRequired},
    {"table", T::Names, "the options that a deal here may change", kRequired},
    {"linked", T::FlagOrCondition,
     "true: nothing is agreed until everything is; or a condition that every deal must satisfy",
     kOptional, "false"},
    {"consent", T::Word, "who has to gain by a deal", kOptional, "\"all-better\"",
     "all-better none-worse"},
    {"open", T::Flag, "false: it could exist, and a measure opens it", kOptional, "true"},
};

constexpr Key kTime[] = {
    {"unit", T::Text, "the unit of time", kOptional, "\"month\""},
    {"horizon", T::Number, "how far ahead risk is judged, in units", kOptional, "12"},
};

constexpr Key kTempo[] = {
    {"id", T::Id, "the tempo's id"},
    {"party", T::Name, "whose tempo it is"},
    {"track", T::Name, "or which track's; \"*\" means every track"},
    {"moves_per_unit", T::Number, "how often it acts per unit of time", kRequired},
    {"rationality", T::NumberOrInf,
     "how surely it takes what is better: 0 not at all, inf always; a track's is, where left out, "
     "the least of its members'"},
};

constexpr Key kCatastrophe[] = {
    {"id", T::Id, "the catastrophe's id", kRequired},
    {"when", T::Condition, "states that are themselves the catastrophe"},
};

constexpr Key kHazard[] = {
    {"id", T::Id, "the hazard's id"},
    {"when", T::Condition, "where it can happen; everywhere, where left out"},
    {"rate", T::Number, "how often, per unit of time", kRequired},
    {"leads_to", T::Shares,
     "a catastrophe, shares of several, or an assignment such as \"treaty = false\"", kRequired},
    {"factors", T::Parts, "what makes it likelier or rarer", kOptional, "", "", "factor"},
};

constexpr Key kFactor[] = {
    {"id", T::Id, "the factor's id, unique within its hazard"},
    {"when", T::Condition, "where it counts", kRequired},
    {"times", T::Number, "what the rate is multiplied by", kRequired},
};

constexpr Key kTrust[] = {
    {"spread", T::Number, "how far plain numbers may be off when sampling, as a share of each",
     kOptional, "0"},
    {"samples", T::Whole, "how many profiles are sampled", kOptional, "1000"},
};

constexpr Key kMeasure[] = {
    {"id", T::Id, "the measure's id", kRequired},
    {"cost", T::Number, "what it costs", kOptional, "1"},
    {"by", T::Names, "who has to take it"},
    {"needs", T::Names, "measures without which it cannot be taken"},
    {"excludes", T::Names, "measures with which it cannot be taken"},
    {"effects", T::Effects, "what it changes"},
};

constexpr Key kVariant[] = {
    {"id", T::Id, "the variant's id", kRequired},
    {"effects", T::Effects, "what is different"},
};

constexpr Key kBelief[] = {
    {"id", T::Id, "the belief's id"},
    {"party", T::Name, "who sees it so", kRequired},
    {"enabled", T::Flag, "false: it does not count", kOptional, "true"},
    {"effects", T::Effects, "what it sees differently", kRequired},
};

constexpr Key kGoal[] = {
    {"id", T::Id, "the goal's id", kRequired},
    {"when", T::Condition, "where it is met", kRequired},
    {"avoid", T::Condition, "states that must not be entered on the way"},
    {"hold", T::Profile, "the concept of stability under which it has to hold, or one per party",
     kOptional, "\"seq\"", kConcepts},
    {"absorbing", T::Flag, "risk ends where it is met and holds", kOptional, "false"},
};

constexpr Key kClaim[] = {
    {"id", T::Id, "the claim's id"},
    {"says", T::Text, "the claim in words", kRequired},
    {"test", T::Test, "what has to be found for it to be true", kRequired},
};

constexpr Key kState[] = {
    {"id", T::Whole, "the state's number", kRequired},
    {"values", T::Wholes, "one level per option, where options are declared"},
};

constexpr Key kMoves[] = {
    {"id", T::Id, "the part's id"},
    {"party", T::Name, "whose moves these are", kRequired},
    {"arcs", T::Arcs, "exactly its moves: pairs of state numbers", kRequired},
};

constexpr Key kRange[] = {
    {"from", T::Number, "the lower end", kRequired, "", "", "", "", true},
    {"to", T::Number, "the upper end", kRequired, "", "", "", "", true},
};

constexpr Key kAbout[] = {
    {"about", T::Number, "the middle", kRequired, "", "", "", "", true},
    {"spread", T::Number, "how far off it may be, as a share of the middle", kRequired},
};

constexpr PartKeys kParts[] = {
    {"case", "a case", "a whole case file", kCase},
    {"party", "a party", "who takes part", kParty, true},
    {"option", "an option", "what a party can do, or parties can agree", kOption, true},
    {"define", "a define", "a named condition", kDefine, true},
    {"rule", "a rule", "infeasible states, or moves ruled out", kRule, true},
    {"forbid", "forbid", "moves ruled out", kForbid},
    {"preference", "a preference", "what a party wants", kPreference, true},
    {"member", "a member", "one preference of a unanimous one", kMember},
    {"statement", "a statement", "a condition that a party cares about", kStatement, true},
    {"value", "a value", "what the levels of an option are worth", kValue},
    {"track", "a track", "a table at which parties change things together", kTrack, true},
    {"time", "[time]", "the unit of time and the horizon", kTime},
    {"tempo", "a tempo", "how often a party or track acts", kTempo, true},
    {"catastrophe", "a catastrophe", "what must not happen", kCatastrophe, true},
    {"hazard", "a hazard", "what may happen by itself", kHazard, true},
    {"factor", "a factor", "what makes a hazard likelier or rarer", kFactor, true},
    {"trust", "[trust]", "how uncertain plain numbers are", kTrust},
    {"measure", "a measure", "what could be changed about the dispute", kMeasure, true},
    {"variant", "a variant", "the same case under another condition", kVariant, true},
    {"belief", "a belief", "how one party sees the dispute differently", kBelief, true},
    {"goal", "a goal", "a way the dispute may end", kGoal, true},
    {"claim", "a claim", "a statement about the dispute to be tested", kClaim, true},
    {"state", "a state", "graph form: a state", kState, true},
    {"moves", "[[moves]]", "graph form: the moves of a party", kMoves, true},
    {"range", "a range", "a number between two ends", kRange},
    {"about", "a range", "a number about a middle", kAbout},
};

constexpr Key kOpen[] = {{"open", T::Name, "a track", kRequired}};
constexpr Key kClose[] = {{"close", T::Name, "a track", kRequired}};
constexpr Key kLink[] = {
    {"link", T::Name, "a track", kRequired},
    {"on", T::FlagOrCondition, "what every deal there must satisfy; true: everything on its table",
     kRequired},
};
constexpr Key kUnlink[] = {{"unlink", T::Name, "a track", kRequired}};
constexpr Key kTable[] = {
    {"table", T::Name, "a track", kRequired},
    {"add", T::Names, "options put on its table"},
    {"remove", T::Names, "options taken off its table"},
};
constexpr Key kBinding[] = {
    {"binding", T::Name, "a joint option", kRequired},
    {"value", T::Flag, "whether nobody leaves it alone", kRequired},
};
constexpr Key kEnable[] = {{"enable", T::Name, "an option, rule or statement", kRequired}};
constexpr Key kMovesEffect[] = {
    {"moves", T::Name, "an option", kRequired},
    {"value", T::Word, "which way its owner can move it", kRequired, "", kDirections},
};
constexpr Key kRuleEffect[] = {
    {"rule", T::Name, "a rule", kRequired},
    {"drop", T::Flag, "true: it no longer counts", kRequired},
};
constexpr Key kStatementEffect[] = {
    {"party", T::Name, "a party", kRequired},
    {"statement", T::Name, "one of its statements", kRequired},
    {"times", T::Number, "its numbers are multiplied by this", kOptional, "", "", "", "", true},
    {"drop", T::Flag, "true: it no longer counts"},
    {"vital", T::Flag, "whether it is never traded against others"},
    {"first", T::Flag, "true: it becomes the most important"},
    {"after", T::Name, "it comes right after this statement"},
};
constexpr Key kCriteria[] = {
    {"criteria", T::Name, "a party", kRequired},
    {"set", T::NumberTable, "new priorities of its criteria", kRequired, "", "", "", "", true},
};
constexpr Key kHazardEffect[] = {
    {"hazard", T::Name, "a hazard", kRequired},
    {"times", T::Number, "its rate is multiplied by this", kRequired},
};
constexpr Key kRate[] = {
    {"rate", T::Name, "a hazard", kRequired},
    {"set", T::Number, "its new rate", kRequired},
};
constexpr Key kTempoEffect[] = {
    {"tempo", T::Name, "a party or track", kRequired},
    {"times", T::Number, "its tempo is multiplied by this", kRequired},
};
constexpr Key kBeliefEffect[] = {
    {"belief", T::Name, "a belief", kRequired},
    {"drop", T::Flag, "true: it is given up", kRequired},
};
constexpr Key kNow[] = {{"now", T::LevelTable, "levels in the status quo", kRequired}};

constexpr PartKeys kEffects[] = {
    {"open", "the effect 'open'", "opens a track", kOpen},
    {"close", "the effect 'close'", "closes a track", kClose},
    {"link", "the effect 'link'", "ties the deals of a track to a condition", kLink},
    {"unlink", "the effect 'unlink'", "unties the deals of a track", kUnlink},
    {"table", "the effect 'table'", "changes what is on the table of a track", kTable},
    {"binding", "the effect 'binding'", "says whether an agreement can be left", kBinding},
    {"enable", "the effect 'enable'", "switches on what is disabled", kEnable},
    {"moves", "the effect 'moves'", "says which way an option can be moved", kMovesEffect},
    {"rule", "the effect 'rule'", "drops a rule", kRuleEffect},
    {"party", "the effect 'party'", "changes one statement of a party", kStatementEffect},
    {"criteria", "the effect 'criteria'", "changes the priorities of a party", kCriteria},
    {"hazard", "the effect 'hazard'", "makes a hazard likelier or rarer", kHazardEffect},
    {"rate", "the effect 'rate'", "gives a hazard another rate", kRate},
    {"tempo", "the effect 'tempo'", "makes a party or track act more or less often", kTempoEffect},
    {"belief", "the effect 'belief'", "ends a misperception", kBeliefEffect},
    {"now", "the effect 'now'", "starts elsewhere", kNow},
};

constexpr Key kStable[] = {
    {"stable", T::Condition, "states that are all stable", kRequired},
    {"for", T::Names, "for these parties; for all, where left out"},
    {"concept", T::Word, "by this concept", kOptional, "\"seq\"", kConcepts},
};
constexpr Key kUnstable[] = {
    {"unstable", T::Condition, "states that are not all stable", kRequired},
    {"for", T::Names, "for these parties; for all, where left out"},
    {"concept", T::Word, "by this concept", kOptional, "\"seq\"", kConcepts},
};
constexpr Key kReachable[] = {
    {"reachable", T::Condition, "reached from the status quo by willing steps", kRequired}};
constexpr Key kUnreachable[] = {
    {"unreachable", T::Condition, "not reached from the status quo by willing steps", kRequired}};
constexpr Key kWayOut[] = {
    {"way_out", T::Name, "a goal that is reached by willing steps and held", kRequired}};
constexpr Key kNoWayOut[] = {
    {"no_way_out", T::Name, "a goal that is not reached, or not held", kRequired}};
constexpr Key kUnlocks[] = {
    {"unlocks", T::Name, "a goal with a way out with the measure and none without", kRequired},
    {"measure", T::Names, "the measure", kRequired},
};
constexpr Key kBetterFor[] = {
    {"better_for", T::Names, "the party that has more, whatever the others do", kRequired},
    {"criterion", T::Name, "of this; of the whole preference, where left out"},
    {"doing", T::Condition, "once this is so", kRequired},
};
constexpr Key kWorseFor[] = {
    {"worse_for", T::Names, "the party that has less, whatever the others do", kRequired},
    {"criterion", T::Name, "of this; of the whole preference, where left out"},
    {"doing", T::Condition, "once this is so", kRequired},
};
constexpr Key kWilling[] = {
    {"willing", T::Names, "the party that has an improvement", kRequired},
    {"doing", T::Condition, "to here", kRequired},
};
constexpr Key kUnwilling[] = {
    {"unwilling", T::Names, "the party that has no improvement", kRequired},
    {"doing", T::Condition, "to here", kRequired},
};
constexpr Key kPrefers[] = {
    {"prefers", T::Names, "the party that prefers", kRequired},
    {"this", T::Condition, "every state of this one", kRequired},
    {"to", T::Condition, "to every state of this one, all else as now", kRequired},
};
constexpr Key kLowersRisk[] = {
    {"lowers_risk", T::Conditions, "a measure, several, or a condition", kRequired},
    {"of", T::Name, "a catastrophe, or any", kOptional, "\"any\""},
    {"by", T::Number, "to at most this share of what it was"},
    {"horizon", T::Number, "within this time; that of [time], where left out"},
};
constexpr Key kRaisesRisk[] = {
    {"raises_risk", T::Conditions, "a measure, several, or a condition", kRequired},
    {"of", T::Name, "a catastrophe, or any", kOptional, "\"any\""},
    {"by", T::Number, "to at least this multiple of what it was"},
    {"horizon", T::Number, "within this time; that of [time], where left out"},
};
constexpr Key kAll[] = {{"all", T::Tests, "every one of these", kRequired}};
constexpr Key kAny[] = {{"any", T::Tests, "at least one of these", kRequired}};
constexpr Key kNot[] = {{"not", T::Test, "this one not", kRequired}};

constexpr PartKeys kTests[] = {
    {"stable", "the test 'stable'", "states are stable", kStable, false, true},
    {"unstable", "the test 'unstable'", "states are not all stable", kUnstable, false, true},
    {"reachable", "the test 'reachable'", "there is a path", kReachable, false, true},
    {"unreachable", "the test 'unreachable'", "there is no path", kUnreachable, false, true},
    {"way_out", "the test 'way_out'", "there is a way out", kWayOut, false, true},
    {"no_way_out", "the test 'no_way_out'", "there is no way out", kNoWayOut, false, true},
    {"unlocks", "the test 'unlocks'", "a measure opens a way out", kUnlocks, false, true},
    {"better_for", "the test 'better_for'", "doing it serves a party", kBetterFor, false, true},
    {"worse_for", "the test 'worse_for'", "doing it hurts a party", kWorseFor, false, true},
    {"willing", "the test 'willing'", "a party would do it", kWilling, false, true},
    {"unwilling", "the test 'unwilling'", "a party would not do it", kUnwilling, false, true},
    {"prefers", "the test 'prefers'", "a party likes one thing better", kPrefers, false, true},
    {"lowers_risk", "the test 'lowers_risk'", "it makes things safer", kLowersRisk, false, true},
    {"raises_risk", "the test 'raises_risk'", "it makes things riskier", kRaisesRisk, false, true},
    {"all", "the test 'all'", "all of several tests", kAll},
    {"any", "the test 'any'", "any of several tests", kAny},
    {"not", "the test 'not'", "the opposite of a test", kNot},
};

const PartKeys* by_name(std::span<const PartKeys> list, std::string_view name) {
  for (const PartKeys& part : list)
    if (part.name == name) return &part;
  return nullptr;
}

}  // namespace

std::span<const PartKeys> part_kinds() { return kParts; }
std::span<const PartKeys> effect_kinds() { return kEffects; }
std::span<const PartKeys> test_kinds() { return kTests; }

const PartKeys& part_keys(std::string_view name) {
  const PartKeys* part = by_name(kParts, name);
  contract(part != nullptr, "part_keys: a kind of part that exists");
  return *part;
}
const PartKeys* effect_keys(std::string_view name) { return by_name(kEffects, name); }
const PartKeys* test_keys(std::string_view name) { return by_name(kTests, name); }

std::vector<const Key*> all_keys(const PartKeys& part) {
  std::vector<const Key*> out;
  const auto add = [&out](std::span<const Key> keys) {
    for (const Key& key : keys) out.push_back(&key);
  };
  add(part.keys.first(part.head ? 1 : part.keys.size()));
  if (part.head) {
    add(kHead);
    add(part.keys.subspan(1));
  }
  if (part.modifiers) add(kModifiers);
  return out;
}

const Key* find_key(const PartKeys& part, std::string_view name) {
  for (const Key& key : part.keys)
    if (key.name == name) return &key;
  if (part.head)
    for (const Key& key : kHead)
      if (key.name == name) return &key;
  if (part.modifiers)
    for (const Key& key : kModifiers)
      if (key.name == name) return &key;
  return nullptr;
}

std::vector<std::string> split_words(std::string_view words) {
  std::vector<std::string> out;
  while (!words.empty()) {
    const std::size_t space = words.find(' ');
    if (space != 0) out.emplace_back(words.substr(0, space));
    if (space == std::string_view::npos) break;
    words.remove_prefix(space + 1);
  }
  return out;
}

}  // namespace wayout
