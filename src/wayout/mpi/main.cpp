/// @file
/// wayout-mpi: ensembles and full spaces over many ranks, started by mpirun (docs/cluster.md).

#define OMPI_SKIP_MPICXX 1
#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <mpi.h>

#include "wayout/answer/trust_report.hpp"
#include "wayout/base/version.hpp"
#include "wayout/io/case_file.hpp"
#include "wayout/io/diagnostics.hpp"
#include "wayout/io/gmcr.hpp"
#include "wayout/io/write_case.hpp"
#include "wayout/model/view.hpp"
#include "wayout/mpi/rank_ensemble.hpp"
#include "wayout/mpi/rank_stability.hpp"
#include "wayout/mpi/results_file.hpp"
#include "wayout/report/trust_text.hpp"

namespace wayout {
namespace {

// As of wayout itself (docs/cli.md).
enum Exit { kDone = 0, kFaulty = 1, kUsage = 2 };

struct Request {
  std::string case_path;
  std::vector<std::string> under;
  std::vector<std::string> with;
  std::vector<std::string> goals;
  std::string output;
  std::uint64_t samples = 0;
  std::uint64_t seed = 1;
  std::uint64_t block = 0;
};

int g_rank() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

/// Only rank 0 speaks.
void say(std::FILE* to, const std::string& text) {
  if (g_rank() != 0) return;
  std::fputs(text.c_str(), to);
  std::fflush(to);
}

Result<Conflict> load(const Request& r, std::string& rendered) {
  const bool gmcr = r.case_path.size() > 5 && r.case_path.ends_with(".gmcr");
  const auto told = [&](Errors errors, const std::string& text) {
    rendered = render_errors(errors, text, false);
    return Unexpected{std::move(errors)};
  };
  auto text = read_text_file(r.case_path);
  if (!text) return told(text.error(), "");
  if (gmcr) {
    const auto parts = read_gmcr(*text, r.case_path);
    if (!parts) return told(parts.error(), *text);
    auto built = view(*parts, {r.under, r.with, {}});
    if (!built) {
      Errors errors = built.error();
      locate_gmcr(errors, *text, r.case_path);
      return told(std::move(errors), *text);
    }
    return built;
  }
  const auto file = parse_case(*text, r.case_path);
  if (!file) return told(file.error(), *text);
  auto built = view(file->parts, {r.under, r.with, {}});
  if (!built) {
    Errors errors = built.error();
    locate(errors, *file);
    return told(std::move(errors), *text);
  }
  return built;
}

int run_trust(const Request& r, const Conflict& conflict) {
  if (!conflict.status_quo()) {
    say(stderr, "wayout-mpi: this case names no status quo, and trust asks about today\n");
    return kFaulty;
  }
  for (const std::string& goal : r.goals)
    if (std::none_of(conflict.goals().begin(), conflict.goals().end(),
                     [&](const GoalInfo& g) { return g.id == goal; })) {
      say(stderr, fmt::format("wayout-mpi: '{}' is no goal of this case\n", goal));
      return kUsage;
    }
  const Sampler sampler(conflict);
  ProfileSettings ps;
  ps.goals = r.goals;
  const ProfileJudge judge(sampler, ps);
  const auto& outcomes = judge.outcomes();
  EnsemblePlan plan;
  plan.seed = r.seed;
  plan.samples =
      r.samples > 0 ? r.samples : static_cast<std::uint64_t>(conflict.parts().trust.samples);
  // What is lost at most, and what ranks wait for at the end: some milliseconds of work.
  plan.block = r.block > 0     ? r.block
               : judge.small() ? 1024
                               : std::max<std::uint64_t>(4, judge.width());
  plan.outcomes = outcomes.size();
  std::string what = write_case(conflict.parts()) + std::string(version());
  for (const EnsembleOutcome& o : outcomes) what += "\n" + o.id;
  plan.case_hash = hash_text(what);

  ResultsFile file(r.output, plan);
  std::string wrong = g_rank() == 0 ? file.open() : "";
  int state = !wrong.empty() ? 2 : file.complete() ? 1 : 0;
  MPI_Bcast(&state, 1, MPI_INT, 0, MPI_COMM_WORLD);
  if (state == 2) {
    say(stderr, "wayout-mpi: " + wrong + "\n");
    return kFaulty;
  }
  if (state == 0) {
    if (file.blocks_done() > 0)
      say(stderr, fmt::format("wayout-mpi: {} of {} blocks were finished before\n",
                              file.blocks_done(), plan.blocks()));
    RankWork work;
    work.blocks = plan.blocks();
    work.done = [&](std::uint64_t b) { return file.done(b); };
    work.keep = [&](std::uint64_t b, const auto& answers) { return file.append(b, answers); };
    work.ask = [&](std::uint64_t b, const std::function<void()>& between) {
      std::vector<std::uint8_t> answers(plan.size_of(b) * plan.outcomes, kNoAnswer);
      const std::uint64_t size = plan.size_of(b);
      for (std::uint64_t k = 0; k < size; k += judge.width()) {
        const std::uint64_t first = b * plan.block + k;
        const std::uint64_t count = std::min<std::uint64_t>(judge.width(), size - k);
        const auto rows = std::span(answers).subspan(k * plan.outcomes, count * plan.outcomes);
        if (judge.width() == 1) {
          judge.judge(sampler.draw(plan.seed, first), rows);
        } else {
          std::vector<std::optional<Conflict>> profiles;
          for (std::uint64_t i = 0; i < count; ++i) {
            auto profile = sampler.profile(plan.seed, first + i);
            profiles.push_back(profile ? std::optional(std::move(*profile)) : std::nullopt);
          }
          judge.judge(profiles, plan.seed, first, rows);
        }
        between();
      }
      return answers;
    };
    wrong = run_blocks(work);
    if (g_rank() == 0 && wrong.empty()) wrong = file.finish();
  }
  std::vector<std::vector<std::uint64_t>> counts;
  if (g_rank() == 0 && wrong.empty()) wrong = file.count(counts);
  int bad = wrong.empty() ? 0 : 1;
  MPI_Bcast(&bad, 1, MPI_INT, 0, MPI_COMM_WORLD);
  if (bad != 0) {
    say(stderr, "wayout-mpi: " + wrong + "\n");
    return kFaulty;
  }
  if (g_rank() != 0) return kDone;
  TrustReport report;
  report.seed = plan.seed;
  report.asked = plan.samples;
  report.inputs = sampler.inputs();
  report.outcomes = outcomes;
  report.plain.assign(outcomes.size(), kNoAnswer);
  judge.judge(sampler.plain(), report.plain);
  report.ensemble.finished = plan.samples;
  for (std::size_t o = 0; o < outcomes.size(); ++o) {
    std::vector<Share> shares;
    for (std::size_t l = 0; l < outcomes[o].labels.size(); ++l)
      shares.push_back(wilson(counts[o][l], plan.samples));
    report.ensemble.shares.push_back(std::move(shares));
    report.ensemble.no_answer.push_back(wilson(counts[o][62], plan.samples));
  }
  say(stdout, trust_text(conflict, report, {}));
  return kDone;
}

int run_stability(const Conflict& conflict) {
  const auto found = rank_stability(conflict);
  if (!found) {
    say(stderr, "wayout-mpi: " + found.error().front().message + "\n");
    return kUsage;
  }
  std::string out = fmt::format("{} feasible states\n{:<24}", found->states, "stable for");
  for (const Concept c : kClassicalConcepts) out += fmt::format("{:>14}", concept_title(c));
  out += "\n";
  for (const PartyId p : conflict.parties()) {
    out += fmt::format("{:<24}", conflict.party(p).id);
    for (const std::uint64_t n : found->stable[p.index()]) out += fmt::format("{:>14}", n);
    out += "\n";
  }
  out += fmt::format("{:<24}", "all (equilibria)");
  for (const std::uint64_t n : found->equilibria) out += fmt::format("{:>14}", n);
  say(stdout, out + "\n");
  say(stderr,
      fmt::format("wayout-mpi: {} rounds; {} bytes on this rank\n", found->rounds, found->bytes));
  return kDone;
}

int run(int argc, char** argv) {
  Request r;
  CLI::App app{"wayout over many ranks: mpirun -n N wayout-mpi COMMAND CASE …"};
  app.name("wayout-mpi");
  app.set_version_flag("--version", "wayout-mpi " + std::string(version()));
  app.require_subcommand(1);
  const auto common = [&r](CLI::App* c) {
    c->add_option("CASE", r.case_path, "The case file (.toml, or .gmcr)")->required();
    c->add_option("--under", r.under, "Variants")->delimiter(',');
    c->add_option("--with", r.with, "Measures taken")->delimiter(',');
  };
  auto* trust = app.add_subcommand("trust", "An ensemble: how far the answer stands");
  common(trust);
  trust->add_option("-o,--output", r.output, "The file of results; goes on where it was left")
      ->required();
  trust->add_option("--samples", r.samples, "How many profiles (what [trust] says)");
  trust->add_option("--seed", r.seed, "The same seed, the same bytes (1)");
  trust->add_option("--goal", r.goals, "Only these goals")->delimiter(',');
  trust
      ->add_option("--block", r.block,
                   "Replicates of one record (1024, 64 or 4: see docs/cluster.md)")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 20));
  auto* stability =
      app.add_subcommand("stability", "How many states are stable, the space split over ranks");
  common(stability);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (g_rank() != 0) return e.get_exit_code() == 0 ? kDone : kUsage;
    return app.exit(e) == 0 ? kDone : kUsage;
  }
  std::string rendered;
  const auto conflict = load(r, rendered);
  if (!conflict) {
    say(stderr, rendered);
    return kFaulty;
  }
  return app.got_subcommand("trust") ? run_trust(r, *conflict) : run_stability(*conflict);
}

}  // namespace
}  // namespace wayout

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int code = 1;
  try {
    code = wayout::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "wayout-mpi: %s\n", e.what());
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  MPI_Finalize();
  return code;
}
