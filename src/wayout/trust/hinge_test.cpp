#include "wayout/trust/hinge.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "wayout/io/case_file.hpp"
#include "wayout/trust/ensemble.hpp"
#include "wayout/trust/flip.hpp"

namespace wayout {
namespace {

/// A dispute with these numbers as its only uncertain inputs.
Sampler with_ranges(const std::vector<std::pair<std::string, std::string>>& ranges) {
  std::string text =
      "format = 1\n[[party]]\nid = 'p'\n[[option]]\nid = 'a'\nparty = 'p'\n"
      "[[preference]]\nparty = 'p'\nmethod = 'weights'\nstatements = [\n";
  for (std::size_t i = 0; i < ranges.size(); ++i)
    text += "{ id = 'x" + std::to_string(i) +
            "', when = 'a', weight = { from = " + ranges[i].first + ", to = " + ranges[i].second +
            " } },\n";
  const auto file = parse_case(text + "]\n", "test.toml");
  EXPECT_TRUE(file) << file.error().front().message;
  const auto built = build(file->parts);
  EXPECT_TRUE(built);
  return Sampler(*built);
}

double x(const Sampler& sampler, std::span<const std::int64_t> draws, std::size_t i) {
  return sampler.number(i, draws[i]).to_double();
}

TEST(Tornado, ALinearFunctionByHand) {
  const Sampler s = with_ranges({{"0", "2"}, {"-1", "1"}, {"4", "8"}});
  const Tornado t =
      tornado(s, [&](auto d) { return 3 * x(s, d, 0) - x(s, d, 1) + 0.1 * x(s, d, 2); });
  EXPECT_NEAR(t.plain, 3.6, 1e-12);
  ASSERT_EQ(t.bars.size(), 3u);
  EXPECT_EQ(t.bars[0].group, 0u);
  EXPECT_NEAR(t.bars[0].low, 0.6, 1e-12);
  EXPECT_NEAR(t.bars[0].high, 6.6, 1e-12);
  EXPECT_EQ(t.bars[1].group, 1u);
  EXPECT_NEAR(t.bars[1].low, 4.6, 1e-12);
  EXPECT_EQ(t.bars[2].group, 2u);
  EXPECT_NEAR(t.bars[2].width, 0.4, 1e-12);
}

double ishigami(double a, double b, double c) {
  return std::sin(a) + 7 * std::sin(b) * std::sin(b) + 0.1 * c * c * c * c * std::sin(a);
}

TEST(Sobol, IshigamiIsAsPublished) {
  // Saltelli et al. 2008, section 4.6: S = 0.3139, 0.4424, 0; T = 0.5576, 0.4424, 0.2437.
  const Sampler s = with_ranges(
      {{"-3.141593", "3.141593"}, {"-3.141593", "3.141593"}, {"-3.141593", "3.141593"}});
  const auto f = [&](auto d) { return ishigami(x(s, d, 0), x(s, d, 1), x(s, d, 2)); };
  SobolSettings settings;
  settings.samples = 16384;
  settings.resamples = 50;
  settings.threads = 1;
  const SobolResult out = sobol(s, f, settings);
  EXPECT_NEAR(out.mean, 3.5, 0.05);
  EXPECT_NEAR(out.variance, 13.8446, 0.2);
  const double first[] = {0.3139, 0.4424, 0};
  const double total[] = {0.5576, 0.4424, 0.2437};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(out.first[i].value, first[i], 0.025) << i;
    EXPECT_NEAR(out.total[i].value, total[i], 0.02) << i;
    EXPECT_LT(out.first[i].low, first[i] + 0.01);
    EXPECT_GT(out.first[i].high, first[i] - 0.01);
  }
  settings.threads = 2;
  const SobolResult again = sobol(s, f, settings);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(again.first[i].value, out.first[i].value);  // to the last bit
    EXPECT_EQ(again.total[i].high, out.total[i].high);
  }
  // The interaction of the first and the third is shared between them.
  settings.samples = 8192;
  const ShapleyResult shares = shapley(s, f, {}, settings);
  ASSERT_EQ(shares.players.size(), 3u);
  EXPECT_NEAR(shares.share[0].value, 0.4357, 0.03);
  EXPECT_NEAR(shares.share[1].value, 0.4424, 0.03);
  EXPECT_NEAR(shares.share[2].value, 0.1218, 0.03);
  EXPECT_NEAR(shares.share[0].value + shares.share[1].value + shares.share[2].value, 1, 1e-12);
}

TEST(Sobol, ALinearFunctionIsSharedByTheSquares) {
  const Sampler s = with_ranges({{"0", "2"}, {"-1", "1"}, {"0", "4"}, {"1", "1.000001"}});
  const auto f = [&](auto d) { return 3 * x(s, d, 0) - 2 * x(s, d, 1) + x(s, d, 2); };
  SobolSettings settings;
  settings.samples = 8192;
  settings.resamples = 20;
  const SobolResult out = sobol(s, f, settings);
  const double squares[] = {9.0 / 17, 4.0 / 17, 4.0 / 17, 0};  // (slope · width)²
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(out.first[i].value, squares[i], 0.03) << i;
    EXPECT_NEAR(out.total[i].value, squares[i], 0.03) << i;
  }
  EXPECT_EQ(out.total[3].value, 0);
  const ShapleyResult shares = shapley(s, f, std::vector<double>{1, 2, 3, 4}, settings);
  for (std::size_t p = 0; p < 4; ++p)
    EXPECT_NEAR(shares.share[p].value, squares[shares.players[p][0]], 0.03);
}

