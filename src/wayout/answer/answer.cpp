#include "wayout/answer/answer.hpp"

#include <algorithm>
#include <map>
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

/// The space that searches share, or, once that has grown large, one of their own that is thrown
/// away when it has grown as large in turn: what many searches leave behind must not add up.
class Rooms {
 public:
  Rooms(RowSpace& shared, std::size_t most) : shared_(shared), most_(most) {}
  RowSpace& get() {
    const bool full = (own_ ? *own_ : shared_).table().size() > most_;
    if (full) own_.emplace(shared_.conflict());
    return own_ ? *own_ : shared_;
  }

 private:
  RowSpace& shared_;
  std::size_t most_;
  std::optional<RowSpace> own_;
};

Standing standing(RowSpace& space, State start, const AnswerSettings& settings) {
  const Conflict& conflict = space.conflict();
  Standing out;
  out.start = start;
  VerdictSettings vs = verdict_settings(settings);
  vs.watch.progress = settings.watch.progress;
  Rooms rooms(space, settings.most_states);
  for (const PartyId p : conflict.parties()) {
    PartyStanding party{p, {}, {}};
    for (const Concept c : kClassicalConcepts) {
      party.concepts.push_back(c);
      party.verdicts.push_back(verdict(rooms.get(), p, start, c, vs));
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
  out.drift = drift(rooms.get(), start, path_settings(settings));
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
                     rooms.get(), start, [&](State s) { return resting.count(s) != 0; },
                     path_settings(settings))
                     .path;
  }
  return out;
}

/// Which joint options stand in the way of reaching `target`, because no open track can raise them
/// freely.
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
      (!mover.open  ? deal.closed_tracks
       : mover.link ? deal.linked_tracks
                    : deal.open_tracks)
          .push_back(t);
    }
    out.push_back(std::move(deal));
  }
  return out;
}

/// The goals that avoid the same thing: they share the search of what can be reached.
class GoalSearch {
 public:
  GoalSearch(RowSpace& space, State start, std::optional<ExprId> avoid,
             const AnswerSettings& settings)
      : space_(space),
        rooms_(space, settings.most_states),
        conflict_(space.conflict()),
        start_(start),
        avoided_(avoid),
        settings_(settings) {
    if (avoid) avoid_ = [this](State s) { return conflict_.holds(*avoided_, s); };
  }

  void add(std::size_t goal) {
    One one;
    one.info = &conflict_.goals()[goal];
    one.answer.goal = goal;
    for (const std::string& name : one.info->hold)
      one.profile.push_back(parse_concept(name).value_or(Concept::Seq));
    one.meets = [this, when = one.info->when](State s) { return conflict_.holds(when, s); };
    goals_.push_back(std::move(one));
  }

  std::vector<GoalAnswer> run() {
    for (One& one : goals_) one.open = possible(one);
    if (std::any_of(goals_.begin(), goals_.end(), [](const One& one) { return one.open; })) {
      reach();
      concede();
    }
    std::vector<GoalAnswer> out;
    for (One& one : goals_) out.push_back(std::move(one.answer));
    return out;
  }

 private:
  struct One {
    const GoalInfo* info = nullptr;
    ConceptProfile profile;
    GoalTest meets;
    bool open = true;
    int badness = 2000;
    std::vector<std::uint32_t> candidates;  ///< nodes of the closure that meet it
    GoalAnswer answer;
  };

  static void say_no(One& one, Obstacle obstacle) {
    one.answer.verdict = GoalVerdict::NotNow;
    one.answer.obstacle = obstacle;
    one.open = false;
  }

  /// False when the goal is impossible, and says why.
  bool possible(One& one) {
    const auto whole = [&](State s) {
      return one.meets(s) && !(avoid_ && s != start_ && avoid_(s));
    };
    UInt128 support = conflict_.pool().support(one.info->when);
    if (avoided_) support |= conflict_.pool().support(*avoided_);
    if (!conflict_.graph_form()) {
      const FeasibleSearch found = find_feasible(conflict_, one.info->when);
      if (found.finished && !found.state) {
        one.answer.rules = rules_against(conflict_, one.info->when);
        say_no(one, Obstacle::Impossible);
        return false;
      }
    }
    const FeasibleSearch close = closest_feasible(conflict_, start_, whole, support);
    one.answer.nearest = close.state;
    if (close.finished && !close.state) {
      say_no(one, Obstacle::Impossible);
      return false;
    }
    return true;
  }

  /// Courses of willing steps to states that hold.
  void reach() {
    ClosureSettings cs;
    cs.movers = all_movers(conflict_);
    cs.avoid = avoid_;
    cs.most_states = space_.table().size() + settings_.most_states;
    cs.watch = settings_.watch;
    Closure closure(space_, std::move(cs));
    const auto look = [&](std::uint32_t node, State s) {
      for (One& one : goals_)
        if (one.open && one.meets(s)) one.candidates.push_back(node);
    };
    look(0, start_);
    const End end = closure.run(start_, [&](std::uint32_t node) {
      look(node, closure.state(node));
      return Closure::Next::Go;
    });
    for (One& one : goals_) {
      if (!one.open) continue;
      one.answer.end = end;
      one.answer.states = closure.nodes().size();
      one.answer.goal_states = one.candidates.size();
      judge(closure, one);
    }
  }

