// The ends of the risk over ranges: every corner of the box by brute force, the outer ends by value
// iteration written word for word, and the same in continuous time.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/risk/risk_cases.hpp"
#include "wayout/risk/slope.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

/// What a case is like.
struct Kind {
  bool tempos = false;     ///< tempos have ranges
  bool assigning = false;  ///< a hazard that sets a level, with a range
  bool rival = false;      ///< the spark leads into another catastrophe, which only stops
};

std::optional<Conflict> random_case(std::uint64_t seed, const Kind& kind) {
  RandomSettings rs;
  rs.parties = 2;
  rs.options = 3 + seed % 2;
  Parts parts = random_weights(rs, seed);
  Random r(seed, 0, "box");
  for (const PartyPart& p : parts.parties)
    parts.tempos.push_back(tempo(p.id, kind.tempos ? range("0.3", "1.4") : number("0.8"),
                                 number(r.chance(0.5) ? "0.5" : "2")));
  parts.tempos.push_back(tempo_of_tables(number("0.4")));
  for (const char* id : {"bang", "crash"}) parts.catastrophes.emplace_back().id = id;
  parts.hazards = {hazard("slip", "true", range("0.02", "0.2")),
                   hazard("spark", parts.options[2].id, range("0.1", "0.4"))};
  if (kind.rival) parts.hazards[1].leads_to.catastrophes = {{"crash", number("1")}};
  add_factor(parts.hazards[0], "f0", parts.options[0].id, range("0.5", "3"));
  add_factor(parts.hazards[1], "f1", parts.options[1].id, number("2.5"));
  if (kind.assigning)
    parts.hazards.push_back(sliding_hazard("slide", "not " + parts.options[0].id,
                                           range("0.05", "0.6"), parts.options[0].id));
  return built_if_sound(std::move(parts));
}

/// A rate that may lie anywhere in a range, and where it leads; `share` is of the rate.
struct Open {
  double low = 0;
  double high = 0;
  std::vector<std::pair<std::size_t, double>> to;  ///< to a state, or to kBang or kCrash
};
constexpr std::size_t kBang = 1'000'000;
constexpr std::size_t kCrash = 1'000'001;

/// The chain written from the definition, state by state.
std::vector<std::vector<Open>> literal(const ConflictChain& model, const Normaliser& scale) {
  const Conflict& c = model.conflict();
  std::vector<std::vector<Open>> out(model.chain().size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const State s = model.state(i);
    for (const MoverId m : c.movers()) {
      const MoverInfo& mover = c.mover(m);
      Open open;
      double lambda = 1e9;
      for (const TempoPart& t : c.parts().tempos)
        for (const PartyId p : c.parties()) {
          if (t.party != c.party(p).id || !contains(mover.members, p)) continue;
          lambda = std::min(lambda, t.rationality->value()->to_double());
          if (mover.track) continue;
          open.low = t.moves_per_unit.low()->to_double();
          open.high = t.moves_per_unit.high()->to_double();
        }
      if (mover.track) open.low = open.high = 0.4;
      double sum = 1;
      for (const State t : mover.track ? improvements(c, m, s) : moves(c, m, s)) {
        int changed = 0;
        for (const OptionId o : c.options()) changed += c.level(s, o) != c.level(t, o);
        double least = 1e300;
        bool refused = !mover.track && changed != 1;
        for (const PartyId p : c.parties()) {
          if (!contains(mover.members, p)) continue;
          const double u = c.numeric(p) ? c.points(p, t).second - c.points(p, s).second : 0;
          least = std::min(least, u / scale.scale.at(c.party(p).id));
          refused = refused || (!mover.track && c.numeric(p) &&
                                c.points(p, t).first < c.points(p, s).first - 1e-9);
        }
        if (refused) continue;
        open.to.emplace_back(*model.find(t), std::exp(lambda * least));
        sum += open.to.back().second;
      }
      for (auto& [to, share] : open.to) share /= sum;
      out[i].push_back(std::move(open));
    }
    for (const HazardPart& h : c.parts().hazards) {
      if (!c.condition(h.when)->holds(s)) continue;
      Open open;
      open.low = h.rate.low()->to_double();
      open.high = h.rate.high()->to_double();
      for (const FactorPart& f : h.factors) {
        if (!c.condition(f.when)->holds(s)) continue;
        open.low *= f.times.low()->to_double();
        open.high *= f.times.high()->to_double();
      }
      if (h.leads_to.assignment.empty()) {
        const bool bang = h.leads_to.catastrophes[0].first == "bang";
        open.to.emplace_back(bang ? kBang : kCrash, 1);
      } else {
        const State t = c.with_level(s, OptionId(0), 1);
        if (t != s) open.to.emplace_back(*model.find(t), 1);
      }
      out[i].push_back(std::move(open));
    }
  }
  return out;
}

/// Σ over what is open of the rate, at the end of its range that serves, times what it is worth.
double best_change(const std::vector<Open>& row, const std::vector<double>& v, double here,
                   bool most) {
  double sum = 0;
  for (const Open& open : row) {
    double worth = 0;
    for (const auto& [to, share] : open.to)
      worth += share * ((to == kBang ? 1 : to == kCrash ? 0 : v[to]) - here);
    const double a = open.low * worth;
    const double b = open.high * worth;
    sum += most ? std::max(a, b) : std::min(a, b);
  }
  return sum;
}

