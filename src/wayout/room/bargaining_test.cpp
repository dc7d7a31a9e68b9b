#include "wayout/room/bargaining.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wayout/base/decimal.hpp"

namespace wayout {
namespace {

GainTable two(std::vector<std::pair<std::int64_t, std::int64_t>> rows) {
  GainTable t;
  t.parties = 2;
  t.places = {0, 0};
  t.ideal.resize(2);
  for (const auto& [a, b] : rows) {
    t.gains.push_back({0, a});
    t.gains.push_back({0, b});
    t.ideal[0] = std::max(t.ideal[0], Gain{0, a});
    t.ideal[1] = std::max(t.ideal[1], Gain{0, b});
  }
  return t;
}

// Splitting 100 in steps of 10, one party valuing it by the piece, the other with falling worth
// (the square root, here in tenths): by hand.
TEST(Bargaining, SplitWithOneAverseParty) {
  // shares of A: 10 … 90; B's worth of what is left, 100·sqrt(rest): rounded.
  const GainTable t = two({{10, 949},
                           {20, 894},
                           {30, 837},
                           {40, 775},
                           {50, 707},
                           {60, 632},
                           {70, 548},
                           {80, 447},
                           {90, 316}});
  // Products: 9490, 17880, 25110, 31000, 35350, 37920, 38360, 35760, 28440.
  EXPECT_EQ(bargain(t, Bargain::Nash), std::vector<std::size_t>{6});
  // Shares of (90, 949): the lesser one is largest at 60 (0.667, 0.666) against 70 (0.778, 0.577).
  EXPECT_EQ(bargain(t, Bargain::KalaiSmorodinsky), std::vector<std::size_t>{5});
  EXPECT_EQ(bargain(t, Bargain::MinSpread), std::vector<std::size_t>{5});
  EXPECT_EQ(bargain(t, Bargain::Egalitarian), std::vector<std::size_t>{8});
  EXPECT_EQ(bargain(t, Bargain::Utilitarian), std::vector<std::size_t>{0});
}

// Where Nash and Kalai-Smorodinsky part: cutting off what suits only one side leaves the Nash
// product alone and moves Kalai-Smorodinsky (monotonicity against independence of irrelevant
// alternatives, [KS75]).
TEST(Bargaining, KalaiSmorodinskyFollowsTheIdealNashDoesNot) {
  const GainTable whole = two({{10, 1}, {7, 7}, {4, 9}, {1, 10}});
  const GainTable cut = two({{7, 7}, {4, 9}, {1, 10}});
  EXPECT_EQ(bargain(whole, Bargain::Nash), std::vector<std::size_t>{1});
  EXPECT_EQ(bargain(cut, Bargain::Nash), std::vector<std::size_t>{0});
  EXPECT_EQ(bargain(whole, Bargain::KalaiSmorodinsky), std::vector<std::size_t>{1});
  const GainTable tall = two({{100, 1}, {7, 7}, {40, 3}, {1, 10}});
  EXPECT_EQ(bargain(tall, Bargain::Nash), std::vector<std::size_t>{2});
  EXPECT_EQ(bargain(tall, Bargain::KalaiSmorodinsky), std::vector<std::size_t>{2});
}

TEST(Bargaining, AllTiesAreGiven) {
  const GainTable t = two({{6, 2}, {3, 4}, {4, 3}, {2, 6}});
  EXPECT_EQ(bargain(t, Bargain::Nash), (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(bargain(t, Bargain::Utilitarian), (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(bargain(t, Bargain::Egalitarian), (std::vector<std::size_t>{1, 2}));
}

// 10^9 apart by one: doubles of the products are equal, the products are not.
TEST(Bargaining, ComparesExactly) {
  const std::int64_t n = 4'000'000'000'000'000;
  const GainTable t = two({{n - 1, n + 1}, {n, n}, {n + 1, n - 1}});
  EXPECT_EQ(bargain(t, Bargain::Nash), std::vector<std::size_t>{1});
}

TEST(Bargaining, VitalGainsOutweighAllOthers) {
  GainTable t;
  t.parties = 2;
  t.places = {0, 0};
  t.gains = {{1, -50}, {0, 5}, {0, 1000}, {0, 1000}};
  t.ideal = {{1, -50}, {0, 1000}};
  EXPECT_EQ(bargain(t, Bargain::Nash), std::vector<std::size_t>{0});
  EXPECT_EQ(bargain(t, Bargain::Utilitarian), std::vector<std::size_t>{0});
  // The least share: 5/1000 against 1000/(M - 50), which is less than any number.
  EXPECT_EQ(bargain(t, Bargain::KalaiSmorodinsky), std::vector<std::size_t>{0});
  EXPECT_EQ(bargain(t, Bargain::Egalitarian), std::vector<std::size_t>{1});
}

TEST(Bargaining, WhoCanGainNothingIsLeftOut) {
  const GainTable t = two({{0, 3}, {0, 5}});
  EXPECT_EQ(bargain(t, Bargain::Nash), std::vector<std::size_t>{1});
  EXPECT_EQ(bargain(t, Bargain::KalaiSmorodinsky), std::vector<std::size_t>{1});
  const GainTable none = two({{0, 3}, {5, 0}});
  EXPECT_TRUE(bargain(none, Bargain::Nash).empty());
}

TEST(Bargaining, PointsOfDifferentFinenessAreOneMeasure) {
  GainTable t;
  t.parties = 2;
  t.places = {0, 2};  // 3 and 2.50 points against 2 and 4.00
  t.gains = {{0, 3}, {0, 250}, {0, 2}, {0, 400}};
  t.ideal = {{0, 3}, {0, 400}};
  EXPECT_EQ(bargain(t, Bargain::Egalitarian), std::vector<std::size_t>{0});
  EXPECT_EQ(bargain(t, Bargain::Utilitarian), std::vector<std::size_t>{1});
}

RC_GTEST_PROP(Bargaining, agrees_with_small_fractions, ()) {
  const auto rows = *rc::gen::inRange<std::size_t>(1, 7);
  const auto parties = *rc::gen::inRange<std::size_t>(1, 4);
  GainTable t;
  t.parties = parties;
  t.places.assign(parties, 0);
  t.ideal.resize(parties);
  for (std::size_t i = 0; i < rows * parties; ++i) {
    t.gains.push_back({0, *rc::gen::inRange<std::int64_t>(0, 8)});
    t.ideal[i % parties] = std::max(t.ideal[i % parties], t.gains.back());
  }
  // Every value over one denominator: products of the ideals are at most 7^3.
  Int128 under = 1;
  for (const Gain& g : t.ideal) under *= g.points > 0 ? g.points : 1;
  for (const Bargain b : kBargains) {
    std::vector<std::size_t> expected;
    Int128 best = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      Int128 product = 1, sum = 0, least_gain = 1000, least = under + 1, most = 0;
      bool all = true;
      for (std::size_t p = 0; p < parties; ++p) {
        const Int128 g = t.at(r, p).points;
        sum += g;
        least_gain = std::min(least_gain, g);
        if (t.ideal[p].points == 0) continue;
        all = all && g > 0;
        product *= g;
        least = std::min(least, g * under / t.ideal[p].points);
        most = std::max(most, g * under / t.ideal[p].points);
      }
      if (least > under) least = most = 0;
      if (b == Bargain::Nash && !all) continue;
      const Int128 value = b == Bargain::Nash               ? product
                           : b == Bargain::Utilitarian      ? sum
                           : b == Bargain::Egalitarian      ? least_gain
                           : b == Bargain::KalaiSmorodinsky ? least
                                                            : least - most;
      if (expected.empty() || value > best) expected.clear();
      if (expected.empty() || value == best) {
        expected.push_back(r);
        best = value;
      }
    }
    RC_ASSERT(bargain(t, b) == expected);
  }
}

}  // namespace
}  // namespace wayout
