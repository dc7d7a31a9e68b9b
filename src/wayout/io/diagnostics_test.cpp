#include "wayout/io/diagnostics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wayout {
namespace {

Error at(int line, int column, std::string message, std::string hint = {}) {
  Error e{"code", std::move(message), {}, std::move(hint), Severity::Fault};
  e.where.file = "river.toml";
  e.where.line = line;
  e.where.column = column;
  return e;
}

TEST(Diagnostics, LineCaretAndHint) {
  EXPECT_EQ(render_errors({at(2, 9, "'patrolls' is no option", "did you mean 'patrols'?")},
                          "id = \"crisis\"\nwhen = \"patrolls == massed\"\n"),
            "river.toml:2:9: fault: 'patrolls' is no option\n"
            "    2 | when = \"patrolls == massed\"\n"
            "      |         ^~~~~~~~\n"
            "hint: did you mean 'patrols'?\n");
}

TEST(Diagnostics, SeveralWarningsAndNoPlace) {
  Error warning = at(0, 0, "always true");
  warning.severity = Severity::Warning;
  Error bare = at(0, 0, "no party");
  bare.where.file.clear();
  EXPECT_EQ(render_errors({warning, bare}, "x"),
            "river.toml: warning: always true\n\nfault: no party\n");
  EXPECT_EQ(render_errors({at(9, 1, "m")}, "one line"), "river.toml:9:1: fault: m\n");
}

TEST(Diagnostics, TabsWideAndCombiningCharacters) {
  const std::string out = render_errors({at(1, 4, "m")}, "\t日e\xCC\x81!x");
  EXPECT_EQ(out, "river.toml:1:4: fault: m\n    1 |   日e\xCC\x81!x\n      |      ^\n");
  EXPECT_EQ(display_width("日本"), 4u);
  EXPECT_EQ(display_width("e\xCC\x81"), 1u);
}

TEST(Diagnostics, LongLinesAreCutAroundThePlace) {
  std::string line(1000, 'a');
  line[500] = '!';
  const std::string out = render_errors({at(1, 501, "m")}, line);
  EXPECT_LT(out.size(), 300u);
  EXPECT_THAT(out, testing::HasSubstr("…"));
  const std::size_t second = out.find('\n') + 1;
  const std::size_t third = out.find('\n', second) + 1;
  // The ellipsis is one column in three bytes.
  EXPECT_EQ(out.find('!', second) - second, out.find('^', third) - third + 2);
  EXPECT_LT(render_errors({at(1, 3, "m")}, std::string(1 << 20, ' ')).size(), 300u);
}

TEST(Diagnostics, NothingSteersTheTerminal) {
  const std::string out =
      render_errors({at(1, 1, "m\033[31m", "h\007")}, "\033]0;title\007\xFF\xE2\x80\xAE");
  for (const char* bad : {"\033", "\007", "\xFF", "\xE2\x80\xAE"})
    EXPECT_EQ(out.find(bad), std::string::npos);
  EXPECT_THAT(render_errors({at(1, 1, "m")}, "x", true),
              testing::HasSubstr("\033[1;31mfault:\033[0m"));
}

TEST(Diagnostics, ColumnsPastTheEndAndStrings) {
  EXPECT_EQ(render_errors({at(1, 99, "m")}, "ab\r\n"),
            "river.toml:1:99: fault: m\n    1 | ab\n      |   ^\n");
  EXPECT_THAT(render_errors({at(1, 5, "m")}, "a = \"b c\" # x"),
              testing::HasSubstr("|     ^~~~~\n"));
}

}  // namespace
}  // namespace wayout
