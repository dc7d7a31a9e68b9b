#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "wayout/model/conflict.hpp"

namespace wayout {
namespace {

OptionPart option(std::string id, std::string party, std::vector<std::string> levels = {}) {
  OptionPart out;
  out.id = std::move(id);
  out.party = std::move(party);
  out.levels = std::move(levels);
  return out;
}

/// One party with the options a, b, c (yes or no) and g (low, mid, high).
Parts small() {
  Parts parts;
  PartyPart p;
  p.id = "p";
  parts.parties = {p};
  parts.options = {option("a", "p"), option("b", "p"), option("c", "p"),
                   option("g", "p", {"low", "mid", "high"})};
  PreferencePart preference;
  preference.party = "p";
  parts.preferences = {preference};
  return parts;
}

Conflict conflict() {
  auto built = build(small());
  EXPECT_TRUE(built) << built.error()[0].message;
  return *built;
}

using Levels = std::array<int, 4>;

/// `text` holds exactly where `truth` does, in every state.
void means(const std::string& text, const std::function<bool(const Levels&)>& truth) {
  static const Conflict c = conflict();
  const auto condition = c.condition(text);
  ASSERT_TRUE(condition) << text << ": " << condition.error()[0].message;
  for (int i = 0; i < 24; ++i) {
    const Levels l = {i & 1, (i >> 1) & 1, (i >> 2) & 1, i / 8};
    State s;
    for (std::size_t k = 0; k < 4; ++k) s = c.with_level(s, OptionId(k), l[k]);
    EXPECT_EQ(condition->holds(s), truth(l)) << text << " at " << l[0] << l[1] << l[2] << l[3];
  }
}

TEST(Expression, BindsAsStated) {
  // Tightest first: comparison, not, and, or, if and ->, iff.
  means("a or b and c", [](auto& l) { return l[0] || (l[1] && l[2]); });
  means("a and b or c", [](auto& l) { return (l[0] && l[1]) || l[2]; });
  means("not a and b", [](auto& l) { return !l[0] && l[1]; });
  means("not a or b", [](auto& l) { return !l[0] || l[1]; });
  means("not g == low", [](auto& l) { return l[3] != 0; });
  means("a -> b or c", [](auto& l) { return !l[0] || l[1] || l[2]; });
  means("a or b -> c", [](auto& l) { return !(l[0] || l[1]) || l[2]; });
  means("a if b", [](auto& l) { return !l[1] || l[0]; });
  means("a or b if c", [](auto& l) { return !l[2] || l[0] || l[1]; });
  means("a iff b -> c", [](auto& l) { return bool(l[0]) == (!l[1] || l[2]); });
  means("a -> b iff c", [](auto& l) { return (!l[0] || l[1]) == bool(l[2]); });
  means("not not a", [](auto& l) { return l[0] == 1; });
  means("(a or b) and c", [](auto& l) { return (l[0] || l[1]) && l[2]; });
}

TEST(Expression, WordsAndSymbolsMeanTheSame) {
  means("a & b | !c", [](auto& l) { return (l[0] && l[1]) || !l[2]; });
  means("a <-> b", [](auto& l) { return l[0] == l[1]; });
  means("a iff b", [](auto& l) { return l[0] == l[1]; });
  means("true", [](auto&) { return true; });
  means("a and false", [](auto&) { return false; });
}

TEST(Expression, ComparesLevels) {
  means("g == mid", [](auto& l) { return l[3] == 1; });
  means("g != mid", [](auto& l) { return l[3] != 1; });
  means("g < high", [](auto& l) { return l[3] < 2; });
  means("g <= mid", [](auto& l) { return l[3] <= 1; });
  means("g > low", [](auto& l) { return l[3] > 0; });
  means("g >= 2", [](auto& l) { return l[3] == 2; });
  means("g", [](auto& l) { return l[3] > 0; });  // above its first level
  means("a == true", [](auto& l) { return l[0] == 1; });
  means("a == 0", [](auto& l) { return l[0] == 0; });
  means("count(a, b, c) >= 2", [](auto& l) { return l[0] + l[1] + l[2] >= 2; });
  means("count(a, b and c, g == high) == 1",
        [](auto& l) { return l[0] + (l[1] && l[2] ? 1 : 0) + (l[3] == 2 ? 1 : 0) == 1; });
  means("now", [](auto& l) { return l == Levels{0, 0, 0, 0}; });
}

TEST(Expression, SaysWhereItFails) {
  const Conflict c = conflict();
  const auto offset = [&c](const std::string& text) {
    const auto e = c.condition(text);
    EXPECT_FALSE(e) << text;
    return e ? -2 : e.error()[0].where.offset;
  };
  EXPECT_EQ(offset("a and nobody"), 6);
  EXPECT_EQ(offset("g == huge"), 5);
  EXPECT_EQ(offset("a b"), 2);
  EXPECT_EQ(offset("a ? b"), 2);
  EXPECT_GE(offset("a and"), 0);
  EXPECT_GE(offset("(a"), 0);
  EXPECT_GE(offset("count(a, b)"), 0);
  EXPECT_GE(offset(""), 0);
  EXPECT_GE(offset("a < b"), 0);
}

TEST(Expression, DepthIsLimited) {
  const Conflict c = conflict();
  const auto repeat = [](const std::string& piece, std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += piece;
    return out;
  };
  EXPECT_TRUE(c.condition(repeat("not ", 190) + "a"));
  for (const std::string& text :
       {repeat("not ", 201) + "a", repeat("(", 100000) + "a", repeat("a -> ", 100000) + "a",
        repeat("a iff ", 300) + "a", repeat("count(", 1000)})
    EXPECT_FALSE(c.condition(text)) << text.substr(0, 20);
  // Long is not deep.
  EXPECT_TRUE(c.condition(repeat("a or ", 2000) + "b"));
}

TEST(Expression, DefinesAreUsedAndCirclesTold) {
  Parts parts = small();
  DefinePart d;
  d.id = "both";
  d.when = "a and b";
  d.path = "define[0]";
  parts.defines = {d};
  auto built = build(parts);
  ASSERT_TRUE(built);
  const auto e = built->condition("not both or c");
  ASSERT_TRUE(e);
  const State s = built->with_level(built->with_level(State{}, OptionId(0), 1), OptionId(1), 1);
  EXPECT_FALSE(e->holds(s));
  EXPECT_TRUE(e->holds(State{}));
  for (const auto& [first, second] :
       {std::pair("both", "a"), std::pair("other", "both"), std::pair("not other", "a or both")}) {
    Parts circle = parts;
    circle.defines[0].when = first;
    DefinePart other;
    other.id = "other";
    other.when = second;
    other.path = "define[1]";
    circle.defines.push_back(other);
    const auto refused = build(circle);
    ASSERT_FALSE(refused) << first << ", " << second;
    for (const Error& fault : refused.error())
      EXPECT_EQ(fault.code, "define_cycle") << fault.message;
  }
}

}  // namespace
}  // namespace wayout
