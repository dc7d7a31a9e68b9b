#include "wayout/trust/lane_standing.hpp"

#include <map>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/space/random_conflict.hpp"

namespace wayout {
namespace {

/// Every concept, party and profile by verdict(), at the status quo and at another state.
TEST(LaneStanding, AgreesWithVerdictsProfileByProfile) {
  constexpr std::size_t kProfiles = 9;
  std::map<std::pair<std::size_t, bool>, int> seen;
  int conflicts = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    RandomSettings settings;
    settings.parties = 2 + seed % 3;
    settings.options = 5;
    settings.unanimous = seed % 4 == 0 ? 1 : 0;
    settings.tracks = seed % 2;
    settings.forbids = seed % 5 == 0 ? 2 : 0;
    Parts parts = random_parts(settings, seed);
    parts.trust.given = true;
    parts.trust.spread.a = Decimal::of(8, 1);
    const auto conflict = build(std::move(parts));
    if (!conflict || !conflict->status_quo()) continue;
    const Sampler sampler(*conflict);
    const auto book = LaneBook::compile(sampler);
    if (!book || !book->transitive()) continue;
    ++conflicts;
    std::vector<std::uint64_t> profiles(kProfiles);
    for (std::size_t l = 0; l < kProfiles; ++l) profiles[l] = l;
    LaneDispute dispute(*book, seed, profiles);
    LaneJudge judge(dispute, {});
    LaneStanding standing(dispute, judge, {});
    std::vector<State> states{*conflict->status_quo()};
    for_each_feasible(*conflict, 1000, [&](State s) {
      if (states.size() == 1 && s != states[0]) states.push_back(s);
      return states.size() == 1;
    });
    for (const State s : states)
      for (const PartyId p : conflict->parties()) {
        const auto found = standing.of(p, s, dispute.all());
        for (std::size_t l = 0; l < kProfiles; ++l) {
          const auto profile = sampler.profile(seed, l);
          ASSERT_TRUE(profile);
          RowSpace space(*profile);
          for (std::size_t c = 0; c < found.size(); ++c) {
            const bool stable = verdict(space, p, s, kClassicalConcepts[c]).stable;
            const LaneMask bit = LaneMask{1} << l;
            ASSERT_EQ((found[c].yes & bit) != 0, stable)
                << "seed " << seed << " profile " << l << " party " << p.index() << " concept "
                << c;
            ASSERT_EQ((found[c].no & bit) != 0, !stable);
            ++seen[{c, stable}];
          }
        }
      }
  }
  EXPECT_GT(conflicts, 100);
  EXPECT_EQ(seen.size(), 10u);
  for (const auto& [key, count] : seen) EXPECT_GT(count, 50);
}

}  // namespace
}  // namespace wayout
