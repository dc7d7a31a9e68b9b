#include "wayout/io/gmcr.hpp"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wayout/model/view.hpp"

namespace wayout {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Parts read_file(const std::string& name) {
  const std::string path = "tests/data/gmcr/" + name;
  auto parts = read_gmcr(file_text(path), path);
  EXPECT_TRUE(parts) << (parts ? "" : parts.error()[0].message);
  return parts ? *parts : Parts{};
}

Conflict build_file(const std::string& name) {
  auto conflict = build(read_file(name));
  if (!conflict)
    throw std::runtime_error(conflict.error()[0].message + " at " + conflict.error()[0].where.path);
  return *conflict;
}

std::vector<State> feasible_states(const Conflict& c) {
  std::vector<State> out;
  for (UInt128 bits = 0; bits < (UInt128{1} << c.option_count()); ++bits)
    if (c.feasible({bits})) out.push_back({bits});
  return out;
}

/// States, owners, directions and every comparison of two states by every party.
void expect_same_model(const Conflict& a, const Conflict& b) {
  ASSERT_EQ(a.party_count(), b.party_count());
  ASSERT_EQ(a.option_count(), b.option_count());
  for (const OptionId o : a.options()) {
    EXPECT_EQ(a.option(o).owners, b.option(o).owners);
    EXPECT_EQ(a.option(o).moves, b.option(o).moves);
  }
  const auto states = feasible_states(a);
  ASSERT_EQ(states, feasible_states(b));
  for (const PartyId p : a.parties())
    for (const State s : states)
      for (const State t : states) ASSERT_EQ(a.better(p, s, t), b.better(p, s, t));
}

Errors faults(const std::string& text) {
  const auto parts = read_gmcr(text, "x.gmcr");
  return parts ? Errors{} : parts.error();
}

/// A file with one option and one decision maker, and these members put in place of its own.
std::string small(const std::string& options, const std::string& parties,
                  const std::string& more = "") {
  return "{\n\"options\": " + options + ",\n\"decisionMakers\": " + parties +
         (more.empty() ? "" : ",\n" + more) + "\n}";
}
const char* const kOneOption = R"([{"name": "Go", "permittedDirection": "both"}])";
const char* const kOneParty = R"([{"name": "A", "options": [0], "preferences": []}])";

TEST(Gmcr, ReadsOptionsPartiesAndRules) {
  const Parts p = read_file("river_statements.gmcr");
  EXPECT_EQ(p.title, "river_statements");
  EXPECT_TRUE(p.no_status_quo);
  ASSERT_EQ(p.parties.size(), 3u);
  EXPECT_EQ(p.parties[0].id, "upstream");
  EXPECT_EQ(p.parties[2].id, "party");
  EXPECT_EQ(p.parties[2].name, "水利部");
  ASSERT_EQ(p.options.size(), 5u);
  EXPECT_EQ(p.options[0].id, "release_water");
  EXPECT_EQ(p.options[3].id, "release_water_2");
  EXPECT_EQ(p.options[4].id, "p_2nd_appeal");
  EXPECT_EQ(p.options[4].name, "2nd appeal");
  EXPECT_EQ(p.options[1].moves, Direction::Up);
  EXPECT_EQ(p.options[2].moves, Direction::Down);
  EXPECT_EQ(p.options[2].party, "party");
  EXPECT_EQ(p.rules[0].never, "release_water and build_dam");
}

TEST(Gmcr, ReadsStatementsInOrderOfImportance) {
  const Parts p = read_file("river_statements.gmcr");
  ASSERT_EQ(p.preferences[0].method, Method::Priorities);
  std::vector<std::string> statements;
  for (const auto& s : p.preferences[0].statements) statements.push_back(s.when);
  EXPECT_THAT(statements,
              ElementsAre("not p_2nd_appeal", "(build_dam and release_water_2) or subsidy",
                          "not release_water and not build_dam"));
  EXPECT_THAT(p.preferences[2].statements, IsEmpty());

  const Conflict c = build_file("river_statements.gmcr");
  const auto state = [](unsigned bits) { return State{bits}; };
  // The first statement outweighs the two others together, as 4 outweighs 2 + 1.
  EXPECT_TRUE(c.better(PartyId(0), state(0b00001), state(0b10100)));
  EXPECT_TRUE(c.better(PartyId(0), state(0b00101), state(0b00000)));
  EXPECT_FALSE(c.better(PartyId(2), state(0b00001), state(0b10100)));
  EXPECT_FALSE(c.status_quo().has_value());
}

TEST(Gmcr, MisperceptionsAreBeliefs) {
  const Parts p = read_file("river_statements.gmcr");
  ASSERT_EQ(p.beliefs.size(), 1u);
  EXPECT_EQ(p.beliefs[0].party, "downstream");
  EXPECT_EQ(p.beliefs[0].effects.size(), 2u);
  ASSERT_EQ(p.rules.size(), 4u);
  EXPECT_EQ(p.rules[3].never, "p_2nd_appeal or not subsidy");
  EXPECT_FALSE(p.rules[2].enabled);
  // Feasible: 3 × 3 settings of the two pairs, with and without the subsidy.
  EXPECT_EQ(feasible_states(build_file("river_statements.gmcr")).size(), 18u);
}

TEST(Gmcr, BeliefHidesStates) {
  const Conflict c = build_file("river_statements.gmcr");
  const auto seen = as_perceived(c, PartyId(1));
  ASSERT_TRUE(seen) << seen.error()[0].message;
  EXPECT_EQ(feasible_states(*seen).size(), 4u);
}

TEST(Gmcr, RankingsWithTiesAndUnseenStates) {
  const Parts p = read_file("one_way_ranked.gmcr");
  ASSERT_EQ(p.preferences[0].method, Method::Ranking);
  EXPECT_THAT(p.preferences[0].order,
              ElementsAre(ElementsAre(3), ElementsAre(1, 2), ElementsAre(4, 5), ElementsAre(6)));
  // B does not see a strike and leaves states 2 and 5 out: they go last.
  EXPECT_THAT(p.preferences[1].order, ElementsAre(ElementsAre(6), ElementsAre(1), ElementsAre(3),
                                                  ElementsAre(4), ElementsAre(2, 5)));
  const Conflict c = build_file("one_way_ranked.gmcr");
  EXPECT_EQ(feasible_states(c).size(), 6u);
  // State 3 is "withdraw" alone, state 2 "strike" alone.
  EXPECT_TRUE(c.better(PartyId(0), State{0b010}, State{0b001}));
  EXPECT_EQ(c.compare(PartyId(0), State{0b000}, State{0b001}), 0);
  EXPECT_TRUE(c.better(PartyId(1), State{0b000}, State{0b001}));
}

TEST(Gmcr, CoalitionIsOnePartyThatPrefersUnanimously) {
  const Parts p = read_file("coalition.gmcr");
  ASSERT_EQ(p.parties.size(), 2u);
  EXPECT_EQ(p.parties[0].name, "Miners, Drivers");
  EXPECT_EQ(p.parties[0].id, "miners_drivers");
  EXPECT_EQ(p.options[0].party, "miners_drivers");
  EXPECT_EQ(p.options[1].party, "miners_drivers");
  EXPECT_EQ(p.options[2].party, "owners");
  ASSERT_EQ(p.preferences[0].method, Method::Unanimous);
  EXPECT_EQ(p.preferences[0].members.size(), 2u);
  EXPECT_EQ(p.preferences[0].members[1].name, "Drivers");
  // It does not see what neither member sees.
  ASSERT_EQ(p.rules.size(), 1u);
  EXPECT_EQ(p.rules[0].never, "(lock_out or (not strike and not picket)) and picket");

  const Conflict c = build_file("coalition.gmcr");
  EXPECT_FALSE(c.weak_order(PartyId(0)));
  EXPECT_TRUE(c.better(PartyId(0), State{0b000}, State{0b100}));   // both want no lock-out
  EXPECT_TRUE(c.better(PartyId(0), State{0b011}, State{0b001}));   // a picket beside the strike
  EXPECT_FALSE(c.better(PartyId(0), State{0b000}, State{0b001}));  // drivers gain nothing
  EXPECT_FALSE(c.better(PartyId(0), State{0b010}, State{0b000}));  // drivers gain, miners lose
}

TEST(Gmcr, OlderFiles) {
  const Parts p = read_file("older_program.gmcr");
  EXPECT_EQ(p.preferences[0].method, Method::Ranking);
  EXPECT_EQ(p.preferences[1].order.size(), 3u);
  EXPECT_EQ(p.preferences[2].method, Method::Priorities);  // no ranking in the file
  EXPECT_FALSE(p.options[2].moves.has_value());
  EXPECT_TRUE(p.parties[3].third);  // no option, no move
  EXPECT_EQ(p.preferences.size(), 3u);
  EXPECT_EQ(feasible_states(build_file("older_program.gmcr")).size(), 6u);
}

TEST(Gmcr, RoundTrip) {
  for (const char* name :
       {"river_statements.gmcr", "one_way_ranked.gmcr", "coalition.gmcr", "older_program.gmcr"}) {
    SCOPED_TRACE(name);
    const Conflict before = build_file(name);
    const auto text = write_gmcr(before);
    ASSERT_TRUE(text) << text.error()[0].message;
    auto parts = read_gmcr(*text, "again.gmcr");
    ASSERT_TRUE(parts) << parts.error()[0].message;
    EXPECT_EQ(parts->beliefs.size(), before.parts().beliefs.size());
    const auto after = build(*parts);
    ASSERT_TRUE(after) << after.error()[0].message;
    expect_same_model(before, *after);
    const auto again = write_gmcr(*after);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *text);
    EXPECT_THAT(gmcr_left_out(before), IsEmpty());
  }
}

