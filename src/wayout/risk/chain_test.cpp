// The chain of a conflict against a literal reading of the definition, and against simulation.
#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/model/view.hpp"
#include "wayout/risk/explicit.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/risk/risk_cases.hpp"
#include "wayout/risk/slope.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

/// A random conflict of weights, with tempos, two catastrophes and three hazards.
std::optional<Conflict> random_case(std::uint64_t seed, bool assigning = false) {
  RandomSettings rs;
  rs.parties = 2 + seed % 2;
  rs.options = 4 + seed % 2;
  Parts parts = random_weights(rs, seed);
  Random r(seed, 0, "risk");
  const char* const rates[] = {"0.2", "0.7", "1.3"};
  for (const PartyPart& p : parts.parties) {
    const Quantity moves = number(rates[r.below(3)]);
    parts.tempos.push_back(tempo(p.id, moves, number(rates[r.below(3)])));
  }
  parts.tempos.push_back(tempo_of_tables(number("0.4")));
  add_catastrophes(parts);
  parts.hazards = {forked_hazard("slip", "true", number("0.02")),
                   hazard("spark", parts.options[2].id, number("0.1"))};
  for (std::size_t k = 0; k < 2; ++k)
    add_factor(parts.hazards[k], "f" + std::to_string(k), parts.options[k].id, number("2.5"));
  if (assigning)
    for (const std::size_t k : {3, 0}) {
      const std::string& option = parts.options[k].id;
      parts.hazards.insert(
          parts.hazards.begin() + 1,
          sliding_hazard("slide" + std::to_string(k), "not " + option, number("0.15"), option));
    }
  return built_if_sound(std::move(parts));
}

/// Written from the definition alone: what happens at s, at which rates.
struct Literal {
  const Conflict& c;
  std::map<std::string, double> scale;

  explicit Literal(const Conflict& conflict) : c(conflict) {
    std::vector<State> near{*c.status_quo()};
    for (int step = 0; step < 3; ++step) {
      const std::vector<State> now = near;
      for (const State s : now)
        for (const MoverId m : c.movers())
          for (const State t : menu(m, s))
            if (std::find(near.begin(), near.end(), t) == near.end()) near.push_back(t);
    }
    for (const PartyId p : c.parties()) {
      std::vector<double> own, all;
      for (const State s : near)
        for (const MoverId m : c.movers())
          for (const State t : menu(m, s)) {
            const double d = std::abs(u(p, t) - u(p, s));
            if (d <= 1e-12) continue;
            all.push_back(d);
            if (m == c.mover_of(p)) own.push_back(d);
          }
      std::vector<double>& list = own.empty() ? all : own;
      std::sort(list.begin(), list.end());
      const std::size_t n = list.size();
      scale[c.party(p).id] = n == 0       ? 1
                             : n % 2 == 1 ? list[n / 2]
                                          : (list[n / 2] + list[n / 2 - 1]) / 2;
    }
  }
  double u(PartyId p, State s) const { return c.numeric(p) ? c.points(p, s).second : 0; }
  std::vector<State> menu(MoverId m, State s) const {
    if (c.mover(m).track) return improvements(c, m, s);
    std::vector<State> out;
    for (const State t : moves(c, m, s)) {
      int changed = 0;
      for (const OptionId o : c.options()) changed += c.level(s, o) != c.level(t, o);
      if (changed == 1) out.push_back(t);
    }
    return out;
  }
  double tempo(MoverId m, double& lambda) const {
    double rate = 0;
    double least = 1e9;
    for (const TempoPart& t : c.parts().tempos) {
      if (t.party == c.mover(m).id) {
        rate = t.moves_per_unit.value()->to_double();
        lambda = t.rationality->value()->to_double();
        return rate;
      }
      if (t.track == "*") rate = t.moves_per_unit.value()->to_double();
      for (const PartyId p : c.parties())
        if (contains(c.mover(m).members, p) && t.party == c.party(p).id)
          least = std::min(least, t.rationality->value()->to_double());
    }
    lambda = least;
    return rate;
  }
  /// Rates into states and into the catastrophes 0, 1.
  void at(State s, std::map<State, double>& rates, double into[2]) const {
    for (const MoverId m : c.movers()) {
      double lambda = 0;
      const double tau = tempo(m, lambda);
      std::vector<std::pair<State, double>> items;
      double sum = 1;
      for (const State t : menu(m, s)) {
        double least = 1e300;
        bool refused = false;
        for (const PartyId p : c.parties()) {
          if (!contains(c.mover(m).members, p)) continue;
          least = std::min(least, (u(p, t) - u(p, s)) / scale.at(c.party(p).id));
          if (!c.mover(m).track && c.numeric(p) &&
              c.points(p, t).first < c.points(p, s).first - 1e-9)
            refused = true;
        }
        if (refused) continue;
        items.emplace_back(t, std::exp(lambda * least));
        sum += items.back().second;
      }
      for (const auto& [t, w] : items) rates[t] += tau * w / sum;
    }
    for (const HazardPart& h : c.parts().hazards) {
      if (!c.condition(h.when)->holds(s)) continue;
      double rate = h.rate.value()->to_double();
      for (const FactorPart& f : h.factors)
        if (c.condition(f.when)->holds(s)) rate *= f.times.value()->to_double();
      for (const auto& [id, share] : h.leads_to.catastrophes)
        into[id == "bang" ? 0 : 1] += rate * share.value()->to_double();
    }
  }
};

