#include "wayout/change/perceived.hpp"

#include <algorithm>
#include <unordered_map>

#include "wayout/change/course.hpp"
#include "wayout/model/view.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

class Search {
 public:
  Search(const Conflict& truth, const std::vector<Conflict>& views, const GoalInfo& goal,
         const WayOutSettings& settings)
      : truth_(truth),
        views_(views),
        perception_(truth, views),
        goal_(goal),
        profile_(hold_profile(goal)),
        settings_(settings),
        start_(settings.from.value_or(truth.status_quo().value_or(State{}))),
        spaces_(views.size() + 1) {
    verdicts_.sanctions = settings.sanctions;
    verdicts_.most_states = settings.most_states;
    verdicts_.watch = settings.watch;
    verdicts_.watch.progress = nullptr;
    verdicts_.all_answers = settings.details;
  }

  WayOut run() {
    courses(true, true, 0);
    if (badness_ > 0) courses(false, false, 3);
    if (settings_.details && badness_ > 1) courses(true, false, 1);
    if (settings_.details && badness_ > 2) courses(false, true, 2);
    if (out_.clean) out_.end = End::Complete;
    if (!out_.exists && nearest_) {
      out_.state = nearest_->first;
      out_.holding = holding(*out_.state);
      out_.path = std::move(nearest_->second);
      out_.marks = path_marks(truth_, *out_.path);
    }
    if (settings_.details && out_.state && out_.holding) find_surprises(*out_.state);
    return std::move(out_);
  }

 private:
  struct Node {
    State state;
    std::uint32_t parent;
    MoverId mover;
  };
  struct Judged {
    bool holds = false;
    bool clean = false;
  };

  bool meets(State s) const { return truth_.holds(goal_.when, s); }

  /// The space of p's view (of the truth: the last one); thrown away when it has grown large.
  RowSpace& space(std::size_t i) {
    auto& space = spaces_[i];
    if (!space || space->table().size() > settings_.most_states)
      space.emplace(i < views_.size() ? views_[i] : truth_);
    return *space;
  }

  bool stopped() {
    if (settings_.watch.cancelled()) {
      out_.end = End::Cancelled;
    } else if (settings_.watch.out_of_time()) {
      out_.end = End::Limit;
    } else {
      return false;
    }
    return true;
  }