TEST(Gmcr, StatementsSurviveAsPatterns) {
  const auto text = write_gmcr(build_file("river_statements.gmcr"));
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr(R"("preferences":[[[4,"N"]],{"compound":true,"members":)"));
  EXPECT_THAT(*text, HasSubstr(R"("useManualPreferenceRanking": false)"));
}

TEST(Gmcr, ParticularNames) {
  const auto parts = read_gmcr(
      small(
          R"([{"name": "not"}, {"name": "Not"}, {"name": ""}, {"name": "A"}, {"name": "!?"}])",
          R"([{"name": "A", "options": [0, 1, 2, 3, 4], "preferences": [[[0, "N"], [2, "-"]], []]}])"),
      "dir.d/a.b.gmcr");
  ASSERT_TRUE(parts) << parts.error()[0].message;
  EXPECT_EQ(parts->title, "a.b");
  EXPECT_EQ(parts->options[0].id, "not_1");
  EXPECT_EQ(parts->options[1].id, "not_1_2");
  EXPECT_EQ(parts->options[2].id, "option");
  EXPECT_EQ(parts->options[3].id, "a_2");
  EXPECT_EQ(parts->options[4].id, "option_2");
  EXPECT_EQ(parts->preferences[0].statements[0].when, "not not_1");
  EXPECT_EQ(parts->preferences[0].statements[1].when, "true");
  EXPECT_TRUE(build(*parts));
}

