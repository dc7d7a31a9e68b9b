#include "wayout/change/inverse.hpp"

#include <gtest/gtest.h>

namespace wayout {
namespace {

/// One table with one agreement; each party with statements about it and their weights.
Conflict made(const std::vector<std::vector<std::pair<int, bool>>>& weights) {
  Parts parts;
  OptionPart deal;
  deal.id = "deal";
  TrackPart table;
  table.id = "table";
  table.table = {"deal"};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    PartyPart party;
    party.id = std::string(1, static_cast<char>('p' + i));
    PreferencePart preference;
    preference.party = party.id;
    preference.method = Method::Weights;
    for (const auto& [weight, vital] : weights[i]) {
      StatementPart s;
      s.when = "deal";
      s.vital = vital;
      s.values.emplace_back("weight", Quantity{Quantity::Form::Plain, weight, 0, 1});
      preference.statements.push_back(s);
    }
    deal.parties.push_back(party.id);
    table.parties.push_back(party.id);
    parts.parties.push_back(party);
    parts.preferences.push_back(preference);
  }
  parts.options.push_back(deal);
  parts.tracks.push_back(table);
  GoalPart goal;
  goal.id = "agreed";
  goal.when = "deal";
  parts.goals.push_back(goal);
  auto built = build(parts);
  EXPECT_TRUE(built) << built.error()[0].message;
  return *built;
}

TEST(Inverse, OneStatementStandsInTheWay) {
  // q would gain 3, and a vital statement of it is against: traded or dropped, it yields. Alone
  // among the vital ones it cannot be outweighed.
  const Inverse found = least_shifts(made({{{1, false}}, {{3, false}, {-2, true}}}), 0);
  EXPECT_EQ(found.end, End::Complete);
  EXPECT_FALSE(found.impossible);
  EXPECT_EQ(found.most, 1u);
  ASSERT_EQ(found.sets.size(), 2u);
  for (const ShiftSet& set : found.sets) {
    ASSERT_EQ(set.shifts.size(), 1u);
    EXPECT_TRUE(set.least);
    EXPECT_EQ(set.shifts[0].party, PartyId(1));
    EXPECT_EQ(set.shifts[0].statement, 1u);
  }
  EXPECT_EQ(found.sets[0].shifts[0].kind, ShiftKind::Drop);
  EXPECT_EQ(found.sets[1].shifts[0].kind, ShiftKind::NotVital);
}

TEST(Inverse, TheLeastWeightThatDoes) {
  // The deal costs q 5 and brings it 3: worth it once the one is above 5 or the other below 3.
  const Inverse found = least_shifts(made({{{1, false}}, {{3, false}, {-5, false}}}), 0);
  EXPECT_TRUE(found.every_step);
  ASSERT_EQ(found.sets.size(), 2u);
  for (const ShiftSet& set : found.sets) {
    ASSERT_EQ(set.shifts.size(), 1u);
    const Shift& s = set.shifts[0];
    EXPECT_EQ(s.kind, ShiftKind::Weight);
    EXPECT_TRUE(s.beyond);
    EXPECT_DOUBLE_EQ(s.bound.to_double(), s.statement == 0 ? 5 : -3);
    EXPECT_DOUBLE_EQ(s.size, 2.0 / 8);
    EXPECT_LT(s.bound, s.to);
  }
}

TEST(Inverse, TwoTogetherWhereOneDoesNot) {
  const Inverse found =
      least_shifts(made({{{2, false}, {-5, false}}, {{1, false}, {-5, false}}}), 0);
  EXPECT_EQ(found.most, 2u);
  ASSERT_EQ(found.sets.size(), 4u);
  for (const ShiftSet& set : found.sets) {
    ASSERT_EQ(set.shifts.size(), 2u);
    EXPECT_TRUE(set.least);
    EXPECT_EQ(set.shifts[0].party, PartyId(0));
    EXPECT_EQ(set.shifts[1].party, PartyId(1));
    EXPECT_TRUE(set.shifts[0].beyond);
  }
}

TEST(Inverse, TwoWeightsOfOneParty) {
  // Two vital losses: both have to go, or the smaller one be traded and the other go.
  const Inverse vital = least_shifts(made({{{1, false}}, {{3, false}, {-2, true}, {-3, true}}}), 0);
  EXPECT_EQ(vital.end, End::Complete);
  ASSERT_EQ(vital.sets.size(), 2u);
  for (const ShiftSet& set : vital.sets) {
    EXPECT_TRUE(set.least);
    ASSERT_EQ(set.shifts.size(), 2u);
    EXPECT_EQ(set.shifts[1].kind, ShiftKind::Drop);
  }

  // Two deals on tables of their own, each of which costs q more than it brings.
  Parts parts = made({{{1, false}}, {{3, false}, {-5, false}}}).parts();
  parts.options.push_back(parts.options[0]);
  parts.options[1].id = "other";
  parts.tracks.push_back(parts.tracks[0]);
  parts.tracks[1].id = "other_table";
  parts.tracks[1].table = {"other"};
  for (PreferencePart& p : parts.preferences) {
    const auto before = p.statements;
    for (StatementPart s : before) {
      s.when = "other";
      Decimal& weight = s.values[0].second.a;
      if (weight == Decimal(-5)) weight = Decimal(-7);
      p.statements.push_back(s);
    }
  }
  parts.goals[0].when = "deal and other";
  ShiftEffort effort;
  effort.most_steps = 4000;  // beside a weight past its bound the steps of the other are finer
  const Inverse both = least_shifts(*build(parts), 0, {}, effort);
  ASSERT_EQ(both.sets.size(), 4u);
  for (const ShiftSet& set : both.sets) {
    EXPECT_TRUE(set.least);
    for (const Shift& s : set.shifts) {
      EXPECT_EQ(s.party, PartyId(1));
      EXPECT_TRUE(s.beyond);
      const double bounds[] = {5, -3, 7, -3};
      EXPECT_DOUBLE_EQ(s.bound.to_double(), bounds[s.statement]);
      const double sizes[] = {2.0 / 18, 2.0 / 18, 4.0 / 18, 4.0 / 18};
      EXPECT_DOUBLE_EQ(s.size, sizes[s.statement]);
    }
  }
}

TEST(Inverse, NoneWhereNothingWouldBeGained) {
  const Inverse found = least_shifts(made({{{2, false}}, {{-1, false}}}), 0);
  EXPECT_EQ(found.end, End::Complete);
  EXPECT_TRUE(found.sets.empty());
  EXPECT_EQ(found.most, 2u);
}

TEST(Inverse, ManyStepsAreHalved) {
  // Thousands of steps: the bound is met all the same, and smaller ones are said to be passed
  // over.
  ShiftEffort effort;
  effort.most_steps = 8;
  const Inverse found = least_shifts(
      made({{{1, false}}, {{3001, false}, {-5003, false}, {1, false}}}), 0, {}, effort);
  EXPECT_FALSE(found.every_step);
  ASSERT_EQ(found.sets.size(), 3u);
  for (const ShiftSet& set : found.sets) {
    EXPECT_FALSE(set.least);
    const double least[] = {5002, -3002, 2002};
    EXPECT_DOUBLE_EQ(set.shifts[0].bound.to_double(), least[set.shifts[0].statement]);
  }
}

TEST(Inverse, AnOrderOfPriorities) {
  Parts parts = made({{{1, false}}, {{1, false}}}).parts();
  parts.preferences[1].method = Method::Priorities;
  parts.preferences[1].statements.clear();
  for (const char* when : {"not deal", "deal"}) {
    StatementPart s;
    s.when = when;
    parts.preferences[1].statements.push_back(s);
  }
  const Inverse found = least_shifts(*build(parts), 0);
  // One place down, or up, is the least, and all that the order has.
  ASSERT_EQ(found.sets.size(), 2u);
  for (const ShiftSet& set : found.sets) {
    EXPECT_EQ(set.shifts[0].kind, ShiftKind::Order);
    EXPECT_DOUBLE_EQ(set.size(), 0.5);
    EXPECT_EQ(set.shifts[0].to_place, 1 - set.shifts[0].from_place);
  }
}

}  // namespace
}  // namespace wayout
