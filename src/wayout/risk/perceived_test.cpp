// Chains in which every party acts on what it sees, against a literal reading and a closed form.
#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/model/view.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/risk/risk_cases.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/space/perception.hpp"

namespace wayout {
namespace {

HazardPart clash(const std::string& when, const char* rate) {
  HazardPart h = hazard("clash", when, number(rate));
  h.leads_to.catastrophes = {{"war", number("1")}};
  return h;
}

EffectPart on_statement(const std::string& party, const std::string& id, StatementAction action,
                        const char* times = "1") {
  EffectPart e;
  e.kind = EffectKind::Statement;
  e.target = party;
  e.statement = id;
  e.action = action;
  e.number = number(times);
  return e;
}

EffectPart enable(const std::string& id) {
  EffectPart e;
  e.kind = EffectKind::Enable;
  e.target = id;
  return e;
}

/// One party, one option that costs it one ordinary step, and a hazard while it is taken.
Parts alone(const std::vector<EffectPart>& belief) {
  Parts parts;
  parts.parties.emplace_back().id = "q";
  OptionPart arm;
  arm.id = "arm";
  arm.party = "q";
  parts.options = {arm};
  PreferencePart wants;
  wants.party = "q";
  wants.method = Method::Weights;
  StatementPart cost;
  cost.id = "cost";
  cost.when = "arm";
  cost.values = {{"weight", number("-1")}};
  wants.statements = {cost};
  parts.preferences = {wants};
  RulePart blind;
  blind.id = "blind";
  blind.never = "arm";
  blind.enabled = false;
  parts.rules = {blind};
  parts.tempos = {tempo("q", number("1"), number("1"))};
  parts.catastrophes.emplace_back().id = "war";
  parts.hazards = {clash("arm", "0.5")};
  BeliefPart b;
  b.id = "vain";
  b.party = "q";
  b.effects = belief;
  parts.beliefs = {b};
  MeasurePart talk;
  talk.id = "talk";
  EffectPart drop;
  drop.kind = EffectKind::DropBelief;
  drop.target = "vain";
  talk.effects = {drop};
  parts.measures = {talk};
  return parts;
}

/// P(war by t) from "not armed": it arms at rate a, disarms at rate b, and h is the hazard.
double closed(double a, double b, double h, double t) {
  const double sum = a + b + h;
  const double root = std::sqrt(sum * sum - 4 * a * h);
  const double high = (-sum + root) / 2;
  const double low = (-sum - root) / 2;
  return 1 - (high * std::exp(low * t) - low * std::exp(high * t)) / (high - low);
}

double war_by(const Conflict& c, const Normaliser& scale, bool as_perceived) {
  RiskSettings settings;
  settings.horizon = 3;
  settings.as_perceived = as_perceived;
  const auto answer = risk(c, scale, settings);
  EXPECT_TRUE(answer);
  return answer ? answer->any.by.middle() : -1;
}

TEST(RiskPerceived, AVainBeliefRaisesTheRiskAndItsCorrectionTakesThatBack) {
  const Parts parts = alone({on_statement("q", "cost", StatementAction::Times, "-1")});
  const auto c = view(parts);
  const auto corrected = view(parts, {{}, {"talk"}, {}});
  ASSERT_TRUE(c && corrected);
  const auto scale = normaliser(*c);
  ASSERT_TRUE(scale);
  const double likely = std::exp(1.0) / (1 + std::exp(1.0));
  const double truly = closed(1 - likely, likely, 0.5, 3);
  const double seen = closed(likely, 1 - likely, 0.5, 3);
  EXPECT_NEAR(war_by(*c, *scale, false), truly, 1e-10);
  EXPECT_NEAR(war_by(*c, *scale, true), seen, 1e-10);
  EXPECT_NEAR(war_by(*corrected, *scale, true), truly, 1e-10);
}

TEST(RiskPerceived, NobodyDoesWhatHeThinksImpossible) {
  const auto c = view(alone({enable("blind")}));
  ASSERT_TRUE(c);
  const auto scale = normaliser(*c);
  ASSERT_TRUE(scale);
  EXPECT_GT(war_by(*c, *scale, false), 0.1);
  EXPECT_EQ(war_by(*c, *scale, true), 0);
}

/// Beliefs about wishes, rules and tables, with what risk needs.
std::optional<Conflict> random_case(std::uint64_t seed) {
  RandomSettings rs;
  rs.parties = 2 + seed % 2;
  rs.options = 4;
  Parts parts = random_weights(rs, seed);
  Random r(seed, 0, "perceived risk");
  for (const PartyPart& p : parts.parties) {
    const Quantity moves = number(r.chance(0.5) ? "0.7" : "1.3");
    parts.tempos.push_back(tempo(p.id, moves, number(r.chance(0.5) ? "0.4" : "2")));
  }
  parts.tempos.push_back(tempo_of_tables(number("0.6")));
  parts.catastrophes.emplace_back().id = "war";
  parts.hazards = {clash(parts.options[0].id, "0.3")};
  RulePart blind;
  blind.id = "blind";
  blind.enabled = false;
  blind.never = r.pick(parts.options).id + " == 1 and " + r.pick(parts.options).id + " == 1";
  parts.rules.push_back(blind);
  for (std::size_t i = 0; i < parts.preferences.size(); ++i)
    for (std::size_t k = 0; k < parts.preferences[i].statements.size(); ++k)
      parts.preferences[i].statements[k].id = "w" + std::to_string(i) + "_" + std::to_string(k);
  for (std::size_t i = 0; i < parts.preferences.size(); ++i) {
    BeliefPart b;
    b.id = "belief" + std::to_string(i);
    b.party = parts.preferences[i].party;
    // Of its own wishes, of those of others, and of what can be.
    for (std::size_t k = 0; k < 3; ++k) {
      const PreferencePart& of = k == 0 ? parts.preferences[i] : r.pick(parts.preferences);
      if (of.statements.empty()) continue;
      b.effects.push_back(
          on_statement(of.party, r.pick(of.statements).id,
                       r.chance(0.3) ? StatementAction::Drop : StatementAction::Times,
                       r.chance(0.5) ? "-2" : "0.5"));
    }
    if (r.chance(0.4)) b.effects.push_back(enable("blind"));
    if (!parts.tracks.empty() && r.chance(0.3)) {
      EffectPart e;
      e.kind = r.chance(0.7) ? EffectKind::Close : EffectKind::Open;
      e.target = parts.tracks[0].id;
      b.effects.push_back(e);
    }
    parts.beliefs.push_back(b);
  }
  auto c = built_if_sound(std::move(parts));
  if (c && !perceived_views(*c)) c.reset();
  return c;
}

/// Written from the definition: what movers do at s, at which rates.
std::map<State, double> literal_row(const Conflict& truth, const std::vector<Conflict>& views,
                                    const Normaliser& scale, State s) {
  const Perception perception(truth, views);
  std::map<State, double> out;
  const auto u = [&](PartyId p, State x) {
    const Conflict& view = views[p.index()];
    return view.numeric(p) ? view.points(p, x).second / scale.scale.at(truth.party(p).id) : 0.0;
  };
  for (const MoverId m : truth.movers()) {
    const MoverInfo& mover = truth.mover(m);
    double tau = 0, lambda = 1e9;
    for (const TempoPart& t : truth.parts().tempos) {
      if (mover.track && t.track == "*") tau = t.moves_per_unit.value()->to_double();
      for (const PartyId p : truth.parties()) {
        if (t.party != truth.party(p).id || !contains(mover.members, p)) continue;
        lambda = std::min(lambda, t.rationality->value()->to_double());
        if (!mover.track) tau = t.moves_per_unit.value()->to_double();
      }
    }
    std::vector<std::pair<State, double>> items;
    double sum = 1;
    for (const State t : moves(truth, m, s)) {
      double least = 1e300;
      if (mover.track) {
        if (!perception.willing(m, s, t)) continue;
        for (const PartyId p : truth.parties())
          if (contains(mover.members, p)) least = std::min(least, u(p, t) - u(p, s));
      } else {
        int changed = 0;
        for (const OptionId o : truth.options()) changed += truth.level(s, o) != truth.level(t, o);
        const PartyId p(m.index());
        const Conflict& view = views[p.index()];
        if (changed != 1 || !view.feasible(s) || !is_move(view, m, s, t)) continue;
        if (view.numeric(p) && view.points(p, t).first < view.points(p, s).first - 1e-9) continue;
        least = u(p, t) - u(p, s);
      }
      items.emplace_back(t, std::exp(lambda * least));
      sum += items.back().second;
    }
    for (const auto& [t, w] : items) out[t] += tau * w / sum;
  }
  return out;
}

TEST(RiskPerceived, RowsAndRiskAreThoseOfTheDefinition) {
  int judged = 0, turned = 0;
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    const auto c = random_case(seed);
    if (!c) continue;
    const auto scale = normaliser(*c);
    const auto views = perceived_views(*c);
    ASSERT_TRUE(scale && views) << seed;
    ChainSettings cs;
    cs.as_perceived = true;
    const auto model = ConflictChain::make(*c, *scale, cs);
    ASSERT_TRUE(model) << seed;
    const Chain& chain = model->chain();
    const std::size_t n = chain.size();
    // Dense, with the catastrophe as the last state.
    std::vector<std::vector<double>> q(n + 1, std::vector<double>(n + 1, 0));
    const auto armed = c->condition(c->parts().hazards[0].when);
    for (std::size_t s = 0; s < n; ++s) {
      std::map<State, double> found;
      for (std::uint64_t e = chain.moves.begin[s]; e < chain.moves.begin[s + 1]; ++e)
        found[model->state(chain.moves.to[e])] += chain.moves.rate[e];
      const auto expected = literal_row(*c, *views, *scale, model->state(s));
      ASSERT_EQ(found.size(), expected.size()) << seed;
      for (const auto& [t, rate] : expected) {
        ASSERT_NEAR(found[t], rate, 1e-12) << seed;
        q[s][*model->find(t)] += rate;
      }
      if (armed->holds(model->state(s))) q[s][n] += 0.3;
    }
    // v' = Q v by many small steps of fourth order.
    std::vector<double> v(n + 1, 0);
    v[n] = 1;
    const int steps = 4000;
    const double dt = 2.0 / steps;
    for (int k = 0; k < steps; ++k) {
      std::vector<double> term = v;
      for (int order = 1; order <= 4; ++order) {
        std::vector<double> next(n + 1, 0);
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j <= n; ++j)
            if (q[i][j] != 0) next[i] += q[i][j] * (term[j] - term[i]) * dt / order;
        term = std::move(next);
        for (std::size_t i = 0; i <= n; ++i) v[i] += term[i];
      }
    }
    RiskSettings settings;
    settings.horizon = 2;
    settings.as_perceived = true;
    const auto answer = risk(*c, *scale, settings);
    ASSERT_TRUE(answer) << seed;
    ASSERT_NEAR(answer->any.by.middle(), v[chain.start], 1e-9) << seed;
    settings.as_perceived = false;
    const auto plainly = risk(*c, *scale, settings);
    ++judged;
    turned += std::abs(plainly->any.by.middle() - answer->any.by.middle()) > 1e-6 ? 1 : 0;
  }
  EXPECT_GT(judged, 30);
  EXPECT_GT(turned, 10);
}

}  // namespace
}  // namespace wayout