TEST(Gmcr, ManyPatternsShareRules) {
  std::string options = "[";
  std::string mine;
  for (int i = 0; i < 14; ++i) {
    options += std::string(i > 0 ? "," : "") + R"({"name": "o"})";
    mine += (i > 0 ? "," : "") + std::to_string(i);
  }
  std::string infeasibles;
  for (int n = 1; n < 8192; ++n) {
    infeasibles += n > 1 ? ",[" : "[";
    for (int i = 0; i < 14; ++i)
      infeasibles += std::string(i > 0 ? "," : "") + "[" + std::to_string(i) + ",\"" +
                     ((n >> i) & 1 ? "Y" : "N") + "\"]";
    infeasibles += "]";
  }
  const auto parts = read_gmcr(
      small(options + "]", R"([{"name": "A", "options": [)" + mine + R"(], "preferences": []}])",
            "\"infeasibles\": [" + infeasibles + "]"),
      "x.gmcr");
  ASSERT_TRUE(parts) << parts.error()[0].message;
  EXPECT_LE(parts->rules.size(), 4096u);
  const auto conflict = build(*parts);
  ASSERT_TRUE(conflict) << conflict.error()[0].message;
  EXPECT_EQ(feasible_states(*conflict).size(), 8193u);
}

TEST(Gmcr, FaultsAreLocated) {
  const auto e = faults(small(kOneOption, R"([
  {"name": "A", "options": [0],
   "preferences": [[[0, "Y"]],
                   [[7, "Y"]]]}])"));
  ASSERT_EQ(e.size(), 1u);
  EXPECT_EQ(e[0].code, "unknown_index");
  EXPECT_EQ(e[0].where.path, "decisionMakers[0].preferences[1][0][0]");
  EXPECT_EQ(e[0].where.file, "x.gmcr");
  EXPECT_EQ(e[0].where.line, 6);
  EXPECT_EQ(e[0].where.column, 22);
}

