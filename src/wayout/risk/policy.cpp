#include "wayout/risk/policy.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace wayout {
namespace {

/// One step of value iteration on the uniformised chain, with the choice left open.
class OpenStep {
 public:
  enum class Free { Choices, Numbers };

  OpenStep(const ConflictChain& model, const Target& target, Free free)
      : model_(model), target_(target), n_(model.chain().size()) {
    const RiskInputs& inputs = model.inputs();
    const auto low = [&](std::size_t i) {
      return free == Free::Numbers ? inputs.list[i].low : model.values()[i];
    };
    const auto high = [&](std::size_t i) {
      return free == Free::Numbers ? inputs.list[i].high : model.values()[i];
    };
    for (std::size_t i = 0; i < model.mover_count(); ++i) {
      const std::size_t t = inputs.tempo[model.mover(i).index()];
      tempo_.push_back({low(t), high(t)});
    }
    for (std::size_t h = 0; h < model.hazard_count(); ++h) {
      hazards_.emplace_back();
      for (const auto& pattern : model.patterns(h)) {
        std::pair<double, double> r{0, 0};
        if (pattern.acts) {
          r = {low(inputs.hazards[h].rate), high(inputs.hazards[h].rate)};
          for (const std::uint32_t f : pattern.factors) {
            r.first *= low(inputs.hazards[h].factors[f]);
            r.second *= high(inputs.hazards[h].factors[f]);
          }
        }
        hazards_.back().push_back(r);
      }
    }
    // The greatest rate of leaving a state, whatever is chosen.
    const Chain& chain = model.chain();
    for (std::size_t s = 0; s < n_; ++s) {
      if ((chain.at[s] & (target.counts | target.stops)) != 0) continue;
      double exit = 0;
      for (std::size_t i = 0; i < tempo_.size(); ++i) {
        const std::uint32_t menu = model.menu(s, i);
        if (menu == kNoState) continue;
        exit += tempo_[i].second *
                (free == Free::Numbers ? 1 - model.book(i).staying(menu).probability : 1);
      }
      for (std::size_t h = 0; h < hazards_.size(); ++h)
        exit += hazards_[h][model.pattern(s, h)].second;
      rate_ = std::max(rate_, exit);
    }
    rate_ *= 1 + 1e-12;  // the probabilities of a menu add to 1 but for their rounding
    if (rate_ <= 0) rate_ = 1;
  }

  double rate() const { return rate_; }

  void begin(std::vector<double>& v) const {
    const Chain& chain = model_.chain();
    v.assign(n_ + 1, 0);
    for (std::size_t s = 0; s < n_; ++s) v[s] = (chain.at[s] & target_.counts) != 0 ? 1 : 0;
    if ((target_.counts & chain.of_kind(ChainOutcome::Kind::Outside)) != 0) v[n_] = 1;
  }

