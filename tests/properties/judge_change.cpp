// Ways out and the search for measures held against the reference.
#include "properties/judge_change.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "wayout/base/random.hpp"
#include "wayout/change/cheapest.hpp"
#include "wayout/change/search.hpp"
#include "wayout/change/way_out.hpp"
#include "wayout/model/view.hpp"

namespace wayout::properties {
namespace {

std::string random_condition(const Parts& parts, Random& r) {
  if (!parts.graph_form() && parts.options.empty()) return "true";
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

std::optional<bool> opens_clean(const Parts& parts, std::size_t goal) {
  const auto both = sides(parts);
  if (!both || !both->conflict.status_quo()) return std::nullopt;
  const GoalInfo& g = both->conflict.goals().at(goal);
  return truth_of(*both, parts.goals.at(g.part), both->number.at(*both->conflict.status_quo()),
                  hold_profile(g))
             .badness == 0;
}

Parts with_random_measures(Parts parts, std::uint64_t seed) {
  Random r(seed, 0, "measures");
  for (TrackPart& t : parts.tracks)
    if (r.chance(0.5)) t.open = false;  // something to open
  const std::size_t count = 1 + r.below(6);
  for (std::size_t i = 0; i < count; ++i) {
    MeasurePart m;
    m.id = "measure" + std::to_string(i);
    m.cost.a = static_cast<int>(r.below(4));
    for (std::size_t k = 0; k < 1 + r.below(2); ++k) {
      EffectPart e;
      const auto what = r.below(8);
      if (what < 3 && !parts.tracks.empty()) {
        const TrackPart& t = r.pick(parts.tracks);
        e.target = t.id;
        e.kind = what == 0 ? EffectKind::Close : EffectKind::Open;
        if (what == 1 && !t.linked.empty()) e.kind = EffectKind::Unlink;
      } else if (what == 3 && !parts.rules.empty() && !parts.graph_form() &&
                 !parts.rules.back().id.empty()) {
        e.kind = EffectKind::DropRule;
        e.target = parts.rules.back().id;
      } else if (what == 4 && !parts.graph_form()) {
        const OptionPart& o = r.pick(parts.options);
        if (!o.enabled) continue;
        e.kind = EffectKind::Now;
        e.levels = {{o.id, LevelValue(std::int64_t{1})}};
      } else {
        if (parts.preferences.empty()) continue;
        const PreferencePart& p = r.pick(parts.preferences);
        if (p.statements.empty() || p.statements.front().id.empty()) continue;
        e.kind = EffectKind::Statement;
        e.target = p.party;
        e.statement = r.pick(p.statements).id;
        if (e.statement.empty()) continue;
        e.action = r.chance(0.5) ? StatementAction::Drop : StatementAction::Vital;
      }
      m.effects.push_back(std::move(e));
    }
    if (m.effects.empty()) continue;
    if (!parts.measures.empty() && r.chance(0.15)) m.needs = {parts.measures.front().id};
    if (!parts.measures.empty() && r.chance(0.15)) m.excludes = {parts.measures.back().id};
    parts.measures.push_back(std::move(m));
  }
  return parts;
}

namespace {

struct SetTruth {
  bool admissible = false;
  std::vector<int> badness;  ///< per goal
};

/// Every subset of the measures, by the reference. Errors: what the reference does not read.
Result<std::vector<SetTruth>> every_subset(const Parts& parts) {
  const std::size_t n = parts.measures.size();
  std::vector<SetTruth> truths(std::size_t{1} << n);
  for (std::size_t set = 0; set < truths.size(); ++set) {
    ViewSettings view_settings;
    for (std::size_t i = 0; i < n; ++i)
      if ((set >> i) & 1u) view_settings.with.push_back(parts.measures[i].id);
    const auto changed = view(parts, view_settings);
    if (!changed || !changed->status_quo()) continue;
    const auto both = sides(*changed);
    if (!both) return Unexpected<Errors>{both.error()};
    truths[set].admissible = true;
    for (const GoalInfo& g : changed->goals())
      truths[set].badness.push_back(truth_of(*both, changed->parts().goals[g.part],
                                             both->number.at(*changed->status_quo()),
                                             hold_profile(g))
                                        .badness);
  }
  return truths;
}

}  // namespace

std::string judge_cheapest(const Parts& parts) {
  const auto conflict = build(parts);
  if (!conflict || !conflict->status_quo()) return "";
  const auto truths = every_subset(parts);
  if (!truths) return "the reference does not read it: " + truths.error()[0].message;
  for (std::size_t goal = 0; goal < conflict->goals().size(); ++goal)
    for (const Least least : {Least::Cost, Least::Number})
      for (const bool marked : {false, true}) {
        const auto value = [&](std::size_t set) {
          double cost = 0;
          double number = 0;
          for (std::size_t i = 0; i < parts.measures.size(); ++i) {
            if (((set >> i) & 1u) == 0) continue;
            cost += parts.measures[i].cost.value()->to_double();
            ++number;
          }
          return least == Least::Cost ? std::pair(cost, number) : std::pair(number, cost);
        };
        std::optional<std::pair<double, double>> best;
        for (std::size_t set = 0; set < truths->size(); ++set)
          if ((*truths)[set].admissible && (*truths)[set].badness[goal] <= (marked ? 7 : 0) &&
              (!best || value(set) < *best))
            best = value(set);
        CheapestSettings settings;
        settings.search.threads = 1;
        settings.least = least;
        settings.marked = marked;
        const Cheapest found = cheapest_measures(*conflict, goal, settings);
        const std::string text = "goal '" + parts.goals[goal].when + "', " +
                                 (least == Least::Cost ? "cost" : "number") +
                                 (marked ? ", marked: " : ": ");
        if (!found.proved || found.end != End::Complete) return text + "not proved";
        if (found.best.has_value() != best.has_value())
          return text + (best ? "a set is missed" : "a set where there is none");
        if (!best) continue;
        std::size_t set = 0;
        for (const std::size_t i : found.best->measures) set |= std::size_t{1} << i;
        if ((*truths)[set].badness[goal] > (marked ? 7 : 0)) return text + "the set opens nothing";
        if (value(set) != *best || found.bound != best->first)
          return text + "told " + std::to_string(value(set).first) + ", the least is " +
                 std::to_string(best->first);
      }
  return "";
}

std::string judge_measures(const Parts& parts) {
  const auto conflict = build(parts);
  if (!conflict || !conflict->status_quo()) return "";
  const std::size_t n = parts.measures.size();
  const auto all = every_subset(parts);
  if (!all) return "the reference does not read it: " + all.error()[0].message;
  const std::vector<SetTruth>& truths = *all;
  SearchSettings settings;
  settings.most = n;
  settings.listed = 1000;
  settings.threads = 2;
  const MeasureSearch found = search_measures(*conflict, settings);
  if (found.end != End::Complete) return "undecided";
  for (std::size_t k = 0; k < found.goals.size(); ++k) {
    const GoalChange& g = found.goals[k];
    const auto minimal = [&](int worst) {
      std::set<std::size_t> out;
      for (std::size_t set = 0; set < truths.size(); ++set) {
        if (!truths[set].admissible || truths[set].badness[k] > worst) continue;
        bool smaller = false;
        for (const std::size_t other : out) smaller = smaller || (other & ~set) == 0;
        for (std::size_t other = 0; other < set && !smaller; ++other)
          smaller =
              (other & ~set) == 0 && truths[other].admissible && truths[other].badness[k] <= worst;
        if (!smaller) out.insert(set);
      }
      return out;
    };
    const auto told = [&](const std::vector<Opening>& list) {
      std::set<std::size_t> out;
      for (const Opening& o : list) {
        std::size_t set = 0;
        for (const std::size_t i : o.measures) set |= std::size_t{1} << i;
        out.insert(set);
      }
      return out;
    };
    auto clean = minimal(0);
    auto opening = minimal(7);
    const std::string text = "goal '" + parts.goals[g.goal].when + "': ";
    const bool now_clean = clean.erase(0) > 0;
    const bool now = opening.erase(0) > 0;
    if (g.now.exists != now || g.now.clean != now_clean) return text + "without measures";
    if (now_clean) continue;  // nothing above can be minimal
    if (told(g.clean) != clean) return text + "the minimal clean sets";
    if (told(g.opening) != opening) return text + "the minimal sets";
    for (const Opening& o : g.opening) {
      std::size_t set = 0;
      for (const std::size_t i : o.measures) set |= std::size_t{1} << i;
      const int badness = (o.way.hollow ? 4 : 0) + (o.way.marks.bought ? 2 : 0) +
                          (o.way.marks.worse_on_the_way ? 1 : 0);
      if (badness != truths[set].badness[k]) return text + "the marks of a set";
    }
  }
  return "";
}

}  // namespace wayout::properties
