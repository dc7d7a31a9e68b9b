#include "wayout/answer/profiles.hpp"

#include <map>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/io/case_file.hpp"
#include "wayout/model/view.hpp"
#include "wayout/space/random_conflict.hpp"
#include "wayout/trust/lane_dispute.hpp"

namespace wayout {
namespace {

/// Random disputes with uncertain numbers and goals.
Parts with_goals(std::uint64_t seed) {
  RandomSettings settings;
  settings.parties = 2 + seed % 3;
  settings.options = 4;
  settings.unanimous = seed % 4 == 0 ? 1 : 0;
  settings.tracks = 2;
  Parts parts = random_parts(settings, seed);
  parts.trust.given = true;
  parts.trust.spread.a = Decimal::of(15, 1);
  Random random(seed, 0, "goals");
  const char* holds[] = {"nash", "gmr", "smr", "seq", "sseq"};
  for (int g = 0; g < 4; ++g) {
    GoalPart goal;
    goal.id = "goal" + std::to_string(g);
    goal.hold.concept_name = holds[random.below(5)];
    const auto literal = [&] {
      const OptionPart& o = random.pick(parts.options);
      return (random.chance(0.5) ? "" : "not ") + o.id;
    };
    goal.when = literal() + (random.chance(0.5) ? " and " : " or ") + literal();
    if (random.chance(0.3)) goal.avoid = literal() + " and " + literal();
    parts.goals.push_back(std::move(goal));
  }
  return parts;
}

GoalLabel label_of(const GoalAnswer& answer) {
  if (answer.verdict == GoalVerdict::YesNow) return GoalLabel::WayOut;
  if (answer.verdict == GoalVerdict::Depends) return GoalLabel::Depends;
  if (answer.obstacle == Obstacle::Impossible) return GoalLabel::Impossible;
  return GoalLabel::NoWayOut;
}

/// The row of one profile, from the whole answer to it.
std::vector<std::uint8_t> from_answer(const Conflict& profile) {
  const CaseAnswer answer = answer_case(profile);
  EXPECT_EQ(answer.end, End::Complete);
  std::vector<std::uint8_t> row;
  std::vector<std::uint8_t> equilibrium(kClassicalConcepts.size(), 1);
  for (const PartyStanding& party : answer.standing.parties)
    for (std::size_t c = 0; c < party.verdicts.size(); ++c) {
      row.push_back(party.verdicts[c].stable ? 1 : 0);
      if (!party.verdicts[c].stable) equilibrium[c] = 0;
    }
  row.insert(row.end(), equilibrium.begin(), equilibrium.end());
  row.push_back(answer.standing.drift.start_rests() ? 0 : 1);
  for (const GoalAnswer& goal : answer.goals)
    row.push_back(static_cast<std::uint8_t>(label_of(goal)));
  return row;
}

TEST(ProfileJudge, BothWaysAgreeWithTheWholeAnswer) {
  int small = 0;
  std::map<std::uint8_t, int> labels;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto conflict = build(with_goals(seed));
    if (!conflict) continue;
    const Sampler sampler(*conflict);
    const ProfileJudge fast(sampler, {});
    ProfileSettings slow_settings;
    slow_settings.small = false;
    const ProfileJudge slow(sampler, slow_settings);
    EXPECT_FALSE(slow.small());
    small += fast.small() ? 1 : 0;
    for (std::uint64_t k = 0; k < 2; ++k) {
      const Draws draws = sampler.draw(seed, k);
      const auto profile = sampler.profile(draws);
      ASSERT_TRUE(profile);
      const auto wanted = from_answer(*profile);
      std::vector<std::uint8_t> row(fast.outcomes().size());
      ASSERT_EQ(row.size(), wanted.size());
      slow.judge(*profile, row);
      ASSERT_EQ(row, wanted) << "general, seed " << seed << " replicate " << k;
      fast.judge(draws, row);
      ASSERT_EQ(row, wanted) << "small, seed " << seed << " replicate " << k;
      for (std::size_t g = row.size() - 4; g < row.size(); ++g) ++labels[row[g]];
    }
  }
  EXPECT_GT(small, 60);
  EXPECT_EQ(labels.size(), 4u);  // every label came up
  for (const auto& [label, count] : labels) EXPECT_GT(count, 3) << int{label};
}

TEST(ProfileJudge, BlocksAgreeWithProfilesByThemselves) {
  int in_blocks = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    Parts parts = with_goals(seed);
    // Two in three without what blocks are not made for: rules that forbid moves.
    if (seed % 3 != 0)
      std::erase_if(parts.rules, [](const RulePart& r) { return r.forbid.has_value(); });
    const auto conflict = build(std::move(parts));
    if (!conflict) continue;
    const Sampler sampler(*conflict);
    const auto book = LaneBook::compile(sampler);
    in_blocks += book && book->transitive() ? 1 : 0;
    EnsembleSettings settings;
    settings.seed = seed;
    settings.first = seed;
    settings.samples = 70;
    settings.threads = 1 + seed % 2;
    ProfileSettings alone;
    alone.small = alone.blocks = false;
    ProfileSettings blocks;
    blocks.small = false;
    const EnsembleResult wanted = ProfileJudge(sampler, alone).run(settings);
    const EnsembleResult found = ProfileJudge(sampler, blocks).run(settings);
    ASSERT_EQ(found.finished, settings.samples);
    ASSERT_EQ(found.answers, wanted.answers) << "seed " << seed;
    ASSERT_EQ(found.faulty, wanted.faulty);
  }
  EXPECT_GT(in_blocks, 30);
}

TEST(ProfileJudge, TheSameBytesAtOneAndTwoThreadsBothWays) {
  const auto file = read_case("cases/tutorial/river.toml");
  ASSERT_TRUE(file);
  auto parts = file->parts;
  parts.trust.spread.a = Decimal::of(5, 1);
  const auto conflict = build(select(parts, {}));
  ASSERT_TRUE(conflict);
  const Sampler sampler(*conflict);
  EnsembleSettings settings;
  settings.samples = 300;
  std::vector<std::vector<std::uint8_t>> all;
  for (const auto& [small, blocks] : {std::pair(true, true), {false, true}, {false, false}})
    for (const unsigned threads : {1u, 2u}) {
      ProfileSettings ps;
      ps.small = small;
      ps.blocks = blocks;
      const ProfileJudge judge(sampler, ps);
      EXPECT_EQ(judge.small(), small);
      settings.threads = threads;
      const auto out = judge.run(settings);
      EXPECT_EQ(out.finished, 300u);
      all.push_back(out.answers);
    }
  for (const auto& answers : all) EXPECT_EQ(answers, all[0]);
}

}  // namespace
}  // namespace wayout