TEST(RiskChain, RowsAreThoseOfTheDefinition) {
  int judged = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto c = random_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    ASSERT_TRUE(n);
    const Literal literal(*c);
    for (const auto& [id, scale] : literal.scale) EXPECT_NEAR(n->scale.at(id), scale, 1e-12);
    const auto model = ConflictChain::make(*c, *n, {});
    ASSERT_TRUE(model);
    const Chain& chain = model->chain();
    EXPECT_TRUE(chain.complete);
    ++judged;
    for (std::size_t s = 0; s < chain.size(); ++s) {
      if (chain.at[s] == 3) continue;
      std::map<State, double> expected, found;
      double into[2] = {0, 0};
      literal.at(model->state(s), expected, into);
      for (std::uint64_t e = chain.moves.begin[s]; e < chain.moves.begin[s + 1]; ++e)
        found[model->state(chain.moves.to[e])] += chain.moves.rate[e];
      ASSERT_EQ(found.size(), expected.size()) << seed;
      for (const auto& [t, rate] : expected) EXPECT_NEAR(found[t], rate, 1e-12) << seed;
      for (int k = 0; k < 2; ++k)
        EXPECT_NEAR(chain.into[s * chain.outcomes.size() + static_cast<std::size_t>(k)], into[k],
                    1e-12);
    }
  }
  EXPECT_GT(judged, 20);
}

TEST(RiskChain, SimulationAgreesWithinItsConfidence) {
  for (const std::uint64_t seed : {3u, 5u, 8u, 11u}) {
    const auto c = random_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    RiskSettings settings;
    settings.horizon = 6;
    settings.derivatives = false;
    const auto answer = risk(*c, *n, settings);
    ASSERT_TRUE(answer);
    const Literal literal(*c);
    const Condition crash = *c->condition(c->parts().catastrophes[1].when);
    struct Row {
      std::vector<std::pair<State, double>> to;
      double into[2] = {0, 0};
      double exit = 0;
    };
    std::map<State, Row> rows;
    const auto row = [&](State s) -> Row& {
      auto [it, fresh] = rows.try_emplace(s);
      if (fresh) {
        std::map<State, double> rates;
        literal.at(s, rates, it->second.into);
        it->second.to.assign(rates.begin(), rates.end());
        for (const auto& [t, rate] : rates) it->second.exit += rate;
        it->second.exit += it->second.into[0] + it->second.into[1];
      }
      return it->second;
    };
    constexpr int kRuns = 20000;
    int count[2] = {0, 0};
    for (int run = 0; run < kRuns; ++run) {
      Random r(seed, static_cast<std::uint64_t>(run), "simulation");
      State s = *c->status_quo();
      double t = 0;
      while (true) {
        if (crash.holds(s)) {
          ++count[1];
          break;
        }
        const Row& here = row(s);
        if (here.exit <= 0) break;
        t -= std::log(1 - r.unit()) / here.exit;
        if (t > 6) break;
        double x = r.unit() * here.exit;
        if (x < here.into[0]) {
          ++count[0];
          break;
        }
        x -= here.into[0];
        if (x < here.into[1]) {
          ++count[1];
          break;
        }
        x -= here.into[1];
        State next = here.to.empty() ? s : here.to.back().first;
        for (const auto& [to, rate] : here.to) {
          if (x < rate) {
            next = to;
            break;
          }
          x -= rate;
        }
        s = next;
      }
    }
    for (std::size_t k = 0; k < 2; ++k) {
      const double p = answer->catastrophes[k].by.middle();
      const double wide = 4.5 * std::sqrt(p * (1 - p) / kRuns) + 1e-9;
      EXPECT_NEAR(count[k] / static_cast<double>(kRuns), p, wide) << seed;
    }
  }
}

