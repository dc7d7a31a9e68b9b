#include "wayout/trust/hinge.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <mutex>
#include <numeric>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "wayout/base/random.hpp"
#include "wayout/base/threads.hpp"
#include "wayout/trust/ensemble.hpp"

namespace wayout {
namespace {

/// Rows of the second base sample: replicates of another seed.
constexpr std::uint64_t kOtherSeed = 0x5851F42D4C957F2Dull;

/// Runs f(0) … f(n-1) on the threads asked for; false where it was stopped before the end.
bool for_all(std::uint64_t n, unsigned threads, const Watch& watch, std::string_view what,
             const std::function<void(std::uint64_t)>& f) {
  std::atomic<std::uint64_t> done = 0;
  std::mutex telling;
  tbb::task_arena arena(usable_threads(threads));
  arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<std::uint64_t>(0, n, 1), [&](const auto& range) {
      for (std::uint64_t k = range.begin(); k < range.end(); ++k) {
        if (watch.cancelled() || watch.out_of_time()) return;
        f(k);
        const std::uint64_t now = done.fetch_add(1) + 1;
        if (watch.progress && (now & 31) == 0) {
          const std::lock_guard lock(telling);
          watch.tell(what, now, n);
        }
      }
    });
  });
  return done == n;
}

End end_of(const Watch& watch) { return watch.cancelled() ? End::Cancelled : End::Limit; }

Index interval(double value, const std::vector<double>& resampled, double z) {
  const auto n = static_cast<double>(resampled.size());
  if (resampled.empty()) return {value, value, value};
  const double mean = std::accumulate(resampled.begin(), resampled.end(), 0.0) / n;
  double square = 0;
  for (const double x : resampled) square += (x - mean) * (x - mean);
  const double half = z * std::sqrt(square / n);
  return {value, value - half, value + half};
}

/// Row numbers drawn with replacement, one list per resample, or every row once.
std::vector<std::uint64_t> drawn_rows(std::uint64_t seed, std::uint64_t resample, std::uint64_t n) {
  std::vector<std::uint64_t> out(n);
  Random random(seed, resample, "bootstrap");
  for (std::uint64_t& row : out) row = random.below(n);
  return out;
}
std::vector<std::uint64_t> all_rows(std::uint64_t n) {
  std::vector<std::uint64_t> out(n);
  std::iota(out.begin(), out.end(), std::uint64_t{0});
  return out;
}

double mean_of(const std::vector<double>& a, const std::vector<double>& b,
               const std::vector<std::uint64_t>& rows) {
  double sum = 0;
  for (const std::uint64_t k : rows) sum += a[k] + b[k];
  return sum / (2 * static_cast<double>(rows.size()));
}
double variance_of(const std::vector<double>& a, const std::vector<double>& b, double mean,
                   const std::vector<std::uint64_t>& rows) {
  double sum = 0;
  for (const std::uint64_t k : rows)
    sum += (a[k] - mean) * (a[k] - mean) + (b[k] - mean) * (b[k] - mean);
  return sum / (2 * static_cast<double>(rows.size()));
}

void copy_group(const InputGroup& group, const Draws& from, Draws& to) {
  for (const std::size_t i : group.inputs) to[i] = from[i];
}

}  // namespace

std::vector<InputGroup> input_groups(const Sampler& sampler) {
  std::vector<InputGroup> out;
  InputGroup today{"today's levels", {}};
  for (std::size_t i = 0; i < sampler.inputs().size(); ++i) {
    if (sampler.inputs()[i].kind == UncertainKind::StatusQuo)
      today.inputs.push_back(i);
    else
      out.push_back({sampler.inputs()[i].name, {i}});
  }
  if (today.inputs.size() == 1) today.name = sampler.inputs()[today.inputs[0]].name;
  if (!today.inputs.empty()) out.push_back(std::move(today));
  return out;
}

