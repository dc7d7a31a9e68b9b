#include "wayout/change/way_out.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "wayout/change/course.hpp"
#include "wayout/change/levels.hpp"
#include "wayout/space/closure.hpp"
#include "wayout/stability/perceived.hpp"

namespace wayout {
namespace {

/// The space that searches share; thrown away when it has grown large, because what many searches
/// leave behind must not add up.
class Rooms {
 public:
  Rooms(const Conflict& conflict, std::size_t most) : conflict_(&conflict), most_(most) {}
  RowSpace& get() {
    if (!space_ || space_->table().size() > most_) space_.emplace(*conflict_);
    return *space_;
  }

 private:
  const Conflict* conflict_;
  std::size_t most_;
  std::optional<RowSpace> space_;
};

/// The goals that avoid the same thing: they share the searches.
class Search {
 public:
  /// `avoid` is an expression of the acting dispute, where `seen` is given.
  Search(const Conflict& conflict, const Perceived* seen, State start, std::optional<ExprId> avoid,
         const WayOutSettings& settings)
      : truth_(conflict),
        conflict_(seen == nullptr ? conflict : seen->acting),
        start_(start),
        settings_(settings),
        rooms_(conflict_, settings.most_states) {
    if (seen != nullptr) judge_.emplace(*seen, settings.most_states);
    if (avoid) avoid_ = [this, avoid](State s) { return conflict_.holds(*avoid, s); };
    verdicts_.sanctions = settings.sanctions;
    verdicts_.most_states = settings.most_states;
    verdicts_.watch = settings.watch;
    verdicts_.watch.progress = nullptr;
    verdicts_.all_answers = settings.details;
  }

  void add(std::size_t goal) {
    One one;
    one.info = &conflict_.goals()[goal];
    one.out.goal = goal;
    one.profile = hold_profile(*one.info);
    one.meets = [this, when = one.info->when](State s) { return conflict_.holds(when, s); };
    goals_.push_back(std::move(one));
  }

  std::vector<WayOut> run() {
    if (settings_.refute) {
      const Levels levels(conflict_, start_);
      for (One& one : goals_)
        if (!levels.may_hold(one.info->when)) {
          one.open = false;
          one.out.refuted = true;
        }
    }
    if (any_open()) courses(true, true, 0);
    if (settings_.refute)
      for (One& one : goals_)
        if (one.open && !one.out.exists && nothing_holds(one)) {
          one.open = false;
          one.out.refuted = true;
        }
    if (any_open()) everything();
    // Which marks a way has at least.
    if (settings_.details && any_open()) courses(true, false, 1);
    if (settings_.details && any_open()) courses(false, true, 2);
    for (One& one : goals_)
      if (one.open) last_resort(one);
    if (settings_.details && judge_)
      for (One& one : goals_)
        if (one.out.state && one.out.holding) find_surprises(one);
    std::vector<WayOut> out;
    for (One& one : goals_) out.push_back(std::move(one.out));
    return out;
  }

 private:
  struct Judged {
    bool done = false;
    bool holds = false;
    bool clean = false;
  };
  struct One {
    const GoalInfo* info = nullptr;
    ConceptProfile profile;
    GoalTest meets;
    bool open = true;
    int badness = 8;
    std::unordered_map<State, Judged> judged;
    std::optional<std::pair<State, Holding>> best;
    std::optional<std::pair<State, Holding>> nearest;  ///< the nearest state where it fails
    std::optional<Path> nearest_path;
    std::vector<std::pair<State, std::uint32_t>> holders;  ///< in the order everything() met them
    WayOut out;
  };

  /// Proof that no state of the goal that may come about can hold it: at each one a track improves
  /// its way out of the goal, or a party that nothing deters (Nash) does. False where that is not
  /// shown.
  bool nothing_holds(const One& one) {
    constexpr std::uint64_t kBudget = 100'000;
    RowSpace& space = rooms_.get();
    const auto leaves = [&](MoverId m, StateNumber g) {
      bool out = false;
      space.for_each(m, g, Ask::Improvements, [&](StateNumber t) {
        out = !one.meets(space.table()[t]);
        return !out;
      });
      return out;
    };
    bool all = true;
    const Levels levels(conflict_, start_);
    const bool finished = levels.for_each(one.info->when, kBudget, [&](State g) {
      if (avoid_ && g != start_ && avoid_(g)) return true;
      const StateNumber n = space.table().intern(g);
      bool lost = false;
      for (const MoverId m : conflict_.movers()) {
        const bool bare = conflict_.mover(m).track || one.profile[m.index()] == Concept::Nash;
        if (bare && leaves(m, n)) lost = true;
        if (lost) break;
      }
      all = all && lost;
      return all;
    });
    return finished && all;
  }

