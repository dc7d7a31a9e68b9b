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
  // q would gain 3, and a vital statement of it is against: traded or dropped, it yields.
  const Inverse found = least_shifts(made({{{1, false}}, {{3, false}, {-2, true}}}), 0);
  EXPECT_EQ(found.end, End::Complete);
  EXPECT_FALSE(found.impossible);
  EXPECT_EQ(found.most, 1u);
  ASSERT_EQ(found.sets.size(), 2u);
  for (const auto& set : found.sets) {
    ASSERT_EQ(set.size(), 1u);
    EXPECT_EQ(set[0].party, PartyId(1));
    EXPECT_EQ(set[0].statement, 1u);
  }
  EXPECT_NE(found.sets[0][0].only_vital, found.sets[1][0].only_vital);
}

TEST(Inverse, TwoTogetherWhereOneDoesNot) {
  const Inverse found =
      least_shifts(made({{{2, false}, {-5, false}}, {{1, false}, {-5, false}}}), 0);
  EXPECT_EQ(found.most, 2u);
  ASSERT_EQ(found.sets.size(), 1u);
  ASSERT_EQ(found.sets[0].size(), 2u);
  EXPECT_EQ(found.sets[0][0].party, PartyId(0));
  EXPECT_EQ(found.sets[0][1].party, PartyId(1));
}

TEST(Inverse, NoneWhereNothingWouldBeGained) {
  const Inverse found = least_shifts(made({{{2, false}}, {{-1, false}}}), 0);
  EXPECT_EQ(found.end, End::Complete);
  EXPECT_TRUE(found.sets.empty());
  EXPECT_EQ(found.most, 2u);
}

}  // namespace
}  // namespace wayout
