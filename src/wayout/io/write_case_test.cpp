#include "wayout/io/write_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wayout/io/case_file.hpp"
#include "wayout/io/diagnostics.hpp"

namespace wayout {
namespace {

using testing::HasSubstr;

const std::string kSmall = R"(format = 1
[[party]]
id = "up"
[[option]]
id = "release"
party = "up"
[[preference]]
party = "up"
statements = ["not release"]
)";

Parts parts_of(const std::string& text) {
  auto file = parse_case(text, "case.toml");
  EXPECT_TRUE(file) << render_errors(file.error(), text);
  return file ? std::move(file->parts) : Parts{};
}

TEST(WriteCase, TextsOfAnyKind) {
  for (const std::string& text :
       {std::string("plain"), std::string("two\nlines"), std::string("\n"), std::string("\nfirst"),
        std::string("last\n"), std::string("\"\"\"\"\"\""), std::string("a\"\"\"\nb\""),
        std::string("\\"), std::string("a\\\nb"), std::string("\r\n\r"),
        std::string("tab\there\n\tthere"), std::string("\x01\x1F\x7F"),
        std::string("é 日本 🙂\n"), std::string("trailing \n  \n"), std::string("'''")}) {
    Parts p = parts_of(kSmall);
    p.notes = text;
    p.sources = {text};
    p.parties[0].because = text;
    p.preferences[0].statements[0].when = text;
    const std::string written = write_case(p);
    const auto again = parse_case(written, "again.toml");
    if (text.find_first_not_of(" \r\n\t") == std::string::npos) continue;  // no expression is blank
    ASSERT_TRUE(again) << written << render_errors(again.error(), written);
    EXPECT_TRUE(same_parts(p, again->parts)) << written;
  }
  Parts p = parts_of(kSmall);
  p.notes = "broken \xFF byte";
  EXPECT_EQ(parts_of(write_case(p)).notes, "broken \xEF\xBF\xBD byte");
}

TEST(WriteCase, NumbersThatEffectsMultiplied) {
  Parts p = parts_of("format = 1\n[[measure]]\nid = 'm'\ncost = { from = 1, to = 2 }\n");
  p.measures[0].cost.times = Decimal(-3);
  EXPECT_THAT(write_case(p), HasSubstr("cost = { from = -6, to = -3 }"));
}

TEST(WriteCase, IsReadable) {
  const std::string text = R"(format = 1
title = "Two"

[[party]]
id = "up"
name = "Upstream"

[[option]]
id = "release"
party = "up"
now = true
moves = "up"

[[rule]]
forbid = { by = "up", to = "release" }

[[preference]]
party = "up"
method = "weights"
statements = [
  { id = "water", when = "release", weight = 3, because = "fields" },
]

[[measure]]
id = "m"
by = ["up"]
effects = [{ open = "t" }]

[[claim]]
says = "It can."
test = { all = [
  { way_out = "g", with = "m" },
  { not = { stable = "now", for = "up", concept = "nash" } },
] }
)";
  EXPECT_EQ(write_case(parts_of(text)), text);
}

}  // namespace
}  // namespace wayout
