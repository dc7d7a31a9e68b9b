#pragma once
/// @file
/// A space of states cut into slabs by its highest options, and the slabs dealt out to ranks.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// The dense mixed-radix index of an option-form case, the first option fastest: a state is
/// slab · low + place. Every rank holds a run of whole slabs. Requires 2^40 states at most.
class Slabs {
 public:
  /// The fewest highest options are cut off that make at least four slabs a rank.
  Slabs(const Conflict& conflict, int rank, int ranks);

  std::uint64_t slabs() const { return slabs_; }
  std::uint64_t low() const { return low_; }  ///< states of a slab
  std::uint64_t first() const { return first_of(rank_); }
  std::uint64_t own() const { return first_of(rank_ + 1) - first(); }
  /// Values this rank holds for one array over all states.
  std::uint64_t size() const { return own() * low_; }
  int owner(std::uint64_t slab) const;
  int rank() const { return rank_; }

  /// Calls `visit(place in this rank's arrays, state)` for all states held here, ascending.
  void for_each(const std::function<void(std::uint64_t, State)>& visit) const;

  /// What one mover's options are in this cut.
  struct Digits {
    struct Low {
      std::uint64_t stride = 1;
      std::uint64_t levels = 1;
      Change change = Change::Any;
    };
    /// Slabs a < b that differ only in its high options; where it may move from a to b, and back.
    struct Pair {
      std::uint64_t a = 0;
      std::uint64_t b = 0;
      bool forth = true;
      bool back = true;
    };
    std::vector<Low> low;
    std::vector<std::uint64_t> offsets;  ///< of its low options' settings within a slab; 0 first
    std::vector<Pair> pairs;             ///< the same list on every rank
    bool one_way = false;                ///< some option is not moved both ways
    /// From the k-th of the offsets to the l-th?
    bool may_go(std::size_t k, std::size_t l) const;
  };
  Digits digits_of(const std::vector<Digit>& options) const;
  /// Calls `visit(place)` for every place of a slab at which all these low options stand at 0.
  void for_each_base(const Digits& digits, const std::function<void(std::uint64_t)>& visit) const;

  /// Hands the arrays of slab b to the owner of a and those of a to the owner of b, where one of
  /// them is this rank: calls `meet(own slab, arrays of the other)`. Arrays of two ranks are
  /// exchanged by MPI_Sendrecv; those of one are handed over as they stand, a's first. Every rank
  /// has to call this for every pair in the same order.
  using Arrays = std::vector<std::span<std::int32_t>>;  ///< over this rank's states
  void exchange(std::uint64_t a, std::uint64_t b, const Arrays& arrays,
                const std::function<void(std::uint64_t own, const Arrays& other)>& meet);

 private:
  std::uint64_t first_of(int rank) const {
    return slabs_ * static_cast<std::uint64_t>(rank) / static_cast<std::uint64_t>(ranks_);
  }

  const Conflict* conflict_;
  int rank_;
  int ranks_;
  std::uint64_t low_ = 1;
  std::uint64_t slabs_ = 1;
  std::size_t low_options_ = 0;
  std::vector<std::uint64_t> levels_;
  std::vector<std::vector<std::int32_t>> buffers_;
};

}  // namespace wayout
