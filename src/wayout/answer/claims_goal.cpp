#include "wayout/answer/claims_goal.hpp"

#include <algorithm>

#include "wayout/answer/possible.hpp"
#include "wayout/space/closure.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

/// The options whose levels alone keep the goal from coming about: with all levels of such an option
/// allowed it would not be excluded.
std::vector<OptionId> in_the_way(const Conflict& conflict, ExprId goal, const LevelSets& levels) {
  std::vector<OptionId> out;
  for (const OptionId o : conflict.options()) {
    LevelSets with = levels;
    with[o.index()] = ~std::uint64_t{0};
    if (with[o.index()] != levels[o.index()] && may_be(conflict, goal, with).yes) out.push_back(o);
  }
  if (!out.empty()) return out;
  // Several at once: all that the goal looks at and that stay where they are.
  const UInt128 support = conflict.pool().support(goal);
  for (const OptionId o : conflict.options())
    if ((support & conflict.option(o).mask()) != 0 &&
        (levels[o.index()] & (levels[o.index()] - 1)) == 0)
      out.push_back(o);
  return out;
}

/// The joint options among these, with the tracks that have them on their tables.
std::vector<MissingDeal> deals_for(const Conflict& conflict, const std::vector<OptionId>& options) {
  std::vector<MissingDeal> out;
  const auto& tracks = conflict.parts().tracks;
  for (const OptionId o : options) {
    const OptionInfo& info = conflict.option(o);
    if (!info.joint) continue;
    MissingDeal deal{o, {}, {}, {}};
    for (std::size_t t = 0; t < tracks.size(); ++t) {
      if (std::find(tracks[t].table.begin(), tracks[t].table.end(), info.id) ==
          tracks[t].table.end())
        continue;
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

class GoalJudge {
 public:
  GoalJudge(Disputes::Place& place, State start, std::size_t goal, const ClaimsSettings& settings)
      : place_(place),
        conflict_(place.conflict),
        start_(start),
        info_(place.conflict.goals().at(goal)),
        settings_(settings) {
    out_.goal = goal;
    for (const std::string& name : info_.hold)
      profile_.push_back(parse_concept(name).value_or(Concept::Seq));
    meets_ = [this](State s) { return conflict_.holds(info_.when, s); };
    if (info_.avoid) avoid_ = [this](State s) { return conflict_.holds(*info_.avoid, s); };
  }

  GoalEvidence run() {
    if (!refuted()) search();
    return std::move(out_);
  }

 private:
  void no(Obstacle obstacle, bool structural) {
    out_.obstacle = obstacle;
    out_.structural = structural;
  }

  /// What needs no search.
  bool refuted() {
    if (conflict_.graph_form()) return false;
    const FeasibleSearch found = find_feasible(conflict_, info_.when);
    if (found.finished && !found.state) {
      out_.rules = rules_against(conflict_, info_.when);
      no(Obstacle::Impossible, true);
      return true;
    }
    const LevelSets any = possible_levels(conflict_, start_);
    if (!may_be(conflict_, info_.when, any).yes) {
      out_.never = in_the_way(conflict_, info_.when, any);
      out_.missing = deals_for(conflict_, out_.never);
      no(Obstacle::OutOfReach, true);
      return true;
    }
    const LevelSets willing = possible_levels(conflict_, start_, plain_worth(conflict_));
    if (!may_be(conflict_, info_.when, willing).yes) {
      out_.never = in_the_way(conflict_, info_.when, willing);
      no(Obstacle::Unwilling, false);
      return true;
    }
    return false;
  }

  void search() {
    ClosureSettings cs;
    for (const MoverId m : conflict_.movers()) cs.movers.push_back(m);
    cs.avoid = avoid_;
    RowSpace& space = place_.rows();
    cs.most_states = space.table().size() + settings_.most_states;
    cs.watch = settings_.watch;
    Closure closure(space, std::move(cs));
    std::optional<RowSpace> verdicts;  // what judging meets must not count as reached
    bool undecided = false;
    int least = 1000;
    bool done = false;
    const auto judge = [&](std::uint32_t node) {
      const State g = closure.state(node);
      if (!meets_(g)) return;
      ++out_.goal_states;
      done = consider(closure, node, verdicts, undecided, least);
    };
    // The empty path counts, and `avoid` is not tested on the start.
    End end = End::Complete;
    if (meets_(start_)) {
      ++out_.goal_states;
      done = consider_path({start_, {}, 0}, verdicts, undecided, least);
    }
    if (!done)
      end = closure.run(start_, [&](std::uint32_t node) {
        judge(node);
        return done ? Closure::Next::Stop : Closure::Next::Go;
      });
    out_.states = std::max<std::uint64_t>(1, closure.nodes().size());
    if (out_.exists) {
      out_.structural = out_.path->steps.empty() && nothing_breaks();
      out_.obstacle = Obstacle::None;
      // What exists has its witness; whether a way without a mark exists is open past a limit.
      return;
    }
    if (end == End::Complete && undecided) end = End::Limit;
    out_.end = end;
    if (end != End::Complete) return;
    if (out_.goal_states > 0) {
      no(Obstacle::NotHolding, false);
      return;
    }
    no(Obstacle::Unwilling, conflict_.graph_form() && never_reached());
    if (out_.structural) out_.obstacle = Obstacle::OutOfReach;
  }

  bool consider(const Closure& closure, std::uint32_t node, std::optional<RowSpace>& verdicts,
                bool& undecided, int& least) {
    Path path{start_, {}, 0};
    for (const std::uint32_t n : closure.path(node))
      if (n != 0)
        path.steps.push_back({MoverId(closure.nodes()[n].mover), closure.state(n), true});
    return consider_path(std::move(path), verdicts, undecided, least);
  }

  /// Judges one state of the goal; true when it is a way out without a mark.
  bool consider_path(Path path, std::optional<RowSpace>& verdicts, bool& undecided, int& least) {
    const State g = path.end();
    if (!verdicts || verdicts->table().size() > 1'000'000) verdicts.emplace(conflict_);
    VerdictSettings vs;
    vs.sanctions = settings_.sanctions;
    vs.most_states = std::min<std::size_t>(settings_.most_states, std::size_t{1} << 22);
    vs.watch = settings_.watch;
    vs.watch.progress = nullptr;
    Holding h = holding(*verdicts, g, meets_, profile_, vs);
    ++out_.judged;
    if (h.end != End::Complete) {
      undecided = true;
      return false;
    }
    if (!h.holds) {
      if (!out_.holding) {  // the first, which is nearest, is kept as the example
        out_.holding = std::move(h);
        out_.path = std::move(path);
        out_.marks = path_marks(conflict_, *out_.path);
      }
      return false;
    }
    PathMarks marks = path_marks(conflict_, path);
    if (marks.bought || marks.worse_on_the_way)
      if (const auto clean = clean_path(conflict_, start_, g, avoid_)) {
        path = *clean;
        marks = {};
      }
    const int badness =
        (h.clean ? 0 : 4) + (marks.bought ? 2 : 0) + (marks.worse_on_the_way ? 1 : 0);
    out_.exists = true;
    if (badness >= least) return false;
    least = badness;
    out_.clean = badness == 0;
    out_.holding = std::move(h);
    out_.path = std::move(path);
    out_.marks = std::move(marks);
    return out_.clean;
  }

  /// No move of anybody from the start leads out of the goal.
  bool nothing_breaks() {
    bool breaks = false;
    for (const MoverId m : conflict_.movers())
      for_each_move(conflict_, m, start_, [&](State t) {
        breaks = breaks || !meets_(t);
        return !breaks;
      });
    return !breaks;
  }

  /// Graph form: no sequence of moves, willing or not, leads to it.
  bool never_reached() {
    PathSettings ps;
    ps.will = Will::Any;
    ps.avoid = avoid_;
    ps.most_states = settings_.most_states;
    ps.watch = settings_.watch;
    const PathSearch found = shortest_path(place_.rows(), start_, meets_, ps);
    return !found.path && found.end == End::Complete;
  }

  Disputes::Place& place_;
  const Conflict& conflict_;
  State start_;
  const GoalInfo& info_;
  const ClaimsSettings& settings_;
  ConceptProfile profile_;
  GoalTest meets_;
  std::function<bool(State)> avoid_;
  GoalEvidence out_;
};

}  // namespace

GoalEvidence judge_goal(Disputes::Place& place, State start, std::size_t goal,
                        const ClaimsSettings& settings) {
  return GoalJudge(place, start, goal, settings).run();
}

}  // namespace wayout
