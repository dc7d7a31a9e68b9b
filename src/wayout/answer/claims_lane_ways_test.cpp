#include "wayout/answer/claims_lane_ways.hpp"

#include <numeric>

#include <gtest/gtest.h>

#include "wayout/change/way_out.hpp"
#include "wayout/model/build.hpp"
#include "wayout/space/random_conflict.hpp"

namespace wayout {
namespace {

Parts with_goal(std::uint64_t seed) {
  RandomSettings settings;
  settings.parties = 2 + seed % 2;
  settings.options = 4 + seed % 3;
  settings.forbids = 0;
  settings.additive = settings.ranking = 0;
  settings.statements = 6;
  Parts parts = random_parts(settings, seed);
  parts.trust.spread.a = Decimal::of(90, 2);
  const auto literal = [&](std::size_t k) {
    return (seed >> k & 1u ? "" : "not ") + parts.options[k % parts.options.size()].id;
  };
  GoalPart goal;
  goal.id = "g";
  goal.when = literal(0) + " and " + literal(1);
  if (seed % 4 == 0) goal.avoid = literal(2) + " and not (" + literal(3) + ")";
  goal.hold.concept_name = concept_name(kClassicalConcepts[seed % kClassicalConcepts.size()]);
  parts.goals.assign(1, goal);
  return parts;
}

// A large search comes to what each profile by itself comes to, and a small one as far as it does.
TEST(LaneWays, LargeAndSmallSearchesAgreeWithProfilesByThemselves) {
  int judged = 0;
  std::uint64_t yes = 0;
  std::uint64_t no = 0;
  for (std::uint64_t seed = 1; seed <= 160; ++seed) {
    const auto conflict = build(with_goal(seed));
    if (!conflict || !conflict->status_quo()) continue;
    const Sampler sampler(*conflict);
    const auto book = LaneBook::compile(sampler);
    if (!book || !book->transitive()) continue;
    ++judged;
    const State start = *conflict->status_quo();
    std::vector<std::uint64_t> profiles(40);
    std::iota(profiles.begin(), profiles.end(), 0);
    LanePlace place(*book, seed, profiles, {});
    const LaneTruth large = LaneWays(*conflict, start, 0, 4096).judge(place, LaneEffort::Full, {});
    const LaneTruth small = LaneWays(*conflict, start, 0, 8).judge(place, LaneEffort::Little, {});
    EXPECT_EQ((large.open | large.later | small.open), 0u);
    EXPECT_EQ(small.yes & ~large.yes, 0u);
    EXPECT_EQ(small.no & ~large.no, 0u);
    for (std::size_t k = 0; k < profiles.size(); ++k) {
      const auto profile = sampler.profile(seed, profiles[k]);
      ASSERT_TRUE(profile);
      WayOutSettings settings;
      settings.from = start;
      settings.details = false;
      const std::size_t goals[] = {0};
      const bool exists = ways_out(*profile, goals, settings).at(0).exists;
      ASSERT_EQ(((large.yes >> k) & 1u) != 0, exists) << "seed " << seed << " profile " << k;
      ASSERT_EQ(((large.no >> k) & 1u) != 0, !exists);
      ++(exists ? yes : no);
    }
  }
  EXPECT_GT(judged, 40);
  EXPECT_GT(yes, 200u);
  EXPECT_GT(no, 200u);
}

}  // namespace
}  // namespace wayout
