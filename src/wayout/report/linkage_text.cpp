#include "wayout/report/linkage_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

void line(std::string& out, const TextStyle& style, const std::string& text, std::size_t indent) {
  out += std::string(indent, ' ') + wrap_after(indent, text, style.width, indent + 2) + "\n";
}

const char* state_words(GoalState g, bool thorough) {
  switch (g) {
    case GoalState::Out:
      return "out of reach";
    case GoalState::Reachable:
      return thorough ? "reached, but does not hold" : "reached (whether it holds was not judged)";
    case GoalState::Depends:
      return "a way out with a doubt";
    case GoalState::WayOut:
      return "a way out";
    case GoalState::Undecided:
      return "undecided";
  }
  return "";
}

/// An open table is tied to an expression, which no grouping here has.
bool has_condition(const Conflict& conflict) {
  const auto& tracks = conflict.parts().tracks;
  return std::any_of(tracks.begin(), tracks.end(), [](const TrackPart& t) {
    return t.open && !t.linked.empty() && t.linked != "true" && t.linked != "false";
  });
}

std::string goal_name(const Conflict& conflict, std::size_t g) { return conflict.goals()[g].name; }

/// A grouping by a short name where it has one.
std::string closest_words(const Conflict& conflict, const Linkage& linkage, const Grouping& g) {
  if (g == linkage.present && has_condition(conflict))
    return "today's tables without their condition";
  for (std::size_t k = 0; k < linkage.best.size(); ++k)
    if (linkage.best[k].grouping == g) return "number " + std::to_string(k + 1) + " below";
  return grouping_words(conflict, g);
}

void result_text(std::string& out, const Conflict& conflict, const Linkage& linkage,
                 const GroupingResult& r, std::size_t number, const TextStyle& style) {
  line(out, style, fmt::format("{}. {}", number, grouping_words(conflict, r.grouping)), 2);
  std::vector<std::string> goals;
  for (std::size_t g = 0; g < r.view.goals.size(); ++g)
    if (r.view.goals[g] != GoalState::Out)
      goals.push_back(goal_name(conflict, g) + ": " + state_words(r.view.goals[g], r.thorough));
  line(out, style, goals.empty() ? "No goal can be reached." : join(goals, "; ") + ".", 5);
  if (r.view.drift.empty())
    line(out, style, "Where it drifts then was not found, so who fares better is not known.", 5);
  for (const Fortune f : {Fortune::Better, Fortune::Worse, Fortune::Mixed}) {
    PartyMask who = 0;
    for (const PartyId p : conflict.parties())
      if (!conflict.party(p).third && r.fortunes[p.index()] == f) who |= mask_of(p);
    if (who == 0 || r.view.drift.empty()) continue;
    line(out, style,
         (f == Fortune::Better  ? "Where it drifts then is better than today's drift for "
          : f == Fortune::Worse ? "Where it drifts then is worse than today's drift for "
                                : "Better in part and worse in part for ") +
             party_names(conflict, who) + ".",
         5);
  }
  std::vector<std::string> without;
  for (std::size_t b = 0; b < r.grouping.blocks.size(); ++b)
    if (r.grouping.blocks[b].table() && r.room[b] == 0)
      without.push_back("[" + conflict.option(r.grouping.blocks[b].issues.front()).name +
                        (r.grouping.blocks[b].issues.size() > 1 ? "; …" : "") + "]");
  if (!without.empty()) line(out, style, "No room from today at: " + join_and(without) + ".", 5);
  if (r.grouping == linkage.present)
    line(out, style,
         has_condition(conflict) ? "These are today's tables, without their condition."
                                 : "These are today's tables.",
         5);
}

}  // namespace

