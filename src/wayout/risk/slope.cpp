#include "wayout/risk/slope.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace wayout {
namespace {

/// Σ over states of x(s) [dQ y](s), summed over what meets x and y, and turned into derivatives to
/// inputs at the end.
class Contraction {
 public:
  Contraction(const ConflictChain& model, std::span<const Target> targets,
              const BackwardStep& backward)
      : model_(model),
        targets_(targets.begin(), targets.end()),
        backward_(backward),
        width_(backward.width()) {
    const Chain& chain = model.chain();
    const std::size_t n = chain.size();
    for (std::size_t i = 0; i < model.mover_count(); ++i)
      movers_.push_back(
          model.book(i).run(model.values()[model.inputs().tempo[model.mover(i).index()]]));
    sums_.assign(2 * movers_.size() * width_, 0);
    spent_.assign(n, 0);
    within_.assign(n * width_, 0);
    turned_.assign(n * model.assigning() * width_, 0);
    stay_.assign(n * width_, 1);
    const std::size_t outcomes = chain.outcomes.size();
    for (std::size_t s = 0; s < n; ++s)
      for (std::size_t c = 0; c < width_; ++c) {
        const Target& t = targets_[std::min(c, targets_.size() - 1)];
        double exit = 0;
        for (std::size_t k = 0; k < outcomes; ++k)
          if (((t.counts | t.stops) >> k) & 1u) exit += chain.into[s * outcomes + k];
        stay_[s * width_ + c] = 1 - exit / backward.rate();
      }
  }

  /// Meets x with y, and steps y back. `outcome` is what counts is worth.
  void step(std::span<const double> x, std::span<const double> y, std::span<double> before,
            double outcome) {
    const auto kernel = row_kernels().slopes[std::countr_zero(width_)];
    SlopeRun run;
    run.step = backward_.run(y, before, outcome);
    run.menus = model_.menus();
    run.movers = movers_.data();
    run.mover_count = movers_.size();
    run.stay = stay_.data();
    run.x = x.data();
    run.spent = spent_.data();
    run.within = within_.data();
    run.turned = turned_.data();
    run.assigning = model_.assigning();
    const std::vector<double> more = sum_blocks(
        x.size(), sums_.size(), [&](std::size_t begin, std::size_t end, std::span<double> out) {
          SlopeRun own = run;
          own.sums = out.data();
          kernel(own, begin, end);
        });
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += more[i];
    backward_.sink(y, before, outcome);
  }

  std::vector<std::vector<double>> finish(double scale) const {
    const RiskInputs& inputs = model_.inputs();
    const std::vector<double>& values = model_.values();
    const std::size_t n = model_.chain().size();
    std::vector<std::vector<double>> out(targets_.size(),
                                         std::vector<double>(inputs.list.size(), 0));
    for (std::size_t i = 0; i < model_.mover_count(); ++i) {
      const std::size_t m = model_.mover(i).index();
      for (std::size_t c = 0; c < targets_.size(); ++c) {
        out[c][inputs.tempo[m]] += scale * sums_[2 * i * width_ + c];
        out[c][inputs.rationality[m]] += scale * sums_[(2 * i + 1) * width_ + c];
      }
    }
    for (std::size_t h = 0; h < model_.hazard_count(); ++h) {
      const auto& patterns = model_.patterns(h);
      const RiskInputs::Hazard& hazard = inputs.hazards[h];
      // Of what the hazard leads to: the share that counts, and the share that ends it.
      std::vector<std::pair<double, double>> shares(targets_.size(), {0, 0});
      for (std::size_t c = 0; c < targets_.size(); ++c)
        for (const auto& [k, share] : model_.shares(h)) {
          if ((targets_[c].counts >> k) & 1u) shares[c].first += share;
          if (((targets_[c].counts | targets_[c].stops) >> k) & 1u) shares[c].second += share;
        }
      std::vector<double> sums(patterns.size() * targets_.size(), 0);
      for (std::size_t s = 0; s < n; ++s) {
        const std::uint32_t j = model_.pattern(s, h);
        if (!patterns[j].acts) continue;
        const auto place = model_.assigned(s, h);
        const std::uint64_t at =
            place ? *place - (model_.chain().moves.begin[s + 1] - assigned_at(s)) : 0;
        for (std::size_t c = 0; c < targets_.size(); ++c) {
          double d = shares[c].first * spent_[s] - shares[c].second * within_[s * width_ + c];
          if (place) d += turned_[(s * model_.assigning() + at) * width_ + c];
          sums[j * targets_.size() + c] += d;
        }
      }
      for (std::size_t j = 0; j < patterns.size(); ++j) {
        if (!patterns[j].acts) continue;
        double product = 1;
        for (const std::uint32_t f : patterns[j].factors) product *= values[hazard.factors[f]];
        for (std::size_t c = 0; c < targets_.size(); ++c) {
          const double d = scale * sums[j * targets_.size() + c];
          out[c][hazard.rate] += d * product;
          for (const std::uint32_t f : patterns[j].factors) {
            double others = values[hazard.rate];
            for (const std::uint32_t g : patterns[j].factors)
              if (g != f) others *= values[hazard.factors[g]];
            out[c][hazard.factors[f]] += d * others;
          }
        }
      }
    }
    return out;
  }

