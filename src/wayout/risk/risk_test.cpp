// What risk says of cases whose answer is known in closed form.
#include "wayout/risk/risk.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

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

/// Enough switches that passes go by several blocks of states.
std::string many_switches() {
  std::string text = R"(
format = 1
title = "fourteen switches"
[[party]]
id = "p"
)";
  std::string statements;
  for (int i = 0; i < 14; ++i) {
    const std::string id = "o" + std::to_string(i);
    text += "[[option]]\nid = \"" + id + "\"\nparty = \"p\"\n";
    statements += "{ when = \"" + id + "\", weight = " + std::to_string(i % 5 + 1) + " }, ";
  }
  return text + "[[preference]]\nparty = \"p\"\nmethod = \"weights\"\nstatements = [" + statements +
         R"(]
[time]
horizon = 4
[[tempo]]
party = "p"
moves_per_unit = 2
rationality = 1
[[catastrophe]]
id = "fire"
[[catastrophe]]
id = "flood"
when = "o1 and o2 and o3 and o4 and not o5"
[[hazard]]
when = "o0"
rate = { from = 0.01, to = 0.2 }
leads_to = "fire"
)";
}

TEST(Risk, TheSameBytesAtOneThreadAndAtFour) {
  const Conflict c = built(many_switches());
  const auto n = normaliser(c);
  ASSERT_TRUE(n);
  RiskSettings settings;
  settings.drift = {{State{(UInt128{1} << 14) - 1}}, {State{1}, State{2}}};
  const auto at = [&](std::size_t threads) {
    const tbb::global_control control(tbb::global_control::max_allowed_parallelism, threads);
    auto answer = risk(c, *n, settings);
    if (!answer) throw std::runtime_error(answer.error()[0].message);
    return *answer;
  };
  const RiskAnswer one = at(1);
  const RiskAnswer four = at(4);
  EXPECT_EQ(one.end, End::Complete);
  EXPECT_GT(one.states, 8192u);
  const auto same = [](const RiskRow& a, const RiskRow& b) {
    ASSERT_EQ(a.curve.size(), b.curve.size());
    for (std::size_t i = 0; i < a.curve.size(); ++i) {
      EXPECT_EQ(a.curve[i].lower, b.curve[i].lower);
      EXPECT_EQ(a.curve[i].upper, b.curve[i].upper);
    }
    EXPECT_EQ(a.by_slope.by, b.by_slope.by);
    EXPECT_FALSE(a.by_slope.by.empty());
    EXPECT_EQ(a.ever_slope.by, b.ever_slope.by);
    EXPECT_FALSE(a.ever_slope.by.empty());
    ASSERT_TRUE(a.ever && b.ever);
    EXPECT_EQ(a.ever->value, b.ever->value);
    EXPECT_EQ(a.ever->expected_time, b.ever->expected_time);
  };
  same(one.any, four.any);
  ASSERT_EQ(one.catastrophes.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) same(one.catastrophes[i], four.catastrophes[i]);
  EXPECT_EQ(one.drift, four.drift);
  EXPECT_GT(one.drift[1], 0);
  EXPECT_EQ(one.by_hazard, four.by_hazard);
  EXPECT_EQ(one.expected_end, four.expected_end);
  EXPECT_EQ(one.expected_time_by, four.expected_time_by);
  EXPECT_EQ(one.residual, four.residual);
  ASSERT_TRUE(one.box && four.box);
  EXPECT_EQ(one.box->outer_least, four.box->outer_least);
  EXPECT_EQ(one.box->outer_greatest, four.box->outer_greatest);
  EXPECT_EQ(one.box->inner_least, four.box->inner_least);
  EXPECT_EQ(one.box->inner_greatest, four.box->inner_greatest);
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
