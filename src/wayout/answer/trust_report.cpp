#include "wayout/answer/trust_report.hpp"

#include <algorithm>

namespace wayout {
namespace {

/// Rows such that the indices cost about four times the ensemble, within reason.
std::uint64_t fitted_rows(const TrustSettings& settings, std::size_t groups, bool small) {
  if (settings.hinge_rows > 0) return settings.hinge_rows;
  const std::uint64_t rows = 4 * settings.ensemble.samples / (groups + 2);
  return std::clamp<std::uint64_t>(rows, small ? 1024 : 32, 4096);
}

Hinge hinge_of(const Sampler& sampler, const TrustSettings& settings, const std::string& goal,
               std::uint8_t plain, std::size_t groups) {
  ProfileSettings ps = settings.profile;
  ps.goals = {goal};
  ps.standing = false;
  const ProfileJudge judge(sampler, ps);
  const auto verdict = [&judge](std::span<const std::int64_t> draws) {
    std::uint8_t answer = kNoAnswer;
    judge.judge(draws, std::span(&answer, 1));
    return answer;
  };
  const auto measure = [&](std::span<const std::int64_t> draws) {
    return verdict(draws) == plain ? 1.0 : 0.0;
  };
  const EnsembleSettings& es = settings.ensemble;
  Hinge out;
  out.tornado = tornado(sampler, measure, es.watch, es.threads);
  FlipSettings fs;
  fs.seed = es.seed;
  fs.threads = es.threads;
  fs.watch = es.watch;
  fs.most_runs = judge.small() ? 20'000 : std::max<std::uint64_t>(500, 2 * es.samples);
  out.flip = find_flip(sampler, verdict, fs);
  SobolSettings ss;
  ss.seed = es.seed;
  ss.samples = fitted_rows(settings, groups, judge.small());
  ss.confidence = es.confidence;
  ss.threads = es.threads;
  ss.watch = es.watch;
  out.sobol = sobol(sampler, measure, ss);
  if (groups > 0 && groups <= kMostShapley && out.sobol.end == End::Complete)
    out.shapley = shapley(sampler, measure, {}, ss);
  return out;
}

}  // namespace

TrustReport trust_case(const Conflict& conflict, const TrustSettings& settings) {
  const Sampler sampler(conflict);
  const ProfileJudge judge(sampler, settings.profile);
  TrustReport out;
  out.seed = settings.ensemble.seed;
  out.asked = settings.ensemble.samples;
  out.inputs = sampler.inputs();
  out.groups = input_groups(sampler);
  out.outcomes = judge.outcomes();
  const std::size_t own = out.outcomes.size();
  for (const Question& q : settings.questions)
    out.outcomes.insert(out.outcomes.end(), q.outcomes.begin(), q.outcomes.end());
  const auto ask_all = [&](const Conflict& profile, std::span<const std::int64_t> draws,
                           std::uint64_t replicate, std::span<std::uint8_t> row) {
    if (judge.small())
      judge.judge(draws, row.first(own));
    else
      judge.judge(profile, row.first(own));
    std::size_t at = own;
    for (const Question& q : settings.questions) {
      q.judge(profile, replicate, row.subspan(at, q.outcomes.size()));
      at += q.outcomes.size();
    }
  };
  out.plain.assign(out.outcomes.size(), kNoAnswer);
  settings.ensemble.watch.tell("the plain run", 0, 0);
  ask_all(conflict, sampler.plain(), 0, out.plain);
  EnsembleSettings ensemble = settings.ensemble;
  if (sampler.inputs().empty()) ensemble.samples = 1;  // every profile is the case itself
  if (settings.questions.empty())
    out.ensemble = judge.run(ensemble);
  else
    out.ensemble = run_ensemble(sampler, out.outcomes,
                                Judge([&](const Conflict& profile, std::uint64_t k, auto row) {
                                  ask_all(profile, sampler.draw(settings.ensemble.seed, k), k, row);
                                }),
                                ensemble);
  out.end = out.ensemble.end;
  if (!settings.hinges || sampler.inputs().empty() || out.end != End::Complete) return out;
  for (std::size_t o = 0; o < own; ++o) {
    constexpr std::string_view kGoal = "goal/";
    if (out.outcomes[o].id.rfind(kGoal, 0) != 0 || out.plain[o] == kNoAnswer) continue;
    Hinge hinge = hinge_of(sampler, settings, out.outcomes[o].id.substr(kGoal.size()), out.plain[o],
                           out.groups.size());
    hinge.outcome = o;
    for (const End end : {hinge.tornado.end, hinge.flip.end, hinge.sobol.end})
      if (end != End::Complete) out.end = end;
    out.hinges.push_back(std::move(hinge));
    if (out.end != End::Complete) break;
  }
  return out;
}

}  // namespace wayout
