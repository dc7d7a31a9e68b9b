// What risk says of cases whose answer is known in closed form.
#include "wayout/risk/risk.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "wayout/io/case_file.hpp"
#include "wayout/model/view.hpp"

namespace wayout {
namespace {

Conflict built(const std::string& text) {
  auto file = parse_case(text, "test.toml");
  if (!file) throw std::runtime_error(file.error()[0].message);
  auto c = view(file->parts);
  if (!c) throw std::runtime_error(c.error()[0].message);
  return *c;
}

constexpr const char* kOneParty = R"(
format = 1
title = "one switch"
[[party]]
id = "p"
[[option]]
id = "a"
party = "p"
[[preference]]
party = "p"
method = "weights"
statements = [{ when = "a", weight = 3 }]
[time]
horizon = 5
[[tempo]]
party = "p"
moves_per_unit = 0.7
rationality = 1
[[catastrophe]]
id = "boom"
[[hazard]]
when = "a"
rate = 0.25
leads_to = "boom"
)";

TEST(Risk, OneSwitchHasTheClosedForm) {
  // From no to yes with probability e/(1+e) per act, back with 1/(1+e): u is scaled to one step.
  const Conflict c = built(kOneParty);
  const auto n = normaliser(c);
  ASSERT_TRUE(n);
  EXPECT_DOUBLE_EQ(n->scale.at("p"), 3);
  RiskSettings settings;
  const auto answer = risk(c, *n, settings);
  ASSERT_TRUE(answer);
  const double up = 0.7 * std::exp(1) / (1 + std::exp(1));
  const double down = 0.7 / (1 + std::exp(1));
  // Two transient states: Q = [-up, up; down, -(down + h)], P = 1 - sum of exp(Qt) from the first.
  const double h = 0.25;
  const double a = -up;
  const double d = -(down + h);
  const double mean = (a + d) / 2;
  const double root = std::sqrt((a - d) * (a - d) / 4 + up * down);
  const double l1 = mean + root;
  const double l2 = mean - root;
  // Survival S with S(0) = 1, S'(0) = 0 (no hazard at the start).
  const auto survival = [&](double t) {
    return (l1 * std::exp(l2 * t) - l2 * std::exp(l1 * t)) / (l1 - l2);
  };
  EXPECT_NEAR(answer->any.by.middle(), 1 - survival(5), 1e-12);
  ASSERT_TRUE(answer->any.ever);
  EXPECT_EQ(answer->any.ever->value, 1);
  EXPECT_TRUE(answer->any.ever->only_because_nothing_else_absorbs);
  // Mean time: from yes m1 = (1 + down m0) / (down + h), m0 = 1 / up + m1.
  const double m1 = (1 + down / up) / h;
  EXPECT_NEAR(*answer->any.ever->expected_time, 1 / up + m1, 1e-10);
}

TEST(Risk, TimeThatIsUpLeavesBoundsAndNoCrash) {
  const Conflict c = built(kOneParty);
  const auto n = normaliser(c);
  ASSERT_TRUE(n);
  const auto whole = risk(c, *n, {});
  ASSERT_TRUE(whole);
  RiskSettings settings;
  settings.watch.deadline = Watch::Clock::now();
  const auto cut = risk(c, *n, settings);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->end, End::Limit);
  EXPECT_GE(cut->states, 1u);
  EXPECT_LE(cut->any.by.lower, whole->any.by.middle() + 1e-12);
  EXPECT_GE(cut->any.by.upper, whole->any.by.middle() - 1e-12);
  CancelToken token;
  token.cancel();
  settings.watch = {};
  settings.watch.cancel = &token;
  const auto stopped = risk(c, *n, settings);
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->end, End::Cancelled);
}

TEST(Risk, AHorizonPastCountingIsAFault) {
  const Conflict c = built(kOneParty);
  const auto n = normaliser(c);
  ASSERT_TRUE(n);
  for (const double horizon :
       {1e308, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    RiskSettings settings;
    settings.horizon = horizon;
    EXPECT_FALSE(risk(c, *n, settings)) << horizon;
    RiskQuestion question;
    question.horizon = horizon;
    EXPECT_FALSE(probability_by(c, *n, question)) << horizon;
  }
}

TEST(Risk, AMoverWithoutTempoIsAFault) {
  std::string text = kOneParty;
  text.erase(text.find("[[tempo]]"), text.find("[[catastrophe]]") - text.find("[[tempo]]"));
  const Conflict c = built(text);
  const auto n = normaliser(c);
  ASSERT_TRUE(n);
  const auto answer = risk(c, *n);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error()[0].code, "no_tempo");
}

}  // namespace
}  // namespace wayout
