#include "wayout/export/dot.hpp"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wayout {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

GraphPicture small() {
  GraphPicture p;
  p.title = "Talks";
  p.nodes = {{"1: nothing", {"now"}, NodeRole::StatusQuo},
             {"2: treaty", {"stable: SEQ"}, NodeRole::Goal},
             {"3: war", {}, NodeRole::Catastrophe}};
  p.movers = {{"Up", false}, {"Down", false}, {"Commission", true}, {"Clash", false}};
  p.edges = {
      {0, 1, 2, EdgeKind::Improvement}, {1, 0, 0, EdgeKind::Move}, {0, 2, 3, EdgeKind::Hazard}};
  return p;
}

TEST(Dot, DrawsNodesEdgesAndLegend) {
  const std::string dot = to_dot(small());
  EXPECT_THAT(dot, HasSubstr("digraph wayout {"));
  EXPECT_THAT(dot, HasSubstr(R"(s0 [label="1: nothing\nnow", penwidth=2.5])"));
  EXPECT_THAT(dot, HasSubstr(R"(s1 [label="2: treaty\nstable: SEQ", peripheries=2])"));
  EXPECT_THAT(dot, HasSubstr(R"(s0 -> s1 [color="#009E73", style=dashed, tooltip="Commission"])"));
  EXPECT_THAT(dot, HasSubstr(R"(s1 -> s0 [color="#0072B2", style=dotted)"));
  EXPECT_THAT(dot, HasSubstr("m2 [label=\"Commission\\n(track, dashed)\""));
  EXPECT_THAT(dot, Not(HasSubstr("m1 [")));  // Down makes no move here
  EXPECT_THAT(dot, Not(HasSubstr("not shown")));
}

TEST(Dot, SaysWhatItLeavesOut) {
  GraphPicture p = small();
  p.left_out = 1200;
  DotSettings settings;
  settings.most_edges = 1;
  const std::string dot = to_dot(p, settings);
  EXPECT_THAT(dot, HasSubstr(R"(label="Talks\nnot shown: 1,200 states\nnot shown: 2 moves")"));
}

TEST(Dot, EscapesAnyText) {
  EXPECT_EQ(dot_string("a \"b\" \\N\n\t\x7f"), R"("a \"b\" \\N\n")");
  EXPECT_EQ(dot_string("水 利"), "\"水 利\"");
  GraphPicture p;
  p.nodes = {{"a long label that has to be wrapped somewhere", {}, NodeRole::Plain}};
  EXPECT_THAT(to_dot(p), HasSubstr(R"("a long label that has to be\nwrapped somewhere")"));
}

TEST(Dot, EdgesOfNowhereAreABrokenContract) {
  GraphPicture p = small();
  p.edges.push_back({0, 9, 0, EdgeKind::Move});
  EXPECT_THROW(to_dot(p), std::logic_error);
}

Parts talks() {
  Parts p;
  for (const char* id : {"up", "down"}) {
    PartyPart party;
    party.id = id;
    party.name = id;
    p.parties.push_back(party);
    PreferencePart preference;
    preference.party = id;
    StatementPart s;
    s.when = "treaty";
    preference.statements = {s};
    p.preferences.push_back(preference);
  }
  OptionPart treaty;
  treaty.id = "treaty";
  treaty.parties = {"up", "down"};
  treaty.binding = false;
  OptionPart patrols;
  patrols.id = "patrols";
  patrols.name = "Patrols";
  patrols.party = "down";
  patrols.levels = {"none", "some", "massed"};
  p.options = {treaty, patrols};
  TrackPart track;
  track.id = "basin";
  track.parties = {"up", "down"};
  track.table = {"treaty"};
  p.tracks = {track};
  return p;
}

TEST(Picture, ShowsImprovementsAmongTheStatesListed) {
  const auto c = build(talks());
  ASSERT_TRUE(c) << c.error()[0].message;
  const State now = *c->status_quo();
  const State treaty = c->with_level(now, OptionId(0), 1);
  const State massed = c->with_level(treaty, OptionId(1), 2);
  EXPECT_EQ(short_label(*c, now), "nothing");
  EXPECT_EQ(short_label(*c, massed), "treaty, Patrols: massed");
  EXPECT_EQ(short_label(*c, massed, 1), "treaty, 1 more");

  const std::vector<PictureState> states = {{now, "1", {}, NodeRole::Plain},
                                            {treaty, "2", {"goal"}, NodeRole::Goal},
                                            {massed, "6", {}, NodeRole::Plain}};
  GraphPicture p = picture_of(*c, states);
  EXPECT_EQ(p.nodes[0].role, NodeRole::StatusQuo);
  EXPECT_EQ(p.nodes[2].label, "6: treaty, Patrols: massed");
  ASSERT_EQ(p.edges.size(), 1u);  // the track signs; nobody wants to leave
  EXPECT_EQ(p.edges[0].to, 1u);
  EXPECT_TRUE(p.movers[p.edges[0].mover].track);

  PictureSettings settings;
  settings.unwilling_moves = true;
  p = picture_of(*c, states, settings);
  EXPECT_EQ(p.edges.size(), 7u);
  settings.most_states = 2;
  p = picture_of(*c, states, settings);
  EXPECT_EQ(p.nodes.size(), 2u);
  EXPECT_EQ(p.left_out, 1u);
}

}  // namespace
}  // namespace wayout
