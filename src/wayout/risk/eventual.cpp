#include "wayout/risk/eventual.hpp"

#include <algorithm>

namespace wayout {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFFu;

}  // namespace

EventualSystem::EventualSystem(const Chain& chain, OutcomeMask outcomes,
                               const LinearSettings& settings)
    : chain_(&chain), outcomes_(outcomes), settings_(settings) {
  const std::size_t n = chain.size();
  const std::size_t width = chain.outcomes.size();
  const bool outside = (outcomes & chain.of_kind(ChainOutcome::Kind::Outside)) != 0;
  const auto fixed = [&](std::size_t s) { return (chain.at[s] & outcomes) != 0; };
  // Backwards from what stops: who can still be stopped?
  const Rows back = transposed(chain.moves, n + 1);
  std::vector<std::uint8_t> can(n, 0);
  std::vector<std::uint32_t> todo;
  const auto mark = [&](std::uint32_t s) {
    if (can[s] || fixed(s)) return;
    can[s] = 1;
    todo.push_back(s);
  };
  const auto before = [&](std::size_t t) {
    for (std::uint64_t e = back.begin[t]; e < back.begin[t + 1]; ++e)
      if (back.rate[e] > 0) mark(back.to[e]);
  };
  for (std::uint32_t s = 0; s < n; ++s) {
    if (fixed(s)) {
      before(s);
      continue;
    }
    for (std::size_t k = 0; k < width; ++k)
      if (((outcomes >> k) & 1u) && chain.into[s * width + k] > 0) mark(s);
  }
  if (outside) before(n);
  while (!todo.empty()) {
    const std::uint32_t s = todo.back();
    todo.pop_back();
    before(s);
  }
  place_.assign(n, kNone);
  for (std::uint32_t s = 0; s < n; ++s)
    if (can[s]) {
      place_[s] = static_cast<std::uint32_t>(states_.size());
      states_.push_back(s);
    }
  for (const std::uint32_t s : states_) {
    double diagonal = chain.out[s];
    for (std::size_t k = 0; k < width; ++k)
      if ((outcomes >> k) & 1u) diagonal += chain.into[s * width + k];
    for (std::uint64_t e = chain.moves.begin[s]; e < chain.moves.begin[s + 1]; ++e) {
      const std::uint32_t t = chain.moves.to[e];
      if (chain.moves.rate[e] == 0) continue;
      if (t < n && place_[t] != kNone) {
        system_.off.to.push_back(place_[t]);
        system_.off.rate.push_back(chain.moves.rate[e]);
      }
    }
    system_.off.begin.push_back(system_.off.to.size());
    system_.diagonal.push_back(diagonal);
  }
  // Forwards from the start: can it get to where nothing ends it?
  std::vector<std::uint8_t> seen(n, 0);
  if (n > 0 && !fixed(chain.start)) {
    todo.push_back(chain.start);
    seen[chain.start] = 1;
    while (!todo.empty()) {
      const std::uint32_t s = todo.back();
      todo.pop_back();
      if (!can[s]) may_go_on_ = true;
      for (std::uint64_t e = chain.moves.begin[s]; e < chain.moves.begin[s + 1]; ++e) {
        const std::uint32_t t = chain.moves.to[e];
        if (t >= n || chain.moves.rate[e] == 0 || seen[t] || fixed(t)) continue;
        seen[t] = 1;
        todo.push_back(t);
      }
    }
  }
  solver_ = std::make_unique<LinearSolver>(system_, settings_);
}

std::vector<double> EventualSystem::right_side(const Target& target) const {
  const Chain& chain = *chain_;
  const std::size_t n = chain.size();
  const std::size_t width = chain.outcomes.size();
  const bool outside = (target.counts & chain.of_kind(ChainOutcome::Kind::Outside)) != 0;
  std::vector<double> b(states_.size(), 0);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const std::uint32_t s = states_[i];
    for (std::size_t k = 0; k < width; ++k)
      if ((target.counts >> k) & 1u) b[i] += chain.into[s * width + k];
    for (std::uint64_t e = chain.moves.begin[s]; e < chain.moves.begin[s + 1]; ++e) {
      const std::uint32_t t = chain.moves.to[e];
      if (t >= n ? outside : (chain.at[t] & target.counts) != 0) b[i] += chain.moves.rate[e];
    }
  }
  return b;
}

std::vector<double> EventualSystem::spread(const std::vector<double>& x) const {
  std::vector<double> out(chain_->size(), 0);
  for (std::size_t i = 0; i < states_.size(); ++i) out[states_[i]] = x[i];
  return out;
}