/// Value iteration at the events of the uniformised chain, each number at either end at every event
/// and state.
double by_events(const std::vector<std::vector<Open>>& rows, std::size_t start, double horizon,
                 bool most) {
  double rate = 0;
  for (const auto& row : rows) {
    double exit = 0;
    for (const Open& open : row)
      for (const auto& [to, share] : open.to) exit += open.high * share;
    rate = std::max(rate, exit);
  }
  std::vector<double> v(rows.size(), 0), y(rows.size());
  double out = 0;
  for (int k = 0; k < 400; ++k) {
    out +=
        std::exp(k * std::log(rate * horizon) - rate * horizon - std::lgamma(k + 1.0)) * v[start];
    for (std::size_t s = 0; s < rows.size(); ++s)
      y[s] = v[s] + best_change(rows[s], v, v[s], most) / rate;
    v = y;
  }
  return out;
}

/// The same in continuous time: v' is the best change, by small steps of second order.
double in_time(const std::vector<std::vector<Open>>& rows, std::size_t start, double horizon,
               bool most) {
  constexpr int kSteps = 2000;
  const double dt = horizon / kSteps;
  std::vector<double> v(rows.size(), 0), half(rows.size());
  for (int k = 0; k < kSteps; ++k) {
    for (std::size_t s = 0; s < rows.size(); ++s)
      half[s] = v[s] + dt / 2 * best_change(rows[s], v, v[s], most);
    std::vector<double> next = v;
    for (std::size_t s = 0; s < rows.size(); ++s)
      next[s] += dt * best_change(rows[s], half, half[s], most);
    v = std::move(next);
  }
  return v[start];
}

TEST(RiskBox, EndsAreThoseOfCornersAndOfValueIterationReadLiterally) {
  constexpr double kHorizon = 3;
  int judged = 0, exact = 0, strict = 0;
  for (std::uint64_t seed = 1; seed <= 48; ++seed) {
    const Kind kind{seed % 4 == 1 || seed % 4 == 3, seed % 4 >= 2, seed % 3 == 0};
    const auto c = random_case(seed, kind);
    if (!c) continue;
    const auto scale = normaliser(*c);
    ASSERT_TRUE(scale);
    auto model = ConflictChain::make(*c, *scale, {});
    if (!model) continue;  // what it slides into is infeasible somewhere
    const Chain& chain = model->chain();
    const Target bang{1, chain.stopping() & ~OutcomeMask{1}};
    const TimeSlopes slopes = time_slopes(*model, std::span(&bang, 1), kHorizon);
    const BoxRange box = over_box(*model, bang, kHorizon, slopes.by[0]);
    ASSERT_EQ(box.end, End::Complete);
    ++judged;

    const auto rows = literal(*model, *scale);
    const double least = by_events(rows, chain.start, kHorizon, false);
    const double greatest = by_events(rows, chain.start, kHorizon, true);
    EXPECT_NEAR(box.outer_least, least, 1e-9) << seed;
    EXPECT_NEAR(box.outer_greatest, greatest, 1e-9) << seed;
    EXPECT_LE(box.outer_least, in_time(rows, chain.start, kHorizon, false) + 1e-6) << seed;
    EXPECT_GE(box.outer_greatest, in_time(rows, chain.start, kHorizon, true) - 1e-6) << seed;

    std::vector<std::size_t> ranged;
    const auto& inputs = model->inputs().list;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].ranged()) ranged.push_back(i);
    ASSERT_GE(ranged.size(), 3u);
    ASSERT_LE(ranged.size(), 6u);
    const std::vector<double> before = model->values();
    double low = 1, high = 0;
    bool least_met = false, greatest_met = false;
    for (std::size_t corner = 0; corner < (std::size_t{1} << ranged.size()); ++corner) {
      std::vector<double> values = before;
      for (std::size_t k = 0; k < ranged.size(); ++k)
        values[ranged[k]] =
            (corner >> k & 1u) != 0 ? inputs[ranged[k]].high : inputs[ranged[k]].low;
      model->set(values);
      const std::vector<double> times{kHorizon};
      const std::vector<std::uint32_t> starts{chain.start};
      const double p = by_time(chain, std::span(&bang, 1), times, starts).value(0, 0, 0);
      low = std::min(low, p);
      high = std::max(high, p);
      least_met = least_met || std::abs(p - box.inner_least) < 1e-12;
      greatest_met = greatest_met || std::abs(p - box.inner_greatest) < 1e-12;
    }
    model->set(before);
    // The inner ends are attained; every corner lies within the outer ones.
    EXPECT_TRUE(least_met && greatest_met) << seed;
    EXPECT_GE(low, box.outer_least - 1e-12) << seed;
    EXPECT_LE(high, box.outer_greatest + 1e-12) << seed;
    EXPECT_LE(low, box.inner_least + 1e-12) << seed;
    EXPECT_GE(high, box.inner_greatest - 1e-12) << seed;
    strict += high < box.outer_greatest - 1e-6 ? 1 : 0;
    EXPECT_EQ(box.exact, !kind.tempos && !kind.assigning && !kind.rival) << seed;
    if (!box.exact) continue;
    ++exact;
    EXPECT_NEAR(box.inner_least, low, 1e-12) << seed;
    EXPECT_NEAR(box.inner_greatest, high, 1e-12) << seed;
    // Where each number only ever raises the probability, one corner is best at every state.
    EXPECT_NEAR(box.outer_least, low, 1e-9) << seed;
    EXPECT_NEAR(box.outer_greatest, high, 1e-9) << seed;
  }
  EXPECT_GT(judged, 20);
  EXPECT_GT(exact, 3);
  EXPECT_GT(strict, 3);
}

}  // namespace
}  // namespace wayout
