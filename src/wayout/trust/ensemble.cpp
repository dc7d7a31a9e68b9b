#include "wayout/trust/ensemble.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "wayout/base/threads.hpp"

namespace wayout {

double normal_quantile(double confidence) {
  contract(confidence > 0 && confidence < 1, "a confidence between 0 and 1");
  // Bisection on the error function: called a few times a run, and right to the last digits.
  double low = 0;
  double high = 40;
  for (int k = 0; k < 200; ++k) {
    const double z = 0.5 * (low + high);
    (std::erfc(z / std::sqrt(2.0)) > 1 - confidence ? low : high) = z;
  }
  return 0.5 * (low + high);
}

namespace {

Share wilson_with(std::uint64_t count, std::uint64_t n, double z) {
  Share out;
  out.count = count;
  if (n == 0) return out;
  const auto k = static_cast<double>(count);
  const auto total = static_cast<double>(n);
  out.share = k / total;
  const double middle = (k + z * z / 2) / (total + z * z);
  const double half = z * std::sqrt(k * (total - k) / total + z * z / 4) / (total + z * z);
  out.low = count == 0 ? 0 : std::max(0.0, middle - half);
  out.high = count == n ? 1 : std::min(1.0, middle + half);
  return out;
}

}  // namespace

Share wilson(std::uint64_t count, std::uint64_t n, double confidence) {
  return wilson_with(count, n, normal_quantile(confidence));
}

namespace {

/// Replicates, `width` of them side by side, into rows of `answers`, whole blocks at a time.
class Run {
 public:
  using Ask =
      std::function<void(std::uint64_t first, std::uint64_t count, std::span<std::uint8_t> rows)>;

  Run(std::span<const EnsembleOutcome> outcomes, const EnsembleSettings& settings,
      std::uint64_t width)
      : outcomes_(outcomes), settings_(settings), width_(width) {
    result_.outcomes = outcomes.size();
    result_.confidence = settings.confidence;
  }

  EnsembleResult go(const Ask& ask) {
    const std::uint64_t samples = settings_.samples;
    const std::uint64_t block = std::max<std::uint64_t>(1, settings_.block);
    tbb::task_arena arena(usable_threads(settings_.threads));
    // Without a rule to stop by, larger steps keep all threads busy to the end.
    const std::uint64_t step = settings_.half_width > 0 ? block
                               : width_ > 1             ? samples
                                                        : std::max(block, samples / 16);
    for (std::uint64_t at = 0; at < samples && result_.end == End::Complete;) {
      const std::uint64_t size = std::min(step, samples - at);
      result_.answers.resize((at + size) * outcomes_.size(), kNoAnswer);
      done_.assign(size, 0);
      arena.execute([&] { ask_block(ask, at, size); });
      std::uint64_t whole = 0;
      while (whole < size && done_[whole] != 0) ++whole;
      at += whole;
      result_.finished = at;
      if (whole < size) {
        result_.end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
        result_.answers.resize(at * outcomes_.size());
      }
      if (settings_.half_width > 0 && at < samples && at % block == 0 && narrow()) {
        result_.stopped = true;
        break;
      }
    }
    count_shares(result_, outcomes_);
    return std::move(result_);
  }

 private:
  void ask_block(const Ask& ask, std::uint64_t at, std::uint64_t size) {
    const Watch& watch = settings_.watch;
    const std::uint64_t groups = (size + width_ - 1) / width_;
    tbb::parallel_for(tbb::blocked_range<std::uint64_t>(0, groups, 1), [&](const auto& range) {
      for (std::uint64_t g = range.begin(); g < range.end(); ++g) {
        const std::uint64_t k = g * width_;
        const std::uint64_t count = std::min(width_, size - k);
        if (watch.cancelled() || ((width_ > 1 || (k & 15) == 0) && watch.out_of_time())) return;
        ask(settings_.first + at + k, count,
            std::span(result_.answers)
                .subspan((at + k) * outcomes_.size(), count * outcomes_.size()));
        // It may have been cut short itself.
        if (watch.cancelled() || watch.out_of_time()) return;
        for (std::uint64_t i = k; i < k + count; ++i) done_[i] = 1;
        const std::uint64_t told = told_.fetch_add(count) + count;
        if (watch.progress && (width_ > 1 || (told & 63) == 0)) {
          const std::lock_guard lock(progress_);
          watch.tell("asking profiles", told, settings_.samples);
        }
      }
    });
  }

