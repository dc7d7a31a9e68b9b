#include "wayout/model/local_score.hpp"

#include "wayout/model/data.hpp"

namespace wayout {

LocalScore::LocalScore(const Conflict& conflict, PartyId party, std::size_t member, UInt128 mask)
    : conflict_(&conflict), mask_(mask) {
  const CompiledPreference& whole = conflict.data().preferences[party.index()];
  preference_ = &whole;
  indifferent_ = whole.indifferent;
  if (indifferent_) return;
  if (whole.method == Method::Unanimous) preference_ = &whole.members.at(member);
  method_ = preference_->method;
  const ExprPool& pool = conflict.pool();
  if (method_ == Method::Weights) {
    for (const auto& term : preference_->terms)
      if ((pool.support(term.when) & mask) != 0)
        terms_.push_back({term.when, term.weight, term.vital});
  } else if (method_ == Method::Priorities) {
    for (const ExprId e : preference_->ordered)
      if ((pool.support(e) & mask) != 0) terms_.push_back({e, 0, false});
  }
}

Score LocalScore::operator()(State s) const {
  Score out;
  if (indifferent_) return out;
  const ExprPool& pool = conflict_->pool();
  if (method_ == Method::Weights) {
    for (const Term& t : terms_)
      if (pool.holds(t.when, s)) (t.vital ? out.head : out.tail) += t.weight;
    return out;
  }
  if (method_ == Method::Priorities) {
    constexpr std::size_t kPerWord = 62;
    if (terms_.size() > 2 * kPerWord)
      out.more.resize((terms_.size() + kPerWord - 1) / kPerWord - 2);
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (!pool.holds(terms_[i].when, s)) continue;
      const std::size_t word = i / kPerWord;
      std::int64_t& target = word == 0 ? out.head : (word == 1 ? out.tail : out.more[word - 2]);
      target |= std::int64_t{1} << (kPerWord - 1 - i % kPerWord);
    }
    return out;
  }
  // What other options are worth is the same for all states compared.
  return preference_->score(pool, method_ == Method::Additive ? State{s.bits & mask_} : s);
}

UInt128 LocalScore::support() const {
  if (indifferent_) return 0;
  if (method_ == Method::Additive) return mask_;
  if (method_ == Method::Ranking) return ~UInt128{0};
  UInt128 out = 0;
  for (const Term& t : terms_) out |= conflict_->pool().support(t.when);
  return out;
}

bool LocalScore::two_words() const { return method_ != Method::Priorities || terms_.size() <= 124; }

std::optional<LocalScore> LocalScore::take_within(UInt128 mask) {
  if (indifferent_ || method_ != Method::Weights) return std::nullopt;
  LocalScore inside = *this;
  const auto is_inside = [&](const Term& t) {
    return (conflict_->pool().support(t.when) & ~mask) == 0;
  };
  std::erase_if(terms_, is_inside);
  std::erase_if(inside.terms_, [&](const Term& t) { return !is_inside(t); });
  return inside;
}

std::vector<WeightTerm> weight_terms(const Conflict& conflict, PartyId p) {
  const CompiledPreference& preference = conflict.data().preferences[p.index()];
  std::vector<WeightTerm> out;
  if (preference.indifferent || preference.method != Method::Weights) return out;
  for (const auto& term : preference.terms) out.push_back({term.when, term.weight, term.vital});
  return out;
}

std::size_t order_count(const Conflict& conflict, PartyId p) {
  const CompiledPreference& preference = conflict.data().preferences[p.index()];
  if (preference.indifferent) return 0;
  return preference.method == Method::Unanimous ? preference.members.size() : 1;
}

LocalRules::LocalRules(const Conflict& conflict, UInt128 mask) : conflict_(&conflict) {
  disabled_ = conflict.data().disabled_mask & mask;
  for (const auto& [never, rule] : conflict.nevers())
    if ((conflict.pool().support(never) & mask) != 0) nevers_.push_back(never);
}

UInt128 LocalRules::support() const {
  UInt128 out = disabled_;
  for (const ExprId e : nevers_) out |= conflict_->pool().support(e);
  return out;
}

LocalRules LocalRules::within(UInt128 mask) const {
  LocalRules out = *this;
  out.disabled_ &= mask;
  std::erase_if(out.nevers_, [&](ExprId e) { return (conflict_->pool().support(e) & ~mask) != 0; });
  return out;
}

LocalRules LocalRules::beyond(UInt128 mask) const {
  LocalRules out = *this;
  out.disabled_ &= ~mask;
  std::erase_if(out.nevers_, [&](ExprId e) { return (conflict_->pool().support(e) & ~mask) == 0; });
  return out;
}

bool LocalRules::feasible(State s) const {
  if ((s.bits & disabled_) != 0) return false;
  for (const ExprId e : nevers_)
    if (conflict_->pool().holds(e, s)) return false;
  return true;
}

}  // namespace wayout
