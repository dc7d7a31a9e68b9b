// Groupings of issues against a plain enumeration.
#include "wayout/room/linkage.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "wayout/io/case_file.hpp"
#include "wayout/model/view.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

// Three agreements. a wants x and z, b wants y and z; x costs b, y costs a. Only x and y together
// are worth it to both; z is worth it to both by itself, but today it waits for everything else.
const char* const kThree = R"(
format = 1
title = "three issues"
[[party]]
id = "a"
[[party]]
id = "b"
[[option]]
id = "x"
parties = ["a", "b"]
[[option]]
id = "y"
parties = ["a", "b"]
[[option]]
id = "z"
parties = ["a", "b"]
[[option]]
id = "w"
parties = ["a", "b"]
[[preference]]
party = "a"
method = "weights"
statements = [ { when = "x", weight = 3 }, { when = "y", weight = -1 }, { when = "z", weight = 1 }, { when = "w", weight = -9 } ]
[[preference]]
party = "b"
method = "weights"
statements = [ { when = "x", weight = -1 }, { when = "y", weight = 3 }, { when = "z", weight = 1 }, { when = "w", weight = 2 } ]
[[track]]
id = "all"
parties = ["a", "b"]
table = ["x", "y", "z", "w"]
linked = true
[[goal]]
id = "swap"
when = "x and y"
[[goal]]
id = "small"
when = "z"
[[goal]]
id = "never_alone"
when = "w"
)";

Conflict three() {
  const auto file = parse_case(kThree, "three.toml");
  const auto conflict = view(file->parts);
  contract(conflict.has_value(), "the case builds");
  return *conflict;
}

/// Every state that improvements lead to, one after the other.
std::vector<State> reached(const Conflict& c) {
  std::vector<State> out{*c.status_quo()};
  for (std::size_t i = 0; i < out.size(); ++i)
    for (const MoverId m : c.movers())
      for (const State t : improvements(c, m, out[i]))
        if (std::find(out.begin(), out.end(), t) == out.end()) out.push_back(t);
  return out;
}

GroupingView plain_judge(const Conflict& c, bool) {
  GroupingView out;
  const auto states = reached(c);
  for (const GoalInfo& g : c.goals())
    out.goals.push_back(
        std::any_of(states.begin(), states.end(), [&](State s) { return c.holds(g.when, s); })
            ? GoalState::Reachable
            : GoalState::Out);
  for (const State s : states) {
    bool rests = true;
    for (const MoverId m : c.movers()) rests = rests && improvements(c, m, s).empty();
    if (rests) out.drift.push_back(s);
  }
  return out;
}

TEST(Linkage, LooksAtEveryGrouping) {
  const Conflict c = three();
  const std::vector<State> drift{*c.status_quo()};
  std::set<std::string> seen;
  std::size_t unlinked = 0;
  LinkageSettings settings;
  settings.most_listed = 3;
  const Linkage got = linkage(
      c, drift,
      [&](const Conflict& d, bool thorough) {
        if (!thorough) {
          std::string key;
          bool linked = false;
          for (const TrackPart& t : d.parts().tracks) {
            key += t.linked + "(";
            linked = linked || !t.linked.empty();
            for (const std::string& id : t.table) key += id;
            key += ")";
          }
          if (seen.insert(key).second) unlinked += linked ? 0 : 1;
        }
        return plain_judge(d, thorough);
      },
      settings);
  EXPECT_EQ(got.end, End::Complete);
  EXPECT_TRUE(got.exhaustive);
  // Bell(4) = 15 without links, 14 of them with a table of two agreements or more.
  EXPECT_EQ(got.looked_at, 29u);
  EXPECT_EQ(unlinked, 15u);
  EXPECT_EQ(seen.size(), 29u);
  ASSERT_EQ(got.goals.size(), 3u);
  // x and y have to be at one table, and that table not all or nothing with w: of the 15 partitions
  // 5 have x and y together; linked, the 3 of them in which w is not with x and y.
  EXPECT_EQ(got.goals[0].groupings, 5u + 3u);
  // z comes about wherever it does not wait for what will not come: unlinked always; linked unless
  // it is with x or y alone, or with w.
  std::size_t small = 0;
  std::size_t alone = 0;
  for (std::size_t b = 0; b < 2; ++b) alone += got.today.goals[b] == GoalState::Out ? 1 : 0;
  EXPECT_EQ(alone, 2u);
  small = got.goals[1].groupings;
  EXPECT_GE(small, 15u);
  EXPECT_LT(small, 29u);
  EXPECT_EQ(got.best.size(), 3u);
  // Nothing ends today's deadlock but taking w off the table, or dropping the condition.
  std::vector<std::string> blocking;
  for (const Blocking& b : got.blocking)
    blocking.push_back(b.issue ? c.option(*b.issue).id : "condition");
  EXPECT_EQ(blocking, (std::vector<std::string>{"condition", "w"}));
}

TEST(Linkage, TheBestIsTheBestOfAll) {
  const Conflict c = three();
  const std::vector<State> drift{*c.status_quo()};
  LinkageSettings settings;
  settings.most_listed = 1;
  const Linkage got = linkage(c, drift, plain_judge, settings);
  ASSERT_EQ(got.best.size(), 1u);
  const GroupingResult& best = got.best[0];
  // Both goals that can be reached are; nobody is worse off; and no other grouping that does so is
  // closer to one table for all: everything together, not linked.
  EXPECT_EQ(best.view.goals[0], GoalState::Reachable);
  EXPECT_EQ(best.view.goals[1], GoalState::Reachable);
  EXPECT_EQ(best.distance, 0u);
  ASSERT_EQ(best.grouping.blocks.size(), 1u);
  EXPECT_FALSE(best.grouping.blocks[0].linked);
  EXPECT_EQ(best.fortunes, (std::vector<Fortune>{Fortune::Better, Fortune::Better}));
}

TEST(Linkage, TheSearchFindsWhatEnumerationFinds) {
  const Conflict c = three();
  const std::vector<State> drift{*c.status_quo()};
  LinkageSettings settings;
  settings.most_listed = 1;
  const Linkage all = linkage(c, drift, plain_judge, settings);
  settings.most_exhaustive = 2;
  const Linkage some = linkage(c, drift, plain_judge, settings);
  EXPECT_FALSE(some.exhaustive);
  EXPECT_EQ(some.best[0].view.goals, all.best[0].view.goals);
  EXPECT_EQ(some.best[0].grouping, all.best[0].grouping);
}

TEST(Linkage, StopsAtItsLimitAndSaysSo) {
  const Conflict c = three();
  const std::vector<State> drift{*c.status_quo()};
  LinkageSettings settings;
  settings.most_groupings = 4;
  const Linkage got = linkage(c, drift, plain_judge, settings);
  EXPECT_EQ(got.end, End::Limit);
  EXPECT_EQ(got.looked_at, 4u);
}

TEST(Linkage, IssuesOfOnePartyAreNoTable) {
  const Conflict c = three();
  Grouping g;
  Block b;
  b.issues = {OptionId(0)};
  b.parties = c.option(OptionId(0)).owners;
  EXPECT_TRUE(b.table());
  b.parties = mask_of(PartyId(1));
  EXPECT_FALSE(b.table());
  g.blocks.push_back(b);
  const auto built = regrouped(c, g);
  ASSERT_TRUE(built.has_value());
  ASSERT_EQ(built->parts().tracks.size(), 1u);
  EXPECT_EQ(built->parts().tracks[0].table, (std::vector<std::string>{"y", "z", "w"}));
}

}  // namespace
}  // namespace wayout