  /// Whether every share is known well enough.
  bool narrow() const {
    EnsembleResult now;
    now.outcomes = result_.outcomes;
    now.finished = result_.finished;
    now.confidence = result_.confidence;
    now.answers = result_.answers;
    count_shares(now, outcomes_);
    const auto close = [&](const Share& s) {
      return std::max(s.share - s.low, s.high - s.share) <= settings_.half_width;
    };
    for (const auto& of_outcome : now.shares)
      if (!std::all_of(of_outcome.begin(), of_outcome.end(), close)) return false;
    return std::all_of(now.no_answer.begin(), now.no_answer.end(), close);
  }

  std::span<const EnsembleOutcome> outcomes_;
  const EnsembleSettings& settings_;
  const std::uint64_t width_;
  EnsembleResult result_;
  std::vector<std::uint8_t> done_;
  std::atomic<std::uint64_t> told_ = 0;
  std::mutex progress_;
};

}  // namespace

void count_shares(EnsembleResult& result, std::span<const EnsembleOutcome> outcomes) {
  const double z = normal_quantile(result.confidence);
  result.shares.clear();
  result.no_answer.clear();
  for (std::size_t o = 0; o < outcomes.size(); ++o) {
    std::vector<std::uint64_t> count(outcomes[o].labels.size(), 0);
    std::uint64_t none = 0;
    for (std::uint64_t k = 0; k < result.finished; ++k) {
      const std::uint8_t answer = result.answers[k * outcomes.size() + o];
      if (answer < count.size()) {
        ++count[answer];
      } else {
        ++none;
      }
    }
    std::vector<Share> shares;
    for (const std::uint64_t c : count) shares.push_back(wilson_with(c, result.finished, z));
    result.shares.push_back(std::move(shares));
    result.no_answer.push_back(wilson_with(none, result.finished, z));
  }
}

EnsembleResult run_ensemble(const Sampler& sampler, std::span<const EnsembleOutcome> outcomes,
                            const BlockJudge& judge, std::uint64_t width,
                            const EnsembleSettings& settings) {
  contract(width > 0, "profiles are asked some at a time");
  std::mutex faults;
  std::uint64_t first_fault = UINT64_MAX;
  Errors fault;
  std::vector<std::uint64_t> faulty;
  EnsembleResult out =
      Run(outcomes, settings, width).go([&](std::uint64_t first, std::uint64_t count, auto rows) {
        std::vector<std::optional<Conflict>> profiles(count);
        for (std::uint64_t i = 0; i < count; ++i) {
          auto profile = sampler.profile(settings.seed, first + i);
          if (profile) {
            profiles[i] = std::move(*profile);
            continue;
          }
          const std::lock_guard lock(faults);
          faulty.push_back(first + i);
          if (first + i < first_fault) {
            first_fault = first + i;
            fault = profile.error();
          }
        }
        judge(profiles, first, rows);
      });
  const std::uint64_t end = settings.first + out.finished;
  out.faulty = static_cast<std::uint64_t>(
      std::count_if(faulty.begin(), faulty.end(), [&](std::uint64_t k) { return k < end; }));
  if (out.faulty > 0) out.fault = std::move(fault);
  return out;
}

EnsembleResult run_ensemble(const Sampler& sampler, std::span<const EnsembleOutcome> outcomes,
                            const Judge& judge, const EnsembleSettings& settings) {
  return run_ensemble(
      sampler, outcomes,
      [&](std::span<const std::optional<Conflict>> profiles, std::uint64_t first, auto rows) {
        if (profiles[0]) judge(*profiles[0], first, rows);
      },
      1, settings);
}

EnsembleResult run_ensemble(const Sampler& sampler, std::span<const EnsembleOutcome> outcomes,
                            const DrawsJudge& judge, const EnsembleSettings& settings) {
  return Run(outcomes, settings, 1).go([&](std::uint64_t k, std::uint64_t, auto row) {
    judge(sampler.draw(settings.seed, k), k, row);
  });
}

}  // namespace wayout
