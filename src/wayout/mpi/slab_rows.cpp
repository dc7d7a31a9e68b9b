#include "wayout/mpi/slab_rows.hpp"

#include <algorithm>

namespace wayout {
namespace {

/// Forbid rules to an array of marks: exchanged as numbers of 32 bits with a sign.
constexpr std::size_t kRules = 31;

}  // namespace

/// A slab held here and one that m may come to from there, array by array.
struct SlabRows::Meeting {
  std::int32_t* into = nullptr;
  std::vector<const std::int32_t*> here;   ///< of the query
  std::vector<const std::int32_t*> rules;  ///< which rules' `from` hold here
  const std::int32_t* from = nullptr;
  std::vector<const std::int32_t*> there;
  std::vector<const std::int32_t*> ends;  ///< which rules' `to` hold there
  bool same = false;                      ///< the slab itself
};

SlabRows::SlabRows(const Conflict& conflict, const std::vector<MoverId>& movers, int rank,
                   int ranks)
    : slabs_(conflict, rank, ranks) {
  feasible_.assign(slabs_.size(), 0);
  slabs_.for_each([&](std::uint64_t i, State s) { feasible_[i] = conflict.feasible(s) ? 1 : 0; });
  for (const MoverId m : movers) {
    const MoverInfo& info = conflict.mover(m);
    Mover mover;
    mover.digits = slabs_.digits_of(info.digits);
    mover.plain = !mover.digits.one_way && info.forbids.empty();
    if (info.link) {
      mover.met.resize(slabs_.size());
      slabs_.for_each(
          [&](std::uint64_t i, State s) { mover.met[i] = conflict.holds(*info.link, s) ? 1 : 0; });
    }
    for (std::size_t k = 0; k < info.forbids.size() && !info.digits.empty(); ++k) {
      if (k % kRules == 0) {
        mover.from.emplace_back(slabs_.size(), 0);
        mover.to.emplace_back(slabs_.size(), 0);
      }
      const Forbid& rule = info.forbids[k];
      slabs_.for_each([&](std::uint64_t i, State s) {
        const auto mark = [&](ExprId e) {
          return static_cast<std::int32_t>(conflict.holds(e, s) ? 1u << k % kRules : 0u);
        };
        mover.from.back()[i] |= mark(rule.from);
        mover.to.back()[i] |= mark(rule.to);
      });
    }
    movers_.push_back(std::move(mover));
  }
}

std::uint64_t SlabRows::bytes() const {
  std::uint64_t out = feasible_.size() + 4 * met_.size();
  for (const Mover& m : movers_) out += m.met.size() + 8 * m.from.size() * slabs_.size();
  return out;
}

RankValues& SlabRows::where_met(const Mover& m, bool least, const RankValues& v) {
  met_.resize(v.size());
  for (std::uint64_t i = 0; i < v.size(); ++i) met_[i] = m.met[i] != 0 ? v[i] : nothing_of(least);
  return met_;
}

// --- every move of a mover that no rule stops

bool SlabRows::take_in(std::size_t mover, bool least, RankValues& v) {
  const Mover& m = movers_[mover];
  if (!m.from.empty()) {
    // Not surely transitive: two moves in a row must not count as one.
    RankValues from = v;
    return pick(mover, {.least = least, .from = &from, .into = &v});
  }
  const auto pass = [&](RankValues& values) {
    return least ? reach_extreme<true>(m, values) : reach_extreme<false>(m, values);
  };
  if (m.met.empty()) return pass(v);
  RankValues& reached = where_met(m, least, v);
  pass(reached);
  bool changed = false;
  for (std::uint64_t i = 0; i < v.size(); ++i) {
    if (feasible_[i] == 0 || !beats(least, reached[i], v[i])) continue;
    v[i] = reached[i];
    changed = true;
  }
  return changed;
}

template <bool kLeast>
bool SlabRows::reach_extreme(const Mover& m, RankValues& v) {
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
      const std::uint64_t at = (own - slabs_.first()) * slabs_.low();
      std::int32_t* slab = v.data() + at;
      for (std::uint64_t k = 0; k < slabs_.low(); ++k) {
        if (!beats(kLeast, other[0][k], slab[k])) continue;
        slab[k] = other[0][k];
        changed = changed || feasible_[at + k] != 0;
      }
    });
  for (std::uint64_t i = 0; i < v.size(); ++i)
    if (feasible_[i] == 0) v[i] = nothing_of(kLeast);
  return changed;
}

