#include "wayout/answer/claims_lanes.hpp"

#include <algorithm>
#include <bit>

#include "wayout/answer/claims_leaf.hpp"
#include "wayout/answer/possible.hpp"
#include "wayout/change/way_out.hpp"

namespace wayout {
namespace {

/// States of one test that are looked at in every profile: more are judged in another way.
constexpr std::size_t kMostStates = 4096;

/// Two starts, or two states in which a condition may be set, have to agree.
LaneTruth agree(const LaneTruth& a, const LaneTruth& b) {
  return {a.yes & b.yes, a.no & b.no, a.open | b.open, a.later | b.later};
}

LaneTruth both(const LaneTruth& a, const LaneTruth& b) {
  LaneTruth out{a.yes & b.yes, a.no | b.no, 0, 0};
  out.open = (a.open | b.open) & ~out.no;
  out.later = (a.later | b.later) & ~out.no;
  return out;
}

LaneTruth turned(const LaneTruth& t) { return {t.no, t.yes, t.open, t.later}; }

LaneTruth truth_of(const LaneAnswer& a, LaneMask all) {
  return {a.yes, a.no, all & ~a.yes & ~a.no, 0};
}

std::optional<std::size_t> goal_in(const Conflict& c, const std::string& id) {
  for (std::size_t i = 0; i < c.goals().size(); ++i)
    if (c.goals()[i].id == id) return i;
  return std::nullopt;
}

/// Where a test starts; none where there is no such state, or too many.
std::vector<State> starts_in(const Conflict& c, const ClaimTest& test) {
  const auto now = c.status_quo();
  if (!now) return {};
  const std::string text = start_condition(test);
  if (text.empty()) return {*now};
  const auto read = c.condition(text);
  if (!read) return {};
  const NearestStates near = nearest_states(c, *now, *read);
  return near.finished ? near.states : std::vector<State>{};
}

LaneScore sum_of(const std::vector<LaneTerm>& terms, const Conflict& c, State s) {
  LaneScore out;
  for (const LaneTerm& t : terms)
    if (c.holds(t.when, s)) lane_kernels().add(out.tail, t.weight);
  return out;
}

void keep_least(LaneScore& to, const LaneScore& x, bool least) {
  blend(to, x, least ? above(to, x) : above(x, to));
}

}  // namespace

std::optional<LaneTest> LaneTest::make(const Leaf& leaf, const ClaimsSettings& settings) {
  LaneTest out;
  out.test_ = leaf.test;
  out.settings_ = &settings;
  if (settings.sanctions != Sanctions::Legal || !out.prepare(leaf)) return std::nullopt;
  return out;
}

bool LaneTest::prepare(const Leaf& leaf) {
  const Conflict& c = *leaf.dispute;
  for (const std::string& id : test_.parties)
    if (const auto p = c.find_party(id)) parties_.push_back(*p);
  if (!test_.condition.empty() && test_.condition != "now") {
    const auto read = c.condition(test_.condition);
    if (!read) return false;
    condition_ = *read;
  }
  for (const State s : starts_in(c, test_)) starts_.push_back({s, {}, {}, {}});
  switch (test_.kind) {
    case TestKind::Stable:
    case TestKind::Unstable:
      concept_ = parse_concept(test_.concept_name).value_or(Concept::Seq);
      if (!LaneJudge::judges(concept_)) return false;
      if (parties_.empty())
        for (const PartyId p : c.parties()) parties_.push_back(p);
      if (test_.condition == "now") break;
      each_state_ = true;
      if (!for_each_feasible(c, 5'000'000, [&](State s) {
            if (condition_->holds(s)) states_.push_back(s);
            return states_.size() <= kMostStates;
          }))
        return false;
      return !states_.empty() && states_.size() <= kMostStates;
    case TestKind::Reachable:
    case TestKind::Unreachable:
      if (test_.condition == "now") return false;
      break;
    case TestKind::WayOut:
    case TestKind::NoWayOut:
    case TestKind::Unlocks: {
      const auto goal = goal_in(c, test_.goal);
      if (!goal) return false;
      for (const Concept concept_name : hold_profile(c.goals()[*goal]))
        if (!LaneJudge::judges(concept_name)) return false;
      for (const Start& s : starts_) ways_.emplace_back(c, s.from, *goal, kMostStates);
      if (test_.kind != TestKind::Unlocks) break;
      const auto there = goal_in(*leaf.other, test_.goal);
      if (!there) return false;
      for (const State s : starts_in(*leaf.other, test_))
        ways_there_.emplace_back(*leaf.other, s, *there, kMostStates);
      if (ways_there_.empty()) return false;
      break;
    }
    case TestKind::BetterFor:
    case TestKind::WorseFor: {
      if (!condition_) return false;
      for (Start& s : starts_) {
        const NearestStates near = nearest_states(c, s.from, *condition_);
        if (!near.finished || near.states.empty()) return false;
        s.set = near.states;
      }
      break;
    }
    case TestKind::Willing:
    case TestKind::Unwilling:
      if (!condition_) return false;
      break;
    case TestKind::Prefers:
      for (Start& s : starts_) {
        const auto states = [&](const std::string& text) -> std::vector<State> {
          if (text == "now") return {s.from};
          const auto read = c.condition(text);
          bool set = false;
          if (!read) return {};
          const NearestStates near = states_as_now(c, s.from, *read, set);
          return near.finished ? near.states : std::vector<State>{};
        };
        s.above = states(test_.condition);
        s.below = states(test_.to);
        if (s.above.empty() || s.below.empty() || s.above.size() + s.below.size() > kMostStates)
          return false;
      }
      break;
    default:
      return false;
  }
  return !starts_.empty() && starts_.size() <= 64;
}

LaneClosureSettings LaneTest::closure(const LanePlace& place) const {
  LaneClosureSettings out;
  for (const MoverId m : place.dispute.conflict().movers()) out.movers.push_back(m);
  out.watch = watch();
  return out;
}

Watch LaneTest::watch() const {
  Watch out = settings_->watch;
  out.progress = nullptr;
  return out;
}

LaneTruth LaneTest::judge(LanePlace& place, LanePlace* other, LaneEffort effort) const {
  if (each_state_) return stable(states_, place);
  LaneTruth out = from(0, place, other, effort);
  for (std::size_t i = 1; i < starts_.size(); ++i) out = agree(out, from(i, place, other, effort));
  return out;
}

LaneTruth LaneTest::from(std::size_t i, LanePlace& place, LanePlace* other,
                         LaneEffort effort) const {
  const Start& start = starts_[i];
  switch (test_.kind) {
    case TestKind::Stable:
    case TestKind::Unstable:
      return stable({start.from}, place);
    case TestKind::Reachable:
      return reachable(start.from, place, effort);
    case TestKind::Unreachable:
      return turned(reachable(start.from, place, effort));
    case TestKind::WayOut:
      return ways_[i].judge(place, effort, watch());
    case TestKind::NoWayOut:
      return turned(ways_[i].judge(place, effort, watch()));
    case TestKind::Unlocks:
      return unlocks(ways_[i], place, *other, effort);
    case TestKind::BetterFor:
    case TestKind::WorseFor:
      return drifts(start, place);
    case TestKind::Willing:
    case TestKind::Unwilling:
      return wills(start.from, place);
    case TestKind::Prefers:
      return prefers(start, place);
    default:
      break;
  }
  return {0, 0, place.dispute.all(), 0};
}

LaneTruth LaneTest::stable(const std::vector<State>& states, LanePlace& place) const {
  const LaneMask all = place.dispute.all();
  LaneTruth out{all, 0, 0, 0};
  for (const State s : states)
    for (const PartyId p : parties_) {
      const LaneMask asked = all & ~out.no;
      if (asked == 0) break;
      LaneTruth one = truth_of(place.judge.stable(p, s, concept_, asked), asked);
      out = both(out, one);
    }
  return test_.kind == TestKind::Stable ? out : turned(out);
}

LaneTruth LaneTest::reachable(State start, LanePlace& place, LaneEffort effort) const {
  const LaneMask all = place.dispute.all();
  LaneTruth out;
  LaneClosureSettings settings = closure(place);
  if (effort == LaneEffort::Little) settings.most_opened = kPutOffSearch;
  LaneClosure search(place.dispute, settings);
  std::uint64_t opened = 0;
  const auto refute = [&] {
    const LaneMask never = excluded(place, start, all & ~out.yes, [&](const LevelSets& levels) {
      return !may_be(place.dispute.conflict(), *condition_, levels).yes;
    });
    out.no |= never;
    search.drop(never);
  };
  const End end = search.run(
      start, all,
      [&](StateNumber n, LaneMask fresh) {
        if (!condition_->holds(search.state(n))) return;
        out.yes |= fresh;
        search.drop(fresh);
      },
      [&] {
        if (++opened == kShortSearch) refute();
      });
  const LaneMask rest = all & ~out.yes & ~out.no;
  (end == End::Complete ? out.no : effort == LaneEffort::Little ? out.later : out.open) |= rest;
  return out;
}

LaneTruth LaneTest::unlocks(const LaneWays& ways, LanePlace& place, LanePlace& other,
                            LaneEffort effort) const {
  const LaneTruth without = ways.judge(place, effort, watch());
  LaneTruth out;
  for (std::size_t i = 0; i < ways_there_.size(); ++i) {
    const LaneTruth with = ways_there_[i].judge(other, effort, watch());
    LaneTruth one{with.yes & without.no, without.yes | with.no, 0, 0};
    const LaneMask rest = place.dispute.all() & ~one.yes & ~one.no;
    one.later = rest & (with.later | without.later);
    one.open = rest & ~one.later;
    out = i == 0 ? one : agree(out, one);
  }
  return out;
}

LaneTruth LaneTest::drifts(const Start& start, LanePlace& place) const {
  LaneTruth out{place.dispute.all(), 0, 0, 0};
  for (const PartyId p : parties_) {
    LaneTruth one = drift(p, start.from, start.set[0], place);
    for (std::size_t i = 1; i < start.set.size(); ++i)
      one = agree(one, drift(p, start.from, start.set[i], place));
    out = both(out, one);
  }
  return out;
}

LaneTruth LaneTest::drift(PartyId p, State today, State set, LanePlace& place) const {
  LaneDispute& dispute = place.dispute;
  const Conflict& c = dispute.conflict();
  const bool more = test_.kind == TestKind::BetterFor;
  std::vector<LaneTerm> points;
  if (!test_.criterion.empty()) points = dispute.criterion(p, test_.criterion);
  const LaneScore now = sum_of(points, c, today);
  LaneClosureSettings settings = closure(place);
  std::erase_if(settings.movers, [&](MoverId m) { return contains(c.mover(m).members, p); });
  const LaneDrift found = lane_drift(dispute, set, dispute.all(), settings, [&](State s) {
    if (test_.criterion.empty())
      return ~(more ? dispute.better(p, s, today) : dispute.better(p, today, s));
    const LaneScore there = sum_of(points, c, s);
    return ~(more ? above(there, now) : above(now, there));
  });
  return {found.good, found.bad, found.open, 0};
}

LaneTruth LaneTest::wills(State start, LanePlace& place) const {
  LaneDispute& dispute = place.dispute;
  const LaneMask all = dispute.all();
  LaneTruth out{all, 0, 0, 0};
  for (const PartyId p : parties_) {
    LaneTruth one;
    dispute.mover(dispute.conflict().mover_of(p))
        .improvements(start, all, [&](State t, LaneMask hit) {
          if (condition_->holds(t)) one.yes |= hit;
          return one.yes != all;
        });
    one.no = all & ~one.yes;
    out = both(out, test_.kind == TestKind::Willing ? one : turned(one));
  }
  return out;
}

LaneTruth LaneTest::prefers(const Start& start, LanePlace& place) const {
  const LaneMask all = place.dispute.all();
  LaneTruth out{all, 0, 0, 0};
  for (const PartyId p : parties_) {
    const auto end_of = [&](const std::vector<State>& states, bool least) {
      LaneScore end = place.dispute.score(p, states[0]);
      for (std::size_t i = 1; i < states.size(); ++i)
        keep_least(end, place.dispute.score(p, states[i]), least);
      return end;
    };
    LaneTruth one;
    one.yes = all & above(end_of(start.above, true), end_of(start.below, false));
    one.no = all & ~one.yes;
    out = both(out, one);
  }
  return out;
}

}  // namespace wayout
