#include "wayout/answer/claims_goal.hpp"

#include <algorithm>

#include "wayout/answer/possible.hpp"
#include "wayout/change/way_out.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

/// The options whose levels alone keep the goal from coming about: with all levels of such an
/// option allowed it would not be excluded.
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
      if (settings_.evidence) out_.rules = rules_against(conflict_, info_.when);
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
    WayOutSettings ws;
    ws.sanctions = settings_.sanctions;
    ws.from = start_;
    ws.details = settings_.evidence;
    ws.refute = false;
    ws.most_states = settings_.most_states;
    ws.watch = settings_.watch;
    WayOut found = wayout::way_out(conflict_, out_.goal, ws);
    out_.exists = found.exists;
    out_.clean = found.clean;
    out_.end = found.end;
    out_.path = std::move(found.path);
    out_.marks = std::move(found.marks);
    out_.holding = std::move(found.holding);
    out_.states = found.states;
    out_.goal_states = found.goal_states;
    out_.judged = found.judged;
    if (out_.exists) {
      // What exists has its witness; whether there is a way without a mark is open past a limit.
      out_.end = End::Complete;
      out_.structural = out_.path && out_.path->steps.empty() && nothing_breaks();
      return;
    }
    if (out_.end != End::Complete) return;
    if (out_.goal_states > 0) {
      no(Obstacle::NotHolding, false);
      return;
    }
    no(Obstacle::Unwilling, conflict_.graph_form() && never_reached());
    if (out_.structural) out_.obstacle = Obstacle::OutOfReach;
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
