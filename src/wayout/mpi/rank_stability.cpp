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
/// A least (greatest) value that counts for nothing.
template <bool kLeast>
constexpr std::int32_t kNothing = kLeast ? kTop : kInfeasible;

template <bool kLeast>
bool better(std::int32_t a, std::int32_t b) {
  return kLeast ? a < b : a > b;
}
constexpr std::uint64_t kMostStates = std::uint64_t{1} << 40;

std::string refusal(const Conflict& c) {
  if (c.graph_form()) return "graph form is not split over ranks";
  if (c.raw_size() > kMostStates) return "there are more than 2^40 combinations";
  for (const PartyId p : c.parties())
    if (!c.weak_order(p))
      return "the preference of '" + c.party(p).id +
             "' is no complete order, and only such are "
             "split over ranks";
  for (const MoverId m : c.movers())
    if (!c.mover(m).digits.empty() && !c.mover(m).forbids.empty())
      return "a forbid rule concerns '" + c.mover(m).id +
             "', and such rules are not split over ranks";
  return "";
}

/// Who moves, and how it is cut.
struct Mover {
  PartyMask members = 0;
  std::vector<std::size_t> orders;  ///< the members
  Slabs::Digits digits;
  bool none_worse = false;
  bool plain = true;              ///< one order, every option both ways, no link
  std::vector<std::uint8_t> met;  ///< by state: whether it meets the link; empty without one
};