Tornado tornado(const Sampler& sampler, const Measurement& measure, const Watch& watch,
                unsigned threads) {
  const std::vector<InputGroup> list = input_groups(sampler);
  Tornado out;
  const Draws plain = sampler.plain();
  out.plain = measure(plain);
  std::vector<Bar> bars(list.size());
  const bool whole =
      for_all(list.size(), threads, watch, "one input at a time", [&](std::uint64_t f) {
        Bar bar;
        bar.group = f;
        const InputGroup& group = list[f];
        Draws draws = plain;
        if (sampler.inputs()[group.inputs[0]].kind != UncertainKind::StatusQuo) {
          const Input& in = sampler.inputs()[group.inputs[0]];
          draws[group.inputs[0]] = in.first;
          bar.low = measure(draws);
          draws[group.inputs[0]] = in.last;
          bar.high = measure(draws);
        } else {
          bar.low = bar.high = out.plain;
          // Every combination of today's levels, at most a thousand of them.
          for (std::uint64_t k = 1; k < 1024; ++k) {
            std::uint64_t rest = k;
            for (const std::size_t i : group.inputs) {
              draws[i] = static_cast<std::int64_t>(rest % sampler.inputs()[i].choices);
              rest /= sampler.inputs()[i].choices;
            }
            if (rest != 0) break;
            const auto now = sampler.status_quo(draws);
            if (!now || !sampler.conflict().feasible(*now)) continue;
            const double y = measure(draws);
            bar.low = std::min(bar.low, y);
            bar.high = std::max(bar.high, y);
          }
        }
        bar.width = std::max({std::abs(bar.high - bar.low), std::abs(bar.high - out.plain),
                              std::abs(bar.low - out.plain)});
        bars[f] = bar;
      });
  if (!whole) {
    out.end = end_of(watch);
    return out;
  }
  std::stable_sort(bars.begin(), bars.end(),
                   [](const Bar& a, const Bar& b) { return a.width > b.width; });
  out.bars = std::move(bars);
  return out;
}

SobolResult sobol(const Sampler& sampler, const Measurement& measure,
                  const SobolSettings& settings) {
  const std::vector<InputGroup> list = input_groups(sampler);
  contract(settings.inert.empty() || settings.inert.size() == list.size(),
           "a mark for every group");
  const std::uint64_t n = settings.samples;
  SobolResult out;
  out.samples = n;
  if (n == 0) return out;
  std::vector<double> a(n);
  std::vector<double> b(n);
  std::vector<std::vector<double>> ab(list.size(), std::vector<double>(n));
  const bool whole =
      for_all(n, settings.threads, settings.watch, "variance indices", [&](std::uint64_t k) {
        const Draws first = sampler.draw(settings.seed, k);
        const Draws second = sampler.draw(settings.seed ^ kOtherSeed, k);
        a[k] = measure(first);
        b[k] = measure(second);
        Draws mixed = first;
        for (std::size_t f = 0; f < list.size(); ++f) {
          if (!settings.inert.empty() && settings.inert[f] != 0) {
            ab[f][k] = a[k];
            continue;
          }
          copy_group(list[f], second, mixed);
          ab[f][k] = mixed == first ? a[k] : measure(mixed);
          copy_group(list[f], first, mixed);
        }
      });
  if (!whole) {
    out.end = end_of(settings.watch);
    return out;
  }
  const double z = normal_quantile(settings.confidence);
  std::vector<std::vector<double>> first_again(list.size());
  std::vector<std::vector<double>> total_again(list.size());
  out.first.resize(list.size());
  out.total.resize(list.size());
  for (std::uint64_t r = 0; r <= settings.resamples; ++r) {
    const auto rows = r == 0 ? all_rows(n) : drawn_rows(settings.seed, r, n);
    const double mean = mean_of(a, b, rows);
    const double variance = variance_of(a, b, mean, rows);
    if (r == 0) {
      out.mean = mean;
      out.variance = variance;
    }
    for (std::size_t f = 0; f < list.size(); ++f) {
      double first = 0;
      double total = 0;
      for (const std::uint64_t k : rows) {
        const double change = ab[f][k] - a[k];
        first += (b[k] - mean) * change;
        total += change * change;
      }
      const double scale = variance > 0 ? 1 / (variance * static_cast<double>(n)) : 0;
      if (r == 0) {
        out.first[f].value = first * scale;
        out.total[f].value = total * scale / 2;
      } else {
        first_again[f].push_back(first * scale);
        total_again[f].push_back(total * scale / 2);
      }
    }
  }
  for (std::size_t f = 0; f < list.size(); ++f) {
    out.first[f] = interval(out.first[f].value, first_again[f], z);
    out.total[f] = interval(out.total[f].value, total_again[f], z);
  }
  return out;
}

