#include "wayout/answer/trust_risk.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "wayout/answer/claims_risk.hpp"
#include "wayout/base/threads.hpp"

namespace wayout {
namespace {

/// The greatest of what several threads hand in.
class Greatest {
 public:
  void take(double x) {
    double now = value_.load();
    while (x > now && !value_.compare_exchange_weak(now, x)) {
    }
  }
  double value() const { return value_.load(); }

 private:
  std::atomic<double> value_{0};
};

End end_of(const Watch& watch) { return watch.cancelled() ? End::Cancelled : End::Limit; }

std::vector<ProfileChance> sampled(const Sampler& sampler, const ProfileRisk& risk,
                                   const TrustRiskSettings& settings, std::uint64_t samples,
                                   End& end) {
  const Watch& watch = settings.watch;
  std::vector<ProfileChance> out(samples);
  std::vector<std::uint8_t> done(samples, 0);
  std::uint64_t told = 0;
  std::mutex telling;
  tbb::task_arena arena(usable_threads(settings.threads));
  arena.execute([&] {
    tbb::parallel_for(tbb::blocked_range<std::uint64_t>(0, samples, 1), [&](const auto& range) {
      for (std::uint64_t k = range.begin(); k < range.end(); ++k) {
        if (watch.cancelled() || watch.out_of_time()) return;
        out[k] = risk(sampler.draw(settings.seed, k));
        // It may have been cut short itself.
        if (watch.cancelled() || watch.out_of_time()) return;
        done[k] = 1;
        const std::lock_guard lock(telling);
        if ((++told & 15) == 0) watch.tell("asking profiles", told, samples);
      }
    });
  });
  const auto whole =
      static_cast<std::uint64_t>(std::find(done.begin(), done.end(), 0) - done.begin());
  if (whole < samples) end = end_of(watch);
  out.resize(whole);
  return out;
}

/// The smallest of the sorted numbers that at least this share of them does not exceed.
double at_share(const std::vector<double>& sorted, double share) {
  const double place = std::ceil(share * static_cast<double>(sorted.size())) - 1;
  return sorted[static_cast<std::size_t>(std::max(0.0, place))];
}

void count(const std::vector<ProfileChance>& found, const TrustRiskSettings& settings,
           TrustRiskReport& out) {
  out.finished = found.size();
  std::vector<double> risks;
  for (const ProfileChance& x : found) {
    if (!x.found) {
      ++out.faulty;
      continue;
    }
    risks.push_back(x.middle());
    out.mean_gap += x.gap();
  }
  if (risks.empty()) return;
  std::sort(risks.begin(), risks.end());
  const auto n = static_cast<double>(risks.size());
  out.mean_gap /= n;
  const double mean = std::accumulate(risks.begin(), risks.end(), 0.0) / n;
  double square = 0;
  for (const double r : risks) square += (r - mean) * (r - mean);
  out.deviation = n > 1 ? std::sqrt(square / (n - 1)) : 0;
  const double half = normal_quantile(settings.confidence) * out.deviation / std::sqrt(n);
  out.mean = {mean, mean - half, mean + half};
  for (std::size_t k = 0; k < kRiskShares.size(); ++k)
    out.at_most[k] = at_share(risks, kRiskShares[k]);
  if (!settings.below) return;
  const auto under = std::upper_bound(risks.begin(), risks.end(), *settings.below) - risks.begin();
  out.below = wilson(static_cast<std::uint64_t>(under), risks.size(), settings.confidence);
}

}  // namespace

Result<TrustRiskReport> trust_risk(const Conflict& conflict, const RiskScale& scale,
                                   const TrustRiskSettings& settings) {
  const Sampler sampler(conflict);
  ProfileRiskSettings rs = settings.risk;
  rs.watch = settings.watch;
  settings.watch.tell("the plain run", 0, 0);
  const auto risk = ProfileRisk::make(sampler, scale, rs);
  if (!risk) return Unexpected{risk.error()};
  TrustRiskReport out;
  out.of = settings.risk.of;
  out.horizon = risk->horizon();
  out.unit = risk->unit();
  out.exact = risk->exact();
  out.seed = settings.seed;
  out.asked = settings.samples;
  out.confidence = settings.confidence;
  out.inputs = sampler.inputs();
  out.groups = input_groups(sampler);
  out.level = settings.below.value_or(0);
  const Draws plain = sampler.plain();
  out.plain = (*risk)(plain);
  // Without anything uncertain every profile is the case itself.
  const std::uint64_t samples = sampler.inputs().empty() ? 1 : settings.samples;
  Greatest gap;
  {
    const std::vector<ProfileChance> found = sampled(sampler, *risk, settings, samples, out.end);
    for (const ProfileChance& x : found)
      if (x.found) gap.take(x.gap());
    count(found, settings, out);
  }
  if (out.end != End::Complete || sampler.inputs().empty()) {
    out.greatest_gap = gap.value();
    return out;
  }
  const auto look = [&](std::span<const std::int64_t> draws) {
    const ProfileChance x = (*risk)(draws);
    if (!x.found) return out.plain;
    gap.take(x.gap());
    return x;
  };
  const Measurement measure = [&](std::span<const std::int64_t> draws) {
    return look(draws).middle();
  };
  const auto settle = [&](End end) {
    if (end != End::Complete) out.end = end;
    return end == End::Complete;
  };
  const std::size_t matter =
      out.groups.size() -
      static_cast<std::size_t>(std::accumulate(risk->inert().begin(), risk->inert().end(), 0));
  if (settings.hinges) {
    out.tornado = tornado(sampler, measure, settings.watch, settings.threads);
    if (settle(out.tornado->end)) {
      SobolSettings ss;
      ss.seed = settings.seed;
      ss.samples = settings.hinge_rows > 0
                       ? settings.hinge_rows
                       : std::clamp<std::uint64_t>(4 * settings.samples / (matter + 2),
                                                   out.exact ? 1024 : 32, 4096);
      ss.confidence = settings.confidence;
      ss.threads = settings.threads;
      ss.watch = settings.watch;
      ss.inert = risk->inert();
      out.sobol = sobol(sampler, measure, ss);
      if (settle(out.sobol->end) && !out.groups.empty() && out.groups.size() <= kMostShapley) {
        // No more profiles than the indices took: every set of inputs is a profile of each row.
        ss.samples = std::clamp<std::uint64_t>(ss.samples * (matter + 2) >> out.groups.size(), 32,
                                               ss.samples);
        ss.inert.clear();
        out.shapley = shapley(sampler, measure, {}, ss);
        settle(out.shapley->end);
      }
    }
  }
  if (settings.below && out.end == End::Complete) {
    FlipSettings fs;
    fs.seed = settings.seed;
    fs.threads = settings.threads;
    fs.watch = settings.watch;
    fs.most_runs = out.exact ? 4000 : std::max<std::uint64_t>(200, settings.samples);
    const Verdictor verdict = [&](std::span<const std::int64_t> draws) -> std::uint8_t {
      const ProfileChance x = look(draws);
      if (x.upper <= *settings.below) return 1;
      return x.lower > *settings.below ? 0 : kNoAnswer;
    };
    out.flip = find_flip(sampler, verdict, fs);
    settle(out.flip->end);
  }
  out.greatest_gap = gap.value();
  return out;
}

}  // namespace wayout