  void judge(const Closure& closure, One& one) {
    GoalAnswer& out = one.answer;
    bool undecided = false;
    for (const std::uint32_t node : one.candidates) {
      settings_.watch.tell("judging whether " + one.info->id + " holds", out.judged,
                           one.candidates.size());
      if (settings_.watch.cancelled() || settings_.watch.out_of_time()) {
        out.end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
        break;
      }
      if (!consider(closure, one, node, undecided)) continue;
      out.verdict = GoalVerdict::YesNow;
      out.end = End::Complete;
      complete(one);
      return;
    }
    if (out.holding && out.holding->holds) {
      // Found, with a mark. Whether there is a clean one is open where the search was cut short.
      out.verdict = GoalVerdict::Depends;
      complete(one);
      return;
    }
    if (undecided && out.end == End::Complete) out.end = End::Limit;
    if (out.end != End::Complete) {
      out.verdict = GoalVerdict::Undecided;
      one.open = false;
    } else if (!one.candidates.empty()) {
      say_no(one, Obstacle::NotHolding);
    }
  }

  /// Judges one state of the goal; keeps it when it is the best so far; true when it is a clean way
  /// out.
  bool consider(const Closure& closure, One& one, std::uint32_t node, bool& undecided) {
    GoalAnswer& out = one.answer;
    const State g = closure.state(node);
    Holding h = holding(rooms_.get(), g, one.meets, one.profile, verdict_settings(settings_));
    ++out.judged;
    if (h.end != End::Complete) {
      undecided = true;
      return false;
    }
    if (!h.holds && out.holding)
      return false;  // the first, which is nearest, is kept as the example
    Path path{start_, {}, 0};
    PathMarks marks;
    int badness = 1000;
    const auto clean = h.holds ? clean_path(conflict_, start_, g, avoid_) : std::nullopt;
    if (clean) {
      path = *clean;
    } else {
      for (const std::uint32_t n : closure.path(node))
        if (n != 0)
          path.steps.push_back({MoverId(closure.nodes()[n].mover), closure.state(n), true});
      marks = path_marks(conflict_, path);
    }
    if (h.holds)
      badness = (h.clean ? 0 : 4) + (marks.bought ? 2 : 0) + (marks.worse_on_the_way ? 1 : 0);
    if (badness >= one.badness) return false;
    one.badness = badness;
    out.holding = std::move(h);
    out.path = std::move(path);
    out.marks = std::move(marks);
    return badness == 0;
  }

  /// What else is said of a state found: kept, and under which concepts it is an equilibrium.
  void complete(One& one) {
    one.open = false;
    GoalAnswer& out = one.answer;
    const State g = out.path->end();
    out.kept = kept(rooms_.get(), g, one.meets, verdict_settings(settings_));
    VerdictSettings vs = verdict_settings(settings_);
    vs.all_answers = false;
    for (const Concept c : kClassicalConcepts) {
      const auto parties = conflict_.parties();
      const bool all = std::all_of(parties.begin(), parties.end(), [&](PartyId p) {
        const Verdict v = verdict(rooms_.get(), p, g, c, vs);
        return v.end == End::Complete && v.stable;
      });
      if (all) out.equilibrium.push_back(c);
    }
  }

  /// For the goals that no willing steps lead to: who would have to give up what.
  void concede() {
    PathSettings ps = path_settings(settings_);
    ps.avoid = avoid_;
    std::vector<std::function<bool(State)>> wanted;
    for (const One& one : goals_)
      if (one.open) wanted.push_back(one.meets);
    if (wanted.empty()) return;
    const std::vector<PathSearch> least = least_concessions(rooms_.get(), start_, wanted, ps);
    std::size_t next = 0;
    for (One& one : goals_) {
      if (!one.open) continue;
      GoalAnswer& out = one.answer;
      const PathSearch& found = least[next++];
      out.any_states = found.states;
      out.end = found.end;
      if (found.path) {
        out.end = End::Complete;
        out.concession_path = found.path;
        out.concessions = concessions(conflict_, *found.path);
        say_no(one, Obstacle::Unwilling);
      } else if (found.end == End::Complete) {
        say_no(one, Obstacle::OutOfReach);
        if (out.nearest) out.missing = missing_deals(conflict_, start_, *out.nearest);
      } else {
        out.verdict = GoalVerdict::Undecided;
      }
    }
  }

  RowSpace& space_;
  Rooms rooms_;
  const Conflict& conflict_;
  State start_;
  std::optional<ExprId> avoided_;
  const AnswerSettings& settings_;
  std::function<bool(State)> avoid_;
  std::vector<One> goals_;
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
        for (std::size_t j = 0; j < open.size(); ++j)
          t = conflict.with_level(t, open[j].first, level[j]);
        if (seen.count(t) != 0 || !is_move(conflict, m, s, t) || !wants(conflict, m, s, t))
          continue;
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
  const State start = settings.from.value_or(conflict.status_quo().value_or(State{}));
  CaseAnswer out;
  std::optional<RowSpace> space(std::in_place, conflict);
  settings.watch.tell("looking at the status quo", 0, 0);
  out.standing = standing(*space, start, settings);
  if (out.standing.drift.end != End::Complete) out.end = out.standing.drift.end;
  std::map<std::optional<ExprId>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < conflict.goals().size(); ++i) {
    const GoalInfo& goal = conflict.goals()[i];
    if (settings.goals.empty() ||
        std::find(settings.goals.begin(), settings.goals.end(), goal.id) != settings.goals.end())
      groups[goal.avoid].push_back(i);
  }
  for (const auto& [avoid, list] : groups) {
    // A space half full of what another search needed would only cut this one short.
    if (space->table().size() > space->capacity() / 4) space.emplace(conflict);
    GoalSearch search(*space, start, avoid, settings);
    for (const std::size_t i : list) search.add(i);
    for (GoalAnswer& g : search.run()) out.goals.push_back(std::move(g));
  }
  std::sort(out.goals.begin(), out.goals.end(),
            [](const auto& a, const auto& b) { return a.goal < b.goal; });
  for (const GoalAnswer& g : out.goals)
    if (g.end != End::Complete && out.end != End::Cancelled) out.end = g.end;
  return out;
}

}  // namespace wayout