const std::vector<double>& EventualSystem::waiting() {
  if (waited_.x.empty() && !states_.empty())
    waited_ = solver_->solve(std::vector<double>(states_.size(), 1));
  return waited_.x;
}

std::vector<double> EventualSystem::values(const Target& target) {
  last_ = solver_->solve(right_side(target));
  std::vector<double> out = spread(last_.x);
  for (std::size_t s = 0; s < out.size(); ++s)
    if ((chain_->at[s] & target.counts) != 0) out[s] = 1;
  return out;
}

std::vector<double> EventualSystem::times(std::span<const double> values) {
  std::vector<double> b(states_.size());
  for (std::size_t i = 0; i < states_.size(); ++i) b[i] = values[states_[i]];
  last_ = solver_->solve(b);
  return spread(last_.x);
}

std::vector<double> EventualSystem::visits() {
  std::vector<double> e(chain_->size(), 0);
  if (!e.empty()) e[chain_->start] = 1;
  return visits_of(e);
}

std::vector<double> EventualSystem::visits_of(std::span<const double> y) {
  if (!turned_solver_) {
    turned_ = transposed(system_);
    turned_solver_ = std::make_unique<LinearSolver>(turned_, settings_);
  }
  std::vector<double> b(states_.size());
  for (std::size_t i = 0; i < states_.size(); ++i) b[i] = y[states_[i]];
  last_ = turned_solver_->solve(b);
  return spread(last_.x);
}

std::optional<double> EventualSystem::expected_end() {
  if (chain_->size() == 0 || may_go_on_) return std::nullopt;
  if (place_[chain_->start] == kNone) return 0;
  return waiting()[place_[chain_->start]];
}

Eventual EventualSystem::eventual(const Target& target) {
  contract((target.counts | target.stops) == outcomes_, "a target over the outcomes of the system");
  Eventual out;
  values_.clear();
  times_.clear();
  const std::uint32_t start = chain_->start;
  if ((chain_->at[start] & outcomes_) != 0) {
    out.value = out.lower = out.upper = (chain_->at[start] & target.counts) != 0 ? 1 : 0;
    if (out.value == 1) out.expected_time = 0;
    return out;
  }
  const std::uint32_t at = place_[start];
  if (at == kNone) {
    out.upper = 0;
    return out;
  }
  const std::vector<double> b = right_side(target);
  // Where nothing else can end it and everything can be ended, it is 1 by structure, and the time
  // is that to the end.
  bool other = may_go_on_;
  bool possible = false;
  const std::vector<double> all = right_side({outcomes_, 0});
  for (std::size_t i = 0; i < b.size(); ++i) {
    possible = possible || b[i] > 0;
    other = other || all[i] > b[i] * (1 + 1e-12);
  }
  const auto take = [&](const LinearSolution& x) {
    out.iterations = std::max(out.iterations, x.iterations);
    if (x.end != End::Complete && out.end == End::Complete) out.end = x.end;
  };
  if (!other && possible) {
    out.only_because_nothing_else_absorbs = true;
    out.value = out.lower = out.upper = 1;
    out.expected_time = waiting()[at];
    take(waited_);  // the residual of times counts against their size: not told
    values_ = spread(std::vector<double>(states_.size(), 1));
    times_ = spread(waited_.x);
    for (std::size_t s = 0; s < values_.size(); ++s)
      if ((chain_->at[s] & target.counts) != 0) values_[s] = 1;
    return out;
  }
  const LinearSolution v = solver_->solve(b);
  take(v);
  out.residual = v.residual;
  values_ = spread(v.x);
  for (std::size_t s = 0; s < values_.size(); ++s)
    if ((chain_->at[s] & target.counts) != 0) values_[s] = 1;
  const std::vector<double> error = error_bound(system_, v.x, b, waiting());
  out.value = std::clamp(v.x[at], 0.0, 1.0);
  if (!error.empty()) {
    out.lower = std::clamp(v.x[at] - error[at], 0.0, 1.0);
    out.upper = std::clamp(v.x[at] + error[at], 0.0, 1.0);
  }
  if (v.x[at] > 0) {
    // Times are large where leaving is slow; what counts is their residual against their size.
    const LinearSolution z = solver_->solve(v.x);
    out.expected_time = z.x[at] / v.x[at];
    times_ = spread(z.x);
    take(z);
  }
  return out;
}

}  // namespace wayout
