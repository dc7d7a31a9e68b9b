#include "wayout/io/case_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wayout/io/diagnostics.hpp"
#include "wayout/io/keys.hpp"
#include "wayout/io/toml_tree.hpp"
#include "wayout/io/write_case.hpp"
#include "wayout/model/view.hpp"

namespace wayout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const std::string kHead = R"(format = 1
[[party]]
id = "up"
[[party]]
id = "down"
[[option]]
id = "release"
party = "up"
[[option]]
id = "patrols"
party = "down"
levels = ["none", "some", "massed"]
[[preference]]
party = "up"
statements = ["not release"]
)";

CaseFile read(const std::string& text) {
  auto file = parse_case(text, "case.toml");
  EXPECT_TRUE(file) << render_errors(file.error(), text);
  return file ? std::move(*file) : CaseFile{};
}

Errors faults(const std::string& text) {
  const auto file = parse_case(text, "case.toml");
  EXPECT_FALSE(file) << text;
  return file ? Errors{} : file.error();
}

/// "line:column" of the one fault that build() finds.
std::string built(const std::string& text) {
  const CaseFile file = read(text);
  const auto conflict = build(file.parts);
  if (conflict) return "no fault";
  Errors e = conflict.error();
  locate(e, file);
  if (e.size() != 1) return render_errors(e, file.text);
  EXPECT_EQ(e[0].where.file, "case.toml");
  return std::to_string(e[0].where.line) + ":" + std::to_string(e[0].where.column);
}