TEST(Sobol, AConstantHingesOnNothing) {
  const Sampler s = with_ranges({{"0", "2"}, {"0", "1"}});
  const SobolResult out = sobol(s, [](auto) { return 1.0; });
  EXPECT_EQ(out.variance, 0);
  EXPECT_EQ(out.first[0].value, 0);
  EXPECT_EQ(out.total[1].high, 0);
}

TEST(Shapley, ManyInputsShareTheLastPlayer) {
  std::vector<std::pair<std::string, std::string>> ranges(11, {"0", "1"});
  const Sampler s = with_ranges(ranges);
  SobolSettings settings;
  settings.samples = 256;
  settings.resamples = 5;
  std::vector<double> rank(11, 0);
  rank[10] = 5;
  const ShapleyResult out = shapley(
      s,
      [&](auto d) {
        double y = 4 * x(s, d, 10);
        for (std::size_t i = 0; i < 10; ++i) y += x(s, d, i);
        return y;
      },
      rank, settings);
  ASSERT_EQ(out.players.size(), kMostShapley);
  EXPECT_EQ(out.players[0], std::vector<std::size_t>{10});
  EXPECT_EQ(out.players.back().size(), 4u);
  EXPECT_NEAR(out.share[0].value, 16.0 / 26, 0.12);
  EXPECT_NEAR(out.share.back().value, 4.0 / 26, 0.12);
}

// --- flips

std::uint8_t above(double value) { return value > 0 ? 1 : 0; }

TEST(Flip, OneInputToTheGridPoint) {
  const Sampler s = with_ranges({{"0", "10"}, {"0", "10"}});
  // 5 + 5 stays below 13.7; the second needs to reach 8.70001, the first 5 + 4.35.
  const FlipResult out =
      find_flip(s, [&](auto d) { return above(2 * x(s, d, 0) + x(s, d, 1) - 18.7); });
  EXPECT_EQ(out.plain, 0);
  EXPECT_TRUE(out.singles_exhausted);
  ASSERT_TRUE(out.alone[0]);
  ASSERT_TRUE(out.alone[1]);
  EXPECT_EQ(s.number(0, out.alone[0]->draws[0]), *Decimal::parse("6.8501"));
  EXPECT_EQ(s.number(1, out.alone[1]->draws[1]), *Decimal::parse("8.7001"));
  ASSERT_TRUE(out.smallest);
  EXPECT_EQ(out.smallest->inputs, std::vector<std::size_t>{0});
  EXPECT_NEAR(out.smallest->distance, 0.37002, 1e-9);
  EXPECT_EQ(out.smallest->verdict, 1);
}

TEST(Flip, TwoInputsWhereOneIsNotEnough) {
  const Sampler s = with_ranges({{"0", "10"}, {"0", "10"}, {"0", "10"}});
  const auto f = [&](auto d) { return above(x(s, d, 0) + x(s, d, 1) + 0.1 * x(s, d, 2) - 16.5); };
  const FlipResult out = find_flip(s, f);
  for (const auto& alone : out.alone) EXPECT_FALSE(alone);
  ASSERT_TRUE(out.smallest);
  EXPECT_EQ(out.smallest->inputs, (std::vector<std::size_t>{0, 1}));
  // Both have to reach 8 on the diagonal: 0.6 of the half width.
  EXPECT_NEAR(out.smallest->distance, 0.6, 0.003);
  EXPECT_EQ(f(out.smallest->draws), 1);
}

TEST(Flip, SetsAgainstTryingAll) {
  // Verdicts by whether enough of the inputs reach their ends; every subset is tried by hand.
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Sampler s = with_ranges({{"0", "2"}, {"0", "2"}, {"0", "2"}, {"0", "2"}, {"0", "2"}});
    Draws weights = s.draw(seed, 77);
    const auto f = [&](auto d) {
      double y = 0;
      for (std::size_t i = 0; i < 5; ++i) y += x(s, weights, i) * (x(s, d, i) - 1);
      return above(y - 2.4);
    };
    std::size_t fewest = 99;
    for (unsigned u = 1; u < 32; ++u) {
      Draws d = s.plain();
      std::size_t size = 0;
      for (std::size_t i = 0; i < 5; ++i)
        if ((u >> i & 1u) != 0) {
          d[i] = s.inputs()[i].last;
          ++size;
        }
      if (f(d) == 1) fewest = std::min(fewest, size);
    }
    const FlipResult out = find_flip(s, f);
    ASSERT_EQ(out.smallest.has_value(), fewest != 99) << seed;
    if (!out.smallest) continue;
    EXPECT_EQ(out.smallest->inputs.size(), fewest) << seed;
    EXPECT_EQ(f(out.smallest->draws), 1);
    // No input of the set can be left out, and none can move a grid point back.
    for (const std::size_t i : out.smallest->inputs) {
      Draws d = out.smallest->draws;
      d[i] = s.plain()[i];
      EXPECT_EQ(f(d), 0);
    }
  }
}

TEST(Flip, NothingFlipsAndNoAnswerIsNoFlip) {
  const Sampler s = with_ranges({{"0", "10"}, {"0", "10"}});
  const FlipResult out =
      find_flip(s, [&](auto d) { return x(s, d, 0) > 6 ? kNoAnswer : std::uint8_t{0}; });
  EXPECT_FALSE(out.smallest);
  EXPECT_TRUE(out.singles_exhausted);
}

}  // namespace
}  // namespace wayout
