#include "plain_sweep.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "wayout/stability/concept.hpp"

namespace wayout::bench {
namespace {

using Values = std::vector<std::int32_t>;

/// Adds one statement's weight to every state where it holds: a table over the options it names.
void add_statement(const Conflict& conflict, PartyId p, std::size_t statement, std::int64_t weight,
                   UInt128 support, std::vector<std::int64_t>& score) {
  std::vector<int> bits;
  for (int b = 0; b < 64; ++b)
    if ((support >> b) & 1) bits.push_back(b);
  std::vector<std::int64_t> table(std::size_t{1} << bits.size(), 0);
  for (std::size_t row = 0; row < table.size(); ++row) {
    State s;
    for (std::size_t k = 0; k < bits.size(); ++k)
      if ((row >> k) & 1) s.bits |= UInt128{1} << bits[k];
    if (conflict.statement_holds(p, statement, s)) table[row] = weight;
  }
  for (std::uint64_t s = 0; s < score.size(); ++s) {
    std::size_t row = 0;
    for (std::size_t k = 0; k < bits.size(); ++k) row |= ((s >> bits[k]) & 1) << k;
    score[s] += table[row];
  }
}

/// Dense classes, 0 for the worst.
Values ranks(const Conflict& conflict, PartyId p) {
  const std::size_t n = std::size_t{1} << conflict.option_count();
  std::vector<std::int64_t> score(n, 0);
  const PreferencePart& part = *conflict.preference_part(p);
  for (std::size_t i = 0; i < part.statements.size(); ++i) {
    const auto condition = conflict.condition(part.statements[i].when);
    const auto weight = part.statements[i].values.at(0).second.value()->scaled(6);
    add_statement(conflict, p, i, *weight, condition->pool->support(condition->expr), score);
  }
  std::vector<std::int64_t> sorted = score;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  Values out(n);
  for (std::size_t s = 0; s < n; ++s)
    out[s] = static_cast<std::int32_t>(std::lower_bound(sorted.begin(), sorted.end(), score[s]) -
                                       sorted.begin());
  return out;
}

/// v(x) becomes the least (or greatest) over the states that differ from x in the bits of `mask`.
template <class Pick>
void butterfly(Values& v, std::uint64_t mask, Pick pick) {
  for (std::size_t stride = 1; stride < v.size(); stride *= 2) {
    if ((mask & stride) == 0) continue;
    for (std::size_t base = 0; base < v.size(); base += 2 * stride)
      for (std::size_t i = base; i < base + stride; ++i)
        v[i] = v[i + stride] = pick(v[i], v[i + stride]);
  }
}

constexpr auto least = [](std::int32_t a, std::int32_t b) { return std::min(a, b); };
constexpr auto most = [](std::int32_t a, std::int32_t b) { return std::max(a, b); };

/// The rows of one party one after the other, each in ascending order of its ranks.
std::vector<std::uint32_t> sorted_rows(const Values& rank, std::uint64_t mask) {
  std::vector<std::uint32_t> out;
  out.reserve(rank.size());
  for (std::uint64_t base = 0; base < rank.size(); ++base) {
    if ((base & mask) != 0) continue;
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    std::uint64_t in = 0;
    do {
      out.push_back(static_cast<std::uint32_t>(base | in));
      in = (in - mask) & mask;
    } while (in != 0);
    std::sort(out.begin() + begin, out.end(),
              [&](std::uint32_t a, std::uint32_t b) { return rank[a] < rank[b]; });
  }
  return out;
}

/// For each x the pick of v over the states of its row that the party finds better; `visit(x,
/// found)` where there is one.
template <class Pick, class Visit>
void better_in_row(const std::vector<std::uint32_t>& rows, std::size_t width, const Values& rank,
                   const Values& v, Pick pick, Visit visit) {
  for (std::size_t begin = 0; begin < rows.size(); begin += width) {
    bool any = false;
    std::int32_t found = 0;
    std::size_t at = begin + width;
    while (at > begin) {
      // A class of equals: none of them is better than another.
      std::size_t first = at;
      while (first > begin && rank[rows[first - 1]] == rank[rows[at - 1]]) --first;
      std::int32_t own = v[rows[first]];
      for (std::size_t i = first; i < at; ++i) own = pick(own, v[rows[i]]);
      if (any)
        for (std::size_t i = first; i < at; ++i) visit(rows[i], found);
      // What was visited may have changed v.
      for (std::size_t i = first; i < at; ++i) own = pick(own, v[rows[i]]);
      found = any ? pick(found, own) : own;
      any = true;
      at = first;
    }
  }
}

}  // namespace

bool plain_sweep_takes(const Conflict& conflict) {
  if (conflict.graph_form() || conflict.mover_count() != conflict.party_count()) return false;
  if (!conflict.nevers().empty() || conflict.option_count() > 30) return false;
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    if (!info.binary || info.joint || !info.enabled || info.moves != Direction::Both) return false;
  }
  for (const PartyId p : conflict.parties()) {
    const PreferencePart* part = conflict.preference_part(p);
    if (conflict.party(p).third || part == nullptr || part->method != Method::Weights) return false;
    if (!part->criteria.empty() || !conflict.mover(conflict.mover_of(p)).forbids.empty())
      return false;
    for (const StatementPart& s : part->statements)
      if (s.vital || !s.enabled) return false;
  }
  return true;
}