 private:
  /// How many transitions by hazards the state has.
  std::uint64_t assigned_at(std::size_t s) const {
    std::uint64_t count = 0;
    for (std::size_t h = 0; h < model_.hazard_count(); ++h)
      if (model_.assigned(s, h)) ++count;
    return count;
  }

  const ConflictChain& model_;
  std::vector<Target> targets_;
  const BackwardStep& backward_;
  std::size_t width_;
  std::vector<MenuRun> movers_;
  std::vector<double> sums_;   ///< [2 × mover × width]
  std::vector<double> spent_;  ///< see SlopeRun
  std::vector<double> within_;
  std::vector<double> turned_;
  std::vector<double> stay_;
};

bool stopped(const Watch& watch, End& end) {
  if (!watch.cancelled() && !watch.out_of_time()) return false;
  end = watch.cancelled() ? End::Cancelled : End::Limit;
  return true;
}

}  // namespace

TimeSlopes time_slopes(const ConflictChain& model, std::span<const Target> targets, double horizon,
                       const Watch& watch) {
  constexpr double kKeptBytes = 512.0 * 1024 * 1024;
  const Chain& chain = model.chain();
  const std::size_t n = chain.size();
  const BackwardStep backward(chain, targets);
  const ForwardStep forward(chain, targets[0], backward.rate());
  // A derivative is told to a few digits: what is left out need only be as small as rounding.
  constexpr double kSmallest = 1e-17;
  const PoissonWeights weights = poisson_weights(backward.rate() * horizon, kSmallest);
  const std::uint64_t last = weights.right();
  const auto weight = [&](std::uint64_t k) {
    return k < weights.left || k > last ? 0.0 : weights.weight[k - weights.left];
  };
  std::vector<double> tail(last + 2, 0);  // Σ of the weights from k on
  for (std::uint64_t k = last + 1; k-- > 0;) tail[k] = tail[k + 1] + weight(k);

  TimeSlopes out;
  out.occupation.assign(n, 0);
  const bool all = static_cast<double>(n) * static_cast<double>(last) * 8 <= kKeptBytes;
  const std::uint64_t stride =
      all ? 1 : static_cast<std::uint64_t>(std::ceil(std::sqrt(static_cast<double>(last))));
  std::vector<std::vector<double>> kept;  // x at 0, stride, 2 stride, …
  std::vector<double> x(n), next(n);
  forward.begin(x);
  for (std::uint64_t k = 0; k < last; ++k) {
    if (k % stride == 0) kept.push_back(x);
    const double w = tail[k + 1] / forward.rate();
    in_blocks(n, [&](std::size_t begin, std::size_t end) {
      for (std::size_t s = begin; s < end; ++s) out.occupation[s] += w * x[s];
    });
    if (k % 16 == 0) {
      watch.tell("derivatives", k, 2 * last);
      if (stopped(watch, out.end)) return out;
    }
    forward.step(x, next);
    std::swap(x, next);
  }
  Contraction contraction(model, targets, backward);
  std::vector<double> y(backward.values()), before(backward.values());
  backward.begin(y, weight(last));
  std::vector<std::vector<double>> segment;
  for (std::uint64_t k = last; k-- > 0;) {
    if (k % 16 == 0) {
      watch.tell("derivatives", 2 * last - k, 2 * last);
      if (stopped(watch, out.end)) return out;
    }
    const std::span<const double> here = [&]() -> std::span<const double> {
      if (stride == 1) return kept[k];
      const std::uint64_t first = k / stride;
      if (segment.empty() || k % stride == stride - 1 || k == last - 1) {
        segment.assign(1, kept[first]);
        while (first * stride + segment.size() <= k) {
          segment.emplace_back(n);
          forward.step(segment[segment.size() - 2], segment.back());
        }
      }
      return segment[k % stride];
    }();
    contraction.step(here, y, before, tail[k + 1]);
    std::swap(y, before);
    backward.raise(y, weight(k));
  }
  out.by = contraction.finish(1 / backward.rate());
  for (std::size_t c = 0; c < targets.size(); ++c)
    out.value.push_back(y[std::size_t{chain.start} * backward.width() + c]);
  return out;
}

namespace {

/// xᵀ (dQ v + db · outcome), where v is `beyond` outside what was explored.
std::vector<double> contracted(const ConflictChain& model, const Target& target,
                               std::span<const double> values, double beyond, double outcome,
                               std::span<const double> visits) {
  std::vector<double> y(values.begin(), values.end());
  y.resize(y.size() + 2, beyond);
  const BackwardStep backward(model.chain(), std::span(&target, 1));
  Contraction contraction(model, std::span(&target, 1), backward);
  std::vector<double> before(y.size());
  contraction.step(visits, y, before, outcome);
  return contraction.finish(1)[0];
}

}  // namespace

