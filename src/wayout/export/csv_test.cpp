#include "wayout/export/csv.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace wayout {
namespace {

TEST(Csv, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a, b"), "\"a, b\"");
  EXPECT_EQ(csv_field("say \"no\""), "\"say \"\"no\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field(" edge"), "\" edge\"");
}

TEST(Csv, Rows) {
  CsvTable table({"state", "stable for"});
  table.row({"1", "up, down"});
  EXPECT_EQ(table.text(), "state,stable for\r\n1,\"up, down\"\r\n");
  EXPECT_EQ(table.take(), "state,stable for\r\n1,\"up, down\"\r\n");
  table.row({"2", ""});
  EXPECT_EQ(table.text(), "2,\r\n");
  EXPECT_THROW(table.row({"3"}), std::logic_error);
}

TEST(Csv, LoneEmptyFieldIsNoEmptyLine) {
  CsvTable table({"name"});
  table.row({""});
  EXPECT_EQ(table.text(), "name\r\n\"\"\r\n");
}

}  // namespace
}  // namespace wayout