std::string grouping_words(const Conflict& conflict, const Grouping& grouping) {
  std::vector<std::string> blocks;
  std::vector<std::string> off;
  for (const Block& b : grouping.blocks) {
    std::vector<std::string> names;
    for (const OptionId o : b.issues) names.push_back(conflict.option(o).name);
    if (!b.table()) {
      off.insert(off.end(), names.begin(), names.end());
      continue;
    }
    blocks.push_back("[" + join(names, "; ") + (b.linked ? ": all or nothing" : "") + "]");
  }
  std::string out = join(blocks, " ");
  if (!off.empty())
    out += (out.empty() ? "" : " ") + std::string("off the tables: ") + join(off, "; ");
  return out;
}

std::string linkage_text(const Conflict& conflict, const Linkage& linkage, const TextStyle& style) {
  std::string out = style.bold("Linkage: what is talked about together") + "\n";
  if (linkage.end != End::Complete)
    line(out, style,
         style.maybe(linkage.end == End::Cancelled ? "Interrupted" : "Stopped at a limit") +
             ": what follows is what was found by then.",
         2);
  if (linkage.issues.empty()) {
    line(out, style, "No open table has an issue on it.", 2);
    return out;
  }
  if (linkage.looked_at == 0) {
    line(out, style, "No grouping had been looked at.", 2);
    return out;
  }
  line(out, style,
       linkage.exhaustive && linkage.end == End::Complete
           ? fmt::format(
                 "All ways of grouping {} were looked at, {} in all (each without conditions "
                 "and with tables where all or nothing is agreed).",
                 counted(linkage.issues.size(), "issue", "issues"), with_commas(linkage.looked_at))
           : fmt::format("{} of {} were looked at, {}; the best of these are shown.",
                         counted(linkage.looked_at, "grouping", "groupings"),
                         counted(linkage.issues.size(), "issue", "issues"),
                         linkage.exhaustive ? "one after the other"
                                            : "from today's tables step by step to better ones"),
       2);
  if (linkage.undecided > 0)
    line(
        out, style,
        fmt::format("In {} some goal was left undecided, as more states would have to be looked at "
                    "(--max-states).",
                    counted(linkage.undecided, "grouping", "groupings")),
        2);
  line(out, style,
       "Today's tables: " + grouping_words(conflict, linkage.present) +
           (has_condition(conflict) ? " (with a condition, which no grouping below has)" : ""),
       2);
  if (!linkage.goals.empty()) {
    out += "\n";
    line(out, style, "Goals that willing steps can reach:", 2);
    for (std::size_t g = 0; g < linkage.goals.size(); ++g) {
      const auto& reach = linkage.goals[g];
      const bool today =
          g < linkage.today.goals.size() && (linkage.today.goals[g] == GoalState::Reachable ||
                                             linkage.today.goals[g] == GoalState::Depends ||
                                             linkage.today.goals[g] == GoalState::WayOut);
      std::string text = "- " + goal_name(conflict, g) + ": " +
                         (today ? "already with today's tables" : "not with today's tables");
      text += fmt::format("; in {} of {} groupings", with_commas(reach.groupings),
                          with_commas(linkage.looked_at));
      if (!today && reach.closest)
        text += ", the closest of them: " + closest_words(conflict, linkage, *reach.closest);
      line(out, style, text + ".", 2);
    }
  }
  out += "\n";
  line(out, style, "The best groupings:", 2);
  std::size_t number = 0;
  for (const GroupingResult& r : linkage.best)
    result_text(out, conflict, linkage, r, ++number, style);
  if (!linkage.blocking.empty()) {
    out += "\n";
    line(out, style, "What blocks a table of today:", 2);
    for (const Blocking& b : linkage.blocking) {
      std::string name = b.track;
      for (const TrackPart& t : conflict.parts().tracks)
        if (t.id == b.track && !t.name.empty()) name = t.name;
      line(out, style,
           fmt::format("- \"{}\" has no room; without {} {} would suit everybody there.", name,
                       b.issue ? "\"" + conflict.option(*b.issue).name + "\" on it"
                               : std::string("its condition"),
                       counted(b.room, "outcome", "outcomes")),
           2);
    }
  }
  return out;
}

}  // namespace wayout
