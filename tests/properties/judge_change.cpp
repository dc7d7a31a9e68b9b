// Ways out and the search for measures held against the reference.
#include "properties/judge_change.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "wayout/base/random.hpp"
#include "wayout/change/way_out.hpp"

namespace wayout::properties {
namespace {

std::string random_condition(const Parts& parts, Random& r) {
  if (parts.graph_form()) {
    std::string out;
    for (std::size_t k = 0; k < 1 + r.below(3); ++k)
      out += (out.empty() ? "state == " : " or state == ") +
             std::to_string(r.pick(parts.states).number);
    return out;
  }
  std::string out;
  for (std::size_t k = 0; k < 1 + r.below(3); ++k) {
    const OptionPart& o = r.pick(parts.options);
    const std::size_t levels = o.levels.empty() ? 2 : o.levels.size();
    if (!out.empty()) out += r.chance(0.6) ? " and " : " or ";
    out += o.id + (r.chance(0.7) ? " == " : " != ") + std::to_string(r.below(levels));
  }
  return out;
}

/// A way as the definition has it: the least marks over all paths and all ends.
struct Truth {
  bool exists = false;
  int badness = 8;  ///< hollow 4, bought 2, worse on the way 1
};

/// Every course of improvements with its whole history of marks, one by one.
Truth truth_of(const Sides& both, const GoalPart& goal, std::size_t start,
               const std::vector<Concept>& profile) {
  const reference::Model& m = *both.model;
  const auto meets = *reference::where(m, goal.when);
  reference::StateSet avoid(both.state.size(), false);
  if (!goal.avoid.empty()) avoid = *reference::where(m, goal.avoid);
  // What a course has done so far: for each option the way it moved last, and the two marks.
  struct Node {
    std::size_t state;
    std::vector<int> moved;
    bool bought, worse;
    auto key() const { return std::tie(state, moved, bought, worse); }
    bool operator<(const Node& o) const { return key() < o.key(); }
  };
  const std::size_t options = reference::levels(m, start).size();
  std::set<Node> seen;
  std::vector<Node> open{{start, std::vector<int>(options, 0), false, false}};
  seen.insert(open[0]);
  Truth out;
  std::map<std::size_t, std::pair<bool, bool>> held;
  while (!open.empty()) {
    const Node n = open.back();
    open.pop_back();
    if (meets[n.state]) {
      if (held.count(n.state) == 0)
        held[n.state] = {reference::holds(m, n.state, meets, profile),
                         reference::holds_clean(m, n.state, meets, profile)};
      const auto [holds, clean] = held[n.state];
      if (holds) {
        out.exists = true;
        out.badness =
            std::min(out.badness, (clean ? 0 : 4) + (n.bought ? 2 : 0) + (n.worse ? 1 : 0));
      }
    }
    bool below = false;
    if (n.state != start)
      for (std::size_t p = 0; p < reference::party_count(m); ++p)
        below = below || reference::better(m, p, start, n.state);
    // Back at the start a course has moved options for nothing, and no party is below it.
    for (std::size_t k = 0; k < reference::mover_count(m); ++k)
      for (const std::size_t t : reference::improvements(m, k, n.state)) {
        if (avoid[t]) continue;
        Node next{t, n.moved, n.bought, n.worse || below};
        if (!reference::graph_form(m))
          for (std::size_t o = 0; o < options; ++o) {
            const int d = reference::levels(m, t)[o] - reference::levels(m, n.state)[o];
            if (d == 0) continue;
            const int way = d > 0 ? 1 : -1;
            next.bought = next.bought || next.moved[o] == -way;
            next.moved[o] = way;
          }
        if (seen.insert(next).second) open.push_back(next);
      }
  }
  return out;
}

}  // namespace

Parts with_goals(Parts parts, std::uint64_t seed) {
  Random r(seed, 0, "goals");
  for (std::size_t i = 0; i < 3; ++i) {
    GoalPart goal;
    goal.id = "goal" + std::to_string(i);
    goal.when = random_condition(parts, r);
    if (r.chance(0.4)) goal.avoid = random_condition(parts, r);
    const char* concepts[] = {"nash", "gmr", "smr", "seq", "sseq"};
    goal.hold.concept_name = concepts[r.below(5)];
    if (r.chance(0.3))
      goal.hold.profile.emplace_back(r.pick(parts.parties).id, concepts[r.below(5)]);
    parts.goals.push_back(std::move(goal));
  }
  return parts;
}

std::string judge_ways_out(const Sides& both, std::uint64_t) {
  const auto& goals = both.conflict.goals();
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < goals.size(); ++i) all.push_back(i);
  const auto now = both.conflict.status_quo();
  if (!now) return "";
  const std::size_t start = both.number.at(*now);
  for (const bool details : {true, false})
    for (const bool refute : {true, false}) {
      WayOutSettings settings;
      settings.details = details;
      settings.refute = refute;
      const auto found = ways_out(both.conflict, all, settings);
      for (const WayOut& way : found) {
        const GoalInfo& info = goals[way.goal];
        const std::string text = "goal '" + both.conflict.parts().goals[way.goal].when +
                                 "', details " + (details ? "on" : "off") + ": ";
        if (way.end != End::Complete) return text + "undecided";
        const Truth truth =
            truth_of(both, both.conflict.parts().goals[info.part], start, hold_profile(info));
        if (way.exists != truth.exists)
          return text + (truth.exists ? "a way is missed" : "a way where there is none");
        if (way.clean != (truth.badness == 0))
          return text + (way.clean ? "clean where it is not" : "the clean way is missed");
        if (way.refuted && truth.exists) return text + "refuted though there is a way";
        if (!truth.exists || !(details || way.clean)) continue;
        const int badness = (way.hollow ? 4 : 0) + (way.marks.bought ? 2 : 0) +
                            (way.marks.worse_on_the_way ? 1 : 0);
        if (badness != truth.badness)
          return text + "marks: reference " + std::to_string(truth.badness) + ", engine " +
                 std::to_string(badness);
        if (!way.path || way.path->end() != *way.state) return text + "no path to its state";
        std::size_t at = start;
        for (const PathStep& step : way.path->steps) {
          const std::size_t t = both.number.at(step.state);
          const auto list = reference::improvements(*both.model, step.mover.index(), at);
          if (std::find(list.begin(), list.end(), t) == list.end())
            return text + "a step that is no improvement";
          if (info.avoid && both.conflict.holds(*info.avoid, step.state))
            return text + "a step to what is to be avoided";
          at = t;
        }
        if (!both.conflict.holds(info.when, *way.state)) return text + "the end is no goal";
        if (details && (!way.holding || !way.holding->holds || way.holding->clean == way.hollow))
          return text + "the holding shown is another";
      }
    }
  return "";
}

}  // namespace wayout::properties
