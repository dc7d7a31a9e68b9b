#include "wayout/mpi/arc_rows.hpp"

#define OMPI_SKIP_MPICXX 1
#include <algorithm>

#include <mpi.h>

namespace wayout {

ArcRows::ArcRows(const Conflict& conflict, std::vector<MoverId> movers, int rank, int ranks)
    : conflict_(&conflict), movers_(std::move(movers)), rank_(rank), ranks_(ranks) {
  for (int r = 0; r < ranks; ++r) {
    counts_.push_back(static_cast<int>(first_of(r + 1) - first_of(r)));
    places_.push_back(static_cast<int>(first_of(r)));
  }
}

void ArcRows::for_each(const std::function<void(std::uint64_t, State)>& visit) const {
  const std::uint64_t first = first_of(rank_);
  for (std::uint64_t i = 0; i < size(); ++i) visit(i, conflict_->graph_state(first + i));
}

void ArcRows::gather(const RankValues& mine, RankValues& whole) const {
  whole.resize(conflict_->graph_size());
  MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), MPI_INT32_T, whole.data(),
                 counts_.data(), places_.data(), MPI_INT32_T, MPI_COMM_WORLD);
}

bool ArcRows::pick(std::size_t mover, const RowQuery& q) {
  gather(*q.from, from_);
  there_.resize(std::max(there_.size(), q.there.size()));
  for (std::size_t k = 0; k < q.there.size(); ++k) gather(*q.there[k], there_[k]);
  const PartyId party(movers_[mover].index());
  bool changed = false;
  for_each([&](std::uint64_t x, State s) {
    std::int32_t& to = (*q.into)[x];
    for (const std::uint32_t t : conflict_->arcs(party, s)) {
      if (!beats(q.least, from_[t], to)) continue;
      bool likes = true;
      for (std::size_t k = 0; k < q.here.size() && likes; ++k)
        likes = (*q.here[k])[x] < there_[k][t];
      if (!likes) continue;
      to = from_[t];
      changed = true;
    }
  });
  return changed;
}

bool ArcRows::take_in(std::size_t mover, bool least, RankValues& v) {
  RankValues from = v;
  return pick(mover, {.least = least, .from = &from, .into = &v});
}

std::uint64_t ArcRows::bytes() const { return 4 * from_.size() * (1 + there_.size()); }

}  // namespace wayout
