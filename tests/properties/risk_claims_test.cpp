// Tests of risk in sampled profiles against each profile's own whole chain.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "wayout/answer/claims.hpp"
#include "wayout/base/random.hpp"
#include "wayout/model/view.hpp"
#include "wayout/risk/risk.hpp"
#include "wayout/risk/risk_cases.hpp"
#include "wayout/risk/transient.hpp"
#include "wayout/trust/ensemble.hpp"

namespace wayout {
namespace {

/// A random case of weights with tables, two catastrophes, three hazards, a measure, and one claim
/// for each test of risk.
Parts random_case(std::uint64_t seed) {
  RandomSettings rs;
  rs.parties = 2 + seed % 2;
  rs.options = seed % 6 == 0 ? 13 : 5 + seed % 5;  // 13: more states than are looked at first
  rs.statements = 6;
  rs.tracks = 2;
  rs.joint = 0.4;
  Parts parts = random_weights(rs, seed);
  parts.measures.clear();
  Random r(seed, 0, "risk claims");
  for (const PartyPart& p : parts.parties) {
    const Quantity moves = number(0.2 + r.unit());
    parts.tempos.push_back(tempo(p.id, moves, number(0.3 + r.unit())));
  }
  parts.tempos.push_back(tempo_of_tables(number(0.4)));
  parts.tempos.back().rationality = number(1);
  add_catastrophes(parts);
  for (std::size_t k = 0; k < 3; ++k) {
    const std::string id = "h" + std::to_string(k);
    const Quantity rate = number(0.01 + 0.05 * r.unit());
    HazardPart h = k == 0 ? forked_hazard(id, "true", rate)
                          : hazard(id, k == 1 ? "not " + parts.options[2].id : "true", rate);
    for (std::size_t f = 0; f < 2; ++f)
      add_factor(h, "f" + std::to_string(f), parts.options[(k + f) % parts.options.size()].id,
                 number(0.3 + 3 * r.unit()));
    parts.hazards.push_back(h);
  }
  parts.time.horizon = number(4);
  MeasurePart calm;
  calm.id = "calm";
  EffectPart effect;
  effect.kind = EffectKind::HazardTimes;
  effect.target = "h0";
  effect.number = number(0.9);
  calm.effects.push_back(effect);
  parts.measures.push_back(calm);
  const auto claim = [&](TestKind kind, const std::string& condition, const std::string& of,
                         bool measure) {
    ClaimPart c;
    c.id = "c" + std::to_string(parts.claims.size());
    c.says = c.id;
    c.test.kind = kind;
    if (measure)
      c.test.measures = {"calm"};
    else
      c.test.condition = condition;
    c.test.of = of;
    parts.claims.push_back(c);
  };
  for (std::size_t o = 0; o < 4; ++o)
    claim(o % 2 == 0 ? TestKind::RaisesRisk : TestKind::LowersRisk, parts.options[o].id,
          o < 2 ? "bang" : "", false);
  claim(TestKind::LowersRisk, "", "", true);
  return parts;
}

/// The chance by the horizon over the whole chain of this profile, nothing left out.
std::optional<double> whole(const Conflict& profile, const Normaliser& scale, State start,
                            const std::string& of) {
  const auto own = complete(scale, profile);
  if (!own) return std::nullopt;
  ChainSettings cs;
  cs.from = start;
  const auto chain = ConflictChain::make(profile, *own, cs);
  if (!chain || !chain->chain().complete) return std::nullopt;
  Target t;
  t.counts = chain->chain().catastrophes();
  if (!of.empty())
    t.counts = OutcomeMask{1} << *chain->chain().find(ChainOutcome::Kind::Catastrophe, of);
  t.stops = chain->chain().stopping() & ~t.counts;
  const double horizon[] = {4};
  const std::uint32_t place[] = {chain->chain().start};
  return by_time(chain->chain(), std::span(&t, 1), horizon, place).value(0, 0, 0);
}

TEST(RiskClaims, SharesOfProfilesAsTheWholeChainsSay) {
  constexpr std::uint64_t kProfiles = 12;
  int judged = 0;
  int yes_and_no = 0;
  std::uint64_t in_courses = 0;  // decided by simulated courses
  std::uint64_t with_measures = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    Parts parts = random_case(seed);
    // Factors near what the plain run finds, so that profiles differ.
    const auto first = evaluate_claims(parts);
    if (!first) continue;
    for (std::size_t i = 0; i < first->leaves.size(); ++i)
      if (first->leaves[i].risk && first->leaves[i].risk->before > 0 &&
          (seed % 2 == 0 || parts.claims[i].test.measures.empty()))
        parts.claims[i].test.by =
            number(std::max(0.001, first->leaves[i].risk->after / first->leaves[i].risk->before));
    const auto base = view(parts);
    if (!base || !base->status_quo()) continue;
    const auto scale = normaliser(*base);
    if (!scale) continue;
    ViewSettings with_calm;
    with_calm.with = {"calm"};
    const auto with = view(parts, with_calm);
    ASSERT_TRUE(with);
    ClaimsSettings settings;
    settings.samples = kProfiles;
    settings.seed = seed;
    const auto answer = evaluate_claims(parts, settings);
    settings.chain_states = 0;
    settings.courses = 1500;
    const auto by_courses = evaluate_claims(parts, settings);
    ASSERT_TRUE(answer && by_courses) << seed;
    const Sampler of_base(*base);
    const Sampler of_other(*with);
    for (std::size_t i = 0; i < answer->leaves.size(); ++i) {
      const Leaf& leaf = answer->leaves[i];
      if (!leaf.sampled || leaf.sampled->fixed || !leaf.risk) continue;
      if (!leaf.set.empty() && leaf.set[0].states.size() != 1) continue;
      const bool measure = !leaf.test.measures.empty();
      std::uint64_t yes = 0;
      std::uint64_t open = 0;
      for (std::uint64_t k = 0; k < kProfiles; ++k) {
        const auto before_in = of_base.profile(seed, k);
        const auto after_in = (measure ? of_other : of_base).profile(seed, k);
        ASSERT_TRUE(before_in && after_in);
        const auto before = whole(*before_in, *scale, leaf.start, leaf.test.of);
        const auto after = whole(*after_in, *scale, leaf.risk->set, leaf.test.of);
        if (!before || !after) {
          ++open;
          continue;
        }
        const double by = leaf.test.by ? leaf.test.by->value()->to_double() : 1;
        const double change = *after - by * *before;
        if (std::abs(change) <= 1e-8 * *before)
          ++open;  // too near to tell
        else
          yes += (leaf.test.kind == TestKind::LowersRisk) == (change < 0) ? 1 : 0;
      }
      const Sampled& simulated = *by_courses->leaves[i].sampled;
      if (simulated.simulated) {
        EXPECT_LE(simulated.yes, yes + open) << seed;
        EXPECT_GE(simulated.yes + simulated.undecided + open, yes) << seed << " " << measure;
        in_courses += simulated.profiles - simulated.undecided;
        with_measures += measure ? simulated.profiles - simulated.undecided : 0;
      }
      open += leaf.sampled->undecided;
      EXPECT_EQ(leaf.sampled->profiles, kProfiles) << seed;
      EXPECT_LE(leaf.sampled->yes, yes + open) << seed;
      EXPECT_GE(leaf.sampled->yes + open, yes)
          << seed << " " << leaf.test.condition << " " << measure;
      if (open == 0) ++judged;
      yes_and_no += open == 0 && yes > 0 && yes < kProfiles ? 1 : 0;
    }
  }
  EXPECT_GT(in_courses, 300u);
  EXPECT_GT(with_measures, 50u);
  EXPECT_GT(judged, 30);
  EXPECT_GT(yes_and_no, 3);
}

}  // namespace
}  // namespace wayout