TEST(Gmcr, BuildFaultsAreLocated) {
  const std::string text = small(kOneOption, R"([{"name": "A", "options": [0], "preferences": [],
  "preferenceRanking": [1, 3]}])",
                                 "\"useManualPreferenceRanking\": true");
  const auto parts = read_gmcr(text, "x.gmcr");
  ASSERT_TRUE(parts);
  auto conflict = build(*parts);
  ASSERT_FALSE(conflict);
  Errors errors = conflict.error();
  locate_gmcr(errors, text, "x.gmcr");
  EXPECT_EQ(errors[0].code, "unknown_state");
  EXPECT_EQ(errors[0].where.line, 4);
  EXPECT_EQ(errors[0].where.column, 24);
}

TEST(Gmcr, SyntaxErrors) {
  for (const char* text : {"", "{", "[1,", "{\"options\": [tru]}", "{\"a\": 1e999}",
                           "{\"a\": \"\\ud800\"}", "nul", "\"\\"}) {
    SCOPED_TRACE(text);
    const auto e = faults(text);
    ASSERT_EQ(e.size(), 1u);
    EXPECT_EQ(e[0].code, "json");
    EXPECT_GT(e[0].where.line, 0);
    EXPECT_LT(e[0].message.size(), 260u);
  }
  const auto e = faults("{\n \"options\": }");
  EXPECT_EQ(e[0].where.line, 2);
  EXPECT_EQ(e[0].where.column, 13);
}

TEST(Gmcr, Limits) {
  const auto deep = faults(std::string(100'000, '['));
  ASSERT_EQ(deep.size(), 1u);
  EXPECT_EQ(deep[0].code, "limit");
  EXPECT_EQ(deep[0].where.column, 65);
  const auto large = faults(std::string((16u << 20) + 1, ' '));
  EXPECT_THAT(large[0].message, HasSubstr("16 MiB"));
  const auto bad = faults("{\"options\": [{\"name\": \"\xC3\x28\"}]}");
  EXPECT_EQ(bad[0].code, "encoding");
  EXPECT_EQ(bad[0].where.column, 24);
  std::string options = "[{}";
  for (int i = 0; i < 200; ++i) options += ",{}";
  EXPECT_EQ(faults(small(options + "]", "[]"))[0].code, "limit");
}

TEST(Gmcr, WrongContents) {
  const auto code = [](const std::string& text) {
    const auto e = faults(text);
    return e.empty() ? std::string("none") : e[0].code;
  };
  EXPECT_EQ(code("[]"), "type");
  EXPECT_EQ(code("{}"), "missing_key");
  EXPECT_EQ(code(small("{}", kOneParty)), "type");
  EXPECT_EQ(code(small("[7]", kOneParty)), "type");
  EXPECT_EQ(code(small(R"([{"name": 3}])", kOneParty)), "type");
  EXPECT_EQ(code(small(R"([{"name": "Go", "permittedDirection": "up"}])", kOneParty)), "type");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [0.5]}])")), "type");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [-1]}])")), "type");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [1]}])")), "unknown_index");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [0.0], "preferences": []}])")), "none");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [0], "preferences": ["x"]}])")), "type");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [0], "preferences": [[[0, "Q"]]]}])")), "type");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [0], "preferences": [[[0, "Y"], [0, "N"]]]}])")),
            "contradictory_pattern");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [0]}, {"options": [0]}])")), "two_owners");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": []}])")), "no_owner");
  EXPECT_EQ(code(small(kOneOption, kOneParty, R"("infeasibles": [[]])")), "empty_pattern");
  EXPECT_EQ(code(small(kOneOption, kOneParty, R"("coalitions": [3])")), "unknown_index");
  EXPECT_EQ(code(small(kOneOption, kOneParty, R"("coalitions": [[0, 0]])")), "coalition");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [0]}, {"options": []}, {"options": []}])",
                       R"("coalitions": [[0, 1]])")),
            "coalition");
  EXPECT_EQ(
      code(small(kOneOption, R"([{"options": [0]}, {"options": []}])", R"("coalitions": [0])")),
      "none");
  EXPECT_EQ(code(small(kOneOption, kOneParty, R"("useManualPreferenceRanking": 1)")), "type");
  EXPECT_EQ(code(small(kOneOption, R"([{"options": [0], "preferenceRanking": [[[1]]]}])")), "type");
}

TEST(Gmcr, AtMostTwentyFaults) {
  std::string options = "[0";
  for (int i = 0; i < 100; ++i) options += ",0";
  EXPECT_EQ(faults(small(options + "]", kOneParty)).size(), 20u);
}

