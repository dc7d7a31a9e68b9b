// Walks the table of keys: for every key a value that is wrong is told where it stands, and a value
// that is right survives writing and reading. A new key without a sample here fails.
#include "wayout/io/keys.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wayout/io/case_file.hpp"
#include "wayout/io/diagnostics.hpp"
#include "wayout/io/write_case.hpp"

namespace wayout {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;  // key and value of the base

/// Where a part stands in a file, and the other keys that it needs there.
struct Sample {
  std::string header;
  Lines base;
};

const std::map<std::string, Sample>& samples() {
  static const std::map<std::string, Sample> all = {
      {"case", {"", {{"format", "1"}}}},
      {"party", {"[[party]]\n", {{"id", "'p'"}}}},
      {"option", {"[[option]]\n", {{"id", "'o'"}, {"party", "'p'"}}}},
      {"define", {"[[define]]\n", {{"id", "'d'"}, {"when", "'x'"}}}},
      {"rule", {"[[rule]]\n", {{"never", "'x'"}}}},
      {"forbid", {"[[rule]]\n[rule.forbid]\n", {}}},
      {"preference", {"[[preference]]\n", {{"party", "'p'"}}}},
      {"member",
       {"[[preference]]\nparty = 'p'\nmethod = 'unanimous'\n[[preference.members]]\n", {}}},
      {"statement",
       {"[[preference]]\nparty = 'p'\n[[preference.statements]]\n", {{"when", "'x'"}}}},
      {"value",
       {"[[preference]]\nparty = 'p'\nmethod = 'additive'\n[[preference.values]]\n",
        {{"option", "'o'"}, {"levels", "[1]"}}}},
      {"track", {"[[track]]\n", {{"id", "'t'"}, {"parties", "['p', 'q']"}, {"table", "['o']"}}}},
      {"time", {"[time]\n", {}}},
      {"tempo", {"[[tempo]]\n", {{"party", "'p'"}, {"moves_per_unit", "1"}}}},
      {"catastrophe", {"[[catastrophe]]\n", {{"id", "'c'"}}}},
      {"hazard", {"[[hazard]]\n", {{"rate", "1"}, {"leads_to", "'c'"}}}},
      {"factor",
       {"[[hazard]]\nrate = 1\nleads_to = 'c'\n[[hazard.factors]]\n",
        {{"when", "'x'"}, {"times", "2"}}}},
      {"trust", {"[trust]\n", {}}},
      {"measure", {"[[measure]]\n", {{"id", "'m'"}}}},
      {"variant", {"[[variant]]\n", {{"id", "'v'"}}}},
      {"belief", {"[[belief]]\n", {{"party", "'p'"}, {"effects", "[]"}}}},
      {"goal", {"[[goal]]\n", {{"id", "'g'"}, {"when", "'x'"}}}},
      {"claim", {"[[claim]]\n", {{"says", "'s'"}, {"test", "{ way_out = 'g' }"}}}},
      {"state", {"[[state]]\n", {{"id", "1"}}}},
      {"moves", {"[[moves]]\n", {{"party", "'p'"}, {"arcs", "[[1, 2]]"}}}},
      {"range", {"[[measure]]\nid = 'm'\n[measure.cost]\n", {{"from", "0.5"}, {"to", "90"}}}},
      {"about", {"[[measure]]\nid = 'm'\n[measure.cost]\n", {{"about", "1"}, {"spread", "0.1"}}}},
  };
  return all;
}

Sample effect_sample(const PartKeys& effect) {
  Sample out = {"[[measure]]\nid = 'm'\n[[measure.effects]]\n", {}};
  const std::map<std::string, Lines> base = {{"link", {{"on", "'x'"}}},
                                             {"table", {{"add", "['o']"}}},
                                             {"binding", {{"value", "true"}}},
                                             {"moves", {{"value", "'up'"}}},
                                             {"rule", {{"drop", "true"}}},
                                             {"party", {{"statement", "'s'"}, {"drop", "true"}}},
                                             {"criteria", {{"set", "{ a = 9 }"}}},
                                             {"hazard", {{"times", "9"}}},
                                             {"rate", {{"set", "9"}}},
                                             {"tempo", {{"times", "9"}}},
                                             {"belief", {{"drop", "true"}}}};
  const std::string name(effect.name);
  out.base.emplace_back(name, name == "now" ? "{ o = true }" : "'lead'");
  if (const auto it = base.find(name); it != base.end())
    out.base.insert(out.base.end(), it->second.begin(), it->second.end());
  return out;
}

Sample test_sample(const PartKeys& test) {
  Sample out = {"[[measure]]\nid = 'm'\n[[claim]]\nsays = 's'\n[claim.test]\n", {}};
  const std::string name(test.name);
  std::string lead = "'lead'";
  if (name == "all" || name == "any") lead = "[{ way_out = 'g' }]";
  if (name == "not") lead = "{ way_out = 'g' }";
  out.base.emplace_back(name, lead);
  for (const Key& key : test.keys)
    if (key.required && key.name != test.name)
      out.base.emplace_back(std::string(key.name), "'needed'");
  return out;
}

/// One key of one part.
struct KeyCase {
  std::string part;
  std::string group;  ///< "", "effect" or "test"
  const PartKeys* keys = nullptr;
  const Key* key = nullptr;
};

std::vector<KeyCase> key_cases() {
  std::vector<KeyCase> out;
  const auto add = [&out](std::span<const PartKeys> kinds, const std::string& group) {
    for (const PartKeys& part : kinds)
      for (const Key* key : all_keys(part))
        out.push_back({std::string(part.name), group, &part, key});
  };
  add(part_kinds(), "");
  add(effect_kinds(), "effect");
  add(test_kinds(), "test");
  return out;
}

std::string case_name(const testing::TestParamInfo<KeyCase>& info) {
  const KeyCase& c = info.param;
  return (c.group.empty() ? "" : c.group + "_") + c.part + "__" + std::string(c.key->name);
}

Sample sample_of(const KeyCase& c) {
  if (c.group == "effect") return effect_sample(*c.keys);
  if (c.group == "test") return test_sample(*c.keys);
  const auto it = samples().find(c.part);
  EXPECT_NE(it, samples().end()) << "no sample of the part '" << c.part << "'";
  return it != samples().end() ? it->second : Sample{};
}

struct Text {
  std::string text;
  int line = 0;         ///< of the key
  int header_line = 0;  ///< of the part
};

/// The part with `key = value` in place of what its sample says.
Text with(const KeyCase& c, const std::string& value) {
  const Sample sample = sample_of(c);
  const std::string key(c.key->name);
  Text out;
  if (c.part != "case" || !c.group.empty()) out.text = "format = 1\n";
  out.text += sample.header;
  const auto line = [&out](const std::string& k, const std::string& v) {
    out.text += k + " = " + v + "\n";
  };
  const auto count = [&out] {
    return static_cast<int>(std::count(out.text.begin(), out.text.end(), '\n'));
  };
  out.header_line = count();
  std::set<std::string> left_out = {key};
  // Keys that stand for one another.
  if (c.part == "rule" && c.group.empty() && key == "forbid") left_out.insert("never");
  if (c.part == "tempo" && c.group.empty() && key == "track") left_out.insert("party");
  const std::set<std::string> actions = {"times", "drop", "vital", "first", "after"};
  if (c.part == "party" && c.group == "effect" && actions.count(key) != 0) left_out.insert("drop");
  if (!c.key->methods.empty()) line("method", "'" + split_words(c.key->methods)[0] + "'");
  for (const auto& [k, v] : sample.base)
    if (left_out.count(k) == 0) line(k, v);
  if (!value.empty()) {
    line(key, value);
    out.line = count();
  }
  // What a method is made of has to be there.
  const bool preference = (c.part == "preference" || c.part == "member") && c.group.empty();
  const std::string method = !c.key->methods.empty() ? split_words(c.key->methods)[0]
                             : key == "method"       ? value
                                                     : "priorities";
  if (preference && key != "statements" &&
      (method == "priorities" || method == "weights" || method == "'weights'" ||
       method == "'priorities'"))
    line("statements", "[]");
  return out;
}

/// Two values that are right and differ.
std::pair<std::string, std::string> right(const KeyCase& c) {
  const Key& key = *c.key;
  const auto words = split_words(key.words);
  const std::string name(key.name);
  if (c.part == "case" && name == "format") return {"1", ""};
  if (c.group == "effect" && (name == "drop" || name == "first")) return {"true", ""};
  switch (key.type) {
    case KeyType::Flag:
      return {"true", "false"};
    case KeyType::Whole:
      return {"3", "7"};
    case KeyType::Text:
      return {"'one'", "\"\"\"\ntwo \\\\ \\\"\"\"\nlines \\u00e9\"\"\""};
    case KeyType::Texts:
      return {"'one'", "['one', 'two, three']"};
    case KeyType::Id:
      return {"'one'", "'two_2'"};
    case KeyType::Levels:
      return {"['low', 'high']", "['a', 'b', 'c']"};
    case KeyType::Name:
      return {"'one'", "'two'"};
    case KeyType::Names:
      return {"'one'", "['one', 'two']"};
    case KeyType::Word:
      return {"'" + words.at(0) + "'", "'" + words.at(1) + "'"};
    case KeyType::Condition:
      return {"'x and y'", "\"not\\n x\""};
    case KeyType::FlagOrCondition:
      return {"true", "'x'"};
    case KeyType::Conditions:
      return {"'x or y'", "['m']"};
    case KeyType::Number:
      return {"2.5", c.part == "range" || c.part == "about" ? "3" : "{ from = 2, to = 4 }"};
    case KeyType::NumberOrInf:
      return {"inf", "{ about = 2, spread = 0.5 }"};
    case KeyType::Numbers:
      return {"[1, -2]", "[0.000001, { from = -1, to = 1 }]"};
    case KeyType::NumberTable:
      return {"{ b = 1, a = 2 }", "{ a = 2, b = 1 }"};
    case KeyType::Shares:
      return {"{ c = 0.5, b = 0.5 }", "'o = false'"};
    case KeyType::Level:
      return {"true", "'low'"};
    case KeyType::LevelList:
      return {"true", "['low', 2]"};
    case KeyType::LevelTable:
      return {"{ o = true, n = 2 }", "{ o = 'low' }"};
    case KeyType::Profile:
      return {"'nash'", "{ q = 'smr', p = 'gmr' }"};
    case KeyType::Date:
      return {"2022-01-25", "1975-12-31"};
    case KeyType::Order:
      return {"[3, [1, 2]]", "[[1], [2], [3]]"};
    case KeyType::Wholes:
      return {"[0, 1]", "[1, 0]"};
    case KeyType::Arcs:
      return {"[[1, 2]]", "[[2, 1], [1, 2]]"};
    case KeyType::Part:
      return {"FILL", "FILL"};
    case KeyType::Parts:
      return {"FILL", "FILL"};
    case KeyType::Statements:
      return {"'x'", "['x', { when = 'x' }]"};
    case KeyType::Effects:
      return {"[{ open = 't' }]", "[{ open = 't' }, { close = 't' }]"};
    case KeyType::Test:
      return {"{ way_out = 'h' }", "{ no_way_out = 'h' }"};
    case KeyType::Tests:
      return {"[{ way_out = 'h' }]", "[{ way_out = 'h' }, { way_out = 'g' }]"};
  }
  return {};
}

/// A part as an inline table, from its sample.
std::string inline_part(const std::string& kind, bool named) {
  const auto it = samples().find(kind);
  if (it == samples().end()) return "";
  std::string out = "{ ";
  for (const auto& [key, value] : it->second.base) out += key + " = " + value + ", ";
  if (kind == "member") out += "statements = [], ";
  if (kind == "preference") out += "statements = [], ";
  const std::map<std::string, std::string> extra = {
      {"forbid", "to = 'y'"}, {"time", "unit = 'day'"}, {"trust", "samples = 9"}};
  if (const auto e = extra.find(kind); e != extra.end())
    return out + (named ? e->second : "") + " }";
  const std::string because = kind == "value" ? "" : named ? "because = 'b'" : "because = 'a'";
  if (because.empty()) return "{ option = '" + std::string(named ? "y" : "z") + "', levels = [] }";
  return out + because + " }";
}

std::string fill(const KeyCase& c, const std::string& value, bool second) {
  if (value != "FILL") return value;
  const std::string part = inline_part(std::string(c.key->part), second);
  return c.key->type == KeyType::Part ? part : "[" + part + "]";
}

/// Values that are wrong; ^ stands before what is told.
std::vector<std::string> wrong(const KeyCase& c) {
  const Key& key = *c.key;
  const std::string minus = key.negative ? "'x'" : "-1";
  switch (key.type) {
    case KeyType::Flag:
      return {"^'yes'", "^1", "^[true]"};
    case KeyType::Whole:
      return {"^1.5", "^'1'", "^true"};
    case KeyType::Text:
      return {"^1", "^['a']"};
    case KeyType::Texts:
      return {"^1", "['a', ^2]"};
    case KeyType::Id:
      return {"^'Big'", "^'3a'", "^''", "^'a b'", "^1", "^'" + std::string(65, 'a') + "'"};
    case KeyType::Levels:
      return {"^1", "['a', ^'B']"};
    case KeyType::Name:
      return {"^1", "^' '", "^['a']"};
    case KeyType::Names:
      return {"^1", "['a', ^1]", "['a', ^'']"};
    case KeyType::Word:
      return {"^'zzz'", "^1"};
    case KeyType::Condition:
      return {"^true", "^''", "^['a']"};
    case KeyType::FlagOrCondition:
      return {"^1", "^' '"};
    case KeyType::Conditions:
      return {"^1", "^[]", "['a', ^1]"};
    case KeyType::Number:
      return {"^'x'", "^" + minus, "^0.1234567", "^1e16", "^nan", "^inf", "^true"};
    case KeyType::NumberOrInf:
      return {"^'x'", "^" + minus, "^nan", "^-inf"};
    case KeyType::Numbers:
      return {"^1", "[1, ^'x']", "[^{ from = 2, to = 1 }]"};
    case KeyType::NumberTable:
      return {"^1", "{ a = ^'x' }", "{ ^B = 1 }", "^{}"};
    case KeyType::Shares:
      return {"^1", "{ c = ^-0.1 }", "^''"};
    case KeyType::Level:
      return {"^1.5", "^''", "^[1]"};
    case KeyType::LevelList:
      return {"^1.5", "['a', ^'']", "^{ a = 1 }"};
    case KeyType::LevelTable:
      return {"^1", "{ o = ^1.5 }"};
    case KeyType::Profile:
      return {"^'zzz'", "{ p = ^'zzz' }", "^1"};
    case KeyType::Date:
      return {"^'2022-01-25'", "^2022-01-25T10:00:00Z"};
    case KeyType::Order:
      return {"^1", "[^'a']", "[[1, ^1.5]]"};
    case KeyType::Wholes:
      return {"^1", "[1, ^1.5]"};
    case KeyType::Arcs:
      return {"^1", "[^1]", "[[1, 2], ^[1]]", "[^[1, 'a']]"};
    case KeyType::Part:
      return {"^1", "^[]"};
    case KeyType::Parts:
      return {"^1", "^{}", "[^1]"};
    case KeyType::Statements:
      return {"^1", "['x', ^1]", "[^'']"};
    case KeyType::Effects:
      return {"^1", "^{ open = 't' }", "[^1]", "[^{ zzz = 1 }]"};
    case KeyType::Test:
      return {"^1", "^{ zzz = 1 }", "^{ way_out = 'g', unlocks = 'g' }"};
    case KeyType::Tests:
      return {"^1", "^[]", "[^1]"};
  }
  return {};
}

std::string told(const Errors& errors, const std::string& text) {
  return render_errors(errors, text);
}

class EveryKey : public testing::TestWithParam<KeyCase> {};

TEST_P(EveryKey, AWrongValueIsToldWhereItStands) {
  const KeyCase& c = GetParam();
  ASSERT_FALSE(wrong(c).empty());
  for (std::string value : wrong(c)) {
    const std::size_t caret = value.find('^');
    ASSERT_NE(caret, std::string::npos);
    value.erase(caret, 1);
    const Text t = with(c, value);
    const auto file = parse_case(t.text, "case.toml");
    ASSERT_FALSE(file) << t.text;
    const Errors& e = file.error();
    EXPECT_EQ(e[0].where.line, t.line) << t.text << told(e, t.text);
    EXPECT_EQ(e[0].where.column, static_cast<int>(c.key->name.size() + 4 + caret))
        << t.text << told(e, t.text);
    EXPECT_EQ(e[0].where.file, "case.toml");
    EXPECT_EQ(e.size(), 1u) << t.text << told(e, t.text);
    EXPECT_THAT(e[0].where.path, testing::HasSubstr(std::string(c.key->name)));
  }
}

TEST_P(EveryKey, ARightValueSurvivesWritingAndReading) {
  const KeyCase& c = GetParam();
  const auto [first, second] = right(c);
  ASSERT_FALSE(first.empty());
  std::vector<Parts> read;
  for (const std::string& value : {fill(c, first, false), fill(c, second, true)}) {
    if (value.empty()) continue;
    const Text t = with(c, value);
    const auto file = parse_case(t.text, "case.toml");
    ASSERT_TRUE(file) << t.text << told(file.error(), t.text);
    const std::string written = write_case(file->parts);
    const auto again = parse_case(written, "again.toml");
    ASSERT_TRUE(again) << written << told(again.error(), written);
    EXPECT_TRUE(same_parts(file->parts, again->parts)) << t.text << "-----\n" << written;
    EXPECT_EQ(write_case(again->parts), written);
    read.push_back(file->parts);
  }
  // The value has to make a difference.
  if (read.size() == 2) {
    EXPECT_FALSE(same_parts(read[0], read[1])) << "the reader loses " << c.key->name;
  }
}

TEST_P(EveryKey, AMisspeltKeyIsTold) {
  const KeyCase& c = GetParam();
  const std::string name = std::string(c.key->name) + "q";
  Text t = with(c, "");
  const std::string line = name + " = 1\n";
  // At the end of the part that stands last.
  t.text += line;
  const auto file = parse_case(t.text, "case.toml");
  ASSERT_FALSE(file);
  const int last = static_cast<int>(std::count(t.text.begin(), t.text.end(), '\n'));
  const auto& errors = file.error();
  const auto it = std::find_if(errors.begin(), errors.end(),
                               [](const Error& e) { return e.code == "unknown_key"; });
  if (it == errors.end()) {  // without its leading key an effect or a test is none
    EXPECT_THAT(errors[0].code, testing::AnyOf("effect", "test")) << told(errors, t.text);
    EXPECT_THAT(errors[0].hint, testing::HasSubstr("did you mean")) << told(errors, t.text);
    return;
  }
  EXPECT_EQ(it->where.line, last);
  EXPECT_EQ(it->where.column, 1);
  EXPECT_THAT(it->hint, testing::StartsWith("did you mean '")) << told(errors, t.text);
}

TEST_P(EveryKey, AMissingKeyIsTold) {
  const KeyCase& c = GetParam();
  if (!c.key->required) return;
  const Text t = with(c, "");
  const auto file = parse_case(t.text, "case.toml");
  ASSERT_FALSE(file) << t.text;
  ASSERT_EQ(file.error().size(), 1u) << t.text << told(file.error(), t.text);
  const Error& e = file.error()[0];
  EXPECT_EQ(e.where.line, std::max(1, t.header_line)) << t.text << told(file.error(), t.text);
  if (c.key->name == c.keys->name && !c.group.empty()) return;  // then it is no effect and no test
  EXPECT_EQ(e.code, "missing_key");
  EXPECT_THAT(e.message, testing::HasSubstr("'" + std::string(c.key->name) + "'"));
}

INSTANTIATE_TEST_SUITE_P(Keys, EveryKey, testing::ValuesIn(key_cases()), case_name);

TEST(Keys, NamesAreUniqueAndDescribed) {
  for (const auto kinds : {part_kinds(), effect_kinds(), test_kinds()}) {
    std::set<std::string_view> names;
    for (const PartKeys& part : kinds) {
      EXPECT_TRUE(names.insert(part.name).second) << part.name;
      EXPECT_FALSE(part.about.empty()) << part.name;
      std::set<std::string_view> keys;
      for (const Key* key : all_keys(part)) {
        EXPECT_TRUE(keys.insert(key->name).second) << part.name << "." << key->name;
        EXPECT_FALSE(key->about.empty()) << part.name << "." << key->name;
        EXPECT_FALSE(key->required && !key->fallback.empty()) << part.name << "." << key->name;
        if (!key->part.empty()) {
          EXPECT_EQ(part_keys(key->part).name, key->part);
        }
      }
    }
  }
}

}  // namespace
}  // namespace wayout
