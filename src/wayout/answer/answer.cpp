#include "wayout/answer/answer.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "wayout/space/closure.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

std::vector<MoverId> all_movers(const Conflict& conflict) {
  std::vector<MoverId> out;
  for (const MoverId m : conflict.movers()) out.push_back(m);
  return out;
}

VerdictSettings verdict_settings(const AnswerSettings& settings) {
  VerdictSettings vs;
  vs.sanctions = settings.sanctions;
  vs.most_states = settings.most_states;
  vs.watch = settings.watch;
  vs.watch.progress = nullptr;
  return vs;
}

PathSettings path_settings(const AnswerSettings& settings) {
  PathSettings ps;
  ps.most_states = settings.most_states;
  ps.watch = settings.watch;
  return ps;
}

Standing standing(RowSpace& space, State start, const AnswerSettings& settings) {
  const Conflict& conflict = space.conflict();
  Standing out;
  out.start = start;
  const VerdictSettings vs = verdict_settings(settings);
  for (const PartyId p : conflict.parties()) {
    PartyStanding party{p, {}, {}};
    for (const Concept c : kClassicalConcepts) {
      party.concepts.push_back(c);
      party.verdicts.push_back(verdict(space, p, start, c, vs));
    }
    out.parties.push_back(std::move(party));
  }
  const StateNumber n = space.table().intern(start);
  for (const MoverId m : conflict.movers()) {
    if (!conflict.mover(m).track) continue;
    space.for_each(m, n, Ask::Improvements, [&](StateNumber t) {
      out.deals.push_back({m, space.table()[t]});
      return false;
    });
  }
  out.drift = drift(space, start, path_settings(settings));
  if (out.drift.end != End::Complete) return out;
  if (!conflict.graph_form()) {
    for (const OptionId o : conflict.options()) {
      int level = -1;
      bool same = true;
      for (const auto& set : out.drift.sets)
        for (const State s : set) {
          const int here = conflict.level(s, o);
          same = same && (level < 0 || level == here);
          level = here;
        }
      if (!same) {
        out.open_ends.push_back(o);
      } else if (level >= 0 && level != conflict.level(start, o)) {
        out.settled_changes.emplace_back(o, level);
      }
    }
  }
  if (!out.drift.start_rests()) {
    std::unordered_map<State, bool> resting;
    for (const auto& set : out.drift.sets)
      for (const State s : set) resting.emplace(s, true);
    out.course = shortest_path(
                     space, start, [&](State s) { return resting.count(s) != 0; }, path_settings(settings))
                     .path;
  }
  return out;
}

/// Which joint options stand in the way of reaching `target`, because no open track can raise them freely.
std::vector<MissingDeal> missing_deals(const Conflict& conflict, State start, State target) {
  std::vector<MissingDeal> out;
  const auto& tracks = conflict.parts().tracks;
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    if (!info.joint || conflict.level(target, o) <= conflict.level(start, o)) continue;
    MissingDeal deal{o, {}, {}, {}};
    for (std::size_t t = 0; t < tracks.size(); ++t) {
      const auto& table = tracks[t].table;
      if (std::find(table.begin(), table.end(), info.id) == table.end()) continue;
      const MoverInfo& mover = conflict.mover(MoverId(conflict.party_count() + t));
      (!mover.open ? deal.closed_tracks : mover.link ? deal.linked_tracks : deal.open_tracks).push_back(t);
    }
    out.push_back(std::move(deal));
  }
  return out;
}

class GoalSearch {
 public:
  GoalSearch(RowSpace& space, State start, const GoalInfo& goal, const AnswerSettings& settings)
      : space_(space), conflict_(space.conflict()), start_(start), goal_(goal), settings_(settings) {
    for (const std::string& name : goal.hold) profile_.push_back(parse_concept(name).value_or(Concept::Seq));
    meets_ = [this](State s) { return conflict_.holds(goal_.when, s); };
    if (goal.avoid) avoid_ = [this](State s) { return conflict_.holds(*goal_.avoid, s); };
  }

  GoalAnswer run(std::size_t index) {
    out_.goal = index;
    if (!possible()) return std::move(out_);
    if (reach()) return std::move(out_);
    if (out_.end == End::Complete && out_.goal_states == 0) obstacle();
    return std::move(out_);
  }