/// The levels of one option, k the place of the first: each takes the extreme of where it can go.
template <bool kLeast>
bool SlabRows::along(const Slabs::Digits::Low& low, std::uint64_t h, std::uint64_t k,
                     std::int32_t* slab) {
  bool changed = false;
  const auto take = [&](std::uint64_t place, std::int32_t value) {
    if (slab[place] == value) return;
    changed = changed || feasible_[h * slabs_.low() + place] != 0;
    slab[place] = value;
  };
  const auto best_of = [](std::int32_t a, std::int32_t b) { return beats(kLeast, a, b) ? a : b; };
  std::int32_t best = slab[k];
  switch (low.change) {
    case Change::Any:
      for (std::uint64_t l = 1; l < low.levels; ++l) best = best_of(slab[k + l * low.stride], best);
      for (std::uint64_t l = 0; l < low.levels; ++l) take(k + l * low.stride, best);
      break;
    case Change::Up:
      best = nothing_of(kLeast);
      for (std::uint64_t l = low.levels; l-- > 0;)
        take(k + l * low.stride, best = best_of(slab[k + l * low.stride], best));
      break;
    case Change::Down:
      for (std::uint64_t l = 1; l < low.levels; ++l)
        take(k + l * low.stride, best = best_of(slab[k + l * low.stride], best));
      break;
    case Change::Leave:
      for (std::uint64_t l = 1; l < low.levels; ++l)
        take(k + l * low.stride, best_of(slab[k + l * low.stride], best));
      break;
  }
  return changed;
}

// --- moves that somebody wants, or that rules stop

bool SlabRows::pick(std::size_t mover, const RowQuery& query) {
  Mover& m = movers_[mover];
  const Slabs::Digits& d = m.digits;
  const std::uint64_t low = slabs_.low();
  // What is exchanged: the value, what t is judged by, the rules' marks.
  Slabs::Arrays arrays{m.met.empty() ? *query.from : where_met(m, query.least, *query.from)};
  for (RankValues* values : query.there) arrays.emplace_back(*values);
  for (RankValues& marks : m.to) arrays.emplace_back(marks);
  const bool small = m.plain && query.here.size() == 1 && !query.none_worse;
  bool changed = false;
  const auto meet = [&](std::uint64_t at, const Slabs::Arrays& other, bool same) {
    Meeting meeting;
    meeting.into = query.into->data() + at;
    for (const RankValues* values : query.here) meeting.here.push_back(values->data() + at);
    for (const RankValues& marks : m.from) meeting.rules.push_back(marks.data() + at);
    meeting.from = other[0].data();
    for (std::size_t k = 1; k < other.size(); ++k)
      (k <= query.there.size() ? meeting.there : meeting.ends).push_back(other[k].data());
    meeting.same = same;
    slabs_.for_each_base(d, [&](std::uint64_t base) {
      const bool moved = small         ? query.least ? small_row<true>(d.offsets, base, meeting)
                                                     : small_row<false>(d.offsets, base, meeting)
                                 : query.least ? any_row<true>(m, query, base, meeting)
                                       : any_row<false>(m, query, base, meeting);
      changed = moved || changed;
    });
  };
  for (std::uint64_t h = 0; h < slabs_.own() && d.offsets.size() > 1; ++h) {
    Slabs::Arrays own;
    for (const auto& array : arrays) own.push_back(array.subspan(h * low, low));
    meet(h * low, own, true);
  }
  for (const auto& pair : d.pairs)
    slabs_.exchange(pair.a, pair.b, arrays, [&](std::uint64_t own, const Slabs::Arrays& other) {
      if (own == pair.a ? pair.forth : pair.back) meet((own - slabs_.first()) * low, other, false);
    });
  return changed;
}