  /// y ← T v. `policy`, where given, is written (choose) or followed.
  void step(const std::vector<double>& v, std::vector<double>& y, bool most,
            std::vector<std::uint32_t>* policy, bool follow) const {
    const Chain& chain = model_.chain();
    const OutcomeMask mask = target_.counts | target_.stops;
    const std::size_t movers = model_.mover_count();
    in_blocks(n_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t s = begin; s < end; ++s) {
        if ((chain.at[s] & mask) != 0) {
          y[s] = v[s];
          continue;
        }
        const double here = v[s];
        double change = 0;
        std::uint64_t e = chain.moves.begin[s];
        const std::uint64_t last = chain.moves.begin[s + 1];
        for (std::size_t i = 0; i < movers && e < last; ++i) {
          const std::uint32_t menu = model_.menu(s, i);
          if (menu == kNoState) continue;
          const std::size_t items = model_.book(i).items(menu);
          std::uint32_t pick = kNoState;
          double best = 0;
          if (follow) {
            pick = (*policy)[s * movers + i];
            if (pick != kNoState) best = v[chain.moves.to[e + pick]] - here;
          } else {
            for (std::size_t k = 0; k < items; ++k) {
              const double d = v[chain.moves.to[e + k]] - here;
              if (most ? d > best : d < best) {
                best = d;
                pick = static_cast<std::uint32_t>(k);
              }
            }
            if (policy != nullptr) (*policy)[s * movers + i] = pick;
          }
          change += tempo_[i].second * best;
          e += items;
        }
        for (std::size_t h = 0; h < hazards_.size(); ++h) {
          const auto& [low, high] = hazards_[h][model_.pattern(s, h)];
          if (high == 0) continue;
          double d = 0;
          for (const auto& [k, share] : model_.shares(h)) {
            if ((target_.counts >> k) & 1u)
              d += share * (1 - here);
            else if ((target_.stops >> k) & 1u)
              d -= share * here;
          }
          if (const auto place = model_.assigned(s, h)) d += v[chain.moves.to[*place]] - here;
          change += ((d > 0) == most ? high : low) * d;
        }
        y[s] = here + change / rate_;
      }
    });
    y[n_] = v[n_];
  }

  /// The same with the numbers left open: [state × 2], the least and the greatest side by side.
  void step_numbers(const std::vector<double>& v, std::vector<double>& y) const {
    const Chain& chain = model_.chain();
    const OutcomeMask mask = target_.counts | target_.stops;
    const std::size_t movers = model_.mover_count();
    in_blocks(n_, [&](std::size_t begin, std::size_t end) {
      for (std::size_t s = begin; s < end; ++s) {
        const double least = v[2 * s];
        const double most = v[2 * s + 1];
        if ((chain.at[s] & mask) != 0) {
          y[2 * s] = least;
          y[2 * s + 1] = most;
          continue;
        }
        double down = 0;
        double up = 0;
        std::uint64_t e = chain.moves.begin[s];
        const std::uint64_t last = chain.moves.begin[s + 1];
        for (std::size_t i = 0; i < movers && e < last; ++i) {
          const std::uint32_t menu = model_.menu(s, i);
          if (menu == kNoState) continue;
          const MenuBook& book = model_.book(i);
          const std::size_t first = book.first(menu);
          const std::size_t items = book.items(menu);
          double a = 0;
          double b = 0;
          for (std::size_t k = 0; k < items; ++k, ++e) {
            const double* there = v.data() + 2 * std::size_t{chain.moves.to[e]};
            const double p = book.probability(first + k);
            a += p * (there[0] - least);
            b += p * (there[1] - most);
          }
          down += (a > 0 ? tempo_[i].first : tempo_[i].second) * a;
          up += (b > 0 ? tempo_[i].second : tempo_[i].first) * b;
        }
        for (std::size_t h = 0; h < hazards_.size(); ++h) {
          const auto& [low, high] = hazards_[h][model_.pattern(s, h)];
          if (high == 0) continue;
          double a = 0;
          double b = 0;
          for (const auto& [k, share] : model_.shares(h)) {
            if ((target_.counts >> k) & 1u) {
              a += share * (1 - least);
              b += share * (1 - most);
            } else if ((target_.stops >> k) & 1u) {
              a -= share * least;
              b -= share * most;
            }
          }
          if (const auto place = model_.assigned(s, h)) {
            const double* there = v.data() + 2 * std::size_t{chain.moves.to[*place]};
            a += there[0] - least;
            b += there[1] - most;
          }
          down += (a > 0 ? low : high) * a;
          up += (b > 0 ? high : low) * b;
        }
        y[2 * s] = least + down / rate_;
        y[2 * s + 1] = most + up / rate_;
      }
    });
    y[2 * n_] = v[2 * n_];
    y[2 * n_ + 1] = v[2 * n_ + 1];
  }

  /// The least and the greatest from a state by a horizon.
  std::pair<double, double> numbers(std::uint32_t start, const PoissonWeights& w) const {
    std::vector<double> one;
    begin(one);
    std::vector<double> v(2 * one.size()), y(2 * one.size());
    for (std::size_t s = 0; s < one.size(); ++s) v[2 * s] = v[2 * s + 1] = one[s];
    std::pair<double, double> out{0, 0};
    for (std::uint64_t k = 0;; ++k) {
      if (k >= w.left) {
        out.first += w.weight[k - w.left] * v[2 * std::size_t{start}];
        out.second += w.weight[k - w.left] * v[2 * std::size_t{start} + 1];
      }
      if (k == w.right()) break;
      step_numbers(v, y);
      std::swap(v, y);
    }
    return out;
  }

  /// v ← Σ_n Pois(n) Tⁿ v over a piece of time. What the weights leave out is added where `up`.
  void piece(std::vector<double>& v, const PoissonWeights& w, bool most,
             std::vector<std::uint32_t>* policy, std::uint64_t& steps) const {
    std::vector<double> sum(n_ + 1, 0), y(n_ + 1);
    for (std::uint64_t k = 0;; ++k) {
      if (k >= w.left)
        for (std::size_t s = 0; s <= n_; ++s) sum[s] += w.weight[k - w.left] * v[s];
      if (k == w.right()) break;
      step(v, y, most, policy, policy != nullptr);
      std::swap(v, y);
      ++steps;
    }
    std::swap(v, sum);
  }

  std::size_t policy_size() const { return n_ * model_.mover_count(); }

 private:
  const ConflictChain& model_;
  Target target_;
  std::size_t n_;
  std::vector<std::pair<double, double>> tempo_;
  std::vector<std::vector<std::pair<double, double>>> hazards_;
  double rate_ = 0;
};

