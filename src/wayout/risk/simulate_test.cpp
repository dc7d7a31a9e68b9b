// Simulated courses against the whole chain: their mean is its probability.
#include "wayout/risk/simulate.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "wayout/model/view.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/risk/risk_cases.hpp"

namespace wayout {
namespace {

struct Mean {
  double sum = 0;
  double squares = 0;
  void add(double x) {
    sum += x;
    squares += x * x;
  }
};

TEST(Simulate, TheMeanOfCoursesIsTheProbabilityInEveryProfile) {
  constexpr std::uint64_t kCourses = 3000;
  constexpr double kTime = 4;
  int compared = 0;
  int close = 0;  // within two standard errors
  int uncertain = 0;
  int ended = 0;  // a course met a state that is a catastrophe
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto c = random_risk_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    ASSERT_TRUE(n);
    auto simulator = Simulator::make(*c, *n, wide(*c));
    ASSERT_TRUE(simulator);
    for (std::uint64_t k = 1; k <= 2; ++k) {
      const auto p = profile_of(*c, 100 * seed + k);
      ASSERT_TRUE(p);
      const auto own = ConflictChain::make(*p, *n, {});
      // A hazard that leads to an infeasible state, or a table has its rationality from another
      // member there.
      if (!own || !simulator->take(*p, *n)) continue;
      const Chain& chain = own->chain();
      ASSERT_EQ(simulator->catastrophes(), 2u);
      const std::uint32_t last = static_cast<std::uint32_t>(chain.size()) - 1;
      for (const std::uint32_t place : {chain.start, last}) {
        std::vector<Mean> means(3);
        std::vector<double> chances(3);
        for (std::uint64_t course = 0; course < kCourses; ++course) {
          simulator->draw(seed, course, kTime);
          ASSERT_TRUE(simulator->follow(own->state(place), chances));
          for (std::size_t i = 0; i < 3; ++i) means[i].add(chances[i]);
          EXPECT_LE(chances[2], chances[0] + chances[1] + 1e-12);
          ended += chances[2] == 1 ? 1 : 0;
        }
        const std::size_t bang = simulator->place_of("bang");
        ASSERT_EQ(bang, 0u);
        ASSERT_EQ(simulator->place_of("any"), 2u);
        for (std::size_t i = 0; i < 3; ++i) {
          const OutcomeMask counts = i == 2 ? chain.catastrophes() : OutcomeMask{1} << i;
          const Target t{counts, chain.stopping() & ~counts};
          const double times[] = {kTime};
          const std::uint32_t places[] = {place};
          const double x = by_time(chain, std::span(&t, 1), times, places).value(0, 0, 0);
          const double mean = means[i].sum / kCourses;
          const double error =
              std::sqrt(std::max(0.0, means[i].squares / kCourses - mean * mean) / kCourses);
          // "crash" is also a state: what no course came to may be as likely as this.
          const double unseen = i == bang ? 1e-9 : 7.0 / kCourses;
          EXPECT_NEAR(mean, x, 5 * error + unseen) << seed << " " << k << " " << i;
          ++compared;
          close += std::abs(mean - x) <= 2 * error + 1e-9 ? 1 : 0;
          uncertain += error > 1e-4 ? 1 : 0;
        }
      }
    }
  }
  EXPECT_GT(compared, 200);
  EXPECT_GT(uncertain, 100);
  EXPECT_GT(ended, 1000);
  EXPECT_GT(close, compared * 9 / 10);  // 95 in 100 where means are normal
}

TEST(Simulate, ACourseDependsOnItsNumberAloneAndNotOnWhatWasMetBefore) {
  int followed = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto c = random_risk_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    ASSERT_TRUE(n);
    auto first = Simulator::make(*c, *n, wide(*c));
    auto second = Simulator::make(*c, *n, wide(*c));
    ASSERT_TRUE(first && second);
    const auto p = profile_of(*c, seed);
    ASSERT_TRUE(first->take(*c, *n) && second->take(*c, *n));
    const State start = *c->status_quo();
    std::vector<double> a(3), b(3);
    std::vector<std::vector<double>> kept;
    for (std::uint64_t course = 0; course < 50; ++course) {
      first->draw(7, course, 3);
      if (!first->follow(start, a)) break;
      kept.push_back(a);
    }
    // The other one goes backwards, and through another profile in between.
    for (std::size_t course = kept.size(); course-- > 0;) {
      if (course == 20 && second->take(*p, *n)) {
        second->draw(1, 1, 3);
        second->follow(start, b);
        ASSERT_TRUE(second->take(*c, *n));
      }
      second->draw(7, course, 3);
      ASSERT_TRUE(second->follow(start, b));
      EXPECT_EQ(kept[course], b) << seed << " " << course;
      ++followed;
    }
    EXPECT_GT(second->remembered(), 0u);
  }
  EXPECT_GT(followed, 100);
}

TEST(Simulate, HazardsWithoutIdsActByThemselves) {
  // Two hazards set what the catastrophe is made of; nobody moves. With the same draws for both it
  // would come about as often as one of them.
  Parts parts = random_risk_case(1)->parts();
  for (TempoPart& t : parts.tempos) t.moves_per_unit = number("0");
  parts.hazards.clear();
  parts.rules.clear();
  for (std::size_t o = 0; o < 2; ++o)
    parts.hazards.push_back(sliding_hazard("", "true", number("0.5"), parts.options[o].id));
  const auto c = built_if_sound(std::move(parts));
  ASSERT_TRUE(c);
  const auto n = normaliser(*c);
  ASSERT_TRUE(n);
  State start = *c->status_quo();
  for (const OptionId o : c->options()) start = c->with_level(start, o, 0);
  auto simulator = Simulator::make(*c, *n, wide(*c));
  ASSERT_TRUE(simulator && simulator->take(*c, *n));
  constexpr std::uint64_t kCourses = 2000;
  std::vector<double> chances(3);
  double sum = 0;
  for (std::uint64_t course = 0; course < kCourses; ++course) {
    simulator->draw(1, course, 2);
    ASSERT_TRUE(simulator->follow(start, chances));
    sum += chances[simulator->place_of("crash")];
  }
  const double one = 1 - std::exp(-1.0);
  EXPECT_NEAR(sum / kCourses, one * one, 5 * std::sqrt(0.25 / kCourses));
}

TEST(Simulate, WithoutActsOnlyHazardsMatter) {
  // Nobody moves: the chance is that of one exponential, the same in every course.
  Parts parts = random_risk_case(1)->parts();
  parts.catastrophes[1].when.clear();
  for (TempoPart& t : parts.tempos) t.moves_per_unit = number("0");
  parts.hazards.clear();
  parts.hazards.push_back(hazard("h", "true", number("0.3")));
  const auto c = built_if_sound(std::move(parts));
  ASSERT_TRUE(c);
  const auto n = normaliser(*c);
  ASSERT_TRUE(n);
  EXPECT_EQ(Simulator::events_per_unit(*c), 0);
  auto simulator = Simulator::make(*c, *n, wide(*c));
  ASSERT_TRUE(simulator && simulator->take(*c, *n));
  simulator->draw(1, 0, 2);
  EXPECT_EQ(simulator->events(), 0u);
  std::vector<double> chances(3);
  ASSERT_TRUE(simulator->follow(*c->status_quo(), chances));
  EXPECT_NEAR(chances[0], 1 - std::exp(-0.6), 1e-15);
  EXPECT_EQ(chances[1], 0);
  EXPECT_NEAR(chances[2], 1 - std::exp(-0.6), 1e-15);
}

}  // namespace
}  // namespace wayout
