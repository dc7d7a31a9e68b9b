// Tests of risk by simulated courses against the same by whole chains, over random disputes.
#include <gtest/gtest.h>

#include "wayout/answer/claims.hpp"
#include "wayout/model/view.hpp"
#include "wayout/risk/risk_cases.hpp"

namespace wayout {
namespace {

Quantity around(const Quantity& q) {
  const double x = q.value()->to_double();
  return range(std::to_string(0.5 * x), std::to_string(1.5 * x));
}

ClaimPart risk_claim(const std::string& id, TestKind kind, const std::string& condition,
                     const std::string& of) {
  ClaimPart out;
  out.id = out.says = id;
  out.test.kind = kind;
  out.test.condition = condition;
  out.test.of = of;
  return out;
}

/// A random dispute whose tempos and hazards have ranges, with claims about its risk.
std::optional<Conflict> with_claims(std::uint64_t seed) {
  const auto c = random_risk_case(seed);
  if (!c) return std::nullopt;
  Parts parts = c->parts();
  for (TempoPart& t : parts.tempos) t.moves_per_unit = around(t.moves_per_unit);
  for (HazardPart& h : parts.hazards) {
    h.rate = around(h.rate);
    for (FactorPart& f : h.factors) f.times = around(f.times);
  }
  parts.time.unit = "year";
  parts.time.horizon = number("4");
  const auto& o = parts.options;
  parts.claims.push_back(risk_claim("raises", TestKind::RaisesRisk, o[0].id, "bang"));
  parts.claims.push_back(risk_claim("lowers", TestKind::LowersRisk, o[2].id, "any"));
  parts.claims.push_back(risk_claim("halves", TestKind::LowersRisk, o[1].id, "crash"));
  parts.claims.back().test.by = number("0.5");
  parts.claims.push_back(risk_claim("soon", TestKind::RaisesRisk, o[3].id, "any"));
  parts.claims.back().test.horizon = number("1.5");
  return built_if_sound(std::move(parts));
}

TEST(ClaimsCourses, WhatTheyDecideIsWhatWholeChainsSay) {
  std::uint64_t judged = 0;
  std::uint64_t undecided = 0;
  int tests = 0;
  int split = 0;  // true in some profiles and not in others
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto c = with_claims(seed);
    if (!c) continue;
    ClaimsSettings settings;
    settings.samples = 30;
    settings.courses = 0;
    const auto by_chains = evaluate_claims(c->parts(), settings);
    settings.courses = 4096;
    settings.chain_states = 0;
    settings.threads = 2;
    const auto by_courses = evaluate_claims(c->parts(), settings);
    settings.threads = 1;
    const auto alone = evaluate_claims(c->parts(), settings);
    settings.every_profile();
    const auto every = evaluate_claims(c->parts(), settings);
    ASSERT_TRUE(by_chains && by_courses && alone && every) << seed;
    if (!by_courses->sampling) continue;
    EXPECT_EQ(by_chains->sampling->simulated, 0u);
    for (std::size_t i = 0; i < by_courses->leaves.size(); ++i) {
      const auto& a = by_chains->leaves[i].sampled;
      const auto& b = by_courses->leaves[i].sampled;
      if (!b || !b->simulated) continue;
      ASSERT_TRUE(a && every->leaves[i].sampled && alone->leaves[i].sampled);
      ++tests;
      ASSERT_EQ(b->profiles, 30u);
      EXPECT_EQ(a->undecided, 0u);
      EXPECT_LE(b->yes, a->yes) << seed << " " << i;
      EXPECT_GE(b->yes + b->undecided, a->yes) << seed << " " << i;
      EXPECT_EQ(alone->leaves[i].sampled->yes, b->yes);
      EXPECT_EQ(alone->leaves[i].sampled->undecided, b->undecided);
      EXPECT_EQ(every->leaves[i].sampled->yes, a->yes);
      EXPECT_EQ(every->leaves[i].sampled->undecided, 0u);
      judged += b->profiles;
      undecided += b->undecided;
      split += a->yes > 0 && a->yes < a->profiles ? 1 : 0;
    }
  }
  EXPECT_GT(tests, 30);
  EXPECT_GT(split, 6);
  EXPECT_LT(3 * undecided, judged);
}

TEST(ClaimsCourses, TheBudgetOfEventsSaysInHowManyProfiles) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto c = with_claims(seed);
    if (!c) continue;
    ClaimsSettings settings;
    settings.claims = {"raises"};
    settings.samples = 150;
    settings.chain_states = 0;
    const auto all = evaluate_claims(c->parts(), settings);
    ASSERT_TRUE(all);
    if (!all->sampling || all->sampling->simulated == 0) continue;
    EXPECT_EQ(all->sampling->courses, settings.courses);
    EXPECT_EQ(all->sampling->chains, 150u);
    EXPECT_EQ(all->claims.at(0).sampled->profiles, 150u);
    settings.event_budget = 1;
    const auto none = evaluate_claims(c->parts(), settings);
    ASSERT_TRUE(none);
    EXPECT_EQ(none->sampling->chains, 0u);
    EXPECT_FALSE(none->claims.at(0).sampled);
    settings.event_budget = 400'000;
    const auto some = evaluate_claims(c->parts(), settings);
    ASSERT_TRUE(some);
    EXPECT_LT(some->sampling->chains, 150u);
    EXPECT_GT(some->sampling->chains, 0u);
    ASSERT_TRUE(some->claims.at(0).sampled);
    EXPECT_EQ(some->claims.at(0).sampled->profiles, some->sampling->chains);
    return;
  }
  FAIL() << "no dispute was simulated";
}

TEST(ClaimsCourses, WhereTooMuchHappensChainsAreAsked) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto c = with_claims(seed);
    if (!c) continue;
    Parts parts = c->parts();
    parts.tempos[0].moves_per_unit = range("2000", "3000");
    ClaimsSettings settings;
    settings.claims = {"soon"};
    settings.samples = 20;
    settings.chain_states = 0;
    const auto answer = evaluate_claims(parts, settings);
    ASSERT_TRUE(answer);
    if (!answer->claims.at(0).sampled || answer->claims.at(0).sampled->fixed) continue;
    EXPECT_EQ(answer->sampling->simulated, 0u);
    EXPECT_EQ(answer->sampling->chains, 20u);
    return;
  }
  FAIL() << "no dispute was sampled";
}

}  // namespace
}  // namespace wayout
