#include "wayout/mpi/rank_stability.hpp"

#define OMPI_SKIP_MPICXX 1
#include <algorithm>
#include <memory>
#include <optional>

#include <mpi.h>

#include "wayout/mpi/arc_rows.hpp"
#include "wayout/mpi/rank_orders.hpp"
#include "wayout/mpi/slab_rows.hpp"

namespace wayout {
namespace {

using Values = RankValues;
constexpr std::uint64_t kMostStates = std::uint64_t{1} << 40;

struct Mover {
  PartyMask members = 0;
  std::vector<std::size_t> orders;  ///< of all members: what has to be better
  bool none_worse = false;
  bool transitive = true;
};

void sum(std::uint64_t* values, int n) {
  MPI_Allreduce(MPI_IN_PLACE, values, n, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
}

/// The least of all ranks' numbers; nullopt where no rank has any.
std::optional<std::vector<std::int32_t>> least_anywhere(
    const std::optional<std::vector<std::int32_t>>& mine, std::size_t size) {
  int ranks = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  std::vector<std::int32_t> own(size + 1, 0);
  if (mine) {
    own[0] = 1;
    std::copy(mine->begin(), mine->end(), own.begin() + 1);
  }
  std::vector<std::int32_t> all((size + 1) * static_cast<std::size_t>(ranks));
  MPI_Allgather(own.data(), static_cast<int>(size + 1), MPI_INT32_T, all.data(),
                static_cast<int>(size + 1), MPI_INT32_T, MPI_COMM_WORLD);
  std::optional<std::vector<std::int32_t>> out;
  for (auto at = all.begin(); at != all.end(); at += static_cast<std::ptrdiff_t>(size + 1)) {
    if (*at == 0) continue;
    std::vector<std::int32_t> one(at + 1, at + static_cast<std::ptrdiff_t>(size + 1));
    if (!out || one < *out) out = std::move(one);
  }
  return out;
}

class Engine {
 public:
  Engine(const Conflict& conflict, int rank, int ranks) : conflict_(conflict) {
    std::vector<MoverId> ids;
    for (const MoverId m : conflict.movers()) {
      const MoverInfo& info = conflict.mover(m);
      if (info.track && info.digits.empty()) continue;  // not open
      Mover mover;
      mover.members = info.members;
      mover.none_worse = info.track && info.consent == Consent::NoneWorse;
      mover.transitive = info.transitive || (info.digits.empty() && !conflict.graph_form());
      movers_.push_back(std::move(mover));
      ids.push_back(m);
    }
    if (conflict.graph_form())
      rows_ = std::make_unique<ArcRows>(conflict, std::move(ids), rank, ranks);
    else
      rows_ = std::make_unique<SlabRows>(conflict, ids, rank, ranks);
  }

  Result<RankStability> run() {
    const std::uint64_t n = rows_->size();
    feasible_.assign(n, 0);
    rows_->for_each(
        [&](std::uint64_t i, State s) { feasible_[i] = conflict_.feasible(s) ? 1 : 0; });
    for (const PartyId p : conflict_.parties()) {
      std::vector<std::size_t> mine;
      if (!rank_states(conflict_, p, *rows_, feasible_, orders_, mine))
        return fault("not_supported", "'" + conflict_.party(p).id +
                                          "' has more than 124 statements, and orders of so many "
                                          "are not split over ranks");
      for (Mover& m : movers_)
        if (contains(m.members, p)) m.orders.insert(m.orders.end(), mine.begin(), mine.end());
      orders_of_.push_back(std::move(mine));
    }
    const std::size_t parties = orders_of_.size();
    out_.stable.assign(parties, {});
    std::vector<std::uint8_t> equilibrium(n, 31);
    for (std::size_t p = 0; p < parties; ++p) {
      stable_.assign(n, 0);
      if (orders_of_[p].size() == 1)
        judge(p, orders_[orders_of_[p][0]]);
      else
        judge_unanimous(p);
      for (std::uint64_t i = 0; i < n; ++i) {
        if (feasible_[i] == 0) continue;
        equilibrium[i] &= stable_[i];
        for (std::size_t c = 0; c < 5; ++c) out_.stable[p][c] += stable_[i] >> c & 1u;
      }
    }
    for (std::uint64_t i = 0; i < n; ++i) {
      if (feasible_[i] == 0) continue;
      ++out_.states;
      for (std::size_t c = 0; c < 5; ++c) out_.equilibria[c] += equilibrium[i] >> c & 1u;
    }
    out_.bytes = n * (4 * orders_.size() + 4 * most_values_ + 3) + rows_->bytes();
    sum(&out_.states, 1);
    sum(out_.equilibria.data(), 5);
    for (auto& of_party : out_.stable) sum(of_party.data(), 5);
    return std::move(out_);
  }

 private:
  // --- what the others can bring about

  /// v(x) = the least v over x and the ends of sequences of moves (improvements) by p's opponents.
  void settle(std::size_t p, bool improving, Values& v) {
    clear(v, nothing_of(true));
    std::vector<std::size_t> others;
    bool transitive = true;
    for (std::size_t m = 0; m < movers_.size(); ++m) {
      if (contains(movers_[m].members, PartyId(p))) continue;
      others.push_back(m);
      transitive = transitive && movers_[m].transitive;
    }
    if (transitive)
      settle_plain(others, improving, v);
    else
      settle_legal(others, improving, v);
    clear(v, nothing_of(false));
  }

  /// Where every opponent is transitive, that nobody moves twice in a row changes no minimum.
  void settle_plain(const std::vector<std::size_t>& others, bool improving, Values& v) {
    most_values_ = std::max<std::uint64_t>(most_values_, 3);
    in_rounds([&] {
      bool changed = false;
      for (const std::size_t m : others) {
        const bool moved =
            improving ? rows_->pick(m, wanted(m, true, v, v)) : rows_->take_in(m, true, v);
        changed = moved || changed;
      }
      return changed;
    });
  }

  /// F_k(x) = min over t ∈ R_k(x) of min(v(t), min over l ≠ k of F_l(t)), from above. Kept are the
  /// least F of a state, its mover, and the least of all others.
  void settle_legal(const std::vector<std::size_t>& others, bool improving, Values& v) {
    most_values_ = std::max<std::uint64_t>(most_values_, 8);
    constexpr std::int32_t kTop = nothing_of(true);
    Values least(v.size(), kTop);
    Values whose(v.size(), -1);
    Values next(v.size(), kTop);
    Values arrival(v.size());
    Values after(v.size());
    in_rounds([&] {
      bool changed = false;
      for (const std::size_t m : others) {
        const auto me = static_cast<std::int32_t>(m);
        for (std::uint64_t i = 0; i < v.size(); ++i)
          arrival[i] = std::min(v[i], whose[i] == me ? next[i] : least[i]);
        std::fill(after.begin(), after.end(), kTop);
        RowQuery query{.least = true, .from = &arrival, .into = &after};
        if (improving) query = wanted(m, true, arrival, after);
        rows_->pick(m, query);
        for (std::uint64_t i = 0; i < v.size(); ++i) {
          if (feasible_[i] == 0) continue;
          if (whose[i] != me && after[i] >= least[i]) {
            if (after[i] >= next[i]) continue;
            next[i] = after[i];
          } else {
            if (after[i] >= least[i]) continue;
            if (whose[i] != me) next[i] = least[i];
            least[i] = after[i];
            whose[i] = me;
          }
          changed = true;
        }
      }
      return changed;
    });
    for (std::uint64_t i = 0; i < v.size(); ++i) v[i] = std::min(v[i], least[i]);
  }

  /// Until nothing changes on any rank.
  template <class Round>
  void in_rounds(Round round) {
    for (int changed = 1; changed != 0;) {
      changed = round() ? 1 : 0;
      MPI_Allreduce(MPI_IN_PLACE, &changed, 1, MPI_INT, MPI_LOR, MPI_COMM_WORLD);
      ++out_.rounds;
    }
  }

  /// Over the improvements of m.
  RowQuery wanted(std::size_t m, bool least, Values& from, Values& into) {
    RowQuery out{.least = least, .from = &from, .into = &into};
    for (const std::size_t o : movers_[m].orders) out.here.push_back(&orders_[o]);
    out.there = out.here;
    out.none_worse = movers_[m].none_worse;
    return out;
  }

  void clear(Values& v, std::int32_t value) const {
    for (std::uint64_t i = 0; i < v.size(); ++i)
      if (feasible_[i] == 0) v[i] = value;
  }

  void mark(std::size_t c, std::uint64_t i) { stable_[i] |= static_cast<std::uint8_t>(1u << c); }
  bool marked(std::size_t c, std::uint64_t i) const { return (stable_[i] >> c & 1u) != 0; }

  // --- a party with one order (parties come first among the movers)

  void judge(std::size_t p, const Values& r) {
    const auto mark_all = [&](std::size_t c, const Values& most) {
      for (std::uint64_t i = 0; i < r.size(); ++i)
        if (feasible_[i] != 0 && most[i] <= r[i]) mark(c, i);
    };
    // Nash: nothing it can go to is better.
    Values escape = r;
    rows_->take_in(p, false, escape);  // e(x): the best p can have from x
    mark_all(kNash, escape);
    for (const bool improving : {false, true}) {
      // GMR, SEQ: what the others can bring p down to, from anywhere it can go.
      Values v = r;
      settle(p, improving, v);
      rows_->take_in(p, false, v);
      mark_all(improving ? kSeq : kGmr, v);
      // SMR, SSEQ: the same of what p can escape to, from its improvements.
      v = escape;
      settle(p, improving, v);
      Values most(r.size(), nothing_of(false));
      rows_->pick(p, wanted(p, false, v, most));
      mark_all(improving ? kSseq : kSmr, most);
    }
  }

  // --- a party that wants only what all its members want

  /// With r_i the order of member i: t ≻ s where r_i(t) > r_i(s) for all i, hence t ⊁ s where some
  /// r_i(t) ≤ r_i(s).
  void judge_unanimous(std::size_t p) {
    const std::vector<std::size_t>& orders = orders_of_[p];
    const std::uint64_t n = rows_->size();
    std::vector<Values*> r;
    for (const std::size_t o : orders) r.push_back(&orders_[o]);
    Values none(n, 0);
    clear(none, nothing_of(false));
    // Stable where p can go to no t with f_i(t) > r_i(s) for all i.
    const auto mark_all = [&](std::size_t c, const std::vector<Values*>& f) {
      Values found(n, nothing_of(false));
      rows_->pick(p, {.least = false, .from = &none, .into = &found, .here = r, .there = f});
      for (std::uint64_t i = 0; i < n; ++i)
        if (feasible_[i] != 0 && found[i] < 0) mark(c, i);
    };
    mark_all(kNash, r);
    for (const bool improving : {false, true}) {
      // GMR, SEQ: f_i is the least r_i that the others can bring about.
      std::vector<Values> least;
      for (const Values* order : r) {
        least.push_back(*order);
        settle(p, improving, least.back());
      }
      std::vector<Values*> f;
      for (Values& values : least) f.push_back(&values);
      mark_all(improving ? kSeq : kGmr, f);
      most_values_ = std::max<std::uint64_t>(most_values_, 8 + r.size());
    }
    for (const bool improving : {false, true}) escapes(p, improving);
  }

  /// SMR, SSEQ. Whether s2 and all that p can escape to from there are ⊁ s takes all members at
  /// once: for states s that agree in r_i for all members but the last, it is
  ///   max { r_last(y) : y = s2 or in R_p(s2), r_i(y) > r_i(s) for all others i } ≤ r_last(s),
  /// and the least of the left side is propagated once for each combination of the r_i(s) of
  /// others.
  void escapes(std::size_t p, bool improving) {
    const std::size_t weaker = improving ? kSeq : kGmr;
    const std::size_t stronger = improving ? kSseq : kSmr;
    const std::vector<std::size_t>& orders = orders_of_[p];
    const std::uint64_t n = rows_->size();
    const Values& last = orders_[orders.back()];
    const auto others_of = [&](std::uint64_t i) {
      std::vector<std::int32_t> out;
      for (std::size_t k = 0; k + 1 < orders.size(); ++k) out.push_back(orders_[orders[k]][i]);
      return out;
    };
    // Nash stable: stable. Not GMR (SEQ) stable: not stable. Only between the two is there work.
    const auto open = [&](std::uint64_t i) {
      return feasible_[i] != 0 && !marked(kNash, i) && marked(weaker, i);
    };
    for (std::uint64_t i = 0; i < n; ++i)
      if (feasible_[i] != 0 && marked(kNash, i)) mark(stronger, i);
    std::optional<std::vector<std::int32_t>> done;
    while (true) {
      std::optional<std::vector<std::int32_t>> mine;
      for (std::uint64_t i = 0; i < n; ++i) {
        if (!open(i)) continue;
        auto one = others_of(i);
        if ((!done || *done < one) && (!mine || one < *mine)) mine = std::move(one);
      }
      done = least_anywhere(mine, orders.size() - 1);
      if (!done) return;
      Values v(n, nothing_of(false));
      for (std::uint64_t i = 0; i < n; ++i) {
        bool above = feasible_[i] != 0;
        for (std::size_t k = 0; k + 1 < orders.size() && above; ++k)
          above = orders_[orders[k]][i] > (*done)[k];
        if (above) v[i] = last[i];
      }
      rows_->take_in(p, false, v);
      settle(p, improving, v);
      Values most(n, nothing_of(false));
      rows_->pick(p, wanted(p, false, v, most));
      for (std::uint64_t i = 0; i < n; ++i)
        if (open(i) && most[i] <= last[i] && others_of(i) == *done) mark(stronger, i);
    }
  }

  static constexpr std::size_t kNash = 0;
  static constexpr std::size_t kGmr = 1;
  static constexpr std::size_t kSmr = 2;
  static constexpr std::size_t kSeq = 3;
  static constexpr std::size_t kSseq = 4;

  const Conflict& conflict_;
  std::vector<Mover> movers_;  ///< the parties, then the open tracks
  std::unique_ptr<RankRows> rows_;
  std::vector<std::uint8_t> feasible_;
  std::vector<Values> orders_;
  std::vector<std::vector<std::size_t>> orders_of_;  ///< per party
  std::vector<std::uint8_t> stable_;                 ///< of the party at hand: bit c for concept c
  std::uint64_t most_values_ = 0;                    ///< arrays held at once beside the orders
  RankStability out_;
};

}  // namespace

Result<RankStability> rank_stability(const Conflict& conflict) {
  if (!conflict.graph_form() && conflict.raw_size() > kMostStates)
    return fault("not_supported", "there are more than 2^40 combinations");
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  return Engine(conflict, rank, ranks).run();
}

}  // namespace wayout
