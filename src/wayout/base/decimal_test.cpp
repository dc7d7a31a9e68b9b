#include "wayout/base/decimal.hpp"

#include <gtest/gtest.h>

namespace wayout {
namespace {

Decimal d(std::string_view text) {
  const auto value = Decimal::parse(text);
  EXPECT_TRUE(value) << text;
  return value.value_or(Decimal(0));
}

TEST(Decimal, ReadsAndWritesWhatAPersonTypes) {
  for (const char* text : {"0", "1", "-1", "0.25", "-0.25", "12.000001", "100", "999999999999999"})
    EXPECT_EQ(d(text).to_string(), text);
  EXPECT_EQ(d("1.50"), d("1.5"));
  EXPECT_EQ(d("1e-3"), d("0.001"));
  EXPECT_EQ(d("1e3"), Decimal(1000));
  EXPECT_EQ(d("-0"), Decimal(0));
  for (const char* text :
       {"", "-", ".", "x", "1x", "0.1234567", "1e-7", "nan", "inf", "1e300", "1000000000000000"})
    if (const auto value = Decimal::parse(text))
      ADD_FAILURE() << text << " was read as " << value->to_string();
}

TEST(Decimal, IsExact) {
  EXPECT_EQ(Decimal::add(d("0.1"), d("0.2")), d("0.3"));
  EXPECT_EQ(Decimal::multiply(d("0.1"), d("0.1")), d("0.01"));
  EXPECT_EQ(Decimal::middle(d("1"), d("2")), d("1.5"));
  EXPECT_EQ(Decimal::middle(d("-1"), d("1")), Decimal(0));
  EXPECT_EQ(*Decimal::from_double(0.1), d("0.1"));
  EXPECT_LT(d("0.1"), d("0.11"));
  EXPECT_LT(d("-2"), d("-1.5"));
  EXPECT_EQ(d("0.25").scaled(3), 250);
  EXPECT_FALSE(d("0.25").scaled(1));
  // A factor times its counterpart is one again, and ties stay ties.
  EXPECT_EQ(Decimal::multiply(d("0.5"), d("2")), Decimal(1));
}

TEST(Decimal, RefusesRatherThanRounds) {
  Decimal value = d("999999999999999");
  for (int i = 0; i < 10; ++i) {
    const auto next = Decimal::multiply(value, value);
    if (!next) return;
    value = *next;
  }
  FAIL() << "a product of 10^15 to the 1024th was accepted";
}

}  // namespace
}  // namespace wayout
