#include "wayout/risk/transient.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wayout {
namespace {

constexpr std::size_t kDenseStates = 400;
constexpr double kDenseWork = 4e8;  ///< multiplications by uniformisation from which squaring pays

/// exp(Q h) for one target, states first, then the counted outcomes as one absorbing state; what
/// stops is the mass that is missing.
class DenseChain {
 public:
  DenseChain(const Chain& chain, const Target& target) : n_(chain.size() + 1), q_(n_ * n_, 0) {
    const std::size_t outcomes = chain.outcomes.size();
    const OutcomeMask mask = target.counts | target.stops;
    const OutcomeMask outside = chain.of_kind(ChainOutcome::Kind::Outside);
    leave_.assign(n_, 0);
    for (std::size_t s = 0; s + 1 < n_; ++s) {
      if ((chain.at[s] & mask) != 0) continue;
      const auto add = [&](std::size_t t, double r) {
        if (t != s) q_[s * n_ + t] += r;
      };
      for (std::uint64_t e = chain.moves.begin[s]; e < chain.moves.begin[s + 1]; ++e) {
        const std::uint32_t t = chain.moves.to[e];
        const double r = chain.moves.rate[e];
        const OutcomeMask at = t < chain.size() ? chain.at[t] : outside;
        if ((at & target.counts) != 0) {
          add(n_ - 1, r);
        } else if ((at & target.stops) != 0) {
          leave_[s] += r;
        } else if (t < chain.size()) {
          add(t, r);
        }
      }
      for (std::size_t k = 0; k < outcomes; ++k) {
        const double r = chain.into[s * outcomes + k];
        if ((target.counts >> k) & 1u)
          add(n_ - 1, r);
        else if ((target.stops >> k) & 1u)
          leave_[s] += r;
      }
    }
    for (std::size_t s = 0; s < n_; ++s) {
      double exit = leave_[s];
      for (std::size_t t = 0; t < n_; ++t) exit += q_[s * n_ + t];
      most_ = std::max(most_, exit);
    }
  }

  /// e ← exp(Q t), n × (n + 1): the last column is what has stopped.
  std::vector<double> exponential(double t) const {
    const std::size_t w = n_ + 1;
    int squarings = 0;
    double h = t;
    while (most_ * h > 0.5) {
      h /= 2;
      ++squarings;
    }
    // The first step by its series, nothing subtracted: Σ Pois(k; Λh) P^k.
    const double rate = most_ > 0 ? most_ : 1;
    std::vector<double> p(n_ * w, 0);
    for (std::size_t s = 0; s < n_; ++s) {
      double exit = leave_[s];
      for (std::size_t k = 0; k < n_; ++k) {
        p[s * w + k] = q_[s * n_ + k] / rate;
        exit += q_[s * n_ + k];
      }
      p[s * w + n_] = leave_[s] / rate;
      p[s * w + s] += 1 - exit / rate;
    }
    std::vector<double> power(n_ * w, 0), out(n_ * w, 0);
    for (std::size_t s = 0; s < n_; ++s) power[s * w + s] = 1;
    double weight = std::exp(-rate * h);
    for (int k = 0; k < 30; ++k) {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] += weight * power[i];
      power = product(power, p);
      weight *= rate * h / (k + 1);
    }
    normalise(out);
    for (int k = 0; k < squarings; ++k) {
      out = product(out, out);
      normalise(out);
    }
    return out;
  }

  std::size_t size() const { return n_; }

 private:
  std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b) const {
    const std::size_t w = n_ + 1;
    std::vector<double> out(n_ * w, 0);
    for (std::size_t s = 0; s < n_; ++s) {
      double* row = out.data() + s * w;
      for (std::size_t k = 0; k < n_; ++k) {
        const double f = a[s * w + k];
        if (f == 0) continue;
        const double* from = b.data() + k * w;
        for (std::size_t t = 0; t < w; ++t) row[t] += f * from[t];
      }
      row[n_] += a[s * w + n_];
    }
    return out;
  }
  /// Rows are distributions: the entry on the diagonal takes up the rounding, so that what leaves
  /// keeps its relative accuracy through every squaring.
  void normalise(std::vector<double>& e) const {
    const std::size_t w = n_ + 1;
    for (std::size_t s = 0; s < n_; ++s) {
      double others = 0;
      for (std::size_t t = 0; t < w; ++t)
        if (t != s) others += e[s * w + t];
      if (others < 0.5) {
        e[s * w + s] = 1 - others;
      } else {
        const double sum = others + e[s * w + s];
        for (std::size_t t = 0; t < w; ++t) e[s * w + t] /= sum;
      }
    }
  }

  std::size_t n_;
  std::vector<double> q_;
  std::vector<double> leave_;
  double most_ = 0;
};

