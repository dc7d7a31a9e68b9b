// Contradictions and the least giving up against all subsets of demands, by the definition.
#include "wayout/room/demands.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wayout/io/case_file.hpp"
#include "wayout/model/view.hpp"
#include "wayout/room/hitting.hpp"
#include "wayout/room/room.hpp"
#include "wayout/space/random_conflict.hpp"

namespace wayout {
namespace {

/// A demand in words that do not depend on anything of the engine.
using Id = std::pair<std::size_t, std::size_t>;  // party, statement or option

/// Whether p is content with t against `from` when only losses on `counted` demands count: 1
/// better, 0 neither, -1 worse. Straight from docs/semantics.md.
int standing(const Conflict& c, PartyId p, State t, State from, const std::set<Id>& counted) {
  const PreferencePart& part = *c.preference_part(p);
  const auto counts = [&](std::size_t k) { return counted.count({p.index(), k}) != 0; };
  if (part.method == Method::Ranking) {
    const int order = c.compare(p, t, from);
    return order > 0 || !counts(0) ? 1 : order;
  }
  if (part.method == Method::Additive) {
    std::int64_t sum = 0;
    for (const OptionId o : c.options()) {
      const std::int64_t d =
          c.level_weight(p, o, c.level(t, o)) - c.level_weight(p, o, c.level(from, o));
      if (d > 0 || counts(o.index())) sum += d;
    }
    return sum > 0 ? 1 : sum < 0 ? -1 : 0;
  }
  std::int64_t sums[2] = {0, 0};
  for (const bool vital : {true, false})
    for (std::size_t k = 0; k < part.statements.size(); ++k) {
      const StatementPart& s = part.statements[k];
      if (!s.enabled || s.vital != vital) continue;
      const int change = int{c.statement_holds(p, k, t)} - int{c.statement_holds(p, k, from)};
      const bool priorities = part.method == Method::Priorities;
      const std::int64_t worth = change * (priorities ? 1 : c.statement_weight(p, k));
      if (worth == 0 || (worth < 0 && !counts(k))) continue;
      if (priorities) return worth > 0 ? 1 : -1;
      sums[vital ? 0 : 1] += worth;
    }
  const std::int64_t at = sums[0] != 0 ? sums[0] : sums[1];
  return at > 0 ? 1 : at < 0 ? -1 : 0;
}

bool suits(const TableRoom& t, State s, const std::set<Id>& counted) {
  bool some = false;
  for (std::size_t k = 0; k < t.members.size(); ++k) {
    const int at = t.table.conflict.party(t.members[k]).third
                       ? 0
                       : standing(t.table.conflict, t.members[k], s, t.reference[k], counted);
    if (at < 0 || (at == 0 && t.table.consent == Consent::AllBetter)) return false;
    some = some || at > 0;
  }
  return some;
}

/// Everything that could be a demand of a member.
std::vector<Id> universe(const TableRoom& t) {
  std::vector<Id> out;
  const Conflict& c = t.table.conflict;
  for (const PartyId p : t.members) {
    const PreferencePart* part = c.preference_part(p);
    if (part == nullptr || c.party(p).third) continue;
    const std::size_t n = part->method == Method::Ranking    ? 1
                          : part->method == Method::Additive ? c.option_count()
                                                             : part->statements.size();
    for (std::size_t k = 0; k < n; ++k) out.emplace_back(p.index(), k);
  }
  return out;
}

std::set<Id> ids(const std::vector<Demand>& demands) {
  std::set<Id> out;
  for (const Demand& d : demands) out.emplace(d.party.index(), d.index);
  return out;
}

void check(std::uint64_t seed) {
  RandomSettings s;
  s.parties = 2 + seed % 2;
  s.options = 4;
  s.most_levels = 3;
  s.joint = 0.6;
  s.third = 0.05;
  s.tracks = 1;
  s.statements = 3;
  s.weights = 4;
  s.nevers = seed % 3;
  s.linked = 0.3;
  s.disabled = 0.02;
  const auto conflict = build(random_parts(s, seed));
  RC_ASSERT(conflict.has_value());
  RoomSettings settings;
  settings.than = Than::Now;
  settings.demands.most_contradictions = 100'000;
  for (const TableRoom& t : room(*conflict, {}, settings).tables) {
    if (!t.no_room || t.no_room->nothing_possible) continue;
    const NoRoom& n = *t.no_room;
    const std::vector<Id> all = universe(t);
    if (all.size() > 12) continue;
    std::vector<State> outcomes;
    const State base = *conflict->status_quo();
    for_each_deal(t.table, base, {}, [&](State o) {
      outcomes.push_back(o);
      return true;
    });
    const auto room_with = [&](const std::set<Id>& counted) {
      return std::any_of(outcomes.begin(), outcomes.end(),
                         [&](State o) { return suits(t, o, counted); });
    };
    // All subsets: without room, minimal; with room, the fewest left out.
    std::set<std::set<Id>> minimal;
    std::optional<std::size_t> fewest;
    std::vector<std::set<Id>> subsets;
    for (std::size_t bits = 0; bits < (std::size_t{1} << all.size()); ++bits) {
      std::set<Id> counted;
      for (std::size_t i = 0; i < all.size(); ++i)
        if ((bits >> i) & 1u) counted.insert(all[i]);
      subsets.push_back(std::move(counted));
    }
    std::stable_sort(subsets.begin(), subsets.end(),
                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
    for (const auto& counted : subsets) {
      if (room_with(counted)) {
        const std::size_t out = all.size() - counted.size();
        fewest = fewest ? std::min(*fewest, out) : out;
        continue;
      }
      const bool covered = std::any_of(minimal.begin(), minimal.end(), [&](const auto& m) {
        return std::includes(counted.begin(), counted.end(), m.begin(), m.end());
      });
      if (!covered) minimal.insert(counted);
    }
    std::set<std::set<Id>> found;
    std::size_t last = 0;
    for (const Contradiction& c : n.contradictions) {
      RC_ASSERT(c.demands.size() >= last);
      last = c.demands.size();
      found.insert(ids(c.demands));
    }
    RC_ASSERT(n.all_contradictions);
    RC_ASSERT(found == minimal);
    RC_ASSERT(n.fewest.empty() == !fewest.has_value());
    if (fewest) {
      RC_ASSERT(n.fewest.front().gives_up.size() == *fewest);
      std::set<Id> counted(all.begin(), all.end());
      for (const Id& id : ids(n.fewest.front().gives_up)) counted.erase(id);
      RC_ASSERT(suits(t, n.fewest.front().outcome, counted));
    }
    // Yielding alone: it helps, and only that party gives anything up.
    for (const auto& [p, y] : n.alone) {
      std::set<Id> counted(all.begin(), all.end());
      for (const Id& id : ids(y.gives_up)) {
        RC_ASSERT(id.first == p.index());
        counted.erase(id);
      }
      RC_ASSERT(suits(t, y.outcome, counted));
    }
    for (const PartyId p : t.members) {
      std::set<Id> others;
      for (const Id& id : all)
        if (id.first != p.index()) others.insert(id);
      const bool named =
          std::any_of(n.alone.begin(), n.alone.end(), [&](const auto& a) { return a.first == p; });
      RC_ASSERT(named == room_with(others));
    }
    // Smallest sets of members that no outcome suits together.
    std::set<PartyMask> odds;
    for (PartyMask m = 0; m < (PartyMask{1} << t.members.size()); ++m) {
      const auto suited = [&](PartyMask some) {
        return std::any_of(t.suits.begin(), t.suits.end(),
                           [&](const auto& entry) { return (entry.first & some) == some; });
      };
      bool least = !suited(m);
      for (std::size_t k = 0; k < t.members.size(); ++k)
        if ((m >> k) & 1u) least = least && suited(m & ~(PartyMask{1} << k));
      if (!least) continue;
      PartyMask parties = 0;
      for (std::size_t k = 0; k < t.members.size(); ++k)
        if ((m >> k) & 1u) parties |= mask_of(t.members[k]);
      odds.insert(parties);
    }
    if (t.table.consent == Consent::AllBetter)
      RC_ASSERT(std::set<PartyMask>(n.at_odds.begin(), n.at_odds.end()) == odds);
    // The rules and the link named are enough, and none can be left out.
    const auto nevers = t.table.conflict.nevers();
    for (const Contradiction& c : n.contradictions) {
      RC_ASSERT(c.rules_known);
      const std::set<Id> counted = ids(c.demands);
      const auto excluded = [&](const std::vector<std::size_t>& rules, bool link) {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < nevers.size(); ++i)
          if (std::find(rules.begin(), rules.end(), nevers[i].second) != rules.end())
            places.push_back(i);
        DealSettings deals;
        deals.rules = &places;
        deals.link = link;
        bool met = false;
        for_each_deal(t.table, base, deals, [&](State o) {
          met = suits(t, o, counted);
          return !met;
        });
        return !met;
      };
      RC_ASSERT(excluded(c.rules, c.link));
      for (std::size_t i = 0; i < c.rules.size(); ++i) {
        auto fewer = c.rules;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        RC_ASSERT(!excluded(fewer, c.link));
      }
      if (c.link) RC_ASSERT(!excluded(c.rules, false));
    }
  }
}

// Ten at a time: most random tables have room, or nothing to agree on.
RC_GTEST_PROP(Demands, agree_with_all_subsets, (std::uint64_t seed)) {
  for (std::uint64_t k = 0; k < 10; ++k) check(hash_bits(seed * 10 + k));
}

RC_GTEST_PROP(HittingSet, is_smallest, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 8);
  const auto family = [&](std::size_t most) {
    std::vector<std::vector<std::size_t>> out;
    const auto count = *rc::gen::inRange<std::size_t>(0, most);
    for (std::size_t i = 0; i < count; ++i) {
      const auto bits = *rc::gen::inRange<std::size_t>(1, std::size_t{1} << n);
      out.emplace_back();
      for (std::size_t e = 0; e < n; ++e)
        if ((bits >> e) & 1u) out.back().push_back(e);
    }
    return out;
  };
  const auto sets = family(6);
  const auto blocked = family(3);
  std::optional<std::size_t> best;
  for (std::size_t bits = 0; bits < (std::size_t{1} << n); ++bits) {
    const auto in = [&](std::size_t e) { return (bits >> e) & 1u; };
    const bool hits = std::all_of(sets.begin(), sets.end(), [&](const auto& s) {
      return std::any_of(s.begin(), s.end(), in);
    });
    const bool free = std::none_of(blocked.begin(), blocked.end(), [&](const auto& s) {
      return std::all_of(s.begin(), s.end(), in);
    });
    const auto size = static_cast<std::size_t>(__builtin_popcountll(bits));
    if (hits && free && (!best || size < *best)) best = size;
  }
  std::uint64_t budget = 1'000'000;
  const auto got = smallest_hitting_set(sets, blocked, budget);
  RC_ASSERT(got.has_value() == best.has_value());
  if (got) RC_ASSERT(got->size() == *best);
}

TEST(Demands, WhatTheRulesExclude) {
  const auto file = parse_case(R"(
format = 1
title = "t"
[[party]]
id = "a"
[[party]]
id = "b"
[[option]]
id = "x"
parties = ["a", "b"]
[[option]]
id = "y"
parties = ["a", "b"]
[[rule]]
id = "not_both"
never = "x and y"
[[preference]]
party = "a"
method = "weights"
statements = [ { id = "wants_x", when = "x", weight = 2 }, { id = "hates_y", when = "y", weight = -1 } ]
[[preference]]
party = "b"
method = "weights"
statements = [ { id = "wants_y", when = "y", weight = 2 }, { id = "hates_x", when = "x", weight = -3 } ]
[[track]]
id = "t"
parties = ["a", "b"]
table = ["x", "y"]
)",
                               "t.toml");
  ASSERT_TRUE(file.has_value());
  const auto conflict = view(file->parts);
  ASSERT_TRUE(conflict.has_value());
  RoomSettings settings;
  settings.than = Than::Now;
  const RoomAnswer answer = room(*conflict, {}, settings);
  const TableRoom& t = answer.tables[0];
  EXPECT_EQ(t.deals, 3u);
  EXPECT_EQ(t.room, 0u);
  ASSERT_TRUE(t.no_room.has_value());
  // x alone gives b nothing and y alone gives a nothing; both together are excluded. No giving up
  // of losses helps.
  EXPECT_TRUE(t.no_room->fewest.empty());
  ASSERT_EQ(t.no_room->contradictions.size(), 1u);
  EXPECT_TRUE(t.no_room->contradictions[0].demands.empty());
  EXPECT_EQ(t.no_room->contradictions[0].rules, std::vector<std::size_t>{0});
  ASSERT_EQ(t.no_room->at_odds.size(), 1u);
  EXPECT_EQ(t.no_room->at_odds[0], PartyMask{3});
}

}  // namespace
}  // namespace wayout