/// kHead and a preference of the other party, whose one statement is `statement` as written.
std::string with_statement(const std::string& statement) {
  return kHead + "[[preference]]\nparty = \"down\"\nstatements = [\n  " + statement + "\n]\n";
}

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> out;
  for (const char* folder : {"cases", "catalog"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.path().extension() == ".toml") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(CaseFiles, OursReadAndSurviveWriting) {
  EXPECT_GE(case_files().size(), 5u);
  for (const auto& path : case_files()) {
    const auto file = read_case(path.string());
    ASSERT_TRUE(file) << render_errors(file.error(), "");
    const std::string written = write_case(file->parts);
    const auto again = parse_case(written, "again.toml");
    ASSERT_TRUE(again) << path << "\n" << render_errors(again.error(), written);
    EXPECT_TRUE(same_parts(file->parts, again->parts)) << path << "\n" << written;
    EXPECT_EQ(write_case(again->parts), written) << path;
  }
}

/// The keys of a table and of all below it, as "part.key".
void collect(const TomlNode& node, const PartKeys& part, std::set<std::string>& seen) {
  for (const TomlMember& m : node.members) {
    const Key* key = find_key(part, m.key);
    if (key == nullptr) continue;
    seen.insert(std::string(part.name) + "." + m.key);
    seen.insert("*." + m.key);
    const auto each = [&](const std::function<void(const TomlNode&)>& visit) {
      if (m.value.is(TomlNode::Kind::Array)) {
        for (const TomlNode& item : m.value.items) visit(item);
      } else {
        visit(m.value);
      }
    };
    each([&](const TomlNode& child) {
      if (!child.is(TomlNode::Kind::Table)) return;
      if (!key->part.empty()) collect(child, part_keys(key->part), seen);
      if (key->type == KeyType::Effects)
        for (const PartKeys& effect : effect_kinds())
          if (child.find(effect.name) != nullptr) collect(child, effect, seen);
      if (key->type == KeyType::Test || key->type == KeyType::Tests)
        for (const PartKeys& test : test_kinds())
          if (child.find(test.name) != nullptr) collect(child, test, seen);
    });
  }
}

TEST(CaseFiles, TheTutorialShowsEveryKey) {
  std::set<std::string> seen;
  for (const char* path : {"cases/tutorial/every_key.toml", "cases/tutorial/graph_form.toml"}) {
    const auto text = read_text_file(path);
    ASSERT_TRUE(text);
    const auto tree = parse_toml(*text, path);
    ASSERT_TRUE(tree);
    collect(*tree, part_keys("case"), seen);
  }
  // Shown by none: a case without a status quo, and keys that hardly matter where they may stand.
  const std::set<std::string> rare = {"case.no_status_quo", "preference.id", "tempo.id", "moves.id",
                                      "belief.enabled"};
  for (const auto kinds : {part_kinds(), effect_kinds()})
    for (const PartKeys& part : kinds) {
      if (part.name == "range" || part.name == "about" || part.name == "member") continue;
      for (const Key& key : part.keys) {
        const std::string name = std::string(part.name) + "." + std::string(key.name);
        if (rare.count(name) == 0) {
          EXPECT_EQ(seen.count(name), 1u) << name;
        }
      }
      for (const Key* key : all_keys(part))
        if (rare.count(std::string(part.name) + "." + std::string(key->name)) == 0) {
          EXPECT_EQ(seen.count("*." + std::string(key->name)), 1u) << part.name << "." << key->name;
        }
    }
  // Tests come in pairs that take the same keys, which one of the two may show.
  for (const PartKeys& test : test_kinds()) {
    EXPECT_EQ(seen.count(std::string(test.name) + "." + std::string(test.name)), 1u) << test.name;
    for (const Key* key : all_keys(test))
      EXPECT_EQ(seen.count("*." + std::string(key->name)), 1u) << test.name << "." << key->name;
  }
}

TEST(CaseFile, FillsPartsInTheOrderOfTheFile) {
  const CaseFile file = read(R"(
format = 1
[[preference]]
party = "p"
method = "weights"
criteria = { zeal = 2, aid = { from = 1, to = 3 } }
statements = [
  { when = "a", zeal = -1, aid = 0.5 },
  { id = "s", when = "b", vital = true, aid = 1, zeal = { about = 1, spread = 0.1 } },
]
[[hazard]]
rate = 1
leads_to = { war = 0.9, anarchy = 0.1 }
[[goal]]
id = "g"
when = "a"
hold = { up = "nash", down = "seq" }
[[variant]]
id = "v"
effects = [{ now = { z = 1, a = true, m = "low" } }]
[[claim]]
says = "c"
test = { all = [ { stable = "x", for = "up" }, { not = { lowers_risk = ["m", "n"], by = 0.5 } } ] }
)");
  const Parts& p = file.parts;
  const PreferencePart& weights = p.preferences.at(0);
  EXPECT_EQ(weights.path, "preference[0]");
  EXPECT_EQ(weights.method, Method::Weights);
  EXPECT_EQ(weights.criteria.at(0).first, "zeal");
  EXPECT_EQ(weights.criteria.at(1).first, "aid");
  EXPECT_EQ(weights.criteria.at(1).second.form, Quantity::Form::FromTo);
  EXPECT_EQ(weights.statements.at(0).values.at(0).first, "zeal");
  EXPECT_EQ(weights.statements.at(1).values.at(0).first, "aid");
  EXPECT_EQ(weights.statements.at(1).path, "preference[0].statements[1]");
  EXPECT_TRUE(weights.statements.at(1).vital);
  EXPECT_FALSE(weights.statements.at(0).bare);
  EXPECT_EQ(p.hazards.at(0).leads_to.catastrophes.at(0).first, "war");
  EXPECT_TRUE(p.hazards.at(0).leads_to.shares_written);
  EXPECT_THAT(p.goals.at(0).hold.profile, ElementsAre(Pair("up", "nash"), Pair("down", "seq")));
  EXPECT_THAT(p.variants.at(0).effects.at(0).levels,
              ElementsAre(Pair("z", LevelValue(std::int64_t{1})), Pair("a", LevelValue(true)),
                          Pair("m", LevelValue(std::string("low")))));
  EXPECT_EQ(p.variants.at(0).effects.at(0).path, "variant[0].effects[0]");
  const ClaimTest& all = p.claims.at(0).test;
  EXPECT_EQ(all.path, "claim[0].test");
  EXPECT_EQ(all.kind, TestKind::All);
  EXPECT_EQ(all.children.at(0).path, "claim[0].test.all[0]");
  EXPECT_EQ(all.children.at(0).concept_name, "seq");
  EXPECT_EQ(all.children.at(1).kind, TestKind::Not);
  EXPECT_EQ(all.children.at(1).children.at(0).path, "claim[0].test.all[1].not");
  EXPECT_THAT(all.children.at(1).children.at(0).measures, ElementsAre("m", "n"));
}

TEST(CaseFile, RiskIsLoweredByMeasuresOrConditions) {
  const auto subject = [](const std::string& value) {
    return read(
               "format = 1\n[[measure]]\nid = \"m\"\n[[claim]]\nsays = \"c\"\ntest = { lowers_risk "
               "= " +
               value + " }\n")
        .parts.claims.at(0)
        .test;
  };
  EXPECT_THAT(subject("\"m\"").measures, ElementsAre("m"));
  EXPECT_EQ(subject("\"m\"").condition, "");
  EXPECT_THAT(subject("[\"m\"]").measures, ElementsAre("m"));
  EXPECT_EQ(subject("\"n\"").condition, "n");
  EXPECT_EQ(subject("[\"n\"]").condition, "n");
  EXPECT_THAT(subject("[\"m\", \"n\"]").measures, ElementsAre("m", "n"));  // build() says that n is
                                                                           // none
}

TEST(CaseFile, EveryEffectAndTestIsReadAsItsOwnKind) {
  for (std::size_t k = 0; k < effect_kinds().size(); ++k) {
    const std::string name(effect_kinds()[k].name);
    EXPECT_EQ(effect_keys(name), &effect_kinds()[k]);
  }
  const Parts p = read(R"(
format = 1
[[measure]]
id = "m"
effects = [
  { open = "t" }, { close = "t" }, { link = "t", on = "x" }, { unlink = "t" }, { table = "t", add = "o", remove = ["p", "q"] },
  { binding = "o", value = false }, { enable = "o" }, { moves = "o", value = "down" }, { rule = "r", drop = true },
  { party = "p", statement = "s", times = -2 }, { criteria = "p", set = { b = 1 } }, { hazard = "h", times = 2 },
  { rate = "h", set = 3 }, { tempo = "p", times = 4 }, { belief = "b", drop = true }, { now = { o = 1 } },
  { party = "p", statement = "s", drop = true }, { party = "p", statement = "s", vital = false },
  { party = "p", statement = "s", first = true }, { party = "p", statement = "s", after = "t" }, { link = "t", on = true },
]
[[claim]]
says = "all"
test = { all = [
  { stable = "x" }, { unstable = "x", concept = "gmr" }, { reachable = "x" }, { unreachable = "x" }, { way_out = "g" },
  { no_way_out = "g" }, { unlocks = "g", measure = "m" }, { better_for = "p", doing = "x" },
  { worse_for = ["p", "q"], criterion = "k", doing = "x" }, { willing = "p", doing = "x", given = "y" }, { unwilling = "p", doing = "x" },
  { prefers = "p", this = "x", to = "y" }, { lowers_risk = "x" }, { raises_risk = "x", of = "w", horizon = 3 },
  { any = [{ way_out = "g" }] }, { not = { way_out = "g" } },
] }
)")
                      .parts;
  const auto& e = p.measures.at(0).effects;
  for (int k = 0; k < 16; ++k)
    EXPECT_EQ(static_cast<int>(e.at(static_cast<std::size_t>(k)).kind), k);
  EXPECT_EQ(e[0].target, "t");
  EXPECT_EQ(e[2].expression, "x");
  EXPECT_THAT(e[4].add, ElementsAre("o"));
  EXPECT_THAT(e[4].remove, ElementsAre("p", "q"));
  EXPECT_FALSE(e[5].flag);
  EXPECT_EQ(e[7].direction, Direction::Down);
  EXPECT_EQ(e[9].number.a, Decimal(-2));
  EXPECT_EQ(e[9].action, StatementAction::Times);
  EXPECT_EQ(e[12].number.a, Decimal(3));
  EXPECT_EQ(e[15].target, "");
  EXPECT_EQ(e[16].action, StatementAction::Drop);
  EXPECT_EQ(e[17].action, StatementAction::Vital);
  EXPECT_FALSE(e[17].flag);
  EXPECT_EQ(e[18].action, StatementAction::First);
  EXPECT_EQ(e[19].action, StatementAction::After);
  EXPECT_EQ(e[19].after, "t");
  EXPECT_EQ(e[20].expression, "true");
  const auto& t = p.claims.at(0).test.children;
  for (int k = 0; k < 14; ++k)
    EXPECT_EQ(static_cast<int>(t.at(static_cast<std::size_t>(k)).kind), k);
  EXPECT_EQ(t.at(14).kind, TestKind::Any);
  EXPECT_EQ(t.at(15).kind, TestKind::Not);
  EXPECT_EQ(t[1].concept_name, "gmr");
  EXPECT_EQ(t[6].goal, "g");
  EXPECT_THAT(t[6].measures, ElementsAre("m"));
  EXPECT_THAT(t[8].parties, ElementsAre("p", "q"));
  EXPECT_EQ(t[8].criterion, "k");
  EXPECT_EQ(t[9].given, "y");
  EXPECT_EQ(t[11].condition, "x");
  EXPECT_EQ(t[11].to, "y");
  EXPECT_EQ(t[13].of, "w");
}

TEST(CaseFile, NumbersAreExactAsTyped) {
  const auto number = [](const std::string& text) {
    return read("format = 1\n[[measure]]\nid = \"m\"\ncost = " + text + "\n")
        .parts.measures.at(0)
        .cost.a;
  };
  EXPECT_EQ(number("0.1").to_string(), "0.1");
  EXPECT_EQ(number("1e-6").to_string(), "0.000001");
  EXPECT_EQ(number("1_000.500").to_string(), "1000.5");
  EXPECT_EQ(number("+3").to_string(), "3");
  EXPECT_EQ(number("0x10").to_string(), "16");
  EXPECT_EQ(number("999999999999999").to_string(), "999999999999999");
  // A double would swallow this one.
  EXPECT_EQ(
      faults("format = 1\n[[measure]]\nid = \"m\"\ncost = 0.1000000000000000000001\n")[0].code,
      "number");
  EXPECT_THAT(faults("format = 1\n[[measure]]\nid = \"m\"\ncost = 1e15\n")[0].message,
              HasSubstr("15 digits"));
}

// --- places

TEST(Locate, OffsetsInEveryKindOfString) {
  EXPECT_EQ(built(with_statement(R"("releese")")), "19:4");
  EXPECT_EQ(built(with_statement(R"("release and releese")")), "19:16");
  EXPECT_EQ(built(with_statement(R"('release and releese')")), "19:16");
  EXPECT_EQ(built(with_statement(R"({ when = "not releese" })")), "19:17");
  EXPECT_EQ(built(with_statement(R"("r\u0065lease and releese")")), "19:21");
  EXPECT_EQ(built(with_statement(R"("\trelease\nand releese")")), "19:19");
  EXPECT_EQ(built(with_statement("\"\"\"\nrelease and\n  releese\"\"\"")), "21:3");
  EXPECT_EQ(built(with_statement("\"\"\"release and \\\n\n    releese\"\"\"")), "21:5");
  EXPECT_EQ(built(with_statement("'''\r\nrelease and\r\n  releese'''")), "21:3");
  EXPECT_EQ(built(with_statement("\"\"\"\\\n  releese\"\"\"")), "20:3");
  EXPECT_EQ(built(with_statement(R"("patrols == masssed")")), "19:15");
}

TEST(Locate, PathsOfAnyDepth) {
  const std::string ok = with_statement("\"not patrols == massed\"");
  EXPECT_EQ(built(ok), "no fault");
  EXPECT_EQ(
      built(ok + "[[track]]\nid = \"t\"\nparties = [\"up\", \"dwn\"]\ntable = [\"release\"]\n"),
      "23:18");
  EXPECT_EQ(built(ok + "[[measure]]\nid = \"m\"\nby = \"nobody\"\n"), "23:6");
  EXPECT_EQ(built(ok + "[[measure]]\nid = \"m\"\neffects = [{ enable = \"release\" }, { moves = "
                       "\"relese\", value = \"up\" }]\n"),
            "23:46");
  EXPECT_EQ(
      built(ok +
            "[[goal]]\nid = \"g\"\nwhen = \"release\"\nhold = { up = \"seq\", dawn = \"nash\" }\n"),
      "24:29");
  EXPECT_EQ(
      built(ok + "[[claim]]\nsays = \"c\"\ntest = { any = [\n  { way_out = \"nowhere\" } ] }\n"),
      "24:15");
  EXPECT_EQ(built(ok + "[[claim]]\nsays = \"c\"\n[claim.test]\nreachable = \"x\"\n"), "24:14");
  // What is not written is told at the part.
  EXPECT_EQ(
      built(
          ok +
          "[[party]]\nid = \"third\"\nthird = false\n[[option]]\nid = \"o\"\nparty = \"third\"\n"),
      "21:1");
}

TEST(Locate, PartsUnderAVariantKeepTheirPlaces) {
  const CaseFile file = read(kHead + R"([[preference]]
party = "down"
statements = ["release"]
[[variant]]
id = "v"
[[option]]
id = "extra"
party = "up"
only = "v"
[[rule]]
never = "patrols == some"
[[rule]]
only = "v"
never = "extra and relase"
)");
  Errors e = check(file.parts);
  ASSERT_EQ(e.size(), 1u);
  locate(e, file);
  EXPECT_EQ(e[0].where.line, 29);
  EXPECT_EQ(e[0].where.column, 20);
}

TEST(Locate, LeavesWhatHasAPlaceOrNone) {
  const CaseFile file = read(kHead);
  Errors e(3);
  e[0].where = Where{"party[0]", -1, "other", 7, 8};
  e[1].where.path = "nothing.here";
  e[2].where.path = "option[99].now";
  locate(e, file);
  EXPECT_EQ(e[0].where.line, 7);
  EXPECT_EQ(e[1].where.line, 0);
  EXPECT_EQ(e[1].where.file, "case.toml");
  EXPECT_EQ(e[2].where.line, 6);  // the first [[option]]: as far as the path leads
}

// --- shape

TEST(CaseFile, TellsAllFaultsInTheOrderOfTheFile) {
  const Errors e =
      faults("format = 1\ntitel = 'x'\n[[goal]]\nid = 'G'\n[[party]]\nid = 'p'\nthird = 1\n");
  ASSERT_EQ(e.size(), 4u);
  EXPECT_EQ(e[0].code, "unknown_key");
  EXPECT_EQ(e[1].code, "missing_key");
  EXPECT_EQ(e[2].code, "bad_id");
  EXPECT_EQ(e[3].code, "wrong_type");
  std::string many = "format = 1\n";
  for (int i = 0; i < 100; ++i) many += "[[party]]\n";
  EXPECT_EQ(faults(many).size(), 20u);
}

TEST(CaseFile, KeysOfAMethodBelongToIt) {
  const auto fault = [](const std::string& text) {
    return faults("format = 1\n[[preference]]\nparty = 'p'\n" + text).at(0);
  };
  EXPECT_EQ(fault("order = [[1]]\nstatements = []\n").code, "method");
  EXPECT_EQ(fault("method = 'ranking'\nstatements = ['x']\norder = [1]\n").code, "method");
  EXPECT_EQ(fault("method = 'ranking'\n").code, "missing_key");
  EXPECT_EQ(fault("").code, "missing_key");
  EXPECT_EQ(fault("criteria = { a = 1 }\nstatements = []\n").code, "method");
  const Error weight = fault("statements = [{ when = 'x', weight = 3 }]\n");
  EXPECT_EQ(weight.code, "unknown_key");
  EXPECT_THAT(weight.hint, HasSubstr("weights"));
  const Error criterion = fault(
      "method = 'weights'\ncriteria = { security = 1 }\nstatements = [{ when = 'x', secruity = 1 "
      "}]\n");
  EXPECT_EQ(criterion.hint, "did you mean 'security'?");
  EXPECT_EQ(fault("method = 'weights'\ncriteria = { name = 1 }\nstatements = []\n").code, "bad_id");
  EXPECT_EQ(
      fault("method = 'weights'\ncriteria = { a = 1 }\nstatements = [{ when = 'x', weight = 1 }]\n")
          .code,
      "unknown_key");
  EXPECT_EQ(fault("method = 'unanimous'\nmembers = [{ method = 'unanimous' }]\n").code,
            "unknown_word");
}

TEST(CaseFile, OneThingStandsInOneWay) {
  const auto code = [](const std::string& text) {
    return faults("format = 1\n" + text).at(0).code;
  };
  EXPECT_EQ(code("[[rule]]\nid = 'r'\n"), "rule");
  EXPECT_EQ(code("[[rule]]\nnever = 'x'\nforbid = { to = 'x' }\n"), "rule");
  EXPECT_EQ(code("[[tempo]]\nmoves_per_unit = 1\n"), "tempo");
  EXPECT_EQ(code("[[tempo]]\nparty = 'p'\ntrack = 't'\nmoves_per_unit = 1\n"), "tempo");
  EXPECT_EQ(code("now = 3\nno_status_quo = true\n"), "no_status_quo");
  EXPECT_EQ(code("[trust]\nsamples = 0\n"), "number");
  const std::string effect = "[[variant]]\nid = 'v'\neffects = [";
  EXPECT_EQ(code(effect + "{ rule = 'r', drop = false }]\n"), "effect");
  EXPECT_EQ(code(effect + "{ party = 'p', statement = 's' }]\n"), "effect");
  EXPECT_EQ(code(effect + "{ party = 'p', statement = 's', drop = true, first = true }]\n"),
            "effect");
  EXPECT_EQ(code(effect + "{ party = 'p', statement = 's', first = false }]\n"), "effect");
  EXPECT_EQ(code(effect + "{ table = 't' }]\n"), "effect");
  EXPECT_EQ(code(effect + "{ link = 't', on = false }]\n"), "effect");
  EXPECT_EQ(code(effect + "{}]\n"), "effect");
  EXPECT_EQ(code("[[claim]]\nsays = 'x'\ntest = { all = [{ way_out = 'g' }], with = 'm' }\n"),
            "unknown_key");
  EXPECT_EQ(faults("format = 2\n")[0].code, "format");
  EXPECT_EQ(faults("")[0].code, "missing_key");
}

TEST(CaseFile, SyntaxErrorsAndTwoKeysOfOneName) {
  const Errors e = faults("format = 1\ntitle = 'a'\ntitle = 'b'\n");
  ASSERT_EQ(e.size(), 1u);
  EXPECT_EQ(e[0].code, "syntax");
  EXPECT_EQ(e[0].where.line, 3);
  EXPECT_EQ(faults("format = \n")[0].where.line, 1);
  EXPECT_EQ(faults("format = 1\nnotes = \"\"\"never closed\n\n")[0].code, "syntax");
}

// --- hostile input

TEST(CaseFile, LimitsAreNamed) {
  const auto limit = [](const std::string& text) {
    const Errors e = faults(text);
    EXPECT_EQ(e.at(0).code, "limit") << e.at(0).message;
    EXPECT_THAT(e.at(0).message, HasSubstr("limit"));
    EXPECT_GT(e.at(0).where.line, 0);
  };
  const auto many = [](const std::string& piece, std::size_t count) {
    std::string out;
    out.reserve(piece.size() * count);
    for (std::size_t i = 0; i < count; ++i) out += piece;
    return out;
  };
  limit("format = 1\nnotes = " + many("[", 100));
  limit("format = 1\nnotes = " + many("[", 1'000'000) + many("]", 1'000'000));
  limit("format = 1\nnotes = " + many("{a=", 1'000'000));
  limit("format = 1\na" + many(".a", 5'000'000) + " = 1\n");
  limit("format = 1\n[a" + many(".a", 5'000'000) + "]\n");
  limit("format = 1\n[[a" + many(" . \"a\"", 1'000'000) + "]]\n");
  limit("format = 1\na = { b" + many(".b", 40) + " = { c" + many(".c", 40) + " = 1 } }\n");
  limit("format = 1\nx = [" + many("1,", 4'000'000) + "]\n");
  limit("format = 1\n" + many("[[party]]\n", 5'000));
  limit("format = 1\n[[preference]]\nparty = 'p'\nstatements = [" + many("'x',", 1'025) + "]\n");
  EXPECT_EQ(faults(many("#", (16u << 20) + 1))[0].code, "limit");
  // Just within the limits: other faults, in good time.
  EXPECT_EQ(faults("format = 1\nx = [" + many("1,", 200'000) + "]\n")[0].code, "unknown_key");
  EXPECT_EQ(faults("format = 1\nx = " + many("[", 60) + many("]", 60) + "\n")[0].code,
            "unknown_key");
  EXPECT_EQ(
      faults("x = '" + many("é", 1'000'000) + "'\ny = [" + many("'é',", 100'000) + "]\n").size(),
      3u);
}

// What the TOML library takes for impossible.
TEST(CaseFile, WhatTheParserDoesNotExpect) {
  for (const std::string& text :
       {std::string("[}"), std::string("format = 1\n[[ =]]"), std::string("[."), std::string("[\n"),
        std::string("[["), std::string("\xC2\xB7"), std::string("a = \xC2\xB7"),
        std::string("a = \"\"\"\\\xC2\xB7\"\"\""), std::string("a\xC2\xB7 = 1"),
        std::string("a.\xC2\xB7 = 1"), std::string("a = {\xC2\xB7"), std::string("[a]\xC2\xB7")}) {
    const Errors e = faults(text);
    ASSERT_EQ(e.size(), 1u) << text;
    EXPECT_EQ(e[0].code, "syntax") << text;
    EXPECT_GT(e[0].where.line, 0) << text;
  }
}

TEST(CaseFile, EncodingAndLineEndings) {
  EXPECT_EQ(faults("format = 1\n# \xFF\n")[0].code, "encoding");
  EXPECT_EQ(faults("format = 1\n# \xFF\n")[0].where.line, 2);
  EXPECT_EQ(faults("format = 1\ntitle = '\xED\xA0\x80'\n")[0].code, "encoding");
  EXPECT_EQ(faults(std::string("format = 1\n\0", 12))[0].code, "encoding");
  EXPECT_EQ(faults("\xFE\xFF")[0].code, "encoding");
  const CaseFile bom = read("\xEF\xBB\xBF" + kHead);
  EXPECT_EQ(bom.text, kHead);
  std::string crlf;
  for (const char c : with_statement("\"x\""))
    crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(built(crlf), "19:4");
}

TEST(ReadCase, RefusesWhatIsNoFile) {
  const auto code = [](const std::string& path) {
    const auto file = read_case(path);
    return file ? std::string("read") : file.error()[0].code;
  };
  EXPECT_EQ(code("cases"), "cannot_read");
  EXPECT_EQ(code("cases/none.toml"), "cannot_read");
  EXPECT_EQ(code(""), "cannot_read");
  EXPECT_EQ(code("/dev/zero"), "limit");
  EXPECT_EQ(code("/dev/null"), "missing_key");
  const auto path = std::filesystem::temp_directory_path() / "wayout_too_large.toml";
  std::ofstream(path).close();
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);  // a hole: takes no room on disk
  EXPECT_EQ(code(path.string()), "limit");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace wayout
