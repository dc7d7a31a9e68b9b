// Solvers of chains against closed forms, and against each other.
#include <cmath>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/risk/eventual.hpp"
#include "wayout/risk/slope.hpp"
#include "wayout/risk/transient.hpp"

namespace wayout {
namespace {

/// A chain of n states with two outcomes, "up" (bit 0) and "down" (bit 1), and the outside (bit 2).
struct Maker {
  explicit Maker(std::size_t n) : rows(n) {
    chain.outcomes = {{ChainOutcome::Kind::Catastrophe, "up", "up"},
                      {ChainOutcome::Kind::Catastrophe, "down", "down"},
                      {ChainOutcome::Kind::Outside, "", ""}};
    chain.into.assign(3 * n, 0);
    chain.at.assign(n, 0);
    chain.out.assign(n, 0);
  }
  void move(std::uint32_t s, std::uint32_t t, double rate) { rows[s].emplace_back(t, rate); }
  Chain done() {
    for (std::size_t s = 0; s < rows.size(); ++s) {
      for (const auto& [t, rate] : rows[s]) {
        chain.moves.to.push_back(t);
        chain.moves.rate.push_back(rate);
        chain.out[s] += rate;
      }
      chain.moves.begin.push_back(chain.moves.to.size());
    }
    return chain;
  }
  Chain chain;
  std::vector<std::vector<std::pair<std::uint32_t, double>>> rows;
};

constexpr Target kUp{1, 6};
constexpr Target kDown{2, 5};
constexpr Target kEither{3, 4};

double by(const Chain& chain, const Target& target, double t) {
  const std::vector<double> times{t};
  const std::vector<std::uint32_t> starts{chain.start};
  const Transient x = by_time(chain, std::span(&target, 1), times, starts);
  EXPECT_EQ(x.end, End::Complete);
  EXPECT_LE(x.lower[0][0][0], x.upper[0][0][0]);
  return x.value(0, 0, 0);
}

TEST(RiskSolve, GamblersRuinInSixtyFourSettings) {
  for (std::uint32_t n = 2; n < 10; ++n)
    for (int k = 1; k <= 8; ++k) {
      const double p = 0.1 * k + 0.05;
      Maker m(n);  // fortunes 1 … n of n + 1
      for (std::uint32_t s = 0; s < n; ++s) {
        if (s + 1 < n) m.move(s, s + 1, 2 * p);
        if (s > 0) m.move(s, s - 1, 2 * (1 - p));
      }
      m.chain.into[3 * (n - 1) + 0] = 2 * p;
      m.chain.into[1] = 2 * (1 - p);
      Chain chain = m.done();
      for (std::uint32_t start = 0; start < n; ++start) {
        chain.start = start;
        EventualSystem system(chain, 7);
        const double r = (1 - p) / p;
        const double i = start + 1;
        const double top = n + 1;
        const double win =
            std::abs(p - 0.5) < 1e-12 ? i / top : (1 - std::pow(r, i)) / (1 - std::pow(r, top));
        const Eventual up = system.eventual(kUp);
        const Eventual down = system.eventual(kDown);
        EXPECT_NEAR(up.value, win, 1e-10);
        EXPECT_NEAR(down.value, 1 - win, 1e-10);
        EXPECT_LE(up.lower, win + 1e-12);
        EXPECT_GE(up.upper, win - 1e-12);
        const double steps =
            std::abs(p - 0.5) < 1e-12 ? i * (top - i) : (i - top * win) / (1 - 2 * p);
        EXPECT_NEAR(*system.expected_end(), steps / 2, 1e-9 * steps);  // two steps per unit of time
        EXPECT_NEAR(*up.expected_time * up.value + *down.expected_time * down.value, steps / 2,
                    1e-9 * steps);
      }
    }
}

TEST(RiskSolve, HazardsInSeriesAreErlang) {
  Maker m(5);
  const double rate = 0.8;
  for (std::uint32_t s = 0; s < 4; ++s) m.move(s, s + 1, rate);
  m.chain.into[3 * 4] = rate;
  const Chain chain = m.done();
  for (const double t : {0.0, 0.1, 1.0, 5.0, 40.0}) {
    double below = 0;
    double term = std::exp(-rate * t);
    for (int k = 0; k < 5; ++k) {
      below += term;
      term *= rate * t / (k + 1);
    }
    EXPECT_NEAR(by(chain, kUp, t), 1 - below, 1e-12);
  }
  EXPECT_NEAR(*EventualSystem(chain, 7).eventual(kUp).expected_time, 5 / rate, 1e-10);
}

TEST(RiskSolve, ManyEventsAreSquaredAndAgreeWithTheClosedForm) {
  // Fast switching, rare leak: survival e^{-h t / 2} up to terms of h / rate.
  Maker m(2);
  const double fast = 1e7;
  const double leak = 1e-3;
  m.move(0, 1, fast);
  m.move(1, 0, fast);
  m.chain.into[3] = leak;
  const Chain chain = m.done();
  const double a = -fast, d = -(fast + leak);
  const double root = std::sqrt((a - d) * (a - d) / 4 + fast * fast);
  const double slow = (a * d - fast * fast) / ((a + d) / 2 - root);  // product over the other root
  const double t = 1000;
  EXPECT_NEAR(by(chain, kUp, t), -std::expm1(slow * t), 1e-9);
}

TEST(RiskSolve, WhatNeverLeavesAndWhatIsSoFromTheStart) {
  Maker stays(2);
  stays.move(0, 1, 1);
  stays.move(1, 0, 1);
  const Chain chain = stays.done();
  EXPECT_EQ(by(chain, kUp, 100), 0);
  EventualSystem system(chain, 7);
  EXPECT_EQ(system.eventual(kUp).value, 0);
  EXPECT_FALSE(system.eventual(kUp).expected_time);
  EXPECT_TRUE(system.may_go_on_for_ever());
  EXPECT_FALSE(system.expected_end());

  Maker frozen(1);
  const Chain still = frozen.done();
  EXPECT_EQ(by(still, kUp, 5), 0);

  Maker already(2);
  already.chain.at[0] = 1;
  already.move(0, 1, 1);
  const Chain done = already.done();
  EXPECT_EQ(by(done, kUp, 0), 1);
  EXPECT_EQ(EventualSystem(done, 7).eventual(kUp).value, 1);
  EXPECT_EQ(EventualSystem(done, 7).eventual(kDown).value, 0);
}

TEST(RiskSolve, CertainOnlyBecauseNothingElseAbsorbs) {
  Maker m(2);
  m.move(0, 1, 1);
  m.move(1, 0, 2);
  m.chain.into[3] = 1e-5;
  Chain chain = m.done();
  EXPECT_TRUE(EventualSystem(chain, 7).eventual(kUp).only_because_nothing_else_absorbs);
  chain.into[4] = 1e-5;  // now something else does
  const Eventual e = EventualSystem(chain, 7).eventual(kUp);
  EXPECT_FALSE(e.only_because_nothing_else_absorbs);
  EXPECT_NEAR(e.value, 0.5 - 2.5e-6 / 6, 1e-5);
  EXPECT_LE(e.lower, e.value);
  EXPECT_GE(e.upper, e.value);
}

Chain random_chain(std::uint64_t seed, std::size_t n) {
  Random r(seed, 0, "chain");
  Maker m(n);
  for (std::uint32_t s = 0; s < n; ++s) {
    const std::size_t moves = 1 + r.below(4);
    for (std::size_t k = 0; k < moves; ++k) {
      const auto t =
          static_cast<std::uint32_t>(r.chance(0.7) ? (s + 1 + r.below(3)) % n : r.below(n));
      if (t != s) m.move(s, t, r.chance(0.1) ? 0.0 : std::exp(4 * r.unit() - 2));
    }
    if (r.chance(0.1)) m.chain.into[3 * s] = 0.01 * r.unit();
    if (r.chance(0.1)) m.chain.into[3 * s + 1] = 0.01 * r.unit();
    if (s > 0 && r.chance(0.03)) m.chain.at[s] = 1;
  }
  return m.done();
}

TEST(RiskSolve, ThreeSolversAgree) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Chain chain = random_chain(seed, 20 + 90 * (seed % 4));
    std::vector<std::vector<double>> values, visits;
    for (const LinearMethod method :
         {LinearMethod::Dense, LinearMethod::GaussSeidel, LinearMethod::Krylov}) {
      LinearSettings ls;
      ls.method = method;
      EventualSystem system(chain, 7, ls);
      values.push_back(system.values(kUp));
      EXPECT_LT(system.last().residual, 1e-12);
      visits.push_back(system.visits());
      const Eventual e = system.eventual(kUp);
      EXPECT_LE(e.lower, values[0][chain.start] + 1e-13);
      EXPECT_GE(e.upper, values[0][chain.start] - 1e-13);
    }
    for (std::size_t k = 1; k < 3; ++k)
      for (std::size_t s = 0; s < chain.size(); ++s) {
        EXPECT_NEAR(values[k][s], values[0][s], 1e-10) << seed;
        EXPECT_NEAR(visits[k][s], visits[0][s], 1e-9 * (1 + visits[0][s])) << seed;
      }
  }
}

