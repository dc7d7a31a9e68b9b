#include "wayout/answer/whole.hpp"

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/space/random_conflict.hpp"

namespace wayout {
namespace {

/// Random disputes with uncertain numbers, closed tables that measures open, and goals.
Parts with_measures_and_goals(std::uint64_t seed) {
  RandomSettings settings;
  settings.parties = 2 + seed % 2;
  settings.options = 4;
  settings.joint = 0.5;
  settings.tracks = 2;
  settings.open = 0.1;
  settings.forbids = 0;
  settings.weights = 30;
  Parts parts = random_parts(settings, seed);
  parts.trust.given = true;
  parts.trust.spread.a = Decimal::of(15, 1);
  for (const TrackPart& t : parts.tracks) {
    MeasurePart m;
    m.id = "open_" + t.id;
    EffectPart open;
    open.kind = EffectKind::Open;
    open.target = t.id;
    m.effects.push_back(std::move(open));
    parts.measures.push_back(std::move(m));
  }
  Random random(seed, 0, "goals");
  for (const char* hold : {"nash", "seq", "smr"}) {
    GoalPart goal;
    goal.id = std::string("goal_") + hold;
    goal.hold.concept_name = hold;
    goal.when = random.pick(parts.options).id + " and not " + random.pick(parts.options).id;
    parts.goals.push_back(std::move(goal));
  }
  return parts;
}

/// The ways' shares against each way as a claim of its own, profile by profile.
TEST(WholeAnswer, WaysShareAnEnsembleAndComeOutAsByThemselves) {
  int ways = 0;
  int between = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Parts parts = with_measures_and_goals(seed);
    const auto conflict = build(parts);
    if (!conflict || !conflict->status_quo()) continue;
    WholeSettings settings;
    settings.parts = {"change", "trust"};
    settings.samples = 70;
    settings.seed = seed;
    settings.threads = 1 + seed % 2;
    const auto whole = whole_answer(parts, *conflict, settings);
    ASSERT_TRUE(whole);
    for (const WayShare& way : whole->ways) {
      ClaimPart claim;
      claim.test.kind = TestKind::WayOut;
      claim.test.goal = conflict->goals()[way.goal].id;
      for (const std::size_t m : way.measures)
        claim.test.with.push_back(conflict->parts().measures[m].id);
      Parts alone = parts;
      alone.claims = {claim};
      ClaimsSettings cs;
      cs.samples = settings.samples;
      cs.seed = seed;
      cs.blocks = false;
      const auto judged = evaluate_claims(alone, cs);
      ASSERT_TRUE(judged && judged->claims[0].sampled);
      const Sampled& wanted = *judged->claims[0].sampled;
      EXPECT_EQ(way.sampled.yes, wanted.yes) << "seed " << seed;
      EXPECT_EQ(way.sampled.profiles, wanted.profiles);
      EXPECT_EQ(way.sampled.undecided, wanted.undecided);
      EXPECT_EQ(way.sampled.fixed, wanted.fixed);
      ++ways;
      between += wanted.yes > 0 && wanted.yes < wanted.profiles ? 1 : 0;
    }
  }
  EXPECT_GT(ways, 20);
  EXPECT_GT(between, 5);
}

}  // namespace
}  // namespace wayout
