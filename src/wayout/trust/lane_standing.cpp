#include "wayout/trust/lane_standing.hpp"

namespace wayout {
namespace {

constexpr std::size_t kNash = 0, kGmr = 1, kSmr = 2, kSeq = 3, kSseq = 4;

/// Peaks kept: about 64 MiB at most.
constexpr std::size_t kMostPeaks = std::size_t{1} << 16;

}  // namespace

LanePeaks::LanePeaks(LaneDispute& dispute, PartyId p)
    : dispute_(&dispute), party_(p), mover_(dispute.conflict().mover_of(p)) {
  const Conflict& conflict = dispute.conflict();
  const MoverInfo& info = conflict.mover(mover_);
  own_ = info.digit_mask;
  const ExprPool& pool = conflict.pool();
  const auto look = [&](UInt128 support) {
    if ((support & own_) != 0) key_ |= support;
  };
  for (const LaneTerm& t : dispute.terms(p)) look(t.support);
  for (const auto& [never, rule] : conflict.nevers()) look(pool.support(never));
  for (const Forbid& f : info.forbids) key_ |= pool.support(f.from) | pool.support(f.to);
  key_ |= own_;
  if (!info.forbids.empty()) return;
  for (const Digit& d : info.digits)
    if (d.change == Change::Any) key_ &= ~conflict.option(d.option).mask();
}

LaneMask LanePeaks::above_limit(State s, LaneMask lanes, const LaneScore& limit) {
  const Conflict& conflict = dispute_->conflict();
  const LaneKernels& kernels = lane_kernels();
  const auto add = [&](LaneScore& to, State t, bool own) {
    for (const LaneTerm& term : dispute_->terms(party_))
      if (((term.support & own_) != 0) == own && conflict.holds(term.when, t))
        kernels.add(term.vital ? to.head : to.tail, term.weight);
  };
  if (peaks_.size() > kMostPeaks) peaks_.clear();
  const auto [it, made] = peaks_.try_emplace(State{s.bits & key_});
  if (made) {
    add(it->second, s, true);
    dispute_->mover(mover_).moves(s, [&](State t) {
      LaneScore there;
      add(there, t, true);
      blend(it->second, there, above(there, it->second));
      return true;
    });
  }
  LaneScore best = it->second;
  add(best, s, false);
  return lanes & above(best, limit);
}

LaneStanding::LaneStanding(LaneDispute& dispute, LaneJudge& judge,
                           const LaneVerdictSettings& settings)
    : dispute_(&dispute), judge_(&judge), settings_(settings) {}

LanePeaks& LaneStanding::peaks(PartyId p) {
  return peaks_.try_emplace(p.index(), *dispute_, p).first->second;
}

LaneStanding::Answers LaneStanding::of(PartyId p, State s, LaneMask lanes) {
  Answers out;
  const auto say = [&](std::size_t c, LaneAnswer a) {
    out[c].yes |= a.yes & ~out[c].no;
    out[c].no |= a.no & ~out[c].yes;
  };
  const auto open = [&](std::size_t c) { return lanes & ~out[c].yes & ~out[c].no; };
  say(kNash, judge_->stable(p, s, Concept::Nash, lanes));
  for (const std::size_t c : {kGmr, kSmr, kSeq, kSseq}) say(c, {out[kNash].yes, 0});
  say(kGmr, judge_->stable(p, s, Concept::Gmr, open(kGmr)));
  for (const std::size_t c : {kSmr, kSeq, kSseq}) say(c, {0, out[kGmr].no});
  say(kSeq, judge_->stable(p, s, Concept::Seq, open(kSeq)));
  say(kSseq, {0, out[kSeq].no});
  say(kSseq, for_good(p, s, true, open(kSseq)));
  say(kSmr, {out[kSseq].yes, 0});
  say(kSmr, for_good(p, s, false, open(kSmr)));
  return out;
}

LaneAnswer LaneStanding::for_good(PartyId p, State s, bool improving, LaneMask lanes) {
  LaneAnswer out;
  if (lanes == 0) return out;
  const LaneScore limit = dispute_->score(p, s);
  std::vector<std::pair<State, LaneMask>> list;
  dispute_->mover(dispute_->conflict().mover_of(p))
      .improvements(s, lanes, [&](State t, LaneMask hit) {
        list.emplace_back(t, hit);
        return true;
      });
  const LaneClosureSettings cs = answers_to(dispute_->conflict(), p, improving, settings_);
  LaneMask undecided = 0;
  for (const auto& [t, hit] : list) {
    LaneMask left = hit & ~out.no;
    if (left == 0) continue;
    LaneClosure search(*dispute_, cs);
    const End end = search.run(t, left, [&](StateNumber n, LaneMask fresh) {
      const State s2 = search.state(n);
      if (s2 == t) return;
      LaneMask hurt = fresh & left & ~above(dispute_->score(p, s2), limit);
      if (hurt != 0) hurt &= ~peaks(p).above_limit(s2, hurt, limit);
      left &= ~hurt;
      search.drop(hurt);
    });
    (end == End::Complete ? out.no : undecided) |= left;
  }
  out.yes = lanes & ~out.no & ~undecided;
  return out;
}

}  // namespace wayout