void dense_by_time(const Chain& chain, std::span<const Target> targets,
                   std::span<const double> times, std::span<const std::uint32_t> starts,
                   Transient& out) {
  out.dense = true;
  std::vector<std::size_t> order(times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
  for (std::size_t c = 0; c < targets.size(); ++c) {
    Target target = targets[c];
    // Here the outside counts at once, which is no less.
    if (target.outside_rate > 0) target.counts |= chain.of_kind(ChainOutcome::Kind::Outside);
    const DenseChain dense(chain, target);
    const std::size_t n = dense.size();
    std::vector<double> v(n, 0);
    v[n - 1] = 1;
    for (std::size_t s = 0; s + 1 < n; ++s)
      if ((chain.at[s] & targets[c].counts) != 0) v[s] = 1;
    double now = 0;
    double last_gap = -1;
    std::vector<double> e;
    for (const std::size_t i : order) {
      const double gap = times[i] - now;
      if (gap > 0) {
        if (std::abs(gap - last_gap) > 1e-14 * gap) e = dense.exponential(gap);
        last_gap = gap;
        std::vector<double> next(n, 0);
        for (std::size_t s = 0; s < n; ++s)
          for (std::size_t t = 0; t < n; ++t) next[s] += e[s * (n + 1) + t] * v[t];
        v = std::move(next);
        now = times[i];
      }
      for (std::size_t k = 0; k < starts.size(); ++k)
        out.lower[c][k][i] = out.upper[c][k][i] = v[starts[k]];
    }
  }
}

}  // namespace

bool countable(const Chain& chain, double horizon) {
  const Target all{chain.stopping(), 0};
  // Nothing ever happens where the rate is zero; an endless horizon is refused there too.
  return std::isfinite(horizon) && exit_rate(chain, std::span(&all, 1)) * horizon <= kMostEvents;
}

Unexpected<Errors> too_many_events() {
  return fault("limit",
               "by this horizon more than 10^10 moves and hazards would have to be counted", {},
               "a shorter horizon, or smaller rates and tempos");
}

PoissonWeights poisson_weights(double mean, double smallest) {
  PoissonWeights out;
  if (!(mean > 0)) {
    out.weight = {1};
    return out;
  }
  const auto mode = static_cast<std::uint64_t>(mean);
  std::vector<double> down, up;
  double w = 1;
  for (std::uint64_t k = mode; k > 0 && w > smallest; --k) {
    w *= static_cast<double>(k) / mean;
    down.push_back(w);
  }
  const double ratio_down = static_cast<double>(mode - down.size()) / mean;
  const double rest_down =
      down.size() == mode ? 0 : w * ratio_down / std::max(1 - ratio_down, 1e-12);
  w = 1;
  std::uint64_t k = mode;
  while (w > smallest) {
    ++k;
    w *= mean / static_cast<double>(k);
    up.push_back(w);
  }
  const double ratio_up = mean / static_cast<double>(k + 1);
  const double rest_up = w * ratio_up / (1 - ratio_up);
  out.left = mode - down.size();
  out.weight.assign(down.rbegin(), down.rend());
  out.weight.push_back(1);
  out.weight.insert(out.weight.end(), up.begin(), up.end());
  double sum = 0;
  for (const double x : out.weight) sum += x;
  for (double& x : out.weight) x /= sum;
  out.left_out = (rest_down + rest_up) / sum;
  return out;
}

