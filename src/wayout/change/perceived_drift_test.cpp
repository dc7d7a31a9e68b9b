// Where it drifts if everybody acts on what he sees: cases worked by hand. Random ones are judged
// in perceived_test.cpp.
#include <gtest/gtest.h>

#include "wayout/change/perceived.hpp"
#include "wayout/change/perceived_cases.hpp"
#include "wayout/model/view.hpp"

namespace wayout {
namespace {

/// Where it drifts in the acting dispute, with who is wrong about it.
std::pair<Drift, std::vector<PlaceErrors>> drift_as_perceived(const Conflict& c) {
  const auto seen = perceive(c);
  EXPECT_TRUE(seen);
  RowSpace space(seen->acting);
  Drift d = drift(space, *c.status_quo());
  auto errors = place_errors(c, *seen, *c.status_quo(), d, {}, 10);
  return {std::move(d), std::move(errors)};
}

TEST(Perceived, WhatIsNotSeenKeepsADisputeWhereItIs) {
  // Without the belief y is there in one step.
  const Parts parts = blinded();
  const Conflict c = built(parts);
  const State y = c.with_level(*c.status_quo(), *c.find_option("y"), 1);
  const auto [at, errors] = drift_as_perceived(c);
  EXPECT_TRUE(at.start_rests());
  ASSERT_EQ(errors.size(), 1u);
  ASSERT_EQ(errors[0].missed.size(), 1u);
  EXPECT_EQ(errors[0].missed[0].mover, c.mover_of(PartyId(1)));
  EXPECT_EQ(errors[0].missed[0].to, y);
  const auto corrected = view(parts, {{}, {"look"}, {}});
  ASSERT_TRUE(corrected);
  const auto [back, none] = drift_as_perceived(*corrected);
  ASSERT_EQ(back.sets.size(), 1u);
  EXPECT_EQ(back.sets[0], std::vector<State>{y});
  EXPECT_TRUE(none[0].missed.empty() && none[0].mistakes.empty());
}

TEST(Perceived, AStepForAGainThatIsNone) {
  // q thinks that x would please it; in truth it pleases nobody.
  Parts parts = deterrence(false);
  parts.options = {option("x", "q"), option("y", "a")};
  parts.preferences = {wishes("a", {wish("calm", "not y")}),
                       wishes("q", {wish("glory", "x", false), wish("ease", "not x")})};
  parts.beliefs = {belief("vain", "q", {enable("glory")})};
  parts.goals = {goal("not x")};
  const Conflict c = built(parts);
  const auto [at, errors] = drift_as_perceived(c);
  ASSERT_EQ(at.sets.size(), 1u);
  EXPECT_EQ(c.level(at.sets[0][0], *c.find_option("x")), 1);
  ASSERT_EQ(errors[0].mistakes.size(), 1u);
  EXPECT_EQ(errors[0].mistakes[0].party, PartyId(1));
  ASSERT_EQ(errors[0].missed.size(), 1u);  // in truth it would rather go back
}

TEST(Perceived, NobodyCanBelieveThatTodayIsAnotherState) {
  Parts parts = deterrence(false);
  EffectPart now;
  now.kind = EffectKind::Now;
  now.levels = {{"y", LevelValue(true)}};
  parts.beliefs = {belief("elsewhere", "q", {now})};
  const auto seen = perceive(built(parts));
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error()[0].code, "belief_now");
}

}  // namespace
}  // namespace wayout
