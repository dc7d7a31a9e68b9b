// Who watches the watchman: a fault planted in the moves of one side has to be found.
#include <gtest/gtest.h>

#include "properties/judge.hpp"
#include "properties/random_case.hpp"

namespace wayout::properties {
namespace {

/// In what the fault is; a fault in the states or preferences shows before any verdict.
enum class In { Moves, States, Preferences };

struct Fault {
  const char* name;
  In in;
  /// Plants the fault where the conflict has a place for it; false where it has none.
  bool (*plant)(Parts&);
};

template <class List, class Where, class Change>
bool at_first(List& list, const Where& where, const Change& change) {
  for (auto& part : list) {
    if (!where(part)) continue;
    change(part);
    return true;
  }
  return false;
}

const Fault kFaults[] = {
    {"an option that can only go up", In::Moves,
     [](Parts& p) {
       return at_first(
           p.options, [](const OptionPart& o) { return o.parties.empty() && !o.moves; },
           [](OptionPart& o) { o.moves = Direction::Up; });
     }},
    {"a direction turned round", In::Moves,
     [](Parts& p) {
       return at_first(
           p.options, [](const OptionPart& o) { return o.moves.has_value(); },
           [](OptionPart& o) {
             o.moves = *o.moves == Direction::Up ? Direction::Down : Direction::Up;
           });
     }},
    {"a forbid rule lost", In::Moves,
     [](Parts& p) {
       return at_first(
           p.rules, [](const RulePart& r) { return r.forbid && r.enabled; },
           [](RulePart& r) { r.enabled = false; });
     }},
    {"a forbid rule for everyone instead of one", In::Moves,
     [](Parts& p) {
       return at_first(
           p.rules,
           [](const RulePart& r) { return r.forbid && !r.forbid->by.empty() && r.enabled; },
           [](RulePart& r) { r.forbid->by.clear(); });
     }},
    {"an agreement that binds", In::Moves,
     [](Parts& p) {
       return at_first(
           p.options, [](const OptionPart& o) { return !o.parties.empty() && !*o.binding; },
           [](OptionPart& o) { o.binding = true; });
     }},
    {"a link lost", In::Moves,
     [](Parts& p) {
       return at_first(
           p.tracks, [](const TrackPart& t) { return !t.linked.empty() && t.open; },
           [](TrackPart& t) { t.linked.clear(); });
     }},
    {"the other consent", In::Moves,
     [](Parts& p) {
       return at_first(
           p.tracks, [](const TrackPart& t) { return t.open; },
           [](TrackPart& t) {
             t.consent = t.consent == Consent::AllBetter ? Consent::NoneWorse : Consent::AllBetter;
           });
     }},
    {"a track that is not there", In::Moves,
     [](Parts& p) {
       return at_first(
           p.tracks, [](const TrackPart& t) { return t.open; },
           [](TrackPart& t) { t.open = false; });
     }},
    {"an option off the table", In::Moves,
     [](Parts& p) {
       return at_first(
           p.tracks, [](const TrackPart& t) { return t.open && !t.table.empty(); },
           [](TrackPart& t) { t.table.pop_back(); });
     }},
    {"a rule of feasibility lost", In::States,
     [](Parts& p) {
       return at_first(
           p.rules, [](const RulePart& r) { return !r.never.empty() && r.enabled; },
           [](RulePart& r) { r.enabled = false; });
     }},
    {"an arc lost", In::Moves,
     [](Parts& p) {
       return at_first(
           p.moves, [](const MovesPart& m) { return m.arcs.size() > 1; },
           [](MovesPart& m) { m.arcs.pop_back(); });
     }},
    {"two statements exchanged", In::Preferences,
     [](Parts& p) {
       return at_first(
           p.preferences,
           [](const PreferencePart& q) {
             return q.method == Method::Priorities && q.statements.size() > 1;
           },
           [](PreferencePart& q) { std::swap(q.statements[0].when, q.statements[1].when); });
     }},
};

/// What the comparison says when one side has the fault; "" where the fault has no place, makes no
/// difference there, or makes the conflict faulty.
std::string seen(const RandomCase& c, const Fault& fault, bool in_engine, bool verdicts_only) {
  Parts broken = c.parts;
  if (!fault.plant(broken)) return "";
  const auto both = in_engine ? sides(broken, c.parts) : sides(c.parts, broken);
  if (!both) return "";
  std::string wrong = judge_states(*both);
  // A verdict is about states that both sides know.
  if (!wrong.empty()) return verdicts_only ? "" : wrong;
  if (verdicts_only) return judge_full(*both, Sanctions::Legal);
  wrong = judge_preferences(*both);
  return wrong.empty() ? judge_moves(*both) : wrong;
}

TEST(Mutation, EveryPlantedFaultIsFound) {
  for (const Fault& fault : kFaults)
    for (const bool in_engine : {false, true}) {
      const std::string found =
          falsified({}, 400, [&](const RandomCase& c) { return seen(c, fault, in_engine, false); });
      EXPECT_NE(found, "") << fault.name << (in_engine ? " in the engine" : " in the reference");
    }
}

TEST(Mutation, AFaultInTheMovesShowsInTheVerdictsAlone) {
  for (const Fault& fault : kFaults) {
    if (fault.in != In::Moves) continue;
    for (const bool in_engine : {false, true}) {
      const std::string found =
          falsified({}, 5000, [&](const RandomCase& c) { return seen(c, fault, in_engine, true); });
      EXPECT_NE(found.find("full:"), std::string::npos)
          << fault.name << (in_engine ? " in the engine: " : " in the reference: ") << found;
    }
  }
}

}  // namespace
}  // namespace wayout::properties