/// The same conflict with another rate of one hazard.
Conflict with_rate(const Conflict& c, std::size_t hazard, double rate) {
  Parts parts = c.parts();
  parts.hazards[hazard].rate = number(rate);
  return *build(std::move(parts));
}

TEST(RiskChain, DerivativesOfTheAnswerAreThoseOfFiniteDifferences) {
  int judged = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto c = random_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    RiskSettings settings;
    settings.horizon = 4;
    const auto answer = risk(*c, *n, settings);
    ASSERT_TRUE(answer);
    RiskSettings plainly = settings;
    plainly.derivatives = plainly.box = false;
    for (const std::size_t hazard : {0, 1}) {
      const auto input = static_cast<std::size_t>(
          std::find_if(answer->inputs.begin(), answer->inputs.end(),
                       [&](const RiskInput& i) {
                         return i.id == (hazard == 0 ? "rate:slip" : "rate:spark");
                       }) -
          answer->inputs.begin());
      const double rate = answer->inputs[input].value;
      const double h = 0.001;  // six places are written
      const auto low = risk(with_rate(*c, hazard, rate - h), *n, plainly);
      const auto high = risk(with_rate(*c, hazard, rate + h), *n, plainly);
      ASSERT_TRUE(low && high);
      const auto judge = [&](const RiskRow& row, const RiskRow& a, const RiskRow& b) {
        const double by = (b.by.middle() - a.by.middle()) / (2 * h);
        EXPECT_NEAR(row.by_slope.by[input], by, 2e-4 * std::max(1.0, std::abs(by))) << seed;
        ASSERT_TRUE(row.ever && a.ever && b.ever);
        if (row.ever->only_because_nothing_else_absorbs) return;
        const double ever = (b.ever->value - a.ever->value) / (2 * h);
        EXPECT_NEAR(row.ever_slope.by[input], ever, 2e-3 * std::max(1.0, std::abs(ever))) << seed;
        ++judged;
      };
      judge(answer->any, low->any, high->any);
      for (std::size_t k = 0; k < 2; ++k)
        judge(answer->catastrophes[k], low->catastrophes[k], high->catastrophes[k]);
    }
  }
  EXPECT_GE(judged, 20);
}