ShapleyResult shapley(const Sampler& sampler, const Measurement& measure,
                      std::span<const double> rank_by, const SobolSettings& settings) {
  const std::vector<InputGroup> list = input_groups(sampler);
  ShapleyResult out;
  out.samples = settings.samples;
  std::vector<std::size_t> order(list.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!rank_by.empty()) {
    contract(rank_by.size() == list.size(), "a number for every group");
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t x, std::size_t y) { return rank_by[x] > rank_by[y]; });
  }
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (k < kMostShapley)
      out.players.push_back({order[k]});
    else
      out.players.back().push_back(order[k]);
  }
  const std::size_t players = out.players.size();
  const std::uint64_t n = settings.samples;
  if (players == 0 || n == 0) return out;
  const std::size_t sets = std::size_t{1} << players;
  // y[u][k]: the result of row k of B with the players of u from row k of A.
  std::vector<std::vector<double>> y(sets, std::vector<double>(n));
  const bool whole =
      for_all(n, settings.threads, settings.watch, "Shapley values", [&](std::uint64_t k) {
        const Draws first = sampler.draw(settings.seed, k);
        const Draws second = sampler.draw(settings.seed ^ kOtherSeed, k);
        for (std::size_t u = 0; u < sets; ++u) {
          Draws mixed = second;
          for (std::size_t p = 0; p < players; ++p)
            if ((u >> p & 1u) != 0)
              for (const std::size_t f : out.players[p]) copy_group(list[f], first, mixed);
          y[u][k] = measure(mixed);
        }
      });
  if (!whole) {
    out.end = end_of(settings.watch);
    return out;
  }
  // |u|! (players − 1 − |u|)! / players!
  std::vector<double> weight(players);
  for (std::size_t size = 0; size < players; ++size) {
    double ways = static_cast<double>(players);
    for (std::size_t k = 1; k <= size; ++k)
      ways = ways * static_cast<double>(players - k) / static_cast<double>(k);
    weight[size] = 1 / ways;
  }
  const double z = normal_quantile(settings.confidence);
  std::vector<std::vector<double>> again(players);
  out.share.resize(players);
  for (std::uint64_t r = 0; r <= settings.resamples; ++r) {
    const auto rows = r == 0 ? all_rows(n) : drawn_rows(settings.seed, r, n);
    const auto& a = y[sets - 1];
    const double mean = mean_of(a, y[0], rows);
    std::vector<double> explained(sets, 0);
    for (std::size_t u = 1; u < sets; ++u) {
      for (const std::uint64_t k : rows) explained[u] += (a[k] - mean) * (y[u][k] - mean);
      explained[u] /= static_cast<double>(n);
    }
    const double variance = explained[sets - 1];
    if (r == 0) out.variance = variance;
    for (std::size_t p = 0; p < players; ++p) {
      double sum = 0;
      for (std::size_t u = 0; u < sets; ++u)
        if ((u >> p & 1u) == 0)
          sum += weight[static_cast<std::size_t>(std::popcount(u))] *
                 (explained[u | std::size_t{1} << p] - explained[u]);
      const double share = variance > 0 ? sum / variance : 0;
      if (r == 0)
        out.share[p].value = share;
      else
        again[p].push_back(share);
    }
  }
  for (std::size_t p = 0; p < players; ++p)
    out.share[p] = interval(out.share[p].value, again[p], z);
  return out;
}

}  // namespace wayout
