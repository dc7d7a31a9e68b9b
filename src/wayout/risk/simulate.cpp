#include "wayout/risk/simulate.hpp"

#include <algorithm>
#include <cmath>

#include "wayout/base/random.hpp"

namespace wayout {
namespace {

constexpr UInt128 kAll = ~UInt128{0};  ///< changed: where a course begins

double greatest_rate(const RiskInputs& inputs, const std::vector<double>& values, std::size_t h) {
  double rate = values[inputs.hazards[h].rate];
  for (const std::size_t f : inputs.hazards[h].factors) rate *= std::max(1.0, values[f]);
  return rate;
}

}  // namespace

Simulator::Simulator(std::unique_ptr<ConflictChain> chain) : chain_(std::move(chain)) {
  const ConflictChain& c = *chain_;
  catastrophes_ = c.conflict().parts().catastrophes.size();
  for (std::size_t i = 0; i < c.movers_.size(); ++i)
    sources_.push_back({"course of " + c.conflict().mover(c.movers_[i]).id, 0, i, false});
  for (std::size_t h = 0; h < c.hazards_.size(); ++h) {
    if (!c.hazards_[h].assigns) continue;
    const std::string& id = c.conflict().parts().hazards[h].id;
    sources_.push_back(
        {"course of hazard " + (id.empty() ? "#" + std::to_string(h + 1) : id), 0, h, true});
  }
  here_.into.resize(catastrophes_);
  here_.menus.resize(c.movers_.size());
  here_.pattern.resize(c.hazards_.size());
  menus_.resize(c.movers_.size());
  patterns_.resize(c.hazards_.size());
  for (auto& l : patterns_) l.forget();
}

Result<Simulator> Simulator::make(const Conflict& conflict, const Normaliser& normaliser,
                                  const StatementRange& ranges) {
  auto chain = std::unique_ptr<ConflictChain>(new ConflictChain());
  chain->conflict_ = std::make_unique<Conflict>(conflict);
  ChainSettings settings;
  settings.ranges = ranges;
  const Errors errors = chain->prepare(normaliser, settings);
  if (!errors.empty()) return Unexpected{errors};
  return Simulator(std::move(chain));
}

double Simulator::events_per_unit(const Conflict& conflict) {
  const auto inputs = risk_inputs(conflict);
  if (!inputs) return 0;
  const std::vector<double> values = inputs->values();
  double sum = 0;
  for (const std::size_t t : inputs->tempo)
    if (t != kNoInput) sum += values[t];
  for (std::size_t h = 0; h < inputs->hazards.size(); ++h)
    if (!conflict.parts().hazards[h].leads_to.assignment.empty())
      sum += greatest_rate(*inputs, values, h);
  return sum;
}

bool Simulator::take(const Conflict& profile, const Normaliser& normaliser) {
  auto numbers = chain_->numbers(profile, normaliser);
  if (!numbers) return false;
  numbers_ = std::move(*numbers);
  for (auto& l : menus_) l.forget();
  rates_.assign(chain_->hazards_.size(), {});
  for (Source& source : sources_) {
    source.rate = source.hazard ? greatest_rate(chain_->inputs_, numbers_.values, source.of)
                                : numbers_.tempo[source.of];
  }
  return true;
}

void Simulator::draw(std::uint64_t seed, std::uint64_t course, double horizon) {
  events_.clear();
  horizon_ = horizon;
  for (std::uint32_t k = 0; k < sources_.size(); ++k) {
    const double rate = sources_[k].rate;
    if (!(rate > 0)) continue;
    Random random(seed, course, sources_[k].stream);
    double time = 0;
    while (true) {
      time -= std::log(1 - random.unit()) / rate;
      if (!(time < horizon)) break;
      events_.push_back({time, k, random.unit()});
    }
  }
  std::sort(events_.begin(), events_.end(),
            [](const Event& a, const Event& b) { return a.time < b.time; });
}

std::size_t Simulator::place_of(const std::string& of) const {
  const auto& list = chain_->conflict().parts().catastrophes;
  return static_cast<std::size_t>(
      std::find_if(list.begin(), list.end(), [&of](const auto& c) { return c.id == of; }) -
      list.begin());
}

bool Simulator::by_state(std::size_t place) const {
  const auto& list = chain_->catastrophes_;
  return std::any_of(list.begin(), list.end(),
                     [&](const auto& c) { return place == catastrophes_ || c.first == place; });
}

std::size_t Simulator::remembered() const {
  std::size_t sum = 0;
  for (const auto& book : chain_->books_)
    sum += book->first(static_cast<std::uint32_t>(book->size()));
  for (const auto& hazard : chain_->hazards_) sum += hazard.keys.size();
  return sum;
}

double Simulator::rate_at(std::size_t h, std::uint32_t pattern) {
  std::vector<double>& rates = rates_[h];
  const auto& patterns = chain_->hazards_[h].patterns;
  while (rates.size() <= pattern)
    rates.push_back(chain_->rate_of(h, patterns[rates.size()], numbers_.values));
  return rates[pattern];
}

OutcomeMask Simulator::met(UInt128 changed) const {
  OutcomeMask mask = 0;
  for (const auto& [outcome, when] : chain_->catastrophes_)
    if ((changed == kAll || (when.pool->support(when.expr) & changed) != 0) && when.holds(here_.s))
      mask |= OutcomeMask{1} << outcome;
  return mask;
}

void Simulator::arrive(State s, UInt128 changed) {
  here_.s = s;
  for (std::size_t i = 0; i < here_.menus.size(); ++i)
    if (changed == kAll || (chain_->books_[i]->support() & changed) != 0)
      here_.menus[i].menu = kNoState;
  bool other = false;
  for (std::size_t h = 0; h < here_.pattern.size(); ++h) {
    ConflictChain::HazardRow& hazard = chain_->hazards_[h];
    if (changed != kAll && (hazard.support & changed) == 0) continue;
    here_.pattern[h] = patterns_[h].get(s.bits & hazard.support,
                                        [&] { return ConflictChain::pattern_at(hazard, s); });
    other = other || !hazard.shares.empty();
  }
  if (!other) return;
  here_.rate = 0;
  std::fill(here_.into.begin(), here_.into.end(), 0);
  for (std::size_t h = 0; h < here_.pattern.size(); ++h) {
    const auto& shares = chain_->hazards_[h].shares;
    if (shares.empty()) continue;
    const double rate = rate_at(h, here_.pattern[h]);
    for (std::size_t k = 0; k < shares.size(); ++k) {
      here_.into[shares[k].first] += rate * numbers_.shares[h][k];
      here_.rate += rate * numbers_.shares[h][k];
    }
  }
}

void Simulator::pass(double until, std::span<double> chances) {
  if (here_.rate > 0) {
    const double stays = std::exp(-here_.rate * (until - here_.since));
    const double struck = here_.weight * (1 - stays) / here_.rate;
    for (std::size_t k = 0; k < catastrophes_; ++k) chances[k] += struck * here_.into[k];
    here_.weight *= stays;
  }
  here_.since = until;
}

State Simulator::act(const Event& e) {
  const Source& source = sources_[e.source];
  if (source.hazard) {
    const ConflictChain::HazardRow& hazard = chain_->hazards_[source.of];
    if (!(e.u * source.rate < rate_at(source.of, here_.pattern[source.of]))) return here_.s;
    return State{(here_.s.bits & ~hazard.clear) | hazard.set};
  }
  MenuBook& book = *chain_->books_[source.of];
  MenuBook::Profile& profile = numbers_.menus[source.of];
  Menu& menu = here_.menus[source.of];
  if (menu.menu == kNoState)
    menu = menus_[source.of].get(here_.s.bits & book.support(), [&] {
      const std::uint32_t found = book.menu_of(here_.s);
      if (profile.ready.size() < book.size()) book.extend(profile);
      book.make_ready(profile, found);
      return Menu{profile.moving[found], found};
    });
  if (e.u >= menu.moving) return here_.s;
  const std::size_t first = book.first(menu.menu);
  const std::size_t last = first + book.items(menu.menu);
  std::size_t k = first;
  for (double left = e.u; k < last && (left -= profile.probability[k]) >= 0;) ++k;
  return k == last ? here_.s : book.target(k, here_.s);  // the sum was rounded
}

bool Simulator::follow(State start, std::span<double> chances) {
  contract(chances.size() == catastrophes_ + 1, "one chance for each catastrophe and one for any");
  std::fill(chances.begin(), chances.end(), 0);
  here_.since = 0;
  here_.weight = 1;
  here_.rate = 0;
  std::fill(here_.into.begin(), here_.into.end(), 0);
  UInt128 changed = kAll;
  State s = start;
  std::size_t next = 0;
  while (true) {
    arrive(s, changed);
    if (const OutcomeMask mask = met(changed)) {
      for (std::size_t k = 0; k < catastrophes_; ++k)
        if (((mask >> k) & 1u) != 0) chances[k] += here_.weight;
      chances[catastrophes_] = 1;
      return true;
    }
    while (next < events_.size() && (s = act(events_[next])) == here_.s) ++next;
    if (next == events_.size()) break;
    if (sources_[events_[next].source].hazard && !chain_->conflict_->feasible(s)) return false;
    pass(events_[next].time, chances);
    changed = s.bits ^ here_.s.bits;
    ++next;
  }
  pass(horizon_, chances);
  chances[catastrophes_] = 1 - here_.weight;
  return true;
}

}  // namespace wayout
