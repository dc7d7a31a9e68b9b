#include "wayout/trust/lane_dispute.hpp"

#include <algorithm>

namespace wayout {
namespace {

bool some(const Lanes& x) {
  return std::any_of(x.at.begin(), x.at.end(), [](std::int64_t v) { return v != 0; });
}

}  // namespace

LaneGround::LaneGround(const LaneDispute& dispute) : space(dispute.book().take_space()) {
  for (const MoverId m : dispute.conflict().movers())
    movers.push_back(std::make_unique<LaneMover>(dispute, *space, m));
}

LaneGround::~LaneGround() {
  const LaneBook& book = space->book();
  book.give_back(std::move(space));
}

LaneDispute::LaneDispute(const LaneBook& book, std::uint64_t seed,
                         std::span<const std::uint64_t> profiles)
    : book_(&book) {
  const std::size_t count = profiles.size();
  contract(count > 0 && count <= kLanes, "a block has 1 to 64 profiles");
  all_ = count == kLanes ? ~LaneMask{0} : (LaneMask{1} << count) - 1;
  for (const std::uint64_t k : profiles) draws_.push_back(book.sampler().draw(seed, k));
  terms_.resize(conflict().party_count());
  term_of_.resize(conflict().party_count());
  for (const PartyId p : conflict().parties()) {
    const auto& statements = book.statements(p);
    for (std::size_t i = 0; i < statements.size(); ++i) {
      const LaneBook::Statement& s = statements[i];
      Lanes weight;
      if (const auto& weights = book.weights(p)) {
        for (std::size_t l = 0; l < count; ++l) weight.at[l] = weights->weight(s.part, draws_[l]);
      } else {
        weight.at.fill(std::int64_t{1} << (statements.size() - 1 - i));
      }
      const bool counts = some(weight);
      term_of_[p.index()].push_back(counts ? static_cast<std::int32_t>(terms_[p.index()].size())
                                           : -1);
      if (counts) terms_[p.index()].push_back({s.part, s.when, s.support, s.vital, weight});
    }
  }
}

LaneDispute::~LaneDispute() = default;

LaneGround& LaneDispute::ground() {
  const auto fresh = [this](std::unique_ptr<LaneGround>& g) -> LaneGround& {
    if (!g || (g->live == 0 && g->space->size() > LaneSpace::kLarge)) {
      g.reset();
      g = std::make_unique<LaneGround>(*this);
    }
    return *g;
  };
  LaneGround& first = fresh(ground_);
  return first.space->size() <= LaneSpace::kLarge ? first : fresh(spare_);
}

LaneScore LaneDispute::score(PartyId p, State s) const {
  const LaneKernels& k = lane_kernels();
  LaneScore out;
  for (const LaneTerm& t : terms_[p.index()])
    if (conflict().holds(t.when, s)) k.add(t.vital ? out.head : out.tail, t.weight);
  return out;
}

double LaneDispute::points(PartyId p, std::size_t statement, std::size_t lane) const {
  const auto& weights = book_->weights(p);
  if (!weights) return 0;
  return static_cast<double>(weights->weight(statement, draws_[lane])) * weights->unit();
}

LaneMask LaneDispute::better(PartyId p, State t, State s) const {
  const LaneKernels& k = lane_kernels();
  const UInt128 changed = s.bits ^ t.bits;
  LaneScore there;
  LaneScore here;
  for (const LaneTerm& term : terms_[p.index()]) {
    if ((term.support & changed) == 0) continue;
    const bool before = conflict().holds(term.when, s);
    if (before == conflict().holds(term.when, t)) continue;
    LaneScore& side = before ? here : there;
    k.add(term.vital ? side.head : side.tail, term.weight);
  }
  return above(there, here) & all_;
}

LaneMask LaneDispute::wants(MoverId m, State s, State t) const {
  const MoverInfo& info = conflict().mover(m);
  const bool none_worse = info.track && info.consent == Consent::NoneWorse;
  LaneMask out = all_;
  LaneMask strict = 0;
  for (const PartyId p : conflict().parties()) {
    if (!contains(info.members, p)) continue;
    if (none_worse) {
      out &= ~better(p, s, t);
      strict |= better(p, t, s);
    } else {
      out &= better(p, t, s);
    }
  }
  return none_worse ? out & strict : out;
}

std::vector<LaneTerm> LaneDispute::criterion(PartyId p, const std::string& name) const {
  std::vector<LaneTerm> out;
  const auto& weights = book_->weights(p);
  const auto place = weights ? weights->criterion(name) : std::nullopt;
  if (!place) return out;
  for (std::size_t k = 0; k < weights->size(); ++k) {
    Lanes points;
    for (std::size_t l = 0; l < draws_.size(); ++l)
      points.at[l] = weights->points(k, *place, draws_[l]);
    const ExprId when = conflict().statement_when(p, k);
    if (some(points)) out.push_back({k, when, conflict().pool().support(when), false, points});
  }
  return out;
}

}  // namespace wayout
