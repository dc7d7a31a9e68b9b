#include "wayout/report/claims_evidence.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

std::string number(double x) {
  std::string out = fmt::format("{:.3f}", x);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

/// "Russia (starts: x), then the table "y" (ends: z)".
template <class Steps>
std::string chain(const Conflict& c, State from, const Steps& steps) {
  std::vector<std::string> parts;
  for (const auto& step : steps) {
    parts.push_back(mover_name(c, step.mover) + " (" + describe_changes(c, from, step.state) + ")");
    from = step.state;
  }
  return join(parts, ", then ");
}

/// A path in one sentence; long ones from both ends.
std::string told(const Conflict& c, const Path& path) {
  constexpr std::size_t kMost = 4;
  if (path.steps.size() <= kMost) return chain(c, path.start, path.steps);
  const std::vector<PathStep> head(path.steps.begin(), path.steps.begin() + 2);
  const std::vector<PathStep> tail(path.steps.end() - 1, path.steps.end());
  return fmt::format("{}, then {} more, and at last {}", chain(c, path.start, head),
                     path.steps.size() - 3,
                     chain(c, path.steps[path.steps.size() - 2].state, tail));
}

std::string answered(const Conflict& c, State at, PartyId p, const Answer& a) {
  std::string out =
      fmt::format("{} could gain at first ({}), but the answer would be: {}", c.party(p).name,
                  describe_changes(c, at, a.improvement), chain(c, a.improvement, a.sanction));
  if (a.hollow) out += " [hollow: that first step is due in any case, so it punishes nothing]";
  return out + ".";
}

std::string unanswered(const Conflict& c, State at, PartyId p, const Answer& a) {
  std::string out =
      fmt::format("{} gains by this: {}", c.party(p).name, describe_changes(c, at, a.improvement));
  if (a.counter_move) {
    out += fmt::format("; the answer ({}) can be escaped", chain(c, a.improvement, a.evaded));
  } else if (a.searched > 0) {
    out += fmt::format("; no answer that counts takes it away ({} looked at)",
                       counted(a.searched, "state", "states"));
  }
  return out + ".";
}

/// Some option changes that the condition does not look at.
bool changes_more(const Conflict& c, const SetCondition& s) {
  if (c.graph_form()) return true;
  const auto read = c.condition(s.condition);
  if (!read) return true;
  const UInt128 support = read->pool->support(read->expr);
  return ((s.from.bits ^ s.states[0].bits) & ~support) != 0;
}

void set_lines(const Leaf& leaf, std::vector<std::string>& out) {
  for (const SetCondition& s : leaf.set) {
    if (s.states.empty()) {
      out.push_back(fmt::format("No feasible state meets \"{}\": there is nothing to test.",
                                in_words(*leaf.dispute, s.condition)));
      continue;
    }
    std::string text = fmt::format(
        "\"{}\" is set in the feasible state that changes fewest options: {}.",
        in_words(*leaf.dispute, s.condition), describe_changes(*leaf.dispute, s.from, s.states[0]));
    if (s.states.size() > 1)
      text = fmt::format(
          "\"{}\" can be set in {} feasible states with equally few changes, such "
          "as: {}.",
          in_words(*leaf.dispute, s.condition), s.states.size(),
          describe_changes(*leaf.dispute, s.from, s.states[0]));
    // Setting what was asked for and nothing else need not be told.
    if (s.states.size() > 1 || changes_more(*leaf.dispute, s)) out.push_back(text);
  }
}

void stable_lines(const Leaf& leaf, std::vector<std::string>& out) {
  const StableEvidence& e = *leaf.stable;
  const Conflict& c = *leaf.dispute;
  const bool today = leaf.test.condition == "now";
  if (!today)
    out.push_back(fmt::format("{} judged; shown is: {}.", counted(e.states, "state", "states"),
                              describe_state(c, e.at)));
  for (const auto& [p, v] : e.verdicts) {
    if (v.end != End::Complete) {
      out.push_back(c.party(p).name + ": undecided at the limit.");
    } else if (v.improvements == 0) {
      out.push_back(c.party(p).name + ": no move of its own serves it better.");
    } else if (v.stable) {
      const Answer* shown = &v.answers.front();
      for (const Answer& a : v.answers)
        if (a.hollow) shown = &a;
      out.push_back(answered(c, e.at, p, *shown));
      if (!v.stable_clean) out.push_back("Without hollow answers it would not be stable.");
    } else {
      out.push_back(unanswered(c, e.at, p, v.answers.back()));
    }
  }
}

void rules_lines(const Conflict& c, const RuleConflict& rules, std::vector<std::string>& out) {
  if (rules.rules.empty()) {
    out.push_back("The goal contradicts itself.");
    return;
  }
  std::vector<std::string> names;
  for (const std::size_t r : rules.rules) {
    const std::string& kind = c.parts().rules[r].kind;
    names.push_back(rule_name(c, r) + (kind.empty() ? "" : " (" + kind + ")"));
  }
  out.push_back("No state allows it. Excluded by: " + join(names, "; ") + ".");
}

std::string track_names(const Conflict& c, const std::vector<std::size_t>& tracks) {
  std::vector<std::string> names;
  for (const std::size_t t : tracks) names.push_back(mover_name(c, MoverId(c.party_count() + t)));
  return join_and(names);
}

void goal_lines(const Conflict& c, const GoalEvidence& g, std::vector<std::string>& out) {
  if (g.end != End::Complete && !g.exists) {
    out.push_back(fmt::format("Undecided: a limit was met after {} ({} of the goal, {} judged).",
                              counted(g.states, "state", "states"), g.goal_states, g.judged));
    return;
  }
  if (g.exists) {
    out.push_back(g.path->steps.empty() ? "It is so at the start."
                                        : "The way: " + told(c, *g.path) + ".");
    const State at = g.path->end();
    if (g.holding->deterred.empty())
      out.push_back("It holds: nobody has a move that serves it and breaks this.");
    for (const auto& [p, v] : g.holding->deterred) {
      const Answer* shown = &v.answers.front();
      for (const Answer& a : v.answers)
        if (a.hollow) shown = &a;
      out.push_back("It holds: " + answered(c, at, p, *shown));
    }
    std::vector<std::string> marks;
    if (!g.holding->clean) marks.push_back("it holds only by a hollow deterrent");
    if (g.marks.bought) marks.push_back("it is bought with a step taken back later");
    if (g.marks.worse_on_the_way) {
      std::vector<std::string> names;
      for (const PartyId p : g.marks.worse_parties) names.push_back(c.party(p).name);
      marks.push_back("on the way somebody is worse off than at the start: " + join_and(names));
    }
    if (!marks.empty()) out.push_back("Marked: " + join_and(marks) + ".");
    return;
  }
  const auto options = [&c](const std::vector<OptionId>& list) {
    std::vector<std::string> names;
    for (const OptionId o : list) names.push_back(c.option(o).name);
    return join_and(names);
  };
  switch (g.obstacle) {
    case Obstacle::Impossible:
      rules_lines(c, g.rules, out);
      break;
    case Obstacle::OutOfReach:
      for (const MissingDeal& d : g.missing) {
        const auto& o = c.option(d.option).name;
        if (d.closed_tracks.empty() && d.linked_tracks.empty() && d.open_tracks.empty()) {
          out.push_back(fmt::format("No table has {} on it.", o));
        } else if (!d.linked_tracks.empty() && d.open_tracks.empty()) {
          out.push_back(fmt::format(
              "{} is tied to what cannot be had at {}{}.", o, track_names(c, d.linked_tracks),
              d.closed_tracks.empty() ? "" : "; closed: " + track_names(c, d.closed_tracks)));
        } else if (d.open_tracks.empty()) {
          out.push_back(fmt::format("{} is on no open table (closed: {}).", o,
                                    track_names(c, d.closed_tracks)));
        } else {
          out.push_back(fmt::format("{} cannot be brought about from here, though {} has it.", o,
                                    track_names(c, d.open_tracks)));
        }
      }
      if (g.missing.empty())
        out.push_back(g.never.empty()
                          ? "No sequence of moves, willing or not, leads to it."
                          : "No moves, willing or not, change: " + options(g.never) + ".");
      break;
    case Obstacle::Unwilling:
      out.push_back(
          g.never.empty()
              ? fmt::format("Willing steps lead to {}, and none of them meets it.",
                            counted(g.states, "state", "states"))
              : fmt::format("Nobody who could is ever willing to change: {}.", options(g.never)));
      break;
    case Obstacle::NotHolding: {
      out.push_back(fmt::format(
          "Willing steps lead to it ({}), but at none of {} does it hold. "
          "The nearest: {}.",
          counted(g.goal_states, "state", "states"), g.goal_states == 1 ? "that one" : "them",
          g.path->steps.empty() ? "at the start" : told(c, *g.path)));
      const auto& b = *g.holding->breaks;
      if (c.mover(b.mover).track) {
        out.push_back(fmt::format("Then {} would agree to undo it ({}).", mover_name(c, b.mover),
                                  describe_changes(c, g.path->end(), b.answer.improvement)));
      } else {
        out.push_back("Then " + unanswered(c, g.path->end(), PartyId(b.mover.index()), b.answer));
      }
      break;
    }
    case Obstacle::None:
      break;
  }
}

void drift_lines(const Leaf& leaf, std::vector<std::string>& out) {
  const Conflict& c = *leaf.dispute;
  for (const DriftEvidence& e : leaf.drift) {
    const std::string name = c.party(e.party).name;
    if (e.places == 0) {
      out.push_back(fmt::format("{}: undecided at the limit ({} looked at).", name,
                                counted(e.states, "state", "states")));
      continue;
    }
    std::string text;
    if (e.set == e.shown && e.states == 1) {
      text = fmt::format("{}: the others then have nothing they would do", name);
    } else {
      text = fmt::format(
          "{}: the others then end in {}", name,
          counted(e.places, e.cycle ? "cycle" : "place", e.cycle ? "places or cycles" : "places"));
      if (e.shown != e.set)
        text += fmt::format(", {}: {}", e.places > 1 || e.cycle ? "such as" : "this one",
                            describe_changes(c, e.set, e.shown));
    }
    if (e.now && e.least && e.most) {
      const std::string unit = leaf.test.criterion.empty() ? "points" : leaf.test.criterion;
      text += *e.least == *e.most
                  ? fmt::format("; {}: {} today, {} then", unit, number(*e.now), number(*e.least))
                  : fmt::format("; {}: {} today, {} to {} then", unit, number(*e.now),
                                number(*e.least), number(*e.most));
    }
    out.push_back(text + ".");
  }
}

void willing_lines(const Leaf& leaf, std::vector<std::string>& out) {
  const Conflict& c = *leaf.dispute;
  for (const WillingEvidence& e : leaf.willing) {
    const std::string name = c.party(e.party).name;
    if (e.to) {
      out.push_back(
          fmt::format("{} is better off by this: {}.", name, describe_changes(c, e.from, *e.to)));
    } else if (e.moves == 0) {
      out.push_back(fmt::format("{} has no move that brings it about.", name));
    } else {
      out.push_back(fmt::format("{} has {} there, and none serves it; such as: {}.", name,
                                counted(e.moves, "move", "moves"),
                                describe_changes(c, e.from, *e.unwilling)));
    }
  }
}

void prefers_lines(const Leaf& leaf, std::vector<std::string>& out) {
  const Conflict& c = *leaf.dispute;
  for (const PrefersEvidence& e : leaf.prefers) {
    const bool above = c.better(e.party, e.a, e.b);
    std::string text = fmt::format(
        "{} {} this ({}) {} that ({})", c.party(e.party).name, above ? "puts" : "does not put",
        e.a == leaf.start ? "as today" : describe_changes(c, leaf.start, e.a), "above",
        e.b == leaf.start ? "as today" : describe_changes(c, leaf.start, e.b));
    if (c.numeric(e.party)) {
      const auto a = c.points(e.party, e.a);
      const auto b = c.points(e.party, e.b);
      text +=
          fmt::format(": {} to {} points", number(a.first + a.second), number(b.first + b.second));
    }
    if (e.above * e.below > 1) text += fmt::format("; {} pairs compared", e.above * e.below);
    out.push_back(text + ".");
  }
}

std::string chance(double p) {
  return p >= 0.1 ? fmt::format("{:.1f} %", 100 * p) : fmt::format("{:.3g} %", 100 * p);
}

void risk_lines(const Leaf& leaf, std::vector<std::string>& out) {
  const RiskEvidence& e = *leaf.risk;
  const Conflict& c = leaf.other ? *leaf.other : *leaf.dispute;
  std::string unit = c.parts().time.unit;
  const char* const units[] = {"day", "week", "month", "quarter", "year"};
  for (const char* known : units)
    if (unit == known && e.horizon != 1) unit += "s";
  constexpr double kSaysLittle = 0.1;  // the middle of wider bounds would look like a finding
  std::string text = fmt::format("The chance within {} {}: ", number(e.horizon), unit);
  if (e.width > kSaysLittle) {
    text += fmt::format("not found out (the bounds lie {} apart)", chance(e.width));
  } else {
    text += fmt::format("{} without, {} with", chance(e.before), chance(e.after));
    if (e.before > 0) text += fmt::format(", {} times as much", number(e.after / e.before));
    if (e.width > 1e-6) text += fmt::format(" (known to within {})", chance(e.width));
  }
  out.push_back(text + fmt::format("; chain of {}.", counted(e.states, "state", "states")));
}

void doubt_lines(const Leaf& leaf, std::vector<std::string>& out) {
  switch (leaf.doubt) {
    case Doubt::Ambiguous:
      out.push_back(
          "The test comes out differently in states that meet the condition equally "
          "well, so it is undecided.");
      break;
    case Doubt::NotComputed:
      out.push_back("It cannot be computed" + (leaf.reason.empty()
                                                   ? std::string(" from what the case says.")
                                                   : ": " + leaf.reason + "."));
      break;
    case Doubt::Limit:
      out.push_back(leaf.end == End::Cancelled ? "It was interrupted." : "A limit was met.");
      break;
    case Doubt::Void:
    case Doubt::None:
      break;
  }
}

}  // namespace

