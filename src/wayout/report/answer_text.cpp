#include "wayout/report/answer_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/page.hpp"
#include "wayout/report/proof_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

std::string title_of(Concept c) { return std::string(concept_title(c)); }

std::string number(double x) {
  std::string out = fmt::format("{:.3f}", x);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

/// What deters the improvement of one answer, as the second half of a sentence.
std::string deterrent(const Conflict& conflict, const Answer& a) {
  std::string out = chain_words(conflict, a.improvement, a.sanction);
  if (a.hollow) out += " [hollow: that first step serves it today as well, so it punishes nothing]";
  return out;
}

std::string party_line(const Conflict& conflict, State s, const PartyStanding& party) {
  const std::string name = conflict.party(party.party).name;
  if (conflict.party(party.party).third) return name + ": a third party, indifferent.";
  const auto of = [&](Concept c) -> const Verdict* {
    for (std::size_t i = 0; i < party.concepts.size(); ++i)
      if (party.concepts[i] == c) return &party.verdicts[i];
    return nullptr;
  };
  const Verdict* nash = of(Concept::Nash);
  const Verdict* seq = of(Concept::Seq);
  const Verdict* gmr = of(Concept::Gmr);
  if (nash->end != End::Complete) return name + ": undecided at the limit.";
  if (nash->stable) return name + ": no move of its own serves it better (stable: Nash).";
  std::string many =
      nash->improvements == 1 ? "one move" : with_commas(nash->improvements) + " moves";
  if (nash->more_improvements) many = "at least " + many;
  if (seq->end != End::Complete)
    return fmt::format(
        "{}: {} would serve it better, such as: {}. Whether it is deterred is undecided at the "
        "limit.",
        name, many, describe_changes(conflict, s, nash->answers.front().improvement));
  if (seq->stable) {
    const Answer& a = seq->answers.front();
    return fmt::format(
        "{}: deterred (stable: SEQ{}). At first {} would serve it better, such as: {}. The answer "
        "would be: {}.",
        name, seq->stable_clean ? "" : ", but hollow", many,
        describe_changes(conflict, s, a.improvement), deterrent(conflict, a));
  }
  const Answer& open = seq->answers.back();
  std::string out = fmt::format(
      "{}: would rather move (unstable: SEQ). Of {} that would serve it better, this one meets no "
      "answer the others "
      "would want to give that takes the gain away: {}",
      name, many, describe_changes(conflict, s, open.improvement));
  if (gmr->end == End::Complete && gmr->stable)
    out += ". Only answers that hurt those who give them would do so (stable: GMR)";
  return out + ".";
}

/// The verdict in a word or two, and what is behind it.
std::pair<std::string, std::string> verdict_words(const GoalAnswer& g) {
  switch (g.verdict) {
    case GoalVerdict::YesNow:
      return {"yes, now", ""};
    case GoalVerdict::Depends: {
      std::vector<std::string> marks;
      if (g.holding && !g.holding->clean) marks.push_back("it holds only by a hollow deterrent");
      if (g.marks.bought) marks.push_back("it is bought with a step taken back later");
      if (g.marks.worse_on_the_way) marks.push_back("somebody is worse off on the way");
      return {"depends", join_and(marks)};
    }
    case GoalVerdict::Undecided:
      return {"undecided", g.end == End::Cancelled ? "it was interrupted" : "a limit was met"};
    case GoalVerdict::NotNow:
      break;
  }
  const std::string no = "not as things stand";
  switch (g.obstacle) {
    case Obstacle::Impossible:
      return {no, "impossible under the rules"};
    case Obstacle::OutOfReach:
      return {no, "no open table can bring it about"};
    case Obstacle::Unwilling:
      return {no, g.concession_path->unwilling == 1
                      ? std::string("it takes one step against somebody's own interest")
                      : fmt::format("it takes {} steps against somebody's own interest",
                                    g.concession_path->unwilling)};
    case Obstacle::NotHolding:
      return {no, "it would not hold"};
    case Obstacle::None:
      break;
  }
  return {no, ""};
}

GoalWords words_of(const GoalAnswer& g) {
  const auto [word, reason] = verdict_words(g);
  return {word, reason,
          g.verdict == GoalVerdict::YesNow   ? 1
          : g.verdict == GoalVerdict::NotNow ? -1
                                             : 0};
}

std::string painted(int colour, const std::string& words, const TextStyle& style) {
  return colour > 0 ? style.good(words) : colour < 0 ? style.bad(words) : style.maybe(words);
}

void standing_text(const Conflict& conflict, const CaseAnswer& answer, Page& page) {
  const Standing& s = answer.standing;
  page.head("Where it stands");
  page.line("Today: " + describe_state(conflict, s.start) + ".", 2, 2);
  std::vector<std::string> equilibrium;
  for (std::size_t c = 0; c < kClassicalConcepts.size(); ++c) {
    const bool all = std::all_of(s.parties.begin(), s.parties.end(), [c](const PartyStanding& p) {
      return p.verdicts[c].end == End::Complete && p.verdicts[c].stable;
    });
    if (all) equilibrium.push_back(title_of(kClassicalConcepts[c]));
  }
  const auto refuted = [&](std::size_t c) {
    return std::any_of(s.parties.begin(), s.parties.end(), [c](const PartyStanding& p) {
      return p.verdicts[c].end == End::Complete && !p.verdicts[c].stable;
    });
  };
  bool none = true;
  for (std::size_t c = 0; c < kClassicalConcepts.size(); ++c) none = none && refuted(c);
  if (equilibrium.empty() && !none) {
    page.line(refuted(0)
                  ? "Somebody could gain by moving alone; whether all who could are deterred "
                    "is undecided at the limit."
                  : "Whether the status quo is an equilibrium is undecided at the limit.",
              2, 2);
  } else if (equilibrium.empty()) {
    page.line("Somebody has reason to move: the status quo is no equilibrium.", 2, 2);
  } else {
    page.line(
        std::string(equilibrium[0] == "Nash" ? "Nobody gains by moving alone"
                                             : "Whoever could gain by moving alone is deterred") +
            ": the status quo is an equilibrium (" + join(equilibrium, ", ") + ").",
        2, 2);
  }
  for (const PartyStanding& p : s.parties) page.line("- " + party_line(conflict, s.start, p), 2, 2);
  if (s.deals.empty() && !conflict.parts().tracks.empty())
    page.line("- Talks: no open table has a deal today that serves everybody at it.", 2, 2);
  for (const Step& deal : s.deals)
    page.line("- Talks: a deal is to be had at once at " + mover_name(conflict, deal.mover) + ": " +
                  describe_changes(conflict, s.start, deal.state) + ".",
              2, 2);
  if (s.drift.end != End::Complete) {
    page.line(fmt::format("Where it drifts is undecided at the limit, after {}.",
                          counted(s.drift.states, "state", "states")),
              2, 2);
    return;
  }
  if (s.drift.start_rests()) {
    page.line("If nothing changes, it stays as it is: nobody has a step that serves it.", 2, 2);
    return;
  }
  std::size_t cycles = 0;
  for (const auto& set : s.drift.sets) cycles += set.size() > 1 ? 1 : 0;
  const std::size_t rests = s.drift.sets.size() - cycles;
  std::vector<std::string> ends;
  if (rests > 0) ends.push_back(counted(rests, "resting place", "resting places"));
  if (cycles > 0) ends.push_back(counted(cycles, "round without end", "rounds without end"));
  std::string text = fmt::format(
      "If each simply takes the next step that serves it, without weighing the answers, {} can "
      "come "
      "about, and it drifts to {}",
      counted(s.drift.states, "state", "states"), join_and(ends));
  if (!s.settled_changes.empty()) {
    std::vector<std::string> items;
    for (const auto& [o, level] : s.settled_changes)
      items.push_back(describe_level(conflict, o, level));
    text += s.drift.sets.size() == 1 ? ", new there: " : ", new in every one of them: ";
    text += join(items, "; ");
  }
  page.line(text + ".", 2, 2);
  if (!s.open_ends.empty()) {
    std::vector<std::string> items;
    for (const OptionId o : s.open_ends) items.push_back(conflict.option(o).name);
    page.line("Not settled by that: " + join(items, "; ") + ".", 2, 2);
  }
}

void impossible_text(const Conflict& conflict, const GoalAnswer& g, Page& page) {
  if (g.rules.rules.empty()) {
    page.line(g.rules.contradiction
                  ? "The goal contradicts itself."
                  : "Every state that meets it is among those to be avoided, or none does.",
              4, 0);
    return;
  }
  page.line(g.rules.rules.size() == 1 ? "No state allows it. One rule excludes it:"
                                      : "No state allows it. These rules together exclude it, and "
                                        "none of them could be missing:",
            4, 2);
  for (const std::size_t r : g.rules.rules) {
    const RulePart& rule = conflict.parts().rules[r];
    std::string text = rule_name(conflict, r);
    if (!rule.kind.empty()) text += " (" + rule.kind + ")";
    if (!rule.because.empty()) text += ". " + rule.because;
    page.line("- " + text, 4, 2);
  }
}

/// Goals that no sequence of moves leads to: told together, because they share the reason.
void out_of_reach_text(const Conflict& conflict, const CaseAnswer& answer, Page& page) {
  std::vector<const GoalAnswer*> goals;
  for (const GoalAnswer& g : answer.goals)
    if (g.verdict == GoalVerdict::NotNow && g.obstacle == Obstacle::OutOfReach) goals.push_back(&g);
  if (goals.empty()) return;
  std::uint64_t states = 0;
  for (const GoalAnswer* g : goals) states = std::max(states, g->any_states);
  page.line(
      fmt::format("No sequence of moves leads {}, willing or not (all {} that can be reached were "
                  "looked at):",
                  goals.size() == 1 ? "there" : "to these", counted(states, "state", "states")),
      2, 2);
  std::vector<const MissingDeal*> missing;
  for (const GoalAnswer* g : goals) {
    std::vector<std::string> needs;
    for (const MissingDeal& d : g->missing) {
      if (!d.open_tracks.empty()) continue;
      needs.push_back(conflict.option(d.option).name);
      const bool known = std::any_of(missing.begin(), missing.end(),
                                     [&](const MissingDeal* m) { return m->option == d.option; });
      if (!known) missing.push_back(&d);
    }
    std::string text = "- " + conflict.goals()[g->goal].name;
    if (needs.size() == 1 && needs[0] != conflict.goals()[g->goal].name)
      text += ": lacks " + needs[0];
    if (needs.size() > 1) text += ": lacks " + join(needs, "; ");
    if (needs.empty() && g->nearest)
      text += ". Its nearest state would be: " +
              describe_changes(conflict, answer.standing.start, *g->nearest);
    page.line(text, 2, 2);
  }
  if (missing.empty()) return;
  // Agreements that stand on the same tables are told of in one line.
  std::vector<std::pair<std::string, std::vector<std::string>>> places;
  std::vector<std::size_t> linked;
  for (const MissingDeal* d : missing) {
    const auto name_of = [&](std::size_t t) {
      const TrackPart& part = conflict.parts().tracks[t];
      return "\"" + (part.name.empty() ? part.id : part.name) + "\"";
    };
    std::vector<std::string> parts;
    for (const std::size_t t : d->linked_tracks) {
      parts.push_back("on " + name_of(t) + " (linked)");
      if (std::find(linked.begin(), linked.end(), t) == linked.end()) linked.push_back(t);
    }
    for (const std::size_t t : d->closed_tracks)
      parts.push_back("on " + name_of(t) + " (not open)");
    const std::string place = parts.empty() ? "on no table" : join_and(parts);
    const std::string name = conflict.option(d->option).name;
    const auto at =
        std::find_if(places.begin(), places.end(), [&](const auto& p) { return p.first == place; });
    if (at == places.end()) {
      places.push_back({place, {name}});
    } else {
      at->second.push_back(name);
    }
  }
  page.line("Where the missing agreements are:", 2, 2);
  for (const auto& [place, names] : places)
    page.line("- " + join(names, "; ") + ": " + place + ".", 2, 2);
  for (const std::size_t t : linked) {
    const TrackPart& part = conflict.parts().tracks[t];
    page.line("- Linked: at \"" + (part.name.empty() ? part.id : part.name) +
                  "\" nothing is agreed without " +
                  (part.linked == "true" ? std::string("everything else that is on it")
                                         : in_words(conflict, part.linked)) +
                  ".",
              2, 2);
  }
}

void concession_text(const Conflict& conflict, const GoalAnswer& g, const TextStyle& style,
                     Page& page) {
  const Path& path = *g.concession_path;
  page.line(fmt::format("The way with the fewest unwilling steps ({} of {}):", path.unwilling,
                        path.steps.size()),
            4, 2);
  page.raw(path_text(conflict, path, style, 6));
}

void hold_text(const Conflict& conflict, const GoalAnswer& g, Page& page) {
  const Holding& h = *g.holding;
  const State at = g.path->end();
  if (!h.holds) {
    const auto& b = *h.breaks;
    const std::string step = describe_changes(conflict, at, b.answer.improvement);
    if (conflict.mover(b.mover).track) {
      page.line(fmt::format("Then everybody at {} would agree to undo it: {}.",
                            mover_name(conflict, b.mover), step),
                4, 2);
      return;
    }
    const bool nash = conflict.goals()[g.goal].hold[b.mover.index()] == "nash";
    std::string text =
        fmt::format("{} would then break it: {}", mover_name(conflict, b.mover), step);
    if (b.answer.counter_move) {
      text += fmt::format("; the answer ({}) can be escaped ({})",
                          chain_words(conflict, b.answer.improvement, b.answer.evaded),
                          describe_changes(conflict,
                                           b.answer.evaded.empty() ? b.answer.improvement
                                                                   : b.answer.evaded.back().state,
                                           *b.answer.counter_move));
    } else if (nash) {
      text += ". The goal is to hold without any deterrent (Nash), so answers do not count";
    } else {
      text += fmt::format(
          ". Nothing the others would want to do in answer takes that gain away ({} looked at)",
          counted(b.answer.searched, "state", "states"));
    }
    page.line(text + ".", 4, 2);
    if (g.goal_states > 1)
      page.line(
          fmt::format(
              "None of the {} states of the goal that can be reached holds; this is the nearest.",
              with_commas(g.goal_states)),
          4, 2);
    return;
  }
  if (h.deterred.empty()) {
    page.line("Nobody has a move that serves it and breaks this.", 4, 2);
  }
  for (const auto& [p, v] : h.deterred) {
    const Answer* shown = &v.answers.front();
    for (const Answer& a : v.answers)
      if (a.hollow) shown = &a;
    page.line(
        fmt::format(
            "{} could gain at first by breaking it ({}), but is deterred. The answer would be: {}.",
            conflict.party(p).name, describe_changes(conflict, at, shown->improvement),
            deterrent(conflict, *shown)),
        4, 2);
  }
  if (g.kept && g.kept->end == End::Complete) {
    page.line(g.kept->kept
                  ? "Nothing that anybody wants to do from there ever undoes it (kept)."
                  : fmt::format("{} could undo it by {} (not kept): {}.",
                                h.deterred.empty() ? "Later, others" : "If deterrence failed, they",
                                counted(g.kept->path.size(), "willing step", "willing steps"),
                                chain_words(conflict, at, g.kept->path)),
              4, 2);
  }
  if (!g.equilibrium.empty()) {
    std::vector<std::string> names;
    for (const Concept c : g.equilibrium) names.push_back(title_of(c));
    page.line(
        std::string(names[0] == "Nash"
                        ? "Nobody gains by moving in any other respect either"
                        : "Whoever could gain by moving in any other respect is deterred too") +
            ": an equilibrium (" + join(names, ", ") + ").",
        4, 2);
  } else {
    page.line("Other things would still move: the state as a whole is no equilibrium.", 4, 2);
  }
}

/// "6.5 points (rest of Minsk in force)": what a concession costs, vital losses apart from the
/// others.
std::string loss_words(const Conflict& conflict, const Concession& c) {
  constexpr std::size_t kMostNames = 4;
  const PreferencePart* part = conflict.preference_part(c.party);
  const auto named = [&](std::string words, const std::function<bool(std::size_t)>& counts) {
    std::vector<std::string> names;
    for (const std::size_t k : c.statements)
      if (counts(k)) names.push_back(statement_name(conflict, c.party, k));
    if (names.size() > kMostNames) {
      names.resize(kMostNames);
      names.push_back("…");
    }
    return names.empty() ? words : words + " (" + join(names, "; ") + ")";
  };
  if (!c.in_points) return named("something it ranks", [](std::size_t) { return true; });
  std::vector<std::string> parts;
  if (c.vital > 0)
    parts.push_back(named(number(c.vital) + " points on what is vital to it",
                          [&](std::size_t k) { return part->statements[k].vital; }));
  if (c.points > 0)
    parts.push_back(named(number(c.points) + " points",
                          [&](std::size_t k) { return !part->statements[k].vital; }));
  return join_and(parts);
}

}  // namespace

