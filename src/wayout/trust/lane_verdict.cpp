#include "wayout/trust/lane_verdict.hpp"

#include <algorithm>
#include <bit>

#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostWays = 12;
constexpr std::size_t kMostSure = 8;
/// Bounds kept for a party: 16 MiB.
constexpr std::size_t kMostBounds = std::size_t{1} << 14;
/// Falls kept: about 256 MiB at most; then they are found anew.
constexpr std::size_t kMostFalls = std::size_t{1} << 17;

LaneScore minus(LaneScore a, const LaneScore& b) {
  for (std::size_t k = 0; k < kLanes; ++k) {
    a.head.at[k] -= b.head.at[k];
    a.tail.at[k] -= b.tail.at[k];
  }
  return a;
}

}  // namespace

LaneClosureSettings answers_to(const Conflict& conflict, PartyId p, bool improving,
                               const LaneVerdictSettings& settings) {
  LaneClosureSettings out;
  out.movers = opponents(conflict, p);
  out.improvements = improving;
  out.most_states = settings.most_states;
  out.watch = settings.watch;
  out.watch.progress = nullptr;
  return out;
}

LaneJudge::LaneJudge(LaneDispute& dispute, const LaneVerdictSettings& settings)
    : dispute_(&dispute), settings_(settings) {
  falls_.resize(2 * dispute.conflict().party_count());
  ways_.resize(2 * dispute.conflict().party_count());
  const Conflict& conflict = dispute.conflict();
  for (const PartyId p : conflict.parties()) {
    UInt128 free = 0;
    UInt128 seen = 0;
    for (const MoverId m : opponents(conflict, p)) {
      free |= conflict.mover(m).digit_mask;
      seen |= dispute.mover(m).rows().relevant();
    }
    for (const LaneTerm& t : dispute.terms(p))
      if ((t.support & free) != 0) seen |= t.support;
    free_.push_back(free);
    seen_.push_back(seen);
    least_.emplace_back();
    bounds_.emplace_back();
    sure_.emplace_back();
    for (const LaneTerm& t : dispute.terms(p)) {
      if ((t.support & free) == 0) {
        bounds_.back().seen |= t.support;
        continue;
      }
      Lanes& word = t.vital ? least_.back().head : least_.back().tail;
      for (std::size_t k = 0; k < kLanes; ++k)
        word.at[k] += std::min<std::int64_t>(0, t.weight.at[k]);
    }
  }
}

std::vector<LaneJudge::Improvement> LaneJudge::improvements(PartyId p, State s, LaneMask lanes,
                                                            const ImprovementFilter& counts,
                                                            const LaneScore* limit,
                                                            LaneMask& unanswered) {
  const Conflict& conflict = dispute_->conflict();
  LaneMover& mover = dispute_->mover(conflict.mover_of(p));
  std::vector<Improvement> out;
  auto& sure = sure_[p.index()];
  const UInt128 free = mover.rows().free();
  for (std::size_t i = 0; limit != nullptr && i < sure.size(); ++i) {
    const State t{(s.bits & ~free) | sure[i]};
    const LaneMask hit = mover.gain(s, t.bits, lanes & ~unanswered);
    if (hit == 0 || (counts && !counts(t))) continue;
    unanswered |= hit & above(bound(p, t), *limit);
    if ((lanes & ~unanswered) == 0) return out;
  }
  mover.improvements(s, lanes & ~unanswered, [&](State t, LaneMask hit) {
    hit &= ~unanswered;
    if (hit == 0 || (counts && !counts(t))) return true;
    if (limit == nullptr) {
      unanswered |= hit;
    } else {
      const LaneScore& least = bound(p, t);
      if (const LaneMask broken = hit & above(least, *limit); broken != 0) {
        unanswered |= broken;
        hit &= ~unanswered;
        sure.insert(sure.begin(), t.bits & free);
        if (sure.size() > kMostSure) sure.pop_back();
      }
      if (hit != 0) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(hit));
        out.push_back({least.tail.at[lane] - limit->tail.at[lane], t, hit});
      }
    }
    return (lanes & ~unanswered) != 0;
  });
  std::sort(out.begin(), out.end(), [](const Improvement& a, const Improvement& b) {
    return a.prospect != b.prospect ? a.prospect > b.prospect : a.state < b.state;
  });
  return out;
}

