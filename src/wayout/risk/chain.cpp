#include "wayout/risk/chain.hpp"

#include <algorithm>

namespace wayout {

OutcomeMask Chain::of_kind(ChainOutcome::Kind kind) const {
  OutcomeMask mask = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    if (outcomes[i].kind == kind) mask |= OutcomeMask{1} << i;
  return mask;
}

OutcomeMask Chain::stopping() const {
  return of_kind(ChainOutcome::Kind::Catastrophe) | of_kind(ChainOutcome::Kind::Held) |
         of_kind(ChainOutcome::Kind::Outside);
}

std::optional<std::size_t> Chain::find(ChainOutcome::Kind kind, const std::string& id) const {
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    if (outcomes[i].kind == kind && outcomes[i].id == id) return i;
  return std::nullopt;
}

Result<ConflictChain> ConflictChain::make(const Conflict& conflict, const Normaliser& normaliser,
                                          const ChainSettings& settings) {
  ConflictChain out;
  if (settings.as_perceived && has_beliefs(conflict)) {
    contract(!settings.ranges, "profiles of a chain are those of the dispute as it is");
    auto seen = perceive(conflict);
    if (!seen) return Unexpected{std::move(seen.error())};
    out.seen_ = std::make_shared<const Perceived>(std::move(*seen));
  }
  out.conflict_ = std::make_unique<Conflict>(out.seen_ ? out.seen_->acting : conflict);
  Errors errors = out.prepare(normaliser, settings);
  if (errors.empty()) errors = out.explore(settings);
  if (!errors.empty()) return Unexpected{std::move(errors)};
  return out;
}

std::optional<std::uint32_t> ConflictChain::find(State s) const {
  const StateNumber met = met_table_.find(s);
  if (met == kNoState || number_[met] == kNoState) return std::nullopt;
  return number_[met];
}

void ConflictChain::set(const std::vector<double>& values) {
  contract(values.size() == inputs_.list.size(), "one value for each input of the chain");
  values_ = values;
  for (std::size_t i = 0; i < movers_.size(); ++i)
    books_[i]->choose(values[inputs_.rationality[movers_[i].index()]]);
  for (std::size_t h = 0; h < hazards_.size(); ++h) {
    HazardRow& hazard = hazards_[h];
    for (std::size_t j = 0; j < hazard.patterns.size(); ++j)
      hazard.rates[j] = rate_of(h, hazard.patterns[j], values);
  }
  const std::size_t outcomes = chain_.outcomes.size();
  in_blocks(chain_.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      std::uint64_t e = chain_.moves.begin[s];
      const std::uint64_t last = chain_.moves.begin[s + 1];
      for (std::size_t i = 0; i < movers_.size() && e < last; ++i) {
        const std::uint32_t m = menu(s, i);
        if (m == kNoState) continue;
        const double tempo = values_[inputs_.tempo[movers_[i].index()]];
        const std::size_t first_item = books_[i]->first(m);
        for (std::size_t k = 0; k < books_[i]->items(m); ++k)
          chain_.moves.rate[e++] = tempo * books_[i]->probability(first_item + k);
      }
      for (std::size_t k = 0; k < outcomes; ++k) chain_.into[s * outcomes + k] = 0;
      for (std::size_t h = 0; h < hazards_.size(); ++h) {
        const double r = hazards_[h].rates[pattern(s, h)];
        for (const auto& [k, share] : hazards_[h].shares)
          chain_.into[s * outcomes + k] += r * share;
        if (const auto place = assigned(s, h)) chain_.moves.rate[*place] = r;
      }
      double sum = 0;
      for (std::uint64_t k = chain_.moves.begin[s]; k < last; ++k) sum += chain_.moves.rate[k];
      chain_.out[s] = sum;
    }
  });
}

std::uint64_t ConflictChain::first(std::size_t state, std::size_t i) const {
  std::uint64_t e = chain_.moves.begin[state];
  for (std::size_t k = 0; k < i; ++k)
    if (menu(state, k) != kNoState) e += books_[k]->items(menu(state, k));
  return e;
}

void ConflictChain::find_assigned() {
  // The transitions by hazards come last, in the order of the hazards that change something.
  std::vector<std::size_t> assigning;
  for (std::size_t h = 0; h < hazards_.size(); ++h)
    if (hazards_[h].assigns) {
      hazards_[h].place = assigning.size();
      assigning.push_back(h);
    }
  assigning_ = assigning.size();
  assigned_.assign(chain_.size() * assigning_, 0);
  if (assigning_ == 0) return;
  for (std::size_t s = 0; s < chain_.size(); ++s) {
    if (chain_.moves.begin[s] == chain_.moves.begin[s + 1]) continue;
    const State here = state(s);
    std::uint32_t from_end = 0;
    for (std::size_t k = assigning_; k-- > 0;) {
      const HazardRow& hazard = hazards_[assigning[k]];
      if (!hazard.patterns[pattern(s, assigning[k])].acts ||
          State{(here.bits & ~hazard.clear) | hazard.set} == here)
        continue;
      assigned_[s * assigning_ + k] = ++from_end;
    }
  }
}

}  // namespace wayout