std::vector<double> ever_slopes(const ConflictChain& model, const Target& target,
                                std::span<const double> values, std::span<const double> visits) {
  const OutcomeMask outside = model.chain().of_kind(ChainOutcome::Kind::Outside);
  return contracted(model, target, values, (target.counts & outside) != 0 ? 1 : 0, 1, visits);
}

std::vector<double> time_slopes_ever(const ConflictChain& model, const Target& target,
                                     std::span<const double> values, std::span<const double> times,
                                     std::span<const double> visits,
                                     std::span<const double> visits_of_visits) {
  std::vector<double> out = ever_slopes(model, target, values, visits_of_visits);
  const std::vector<double> more = contracted(model, target, times, 0, 0, visits);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += more[i];
  return out;
}

std::vector<double> end_slopes(const ConflictChain& model, const Target& target,
                               std::span<const double> times, std::span<const double> visits) {
  return contracted(model, target, times, 0, 0, visits);
}

std::vector<double> first_place_by(const ConflictChain& model,
                                   const std::vector<std::vector<State>>& places, double horizon,
                                   const Watch& watch) {
  const Chain& chain = model.chain();
  const std::size_t n = chain.size();
  std::vector<std::uint32_t> place_of(n, kNoState);
  std::vector<std::uint8_t> held(n, 0);
  for (std::size_t i = 0; i < places.size(); ++i)
    for (const State s : places[i])
      if (const auto at = model.find(s)) {
        place_of[*at] = static_cast<std::uint32_t>(i);
        held[*at] = 1;
      }
  std::vector<double> out(places.size(), 0);
  if (place_of[chain.start] != kNoState) {
    out[place_of[chain.start]] = 1;
    return out;
  }
  const Target target{chain.catastrophes(), chain.stopping() & ~chain.catastrophes()};
  const ForwardStep forward(chain, target, 0, held);
  const PoissonWeights weights = poisson_weights(forward.rate() * horizon);
  std::vector<double> x(n), next(n), got(n, 0);
  forward.begin(x);
  double left = 1;
  for (std::uint64_t k = 0; k < weights.right(); ++k) {
    if (k >= weights.left) left -= weights.weight[k - weights.left];
    if (k % 16 == 0 && (watch.cancelled() || watch.out_of_time())) break;
    forward.step(x, next, got, std::max(left, 0.0));
    std::swap(x, next);
  }
  for (std::size_t s = 0; s < n; ++s)
    if (place_of[s] != kNoState && (chain.at[s] & (target.counts | target.stops)) == 0)
      out[place_of[s]] += got[s];
  return out;
}

LikelyPath likely_path(const Chain& chain, const Target& target) {
  const std::size_t n = chain.size();
  const std::size_t outcomes = chain.outcomes.size();
  const OutcomeMask mask = target.counts | target.stops;
  std::vector<double> best(n, 0);
  std::vector<std::uint32_t> from(n, kNoState);
  std::vector<bool> done(n, false);
  std::vector<std::pair<double, std::uint32_t>> heap;
  LikelyPath out;
  std::uint32_t end = kNoState;
  best[chain.start] = 1;
  heap.emplace_back(1, chain.start);
  // Larger probability first, then the smaller number.
  const auto less = [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  };
  std::vector<std::pair<std::uint32_t, double>> row;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), less);
    const auto [p, s] = heap.back();
    heap.pop_back();
    if (done[s] || p < best[s]) continue;
    if (p <= out.probability) break;
    done[s] = true;
    if ((chain.at[s] & mask) != 0) {
      if ((chain.at[s] & target.counts) != 0) {
        out.probability = p;
        out.by_hazard = false;
        end = s;
      }
      continue;
    }
    double exit = chain.out[s];
    double into = 0;
    for (std::size_t k = 0; k < outcomes; ++k) {
      if ((mask >> k) & 1u) exit += chain.into[s * outcomes + k];
      if ((target.counts >> k) & 1u) into += chain.into[s * outcomes + k];
    }
    if (exit <= 0) continue;
    if (p * into / exit > out.probability) {
      out.probability = p * into / exit;
      out.by_hazard = true;
      end = s;
    }
    row.clear();
    for (std::uint64_t e = chain.moves.begin[s]; e < chain.moves.begin[s + 1]; ++e)
      if (chain.moves.to[e] < n) row.emplace_back(chain.moves.to[e], chain.moves.rate[e]);
    std::sort(row.begin(), row.end());
    for (std::size_t i = 0; i < row.size();) {
      double rate = 0;
      const std::uint32_t t = row[i].first;
      for (; i < row.size() && row[i].first == t; ++i) rate += row[i].second;
      const double next = p * rate / exit;
      if (next <= best[t] || done[t] || next <= out.probability) continue;
      best[t] = next;
      from[t] = s;
      heap.emplace_back(next, t);
      std::push_heap(heap.begin(), heap.end(), less);
    }
  }
  if (end == kNoState) return out;
  for (std::uint32_t s = end; s != kNoState; s = from[s]) out.states.push_back(s);
  std::reverse(out.states.begin(), out.states.end());
  return out;
}

}  // namespace wayout
