// The full space over ranks against the engine of one machine, on random conflicts of every kind:
//   mpirun -n N random_ranks FIRST LAST [FIRST LAST …]        seeds, the last left out
// Exit code 0 where all agree; the first that does not is printed as a case file.

#define OMPI_SKIP_MPICXX 1
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <mpi.h>

#include "wayout/io/write_case.hpp"
#include "wayout/mpi/rank_stability.hpp"
#include "wayout/space/random_conflict.hpp"
#include "wayout/stability/full.hpp"

namespace wayout {
namespace {

enum Kind { kForbids, kUnanimous, kBoth, kGraph, kKinds };

Parts parts_of(Kind kind, std::uint64_t seed) {
  RandomSettings s;
  s.parties = 2 + seed % 3;
  s.options = 4 + seed / 3 % 3;
  s.depth = 1;
  s.states = 3 + seed % 23;
  s.statements = 6;
  s.third = 0;
  s.disabled = 0;
  s.tracks = seed % 5 < 2 ? 2 : 0;
  if (kind == kForbids || kind == kBoth) {
    // Wide rows with many rules: sequences in which somebody moves twice then matter more often.
    s.forbids = 3 + seed % 4;
    s.graded = 0.6;
    s.nevers = 0;
    s.one_way = 0;
  }
  if (seed % 31 == 0 && s.forbids > 1) s.forbids = 40;  // more than one array of marks
  s.unanimous = kind == kUnanimous || kind == kBoth ? 8 : kind == kGraph && seed % 2 == 0 ? 3 : 0;
  s.graph = kind == kGraph;
  return random_parts(s, seed);
}

/// What was met, so that the test cannot pass by looking at nothing.
struct Met {
  std::uint64_t states = 0;
  std::uint64_t not_transitive = 0;  ///< conflicts
  std::uint64_t unanimous = 0;       ///< parties of two members and more
  std::uint64_t told_apart = 0;      ///< parties with SMR or SSEQ unlike GMR or SEQ, by number
};

/// Every rank takes part, the first one judges.
bool agree(const Conflict& conflict, bool judge, Met& met) {
  const auto found = rank_stability(conflict);
  if (!found) return false;
  if (!judge) return true;
  const FullStability known = full_stability(conflict);
  met.states += found->states;
  for (const MoverId m : conflict.movers())
    if (!conflict.mover(m).transitive && !conflict.mover(m).digits.empty()) {
      ++met.not_transitive;
      break;
    }
  bool same = found->states == known.states;
  for (std::size_t k = 0; k < kClassicalConcepts.size(); ++k) {
    const auto c = static_cast<std::size_t>(kClassicalConcepts[k]);
    same = same && found->equilibria[k] == known.equilibria[c];
    for (const PartyId p : conflict.parties())
      same = same && found->stable[p.index()][k] == known.stable_total[p.index()][c];
  }
  for (const PartyId p : conflict.parties()) {
    const auto& n = found->stable[p.index()];
    if (conflict.weak_order(p)) continue;
    ++met.unanimous;
    if (n[1] != n[2] || n[3] != n[4]) ++met.told_apart;
  }
  return same;
}

int run(const std::vector<std::uint64_t>& seeds) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  std::array<Met, kKinds> met;
  for (const std::uint64_t seed : seeds)
    for (int kind = 0; kind < kKinds; ++kind) {
      const auto conflict = build(parts_of(static_cast<Kind>(kind), seed));
      int same =
          conflict && agree(*conflict, rank == 0, met[static_cast<std::size_t>(kind)]) ? 1 : 0;
      MPI_Bcast(&same, 1, MPI_INT, 0, MPI_COMM_WORLD);
      if (same != 0) continue;
      if (rank == 0)
        fmt::print("kind {} seed {} differs\n{}", kind, seed,
                   conflict ? write_case(conflict->parts()) : "");
      return 1;
    }
  const auto& [forbids, unanimous, both, graph] = met;
  if (rank == 0)
    for (const Met& m : met)
      fmt::print("{} states, {} not transitive, {} unanimous, {} of them told apart\n", m.states,
                 m.not_transitive, m.unanimous, m.told_apart);
  const bool looked = rank != 0 || (forbids.not_transitive > 0 && unanimous.told_apart > 0 &&
                                    both.not_transitive > 0 && both.unanimous > 0 &&
                                    graph.states > 0 && graph.told_apart > 0);
  return looked ? 0 : 1;
}

}  // namespace
}  // namespace wayout

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  std::vector<std::uint64_t> seeds;
  for (int k = 1; k + 1 < argc; k += 2)
    for (std::uint64_t s = std::strtoull(argv[k], nullptr, 10);
         s < std::strtoull(argv[k + 1], nullptr, 10); ++s)
      seeds.push_back(s);
  const int code = wayout::run(seeds);
  MPI_Finalize();
  return code;
}
