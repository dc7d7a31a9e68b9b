#pragma once
/// @file
/// Option form over ranks: rows of moves within slabs and across them.

#include <utility>

#include "wayout/mpi/rank_rows.hpp"
#include "wayout/mpi/slabs.hpp"

namespace wayout {

/// Rows within a slab are butterfly passes and small sorts; for the options by which the space is
/// cut whole slabs are exchanged. Option form only.
class SlabRows final : public RankRows {
 public:
  SlabRows(const Conflict& conflict, const std::vector<MoverId>& movers, int rank, int ranks);
  std::uint64_t size() const override { return slabs_.size(); }
  void for_each(const std::function<void(std::uint64_t, State)>& visit) const override {
    slabs_.for_each(visit);
  }
  bool pick(std::size_t mover, const RowQuery& query) override;
  bool take_in(std::size_t mover, bool least, RankValues& v) override;
  std::uint64_t bytes() const override;

 private:
  struct Mover {
    Slabs::Digits digits;
    bool plain = true;              ///< every option both ways, no forbid rule
    std::vector<std::uint8_t> met;  ///< by state: whether it meets the link; empty without one
    /// By state, a bit for each forbid rule, 31 to an array: whether its `from` and `to` hold.
    std::vector<RankValues> from;
    std::vector<RankValues> to;
  };
  struct Meeting;

  template <bool kLeast>
  bool reach_extreme(const Mover& m, RankValues& v);
  template <bool kLeast>
  bool along(const Slabs::Digits::Low& low, std::uint64_t h, std::uint64_t k, std::int32_t* slab);
  template <bool kLeast>
  bool any_row(const Mover& m, const RowQuery& query, std::uint64_t base, const Meeting& meeting);
  template <bool kLeast>
  bool small_row(const std::vector<std::uint64_t>& offsets, std::uint64_t base,
                 const Meeting& meeting);
  RankValues& where_met(const Mover& m, bool least, const RankValues& v);

  Slabs slabs_;
  std::vector<std::uint8_t> feasible_;
  std::vector<Mover> movers_;
  std::vector<std::pair<std::int32_t, std::int32_t>> sorted_;
  std::vector<std::pair<std::int32_t, std::size_t>> by_value_;
  RankValues met_;
};

}  // namespace wayout