Parts option_case() {
  Parts p;
  for (const char* id : {"up", "down"}) {
    PartyPart party;
    party.id = id;
    p.parties.push_back(party);
    PreferencePart preference;
    preference.party = id;
    preference.method = Method::Priorities;
    p.preferences.push_back(preference);
  }
  const char* const names[] = {"a", "b", "c", "d"};
  for (int i = 0; i < 4; ++i) {
    OptionPart option;
    option.id = names[i];
    option.party = i < 2 ? "up" : "down";
    p.options.push_back(option);
  }
  return p;
}

StatementPart when(const std::string& text) {
  StatementPart s;
  s.when = text;
  return s;
}

TEST(GmcrWrite, ExpressionsBecomePatterns) {
  for (const std::string expression :
       {"a if b", "a iff (b or c)", "not (a and b) or c and d", "count(a, b, c) == 2",
        "not count(a, b, c, d) >= 3", "a != true", "true", "false", "not (a iff (b iff (c iff d)))",
        "a or not a", "crisis and d"}) {
    SCOPED_TRACE(expression);
    Parts p = option_case();
    DefinePart crisis;
    crisis.id = "crisis";
    crisis.when = "a or b";
    p.defines.push_back(crisis);
    p.preferences[0].statements = {when(expression), when("c")};
    RulePart rule;
    rule.never = "(a -> b) and d";
    p.rules.push_back(rule);
    const auto before = build(p);
    ASSERT_TRUE(before) << before.error()[0].message;
    const auto text = write_gmcr(*before);
    ASSERT_TRUE(text) << text.error()[0].message;
    EXPECT_THAT(*text, HasSubstr(R"("useManualPreferenceRanking": false)"));
    const auto parts = read_gmcr(*text, "x.gmcr");
    ASSERT_TRUE(parts) << parts.error()[0].message;
    const auto after = build(*parts);
    ASSERT_TRUE(after) << after.error()[0].message;
    expect_same_model(*before, *after);
  }
}

TEST(GmcrWrite, VitalStatementsComeFirst) {
  Parts p = option_case();
  p.preferences[0].statements = {when("a"), when("b"), when("c")};
  p.preferences[0].statements[2].vital = true;
  p.preferences[0].statements[1].enabled = false;
  const auto before = build(p);
  ASSERT_TRUE(before);
  const auto text = write_gmcr(*before);
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr(R"("preferences":[[[2,"Y"]],[[0,"Y"]]])"));
}

TEST(GmcrWrite, WeightsBecomeRankings) {
  Parts p = option_case();
  p.preferences[1].method = Method::Weights;
  p.preferences[1].statements = {when("c"), when("a and b"), when("d")};
  const int weights[] = {2, -3, 2};
  for (int i = 0; i < 3; ++i) {
    Quantity q;
    q.a = weights[i];
    p.preferences[1].statements[static_cast<std::size_t>(i)].values.emplace_back("weight", q);
  }
  p.options[3].enabled = false;
  const auto before = build(p);
  ASSERT_TRUE(before) << before.error()[0].message;
  const auto text = write_gmcr(*before);
  ASSERT_TRUE(text) << text.error()[0].message;
  EXPECT_THAT(*text, HasSubstr(R"("useManualPreferenceRanking": true)"));
  const auto parts = read_gmcr(*text, "x.gmcr");
  ASSERT_TRUE(parts);
  const auto after = build(*parts);
  ASSERT_TRUE(after) << after.error()[0].message;
  expect_same_model(*before, *after);
  EXPECT_THAT(gmcr_left_out(*before), ElementsAre("the status quo"));
}

TEST(GmcrWrite, SaysWhatItCannotSay) {
  Parts p = option_case();
  p.options[0].levels = {"none", "some", "all"};
  OptionPart treaty;
  treaty.id = "treaty";
  treaty.parties = {"up", "down"};
  p.options.push_back(treaty);
  TrackPart track;
  track.id = "talks";
  track.parties = {"up", "down"};
  track.table = {"treaty"};
  p.tracks.push_back(track);
  RulePart rule;
  rule.forbid = ForbidPart{"up", "b", "c"};
  p.rules.push_back(rule);
  const auto conflict = build(p);
  ASSERT_TRUE(conflict) << conflict.error()[0].message;
  const auto text = write_gmcr(*conflict);
  ASSERT_FALSE(text);
  std::vector<std::string> messages;
  for (const auto& e : text.error()) messages.push_back(e.message);
  EXPECT_THAT(messages, ElementsAre("a .gmcr file cannot say a track ('talks')",
                                    "a .gmcr file cannot say an option of 3 levels ('a')",
                                    "a .gmcr file cannot say a joint option ('treaty')",
                                    "a .gmcr file cannot say a forbid rule"));
}

}  // namespace
}  // namespace wayout