/// Any mover: the t with the most extreme value first, until one is wanted at x and open to it or
/// none that is left would change anything. Once values have settled that is the first look.
template <bool kLeast>
bool SlabRows::any_row(const Mover& m, const RowQuery& query, std::uint64_t base,
                       const Meeting& meeting) {
  const auto& offsets = m.digits.offsets;
  by_value_.clear();
  for (std::size_t l = 0; l < offsets.size(); ++l) {
    const std::int32_t value = meeting.from[base + offsets[l]];
    if (value != nothing_of(kLeast)) by_value_.emplace_back(value, l);
  }
  if (by_value_.empty()) return false;
  std::sort(by_value_.begin(), by_value_.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? beats(kLeast, a.first, b.first) : a.second < b.second;
  });
  const auto wants = [&](std::uint64_t x, std::uint64_t t) {
    bool some = !query.none_worse;
    for (std::size_t k = 0; k < meeting.here.size(); ++k) {
      const std::int32_t before = meeting.here[k][x];
      const std::int32_t after = meeting.there[k][t];
      if (query.none_worse ? after < before : after <= before) return false;
      some = some || after > before;
    }
    return some;
  };
  const auto forbidden = [&](std::uint64_t x, std::uint64_t t) {
    for (std::size_t k = 0; k < meeting.rules.size(); ++k)
      if ((meeting.rules[k][x] & meeting.ends[k][t]) != 0) return true;
    return false;
  };
  const std::uint64_t first = static_cast<std::uint64_t>(meeting.into - query.into->data());
  bool changed = false;
  for (std::size_t k = 0; k < offsets.size(); ++k) {
    const std::uint64_t x = base + offsets[k];
    if (feasible_[first + x] == 0) continue;
    for (const auto& [value, l] : by_value_) {
      if (!beats(kLeast, value, meeting.into[x])) break;
      const std::uint64_t t = base + offsets[l];
      if ((meeting.same && k == l) || !wants(x, t) || forbidden(x, t) || !m.digits.may_go(k, l))
        continue;
      meeting.into[x] = value;
      changed = true;
      break;
    }
  }
  return changed;
}

/// One order, every option both ways: the t best first with the extreme so far, then each x by
/// bisection.
template <bool kLeast>
bool SlabRows::small_row(const std::vector<std::uint64_t>& offsets, std::uint64_t base,
                         const Meeting& meeting) {
  const std::int32_t* here = meeting.here[0];
  const std::int32_t* there = meeting.there[0];
  sorted_.clear();
  for (const std::uint64_t o : offsets)
    if (meeting.from[base + o] != nothing_of(kLeast))
      sorted_.emplace_back(there[base + o], meeting.from[base + o]);
  if (sorted_.empty()) return false;
  std::sort(sorted_.begin(), sorted_.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t k = 1; k < sorted_.size(); ++k)
    sorted_[k].second = kLeast ? std::min(sorted_[k].second, sorted_[k - 1].second)
                               : std::max(sorted_[k].second, sorted_[k - 1].second);
  bool changed = false;
  for (const std::uint64_t o : offsets) {
    const std::int32_t r = here[base + o];
    if (r < 0 || sorted_[0].first <= r) continue;  // infeasible, or at its best
    const auto last = std::partition_point(sorted_.begin(), sorted_.end(),
                                           [r](const auto& t) { return t.first > r; });
    const std::int32_t extreme = (last - 1)->second;
    std::int32_t& x = meeting.into[base + o];
    if (beats(kLeast, extreme, x)) {
      x = extreme;
      changed = true;
    }
  }
  return changed;
}

}  // namespace wayout
