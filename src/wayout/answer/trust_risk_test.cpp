#include "wayout/answer/trust_risk.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "wayout/answer/claims_risk.hpp"
#include "wayout/io/case_file.hpp"
#include "wayout/model/view.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/risk/risk_cases.hpp"

namespace wayout {
namespace {

Parts parts_of(const std::string& text) {
  const auto file = parse_case(text, "case.toml");
  EXPECT_TRUE(file) << (file ? "" : file.error().front().message);
  return file->parts;
}

Parts tutorial(const std::string& name, double spread) {
  const std::string path = "cases/tutorial/" + name;
  Parts parts = parse_case(*read_text_file(path), path)->parts;
  if (spread > 0) {
    parts.trust.given = true;
    parts.trust.spread = number(spread);
  }
  return parts;
}

/// Nobody does anything; two hazards lead to the same, and one of them to something else too.
constexpr const char* kHazards = R"(
format = 1
[time]
unit = "month"
horizon = 6
[[party]]
id = "p"
[[option]]
id = "a"
party = "p"
[[preference]]
party = "p"
method = "weights"
statements = [{ when = "a", weight = 1 }]
[[tempo]]
party = "p"
moves_per_unit = 0
rationality = 1
[[measure]]
id = "m"
cost = { from = 1, to = 3 }
effects = [{ hazard = "first", times = { from = 0.5, to = 1 } }]
[[catastrophe]]
id = "bang"
[[catastrophe]]
id = "crash"
[[hazard]]
id = "first"
rate = { from = 0.02, to = 0.10 }
leads_to = "bang"
[[hazard]]
id = "second"
rate = { from = 0.01, to = 0.19 }
leads_to = "bang"
)";
constexpr double kT = 6;

double closed_form(double a, double b) { return 1 - std::exp(-(a + b) * kT); }

/// Mean and variance of exp(-x T) for x even on [low, high].
std::pair<double, double> factor(double low, double high) {
  const double width = high - low;
  const double mean = (std::exp(-low * kT) - std::exp(-high * kT)) / (kT * width);
  const double square = (std::exp(-2 * low * kT) - std::exp(-2 * high * kT)) / (2 * kT * width);
  return {mean, square - mean * mean};
}

/// A random conflict of weights with a table, two catastrophes and three hazards, all uncertain.
Parts random_case(std::uint64_t seed) {
  RandomSettings rs;
  rs.parties = 2 + seed % 2;
  rs.options = 4;
  rs.statements = 4;
  rs.joint = 0.4;
  rs.criteria = rs.disabled = 0;
  rs.nevers = 0;  // a hazard may lead anywhere
  rs.widest = 5;
  Parts parts = random_weights(rs, seed);
  for (const PartyPart& p : parts.parties)
    parts.tempos.push_back(tempo(p.id, number("0.7"), number("0.9")));
  parts.tempos.push_back(tempo_of_tables(number("0.4")));
  add_catastrophes(parts);
  parts.hazards = {
      forked_hazard("h0", "true", number("0.03")),
      forked_hazard("h1", "not " + parts.options[2].id, number("0.03")),
      sliding_hazard("h2", "true", number("0.2"), parts.options[3].id),
  };
  for (const std::size_t k : {0, 1})
    parts.hazards[k].leads_to.catastrophes[0].second = range("0.6", "0.9");
  for (HazardPart& h : parts.hazards) add_factor(h, "", parts.options[3].id, number("3"));
  parts.time.horizon = number("6");
  parts.trust.given = true;
  parts.trust.spread = number("0.3");
  return parts;
}

std::size_t input_of(const std::vector<Input>& inputs, const std::string& key) {
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].key == key) return i;
  ADD_FAILURE() << key;
  return 0;
}

TEST(ProfileRisk, IsTheClosedFormOfTwoHazards) {
  const Parts parts = parts_of(kHazards);
  const Sampler sampler(*view(parts));
  const auto risk = ProfileRisk::make(sampler, RiskScale(parts));
  ASSERT_TRUE(risk);
  EXPECT_TRUE(risk->exact());
  EXPECT_EQ(risk->horizon(), kT);
  const std::size_t a = input_of(sampler.inputs(), "rate/first");
  const std::size_t b = input_of(sampler.inputs(), "rate/second");
  for (std::uint64_t k = 0; k < 50; ++k) {
    const Draws draws = sampler.draw(3, k);
    const ProfileChance x = (*risk)(draws);
    ASSERT_TRUE(x.found);
    EXPECT_NEAR(x.middle(),
                closed_form(sampler.number(a, draws[a]).to_double(),
                            sampler.number(b, draws[b]).to_double()),
                1e-10);
    EXPECT_LE(x.gap(), 1e-10);
  }
}

