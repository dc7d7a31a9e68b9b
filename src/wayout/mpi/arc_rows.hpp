#pragma once
/// @file
/// Graph form over ranks: a range of states each, the arcs on all of them.

#include "wayout/mpi/rank_rows.hpp"

namespace wayout {

/// Every rank holds a range of the states. The arcs of a case were read from its file by every rank
/// and are there in any case, so that only values are exchanged: whole arrays before each pass
/// (MPI_Allgatherv, 4 bytes a state). Requires graph form.
class ArcRows final : public RankRows {
 public:
  ArcRows(const Conflict& conflict, std::vector<MoverId> movers, int rank, int ranks);
  std::uint64_t size() const override { return first_of(rank_ + 1) - first_of(rank_); }
  void for_each(const std::function<void(std::uint64_t, State)>& visit) const override;
  bool pick(std::size_t mover, const RowQuery& query) override;
  bool take_in(std::size_t mover, bool least, RankValues& v) override;
  std::uint64_t bytes() const override;

 private:
  std::uint64_t first_of(int rank) const {
    return conflict_->graph_size() * static_cast<std::uint64_t>(rank) /
           static_cast<std::uint64_t>(ranks_);
  }
  void gather(const RankValues& mine, RankValues& whole) const;

  const Conflict* conflict_;
  std::vector<MoverId> movers_;
  int rank_;
  int ranks_;
  std::vector<int> counts_;  ///< per rank: its states
  std::vector<int> places_;  ///< per rank: its first state
  RankValues from_;          ///< over all states
  std::vector<RankValues> there_;
};

}  // namespace wayout