class Engine {
 public:
  Engine(const Conflict& conflict, int rank, int ranks)
      : conflict_(conflict), slabs_(conflict, rank, ranks) {
    for (const MoverId m : conflict.movers()) {
      const MoverInfo& info = conflict.mover(m);
      if (info.track && info.digits.empty()) continue;  // not open
      Mover mover;
      mover.members = info.members;
      for (const PartyId p : conflict.parties())
        if (contains(info.members, p)) mover.orders.push_back(p.index());
      mover.digits = slabs_.digits_of(info.digits);
      mover.none_worse = info.track && info.consent == Consent::NoneWorse;
      mover.plain = !info.track && !mover.digits.one_way;
      if (info.link) {
        mover.met.resize(slabs_.size());
        slabs_.for_each([&](std::uint64_t i, State s) {
          mover.met[i] = conflict.holds(*info.link, s) ? 1 : 0;
        });
      }
      movers_.push_back(std::move(mover));
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
    const std::size_t parties = rank_.size();
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
    out_.bytes = n * (4 * parties + 4 * 3 + 3) + 8 * slabs_.low() + 4 * met_.size();
    for (const Mover& m : movers_) out_.bytes += m.met.size();
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

  /// v(x) = the least (greatest) v of itself and where m can go from x; true where something here
  /// changed. Infeasible states hold the value that counts for nothing before and after.
  template <bool kLeast>
  bool row_extreme(const Mover& m, Values& v) {
    if (m.met.empty()) return reach_extreme<kLeast>(m, v);
    Values& reached = where_met<kLeast>(m, v);
    reach_extreme<kLeast>(m, reached);
    bool changed = false;
    for (std::uint64_t i = 0; i < v.size(); ++i) {
      if (feasible_[i] == 0 || !better<kLeast>(reached[i], v[i])) continue;
      v[i] = reached[i];
      changed = true;
    }
    return changed;
  }

  template <bool kLeast>
  bool reach_extreme(const Mover& m, Values& v) {
    bool changed = false;
    const Slabs::Digits& d = m.digits;
    for (std::uint64_t h = 0; h < slabs_.own(); ++h)
      for (const auto& low : d.low)
        for (std::uint64_t block = 0; block < slabs_.low(); block += low.stride * low.levels)
          for (std::uint64_t k = block; k < block + low.stride; ++k)
            changed = along<kLeast>(low, h, k, v.data() + h * slabs_.low()) || changed;
    for (const auto& pair : d.pairs)
      slabs_.exchange(pair.a, pair.b, {v}, [&](std::uint64_t own, const Slabs::Arrays& other) {
        if (!(own == pair.a ? pair.forth : pair.back)) return;
        const std::uint64_t h = own - slabs_.first();
        std::int32_t* slab = v.data() + h * slabs_.low();
        for (std::uint64_t k = 0; k < slabs_.low(); ++k) {
          if (!better<kLeast>(other[0][k], slab[k])) continue;
          slab[k] = other[0][k];
          changed = changed || is_feasible(h, k);
        }
      });
    clear_infeasible(v, kNothing<kLeast>);
    return changed;
  }

  /// The levels of one option, k the place of the first: each takes the extreme of where it can go.
  template <bool kLeast>
  bool along(const Slabs::Digits::Low& low, std::uint64_t h, std::uint64_t k, std::int32_t* slab) {
    bool changed = false;
    const auto take = [&](std::uint64_t place, std::int32_t value) {
      if (slab[place] == value) return;
      changed = changed || is_feasible(h, place);
      slab[place] = value;
    };
    const auto pick = [](std::int32_t a, std::int32_t b) { return better<kLeast>(a, b) ? a : b; };
    std::int32_t best = slab[k];
    switch (low.change) {
      case Change::Any:
        for (std::uint64_t l = 1; l < low.levels; ++l) best = pick(slab[k + l * low.stride], best);
        for (std::uint64_t l = 0; l < low.levels; ++l) take(k + l * low.stride, best);
        break;
      case Change::Up:
        best = kNothing<kLeast>;
        for (std::uint64_t l = low.levels; l-- > 0;)
          take(k + l * low.stride, best = pick(slab[k + l * low.stride], best));
        break;
      case Change::Down:
        for (std::uint64_t l = 1; l < low.levels; ++l)
          take(k + l * low.stride, best = pick(slab[k + l * low.stride], best));
        break;
      case Change::Leave:
        for (std::uint64_t l = 1; l < low.levels; ++l)
          take(k + l * low.stride, pick(slab[k + l * low.stride], best));
        break;
    }
    return changed;
  }

  /// v where the link of m is met, what counts for nothing elsewhere.
  template <bool kLeast>
  Values& where_met(const Mover& m, const Values& v) {
    met_.resize(v.size());
    for (std::uint64_t i = 0; i < v.size(); ++i) met_[i] = m.met[i] != 0 ? v[i] : kNothing<kLeast>;
    return met_;
  }

  /// into(x) = the least (greatest) of itself and v(t) over the improvements t of m from x; true
  /// where something here changed. `into` may be `v`.
  template <bool kLeast>
  bool above_extreme(const Mover& m, Values& into, Values& v) {
    bool changed = false;
    const Slabs::Digits& d = m.digits;
    Values& from = m.met.empty() ? v : where_met<kLeast>(m, v);
    Slabs::Arrays arrays{from};
    for (const std::size_t p : m.orders) arrays.emplace_back(rank_[p]);
    const std::uint64_t low = slabs_.low();
    const auto meet = [&](std::uint64_t at, const Slabs::Arrays& other) {
      Slabs::Arrays here;
      for (std::size_t k = 1; k < arrays.size(); ++k) here.push_back(arrays[k].subspan(at, low));
      std::int32_t* to = into.data() + at;
      slabs_.for_each_base(d, [&](std::uint64_t base) {
        const bool moved = m.plain ? small_row<kLeast>(d.offsets, base, to, here[0].data(),
                                                       other[0].data(), other[1].data())
                                   : any_row<kLeast>(m, base, to, here, other);
        changed = moved || changed;
      });
    };
    for (std::uint64_t h = 0; h < slabs_.own() && d.offsets.size() > 1; ++h) {
      Slabs::Arrays own;
      for (const auto& array : arrays) own.push_back(array.subspan(h * low, low));
      meet(h * low, own);
    }
    for (const auto& pair : d.pairs)
      slabs_.exchange(pair.a, pair.b, arrays, [&](std::uint64_t own, const Slabs::Arrays& other) {
        if (own == pair.a ? pair.forth : pair.back) meet((own - slabs_.first()) * low, other);
      });
    return changed;
  }

  /// Any mover: the t with the most extreme value first, until one is an improvement of x or none
  /// that is left would change anything. Once values have settled that is the first look.
  template <bool kLeast>
  bool any_row(const Mover& m, std::uint64_t base, std::int32_t* to, const Slabs::Arrays& here,
               const Slabs::Arrays& other) {
    const auto& offsets = m.digits.offsets;
    by_value_.clear();
    for (std::size_t l = 0; l < offsets.size(); ++l) {
      const std::int32_t value = other[0][base + offsets[l]];
      if (other[1][base + offsets[l]] != kInfeasible && value != kNothing<kLeast>)
        by_value_.emplace_back(value, l);
    }
    std::sort(by_value_.begin(), by_value_.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? better<kLeast>(a.first, b.first) : a.second < b.second;
    });
    const auto wants = [&](std::uint64_t x, std::uint64_t t) {
      bool some = !m.none_worse;
      for (std::size_t k = 0; k < here.size(); ++k) {
        const std::int32_t before = here[k][x];
        const std::int32_t after = other[k + 1][t];
        if (m.none_worse ? after < before : after <= before) return false;
        some = some || after > before;
      }
      return some;
    };
    bool changed = false;
    for (std::size_t k = 0; k < offsets.size(); ++k) {
      const std::uint64_t x = base + offsets[k];
      if (here[0][x] == kInfeasible) continue;
      for (const auto& [value, l] : by_value_) {
        if (!better<kLeast>(value, to[x])) break;
        if (!wants(x, base + offsets[l]) || !m.digits.may_go(k, l)) continue;
        to[x] = value;
        changed = true;
        break;
      }
    }
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
      for (const Mover& m : movers_)
        if (!contains(m.members, PartyId(p)) && pass(m)) changed = 1;
      MPI_Allreduce(MPI_IN_PLACE, &changed, 1, MPI_INT, MPI_LOR, MPI_COMM_WORLD);
      ++out_.rounds;
    }
  }

