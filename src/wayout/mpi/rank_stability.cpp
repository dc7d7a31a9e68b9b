#include "wayout/mpi/rank_stability.hpp"

#define OMPI_SKIP_MPICXX 1
#include <algorithm>
#include <limits>

#include <mpi.h>

#include "wayout/mpi/slabs.hpp"

namespace wayout {
namespace {

using Values = std::vector<std::int32_t>;
constexpr std::int32_t kTop = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kInfeasible = -1;
constexpr std::uint64_t kMostStates = std::uint64_t{1} << 40;

std::string refusal(const Conflict& c) {
  if (c.graph_form()) return "graph form is not split over ranks";
  if (c.raw_size() > kMostStates) return "there are more than 2^40 combinations";
  for (const PartyId p : c.parties())
    if (!c.weak_order(p))
      return "the preference of '" + c.party(p).id +
             "' is no complete order, and only such are "
             "split over ranks";
  for (const MoverId m : c.movers()) {
    const MoverInfo& info = c.mover(m);
    if (info.track && !info.digits.empty())
      return "'" + info.id + "' is an open track, and tracks are not split over ranks";
    if (!info.forbids.empty())
      return "a forbid rule concerns '" + info.id + "', and such rules are not split over ranks";
    for (const Digit& d : info.digits)
      if (d.change != Change::Any)
        return "'" + c.option(d.option).id + "' " +
               (d.change == Change::Leave ? "can be left" : "goes one way only") +
               ", and such options are not split over ranks";
  }
  return "";
}

class Engine {
 public:
  Engine(const Conflict& conflict, int rank, int ranks)
      : conflict_(conflict), slabs_(conflict, rank, ranks) {
    for (const PartyId p : conflict.parties()) {
      std::vector<OptionId> own;
      for (const Digit& d : conflict.mover(conflict.mover_of(p)).digits) own.push_back(d.option);
      digits_.push_back(slabs_.digits_of(own));
    }
  }

  Result<RankStability> run() {
    const std::uint64_t n = slabs_.size();
    feasible_.assign(n, 0);
    slabs_.for_each(
        [&](std::uint64_t i, State s) { feasible_[i] = conflict_.feasible(s) ? 1 : 0; });
    for (const PartyId p : conflict_.parties())
      if (!rank(p))
        return fault("not_supported", "'" + conflict_.party(p).id +
                                          "' has more than 124 statements, and orders of so many "
                                          "are not split over ranks");
    const std::size_t parties = digits_.size();
    out_.stable.assign(parties, {});
    std::vector<std::uint8_t> equilibrium(n, 31);
    std::vector<std::uint8_t> stable(n);
    for (std::size_t p = 0; p < parties; ++p) {
      judge(p, stable);
      for (std::uint64_t i = 0; i < n; ++i) {
        if (feasible_[i] == 0) continue;
        equilibrium[i] &= stable[i];
        for (std::size_t c = 0; c < 5; ++c) out_.stable[p][c] += stable[i] >> c & 1u;
      }
    }
    for (std::uint64_t i = 0; i < n; ++i) {
      if (feasible_[i] == 0) continue;
      ++out_.states;
      for (std::size_t c = 0; c < 5; ++c) out_.equilibria[c] += equilibrium[i] >> c & 1u;
    }
    out_.bytes = n * (4 * parties + 4 * 3 + 3) + 8 * slabs_.low();
    sum(&out_.states, 1);
    sum(out_.equilibria.data(), 5);
    for (auto& of_party : out_.stable) sum(of_party.data(), 5);
    return std::move(out_);
  }