PlainStability plain_sweep(const Conflict& conflict) {
  const std::size_t n = std::size_t{1} << conflict.option_count();
  const std::size_t parties = conflict.party_count();
  std::vector<Values> rank;
  std::vector<std::uint64_t> mask(parties, 0);
  std::vector<std::vector<std::uint32_t>> rows;
  for (const PartyId p : conflict.parties()) {
    for (const OptionId o : conflict.options())
      if (contains(conflict.option(o).owners, p)) mask[p.index()] |= std::uint64_t{1} << o.index();
    rank.push_back(ranks(conflict, p));
    rows.push_back(sorted_rows(rank.back(), mask[p.index()]));
  }
  const auto width = [&](std::size_t p) { return std::size_t{1} << std::popcount(mask[p]); };

  PlainStability out;
  out.stable.assign(parties, std::vector<std::uint8_t>(n, 0));
  out.stable_total.resize(parties);
  for (std::size_t p = 0; p < parties; ++p) {
    const Values& r = rank[p];
    const std::uint64_t others = (n - 1) & ~mask[p];
    auto& stable = out.stable[p];
    const auto mark = [&](Concept c, const auto& is_stable) {
      for (std::size_t s = 0; s < n; ++s)
        if (is_stable(s)) stable[s] |= static_cast<std::uint8_t>(1u << static_cast<int>(c));
    };
    // Minimum over everything the opponents' improvements lead to: sweeps until nothing changes.
    const auto sweep = [&](Values v) {
      for (bool changed = true; changed;) {
        changed = false;
        for (std::size_t j = 0; j < parties; ++j) {
          if (j == p) continue;
          better_in_row(rows[j], width(j), rank[j], v, least,
                        [&](std::uint32_t x, std::int32_t found) {
                          if (found >= v[x]) return;
                          v[x] = found;
                          changed = true;
                        });
        }
      }
      return v;
    };
    // No state of the row beats s by its value, and the same among improvements only.
    const auto plain = [&](Concept c, Values b) {
      butterfly(b, mask[p], most);
      mark(c, [&](std::size_t s) { return b[s] <= r[s]; });
    };
    const auto symmetric = [&](Concept c, const Values& v) {
      Values worst(n, -1);
      better_in_row(rows[p], width(p), r, v, most,
                    [&](std::uint32_t x, std::int32_t found) { worst[x] = found; });
      mark(c, [&](std::size_t s) { return worst[s] <= r[s]; });
    };
    Values e = r;
    butterfly(e, mask[p], most);
    mark(Concept::Nash, [&](std::size_t s) { return e[s] <= r[s]; });
    Values b = r;
    butterfly(b, others, least);
    plain(Concept::Gmr, std::move(b));
    Values c = e;
    butterfly(c, others, least);
    symmetric(Concept::Smr, c);
    plain(Concept::Seq, sweep(r));
    symmetric(Concept::Sseq, sweep(e));
    for (std::size_t s = 0; s < n; ++s)
      for (int k = 0; k < 5; ++k)
        out.stable_total[p][static_cast<std::size_t>(k)] += (stable[s] >> k) & 1u;
  }
  for (std::size_t s = 0; s < n; ++s) {
    std::uint8_t all = 0xFF;
    for (const auto& of_party : out.stable) all &= of_party[s];
    for (int k = 0; k < 5; ++k) out.equilibria[static_cast<std::size_t>(k)] += (all >> k) & 1u;
  }
  return out;
}

}  // namespace wayout::bench
