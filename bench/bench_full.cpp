// The full-space engine in this process: seconds for whole analyses, with their answers checked.
//   bench_full [--options 16] [--parties 4] [--concepts all|nash] [--threads 1] [--runs 3]
//              [--density 1] [--seed 7] [--plain 1] [--reference 1]
// --plain 1 runs the yardstick between the runs of the engine, in the same process, and compares
// the answers; --reference 1 holds every verdict against the literal definitions (up to 4,096
// states).

#include <fmt/format.h>

#include "harness.hpp"
#include "plain_sweep.hpp"
#include "wayout/space/random_conflict.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/reference.hpp"

namespace wayout::bench {
namespace {

Conflict make(int argc, char** argv) {
  RandomSettings s;
  s.parties = number(argc, argv, "parties", 4);
  s.options = number(argc, argv, "options", 16);
  s.graded = s.joint = s.one_way = s.third = s.disabled = 0;
  s.nevers = s.forbids = s.defines = s.tracks = 0;
  s.statements = 12;
  s.exactly = true;
  s.interaction = 1;
  s.vital = s.criteria = 0;
  s.widest = 100;
  s.priorities = s.additive = s.ranking = 0;
  const double density = std::stod(setting(argc, argv, "density", "1"));
  if (density < 1) s.density = density;
  auto conflict = build(random_parts(s, number(argc, argv, "seed", 7)));
  if (!conflict) wrong("a random conflict does not build");
  return *conflict;
}

void against_reference(const Conflict& conflict, const FullStability& full,
                       const std::vector<Concept>& concepts) {
  const auto model = reference::make(conflict.parts());
  if (!model) wrong("too large for the reference");
  for (std::size_t s = 0; s < reference::size(**model); ++s) {
    State state;
    for (const OptionId o : conflict.options())
      state = conflict.with_level(state, o, reference::levels(**model, s)[o.index()]);
    const auto i = full.space->find(state);
    if (!i) wrong("a feasible state is not in the space");
    for (const PartyId p : conflict.parties())
      for (const Concept c : concepts)
        if (full.is_stable(p, *i, c) != reference::stable(**model, p.index(), s, c))
          wrong(fmt::format("{} of {} at state {}", concept_name(c), conflict.party(p).id, s + 1));
  }
}

void against_plain(const FullStability& full, const PlainStability& plain) {
  for (std::size_t p = 0; p < plain.stable.size(); ++p)
    for (std::uint64_t i = 0; i < full.states; ++i) {
      const auto s = static_cast<std::uint64_t>(full.space->state(i).bits);
      if ((full.stable[p][i] & 0x1F) != plain.stable[p][s])
        wrong(
            fmt::format("party {} at state {}: the engine and the plain program differ", p + 1, s));
    }
}

int run(int argc, char** argv) {
  const Conflict conflict = make(argc, argv);
  FullSettings settings;
  settings.threads = number(argc, argv, "threads", 1);
  if (setting(argc, argv, "concepts", "all") == "nash") settings.concepts = {Concept::Nash};
  settings.most_states = std::uint64_t{1} << 32;
  settings.most_bytes = std::uint64_t{20} << 30;
  const int runs = static_cast<int>(number(argc, argv, "runs", 3));
  const bool with_plain = number(argc, argv, "plain", 0) != 0;
  if (with_plain && !plain_sweep_takes(conflict)) wrong("not a conflict for the plain program");
  std::vector<double> seconds, cpu, plain_seconds, plain_cpu;
  std::uint64_t sum = 0;
  std::uint64_t states = 0;
  for (int i = 0; i <= runs; ++i) {
    double began = now_s();
    double cpu_began = cpu_s();
    const FullStability full = full_stability(conflict, settings);
    if (i > 0) seconds.push_back(now_s() - began);
    if (i > 0) cpu.push_back(cpu_s() - cpu_began);
    if (full.empty || full.end != End::Complete) wrong("the engine did not finish");
    states = full.states;
    std::uint64_t hash = checksum(nullptr, 0);
    for (const auto& of_party : full.stable)
      hash = checksum(of_party.data(), of_party.size(), hash);
    if (i > 0 && hash != sum) wrong("two runs differ");
    sum = hash;
    if (i == 0 && number(argc, argv, "reference", 0) != 0)
      against_reference(conflict, full, settings.concepts);
    if (with_plain) {
      began = now_s();
      cpu_began = cpu_s();
      const PlainStability plain = plain_sweep(conflict);
      if (i > 0) plain_seconds.push_back(now_s() - began);
      if (i > 0) plain_cpu.push_back(cpu_s() - cpu_began);
      if (i == 0) against_plain(full, plain);
    }
  }
  const Times t = times_of(seconds);
  std::string line = fmt::format(
      "{{\"bench\":\"full\",\"parties\":{},\"options\":{},\"states\":{},\"threads\":{},"
      "\"concepts\":{},"
      "\"best_s\":{:.6f},\"median_s\":{:.6f},\"cpu_s\":{:.6f},\"ns_per_state\":{:.2f},\"peak_mib\":"
      "{:.0f},"
      "\"checksum\":\"{:016x}\"",
      conflict.party_count(), conflict.option_count(), states, settings.threads,
      settings.concepts.size(), t.best, t.median, times_of(cpu).best,
      1e9 * times_of(cpu).best / static_cast<double>(states), peak_mib(), sum);
  if (with_plain) {
    const Times plain = times_of(plain_seconds);
    line += fmt::format(",\"plain_best_s\":{:.6f},\"plain_median_s\":{:.6f},\"plain_cpu_s\":{:.6f}",
                        plain.best, plain.median, times_of(plain_cpu).best);
  }
  std::printf("%s}\n", line.c_str());
  return 0;
}

}  // namespace
}  // namespace wayout::bench

int main(int argc, char** argv) { return wayout::bench::run(argc, argv); }
