#include "wayout/answer/claims_lane_ways.hpp"

#include <algorithm>
#include <bit>

#include "wayout/change/way_out.hpp"

namespace wayout {
namespace {

/// Rows opened nearest first.
constexpr std::uint64_t kNearSearch = 20'000;
/// States that all profiles together may reach; where there are more, half of them are asked, down
/// to a few.
constexpr std::size_t kMostLoose = 200'000;
constexpr int kFewest = 8;

/// Every feasible state that meets the goal and lies within the levels, but for those to be
/// avoided; nullopt where there are more than `most` or the search for them takes too long.
std::optional<std::vector<State>> goal_states(const Conflict& c, State start, const GoalInfo& goal,
                                              std::size_t most) {
  LevelSets levels = possible_levels(c, start, ranged_worth(c));
  std::vector<std::vector<ExprId>> rules(c.option_count());  // complete once that option is set
  const auto last_of = [&](UInt128 support) {
    std::size_t last = 0;
    for (const OptionId o : c.options())
      if ((support & c.option(o).mask()) != 0) last = o.index();
    return last;
  };
  for (const auto& [never, rule] : c.nevers())
    rules[last_of(c.pool().support(never))].push_back(never);
  std::vector<State> out;
  std::uint64_t budget = 200'000;
  const auto walk = [&](const auto& self, std::size_t at, State s) -> bool {
    if (budget-- == 0) return false;
    if (at == c.option_count()) {
      if (c.feasible(s) && c.holds(goal.when, s) &&
          (!goal.avoid || s == start || !c.holds(*goal.avoid, s)))
        out.push_back(s);
      return out.size() <= most;
    }
    const OptionId o(at);
    const std::uint64_t all = levels[at];
    for (int level = 0; level < 64; ++level) {
      if (((all >> level) & 1u) == 0) continue;
      const State t = c.with_level(s, o, level);
      if (std::any_of(rules[at].begin(), rules[at].end(), [&](ExprId e) { return c.holds(e, t); }))
        continue;
      levels[at] = std::uint64_t{1} << level;
      if (may_be(c, goal.when, levels).yes && !self(self, at + 1, t)) return false;
    }
    levels[at] = all;
    return true;
  };
  State none;
  if (!walk(walk, 0, none)) return std::nullopt;
  return out;
}

}  // namespace

LaneMask excluded(const LanePlace& place, State start, LaneMask lanes,
                  const std::function<bool(const LevelSets&)>& none) {
  LaneMask out = 0;
  for (LaneMask left = lanes; left != 0; left &= left - 1) {
    const auto lane = static_cast<std::size_t>(std::countr_zero(left));
    const Worth worth = [&](PartyId p, std::size_t statement) {
      const double points = place.dispute.points(p, statement, lane);
      return std::pair(points, points);
    };
    const LevelSets levels = possible_levels(place.dispute.conflict(), start, worth);
    if (none(levels)) out |= LaneMask{1} << lane;
  }
  return out;
}

LaneWays::LaneWays(const Conflict& conflict, State start, std::size_t goal,
                   std::size_t most_goal_states)
    : start_(start),
      goal_(goal),
      states_(goal_states(conflict, start, conflict.goals()[goal], most_goal_states)) {}

/// One question put to one block.
class WayHunt {
 public:
  WayHunt(const LaneWays& ways, LanePlace& place, LaneEffort effort, const Watch& watch)
      : ways_(ways),
        place_(place),
        conflict_(place.dispute.conflict()),
        goal_(conflict_.goals()[ways.goal_]),
        full_(effort == LaneEffort::Full),
        all_(place.dispute.all()) {
    meets_ = [this](State s) { return conflict_.holds(goal_.when, s); };
    profile_ = hold_profile(goal_);
    for (const MoverId m : conflict_.movers()) settings_.movers.push_back(m);
    settings_.avoid = goal_.avoid;
    settings_.watch = watch;
  }

