#include <algorithm>
#include <bit>

#include "wayout/risk/transient.hpp"

namespace wayout {
namespace {

double exit_of(const Chain& chain, std::size_t s, OutcomeMask mask) {
  double exit = chain.out[s];
  const std::size_t outcomes = chain.outcomes.size();
  for (std::size_t k = 0; k < outcomes; ++k)
    if ((mask >> k) & 1u) exit += chain.into[s * outcomes + k];
  return exit;
}

}  // namespace

double exit_rate(const Chain& chain, std::span<const Target> targets) {
  double rate = 0;
  for (const Target& t : targets) {
    const OutcomeMask mask = t.counts | t.stops;
    rate = std::max({rate, t.outside_rate, t.calm_rate + t.calm_turn});
    for (std::size_t s = 0; s < chain.size(); ++s)
      if ((chain.at[s] & mask) == 0) rate = std::max(rate, exit_of(chain, s, mask));
  }
  return rate;
}

BackwardStep::BackwardStep(const Chain& chain, std::span<const Target> targets, double rate)
    : chain_(&chain) {
  contract(!targets.empty() && targets.size() <= 8, "one to eight targets at once");
  width_ = 1;
  while (width_ < targets.size()) width_ *= 2;
  for (std::size_t c = 0; c < width_; ++c) {
    const Target& t = targets[std::min(c, targets.size() - 1)];
    counts_.push_back(t.counts);
    stops_.push_back(t.stops);
  }
  rate_ = rate > 0 ? rate : exit_rate(chain, targets);
  const std::size_t n = chain.size();
  const std::size_t outcomes = chain.outcomes.size();
  gain_.assign(n * width_, 0);
  keep_.assign(n * width_, 1);
  fixed_.assign(n, 0);
  one_.assign(n, 0);
  if (rate_ <= 0) rate_ = 1;
  for (std::size_t c = 0; c < width_; ++c) {
    const Target& t = targets[std::min(c, targets.size() - 1)];
    outside_.push_back(t.outside_rate / rate_);
    calm_.push_back(t.calm_rate / rate_);
    turn_.push_back(t.calm_turn / rate_);
  }
  in_blocks(n, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s)
      for (std::size_t c = 0; c < width_; ++c) {
        const OutcomeMask mask = counts_[c] | stops_[c];
        if ((chain.at[s] & mask) != 0) {
          fixed_[s] |= static_cast<std::uint8_t>(1u << c);
          // A state that is both counts: the target is what is asked for.
          if ((chain.at[s] & counts_[c]) != 0) one_[s] |= static_cast<std::uint8_t>(1u << c);
          continue;
        }
        double gain = 0;
        for (std::size_t k = 0; k < outcomes; ++k)
          if ((counts_[c] >> k) & 1u) gain += chain.into[s * outcomes + k];
        gain_[s * width_ + c] = gain / rate_;
        keep_[s * width_ + c] = 1 - exit_of(chain, s, mask) / rate_;
      }
  });
}

void BackwardStep::begin(std::span<double> v, double outcome) const {
  const std::size_t n = chain_->size();
  for (std::size_t s = 0; s < n; ++s)
    for (std::size_t c = 0; c < width_; ++c) v[s * width_ + c] = (one_[s] >> c) & 1u ? outcome : 0;
  const OutcomeMask outside = chain_->of_kind(ChainOutcome::Kind::Outside);
  for (std::size_t c = 0; c < width_; ++c)
    v[n * width_ + c] = v[(n + 1) * width_ + c] = (counts_[c] & outside) != 0 ? outcome : 0;
}

void BackwardStep::raise(std::span<double> v, double more) const {
  if (more == 0) return;
  const std::size_t n = chain_->size();
  for (std::size_t s = 0; s < n; ++s) {
    if (one_[s] == 0) continue;
    for (std::size_t c = 0; c < width_; ++c)
      if ((one_[s] >> c) & 1u) v[s * width_ + c] += more;
  }
  const OutcomeMask outside = chain_->of_kind(ChainOutcome::Kind::Outside);
  for (std::size_t c = 0; c < width_; ++c)
    if ((counts_[c] & outside) != 0) {
      v[n * width_ + c] += more;
      v[(n + 1) * width_ + c] += more;
    }
}

BackwardRun BackwardStep::run(std::span<const double> v, std::span<double> y,
                              double outcome) const {
  BackwardRun out;
  out.begin = chain_->moves.begin.data();
  out.to = chain_->moves.to.data();
  out.rate = chain_->moves.rate.data();
  out.gain = gain_.data();
  out.keep = keep_.data();
  out.fixed = fixed_.data();
  out.one = one_.data();
  out.v = v.data();
  out.y = y.data();
  out.scale = 1 / rate_;
  out.outcome = outcome;
  return out;
}

void BackwardStep::step(std::span<const double> v, std::span<double> y, double outcome) const {
  const std::size_t n = chain_->size();
  const BackwardRun run = this->run(v, y, outcome);
  const auto kernel = row_kernels().backward[std::countr_zero(width_)];
  in_blocks(n, [&](std::size_t begin, std::size_t end) { kernel(run, begin, end); });
  sink(v, y, outcome);
}

void BackwardStep::sink(std::span<const double> v, std::span<double> y, double outcome) const {
  const std::size_t n = chain_->size();
  const OutcomeMask outside = chain_->of_kind(ChainOutcome::Kind::Outside);
  for (std::size_t c = 0; c < width_; ++c) {
    const std::size_t rest = n * width_ + c;
    const std::size_t calm = rest + width_;
    if ((counts_[c] & outside) != 0) {
      y[rest] = y[calm] = outcome;
      continue;
    }
    y[rest] = (1 - outside_[c]) * v[rest] + outside_[c] * outcome;
    y[calm] = (1 - calm_[c] - turn_[c]) * v[calm] + turn_[c] * v[rest] + calm_[c] * outcome;
  }
}

ForwardStep::ForwardStep(const Chain& chain, const Target& target, double rate,
                         const std::vector<std::uint8_t>& held)
    : chain_(&chain) {
  const std::size_t n = chain.size();
  const OutcomeMask mask = target.counts | target.stops;
  rate_ = rate > 0 ? rate : exit_rate(chain, std::span(&target, 1));
  if (rate_ <= 0) rate_ = 1;
  back_ = transposed(chain.moves, n + 1);
  keep_.assign(n, 0);
  fixed_.assign(n, 0);
  for (std::size_t s = 0; s < n; ++s) {
    fixed_[s] = (chain.at[s] & mask) != 0 || (!held.empty() && held[s] != 0);
    keep_[s] = 1 - exit_of(chain, s, mask) / rate_;
  }
}

void ForwardStep::begin(std::span<double> x) const {
  std::fill(x.begin(), x.end(), 0.0);
  if (!fixed_[chain_->start]) x[chain_->start] = 1;
}

void ForwardStep::step(std::span<const double> x, std::span<double> y, std::span<double> got,
                       double weight) const {
  const double scale = 1 / rate_;
  in_blocks(chain_->size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t t = begin; t < end; ++t) {
      if (fixed_[t] && got.empty()) {
        y[t] = 0;
        continue;
      }
      double sum = 0;
      for (std::uint64_t e = back_.begin[t]; e < back_.begin[t + 1]; ++e)
        sum += back_.rate[e] * x[back_.to[e]];
      if (fixed_[t]) {
        got[t] += weight * sum * scale;
        y[t] = 0;
        continue;
      }
      y[t] = keep_[t] * x[t] + sum * scale;
    }
  });
}

}  // namespace wayout
