#include "wayout/trust/lane_dispute.hpp"

#include <algorithm>

#include "wayout/model/local_score.hpp"
#include "wayout/trust/lane_mover.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostPriorities = 60;

/// Priorities, vital ones first, as statements of the part.
std::vector<std::size_t> in_order(const PreferencePart& part) {
  std::vector<std::size_t> out;
  for (const bool vital : {true, false})
    for (std::size_t k = 0; k < part.statements.size(); ++k)
      if (part.statements[k].enabled && part.statements[k].vital == vital) out.push_back(k);
  return out;
}

bool some(const Lanes& x) {
  return std::any_of(x.at.begin(), x.at.end(), [](std::int64_t v) { return v != 0; });
}

}  // namespace

LaneMask above(const LaneScore& a, const LaneScore& b) {
  const LaneKernels& k = lane_kernels();
  LaneMask higher = 0;
  LaneMask level = 0;
  LaneMask tail = 0;
  k.above(&a.head, b.head, &higher, 1);
  k.same(&a.head, b.head, &level, 1);
  k.above(&a.tail, b.tail, &tail, 1);
  return higher | (level & tail);
}

std::optional<LaneBook> LaneBook::compile(const Sampler& sampler) {
  const Conflict& conflict = sampler.conflict();
  if (conflict.graph_form() || !conflict.status_quo()) return std::nullopt;
  for (const Input& in : sampler.inputs())
    if (in.kind == UncertainKind::StatusQuo || in.kind == UncertainKind::Order) return std::nullopt;
  LaneBook out;
  out.sampler_ = &sampler;
  out.weights_.resize(conflict.party_count());
  for (const PartyId p : conflict.parties()) {
    if (order_count(conflict, p) == 0) continue;
    const PreferencePart* part = conflict.preference_part(p);
    if (part == nullptr) return std::nullopt;
    if (part->method == Method::Priorities) {
      if (in_order(*part).size() > kMostPriorities) return std::nullopt;
      continue;
    }
    out.weights_[p.index()] = DrawnWeights::compile(sampler, p);
    if (!out.weights_[p.index()]) return std::nullopt;
  }
  for (const MoverId m : conflict.movers()) {
    if (!LaneMover::made_for(conflict, m)) return std::nullopt;
    out.transitive_ = out.transitive_ && conflict.mover(m).transitive;
  }
  return out;
}

LaneDispute::LaneDispute(const LaneBook& book, std::uint64_t seed,
                         std::span<const std::uint64_t> profiles)
    : book_(&book) {
  const std::size_t count = profiles.size();
  contract(count > 0 && count <= kLanes, "a block has 1 to 64 profiles");
  all_ = count == kLanes ? ~LaneMask{0} : (LaneMask{1} << count) - 1;
  for (const std::uint64_t k : profiles) draws_.push_back(book.sampler().draw(seed, k));
  const Conflict& conflict = book.conflict();
  terms_.resize(conflict.party_count());
  for (const PartyId p : conflict.parties()) {
    indifferent_.push_back(order_count(conflict, p) == 0);
    if (indifferent_.back()) continue;
    const PreferencePart& part = *conflict.preference_part(p);
    auto& terms = terms_[p.index()];
    const auto add = [&](std::size_t k, bool vital, const Lanes& weight) {
      const ExprId when = conflict.statement_when(p, k);
      if (some(weight)) terms.push_back({k, when, conflict.pool().support(when), vital, weight});
    };
    if (part.method == Method::Priorities) {
      const std::vector<std::size_t> order = in_order(part);
      for (std::size_t i = 0; i < order.size(); ++i) {
        Lanes weight;
        weight.at.fill(std::int64_t{1} << (order.size() - 1 - i));
        add(order[i], false, weight);
      }
      continue;
    }
    const DrawnWeights& weights = *book.weights_[p.index()];
    for (std::size_t k = 0; k < part.statements.size(); ++k) {
      Lanes weight;
      for (std::size_t l = 0; l < count; ++l) weight.at[l] = weights.weight(k, draws_[l]);
      add(k, part.statements[k].vital, weight);
    }
  }
  for (const MoverId m : conflict.movers())
    movers_.push_back(std::make_unique<LaneMover>(*this, m));
}

LaneDispute::~LaneDispute() = default;

LaneScore LaneDispute::score(PartyId p, State s) const {
  const LaneKernels& k = lane_kernels();
  LaneScore out;
  for (const LaneTerm& t : terms_[p.index()])
    if (conflict().holds(t.when, s)) k.add(t.vital ? out.head : out.tail, t.weight);
  return out;
}

double LaneDispute::points(PartyId p, std::size_t statement, std::size_t lane) const {
  const auto& weights = book_->weights_[p.index()];
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
  const auto& weights = book_->weights_[p.index()];
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