TEST(RiskSolve, SquaringAndUniformisationAgree) {
  for (std::uint64_t seed = 21; seed <= 24; ++seed) {
    Chain chain = random_chain(seed, 30);
    const double slow = by(chain, kEither, 50);
    // The same chain sped up so much that it is squared, over a time as much shorter.
    for (double& r : chain.moves.rate) r *= 1e6;
    for (double& r : chain.into) r *= 1e6;
    for (double& r : chain.out) r *= 1e6;
    const std::vector<double> times{50.0, 50e-6};
    const std::vector<std::uint32_t> starts{0};
    const Transient fast = by_time(chain, std::span(&kEither, 1), times, starts);
    EXPECT_TRUE(fast.dense);
    EXPECT_NEAR(fast.value(0, 0, 1), slow, 1e-10);
    EXPECT_NEAR(fast.value(0, 0, 0), EventualSystem(chain, 7).eventual(kEither).value, 1e-9);
  }
}

TEST(RiskSolve, PoissonWeightsHoldTheirMeanAndVariance) {
  for (const double mean : {1e-3, 0.7, 30.0, 1e4, 1e7}) {
    const PoissonWeights w = poisson_weights(mean);
    double sum = 0, first = 0, second = 0;
    for (std::size_t i = 0; i < w.weight.size(); ++i) {
      const double k = static_cast<double>(w.left + i) - mean;
      sum += w.weight[i];
      first += w.weight[i] * k;
      second += w.weight[i] * k * k;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_NEAR(first, 0, 1e-8 * mean);
    EXPECT_NEAR(second / mean, 1, 1e-8);
    EXPECT_LT(w.left_out, 1e-15);
  }
}

TEST(RiskSolve, TheMostLikelyPathIsTheGreatestProduct) {
  Maker m(3);
  m.move(0, 1, 3);
  m.move(0, 2, 1);
  m.move(0, 2, 3);  // parallel: 4 together
  m.move(1, 2, 1);
  m.chain.into[3 * 1] = 1;
  m.chain.into[3 * 2] = 0.5;
  m.move(2, 0, 4.5);
  const LikelyPath path = likely_path(m.done(), kUp);
  EXPECT_EQ(path.states, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_TRUE(path.by_hazard);
  EXPECT_NEAR(path.probability, 3.0 / 7 * 0.5, 1e-15);
}

}  // namespace
}  // namespace wayout