std::vector<std::string> evidence_lines(const Leaf& leaf) {
  std::vector<std::string> out;
  set_lines(leaf, out);
  if (leaf.stable) stable_lines(leaf, out);
  if (leaf.reach) {
    if (leaf.reach->path) {
      out.push_back(leaf.reach->path->steps.empty()
                        ? "It is so at the start."
                        : "The way: " + told(*leaf.dispute, *leaf.reach->path) + ".");
    } else if (leaf.truth != Truth::Undecided) {
      out.push_back(leaf.by_construction ? "No moves, willing or not, bring it about."
                    : leaf.reach->states == 0
                        ? "Nobody who could is ever willing to bring it about."
                        : fmt::format("Willing steps lead to {}, and none of them meets it.",
                                      counted(leaf.reach->states, "state", "states")));
    }
  }
  if (leaf.goal && leaf.goal_with) {
    std::vector<std::string> without;
    goal_lines(*leaf.dispute, *leaf.goal, without);
    for (std::string& s : without) out.push_back("Without it: " + s);
    std::vector<std::string> with;
    goal_lines(*leaf.other, *leaf.goal_with, with);
    for (std::string& s : with) out.push_back("With it: " + s);
  } else if (leaf.goal) {
    goal_lines(*leaf.dispute, *leaf.goal, out);
  }
  drift_lines(leaf, out);
  willing_lines(leaf, out);
  prefers_lines(leaf, out);
  if (leaf.risk) risk_lines(leaf, out);
  doubt_lines(leaf, out);
  if (leaf.by_construction) out.push_back("No preferences could make this otherwise.");
  return out;
}

}  // namespace wayout
