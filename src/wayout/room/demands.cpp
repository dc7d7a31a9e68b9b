#include "wayout/room/demands.hpp"

#include <algorithm>
#include <bit>
#include <unordered_set>

#include "wayout/room/demand_book.hpp"
#include "wayout/room/hitting.hpp"
#include "wayout/room/taste.hpp"

namespace wayout {
namespace {

struct BitsHash {
  std::size_t operator()(const Bits& b) const {
    std::uint64_t x = 0;
    for (const std::uint64_t w : b) x = hash_bits((UInt128{x} << 64) | w);
    return x;
  }
};

void erase_bit(Bits& bits, std::size_t i) { bits[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }

class Inquiry {
 public:
  Inquiry(const DealTable& table, State base, const std::vector<Taste>& tastes,
          const References& references, const DemandSettings& settings, const DealSettings& deals)
      : table_(table),
        base_(base),
        tastes_(tastes),
        settings_(settings),
        deals_(deals),
        book_(table, tastes, references) {}

  NoRoom run(const std::vector<PartyMask>& suits) {
    at_odds(suits);
    look_at_outcomes();
    if (out_.end != End::Complete) return std::move(out_);
    if (out_.nothing_possible) {
      what_excludes([](const Raw& r) { return !r.base; }, out_.rules, out_.link);
      return std::move(out_);
    }
    contradictions();
    return std::move(out_);
  }

 private:
  /// Smallest sets of members that fit into no set that some outcome suits.
  void at_odds(const std::vector<PartyMask>& suits) {
    std::vector<std::vector<std::size_t>> missing;
    for (const PartyMask m : suits) {
      std::vector<std::size_t> out;
      for (std::size_t k = 0; k < tastes_.size(); ++k)
        if (((m >> k) & 1u) == 0) out.push_back(k);
      missing.push_back(std::move(out));
    }
    std::vector<std::vector<std::size_t>> found;
    std::uint64_t budget = 100'000;
    while (const auto set = smallest_hitting_set(missing, found, budget)) {
      PartyMask parties = 0;
      for (const std::size_t k : *set) parties |= mask_of(tastes_[k].party());
      out_.at_odds.push_back(parties);
      found.push_back(*set);
      if (set->empty()) break;
    }
  }

  void look_at_outcomes() {
    std::unordered_set<Bits, BitsHash> seen;
    std::vector<bool> gains(tastes_.size(), false);
    std::uint64_t possible = 0;
    std::optional<Key> best;
    std::vector<std::optional<Key>> alone(tastes_.size());
    std::vector<std::optional<Yielding>> alone_best(tastes_.size());
    std::optional<Yielding> fewest;
    bool too_many = false;
    const DealWalk walk = for_each_deal(table_, base_, deals_, [&](State s) {
      if (s != base_) ++possible;
      Bits pattern = book_.pattern(s);
      const bool fresh = !too_many && seen.insert(pattern).second;
      if (fresh && seen.size() > settings_.most_patterns) too_many = true;
      for (std::size_t k = 0; k < tastes_.size(); ++k)
        if (!gains[k]) gains[k] = book_.gains(pattern, k);
      const auto waiver = book_.fewest(pattern);
      if (!waiver) return true;
      std::size_t parties = 0;
      for (const auto& gives : waiver->members) parties += gives.empty() ? 0 : 1;
      const auto changed = static_cast<std::size_t>(changes(s));
      const Key key{{waiver->total, parties}, {changed, s}};
      if (fewest && best && key.first == best->first) ++fewest->ties;
      if (!best || key < *best) {
        const std::uint64_t ties = best && key.first == best->first ? fewest->ties : 1;
        best = key;
        fewest = yielding(pattern, *waiver, s);
        fewest->ties = ties;
      }
      for (std::size_t who = 0; who < tastes_.size(); ++who) {
        const auto mine = book_.alone(pattern, who);
        if (!mine) continue;
        const auto shortfall = book_.shortfall(pattern, who);
        Key key_alone{{mine->total, 0}, {changed, s}};
        if (book_.numeric(who))
          key_alone.first = {static_cast<std::uint64_t>(shortfall.first),
                             static_cast<std::uint64_t>(shortfall.second)};
        const bool same = alone[who] && key_alone.first == alone[who]->first;
        if (same) ++alone_best[who]->ties;
        if (alone[who] && !(key_alone < *alone[who])) continue;
        const std::uint64_t ties = same ? alone_best[who]->ties : 1;
        alone[who] = key_alone;
        alone_best[who] = yielding(pattern, *mine, s);
        alone_best[who]->ties = ties;
      }
      return true;
    });
    out_.end = walk.end;
    out_.nothing_possible = possible == 0;
    for (std::size_t k = 0; k < tastes_.size(); ++k) {
      if (!gains[k]) out_.nothing_for |= mask_of(tastes_[k].party());
      if (alone_best[k]) out_.alone.emplace_back(tastes_[k].party(), *alone_best[k]);
    }
    if (fewest) out_.fewest.push_back(*fewest);
    if (too_many) {
      out_.all_contradictions = false;
      return;
    }
    patterns_.assign(seen.begin(), seen.end());
    std::sort(patterns_.begin(), patterns_.end());
  }

  using Key = std::pair<std::pair<std::uint64_t, std::uint64_t>, std::pair<std::size_t, State>>;

  int changes(State s) const {
    int out = 0;
    if (table_.conflict.graph_form()) return s == base_ ? 0 : 1;
    for (const Digit& d : table_.digits)
      out += table_.conflict.level(s, d.option) != table_.conflict.level(base_, d.option) ? 1 : 0;
    return out;
  }

  Yielding yielding(const Bits& pattern, const DemandBook::Waiver& waiver, State s) const {
    Yielding out;
    out.outcome = s;
    for (std::size_t k = 0; k < waiver.members.size(); ++k) {
      for (const std::size_t d : waiver.members[k]) out.gives_up.push_back(book_.demands()[d]);
      out.shortfall.push_back(book_.shortfall(pattern, k));
    }
    return out;
  }

  /// An outcome that suits everybody when only these losses count.
  const Bits* suited(const Bits& counted) {
    for (const Bits& p : patterns_) {
      if (work_ == 0) return nullptr;
      work_ -= std::min<std::uint64_t>(work_, book_.atoms());
      if (book_.suits(p, counted)) return &p;
    }
    return nullptr;
  }

  bool stopped() {
    if (deals_.watch.cancelled()) {
      out_.end = End::Cancelled;
    } else if (work_ == 0 || budget_ == 0 || deals_.watch.out_of_time()) {
      out_.all_contradictions = false;
      return true;
    }
    return out_.end != End::Complete;
  }

  void contradictions() {
    if (patterns_.empty()) return;
    work_ = settings_.most_work;
    const Bits none(book_.demands().size() / 64 + 1, 0);
    std::vector<std::vector<std::size_t>> corrections;
    std::vector<std::vector<std::size_t>> found;
    while (true) {
      if (stopped()) return;
      const auto set = smallest_hitting_set(corrections, found, budget_);
      if (stopped()) return;
      if (!set) return;
      if (found.size() == settings_.most_contradictions) {
        out_.all_contradictions = false;
        return;
      }
      Bits counted = none;
      for (const std::size_t d : *set) set_bit(counted, d);
      const Bits* p = suited(counted);
      if (stopped()) return;
      if (p == nullptr) {
        found.push_back(*set);
        Contradiction c;
        for (const std::size_t d : *set) c.demands.push_back(book_.demands()[d]);
        c.rules_known = what_excludes([&](const Raw& r) { return book_.suits(r.pattern, counted); },
                                      c.rules, c.link);
        out_.contradictions.push_back(std::move(c));
        if (set->empty()) return;
        continue;
      }
      // Let as many losses count as this outcome can stand: what is left has to be given up.
      for (std::size_t d = 0; d < book_.demands().size(); ++d) {
        if (bit(counted, d)) continue;
        set_bit(counted, d);
        if (!book_.suits(*p, counted)) erase_bit(counted, d);
      }
      std::vector<std::size_t> given_up;
      for (std::size_t d = 0; d < book_.demands().size(); ++d)
        if (!bit(counted, d)) given_up.push_back(d);
      corrections.push_back(std::move(given_up));
    }
  }

  /// An outcome of the table's options, feasible or not.
  struct Raw {
    Bits pattern;
    Bits broken;         ///< of the rules that speak of the table, by place in relevant_
    bool linked = true;  ///< it meets the link
    bool base = false;
  };

  /// Lists them once; false where there are too many.
  bool raw() {
    if (listed_) return !too_many_raw_;
    listed_ = true;
    const Conflict& conflict = table_.conflict;
    const auto nevers = conflict.nevers();
    for (std::size_t i = 0; i < nevers.size(); ++i)
      if ((conflict.pool().support(nevers[i].first) & table_.mask) != 0) relevant_.push_back(i);
    if (relevant_.empty() && !table_.link) return true;  // nothing could be named
    constexpr std::uint64_t kMost = 100'000;
    const std::vector<std::size_t> none;
    DealSettings settings = deals_;
    settings.rules = &none;
    settings.link = false;
    settings.most = kMost;
    const DealWalk walk = for_each_deal(table_, base_, settings, [&](State s) {
      Raw r{book_.pattern(s), Bits(relevant_.size() / 64 + 1, 0), true, s == base_};
      for (std::size_t k = 0; k < relevant_.size(); ++k)
        if (conflict.holds(nevers[relevant_[k]].first, s)) set_bit(r.broken, k);
      r.linked = !table_.link || conflict.holds(*table_.link, s);
      raw_.push_back(std::move(r));
      return true;
    });
    too_many_raw_ = walk.end != End::Complete;
    return !too_many_raw_;
  }

  /// Which rules, and whether the link, it takes so that no outcome is `wanted`: none can be left
  /// out. Returns false where that was not looked for, past the limit.
  bool what_excludes(const std::function<bool(const Raw&)>& wanted, std::vector<std::size_t>& rules,
                     bool& link) {
    if (!raw()) return false;
    std::vector<const Raw*> candidates;
    for (const Raw& r : raw_)
      if (wanted(r)) candidates.push_back(&r);
    Bits kept(relevant_.size() / 64 + 1, 0);
    for (std::size_t k = 0; k < relevant_.size(); ++k) set_bit(kept, k);
    const auto excluded = [&](bool with_link) {
      return std::none_of(candidates.begin(), candidates.end(), [&](const Raw* r) {
        if (with_link && !r->linked) return false;
        for (std::size_t w = 0; w < kept.size(); ++w)
          if ((kept[w] & r->broken[w]) != 0) return false;
        return true;
      });
    };
    link = table_.link.has_value() && !excluded(false);
    for (std::size_t k = 0; k < relevant_.size(); ++k) {
      erase_bit(kept, k);
      if (!excluded(link)) set_bit(kept, k);
    }
    for (std::size_t k = 0; k < relevant_.size(); ++k)
      if (bit(kept, k)) rules.push_back(table_.conflict.nevers()[relevant_[k]].second);
    return true;
  }

  const DealTable& table_;
  State base_;
  const std::vector<Taste>& tastes_;
  const DemandSettings& settings_;
  const DealSettings& deals_;
  DemandBook book_;
  std::vector<Bits> patterns_;
  std::vector<Raw> raw_;
  std::vector<std::size_t> relevant_;  ///< places in nevers()
  bool listed_ = false;
  bool too_many_raw_ = false;
  std::uint64_t work_ = 1;
  std::uint64_t budget_ = 2'000'000;
  NoRoom out_;
};

}  // namespace

NoRoom no_room(const DealTable& table, State base, const std::vector<Taste>& tastes,
               const References& references, const std::vector<PartyMask>& suits,
               const DemandSettings& settings, const DealSettings& deals) {
  return Inquiry(table, base, tastes, references, settings, deals).run(suits);
}

}  // namespace wayout