TEST(RiskChain, DerivativesAreThoseOfFiniteDifferences) {
  int judged = 0;
  int assigning = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto c = random_case(seed, seed > 10);
    if (!c) continue;
    const auto n = normaliser(*c);
    auto model = ConflictChain::make(*c, *n, {});
    if (seed > 10 && !model) continue;  // what it slides into is infeasible somewhere
    ASSERT_TRUE(model);
    assigning += seed > 10 ? 1 : 0;
    const Chain& chain = model->chain();
    const Target bang{1, chain.stopping() & ~OutcomeMask{1}};
    const std::vector<double> times{4.0};
    const std::vector<std::uint32_t> starts{chain.start};
    const TimeSlopes slopes = time_slopes(*model, std::span(&bang, 1), 4);
    EXPECT_NEAR(slopes.value[0], by_time(chain, std::span(&bang, 1), times, starts).value(0, 0, 0),
                1e-12);
    EventualSystem system(chain, chain.stopping());
    const std::vector<double> ever =
        ever_slopes(*model, bang, system.values(bang), system.visits());
    const std::vector<double> values = model->values();
    for (std::size_t i = 0; i < values.size(); ++i) {
      double by[2], for_good[2];
      const double h = 1e-4 * values[i];
      for (int side = 0; side < 2; ++side) {
        std::vector<double> moved = values;
        moved[i] += side == 0 ? -h : h;
        model->set(moved);
        by[side] = by_time(chain, std::span(&bang, 1), times, starts).value(0, 0, 0);
        for_good[side] = EventualSystem(chain, chain.stopping()).values(bang)[chain.start];
      }
      model->set(values);
      EXPECT_NEAR(slopes.by[0][i], (by[1] - by[0]) / (2 * h), 1e-6) << seed << " " << i;
      EXPECT_NEAR(ever[i], (for_good[1] - for_good[0]) / (2 * h), 1e-6) << seed << " " << i;
    }
    ++judged;
  }
  EXPECT_GT(judged, 5);
  EXPECT_GE(assigning, 2);
}

TEST(RiskChain, DerivativesOfEachAloneAndOfTimesAreThoseOfFiniteDifferences) {
  int judged = 0, conditional = 0, structural = 0;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const auto c = random_case(seed, seed > 14);
    if (!c) continue;
    const auto n = normaliser(*c);
    RiskSettings settings;
    settings.horizon = 4;
    settings.times = 1;
    settings.box = false;
    settings.all_derivatives = true;
    const auto answer = risk(*c, *n, settings);
    if (seed > 14 && !answer) continue;
    ASSERT_TRUE(answer);
    auto model = ConflictChain::make(*c, *n, {});
    ASSERT_TRUE(model);
    const Chain& chain = model->chain();
    const OutcomeMask every = chain.catastrophes();
    const OutcomeMask stopping = chain.stopping();
    const std::vector<double> times{4.0};
    const std::vector<std::uint32_t> starts{chain.start};
    const std::vector<double> values = model->values();
    // Any catastrophe, each, and each alone.
    const std::vector<Target> targets{{every, stopping & ~every},
                                      {1, stopping & ~OutcomeMask{1}},
                                      {2, stopping & ~OutcomeMask{2}}};
    const std::vector<Target> alone{{1, stopping & ~every}, {2, stopping & ~every}};
    const RiskRow* const rows[] = {&answer->any, &answer->catastrophes[0],
                                   &answer->catastrophes[1]};
    const auto near = [&](double told, double low, double high, double h) {
      const double slope = (high - low) / (2 * h);
      EXPECT_NEAR(told, slope, 1e-6 * std::max(1.0, std::abs(slope))) << seed;
      ++judged;
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double h = 1e-4 * values[i];
      std::vector<double> by[2], time[2], end[2];
      for (int side = 0; side < 2; ++side) {
        std::vector<double> moved = values;
        moved[i] += side == 0 ? -h : h;
        model->set(moved);
        for (const Target& t : alone)
          by[side].push_back(by_time(chain, std::span(&t, 1), times, starts).value(0, 0, 0));
        EventualSystem system(chain, stopping);
        for (const Target& t : targets)
          time[side].push_back(system.eventual(t).expected_time.value_or(0));
        end[side].push_back(system.expected_end().value_or(0));
      }
      model->set(values);
      for (std::size_t k = 0; k < 2; ++k) {
        ASSERT_EQ(rows[k + 1]->alone_slope.by.size(), values.size());
        near(rows[k + 1]->alone_slope.by[i], by[0][k], by[1][k], h);
      }
      for (std::size_t k = 0; k < 3; ++k) {
        if (!rows[k]->ever->expected_time || rows[k]->time_slope.by.empty()) continue;
        near(rows[k]->time_slope.by[i], time[0][k], time[1][k], h);
        (rows[k]->ever->only_because_nothing_else_absorbs ? structural : conditional) += 1;
      }
      if (answer->expected_end) near(answer->end_slope.by[i], end[0][0], end[1][0], h);
    }
  }
  EXPECT_GT(judged, 200);
  EXPECT_GT(conditional, 50);
  EXPECT_GT(structural, 20);
}