 private:
  static void sum(std::uint64_t* values, int n) {
    MPI_Allreduce(MPI_IN_PLACE, values, n, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
  }

  /// Dense ranks over the whole space, higher is better; false where a score takes more words.
  bool rank(PartyId p) {
    std::vector<std::pair<std::int64_t, std::int64_t>> known;
    bool plain = true;
    const auto tidy = [&] {
      std::sort(known.begin(), known.end());
      known.erase(std::unique(known.begin(), known.end()), known.end());
    };
    std::size_t next_tidy = 1 << 16;
    slabs_.for_each([&](std::uint64_t i, State s) {
      if (feasible_[i] == 0) return;
      const Score score = conflict_.score(p, s);
      plain = plain && score.more.empty();
      known.emplace_back(score.head, score.tail);
      if (known.size() < next_tidy) return;
      tidy();
      next_tidy = 2 * known.size() + (1 << 16);
    });
    tidy();
    int all_plain = plain ? 1 : 0;
    MPI_Allreduce(MPI_IN_PLACE, &all_plain, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD);
    if (all_plain == 0) return false;
    // Everybody's scores, one rank after the other.
    int ranks = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    std::vector<std::pair<std::int64_t, std::int64_t>> all = known;
    for (int r = 0; r < ranks; ++r) {
      std::uint64_t size = known.size();
      MPI_Bcast(&size, 1, MPI_UINT64_T, r, MPI_COMM_WORLD);
      std::vector<std::int64_t> words(2 * size);
      if (r == slabs_.rank())
        for (std::size_t k = 0; k < known.size(); ++k) {
          words[2 * k] = known[k].first;
          words[2 * k + 1] = known[k].second;
        }
      MPI_Bcast(words.data(), static_cast<int>(words.size()), MPI_INT64_T, r, MPI_COMM_WORLD);
      for (std::size_t k = 0; k < size; ++k) all.emplace_back(words[2 * k], words[2 * k + 1]);
      std::sort(all.begin(), all.end());
      all.erase(std::unique(all.begin(), all.end()), all.end());
    }
    Values out(slabs_.size(), kInfeasible);
    slabs_.for_each([&](std::uint64_t i, State s) {
      if (feasible_[i] == 0) return;
      const Score score = conflict_.score(p, s);
      out[i] = static_cast<std::int32_t>(
          std::lower_bound(all.begin(), all.end(), std::pair(score.head, score.tail)) -
          all.begin());
    });
    rank_.push_back(std::move(out));
    return true;
  }

  // --- passes over rows

  /// v(x) = the least (greatest) v in the row of j; true where something here changed. Infeasible
  /// states hold the value that counts for nothing before and after.
  template <bool kLeast>
  bool row_extreme(std::size_t j, Values& v) {
    bool changed = false;
    const auto better = [](std::int32_t a, std::int32_t b) { return kLeast ? a < b : a > b; };
    const Slabs::Digits& d = digits_[j];
    for (std::uint64_t h = 0; h < slabs_.own(); ++h) {
      std::int32_t* slab = v.data() + h * slabs_.low();
      for (const auto& [stride, levels] : d.low)
        for (std::uint64_t block = 0; block < slabs_.low(); block += stride * levels)
          for (std::uint64_t k = block; k < block + stride; ++k) {
            std::int32_t best = slab[k];
            for (std::uint64_t l = 1; l < levels; ++l)
              if (better(slab[k + l * stride], best)) best = slab[k + l * stride];
            for (std::uint64_t l = 0; l < levels; ++l) {
              changed = changed || (slab[k + l * stride] != best && is_feasible(h, k + l * stride));
              slab[k + l * stride] = best;
            }
          }
    }
    for (const auto& [a, b] : d.pairs)
      slabs_.exchange(a, b, {v}, [&](std::uint64_t own, const Slabs::Arrays& other) {
        const std::uint64_t h = own - slabs_.first();
        std::int32_t* slab = v.data() + h * slabs_.low();
        for (std::uint64_t k = 0; k < slabs_.low(); ++k) {
          if (!better(other[0][k], slab[k])) continue;
          slab[k] = other[0][k];
          changed = changed || is_feasible(h, k);
        }
      });
    clear_infeasible(v, kLeast ? kTop : kInfeasible);
    return changed;
  }

  /// into(x) = the least (greatest) of itself and from(t) over the t of j's row that j ranks above
  /// x; true where something here changed. `into` may be `from`.
  template <bool kLeast>
  bool above_extreme(std::size_t j, Values& into, Values& from) {
    bool changed = false;
    const Slabs::Digits& d = digits_[j];
    Values& rank = rank_[j];
    const auto meet = [&](std::int32_t* to, const std::int32_t* rank_x, const std::int32_t* v,
                          const std::int32_t* rank_t) {
      slabs_.for_each_base(d, [&](std::uint64_t base) {
        changed = small_row<kLeast>(d.offsets, base, to, rank_x, v, rank_t) || changed;
      });
    };
    const std::uint64_t low = slabs_.low();
    for (std::uint64_t h = 0; h < slabs_.own(); ++h)
      if (d.offsets.size() > 1)
        meet(into.data() + h * low, rank.data() + h * low, from.data() + h * low,
             rank.data() + h * low);
    for (const auto& [a, b] : d.pairs)
      slabs_.exchange(a, b, {from, rank}, [&](std::uint64_t own, const Slabs::Arrays& other) {
        const std::uint64_t at = (own - slabs_.first()) * low;
        meet(into.data() + at, rank.data() + at, other[0].data(), other[1].data());
      });
    return changed;
  }

  template <bool kLeast>
  bool small_row(const std::vector<std::uint64_t>& offsets, std::uint64_t base, std::int32_t* to,
                 const std::int32_t* rank_x, const std::int32_t* v, const std::int32_t* rank_t) {
    // The t best first with the extreme so far, then each x by bisection.
    sorted_.clear();
    for (const std::uint64_t o : offsets)
      if (rank_t[base + o] != kInfeasible) sorted_.emplace_back(rank_t[base + o], v[base + o]);
    if (sorted_.empty()) return false;
    std::sort(sorted_.begin(), sorted_.end(),
              [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t k = 1; k < sorted_.size(); ++k)
      sorted_[k].second = kLeast ? std::min(sorted_[k].second, sorted_[k - 1].second)
                                 : std::max(sorted_[k].second, sorted_[k - 1].second);
    bool changed = false;
    for (const std::uint64_t o : offsets) {
      const std::int32_t r = rank_x[base + o];
      if (r == kInfeasible || sorted_[0].first <= r) continue;
      const auto last = std::partition_point(sorted_.begin(), sorted_.end(),
                                             [r](const auto& t) { return t.first > r; });
      const std::int32_t extreme = (last - 1)->second;
      std::int32_t& x = to[base + o];
      if (kLeast ? extreme < x : extreme > x) {
        x = extreme;
        changed = true;
      }
    }
    return changed;
  }

  bool is_feasible(std::uint64_t h, std::uint64_t k) const {
    return feasible_[h * slabs_.low() + k] != 0;
  }
  void clear_infeasible(Values& v, std::int32_t value) const {
    for (std::uint64_t i = 0; i < v.size(); ++i)
      if (feasible_[i] == 0) v[i] = value;
  }

  /// Rounds over the opponents of p until nothing changes on any rank.
  template <class Pass>
  void settle(std::size_t p, Pass pass) {
    for (int changed = 1; changed != 0;) {
      changed = 0;
      for (std::size_t j = 0; j < digits_.size(); ++j)
        if (j != p && pass(j)) changed = 1;
      MPI_Allreduce(MPI_IN_PLACE, &changed, 1, MPI_INT, MPI_LOR, MPI_COMM_WORLD);
      ++out_.rounds;
    }
  }

  // --- one party

  void judge(std::size_t p, std::vector<std::uint8_t>& stable) {
    const Values& r = rank_[p];
    stable.assign(r.size(), 0);
    const auto mark = [&](std::size_t c, const Values& most) {
      for (std::uint64_t i = 0; i < r.size(); ++i)
        if (feasible_[i] != 0 && most[i] <= r[i]) stable[i] |= static_cast<std::uint8_t>(1u << c);
    };
    // Nash: nothing in the row is better.
    Values escape = r;
    row_extreme<false>(p, escape);  // e(x): the best p can have from x
    mark(0, escape);
    for (const bool credible : {false, true}) {
      const auto spread = [&](Values& v) {
        clear_infeasible(v, kTop);
        settle(p, [&](std::size_t j) {
          return credible ? above_extreme<true>(j, v, v) : row_extreme<true>(j, v);
        });
      };
      // GMR, SEQ: what the others can bring p down to, from any state of its row.
      Values v = r;
      spread(v);
      clear_infeasible(v, kInfeasible);
      row_extreme<false>(p, v);
      mark(credible ? 3 : 1, v);
      // SMR, SSEQ: the same of what p can escape to, from its improvements.
      v = escape;
      spread(v);
      clear_infeasible(v, kInfeasible);
      Values most(r.size(), kInfeasible);
      above_extreme<false>(p, most, v);
      mark(credible ? 4 : 2, most);
    }
  }

  const Conflict& conflict_;
  Slabs slabs_;
  std::vector<Slabs::Digits> digits_;
  std::vector<std::uint8_t> feasible_;
  std::vector<Values> rank_;
  std::vector<std::pair<std::int32_t, std::int32_t>> sorted_;
  RankStability out_;
};

}  // namespace

Result<RankStability> rank_stability(const Conflict& conflict) {
  if (const std::string why = refusal(conflict); !why.empty()) return fault("not_supported", why);
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  return Engine(conflict, rank, ranks).run();
}

}  // namespace wayout
