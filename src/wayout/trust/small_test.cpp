#include "wayout/trust/small.hpp"

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/space/random_conflict.hpp"
#include "wayout/stability/reference.hpp"
#include "wayout/trust/ensemble.hpp"

namespace wayout {
namespace {

/// Random disputes in which every number is uncertain, and some orders and levels of today are.
Parts uncertain_parts(std::uint64_t seed, bool graph) {
  RandomSettings settings;
  settings.parties = 2 + seed % 3;
  settings.options = 3 + seed % 3;
  settings.graph = graph;
  settings.ranking = 0.5;
  settings.forbids = seed % 2 == 0 ? 2 : 0;
  settings.tracks = 1 + seed % 2;
  Parts parts = random_parts(settings, seed);
  parts.trust.given = true;
  parts.trust.spread.a = Decimal::of(15, 1);  // signs turn, too
  Random random(seed, 0, "marks");
  for (PreferencePart& p : parts.preferences) {
    if (p.method != Method::Priorities || p.statements.size() < 2) continue;
    for (StatementPart& s : p.statements)
      if (s.id.empty()) s.id = "s" + std::to_string(&s - p.statements.data());
    for (std::size_t k = 1; k < p.statements.size(); ++k)
      if (random.chance(0.4)) p.statements[k].or_before = p.statements[random.below(k)].id;
  }
  if (!graph)
    for (OptionPart& o : parts.options)
      if (o.enabled && random.chance(0.2) && o.levels.empty()) {
        const bool taken =
            o.has_now && (o.now == LevelValue(true) || o.now == LevelValue(std::int64_t{1}));
        o.or_now.emplace_back(!taken);
      }
  return parts;
}

TEST(SmallEngine, StabilityIsThatOfTheDefinitions) {
  int judged = 0;
  int changed = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto conflict = build(uncertain_parts(seed, seed % 5 == 0));
    if (!conflict) continue;
    const Sampler sampler(*conflict);
    const auto engine = SmallEngine::compile(sampler);
    if (!engine || sampler.inputs().empty()) continue;
    SmallEngine::Scratch scratch;
    SmallFindings found;
    std::vector<StateMask> first;
    for (std::uint64_t k = 0; k < 4; ++k) {
      const Draws draws = sampler.draw(seed, k);
      const auto profile = sampler.profile(draws);
      ASSERT_TRUE(profile) << profile.error().front().message;
      engine->judge(draws, scratch, found);
      if (k == 0) first = found.stable;
      changed += found.stable != first ? 1 : 0;
      const auto model = reference::make(profile->parts());
      ASSERT_TRUE(model);
      ASSERT_EQ(reference::size(**model), engine->states().size());
      for (std::size_t p = 0; p < engine->party_count(); ++p) {
        const auto table = reference::answers(**model, p);
        for (std::size_t c = 0; c < kClassicalConcepts.size(); ++c)
          for (std::size_t s = 0; s < engine->states().size(); ++s)
            ASSERT_EQ((found.stable[5 * p + c] >> s & 1u) != 0,
                      reference::stable(**model, p, s, kClassicalConcepts[c], table))
                << "seed " << seed << " replicate " << k << " party " << p << " state " << s << " "
                << concept_name(kClassicalConcepts[c]);
      }
      if (engine->has_start()) {
        const auto now = reference::status_quo(**model);
        ASSERT_TRUE(now);
        ASSERT_EQ(found.start, *now);
        const auto sets = reference::drift(**model, *now);
        SmallDrift drift = SmallDrift::Stays;
        for (const auto& set : sets) {
          if (set.size() > 1) drift = SmallDrift::Circles;
          if (drift == SmallDrift::Stays && set[0] != *now) drift = SmallDrift::Rests;
        }
        ASSERT_EQ(found.drift, drift) << "seed " << seed;
      }
      ++judged;
    }
  }
  EXPECT_GT(judged, 200);
  EXPECT_GT(changed, 60);  // profiles do differ
}

TEST(SmallEngine, TellsWhatItIsNotMadeFor) {
  RandomSettings settings;
  settings.options = 10;
  settings.graded = settings.disabled = 0;
  settings.nevers = 0;
  const auto large = build(random_parts(settings, 1));
  ASSERT_TRUE(large);
  EXPECT_FALSE(SmallEngine::compile(Sampler(*large)));
  settings.options = 3;
  settings.unanimous = 100;
  const auto unanimous = build(random_parts(settings, 2));
  ASSERT_TRUE(unanimous);
  EXPECT_FALSE(SmallEngine::compile(Sampler(*unanimous)));
}

}  // namespace
}  // namespace wayout