  bool any_open() const {
    return std::any_of(goals_.begin(), goals_.end(), [](const One& one) { return one.open; });
  }

  bool stopped(One& one) const {
    if (settings_.watch.cancelled()) {
      one.out.end = End::Cancelled;
    } else if (settings_.watch.out_of_time()) {
      one.out.end = End::Limit;
    } else {
      return false;
    }
    one.open = false;
    return true;
  }

  Holding hold(const One& one, State g) {
    return judge_ ? judge_->holding(g, one.meets, one.profile, verdicts_)
                  : holding(rooms_.get(), g, one.meets, one.profile, verdicts_);
  }

  /// Where the truth answers a temptation otherwise than the party expects.
  void find_surprises(One& one) {
    const State g = *one.out.state;
    RowSpace truth(truth_);
    const auto compare = [&](PartyId p, const Answer& a) {
      const State t = a.improvement;
      Verdict v =
          verdict(truth, p, g, one.profile[p.index()], verdicts_, [t](State x) { return x == t; });
      // Decided, and something the party truly wants.
      if (v.end != End::Complete || v.improvements == 0 || v.answers.empty()) return;
      if (v.stable != a.sanctioned)
        one.out.surprises.push_back({p, g, a, std::move(v.answers.front())});
    };
    const Holding& h = *one.out.holding;
    for (const auto& [p, v] : h.deterred)
      for (const Answer& a : v.answers) compare(p, a);
    if (h.breaks && !truth_.mover(h.breaks->mover).track)
      compare(PartyId(h.breaks->mover.index()), h.breaks->answer);
  }

  /// Whether the goal holds at a state of it; judged once.
  Judged judge(One& one, State g, std::optional<Holding>& told) {
    Judged& known = one.judged[g];
    if (known.done) return known;
    Holding h = hold(one, g);
    ++one.out.judged;
    known.done = true;
    if (h.end != End::Complete) {
      if (one.out.end == End::Complete) one.out.end = h.end;
      return known;
    }
    known.holds = h.holds;
    known.clean = h.clean;
    told = std::move(h);
    return known;
  }

  /// A way to g was found with the path marks that `level` stands for (0 none, 1 worse on the way,
  /// 2 bought, 3 both); true when no better one can be.
  bool keep(One& one, State g, bool hollow, int level, const std::function<Path()>& path,
            std::optional<Holding>&& told) {
    const int badness = level + (hollow ? 4 : 0);
    one.out.exists = true;
    if (badness < one.badness) {
      one.badness = badness;
      one.out.hollow = hollow;
      one.out.clean = badness == 0;
      one.out.state = g;
      if (settings_.details || badness == 0) one.out.path = path();
      one.out.marks = one.out.path ? path_marks(truth_, *one.out.path) : PathMarks{};
      if (settings_.details) {
        if (!told) told = hold(one, g);
        one.out.holding = std::move(told);
      }
    }
    return one.badness == 0;
  }

  /// Ways along courses without some marks.
  void courses(bool one_way, bool none_below, int level) {
    if (std::none_of(goals_.begin(), goals_.end(), [level](const One& one) {
          return one.open && (level == 0 || one.badness > level);
        }))
      return;
    CourseSettings cs;
    cs.one_way = one_way;
    cs.none_below = none_below;
    if (judge_) cs.below = &truth_;
    cs.avoid = avoid_;
    cs.most_states = settings_.most_states;
    cs.watch = settings_.watch;
    const Courses found(rooms_.get(), start_, std::move(cs));
    for (One& one : goals_) {
      if (!one.open || (level > 0 && one.badness <= level)) continue;
      if (found.end() != End::Complete && level == 0) one.out.end = found.end();
      one.out.states = std::max<std::uint64_t>(one.out.states, found.size());
      std::uint64_t met = 0;
      for (std::size_t i = 0; i < found.size(); ++i) {
        const State g = found.state(i);
        if (!one.meets(g)) continue;
        ++met;
        if (stopped(one)) break;
        std::optional<Holding> told;
        const Judged j = judge(one, g, told);
        if (!j.holds) {
          if (told && settings_.details && !one.nearest) {
            one.nearest.emplace(g, std::move(*told));
            one.nearest_path = found.path(i);
          }
          continue;
        }
        keep(
            one, g, !j.clean, level, [&] { return found.path(i); }, std::move(told));
        if (one.badness <= level) break;
      }
      one.out.goal_states = std::max(one.out.goal_states, met);
      if (one.badness == 0) {
        one.open = false;
        one.out.end = End::Complete;
      }
    }
  }