TEST(RiskChain, PoliciesBoundEveryBehaviourAndPartOfASpaceBoundsTheWhole) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto c = random_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    RiskSettings settings;
    settings.horizon = 3;
    settings.unknown_behaviour = true;
    const auto whole = risk(*c, *n, settings);
    ASSERT_TRUE(whole);
    ASSERT_TRUE(whole->behaviour);
    const double p = whole->any.by.middle();
    EXPECT_LE(whole->behaviour->least_lower, p + 1e-9);
    EXPECT_GE(whole->behaviour->greatest_upper, p - 1e-9);
    EXPECT_LE(whole->behaviour->least_lower, whole->behaviour->least_upper + 1e-9);
    EXPECT_LE(whole->behaviour->greatest_lower, whole->behaviour->greatest_upper + 1e-9);
    for (const double lambda : {0.0, 5.0, std::numeric_limits<double>::infinity()}) {
      settings.unknown_behaviour = false;
      settings.rationality = lambda;
      const auto other = risk(*c, *n, settings);
      ASSERT_TRUE(other);
      EXPECT_LE(whole->behaviour->least_lower, other->any.by.middle() + 1e-9);
      EXPECT_GE(whole->behaviour->greatest_upper, other->any.by.middle() - 1e-9);
    }
    settings.rationality.reset();
    settings.most_states = 4;
    const auto part = risk(*c, *n, settings);
    ASSERT_TRUE(part);
    EXPECT_LE(part->any.by.lower, p + 1e-12);
    EXPECT_GE(part->any.by.upper, p - 1e-12);
    EXPECT_EQ(part->complete, part->end == End::Complete);
  }
}

TEST(RiskChain, GivenOutrightItSolvesToTheSame) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto c = random_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    const auto model = ConflictChain::make(*c, *n, {});
    ASSERT_TRUE(model);
    const Chain& chain = model->chain();
    const Chain again = chain_of(explicit_chain(*model));
    const std::vector<double> times{4.0};
    const std::vector<std::uint32_t> starts{0};
    for (const char* id : {"bang", "crash"}) {
      const OutcomeMask a = OutcomeMask{1} << *chain.find(ChainOutcome::Kind::Catastrophe, id);
      const OutcomeMask b = OutcomeMask{1} << *again.find(ChainOutcome::Kind::Label, id);
      const Target first{a, chain.stopping() & ~a};
      const Target second{b, again.stopping()};
      EXPECT_NEAR(by_time(chain, std::span(&first, 1), times, starts).value(0, 0, 0),
                  by_time(again, std::span(&second, 1), times, starts).value(0, 0, 0), 1e-12);
      EXPECT_NEAR(EventualSystem(chain, chain.stopping()).eventual(first).value,
                  EventualSystem(again, b | again.stopping()).eventual(second).value, 1e-10);
    }
  }
}

TEST(RiskChain, StatesThatShareAStartShareTheAnswer) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto c = random_case(seed);
    if (!c) continue;
    const auto n = normaliser(*c);
    std::vector<State> starts{*c->status_quo()};
    for (const MoverId m : c->movers())
      for (const State t : moves(*c, m, starts[0])) starts.push_back(t);
    RiskQuestion q;
    q.horizon = 5;
    const auto all = probabilities_by(*c, *n, starts, q);
    ASSERT_TRUE(all);
    for (std::size_t i = 0; i < starts.size(); ++i) {
      q.from = starts[i];
      const auto one = probability_by(*c, *n, q);
      ASSERT_TRUE(one);
      EXPECT_NEAR(one->by.middle(), (*all)[i].by.middle(), 1e-11);
    }
  }
}

}  // namespace
}  // namespace wayout