bool stopped(const Watch& watch, End& end) {
  if (!watch.cancelled() && !watch.out_of_time()) return false;
  end = watch.cancelled() ? End::Cancelled : End::Limit;
  return true;
}

}  // namespace

Extremes over_policies(const ConflictChain& model, const Target& target, double horizon,
                       const PolicySettings& settings) {
  Extremes out;
  const OpenStep open(model, target, OpenStep::Free::Choices);
  const std::uint32_t start = model.chain().start;
  for (const bool most : {false, true}) {
    double& lower = most ? out.greatest_lower : out.least_lower;
    double& upper = most ? out.greatest_upper : out.least_upper;
    const std::uint64_t allowed = out.steps + settings.most_steps / 2;
    for (std::uint64_t pieces = 1;; pieces *= 2) {
      const PoissonWeights w = poisson_weights(open.rate() * horizon / static_cast<double>(pieces));
      std::vector<double> outer, inner, next(model.chain().size() + 1);
      open.begin(outer);
      open.begin(inner);
      std::vector<std::uint32_t> policy(open.policy_size(), kNoState);
      bool whole = true;
      for (std::uint64_t p = 0; p < pieces && whole; ++p) {
        open.piece(outer, w, most, nullptr, out.steps);
        open.step(inner, next, most, &policy, false);
        open.piece(inner, w, most, &policy, out.steps);
        settings.watch.tell("policies", p, pieces);
        whole = !stopped(settings.watch, out.end);
      }
      if (!whole) return out;
      lower = std::max(lower, std::min(outer[start], inner[start]));
      upper = std::min(upper, std::max(outer[start], inner[start]));
      if (upper - lower <= settings.gap) break;
      if (out.steps + 4 * pieces * w.right() > allowed) {
        out.end = End::Limit;
        break;
      }
    }
  }
  return out;
}

BoxRange over_box(ConflictChain& model, const Target& target, double horizon,
                  std::span<const double> slopes, const PolicySettings& settings) {
  BoxRange out;
  const std::uint32_t start = model.chain().start;
  const OpenStep open(model, target, OpenStep::Free::Numbers);
  // What is left out is as small as rounding.
  constexpr double kSmallest = 1e-16;
  const PoissonWeights w = poisson_weights(open.rate() * horizon, kSmallest);
  if (stopped(settings.watch, out.end)) return out;
  std::tie(out.outer_least, out.outer_greatest) = open.numbers(start, w);
  // Weights are normalised; what they leave out is worth something between 0 and 1.
  out.outer_least = std::max(0.0, out.outer_least - w.left_out);
  out.outer_greatest = std::min(1.0, out.outer_greatest + w.left_out);
  const std::vector<double> before = model.values();
  const RiskInputs& inputs = model.inputs();
  bool only_hazards = true;
  for (const bool most : {false, true}) {
    std::vector<double> corner = before;
    for (std::size_t i = 0; i < corner.size(); ++i) {
      const RiskInput& input = inputs.list[i];
      if (!input.ranged() || input.kind == InputKind::Rationality) continue;
      if (input.kind == InputKind::Tempo) only_hazards = false;
      corner[i] = (slopes[i] > 0) == most ? input.high : input.low;
    }
    model.set(corner);
    TransientSettings ts;
    ts.watch = settings.watch;
    ts.smallest_weight = kSmallest;
    const std::vector<double> times{horizon};
    const std::vector<std::uint32_t> starts{start};
    const Transient t = by_time(model.chain(), std::span(&target, 1), times, starts, ts);
    (most ? out.inner_greatest : out.inner_least) = t.value(0, 0, 0);
    if (t.end != End::Complete) out.end = t.end;
  }
  model.set(before);
  for (std::size_t h = 0; h < model.hazard_count() && only_hazards; ++h) {
    only_hazards = !model.assigns(h);
    for (const auto& [k, share] : model.shares(h))
      only_hazards = only_hazards && ((target.counts >> k) & 1u);
  }
  out.exact = only_hazards;
  return out;
}

}  // namespace wayout
