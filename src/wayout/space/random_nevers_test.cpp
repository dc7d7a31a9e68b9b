#include "wayout/space/random_nevers.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "wayout/model/conflict.hpp"
#include "wayout/space/random_conflict.hpp"

namespace wayout {
namespace {

RandomSettings plain(std::size_t options, double density) {
  RandomSettings s;
  s.parties = 4;
  s.options = options;
  s.graded = s.joint = s.one_way = s.third = s.disabled = 0;
  s.forbids = s.defines = s.tracks = 0;
  s.additive = s.ranking = 0;
  s.density = density;
  return s;
}

double counted(const Parts& parts) {
  const auto conflict = build(parts);
  EXPECT_TRUE(conflict.has_value());
  std::uint64_t n = 0;
  EXPECT_TRUE(for_each_feasible(*conflict, 1'000'000'000, [&n](State) {
    ++n;
    return true;
  }));
  return static_cast<double>(n) / static_cast<double>(conflict->raw_size());
}

// The share counted one by one, not by the sample the rules were fitted to.
TEST(RandomNevers, ReachTheDensityAskedFor) {
  for (const double density : {1.0, 0.8, 0.5, 0.2, 0.05})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const Parts parts = random_parts(plain(14, density), seed);
      const double got = counted(parts);
      EXPECT_NEAR(got, density, 0.021 * density) << density << " seed " << seed;
      EXPECT_EQ(measure_density(parts, seed).share, got);
      EXPECT_TRUE(measure_density(parts, seed).exact);
    }
  // Past what is counted the share is estimated.
  for (const double density : {0.5, 0.1, 0.01}) {
    const Parts parts = random_parts(plain(20, density), 3);
    const double got = counted(parts);
    EXPECT_NEAR(got, density, 0.08 * density) << density;
    EXPECT_NEAR(measure_density(parts, 3).share, got, 0.08 * density) << density;
    EXPECT_FALSE(measure_density(parts, 3).exact);
  }
}

TEST(RandomNevers, GradedOptionsToo) {
  RandomSettings s = plain(8, 0.3);
  s.graded = 0.6;
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    EXPECT_NEAR(counted(random_parts(s, seed)), 0.3, 0.012) << seed;
}

TEST(RandomNevers, EveryRuleTakesStatesAwayAndTodayStays) {
  const Parts parts = random_parts(plain(12, 0.3), 5);
  const auto conflict = build(parts);
  ASSERT_TRUE(conflict);
  EXPECT_TRUE(conflict->feasible(*conflict->status_quo()));
  ASSERT_GT(parts.rules.size(), 2u);
  double before = 1;
  for (std::size_t k = 1; k <= parts.rules.size(); ++k) {
    Parts fewer = parts;
    fewer.rules.resize(k);
    const double share = counted(fewer);
    EXPECT_LT(share, before);
    before = share;
  }
}

TEST(RandomNevers, NothingIsEnumeratedForManyOptions) {
  const Parts parts = random_parts(plain(100, 0.25), 9);
  EXPECT_NEAR(measure_density(parts, 9).share, 0.25, 0.02);
}

TEST(RandomConflictInteraction, StatementsNameSoManyOptionsOfOthers) {
  RandomSettings s = plain(16, 1);
  s.exactly = true;
  s.statements = 9;
  s.priorities = 0;
  s.vital = s.criteria = 0;
  s.widest = 50;
  for (const std::size_t k : {0u, 1u, 3u}) {
    s.interaction = k;
    const Parts parts = random_parts(s, 4);
    ASSERT_EQ(parts.preferences.size(), 4u);
    const auto conflict = build(parts);
    ASSERT_TRUE(conflict);
    for (const PreferencePart& p : parts.preferences) {
      EXPECT_EQ(p.method, Method::Weights);
      EXPECT_EQ(p.statements.size(), 9u);
      for (const StatementPart& statement : p.statements) {
        const auto condition = conflict->condition(statement.when);
        ASSERT_TRUE(condition);
        const UInt128 support = condition->pool->support(condition->expr);
        std::size_t own = 0, others = 0;
        for (const OptionId o : conflict->options()) {
          if ((support & conflict->option(o).mask()) == 0) continue;
          ++(contains(conflict->option(o).owners, *conflict->find_party(p.party)) ? own : others);
        }
        EXPECT_EQ(own, 1u) << statement.when;
        EXPECT_EQ(others, k) << statement.when;
        const Decimal weight = *statement.values.at(0).second.value();
        EXPECT_NE(weight, Decimal(0));
        EXPECT_LE(std::abs(weight.to_double()), 50);
      }
    }
  }
}

}  // namespace
}  // namespace wayout