TEST(TrustRisk, IndicesOfTwoHazardsAreTheAnalyticOnes) {
  const Parts parts = parts_of(kHazards);
  TrustRiskSettings settings;
  settings.samples = 4000;
  settings.hinges = true;
  settings.hinge_rows = 4096;
  const auto report = trust_risk(*view(parts), RiskScale(parts), settings);
  ASSERT_TRUE(report);
  ASSERT_EQ(report->end, End::Complete);
  ASSERT_EQ(report->groups.size(), 4u);  // what the measure costs and does, too
  // 1 - Y = A B with independent factors: Var(E[Y|a]) = Var(A) E[B]^2, and so on.
  const auto [ea, va] = factor(0.02, 0.10);
  const auto [eb, vb] = factor(0.01, 0.19);
  const double variance = va * vb + va * eb * eb + vb * ea * ea;
  const double first_a = va * eb * eb / variance;
  const double first_b = vb * ea * ea / variance;
  EXPECT_NEAR(report->mean.value, 1 - ea * eb, 0.006);
  EXPECT_LE(report->mean.low, 1 - ea * eb + 1e-9 + 0.006);
  EXPECT_NEAR(report->deviation, std::sqrt(variance), 0.006);
  EXPECT_NEAR(report->sobol->variance, variance, 0.05 * variance);
  const double both = 1 - first_a - first_b;
  const struct {
    const char* key;
    double first;
    double total;
  } known[] = {{"rate/first", first_a, first_a + both}, {"rate/second", first_b, first_b + both}};
  double shares = 0;
  for (const auto& k : known) {
    const std::size_t i = input_of(report->inputs, k.key);
    std::size_t g = 0;
    while (report->groups[g].inputs != std::vector<std::size_t>{i}) ++g;
    EXPECT_NEAR(report->sobol->first[g].value, k.first, 0.04) << k.key;
    EXPECT_NEAR(report->sobol->total[g].value, k.total, 0.04) << k.key;
    // Of two inputs, Shapley halves what they do together.
    EXPECT_NEAR(report->shapley->share[g].value, (k.first + k.total) / 2, 0.05) << k.key;
  }
  for (const Index& share : report->shapley->share) shares += share.value;
  EXPECT_NEAR(shares, 1, 1e-9);
  // A measure that is not taken is nothing to the risk.
  for (std::size_t g = 0; g < report->groups.size(); ++g) {
    const UncertainKind kind = report->inputs[report->groups[g].inputs[0]].kind;
    if (kind != UncertainKind::Cost && kind != UncertainKind::Effect) continue;
    EXPECT_EQ(report->sobol->first[g].value, 0);
    EXPECT_EQ(report->sobol->total[g].value, 0);
  }
  EXPECT_EQ(report->tornado->bars.back().width, 0);
  // The longer bar is that of the second hazard, with its ends.
  const Bar& longest = report->tornado->bars.front();
  EXPECT_EQ(report->inputs[report->groups[longest.group].inputs[0]].key, "rate/second");
  EXPECT_NEAR(longest.low, closed_form(0.06, 0.01), 1e-9);
  EXPECT_NEAR(longest.high, closed_form(0.06, 0.19), 1e-9);
}

TEST(TrustRisk, SharesBelowALevelAndTheChangeThatPassesIt) {
  const Parts parts = parts_of(kHazards);
  const double level = 0.55;  // plain: a + b = 0.16, 0.617
  TrustRiskSettings settings;
  settings.samples = 4000;
  settings.below = level;
  const auto report = trust_risk(*view(parts), RiskScale(parts), settings);
  ASSERT_TRUE(report);
  // a + b at most z, of rectangles: by counting a fine grid.
  const double z = -std::log(1 - level) / kT;
  int under = 0;
  for (int i = 0; i < 400; ++i)
    for (int k = 0; k < 400; ++k)
      under += 0.02 + 0.08 * (i + 0.5) / 400 + 0.01 + 0.18 * (k + 0.5) / 400 <= z ? 1 : 0;
  EXPECT_NEAR(report->below->share, under / 160000.0, 0.025);
  ASSERT_TRUE(report->flip && report->flip->smallest);
  EXPECT_EQ(report->flip->plain, 0);
  EXPECT_EQ(report->flip->smallest->verdict, 1);
  // One input will do, and of the two the second by a smaller part of its range.
  const std::size_t second = input_of(report->inputs, "rate/second");
  ASSERT_EQ(report->flip->smallest->inputs, std::vector<std::size_t>{second});
  const Sampler sampler(*view(parts));
  const double found = sampler.number(second, report->flip->smallest->draws[second]).to_double();
  const double step = std::pow(10.0, -report->inputs[second].places);
  EXPECT_LE(found, z - 0.06 + 1e-12);
  EXPECT_GT(found + step, z - 0.06 - 1e-12);
  settings.samples = 50;
  settings.below = 0.9;
  const auto above = trust_risk(*view(parts), RiskScale(parts), settings);
  ASSERT_TRUE(above);
  EXPECT_EQ(above->flip->plain, 1);
}

