#include "wayout/stability/reached_plain.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "wayout/space/random_conflict.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/plain_grid.hpp"
#include "wayout/stability/reference.hpp"

namespace wayout {
namespace {

/// What improvements lead to and in how many steps, by the definition.
std::map<std::size_t, std::uint32_t> steps_from(const reference::Model& m, std::size_t from) {
  std::map<std::size_t, std::uint32_t> out{{from, 0}};
  std::vector<std::size_t> queue{from};
  for (std::size_t i = 0; i < queue.size(); ++i)
    for (std::size_t mover = 0; mover < reference::mover_count(m); ++mover)
      for (const std::size_t t : reference::improvements(m, mover, queue[i]))
        if (out.emplace(t, out[queue[i]] + 1).second) queue.push_back(t);
  return out;
}

TEST(ReachedPlain, AsSearchedStateByState) {
  std::size_t searches = 0;
  std::size_t found = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    RandomSettings s;
    s.parties = 2 + seed % 3;
    s.options = 4 + seed % 3;
    s.graded = seed % 3 == 0 ? 0.4 : 0;
    s.one_way = s.joint = 0;
    s.nevers = s.forbids = s.tracks = 0;
    s.statements = 6;
    const Parts parts = random_parts(s, 300 + seed);
    const auto conflict = build(parts);
    const auto model = reference::make(parts);
    ASSERT_TRUE(conflict && model);
    const FullStability full = full_stability(*conflict);
    const auto shape = plain_shape(*conflict, *full.space);
    if (!shape || !conflict->all_weak_orders()) continue;
    VerdictTable table;
    table.size = full.size();
    for (const PartyId p : conflict->parties()) {
      table.stable.push_back(full.stable[p.index()].data());
      table.goodness.push_back(full.goodness[p.index()].data());
    }
    table.states = [&](std::uint64_t begin, std::span<State> out) {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = full.space->state(begin + i);
    };
    table.rank = [&](PartyId p, std::uint64_t i) { return full.rank(p, i); };
    std::vector<std::size_t> number;
    for (std::uint64_t i = 0; i < full.size(); ++i) {
      reference::Levels levels;
      for (const OptionId o : conflict->options())
        levels.push_back(conflict->level(full.space->state(i), o));
      number.push_back(*reference::find(**model, levels));
    }
    const std::array concepts{Concept::Nash, Concept::Seq};
    for (std::uint64_t from = 0; from < full.size(); from += 5) {
      const ReachedEquilibria r = reached_plain(*shape, table, from, concepts, {});
      const auto expected = steps_from(**model, number[from]);
      EXPECT_EQ(r.end, End::Complete);
      EXPECT_EQ(r.met, expected.size());
      for (const Concept c : concepts) {
        std::uint64_t count = 0;
        for (const auto& [t, steps] : expected) {
          bool all = true;
          for (std::size_t p = 0; p < conflict->party_count(); ++p)
            all = all && reference::stable(**model, p, t, c);
          count += all ? 1 : 0;
        }
        EXPECT_EQ(r.count[static_cast<std::size_t>(c)], count) << "seed " << seed;
      }
      std::uint32_t before = 0;
      for (const auto& f : r.found) {
        const auto it = expected.find(number[f.index]);
        ASSERT_TRUE(it != expected.end()) << "seed " << seed;
        EXPECT_EQ(f.steps, it->second);
        EXPECT_EQ(f.state, full.space->state(f.index));
        EXPECT_LE(before, f.steps);
        before = f.steps;
      }
      found += r.found.size();
      ++searches;
      // A limit cuts the search short and is said.
      if (r.met < 3) continue;
      ReachedSettings few;
      few.most_states = 2;
      const ReachedEquilibria cut = reached_plain(*shape, table, from, concepts, few);
      EXPECT_EQ(cut.end, End::Limit);
      EXPECT_LE(cut.met, 2u);
    }
  }
  EXPECT_GT(searches, 200u);
  EXPECT_GT(found, 200u);
}

}  // namespace
}  // namespace wayout
