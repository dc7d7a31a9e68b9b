// Chains of other profiles, and bounds from a part of them, against the whole chain of each.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "wayout/model/view.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/risk/risk_cases.hpp"

namespace wayout {
namespace {

TEST(RiskProfiles, ChainsOfProfilesAreTheirOwnAndBoundsHoldThem) {
  int whole = 0;
  int bounded = 0;
  int tight = 0;
  int with_tables = 0;
  int other = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto c = random_risk_case(seed);
    if (!c) continue;
    ASSERT_TRUE(ConflictChain::supports_profiles(*c));
    const auto n = normaliser(*c);
    ASSERT_TRUE(n);
    ChainSettings cs;
    cs.ranges = wide(*c);
    cs.stop_at_catastrophes = true;
    const auto plan = ConflictChain::make(*c, *n, cs);
    if (!plan) continue;  // a hazard that leads to an infeasible state
    for (std::uint64_t k = 1; k <= 4; ++k) {
      const auto p = profile_of(*c, 100 * seed + k);
      ASSERT_TRUE(p);
      const std::vector<State> starts{plan->state(plan->chain().start),
                                      plan->state(plan->chain().size() - 1)};
      ChainSettings whole_settings;
      whole_settings.also = {starts[1]};
      const auto own = ConflictChain::make(*p, *n, whole_settings);
      if (!own) continue;
      for (std::size_t i = 0; i < own->mover_count(); ++i)
        with_tables +=
            p->mover(own->mover(i)).track && own->book(i).size() > 0 && own->book(i).items(0) > 0
                ? 1
                : 0;
      const std::vector<double> times{1.0, 5.0};
      std::vector<std::uint32_t> places;
      for (const State s : starts) places.push_back(*own->find(s));
      for (const OutcomeMask counts : {OutcomeMask{1}, OutcomeMask{2}, OutcomeMask{3}}) {
        Target t{counts, own->chain().stopping() & ~counts};
        const Transient exact = by_time(own->chain(), std::span(&t, 1), times, places);
        for (const std::size_t most : {std::size_t{3}, std::size_t{9}, std::size_t{100'000}}) {
          const auto part = plan->in_profile(*p, *n, starts, most);
          if (!part) {  // a table has its rationality from another member there
            ++other;
            continue;
          }
          Target upper = t;
          upper.outside_rate = plan->outside_rate(t, *part, false);
          upper.calm_rate = plan->outside_rate(t, *part, true);
          upper.calm_turn = part->turn;
          ASSERT_LE(upper.calm_rate, upper.outside_rate);
          const Target both[] = {t, upper};
          const Transient got = by_time(part->chain, both, times, part->starts);
          if (part->chain.complete) ++whole;
          for (std::size_t s = 0; s < places.size(); ++s)
            for (std::size_t i = 0; i < times.size(); ++i) {
              const double x = exact.value(0, s, i);
              EXPECT_LE(got.lower[0][s][i], x + 1e-11) << seed << " " << k << " " << most;
              EXPECT_GE(got.upper[1][s][i], x - 1e-11) << seed << " " << k << " " << most;
              if (part->chain.complete) {
                EXPECT_NEAR(got.value(0, s, i), x, 1e-11) << seed << " " << k;
                continue;
              }
              ++bounded;
              tight += got.upper[1][s][i] < 0.9 ? 1 : 0;
            }
        }
      }
    }
  }
  EXPECT_GT(whole, 200);
  EXPECT_GT(bounded, 500);
  EXPECT_GT(tight, 100);
  EXPECT_GT(with_tables, 20);
  EXPECT_LT(other, 100);
}

TEST(RiskProfiles, ANumberOutOfItsRangeIsNoProfileOfTheCase) {
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto c = random_risk_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    ChainSettings cs;
    cs.ranges = [&c](PartyId p, std::size_t k) {
      const double x = c->statement_points(p, k).second;
      return std::pair{x, x};
    };
    const auto plan = ConflictChain::make(*c, *n, cs);
    const auto p = profile_of(*c, seed);
    if (!plan || !p) continue;
    const std::vector<State> starts{plan->state(plan->chain().start)};
    EXPECT_TRUE(plan->in_profile(*c, *n, starts, 100));
    refused += plan->in_profile(*p, *n, starts, 100) ? 0 : 1;
  }
  EXPECT_GT(refused, 3);
}

}  // namespace
}  // namespace wayout
