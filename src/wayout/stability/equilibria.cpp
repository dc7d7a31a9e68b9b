#include "wayout/stability/equilibria.hpp"

#include <algorithm>
#include <bit>

#include "wayout/space/closure.hpp"
#include "wayout/stability/describe_blocks.hpp"
#include "wayout/stability/plain_grid.hpp"
#include "wayout/stability/reached_plain.hpp"

namespace wayout {
namespace {

/// The points that none of those met so far dominates.
class Front {
 public:
  explicit Front(std::size_t parties) : width_(parties) {}

  /// Returns the comparisons made.
  std::uint64_t meet(std::span<const std::uint32_t> point, std::uint64_t state) {
    std::uint64_t compared = 0;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      ++compared;
      const auto [better, worse] = against(classes_[i].ranks, point);
      if (!better && !worse) {
        ++classes_[i].count;
        classes_[i].first = std::min(classes_[i].first, state);
        return compared;
      }
      if (better && !worse) {
        // What dominates one often dominates the next.
        if (i > 0) std::swap(classes_[i], classes_[i / 2]);
        return compared;
      }
    }
    std::erase_if(classes_, [&](const EfficientClass& c) {
      const auto [better, worse] = against(c.ranks, point);
      return worse && !better;
    });
    classes_.push_back({{point.begin(), point.end()}, 1, state});
    return 2 * compared;
  }

  std::vector<EfficientClass> take() {
    std::sort(classes_.begin(), classes_.end(),
              [](const EfficientClass& a, const EfficientClass& b) { return a.first < b.first; });
    return std::move(classes_);
  }

 private:
  /// Whether a is better than b for some party, and worse for some. A smaller rank is better.
  std::pair<bool, bool> against(std::span<const std::uint32_t> a,
                                std::span<const std::uint32_t> b) const {
    bool better = false, worse = false;
    for (std::size_t p = 0; p < width_; ++p) {
      better |= a[p] < b[p];
      worse |= a[p] > b[p];
    }
    return {better, worse};
  }

  std::size_t width_;
  std::vector<EfficientClass> classes_;
};

}  // namespace

std::vector<EquilibriaSummary> summarise_equilibria(const Conflict& conflict,
                                                    const VerdictTable& table,
                                                    std::span<const Concept> concepts,
                                                    const EquilibriaSettings& settings) {
  std::vector<EquilibriaSummary> out(concepts.size());
  std::vector<StableSet> sets;
  std::vector<Front> fronts(concepts.size(), Front(conflict.party_count()));
  for (std::size_t c = 0; c < concepts.size(); ++c) {
    out[c].concept_ = concepts[c];
    out[c].ordered = conflict.all_weak_orders();
    for (const PartyId p : conflict.parties())
      if (conflict.weak_order(p) && !conflict.party(p).third) out[c].best.push_back({p, 0, 0, 0});
    sets.push_back({concepts[c], std::nullopt});
  }
  std::vector<describing::Word> in;
  std::vector<std::uint32_t> ranks(conflict.party_count(), 0);
  std::uint64_t compared = 0;
  End end = End::Complete;
  for (std::uint64_t begin = 0; begin < table.size; begin += 64) {
    if ((begin & 0xFFFFFu) == 0) {
      settings.watch.tell("comparing the equilibria", begin, table.size);
      if (settings.watch.cancelled()) end = End::Cancelled;
      if (settings.watch.out_of_time() || compared > settings.most_comparisons) end = End::Limit;
      if (end != End::Complete) break;
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(64, table.size - begin));
    describing::set_words(table, sets, begin, count, in);
    describing::Word any = 0;
    for (const describing::Word w : in) any |= w;
    for (; any != 0; any &= any - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(any));
      const std::uint64_t i = begin + bit;
      for (const PartyId p : conflict.parties()) ranks[p.index()] = table.rank(p, i);
      for (std::size_t c = 0; c < concepts.size(); ++c) {
        if (((in[c] >> bit) & 1u) == 0) continue;
        ++out[c].total;
        for (BestEquilibrium& best : out[c].best) {
          const std::uint32_t rank = ranks[best.party.index()];
          if (best.count == 0 || rank < best.rank) best = {best.party, rank, 0, i};
          if (rank == best.rank) ++best.count;
        }
        if (out[c].ordered) compared += fronts[c].meet(ranks, i);
      }
    }
  }
  for (std::size_t c = 0; c < concepts.size(); ++c) {
    out[c].end = end;
    if (out[c].total == 0) out[c].best.clear();
    if (end != End::Complete) continue;
    out[c].efficient = fronts[c].take();
    for (const EfficientClass& e : out[c].efficient) out[c].efficient_total += e.count;
  }
  return out;
}

ReachedEquilibria reached_equilibria(const Conflict& conflict, const VerdictTable& table,
                                     const std::function<std::optional<std::uint64_t>(State)>& find,
                                     State from, std::span<const Concept> concepts,
                                     const ReachedSettings& settings) {
  if (settings.space != nullptr && !table.goodness.empty())
    if (const auto shape = plain_shape(conflict, *settings.space)) {
      const auto start = find(from);
      contract(start.has_value(), "the start is in the table");
      return reached_plain(*shape, table, *start, concepts, settings);
    }
  ReachedEquilibria out;
  const auto meet = [&](State s, std::uint32_t steps) {
    ++out.met;
    const auto index = find(s);
    contract(index.has_value(), "a state that moves lead to is in the table");
    ReachedEquilibria::Found found{s, *index, steps, 0};
    for (const Concept c : concepts) {
      if (!table.is_equilibrium(*index, c)) continue;
      found.concepts |= static_cast<std::uint8_t>(1u << static_cast<int>(c));
      ++out.count[static_cast<std::size_t>(c)];
    }
    if (found.concepts != 0 && out.found.size() < settings.most_listed) out.found.push_back(found);
  };
  RowSpace space(conflict);
  ClosureSettings cs;
  for (const MoverId m : conflict.movers()) cs.movers.push_back(m);
  cs.most_states = 8 * settings.most_states;  // rows listed along the way count there too
  cs.watch = settings.watch;
  Closure closure(space, std::move(cs));
  meet(from, 0);
  bool full = false;
  out.end = closure.run(from, [&](std::uint32_t node) {
    meet(closure.state(node), closure.nodes()[node].steps);
    full = out.met >= settings.most_states;
    return full ? Closure::Next::Stop : Closure::Next::Go;
  });
  if (full && out.end == End::Complete) out.end = End::Limit;
  return out;
}

}  // namespace wayout