  LaneTruth run() {
    End end = End::Limit;
    if (full_) {
      // Most ways are found soon once it is known where to go; few profiles are then left, and what
      // all of them together could reach is less.
      const LaneMask asked = left();
      where_it_could_hold(asked);
      end = search(kNearSearch);
      if (end == End::Limit && left() != asked) where_it_could_hold(left());
      settings_.toward.clear();
    }
    if (end == End::Limit && left() != 0) end = search(full_ ? UINT64_MAX : kPutOffSearch);
    if (left() == 0) end = End::Complete;
    const LaneMask rest = left();
    if (end == End::Complete) {
      out_.open = rest & unsure_;
      out_.no |= rest & ~unsure_;
    } else {
      (full_ ? out_.open : out_.later) = rest;
    }
    return out_;
  }

 private:
  LaneMask left() const { return all_ & ~out_.yes & ~out_.no; }

  /// Where it holds in nothing that could be reached if all were as willing as the most willing,
  /// nothing has to be searched for; where it holds tells where to go first. The fewer profiles are
  /// asked together, the less could be reached.
  void where_it_could_hold(LaneMask lanes) {
    if (lanes == 0) return;
    LaneClosureSettings settings = settings_;
    settings.most_opened = UINT64_MAX;
    settings.toward.clear();
    settings.loose = true;
    settings.most_states = kMostLoose;
    std::vector<State> there;
    End end = End::Complete;
    {
      LaneClosure closure(place_.dispute, settings);
      end = closure.run(ways_.start_, lanes, [&](StateNumber n, LaneMask) {
        if (closure.holds(goal_.when, n)) there.push_back(closure.state(n));
      });
    }
    if (end == End::Limit && std::popcount(lanes) > kFewest && !settings_.watch.out_of_time()) {
      LaneMask half = lanes;
      for (int i = std::popcount(lanes) / 2; i > 0; --i) half &= half - 1;
      where_it_could_hold(half);
      where_it_could_hold(lanes & ~half);
    }
    if (end != End::Complete) return;
    LaneMask never = lanes;
    for (const State g : there) {
      if (never == 0) break;
      const LaneMask no = place_.judge.holds(g, never, meets_, profile_).no;
      if (no != never) settings_.toward.push_back(g);
      never &= no;
    }
    out_.no |= never;
  }

  End search(std::uint64_t most_opened) {
    settings_.most_opened = most_opened;
    LaneClosure closure(place_.dispute, settings_);
    std::vector<std::pair<StateNumber, LaneMask>> met;
    std::uint64_t opened = 0;
    return closure.run(
        ways_.start_, left(),
        [&](StateNumber n, LaneMask fresh) {
          if (closure.holds(goal_.when, n)) met.emplace_back(n, fresh);
        },
        [&] {
          for (const auto& [n, fresh] : met) {
            const LaneMask asked = fresh & left();
            if (asked == 0) continue;
            const LaneAnswer a = place_.judge.holds(closure.state(n), asked, meets_, profile_);
            out_.yes |= a.yes;
            unsure_ |= asked & ~a.yes & ~a.no;
          }
          met.clear();
          // A way is mostly short. Where it is not, what holds nowhere that it can come about need
          // not be searched for.
          if (++opened == kShortSearch && !full_) refute();
          closure.drop(out_.yes | out_.no);
        });
  }

  void refute() {
    LaneMask never = left();
    if (ways_.states_) {
      for (const State g : *ways_.states_) {
        if (never == 0) break;
        never &= place_.judge.surely_breaks(g, never, meets_, profile_);
      }
    } else {
      never = excluded(place_, ways_.start_, never, [&](const LevelSets& levels) {
        return !may_be(conflict_, goal_.when, levels).yes;
      });
    }
    out_.no |= never;
  }

  const LaneWays& ways_;
  LanePlace& place_;
  const Conflict& conflict_;
  const GoalInfo& goal_;
  const bool full_;
  const LaneMask all_;
  GoalTest meets_;
  ConceptProfile profile_;
  LaneClosureSettings settings_;
  LaneTruth out_;
  LaneMask unsure_ = 0;  ///< reached a state that may hold
};

LaneTruth LaneWays::judge(LanePlace& place, LaneEffort effort, const Watch& watch) const {
  return WayHunt(*this, place, effort, watch).run();
}

}  // namespace wayout
