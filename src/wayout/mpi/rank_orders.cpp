#include "wayout/mpi/rank_orders.hpp"

#define OMPI_SKIP_MPICXX 1
#include <algorithm>

#include <mpi.h>

#include "wayout/model/local_score.hpp"

namespace wayout {
namespace {

using Scores = std::vector<std::pair<std::int64_t, std::int64_t>>;

void tidy(Scores& scores) {
  std::sort(scores.begin(), scores.end());
  scores.erase(std::unique(scores.begin(), scores.end()), scores.end());
}

/// The scores of all ranks, one rank after the other.
Scores everybodys(const Scores& known) {
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  Scores all = known;
  for (int r = 0; r < ranks; ++r) {
    std::uint64_t size = known.size();
    MPI_Bcast(&size, 1, MPI_UINT64_T, r, MPI_COMM_WORLD);
    std::vector<std::int64_t> words(2 * size);
    if (r == rank)
      for (std::size_t k = 0; k < known.size(); ++k) {
        words[2 * k] = known[k].first;
        words[2 * k + 1] = known[k].second;
      }
    MPI_Bcast(words.data(), static_cast<int>(words.size()), MPI_INT64_T, r, MPI_COMM_WORLD);
    if (r == rank) continue;
    for (std::size_t k = 0; k < size; ++k) all.emplace_back(words[2 * k], words[2 * k + 1]);
    tidy(all);
  }
  return all;
}

}  // namespace

bool rank_states(const Conflict& conflict, PartyId party, const RankRows& rows,
                 const std::vector<std::uint8_t>& feasible, std::vector<RankValues>& orders,
                 std::vector<std::size_t>& mine) {
  const std::size_t count = std::max<std::size_t>(1, order_count(conflict, party));
  for (std::size_t k = 0; k < count; ++k) {
    const LocalScore score(conflict, party, k, ~UInt128{0});
    if (!score.two_words()) return false;
    Scores known;
    std::size_t next_tidy = 1 << 16;
    rows.for_each([&](std::uint64_t i, State s) {
      if (feasible[i] == 0) return;
      const Score at = score(s);
      known.emplace_back(at.head, at.tail);
      if (known.size() < next_tidy) return;
      tidy(known);
      next_tidy = 2 * known.size() + (1 << 16);
    });
    tidy(known);
    const Scores all = everybodys(known);
    RankValues out(rows.size(), nothing_of(false));
    rows.for_each([&](std::uint64_t i, State s) {
      if (feasible[i] == 0) return;
      const Score at = score(s);
      out[i] = static_cast<std::int32_t>(
          std::lower_bound(all.begin(), all.end(), std::pair(at.head, at.tail)) - all.begin());
    });
    mine.push_back(orders.size());
    orders.push_back(std::move(out));
  }
  return true;
}

}  // namespace wayout