std::string path_text(const Conflict& conflict, const Path& path, const TextStyle& style,
                      std::size_t indent) {
  Page page(style);
  if (path.steps.empty()) {
    page.line("no step is needed: it is so today", indent, 2);
    return page.take();
  }
  const auto given = concessions(conflict, path);
  State from = path.start;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const PathStep& step = path.steps[i];
    std::string text = fmt::format("{}. {}: {}", i + 1, mover_name(conflict, step.mover),
                                   describe_changes(conflict, from, step.state));
    if (!step.willing) text += " [against its interest]";
    page.line(text, indent, 3);
    for (const Concession& c : given) {
      if (c.step != i) continue;
      page.line(conflict.party(c.party).name + " gives up " + loss_words(conflict, c), indent + 3,
                2);
    }
    from = step.state;
  }
  return page.take();
}

std::string answer_text(const Conflict& conflict, const CaseAnswer& answer, const TextStyle& style,
                        const std::string& limits, const std::map<std::size_t, GoalWords>& words,
                        const std::string& room, const std::string& note) {
  Page page(style);
  const Parts& parts = conflict.parts();
  if (!parts.title.empty()) page.raw(heading(style, parts.title));
  std::string about;
  if (!parts.question.empty()) about = parts.question + "  ";
  about +=
      style.dim(fmt::format("({}, {}, {}{})", counted(conflict.party_count(), "party", "parties"),
                            counted(conflict.option_count(), "option", "options"),
                            counted(parts.tracks.size(), "track", "tracks"),
                            parts.date.empty() ? "" : "; as of " + parts.date));
  page.line(about);
  if (!note.empty()) page.line(note);
  if (!answer.goals.empty()) {
    page.head("In short");
    for (const GoalAnswer& g : answer.goals) {
      const auto known = words.find(g.goal);
      const auto [word, reason, colour] = known == words.end() ? words_of(g) : known->second;
      // The verdict in a column of its own; padded before it is painted.
      const std::string text =
          conflict.goals()[g.goal].name + (reason.empty() ? "" : ": " + reason);
      page.raw(beside("  " + painted(colour, fmt::format("{:<21}", word), style), text, style.width,
                      23));
    }
  }
  standing_text(conflict, answer, page);
  const auto stopped = [](const GoalAnswer& g) {
    return g.verdict == GoalVerdict::NotNow || g.verdict == GoalVerdict::Undecided;
  };
  if (std::any_of(answer.goals.begin(), answer.goals.end(), stopped))
    page.head("Impasse: what stops it");
  for (const GoalAnswer& g : answer.goals) {
    if (!stopped(g) || g.obstacle == Obstacle::OutOfReach) continue;
    page.line("- " + conflict.goals()[g.goal].name, 2, 2);
    if (g.verdict == GoalVerdict::Undecided) {
      page.line(fmt::format("Undecided {}: {} looked at{}.",
                            g.end == End::Cancelled ? std::string("because it was interrupted")
                                                    : "at the limit (" + limits + ")",
                            counted(g.states, "reachable state", "reachable states"),
                            g.goal_states == 0
                                ? std::string(", none of which meets it so far")
                                : fmt::format(", {} of which meet it, {} judged",
                                              with_commas(g.goal_states), with_commas(g.judged))),
                4, 2);
      continue;
    }
    switch (g.obstacle) {
      case Obstacle::Impossible:
        impossible_text(conflict, g, page);
        break;
      case Obstacle::Unwilling:
        page.line(fmt::format("No sequence of willing steps leads there ({} can be reached by "
                              "them, all looked at).",
                              counted(g.states, "state", "states")),
                  4, 2);
        concession_text(conflict, g, style, page);
        break;
      case Obstacle::NotHolding:
        page.line(fmt::format("It can be reached by {}, but would not hold.",
                              counted(g.path->steps.size(), "willing step", "willing steps")),
                  4, 2);
        hold_text(conflict, g, page);
        break;
      case Obstacle::OutOfReach:
      case Obstacle::None:
        break;
    }
  }
  out_of_reach_text(conflict, answer, page);
  page.raw(room);
  bool first = true;
  for (const GoalAnswer& g : answer.goals) {
    if (g.verdict != GoalVerdict::YesNow && g.verdict != GoalVerdict::Depends) continue;
    if (first) page.head("Hold and reach: what would hold, and how to get there");
    first = false;
    const auto [word, reason] = verdict_words(g);
    page.line(
        "- " + conflict.goals()[g.goal].name + ": " + word + (reason.empty() ? "" : "; " + reason),
        2, 2);
    if (g.path) page.raw(path_text(conflict, *g.path, style, 4));
    hold_text(conflict, g, page);
    for (const OptionId o : g.marks.bought_options)
      page.line("Moves and later moves back: " + conflict.option(o).name + ".", 4, 2);
    for (const PartyId p : g.marks.worse_parties)
      page.line("Worse off on the way than today: " + conflict.party(p).name + ".", 4, 2);
  }
  return page.take();
}

}  // namespace wayout