  // --- one party

  void judge(std::size_t p, std::vector<std::uint8_t>& stable) {
    const Values& r = rank_[p];
    const Mover& own = movers_[p];  // parties come first
    stable.assign(r.size(), 0);
    const auto mark = [&](std::size_t c, const Values& most) {
      for (std::uint64_t i = 0; i < r.size(); ++i)
        if (feasible_[i] != 0 && most[i] <= r[i]) stable[i] |= static_cast<std::uint8_t>(1u << c);
    };
    // Nash: nothing it can go to is better.
    Values escape = r;
    row_extreme<false>(own, escape);  // e(x): the best p can have from x
    mark(0, escape);
    for (const bool credible : {false, true}) {
      const auto spread = [&](Values& v) {
        clear_infeasible(v, kTop);
        settle(p, [&](const Mover& m) {
          return credible ? above_extreme<true>(m, v, v) : row_extreme<true>(m, v);
        });
      };
      // GMR, SEQ: what the others can bring p down to, from anywhere it can go.
      Values v = r;
      spread(v);
      clear_infeasible(v, kInfeasible);
      row_extreme<false>(own, v);
      mark(credible ? 3 : 1, v);
      // SMR, SSEQ: the same of what p can escape to, from its improvements.
      v = escape;
      spread(v);
      clear_infeasible(v, kInfeasible);
      Values most(r.size(), kInfeasible);
      above_extreme<false>(own, most, v);
      mark(credible ? 4 : 2, most);
    }
  }

  const Conflict& conflict_;
  Slabs slabs_;
  std::vector<Mover> movers_;  ///< the parties, then the open tracks
  std::vector<std::uint8_t> feasible_;
  std::vector<Values> rank_;
  std::vector<std::pair<std::int32_t, std::int32_t>> sorted_;
  std::vector<std::pair<std::int32_t, std::size_t>> by_value_;
  Values met_;
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