  /// Breadth first over willing moves within the bounds of `course.hpp`; the states of the goal
  /// are judged in the order met. `level` is the mark that the bounds leave possible.
  void courses(bool one_way, bool none_below, int level) {
    std::vector<Node> nodes{{start_, 0, MoverId(0)}};
    std::unordered_map<State, bool> seen{{start_, true}};
    std::uint64_t met = 0;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      if (stopped()) return;
      if (nodes.size() > settings_.most_states) {
        out_.end = End::Limit;
        return;
      }
      const State s = nodes[i].state;
      if (meets(s)) {
        ++met;
        if (judge(s, level, nodes, i)) break;
      }
      if (i != 0 && none_below) {
        bool below = false;
        for (const PartyId p : truth_.parties()) below = below || truth_.better(p, start_, s);
        if (below) continue;
      }
      for (const MoverId m : truth_.movers()) {
        if (row_bound(truth_, m) > RowBook::kWidest) {
          out_.end = End::Limit;
          continue;
        }
        for_each_move(truth_, m, s, [&](State t) {
          if (seen.count(t) != 0 || !perception_.willing(m, s, t)) return true;
          if (one_way && !moves_away(truth_, start_, s, t)) return true;
          if (goal_.avoid && truth_.holds(*goal_.avoid, t)) return true;
          seen.emplace(t, true);
          nodes.push_back({t, i, m});
          return true;
        });
      }
    }
    out_.states = std::max<std::uint64_t>(out_.states, nodes.size());
    out_.goal_states = std::max(out_.goal_states, met);
  }

  /// True when no better way can be found at this level.
  bool judge(State g, int level, const std::vector<Node>& nodes, std::uint32_t node) {
    const auto path = [&] {
      Path p{start_, {}, 0};
      for (std::uint32_t n = node; n != 0; n = nodes[n].parent)
        p.steps.push_back({nodes[n].mover, nodes[n].state, true});
      std::reverse(p.steps.begin(), p.steps.end());
      return p;
    };
    auto it = judged_.find(g);
    if (it == judged_.end()) {
      const Holding h = holding(g);
      ++out_.judged;
      if (h.end != End::Complete && out_.end == End::Complete) out_.end = h.end;
      it = judged_.emplace(g, Judged{h.holds, h.clean}).first;
    }
    if (!it->second.holds) {
      if (settings_.details && !nearest_) nearest_.emplace(g, path());
      return false;
    }
    const int badness = level + (it->second.clean ? 0 : 4);
    out_.exists = true;
    if (badness < badness_) {
      badness_ = badness;
      out_.clean = badness == 0;
      out_.hollow = badness >= 4;
      out_.state = g;
      if (settings_.details || out_.clean) out_.path = path();
      out_.marks = out_.path ? path_marks(truth_, *out_.path) : PathMarks{};
      if (settings_.details) out_.holding = holding(g);
    }
    return badness_ <= level || (level == 3 && !settings_.details);
  }

  /// As holding() has it, with every party's temptations and their answers in its own view.
  Holding holding(State g) {
    Holding out;
    out.holds = out.clean = true;
    for (const MoverId m : truth_.movers()) {
      if (!truth_.mover(m).track) continue;
      if (row_bound(truth_, m) > RowBook::kWidest) {
        out.end = End::Limit;
        continue;
      }
      std::optional<State> way;
      for_each_move(truth_, m, g, [&](State t) {
        if (!meets(t) && perception_.willing(m, g, t)) way = t;
        return !way;
      });
      if (!way) continue;
      out.broken(m, {});
      out.breaks->answer.improvement = *way;
      return out;
    }
    out.tempt(truth_, [&](PartyId p) -> std::optional<Verdict> {
      // A party that does not see where it is has no temptation there.
      if (!views_[p.index()].feasible(g)) return std::nullopt;
      return verdict_of(p.index(), p, g, [&](State t) {
        return !meets(t) && is_move(truth_, truth_.mover_of(p), g, t);
      });
    });
    return out;
  }

  Verdict verdict_of(std::size_t view, PartyId p, State g, const ImprovementFilter& filter) {
    return verdict(space(view), p, g, profile_[p.index()], verdicts_, filter);
  }

  /// Where the truth answers a temptation otherwise than the party expects.
  void find_surprises(State g) {
    const auto compare = [&](PartyId p, const Answer& a) {
      const State t = a.improvement;
      Verdict v = verdict_of(views_.size(), p, g, [t](State x) { return x == t; });
      // Decided, and something the party truly wants.
      if (v.end != End::Complete || v.improvements == 0 || v.answers.empty()) return;
      if (v.stable != a.sanctioned)
        out_.surprises.push_back({p, g, a, std::move(v.answers.front())});
    };
    for (const auto& [p, v] : out_.holding->deterred)
      for (const Answer& a : v.answers) compare(p, a);
    if (out_.holding->breaks && !truth_.mover(out_.holding->breaks->mover).track)
      compare(PartyId(out_.holding->breaks->mover.index()), out_.holding->breaks->answer);
  }

  const Conflict& truth_;
  const std::vector<Conflict>& views_;
  Perception perception_;
  const GoalInfo& goal_;
  ConceptProfile profile_;
  const WayOutSettings& settings_;
  State start_;
  std::vector<std::optional<RowSpace>> spaces_;
  VerdictSettings verdicts_;
  std::unordered_map<State, Judged> judged_;
  std::optional<std::pair<State, Path>> nearest_;
  int badness_ = 8;
  WayOut out_;
};

}  // namespace

bool has_beliefs(const Conflict& conflict) {
  const auto& beliefs = conflict.parts().beliefs;
  return std::any_of(beliefs.begin(), beliefs.end(), [](const BeliefPart& b) { return b.enabled; });
}

