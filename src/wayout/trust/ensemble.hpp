#pragma once
/// @file
/// Ensembles: one question asked of many profiles, and in which share of them each answer is given.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/trust/sample.hpp"

namespace wayout {

/// One thing that is found out about a profile: its answer is one of `labels`.
struct EnsembleOutcome {
  std::string id;
  std::string name;
  std::vector<std::string> labels;
};

/// What an outcome is where nothing was found: a limit was met, or the profile could not be built.
inline constexpr std::uint8_t kNoAnswer = 255;

/// Finds out all outcomes of one profile: writes one label's number, or kNoAnswer, for each. Called
/// from several threads at once, in any order, with profiles built from `draws`; must be a function
/// of its arguments.
using Judge =
    std::function<void(const Conflict& profile, std::uint64_t replicate, std::span<std::uint8_t>)>;
/// The same from the draws alone, for whoever needs no Conflict.
using DrawsJudge = std::function<void(std::span<const std::int64_t> draws, std::uint64_t replicate,
                                      std::span<std::uint8_t>)>;

/// The same for several profiles side by side: replicates from `first` on, a row each, one after
/// the other. A profile that could not be built is nullopt, and its row is left alone.
using BlockJudge = std::function<void(std::span<const std::optional<Conflict>> profiles,
                                      std::uint64_t first, std::span<std::uint8_t> rows)>;

struct EnsembleSettings {
  std::uint64_t seed = 1;
  std::uint64_t first = 0;       ///< replicates first … first + samples - 1
  std::uint64_t samples = 1000;  ///< at most
  /// Stop as soon as the interval of every share is at most this far from it on either side; 0 =
  /// never. Looked at only when a whole number of blocks is done, so the end is the same at any
  /// number of threads.
  double half_width = 0;
  std::uint64_t block = 256;
  double confidence = 0.95;
  unsigned threads = 0;  ///< 0 = as many as the machine has
  Watch watch;           ///< progress tells replicates
};

/// How often an answer was given, with its Wilson score interval [Wil27].
struct Share {
  std::uint64_t count = 0;
  double share = 0;
  double low = 0;
  double high = 1;
};

/// The Wilson score interval for `count` of `n` at this confidence: for z the normal quantile,
/// (count + z²/2 ± z·sqrt(count·(n−count)/n + z²/4)) / (n + z²). [0, 1] for n = 0.
Share wilson(std::uint64_t count, std::uint64_t n, double confidence = 0.95);

/// z with P(|N(0,1)| ≤ z) = confidence, to 1e-9. Requires 0 < confidence < 1.
double normal_quantile(double confidence);

struct EnsembleResult {
  End end = End::Complete;
  bool stopped = false;        ///< by the rule, before all samples
  std::uint64_t finished = 0;  ///< replicates first … first + finished - 1
  std::uint64_t faulty = 0;    ///< profiles that could not be built: no answer
  Errors fault;                ///< of the first of them
  double confidence = 0.95;
  std::size_t outcomes = 0;
  /// finished × outcomes, a row per replicate: the label's number, or kNoAnswer.
  std::vector<std::uint8_t> answers;
  /// Per outcome and label: the share among all finished replicates.
  std::vector<std::vector<Share>> shares;
  /// Per outcome: replicates without an answer.
  std::vector<Share> no_answer;
};

/// Asks every profile. A deadline or a cancellation keeps the longest run of finished replicates
/// from the first on (not those finished out of order: quick ones would weigh too much) and is told
/// by `end`. Deterministic in the settings but for these. Cost: one build and one judgement a
/// replicate, on all threads; memory: one byte per replicate and outcome.
EnsembleResult run_ensemble(const Sampler& sampler, std::span<const EnsembleOutcome> outcomes,
                            const Judge& judge, const EnsembleSettings& settings = {});
EnsembleResult run_ensemble(const Sampler& sampler, std::span<const EnsembleOutcome> outcomes,
                            const DrawsJudge& judge, const EnsembleSettings& settings = {});
/// `width` profiles at a time, fewer at the end of a block.
EnsembleResult run_ensemble(const Sampler& sampler, std::span<const EnsembleOutcome> outcomes,
                            const BlockJudge& judge, std::uint64_t width,
                            const EnsembleSettings& settings = {});

/// The shares of answers at hand, as run_ensemble() gives them: for whoever gathers answers from
/// several machines.
void count_shares(EnsembleResult& result, std::span<const EnsembleOutcome> outcomes);

}  // namespace wayout