  /// Everything that willing steps reach.
  void everything() {
    ClosureSettings cs;
    for (const MoverId m : conflict_.movers()) cs.movers.push_back(m);
    cs.avoid = avoid_;
    // Of its own: judging may throw the shared one away while the closure is still read.
    RowSpace space(conflict_);
    cs.most_states = settings_.most_states;
    cs.watch = settings_.watch;
    // Without details one way is enough: a goal that has one is not looked for any more.
    std::vector<One*> wanted;
    for (One& one : goals_)
      if (one.open && (settings_.details || !one.out.exists)) wanted.push_back(&one);
    if (wanted.empty()) return;
    Closure closure(space, std::move(cs));
    std::unordered_map<const One*, std::vector<std::uint32_t>> candidates;
    const auto look = [&](std::uint32_t node, State s) {
      for (One* one : wanted)
        if (one->meets(s)) candidates[one].push_back(node);
    };
    look(0, start_);
    const End end = closure.run(start_, [&](std::uint32_t node) {
      look(node, closure.state(node));
      return Closure::Next::Go;
    });
    for (One* one : wanted) {
      WayOut& out = one->out;
      if (out.end == End::Complete) out.end = end;
      out.states = closure.nodes().size();
      out.goal_states = candidates[one].size();
      const auto path_to = [&](std::uint32_t node) {
        Path path{start_, {}, 0};
        for (const std::uint32_t n : closure.path(node))
          if (n != 0)
            path.steps.push_back({MoverId(closure.nodes()[n].mover), closure.state(n), true});
        return path;
      };
      std::uint64_t done = 0;
      for (const std::uint32_t node : candidates[one]) {
        settings_.watch.tell("judging whether " + one->info->id + " holds", done++,
                             candidates[one].size());
        if (stopped(*one)) break;
        const State g = closure.state(node);
        std::optional<Holding> told;
        const Judged j = judge(*one, g, told);
        if (!j.holds) {
          if (told && settings_.details && !one->nearest) {
            one->nearest.emplace(g, std::move(*told));
            one->nearest_path = path_to(node);
          }
          continue;
        }
        keep(
            *one, g, !j.clean, 3, [&] { return path_to(node); }, std::move(told));
        if (!settings_.details || one->badness <= 3) break;
      }
    }
  }

  void last_resort(One& one) {
    if (one.out.exists || !one.nearest) return;
    one.out.state = one.nearest->first;
    one.out.holding = std::move(one.nearest->second);
    one.out.path = std::move(one.nearest_path);
    if (one.out.path) one.out.marks = path_marks(truth_, *one.out.path);
  }

  const Conflict& truth_;
  const Conflict& conflict_;  ///< whose improvements are taken
  State start_;
  const WayOutSettings& settings_;
  Rooms rooms_;
  std::optional<PerceivedJudge> judge_;  ///< where every party acts on what it sees
  VerdictSettings verdicts_;
  std::function<bool(State)> avoid_;
  std::vector<One> goals_;
};

}  // namespace

ConceptProfile hold_profile(const GoalInfo& goal) {
  ConceptProfile out;
  for (const std::string& name : goal.hold)
    out.push_back(parse_concept(name).value_or(Concept::Seq));
  return out;
}

std::vector<WayOut> ways_out(const Conflict& conflict, std::span<const std::size_t> goals,
                             const WayOutSettings& settings) {
  contract(settings.from || conflict.status_quo(), "ways_out() needs a state to start from");
  // Without beliefs everybody sees the same.
  std::optional<Perceived> seen;
  if (settings.as_perceived && has_beliefs(conflict)) {
    auto made = perceive(conflict);
    contract(made.has_value(), "the dispute as each party sees it builds");
    seen = std::move(*made);
  }
  const Conflict& acting = seen ? seen->acting : conflict;
  const State start = settings.from.value_or(conflict.status_quo().value_or(State{}));
  std::map<std::optional<ExprId>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < goals.size(); ++i)
    groups[acting.goals().at(goals[i]).avoid].push_back(i);
  std::vector<WayOut> out(goals.size());
  for (const auto& [avoid, list] : groups) {
    Search search(conflict, seen ? &*seen : nullptr, start, avoid, settings);
    for (const std::size_t i : list) search.add(goals[i]);
    std::vector<WayOut> found = search.run();
    for (std::size_t k = 0; k < list.size(); ++k) out[list[k]] = std::move(found[k]);
  }
  return out;
}

WayOut way_out(const Conflict& conflict, std::size_t goal, const WayOutSettings& settings) {
  const std::size_t one[] = {goal};
  return std::move(ways_out(conflict, one, settings)[0]);
}

}  // namespace wayout