LaneJudge::Fall& LaneJudge::fall(PartyId p, bool improving, State s1) {
  auto& falls = falls_[2 * p.index() + (improving ? 1 : 0)];
  if (falls.size() > kMostFalls) falls.clear();
  const auto [it, made] = falls.try_emplace(State{s1.bits & seen_[p.index()]});
  if (made) {
    it->second.low.head.at.fill(INT64_MAX);
    it->second.low.tail.at.fill(INT64_MAX);
  }
  return it->second;
}

void LaneJudge::lower(Fall& fall, LaneScore score, const LaneScore& from, LaneMask lanes) const {
  score = minus(score, from);
  blend(fall.low, score, lanes & above(fall.low, score));
}

const LaneScore& LaneJudge::bound(PartyId p, State s1) {
  Bounds& bounds = bounds_[p.index()];
  if (bounds.at.size() >= kMostBounds) {
    bounds.keys = {};
    bounds.at.clear();
  }
  const StateNumber n = bounds.keys.intern(State{s1.bits & bounds.seen});
  if (n == bounds.at.size()) {
    LaneScore& out = bounds.at.emplace_back(least_[p.index()]);
    for (const LaneTerm& t : dispute_->terms(p))
      if ((t.support & free_[p.index()]) == 0 && dispute_->conflict().holds(t.when, s1))
        lane_kernels().add(t.vital ? out.head : out.tail, t.weight);
  }
  return bounds.at[n];
}

void LaneJudge::replay(PartyId p, State s1, bool improving, LaneMask lanes, const LaneScore& from,
                       const LaneScore& limit, Fall& fall) {
  const Conflict& conflict = dispute_->conflict();
  for (const Way& way : ways_[2 * p.index() + (improving ? 1 : 0)]) {
    LaneMask left = lanes & ~reaches(fall, limit);
    if (left == 0) return;
    State at = s1;
    for (const Step& step : way) {
      if (left == 0) break;
      const UInt128 own = conflict.mover(step.mover).digit_mask;
      const State t{(at.bits & ~own) | (step.state.bits & own)};
      if (t == at || !is_move(conflict, step.mover, at, t)) continue;
      if (improving) {
        const LaneMask willing = left & dispute_->wants(step.mover, at, t);
        if (willing == 0) continue;
        left = willing;
      }
      at = t;
      lower(fall, dispute_->score(p, at), from, left);
      left &= ~reaches(fall, limit);
    }
  }
}

LaneMask LaneJudge::answered(PartyId p, State s1, bool improving, LaneMask lanes,
                             const LaneScore& given, LaneMask& open) {
  Fall& known = fall(p, improving, s1);
  const LaneScore from = dispute_->score(p, s1);
  const LaneScore limit = minus(given, from);
  LaneMask left = lanes & ~reaches(known, limit) & ~known.exact;
  if (left != 0) {
    replay(p, s1, improving, left, from, limit, known);
    left &= ~reaches(known, limit);
  }
  if (left != 0) {
    LaneClosure search(*dispute_, answers_to(dispute_->conflict(), p, improving, settings_));
    auto& ways = ways_[2 * p.index() + (improving ? 1 : 0)];
    const End end = search.run(s1, left, [&](StateNumber n, LaneMask fresh) {
      if (search.state(n) == s1) return;
      lower(known, dispute_->score(p, search.state(n)), from, fresh);
      const LaneMask hurt = left & reaches(known, limit);
      if (hurt == 0) return;
      left &= ~hurt;
      search.drop(hurt);
      ways.insert(ways.begin(), search.path(n));
      if (ways.size() > kMostWays) ways.pop_back();
    });
    (end == End::Complete ? known.exact : open) |= left;
  }
  return lanes & reaches(known, limit);
}

LaneMask LaneJudge::escapes(PartyId p, State s2, LaneMask lanes, const LaneScore& limit) {
  LaneMask left = lanes;
  dispute_->mover(dispute_->conflict().mover_of(p)).moves(s2, [&](State u) {
    left &= ~above(dispute_->score(p, u), limit);
    return left != 0;
  });
  return lanes & ~left;
}