Transient by_time(const Chain& chain, std::span<const Target> targets,
                  std::span<const double> times, std::span<const std::uint32_t> starts,
                  const TransientSettings& settings) {
  Transient out;
  const auto empty =
      std::vector<std::vector<double>>(starts.size(), std::vector<double>(times.size(), 0));
  out.lower.assign(targets.size(), empty);
  out.upper = out.lower;
  double longest = 0;
  for (const double t : times) longest = std::max(longest, t);
  out.rate = exit_rate(chain, targets);
  std::vector<PoissonWeights> weights;
  for (const double t : times) {
    weights.push_back(poisson_weights(out.rate * t, settings.smallest_weight));
    out.error = std::max(out.error, weights.back().left_out);
  }
  const double work =
      out.rate * longest * static_cast<double>(chain.moves.entries() + chain.size());
  if (chain.size() <= kDenseStates && work > kDenseWork) {
    dense_by_time(chain, targets, times, starts, out);
    return out;
  }
  std::uint64_t last = 0;
  for (const PoissonWeights& w : weights) last = std::max(last, w.right());
  if (out.rate <= 0) last = 0;
  for (std::size_t first = 0; first < targets.size(); first += 8) {
    const std::size_t count = std::min<std::size_t>(8, targets.size() - first);
    const BackwardStep backward(chain, targets.subspan(first, count), out.rate);
    const std::size_t width = backward.width();
    std::vector<double> v(backward.values()), y(backward.values());
    backward.begin(v, 1);
    // What the weights not yet used are multiplied with if the pass ends early.
    std::vector<std::vector<double>> used(times.size(), std::vector<double>(1, 0));
    const auto record = [&](std::uint64_t n) {
      for (std::size_t i = 0; i < times.size(); ++i) {
        const PoissonWeights& w = weights[i];
        if (n < w.left || n > w.right()) continue;
        const double weight = w.weight[n - w.left];
        used[i][0] += weight;
        for (std::size_t c = 0; c < count; ++c)
          for (std::size_t k = 0; k < starts.size(); ++k) {
            const double x = weight * v[std::size_t{starts[k]} * width + c];
            out.lower[first + c][k][i] += x;
            out.upper[first + c][k][i] += x;
          }
      }
    };
    std::uint64_t n = 0;
    double growth = 1;
    bool settled = false;
    for (;; ++n) {
      record(n);
      if (n == last) break;
      if (n % 16 == 15) {
        settings.watch.tell("moving through time", n, last);
        if (settings.watch.cancelled() || settings.watch.out_of_time() ||
            n >= settings.most_steps) {
          out.end = settings.watch.cancelled() ? End::Cancelled : End::Limit;
          break;
        }
      }
      backward.step(v, y, 1);
      ++out.steps;
      if (n % 16 == 0) {
        growth = 0;
        for (std::size_t i = 0; i < v.size(); ++i) growth = std::max(growth, y[i] - v[i]);
        settled = growth * static_cast<double>(last - n) <= settings.error;
      }
      std::swap(v, y);
      if (settled) {
        ++n;
        record(n);
        break;
      }
    }
    // The rest of the weights: at least the value now, at most that and all growth still to come.
    const double more = std::max(0.0, growth) * static_cast<double>(last - std::min(n, last));
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double rest = std::max(0.0, 1 - used[i][0]);
      if (n >= weights[i].right()) continue;
      for (std::size_t c = 0; c < count; ++c)
        for (std::size_t k = 0; k < starts.size(); ++k) {
          const double now = v[std::size_t{starts[k]} * width + c];
          out.lower[first + c][k][i] += rest * now;
          out.upper[first + c][k][i] += rest * std::min(1.0, now + more);
        }
      if (settled) out.error = std::max(out.error, rest * more);
    }
    if (out.end != End::Complete) {
      // Targets not begun are known to lie between 0 and 1.
      for (std::size_t c = first + count; c < targets.size(); ++c)
        for (auto& of_start : out.upper[c]) std::fill(of_start.begin(), of_start.end(), 1.0);
      break;
    }
  }
  for (auto* all : {&out.lower, &out.upper})
    for (auto& of_target : *all)
      for (auto& of_start : of_target)
        for (double& x : of_start) x = std::clamp(x, 0.0, 1.0);
  return out;
}

}  // namespace wayout