/// Each input at each end of its range, all else plain, against what `risk` finds for that case.
void compare_one_at_a_time(const Parts& parts, const std::string& of,
                           std::set<UncertainKind>& moved) {
  const auto conflict = view(parts);
  ASSERT_TRUE(conflict);
  const Sampler sampler(*conflict);
  const auto scale = normaliser(*conflict);
  ASSERT_TRUE(scale);
  ProfileRiskSettings settings;
  settings.of = of;
  const auto risk = ProfileRisk::make(sampler, RiskScale(parts), settings);
  ASSERT_TRUE(risk) << risk.error().front().message;
  const double plain = (*risk)(sampler.plain()).middle();
  for (std::size_t i = 0; i < sampler.inputs().size(); ++i)
    for (const bool high : {false, true}) {
      const Input& in = sampler.inputs()[i];
      Draws draws = sampler.plain();
      draws[i] = in.discrete() ? static_cast<std::int64_t>(in.choices) - 1
                 : high        ? in.last
                               : in.first;
      const auto profile = sampler.profile(draws);
      if (!profile) continue;
      RiskQuestion question;
      question.of = of;
      const auto direct = probability_by(*profile, *scale, question);
      ASSERT_TRUE(direct);
      const ProfileChance x = (*risk)(draws);
      ASSERT_TRUE(x.found);
      EXPECT_NEAR(x.middle(), direct->by.middle(), 1e-9) << in.key;
      if (std::abs(x.middle() - plain) > 1e-6) moved.insert(in.kind);
    }
}

TEST(ProfileRisk, OneInputAtATimeIsWhatADirectRunFinds) {
  std::set<UncertainKind> moved;
  compare_one_at_a_time(tutorial("river.toml", 0.4), "any", moved);
  for (std::uint64_t seed = 0; seed < 12; ++seed)
    compare_one_at_a_time(random_case(seed), "bang", moved);
  EXPECT_EQ(moved, (std::set{UncertainKind::Weight, UncertainKind::Criterion, UncertainKind::Tempo,
                             UncertainKind::Rationality, UncertainKind::Rate, UncertainKind::Share,
                             UncertainKind::Factor}));
}

TEST(ProfileRisk, BoundsFromAPartOfTheChainHoldTheWhole) {
  const Parts parts = tutorial("river.toml", 0.4);
  const Sampler sampler(*view(parts));
  const auto whole = ProfileRisk::make(sampler, RiskScale(parts));
  ProfileRiskSettings few;
  few.most_states = 4;
  const auto part = ProfileRisk::make(sampler, RiskScale(parts), few);
  ASSERT_TRUE(whole && part);
  EXPECT_TRUE(whole->exact());
  EXPECT_FALSE(part->exact());
  double widest = 0;
  for (std::uint64_t k = 0; k < 40; ++k) {
    const Draws draws = sampler.draw(1, k);
    const ProfileChance x = (*whole)(draws);
    const ProfileChance y = (*part)(draws);
    EXPECT_LE(y.lower, x.lower + 1e-9);
    EXPECT_GE(y.upper, x.upper - 1e-9);
    widest = std::max(widest, y.gap());
  }
  EXPECT_GT(widest, 1e-6);
}

TEST(TrustRisk, TheSameAtAnyNumberOfThreads) {
  const Parts parts = tutorial("river.toml", 0);
  std::vector<TrustRiskReport> found;
  for (const unsigned threads : {1u, 3u}) {
    TrustRiskSettings settings;
    settings.samples = 60;
    settings.hinges = true;
    settings.hinge_rows = 20;
    settings.below = 0.15;
    settings.threads = threads;
    found.push_back(*trust_risk(*view(parts), RiskScale(parts), settings));
  }
  EXPECT_EQ(found[0].mean.value, found[1].mean.value);
  EXPECT_EQ(found[0].at_most, found[1].at_most);
  EXPECT_EQ(found[0].greatest_gap, found[1].greatest_gap);
  for (std::size_t g = 0; g < found[0].groups.size(); ++g) {
    EXPECT_EQ(found[0].sobol->total[g].value, found[1].sobol->total[g].value);
    EXPECT_EQ(found[0].tornado->bars[g].high, found[1].tornado->bars[g].high);
  }
  EXPECT_EQ(found[0].flip->smallest->draws, found[1].flip->smallest->draws);
}

TEST(ProfileRisk, WhatThereIsNoRiskOfIsTold) {
  const Parts parts = parts_of(kHazards);
  const Sampler sampler(*view(parts));
  ProfileRiskSettings other;
  other.of = "flood";
  EXPECT_EQ(ProfileRisk::make(sampler, RiskScale(parts), other).error().front().code, "unknown_id");
  other.of = "crash";  // no hazard leads to it
  const auto none = ProfileRisk::make(sampler, RiskScale(parts), other);
  ASSERT_TRUE(none);
  EXPECT_LT((*none)(sampler.draw(1, 1)).upper, 1e-12);
  const Parts calm = tutorial("strike.toml", 0.2);
  EXPECT_EQ(ProfileRisk::make(Sampler(*view(calm)), RiskScale(calm)).error().front().code,
            "no_catastrophe");
}

}  // namespace
}  // namespace wayout
