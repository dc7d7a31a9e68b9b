#include "wayout/answer/claims.hpp"

#include <gtest/gtest.h>

#include "wayout/answer/possible.hpp"
#include "wayout/io/case_file.hpp"

namespace wayout {
namespace {

/// Two neighbours. A may shout (which pleases it: +1, or +3 while B is away) and B may leave (−2
/// for B, +2 while A shouts). Peace takes both, is worth +4 to A and +1 to B, and excludes
/// shouting.
const char* const kNeighbours = R"(
format = 1
[[party]]
id = "a"
[[party]]
id = "b"
[[option]]
id = "shout"
party = "a"
[[option]]
id = "away"
party = "b"
[[option]]
id = "peace"
parties = ["a", "b"]
[[rule]]
id = "quiet"
never = "peace and shout"
[[rule]]
id = "never_all"
never = "peace and away"
[[preference]]
party = "a"
method = "weights"
criteria = { calm = 1, pride = 1 }
statements = [
  { id = "a1", when = "shout", pride = 1 },
  { id = "a2", when = "shout and away", pride = 2 },
  { id = "a3", when = "peace", calm = 4 },
]
[[preference]]
party = "b"
method = "weights"
statements = [
  { id = "b1", when = "away", weight = -2 },
  { id = "b2", when = "away and shout", weight = 4 },
  { id = "b3", when = "peace", weight = 1 },
]
[[track]]
id = "table"
parties = ["a", "b"]
table = ["peace", "shout"]
open = false
[[measure]]
id = "talk"
effects = [{ open = "table" }]
[[variant]]
id = "proud"
effects = [{ criteria = "a", set = { pride = 9 } }]
[[goal]]
id = "settled"
when = "peace"
[[goal]]
id = "noise"
when = "shout and away"
[[goal]]
id = "both"
when = "peace and shout"
)";

Parts parts_of(const std::string& more) {
  const auto read = parse_case(kNeighbours + more, "test.toml");
  EXPECT_TRUE(read) << more << (read ? "" : read.error()[0].message);
  return read ? read->parts : Parts{};
}

ClaimsAnswer answer_of(const std::string& test, ClaimsSettings settings = {}) {
  const auto answer =
      evaluate_claims(parts_of("[[claim]]\nsays = 'x'\ntest = " + test + "\n"), settings);
  EXPECT_TRUE(answer) << test << ": " << (answer ? "" : answer.error()[0].message);
  return answer ? *answer : ClaimsAnswer{};
}

Truth truth(const std::string& test) { return answer_of(test).claims.at(0).test.truth; }
bool proved(const std::string& test) { return answer_of(test).claims.at(0).by_construction; }

TEST(Claims, Stable) {
  // Today A gains by shouting; B then leaves, and A is better off still.
  EXPECT_EQ(truth("{ stable = 'now', for = 'a', concept = 'nash' }"), Truth::False);
  EXPECT_EQ(truth("{ unstable = 'now', for = 'a', concept = 'seq' }"), Truth::True);
  EXPECT_EQ(truth("{ stable = 'now', for = 'b', concept = 'nash' }"), Truth::True);
  EXPECT_EQ(truth("{ stable = 'shout and away' }"), Truth::True);
  EXPECT_EQ(truth("{ stable = 'shout' }"), Truth::False);  // B would leave where it has not
  EXPECT_EQ(truth("{ stable = 'peace and shout' }"), Truth::Undecided);  // there is none
  EXPECT_EQ(answer_of("{ stable = 'peace and shout' }").leaves.at(0).doubt, Doubt::Void);
}

TEST(Claims, Reachable) {
  EXPECT_EQ(truth("{ reachable = 'shout and away' }"), Truth::True);
  EXPECT_EQ(truth("{ unreachable = 'away and not shout' }"), Truth::True);
  EXPECT_FALSE(proved("{ unreachable = 'away and not shout' }"));  // moves lead there
  EXPECT_TRUE(proved("{ unreachable = 'peace' }"));                // no table has it
  EXPECT_EQ(truth("{ unreachable = 'away', without = 'b' }"), Truth::True);
  EXPECT_TRUE(proved("{ unreachable = 'away', without = 'b' }"));
  EXPECT_TRUE(proved("{ reachable = 'not peace' }"));  // it is so today
}

TEST(Claims, WayOut) {
  EXPECT_EQ(truth("{ way_out = 'noise' }"), Truth::True);
  EXPECT_EQ(truth("{ no_way_out = 'settled' }"), Truth::True);
  EXPECT_TRUE(proved("{ no_way_out = 'settled' }"));
  EXPECT_TRUE(proved("{ no_way_out = 'both', with = 'talk' }"));  // the rule excludes it
  EXPECT_EQ(truth("{ way_out = 'settled', with = 'talk' }"), Truth::True);
  EXPECT_EQ(truth("{ unlocks = 'settled', measure = 'talk' }"), Truth::True);
  EXPECT_EQ(truth("{ unlocks = 'noise', measure = 'talk' }"), Truth::False);
  EXPECT_EQ(truth("{ way_out = 'settled', with = 'talk', without = 'a' }"), Truth::False);
  // Under pride A would rather shout while B is away than have peace: B is not, so peace pays only
  // where it is above shouting alone (4 against 9).
  EXPECT_EQ(truth("{ way_out = 'settled', with = 'talk', under = 'proud', after = 'shout' }"),
            Truth::False);
}

TEST(Claims, Drift) {
  // A shouts, stays put, and B leaves: A has 3 pride, 0 calm.
  EXPECT_EQ(truth("{ better_for = 'a', doing = 'shout' }"), Truth::True);
  EXPECT_EQ(truth("{ better_for = 'a', criterion = 'pride', doing = 'shout' }"), Truth::True);
  EXPECT_EQ(truth("{ better_for = 'a', criterion = 'calm', doing = 'shout' }"), Truth::False);
  EXPECT_EQ(truth("{ worse_for = 'a', criterion = 'calm', doing = 'shout' }"), Truth::False);
  // B leaves, stays put, and A shouts: B has −2 + 4.
  EXPECT_EQ(truth("{ better_for = 'b', doing = 'away' }"), Truth::True);
  EXPECT_EQ(truth("{ better_for = ['a', 'b'], doing = 'away' }"), Truth::False);
  const auto leaf = answer_of("{ better_for = 'a', doing = 'shout' }").leaves.at(0);
  EXPECT_EQ(leaf.drift.at(0).least, 3);
  EXPECT_EQ(leaf.drift.at(0).way->steps.size(), 1u);
}

TEST(Claims, WillingAndPrefers) {
  EXPECT_EQ(truth("{ willing = 'a', doing = 'shout' }"), Truth::True);
  EXPECT_EQ(truth("{ unwilling = 'b', doing = 'away' }"), Truth::True);
  EXPECT_EQ(truth("{ willing = 'b', doing = 'away', given = 'shout' }"), Truth::True);
  EXPECT_EQ(truth("{ willing = ['a', 'b'], doing = 'shout or away' }"), Truth::False);
  EXPECT_TRUE(proved("{ unwilling = 'a', doing = 'away' }"));  // not A's to bring about
  EXPECT_EQ(truth("{ prefers = 'a', this = 'peace', to = 'now' }"), Truth::True);
  EXPECT_EQ(truth("{ prefers = 'a', this = 'peace', to = 'shout' }"), Truth::True);
  EXPECT_EQ(truth("{ prefers = 'b', this = 'away', to = 'now' }"), Truth::False);
  EXPECT_TRUE(proved("{ prefers = 'b', this = 'now', to = 'now' }"));
}

TEST(Claims, EquallyNearStatesHaveToAgree) {
  // From shouting and being away peace takes two changes; from today "shout or away" takes one.
  const auto leaf = answer_of("{ willing = 'b', doing = 'away', given = 'shout or peace' }");
  EXPECT_EQ(leaf.claims.at(0).test.truth, Truth::Undecided);
  EXPECT_EQ(leaf.leaves.at(0).doubt, Doubt::Ambiguous);
  EXPECT_EQ(leaf.leaves.at(0).set.at(0).states.size(), 2u);
  EXPECT_EQ(leaf.claims.at(0).outcome, ClaimOutcome::Depends);
}

TEST(Claims, Connectives) {
  const std::string yes = "{ willing = 'a', doing = 'shout' }";
  const std::string no = "{ willing = 'b', doing = 'away' }";
  const std::string open = "{ stable = 'peace and shout' }";
  EXPECT_EQ(truth("{ all = [" + yes + ", " + no + "] }"), Truth::False);
  EXPECT_EQ(truth("{ any = [" + no + ", " + yes + "] }"), Truth::True);
  EXPECT_EQ(truth("{ not = " + no + " }"), Truth::True);
  EXPECT_EQ(truth("{ all = [" + yes + ", " + open + "] }"), Truth::Undecided);
  EXPECT_EQ(truth("{ all = [" + no + ", " + open + "] }"), Truth::False);
  EXPECT_EQ(truth("{ any = [" + yes + ", " + open + "] }"), Truth::True);
  // What decides: the false one of the two.
  const auto tree = answer_of("{ all = [" + yes + ", " + no + "] }").claims.at(0).test;
  EXPECT_FALSE(tree.children.at(0).decides);
  EXPECT_TRUE(tree.children.at(1).decides);
}

TEST(Claims, FaultsAreLocated) {
  const auto answer = evaluate_claims(parts_of(
      "[[claim]]\nid = 'k'\nsays = 'x'\ntest = { way_out = 'settled', with = 'nothing' }\n"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error()[0].where.path, "claim[0].test.with");
  const auto under = check(parts_of(
      "[[claim]]\nid = 'k'\nsays = 'x'\ntest = { stable = 'now', for = 'c', under = 'proud' }\n"));
  ASSERT_EQ(under.size(), 1u);
  EXPECT_EQ(under[0].where.path, "claim[0].test.for");
}

const char* const kDoubtful = R"(
format = 1
[[party]]
id = "a"
[[option]]
id = "go"
party = "a"
[[option]]
id = "wait"
party = "a"
[[option]]
id = "rest"
party = "a"
[[preference]]
party = "a"
method = "weights"
statements = [
  { id = "s1", when = "go", weight = { from = -1, to = 3 } },
  { id = "s2", when = "wait", weight = { from = 1, to = 2 } },
  { id = "s3", when = "rest", weight = { from = -2, to = -1 } },
]
[[claim]]
id = "goes"
says = "x"
test = { willing = "a", doing = "go and not wait" }
[[claim]]
id = "waits"
says = "x"
test = { willing = "a", doing = "wait" }
)";

TEST(Claims, SharesOfProfiles) {
  const auto read = parse_case(kDoubtful, "test.toml");
  ASSERT_TRUE(read);
  ClaimsSettings settings;
  settings.samples = 400;
  settings.seed = 5;
  settings.threads = 1;
  const auto one = evaluate_claims(read->parts, settings);
  settings.threads = 2;
  const auto two = evaluate_claims(read->parts, settings);
  ASSERT_TRUE(one && two);
  // The weight of going is above zero in three quarters of its range.
  const Sampled& s = *one->claims.at(0).sampled;
  EXPECT_EQ(s.profiles, 400u);
  EXPECT_LT(s.low, 0.75);
  EXPECT_GT(s.high, 0.75);
  EXPECT_EQ(one->claims.at(0).outcome, ClaimOutcome::Depends);
  EXPECT_EQ(one->claims.at(1).outcome, ClaimOutcome::Supported);
  EXPECT_EQ(one->claims.at(1).sampled->yes, 400u);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_EQ(one->claims.at(i).sampled->yes, two->claims.at(i).sampled->yes);
  settings.seed = 6;
  const auto other = evaluate_claims(read->parts, settings);
  EXPECT_NE(other->claims.at(0).sampled->yes, s.yes);
}

TEST(Claims, TestsOfRiskAreJudgedInAsManyProfilesAsTheBudgetAllows) {
  const auto read = parse_case(std::string(kDoubtful) + R"(
[time]
unit = "year"
horizon = 2
[[tempo]]
party = "a"
moves_per_unit = 1
rationality = 1
[[catastrophe]]
id = "crash"
[[hazard]]
id = "h"
when = "go"
rate = 0.1
leads_to = "crash"
[[claim]]
id = "danger"
says = "x"
test = { raises_risk = "go", of = "crash" }
)",
                               "test.toml");
  ASSERT_TRUE(read);
  ClaimsSettings settings;
  settings.claims = {"danger"};
  settings.samples = 130;
  const auto all = evaluate_claims(read->parts, settings);
  settings.chain_budget = 200;  // the chain has eight states
  const auto some = evaluate_claims(read->parts, settings);
  settings.chain_budget = 8 * 15;
  const auto too_few = evaluate_claims(read->parts, settings);
  settings.every_profile();
  const auto every = evaluate_claims(read->parts, settings);
  ASSERT_TRUE(all && some && too_few && every);
  EXPECT_EQ(all->sampling->chains, 130u);
  EXPECT_EQ(all->claims.at(0).outcome, ClaimOutcome::Supported);
  EXPECT_EQ(some->sampling->chains, 25u);
  EXPECT_EQ(some->claims.at(0).sampled->profiles, 25u);
  EXPECT_EQ(some->claims.at(0).outcome, ClaimOutcome::Depends);
  EXPECT_EQ(too_few->sampling->chains, 0u);
  EXPECT_FALSE(too_few->claims.at(0).sampled);
  EXPECT_EQ(every->sampling->chains, 130u);
  EXPECT_EQ(every->claims.at(0).sampled->yes, all->claims.at(0).sampled->yes);
}

TEST(Claims, WhatTheRangesDecideIsNotSampled) {
  // The rest costs between 1 and 2, waiting is worth at most half of that: nobody ever rests.
  const auto read = parse_case(R"(
format = 1
[[party]]
id = "a"
[[option]]
id = "wait"
party = "a"
[[option]]
id = "rest"
party = "a"
[[preference]]
party = "a"
method = "weights"
statements = [
  { id = "s1", when = "wait", weight = { from = -0.5, to = 0.5 } },
  { id = "s2", when = "rest", weight = { from = -2, to = -1 } },
]
[[claim]]
id = "never"
says = "x"
test = { unreachable = "rest" }
)",
                               "test.toml");
  ASSERT_TRUE(read);
  ClaimsSettings settings;
  settings.samples = 50;
  const auto answer = evaluate_claims(read->parts, settings);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->claims.at(0).sampled->fixed);
  EXPECT_EQ(answer->claims.at(0).outcome, ClaimOutcome::Supported);
  EXPECT_FALSE(answer->claims.at(0).by_construction);
}

}  // namespace
}  // namespace wayout
