#include "wayout/change/course.hpp"

#include <gtest/gtest.h>

namespace wayout {
namespace {

/// Options one to a party, all yes or no, each party with a list of priorities.
Conflict made(const std::vector<std::vector<std::string>>& wants, const std::string& from = {},
              const std::string& to = {}) {
  Parts parts;
  for (std::size_t i = 0; i < wants.size(); ++i) {
    PartyPart party;
    party.id = std::string(1, static_cast<char>('p' + i));
    OptionPart o;
    o.id = std::string(1, static_cast<char>('a' + i));
    o.party = party.id;
    PreferencePart preference;
    preference.party = party.id;
    for (const std::string& text : wants[i]) {
      StatementPart s;
      s.when = text;
      preference.statements.push_back(s);
    }
    parts.parties.push_back(party);
    parts.options.push_back(o);
    parts.preferences.push_back(preference);
  }
  if (!from.empty()) {
    RulePart rule;
    rule.forbid = ForbidPart{"", from, to};
    parts.rules.push_back(rule);
  }
  auto built = build(parts);
  EXPECT_TRUE(built) << built.error()[0].message;
  return *built;
}

State at(const Conflict& c, std::vector<int> levels) {
  State s;
  for (const OptionId o : c.options()) s = c.with_level(s, o, levels[o.index()]);
  return s;
}

/// A clean course to g: the nearest, if there is one.
std::optional<Path> clean_path(const Conflict& c, State start, State g,
                               const std::function<bool(State)>& avoid) {
  RowSpace space(c);
  CourseSettings settings;
  settings.avoid = avoid;
  const Courses courses(space, start, settings);
  EXPECT_EQ(courses.end(), End::Complete);
  for (std::size_t i = 0; i < courses.size(); ++i)
    if (courses.state(i) == g) return courses.path(i);
  return std::nullopt;
}

TEST(CleanPath, TakesTheOrderInWhichNobodyIsBelowTheStart) {
  // q loses by a alone; b first, then a, is clean.
  const Conflict c = made({{"a"}, {"b or not a", "b"}});
  const auto path = clean_path(c, State{}, at(c, {1, 1}), {});
  ASSERT_TRUE(path);
  ASSERT_EQ(path->steps.size(), 2u);
  EXPECT_EQ(path->steps[0].state, at(c, {0, 1}));
  EXPECT_EQ(path->end(), at(c, {1, 1}));
  const PathMarks marks = path_marks(c, *path);
  EXPECT_FALSE(marks.bought);
  EXPECT_FALSE(marks.worse_on_the_way);
}

TEST(CleanPath, ThereMayBeNone) {
  // The same, where b can only follow a.
  const Conflict follow = made({{"a"}, {"b or not a", "b"}}, "not a", "b");
  EXPECT_FALSE(clean_path(follow, State{}, at(follow, {1, 1}), {}));
  // Where somebody is unwilling.
  const Conflict unwilling = made({{"not a"}, {"b"}});
  EXPECT_FALSE(clean_path(unwilling, State{}, at(unwilling, {1, 1}), {}));
  // Where the only order leads through what is to be avoided.
  const Conflict open = made({{"a"}, {"b"}});
  EXPECT_TRUE(clean_path(open, State{}, at(open, {1, 1}), {}));
  EXPECT_FALSE(clean_path(open, State{}, at(open, {1, 1}), [&open](State s) {
    return s == at(open, {1, 0}) || s == at(open, {0, 1});
  }));
}

TEST(CleanPath, ToWhereOneIs) {
  const Conflict c = made({{"a"}, {"b"}});
  const auto path = clean_path(c, State{}, State{}, {});
  ASSERT_TRUE(path);
  EXPECT_TRUE(path->steps.empty());
}

}  // namespace
}  // namespace wayout
