#include "wayout/mpi/slabs.hpp"

#define OMPI_SKIP_MPICXX 1
#include <algorithm>

#include <mpi.h>

#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

/// Values in one message.
constexpr std::uint64_t kMessage = std::uint64_t{1} << 26;

}  // namespace

Slabs::Slabs(const Conflict& conflict, int rank, int ranks)
    : conflict_(&conflict), rank_(rank), ranks_(ranks) {
  for (const OptionId o : conflict.options()) levels_.push_back(conflict.option(o).levels.size());
  low_options_ = levels_.size();
  while (low_options_ > 0 && slabs_ < 4 * static_cast<std::uint64_t>(ranks))
    slabs_ *= levels_[--low_options_];
  for (std::size_t o = 0; o < low_options_; ++o) low_ *= levels_[o];
}

int Slabs::owner(std::uint64_t slab) const {
  auto r = static_cast<int>(slab * static_cast<std::uint64_t>(ranks_) / slabs_);
  while (slab < first_of(r)) --r;
  while (slab >= first_of(r + 1)) ++r;
  return r;
}

void Slabs::for_each(const std::function<void(std::uint64_t, State)>& visit) const {
  std::vector<int> level(levels_.size(), 0);
  State s;
  for (std::uint64_t h = 0; h < own(); ++h) {
    std::uint64_t rest = first() + h;
    for (std::size_t o = low_options_; o < levels_.size(); ++o) {
      s = conflict_->with_level(s, OptionId(o), static_cast<int>(rest % levels_[o]));
      rest /= levels_[o];
    }
    for (std::uint64_t k = 0; k < low_; ++k) {
      visit(h * low_ + k, s);
      for (std::size_t o = 0; o < low_options_; ++o) {
        level[o] = static_cast<std::uint64_t>(level[o]) + 1 < levels_[o] ? level[o] + 1 : 0;
        s = conflict_->with_level(s, OptionId(o), level[o]);
        if (level[o] != 0) break;
      }
    }
  }
}

Slabs::Digits Slabs::digits_of(const std::vector<Digit>& options) const {
  Digits out;
  out.offsets = {0};
  std::vector<const Digit*> mine(levels_.size(), nullptr);
  for (const Digit& d : options) {
    mine[d.option.index()] = &d;
    out.one_way = out.one_way || d.change != Change::Any;
  }
  std::uint64_t stride = 1;
  for (std::size_t o = 0; o < low_options_; ++o) {
    if (mine[o] != nullptr) {
      out.low.push_back({stride, levels_[o], mine[o]->change});
      const std::size_t n = out.offsets.size();
      for (std::uint64_t l = 1; l < levels_[o]; ++l)
        for (std::size_t k = 0; k < n; ++k) out.offsets.push_back(out.offsets[k] + l * stride);
    }
    stride *= levels_[o];
  }
  // Slabs with the same settings of the other high options, in ascending order.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> by_others;
  for (std::uint64_t h = 0; h < slabs_; ++h) {
    std::uint64_t rest = h;
    std::uint64_t others = 0;
    std::uint64_t weight = 1;
    for (std::size_t o = low_options_; o < levels_.size(); ++o) {
      if (mine[o] == nullptr) {
        others += weight * (rest % levels_[o]);
        weight *= levels_[o];
      }
      rest /= levels_[o];
    }
    by_others.emplace_back(others, h);
  }
  std::sort(by_others.begin(), by_others.end());
  const auto may_cross = [&](std::uint64_t from, std::uint64_t to) {
    for (std::size_t o = low_options_; o < levels_.size(); ++o) {
      if (mine[o] != nullptr && !permitted(mine[o]->change, static_cast<int>(from % levels_[o]),
                                           static_cast<int>(to % levels_[o])))
        return false;
      from /= levels_[o];
      to /= levels_[o];
    }
    return true;
  };
  for (std::size_t i = 0; i < by_others.size(); ++i)
    for (std::size_t k = i + 1; k < by_others.size() && by_others[k].first == by_others[i].first;
         ++k) {
      const std::uint64_t a = by_others[i].second;
      const std::uint64_t b = by_others[k].second;
      const Digits::Pair pair{a, b, may_cross(a, b), may_cross(b, a)};
      if (pair.forth || pair.back) out.pairs.push_back(pair);
    }
  return out;
}

bool Slabs::Digits::may_go(std::size_t k, std::size_t l) const {
  for (const Low& d : low) {
    if (!permitted(d.change, static_cast<int>(k % d.levels), static_cast<int>(l % d.levels)))
      return false;
    k /= d.levels;
    l /= d.levels;
  }
  return true;
}

void Slabs::for_each_base(const Digits& digits,
                          const std::function<void(std::uint64_t)>& visit) const {
  // Runs of places between the strides of these options: the lower digits of a base are free.
  const std::function<void(std::size_t, std::uint64_t)> walk = [&](std::size_t d,
                                                                   std::uint64_t at) {
    // d digits (the highest of them next) are still to be set to 0 below `at`.
    if (d == 0) {
      const std::uint64_t run = digits.low.empty() ? low_ : digits.low[0].stride;
      for (std::uint64_t k = 0; k < run; ++k) visit(at + k);
      return;
    }
    const auto& [stride, levels, change] = digits.low[d - 1];
    const std::uint64_t above = d == digits.low.size() ? low_ : digits.low[d].stride;
    for (std::uint64_t k = 0; k < above; k += stride * levels) walk(d - 1, at + k);
  };
  walk(digits.low.size(), 0);
}

void Slabs::exchange(std::uint64_t a, std::uint64_t b, const Arrays& arrays,
                     const std::function<void(std::uint64_t, const Arrays&)>& meet) {
  const int ra = owner(a);
  const int rb = owner(b);
  if (ra != rank_ && rb != rank_) return;
  const auto here = [&](std::uint64_t slab) {
    Arrays out;
    for (const auto& array : arrays) out.push_back(array.subspan((slab - first()) * low_, low_));
    return out;
  };
  if (ra == rb) {
    meet(a, here(b));
    meet(b, here(a));
    return;
  }
  const std::uint64_t own = ra == rank_ ? a : b;
  const int other = ra == rank_ ? rb : ra;
  buffers_.resize(std::max(buffers_.size(), arrays.size()));
  const Arrays mine = here(own);
  Arrays theirs;
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    buffers_[k].resize(low_);
    for (std::uint64_t at = 0; at < low_; at += kMessage) {
      const auto n = static_cast<int>(std::min(kMessage, low_ - at));
      MPI_Sendrecv(mine[k].data() + at, n, MPI_INT32_T, other, static_cast<int>(k),
                   buffers_[k].data() + at, n, MPI_INT32_T, other, static_cast<int>(k),
                   MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    theirs.emplace_back(buffers_[k]);
  }
  meet(own, theirs);
}

}  // namespace wayout
