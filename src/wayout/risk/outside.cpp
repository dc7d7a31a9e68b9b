// What can be said of states that were never looked at.
#include <algorithm>

#include "wayout/risk/chain.hpp"
#include "wayout/risk/transient.hpp"

namespace wayout {
namespace {

constexpr std::uint64_t kMostCombinations = 4096;

/// Whether a state where `first` holds meets `second` in any case: every setting of the options
/// that either looks at is tried; false where those are too many.
bool implies(const Conflict& conflict, const Condition& first, const Condition& second) {
  const UInt128 support = first.pool->support(first.expr) | second.pool->support(second.expr);
  std::vector<OptionId> options;
  std::uint64_t raw = 1;
  for (const OptionId o : conflict.options()) {
    if ((support & conflict.option(o).mask()) == 0) continue;
    options.push_back(o);
    raw *= conflict.option(o).levels.size();
    if (raw > kMostCombinations) return false;
  }
  for (std::uint64_t k = 0; k < raw; ++k) {
    State s{0};
    std::uint64_t rest = k;
    for (const OptionId o : options) {
      const std::size_t levels = conflict.option(o).levels.size();
      s = conflict.with_level(s, o, static_cast<int>(rest % levels));
      rest /= levels;
    }
    if (first.holds(s) && !second.holds(s)) return false;
  }
  return true;
}

}  // namespace

void ConflictChain::find_ended_factors() {
  for (HazardRow& hazard : hazards_)
    for (const Condition& when : hazard.factor_when) {
      OutcomeMask ended = 0;
      if (!conflict_->graph_form())
        for (const auto& [outcome, catastrophe] : catastrophes_)
          if (implies(*conflict_, when, catastrophe)) ended |= OutcomeMask{1} << outcome;
      hazard.factor_ended.push_back(ended);
    }
}

void ConflictChain::find_storm() {
  double most = 1.5;  // a factor near 1 is not worth telling apart
  for (std::size_t h = 0; h < hazards_.size(); ++h)
    for (std::size_t f = 0; f < hazards_[h].factor_when.size(); ++f) {
      const double factor = values_[inputs_.hazards[h].factors[f]];
      if (hazards_[h].factor_ended[f] != 0 || factor <= most) continue;
      const Condition& when = hazards_[h].factor_when[f];
      const UInt128 support = when.pool->support(when.expr);
      if (std::any_of(hazards_.begin(), hazards_.end(), [&](const HazardRow& other) {
            return other.assigns && (other.clear & support) != 0;
          }))
        continue;
      most = factor;
      storm_hazard_ = h;
      storm_factor_ = f;
    }
  if (storm_hazard_ != kNoInput) {
    const Condition& when = hazards_[storm_hazard_].factor_when[storm_factor_];
    for (std::size_t s = 0; s < chain_.size(); ++s) stormy_.push_back(when.holds(state(s)) ? 1 : 0);
    for (const auto& book : books_) storm_.push_back(book->turning(when));
  }
  for (const auto& [outcome, when] : catastrophes_) {
    enter_.emplace_back();
    for (const auto& book : books_) enter_.back().push_back(book->turning(when));
  }
}

double ConflictChain::outside_rate(const Target& target) const {
  ProfileChain own;
  own.values = values_;
  for (const HazardRow& hazard : hazards_) {
    own.shares.emplace_back();
    for (const auto& [outcome, share] : hazard.shares) own.shares.back().push_back(share);
  }
  own.enter.assign(chain_.outcomes.size(), 0);
  for (const auto& [outcome, when] : catastrophes_)
    for (const MoverId m : movers_)
      if (conflict_->graph_form() ||
          (when.pool->support(when.expr) & conflict_->mover(m).digit_mask) != 0)
        own.enter[outcome] += values_[inputs_.tempo[m.index()]];
  return outside_rate(target, own, false);
}

double ConflictChain::outside_rate(const Target& target, const ProfileChain& profile,
                                   bool calm) const {
  const OutcomeMask ends = target.counts | target.stops;
  const std::vector<double>& values = profile.values;
  double rate = 0;
  UInt128 met = 0;  // what a state that counts is met by
  for (const auto& [outcome, when] : catastrophes_) {
    if (((target.counts >> outcome) & 1u) == 0) continue;
    met |= conflict_->graph_form() ? ~UInt128{0} : when.pool->support(when.expr);
    rate += profile.enter[outcome];
  }
  for (std::size_t h = 0; h < hazards_.size(); ++h) {
    const HazardRow& hazard = hazards_[h];
    double most = values[inputs_.hazards[h].rate];
    for (std::size_t f = 0; f < hazard.factor_when.size(); ++f) {
      if ((hazard.factor_ended[f] & ends) != 0) continue;
      if (calm && h == storm_hazard_ && f == storm_factor_) continue;
      most *= std::max(1.0, values[inputs_.hazards[h].factors[f]]);
    }
    double share = hazard.assigns && (met & hazard.clear) != 0 ? 1 : 0;
    for (std::size_t k = 0; k < hazard.shares.size(); ++k)
      if ((target.counts >> hazard.shares[k].first) & 1u) share += profile.shares[h][k];
    rate += share * most;
  }
  return rate;
}

}  // namespace wayout