 private:
  /// False when the goal is impossible, and says why.
  bool possible() {
    if (conflict_.graph_form()) {
      for (std::size_t i = 0; i < conflict_.graph_size(); ++i) {
        const State s = conflict_.graph_state(i);
        if (meets_(s) && !(avoid_ && s != start_ && avoid_(s))) return true;
      }
      out_.verdict = GoalVerdict::NotNow;
      out_.obstacle = Obstacle::Impossible;
      return false;
    }
    const auto whole = [this](State s) { return meets_(s) && !(avoid_ && s != start_ && avoid_(s)); };
    UInt128 support = conflict_.pool().support(goal_.when);
    if (goal_.avoid) support |= conflict_.pool().support(*goal_.avoid);
    const FeasibleSearch found = find_feasible(conflict_, goal_.when);
    if (found.finished && !found.state) {
      out_.rules = rules_against(conflict_, goal_.when);
      out_.verdict = GoalVerdict::NotNow;
      out_.obstacle = Obstacle::Impossible;
      return false;
    }
    const FeasibleSearch close = closest_feasible(conflict_, start_, whole, support);
    out_.nearest = close.state;
    if (close.finished && !close.state) {
      out_.verdict = GoalVerdict::NotNow;
      out_.obstacle = Obstacle::Impossible;
      return false;
    }
    return true;
  }

  /// A course to a state that holds, if there is one; true when the verdict is found.
  bool reach() {
    ClosureSettings cs;
    cs.movers = all_movers(conflict_);
    cs.avoid = avoid_;
    cs.most_states = space_.table().size() + settings_.most_states;
    cs.watch = settings_.watch;
    Closure closure(space_, std::move(cs));
    std::vector<std::uint32_t> candidates;
    if (meets_(start_)) candidates.push_back(0);
    out_.end = closure.run(start_, [&](std::uint32_t node) {
      if (meets_(closure.state(node))) candidates.push_back(node);
      return Closure::Next::Go;
    });
    out_.states = closure.nodes().size();
    out_.goal_states = candidates.size();
    bool undecided = false;
    std::uint64_t done = 0;
    for (const std::uint32_t node : candidates) {
      settings_.watch.tell("judging whether the goal holds", done++, candidates.size());
      if (settings_.watch.cancelled() || settings_.watch.out_of_time()) {
        out_.end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
        break;
      }
      if (consider(closure, node, undecided)) {
        out_.verdict = GoalVerdict::YesNow;
        out_.end = End::Complete;
        complete();
        return true;
      }
    }
    if (out_.holding && out_.holding->holds) {
      // Found, with a mark. Whether there is a clean one may be open where the search was cut short.
      out_.verdict = GoalVerdict::Depends;
      complete();
      return true;
    }
    if (undecided && out_.end == End::Complete) out_.end = End::Limit;
    if (out_.end != End::Complete) {
      out_.verdict = GoalVerdict::Undecided;
      return true;
    }
    if (!candidates.empty()) {
      out_.verdict = GoalVerdict::NotNow;
      out_.obstacle = Obstacle::NotHolding;
      return true;
    }
    return false;
  }

  /// Judges one state of the goal; keeps it when it is the best so far; true when it is a clean way out.
  bool consider(const Closure& closure, std::uint32_t node, bool& undecided) {
    const State g = closure.state(node);
    Holding h = holding(space_, g, meets_, profile_, verdict_settings(settings_));
    ++out_.judged;
    if (h.end != End::Complete) {
      undecided = true;
      return false;
    }
    if (!h.holds && out_.holding) return false;  // the first, which is nearest, is kept as the example
    Path path;
    PathMarks marks;
    int badness = h.holds ? 0 : 1000;
    if (h.holds) {
      if (const auto clean = clean_path(conflict_, start_, g, avoid_)) path = *clean;
      if (path.steps.empty() && node != 0) {
        path = path_to(closure, node);
        marks = path_marks(conflict_, path);
      } else {
        path.start = start_;
      }
      badness = (h.clean ? 0 : 4) + (marks.bought ? 2 : 0) + (marks.worse_on_the_way ? 1 : 0);
    } else {
      path = path_to(closure, node);
      marks = path_marks(conflict_, path);
    }
    if (badness >= badness_) return false;
    badness_ = badness;
    out_.holding = std::move(h);
    out_.path = std::move(path);
    out_.marks = std::move(marks);
    return badness == 0;
  }

  Path path_to(const Closure& closure, std::uint32_t node) const {
    Path path;
    path.start = start_;
    for (const std::uint32_t n : closure.path(node))
      if (n != 0) path.steps.push_back({MoverId(closure.nodes()[n].mover), closure.state(n), true});
    return path;
  }

  /// What else is said of a state found: kept, and under which concepts it is an equilibrium.
  void complete() {
    const State g = out_.path->end();
    out_.kept = kept(space_, g, meets_, verdict_settings(settings_));
    VerdictSettings vs = verdict_settings(settings_);
    vs.all_answers = false;
    for (const Concept c : kClassicalConcepts) {
      bool all = true;
      for (const PartyId p : conflict_.parties()) {
        const Verdict v = verdict(space_, p, g, c, vs);
        all = all && v.end == End::Complete && v.stable;
        if (!all) break;
      }
      if (all) out_.equilibrium.push_back(c);
    }
  }