LaneMask LaneJudge::answered_for_good(PartyId p, State s1, bool improving, LaneMask lanes,
                                      const LaneScore& limit, LaneMask& open) {
  LaneMask left = lanes;
  LaneMask out = 0;
  LaneClosure search(*dispute_, answers_to(dispute_->conflict(), p, improving, settings_));
  const End end = search.run(s1, left, [&](StateNumber n, LaneMask fresh) {
    if (search.state(n) == s1) return;
    LaneMask hurt = fresh & left & ~above(dispute_->score(p, search.state(n)), limit);
    if (hurt != 0) hurt &= ~escapes(p, search.state(n), hurt, limit);
    out |= hurt;
    left &= ~hurt;
    search.drop(hurt);
  });
  if (end != End::Complete) open |= left;
  return out;
}

LaneAnswer LaneJudge::stable(PartyId p, State s, Concept c, LaneMask lanes,
                             const ImprovementFilter& counts) {
  LaneAnswer out;
  if (lanes == 0) return out;
  const LaneScore limit = dispute_->score(p, s);
  const std::vector<Improvement> list =
      improvements(p, s, lanes, counts, c == Concept::Nash ? nullptr : &limit, out.no);
  const bool improving = c == Concept::Seq || c == Concept::Sseq;
  const bool symmetric = c == Concept::Smr || c == Concept::Sseq;
  // What is known already spares searches.
  if (!symmetric)
    for (const Improvement& i : list) {
      if ((lanes & ~out.no) == 0) break;
      const Fall& known = fall(p, improving, i.state);
      const LaneMask sure = i.lanes & known.exact & ~out.no;
      if (sure == 0) continue;
      out.no |= sure & ~reaches(known, minus(limit, dispute_->score(p, i.state)));
    }
  LaneMask open = 0;
  for (const Improvement& i : list) {
    const LaneMask asked = i.lanes & lanes & ~out.no;
    if (asked == 0) continue;
    LaneMask undecided = 0;
    const LaneMask met = symmetric
                             ? answered_for_good(p, i.state, improving, asked, limit, undecided)
                             : answered(p, i.state, improving, asked, limit, undecided);
    out.no |= asked & ~met & ~undecided;
    open |= undecided;
  }
  out.yes = lanes & ~out.no & ~open;
  return out;
}

LaneMask LaneJudge::tempted_tracks(State g, LaneMask lanes, const GoalTest& goal) {
  const Conflict& conflict = dispute_->conflict();
  LaneMask out = 0;
  for (const MoverId m : conflict.movers()) {
    if (!conflict.mover(m).track) continue;
    dispute_->mover(m).improvements(g, lanes & ~out, [&](State t, LaneMask hit) {
      if ((hit & ~out) != 0 && !goal(t)) out |= hit;
      return (lanes & ~out) != 0;
    });
  }
  return out;
}

LaneMask LaneJudge::surely_breaks(State g, LaneMask lanes, const GoalTest& goal,
                                  const ConceptProfile& profile) {
  const auto breaks = [&goal](State t) { return !goal(t); };
  LaneMask out = tempted_tracks(g, lanes, goal);
  for (const PartyId p : dispute_->conflict().parties()) {
    if ((lanes & ~out) == 0) break;
    const LaneScore limit = dispute_->score(p, g);
    improvements(p, g, lanes, breaks, profile[p.index()] == Concept::Nash ? nullptr : &limit, out);
  }
  return out;
}

LaneAnswer LaneJudge::holds(State g, LaneMask lanes, const GoalTest& goal,
                            const ConceptProfile& profile) {
  const auto breaks = [&goal](State t) { return !goal(t); };
  LaneAnswer out;
  out.no = tempted_tracks(g, lanes, goal);
  LaneMask open = 0;
  // Those whom only Nash counts for are quickly told.
  for (const bool nash : {true, false})
    for (const PartyId p : dispute_->conflict().parties()) {
      if ((profile[p.index()] == Concept::Nash) != nash) continue;
      const LaneMask asked = lanes & ~out.no;
      const LaneAnswer a = stable(p, g, profile[p.index()], asked, breaks);
      out.no |= a.no;
      open |= asked & ~a.yes & ~a.no;
    }
  out.yes = lanes & ~out.no & ~open;
  return out;
}

}  // namespace wayout
