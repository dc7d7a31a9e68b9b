#include "wayout/trust/sample.hpp"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "wayout/io/case_file.hpp"
#include "wayout/trust/ensemble.hpp"

namespace wayout {
namespace {

Conflict conflict_of(const std::string& text) {
  const auto parts = parse_case(text, "test.toml");
  EXPECT_TRUE(parts) << (parts ? "" : parts.error().front().message);
  auto built = build(parts->parts);
  EXPECT_TRUE(built) << (built ? "" : built.error().front().message);
  return *built;
}

/// One party that gains 3 by `a` and loses an uncertain weight by it.
const char* kThreshold = R"(
format = 1
[[party]]
id = "p"
[[option]]
id = "a"
party = "p"
[[preference]]
party = "p"
method = "weights"
statements = [
  { id = "gain", when = "a", weight = 3 },
  { id = "loss", when = "a", weight = { from = -5, to = -1 } },
]
)";

std::vector<std::string> keys(const std::vector<Input>& inputs) {
  std::vector<std::string> out;
  for (const Input& in : inputs) out.push_back(in.key);
  return out;
}

TEST(Inputs, OnlyRangesWithoutASpread) {
  const Sampler sampler(conflict_of(kThreshold));
  ASSERT_EQ(keys(sampler.inputs()), std::vector<std::string>{"weight/p/loss/weight"});
  const Input& in = sampler.inputs()[0];
  EXPECT_EQ(in.name, "p: 'loss', weight");
  EXPECT_EQ(in.low, Decimal(-5));
  EXPECT_EQ(in.high, Decimal(-1));
  // 4 points wide: 100,000 grid points need five places.
  EXPECT_EQ(in.places, 5);
  EXPECT_EQ(in.first, -500000);
  EXPECT_EQ(in.last, -100000);
}

TEST(Inputs, SpreadMovesEveryPlainNumberButZero) {
  const Sampler sampler(conflict_of(std::string(kThreshold) + R"(
[trust]
spread = 0.5
[time]
horizon = 9
[[tempo]]
party = "p"
moves_per_unit = 2
rationality = inf
[[catastrophe]]
id = "end"
[[catastrophe]]
id = "other"
[[hazard]]
id = "h"
rate = 0.25
leads_to = { end = { from = 0.2, to = 0.4 }, other = 0.7 }
factors = [ { id = "f", when = "a", times = 0 }, { when = "not a", times = 2 } ]
[[measure]]
id = "m"
cost = 4
effects = [ { hazard = "h", times = 0.5 }, { party = "p", statement = "gain", times = -2 } ]
)"));
  EXPECT_EQ(keys(sampler.inputs()),
            (std::vector<std::string>{"weight/p/gain/weight", "weight/p/loss/weight", "tempo/p",
                                      "rate/h", "share/h/end", "factor/h/not a", "cost/m",
                                      "effect/m/h", "effect/m/p/gain"}));
  EXPECT_EQ(sampler.inputs()[0].low, *Decimal::parse("1.5"));
  EXPECT_EQ(sampler.inputs()[0].high, *Decimal::parse("4.5"));
  EXPECT_EQ(sampler.inputs()[8].low, Decimal(-3));
  const Draws draws = sampler.draw(7, 3);
  const Parts parts = sampler.parts(draws);
  const auto& shares = parts.hazards[0].leads_to.catastrophes;
  EXPECT_EQ(Decimal::add(*shares[0].second.value(), *shares[1].second.value()), Decimal(1));
  EXPECT_EQ(*shares[0].second.value(), sampler.number(4, draws[4]));
  EXPECT_EQ(*parts.measures[0].effects[0].number.value(), sampler.number(7, draws[7]));
  EXPECT_TRUE(sampler.profile(draws));
}

TEST(Inputs, NarrowRangesKeepSixPlaces) {
  const Sampler sampler(conflict_of(R"(
format = 1
[[party]]
id = "p"
[[option]]
id = "a"
party = "p"
[[preference]]
party = "p"
method = "weights"
statements = [
  { when = "a", weight = { from = 0.000001, to = 0.000004 } },
  { when = "a", weight = { from = 2, to = 2 } },
  { when = "not a", weight = { from = 1, to = 1000000 } },
]
)"));
  ASSERT_EQ(sampler.inputs().size(), 2u);
  EXPECT_EQ(sampler.inputs()[0].places, 6);
  EXPECT_EQ(sampler.inputs()[0].last - sampler.inputs()[0].first, 3);
  EXPECT_EQ(sampler.inputs()[1].places, 0);
  std::map<std::int64_t, int> seen;
  for (std::uint64_t k = 0; k < 4000; ++k) ++seen[sampler.draw(1, k)[0]];
  ASSERT_EQ(seen.size(), 4u);  // both ends included, all alike
  for (const auto& [value, count] : seen) EXPECT_NEAR(count, 1000, 150) << value;
}

TEST(Sampler, ThePlainProfileIsTheCase) {
  const auto file = read_case("cases/tutorial/every_key.toml");
  ASSERT_TRUE(file);
  const auto built = build(file->parts);
  ASSERT_TRUE(built);
  const Sampler sampler(*built);
  EXPECT_GT(sampler.inputs().size(), 20u);
  EXPECT_EQ(sampler.parts(sampler.plain()), built->parts());
}

TEST(Sampler, AnotherInputLeavesTheDrawsAlone) {
  const Sampler few(conflict_of(kThreshold));
  std::string text = kThreshold;
  text.replace(text.find("weight = 3"), 10, "weight = { from = 2, to = 4 }");
  const Sampler more(conflict_of(text));
  ASSERT_EQ(more.inputs().size(), 2u);
  for (std::uint64_t k = 0; k < 50; ++k) {
    EXPECT_EQ(few.draw(9, k)[0], more.draw(9, k)[1]);
    EXPECT_NE(few.draw(9, k), few.draw(9, k + 1));
    EXPECT_NE(few.draw(9, k), few.draw(10, k));
  }
}

TEST(Sampler, MarkedPairsAndLevelsOfToday) {
  const Sampler sampler(conflict_of(R"(
format = 1
[[party]]
id = "p"
[[party]]
id = "q"
third = true
[[option]]
id = "a"
party = "p"
levels = ["x", "y", "z"]
or_now = ["y", "z"]
[[option]]
id = "b"
party = "q"
or_now = true
[[rule]]
never = "b and a == z"
[[preference]]
party = "p"
statements = [ { id = "one", when = "b" }, "a == x", { when = "a == y", or_before = "one" } ]
)"));
  ASSERT_EQ(keys(sampler.inputs()),
            (std::vector<std::string>{"now/a", "now/b", "order/p/a == y/one"}));
  std::map<Draws, int> seen;
  for (std::uint64_t k = 0; k < 3000; ++k) {
    const Draws draws = sampler.draw(1, k);
    ++seen[draws];
    const auto profile = sampler.profile(draws);
    ASSERT_TRUE(profile);  // its status quo is feasible
    EXPECT_EQ(profile->status_quo(), sampler.status_quo(draws));
    EXPECT_EQ(profile->parts().preferences[0].statements[0].when, draws[2] == 1 ? "a == y" : "b");
  }
  EXPECT_EQ(seen.size(), 10u);  // 3 × 2 levels but one, 2 orders
  for (const auto& [draws, count] : seen) EXPECT_NEAR(count, 300, 90);
}

TEST(Sampler, AFaultOfAMarkIsTold) {
  const auto fault = [](const std::string& option, const std::string& statement) {
    const auto parts = parse_case(R"(
format = 1
[[party]]
id = "p"
[[option]]
id = "a"
party = "p"
)" + option + "\n[[preference]]\nparty = 'p'\nstatements = [{ id = 'one', when = 'a' }, " +
                                      statement + "]\n",
                                  "test.toml");
    EXPECT_TRUE(parts);
    const auto built = build(parts->parts);
    return built ? std::string() : built.error().front().code;
  };
  EXPECT_EQ(fault("", "'a'"), "");
  EXPECT_EQ(fault("or_now = true", "{ when = 'a', or_before = 'one' }"), "");
  EXPECT_EQ(fault("or_now = 'half'", "'a'"), "unknown_level");
  EXPECT_EQ(fault("or_now = false", "'a'"), "duplicate_level");
  EXPECT_EQ(fault("or_now = [true, 1]", "'a'"), "duplicate_level");
  EXPECT_EQ(fault("", "{ when = 'a', or_before = 'two' }"), "unknown_id");
  EXPECT_EQ(fault("", "{ id = 'two', when = 'a', or_before = 'two' }"), "unknown_id");
}

TEST(Wilson, AgainstTheTextbook) {
  EXPECT_NEAR(normal_quantile(0.95), 1.959963984540054, 1e-12);
  EXPECT_NEAR(normal_quantile(0.99), 2.5758293035489004, 1e-12);
  // [Newcombe98], table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  EXPECT_NEAR(wilson(81, 263).low, 0.2553, 5e-5);
  EXPECT_NEAR(wilson(81, 263).high, 0.3662, 5e-5);
  EXPECT_NEAR(wilson(15, 148).low, 0.0624, 5e-5);
  EXPECT_NEAR(wilson(15, 148).high, 0.1605, 5e-5);
  EXPECT_EQ(wilson(0, 20).low, 0);
  EXPECT_NEAR(wilson(0, 20).high, 0.1611, 5e-5);
  EXPECT_NEAR(wilson(1, 29).low, 0.0061, 5e-5);
  EXPECT_NEAR(wilson(1, 29).high, 0.1718, 5e-5);
  EXPECT_EQ(wilson(0, 0).low, 0);
  EXPECT_EQ(wilson(0, 0).high, 1);
  EXPECT_EQ(wilson(7, 7).high, 1);
}

const std::vector<EnsembleOutcome> kWants = {{"a", "p wants a", {"no", "yes"}}};
void judge_wants(const Conflict& c, std::uint64_t, std::span<std::uint8_t> out) {
  const State now = *c.status_quo();
  out[0] = c.better(PartyId(0), c.with_level(now, OptionId(0), 1), now) ? 1 : 0;
}

TEST(Ensemble, ASharedThresholdIsHitAsOftenAsItShouldBe) {
  const Sampler sampler(conflict_of(kThreshold));
  EnsembleSettings settings;
  settings.samples = 4000;
  settings.threads = 1;
  const auto one = run_ensemble(sampler, kWants, Judge(judge_wants), settings);
  EXPECT_EQ(one.end, End::Complete);
  EXPECT_EQ(one.finished, 4000u);
  // The loss is uniform on [-5, -1] and must not reach 3: half of the range.
  EXPECT_NEAR(one.shares[0][1].share, 0.5, 4 * std::sqrt(0.25 / 4000));
  EXPECT_LE(one.shares[0][1].low, 0.5);
  EXPECT_GE(one.shares[0][1].high, 0.5);
  settings.threads = 2;
  EXPECT_EQ(run_ensemble(sampler, kWants, Judge(judge_wants), settings).answers, one.answers);
  // A range of replicates is that part of the whole.
  settings.first = 1000;
  settings.samples = 500;
  const auto part = run_ensemble(sampler, kWants, Judge(judge_wants), settings);
  EXPECT_TRUE(std::equal(part.answers.begin(), part.answers.end(), one.answers.begin() + 1000));
}

TEST(Ensemble, StopsByTheRuleAtTheSamePlaceAtAnyNumberOfThreads) {
  const Sampler sampler(conflict_of(kThreshold));
  EnsembleSettings settings;
  settings.samples = 100000;
  settings.half_width = 0.03;
  settings.block = 64;
  settings.threads = 1;
  const auto one = run_ensemble(sampler, kWants, Judge(judge_wants), settings);
  EXPECT_TRUE(one.stopped);
  EXPECT_EQ(one.end, End::Complete);
  EXPECT_EQ(one.finished % 64, 0u);
  // About 1.96² / 4 / 0.03² = 1067.
  EXPECT_GT(one.finished, 900u);
  EXPECT_LT(one.finished, 1200u);
  settings.threads = 2;
  const auto two = run_ensemble(sampler, kWants, Judge(judge_wants), settings);
  EXPECT_EQ(two.finished, one.finished);
  EXPECT_EQ(two.answers, one.answers);
}

TEST(Ensemble, ACancellationKeepsWhatIsFinished) {
  const Sampler sampler(conflict_of(kThreshold));
  EnsembleSettings settings;
  settings.samples = 100000;
  CancelToken token;
  settings.watch.cancel = &token;
  const auto cut = run_ensemble(
      sampler, kWants, Judge([&](const Conflict& c, std::uint64_t k, std::span<std::uint8_t> out) {
        judge_wants(c, k, out);
        if (k == 1500) token.cancel();
      }),
      settings);
  EXPECT_EQ(cut.end, End::Cancelled);
  EXPECT_LT(cut.finished, 100000u);
  EXPECT_EQ(cut.answers.size(), cut.finished);
  settings.watch.cancel = nullptr;
  settings.samples = cut.finished;
  if (cut.finished > 0) {
    EXPECT_EQ(run_ensemble(sampler, kWants, Judge(judge_wants), settings).answers, cut.answers);
  }
  EXPECT_EQ(cut.shares[0][0].count + cut.shares[0][1].count, cut.finished);
}

TEST(Ensemble, LimitsAndOddAnswersAreCountedApart) {
  const Sampler sampler(conflict_of(kThreshold));
  EnsembleSettings settings;
  settings.samples = 100;
  const auto out = run_ensemble(sampler, kWants,
                                DrawsJudge([](std::span<const std::int64_t> draws, std::uint64_t k,
                                              std::span<std::uint8_t> row) {
                                  EXPECT_EQ(draws.size(), 1u);
                                  if (k % 10 != 0) row[0] = k % 2 == 0 ? 0 : 1;
                                }),
                                settings);
  EXPECT_EQ(out.no_answer[0].count, 10u);
  EXPECT_EQ(out.shares[0][0].count, 40u);
  EXPECT_EQ(out.shares[0][1].count, 50u);
}

}  // namespace
}  // namespace wayout