  void obstacle() {
    PathSettings ps = path_settings(settings_);
    ps.avoid = avoid_;
    const PathSearch least = least_concession(space_, start_, meets_, ps);
    out_.any_states = least.states;
    out_.end = least.end;
    if (least.path) {
      out_.verdict = GoalVerdict::NotNow;
      out_.obstacle = Obstacle::Unwilling;
      out_.concession_path = least.path;
      out_.concessions = concessions(conflict_, *least.path);
    } else if (least.end == End::Complete) {
      out_.verdict = GoalVerdict::NotNow;
      out_.obstacle = Obstacle::OutOfReach;
      if (out_.nearest) out_.missing = missing_deals(conflict_, start_, *out_.nearest);
    } else {
      out_.verdict = GoalVerdict::Undecided;
    }
  }

  RowSpace& space_;
  const Conflict& conflict_;
  State start_;
  const GoalInfo& goal_;
  const AnswerSettings& settings_;
  Profile profile_;
  Goal meets_;
  std::function<bool(State)> avoid_;
  GoalAnswer out_;
  int badness_ = 2000;
};

}  // namespace

std::optional<Path> clean_path(const Conflict& conflict, State start, State g,
                               const std::function<bool(State)>& avoid) {
  constexpr std::size_t kMostStates = 200'000;
  if (conflict.graph_form()) return std::nullopt;
  if (start == g) return Path{start, {}, 0};
  struct Node {
    State state;
    std::uint32_t parent;
    MoverId mover;
  };
  std::vector<Node> nodes{{start, 0, MoverId(0)}};
  std::unordered_map<State, bool> seen{{start, true}};
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const State s = nodes[i].state;
    for (const MoverId m : conflict.movers()) {
      // Only options that still differ from g move, and only towards it.
      std::vector<std::pair<OptionId, int>> open;  // option and its level at g
      for (const Digit& d : conflict.mover(m).digits)
        if (conflict.level(s, d.option) != conflict.level(g, d.option))
          open.emplace_back(d.option, conflict.level(g, d.option));
      if (open.empty() || open.size() > 20) continue;
      std::vector<int> level(open.size());
      for (std::size_t k = 0; k < open.size(); ++k) level[k] = conflict.level(s, open[k].first);
      const std::vector<int> from = level;
      while (true) {
        std::size_t k = 0;
        for (; k < open.size(); ++k) {
          if (level[k] != open[k].second) {
            level[k] += open[k].second > level[k] ? 1 : -1;
            break;
          }
          level[k] = from[k];
        }
        if (k == open.size()) break;
        State t = s;
        for (std::size_t j = 0; j < open.size(); ++j) t = conflict.with_level(t, open[j].first, level[j]);
        if (seen.count(t) != 0 || !is_move(conflict, m, s, t) || !wants(conflict, m, s, t)) continue;
        if (avoid && avoid(t)) continue;
        if (t != g) {
          bool below = false;
          for (const PartyId p : conflict.parties()) below = below || conflict.better(p, start, t);
          if (below) continue;
        }
        seen.emplace(t, true);
        nodes.push_back({t, i, m});
        if (t == g) {
          Path path;
          path.start = start;
          for (auto n = static_cast<std::uint32_t>(nodes.size() - 1); n != 0; n = nodes[n].parent)
            path.steps.push_back({nodes[n].mover, nodes[n].state, true});
          std::reverse(path.steps.begin(), path.steps.end());
          return path;
        }
        if (nodes.size() > kMostStates) return std::nullopt;
      }
    }
  }
  return std::nullopt;
}

CaseAnswer answer_case(const Conflict& conflict, const AnswerSettings& settings) {
  contract(settings.from || conflict.status_quo(), "answer_case() needs a state to start from");
  const auto began = Watch::Clock::now();
  const State start = settings.from.value_or(conflict.status_quo().value_or(State{}));
  CaseAnswer out;
  RowSpace space(conflict);
  settings.watch.tell("looking at the status quo", 0, 0);
  out.standing = standing(space, start, settings);
  if (out.standing.drift.end != End::Complete) out.end = out.standing.drift.end;
  for (std::size_t i = 0; i < conflict.goals().size(); ++i) {
    const GoalInfo& goal = conflict.goals()[i];
    if (!settings.goals.empty() &&
        std::find(settings.goals.begin(), settings.goals.end(), goal.id) == settings.goals.end())
      continue;
    settings.watch.tell("looking at the goal " + goal.id, i, conflict.goals().size());
    out.goals.push_back(GoalSearch(space, start, goal, settings).run(i));
    if (out.goals.back().end == End::Cancelled) {
      out.end = End::Cancelled;
      break;
    }
    if (out.goals.back().end != End::Complete && out.end == End::Complete) out.end = out.goals.back().end;
  }
  out.seconds = std::chrono::duration<double>(Watch::Clock::now() - began).count();
  return out;
}

}  // namespace wayout