Result<std::vector<Conflict>> perceived_views(const Conflict& conflict) {
  std::vector<Conflict> out;
  for (const PartyId p : conflict.parties()) {
    auto seen = as_perceived(conflict, p);
    if (!seen) return Unexpected{seen.error()};
    out.push_back(std::move(*seen));
  }
  return out;
}

bool Perception::willing(MoverId m, State s, State t) const {
  const MoverInfo& mover = truth_->mover(m);
  bool some = false;
  for (const PartyId p : truth_->parties()) {
    if (!contains(mover.members, p)) continue;
    const Conflict& view = (*views_)[p.index()];
    if (!view.feasible(s) || !is_move(view, m, s, t)) return false;
    const bool better = view.better(p, t, s);
    some = some || better;
    if (better) continue;
    if (!mover.track || mover.consent == Consent::AllBetter) return false;
    if (view.compare(p, t, s) < 0) return false;
  }
  return some;
}

std::vector<WayOut> perceived_ways_out(const Conflict& conflict, std::span<const std::size_t> goals,
                                       const WayOutSettings& settings) {
  const auto views = perceived_views(conflict);
  contract(views.has_value(), "the dispute as each party sees it builds");
  std::vector<WayOut> out;
  for (const std::size_t g : goals) {
    out.push_back(Search(conflict, *views, conflict.goals().at(g), settings).run());
    out.back().goal = g;
  }
  return out;
}

PathSearch perceived_path(const Conflict& truth, const std::vector<Conflict>& views, State start,
                          const std::function<bool(State)>& goal, const PathSettings& settings) {
  struct Node {
    State state;
    std::size_t parent;
    MoverId mover;
  };
  const Perception perception(truth, views);
  std::vector<MoverId> movers = settings.movers;
  if (movers.empty())
    for (const MoverId m : truth.movers()) movers.push_back(m);
  PathSearch out;
  std::vector<Node> nodes{{start, 0, MoverId(0)}};
  std::unordered_map<State, bool> seen{{start, true}};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    out.states = nodes.size();
    const State s = nodes[i].state;
    if (goal(s)) {
      Path path{start, {}, 0};
      for (std::size_t n = i; n != 0; n = nodes[n].parent)
        path.steps.push_back({nodes[n].mover, nodes[n].state, true});
      std::reverse(path.steps.begin(), path.steps.end());
      State from = start;
      for (PathStep& step : path.steps) {
        step.willing = wants(truth, step.mover, from, step.state);
        path.unwilling += step.willing ? 0 : 1;
        from = step.state;
      }
      out.end = End::Complete;
      out.path = std::move(path);
      return out;
    }
    if (settings.watch.cancelled()) out.end = End::Cancelled;
    if (settings.watch.out_of_time() || nodes.size() > settings.most_states) out.end = End::Limit;
    if (out.end == End::Cancelled || nodes.size() > settings.most_states ||
        settings.watch.out_of_time())
      return out;
    settings.watch.tell("states reached", nodes.size(), 0);
    for (const MoverId m : movers) {
      if (row_bound(truth, m) > RowBook::kWidest) {
        out.end = End::Limit;
        continue;
      }
      for_each_move(truth, m, s, [&](State t) {
        if (seen.count(t) != 0 || !perception.willing(m, s, t)) return true;
        if (settings.most_options > 0 && options_changed(truth, s, t) > settings.most_options)
          return true;
        if (settings.avoid && settings.avoid(t)) return true;
        seen.emplace(t, true);
        nodes.push_back({t, i, m});
        return true;
      });
    }
  }
  return out;
}

std::vector<Mistake> mistakes(const Conflict& truth, const Path& path) {
  std::vector<Mistake> out;
  State from = path.start;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const PathStep& step = path.steps[i];
    const MoverInfo& mover = truth.mover(step.mover);
    for (const PartyId p : truth.parties()) {
      if (!contains(mover.members, p) || truth.better(p, step.state, from)) continue;
      const bool may_stay_even = mover.track && mover.consent == Consent::NoneWorse;
      if (!may_stay_even || truth.compare(p, step.state, from) < 0) out.push_back({p, i});
    }
    from = step.state;
  }
  return out;
}

}  // namespace wayout
