#include "wayout/io/chain_file.hpp"

#include <gtest/gtest.h>

namespace wayout {
namespace {

constexpr const char* kDrn = R"(// a chain by hand
@type: CTMC
@value_type: double
@parameters

@reward_models
cost
@nr_states
3
@nr_choices
3
@model
state 0 !3 [0, 1] init calm
//[a=1]
	action 0 [0]
		1 : 2
		2 : 1e0
state 1 !0
	action 0
state 2 !1 war
	action 0
		2 : 1
)";

TEST(ChainFile, ReadsDrn) {
  const auto chain = read_drn(kDrn, "x.drn");
  ASSERT_TRUE(chain) << chain.error()[0].message;
  EXPECT_TRUE(chain->continuous);
  EXPECT_EQ(chain->begin, (std::vector<std::uint64_t>{0, 2, 2, 3}));
  EXPECT_EQ(chain->to, (std::vector<std::uint32_t>{1, 2, 2}));
  EXPECT_EQ(chain->rate, (std::vector<double>{2, 1, 1}));
  ASSERT_EQ(chain->labels.size(), 2u);
  EXPECT_EQ(chain->labels[1].name, "war");
  EXPECT_EQ(chain->labels[1].states, (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(chain->names[0], "a=1");
}

TEST(ChainFile, ReadsThePrismFiles) {
  const auto chain =
      read_tra("3 3\n0 1 2\n0 2 0.5\n2 0 1\n", "0=\"init\" 1=\"deadlock\" 2=\"war\"\n1: 0 2\n",
               "(a)\n0:(0)\n1:(1)\n2:(2)\n", "x.tra");
  ASSERT_TRUE(chain) << chain.error()[0].message;
  EXPECT_EQ(chain->initial, 1u);
  ASSERT_EQ(chain->labels.size(), 1u);
  EXPECT_EQ(chain->labels[0].name, "war");
  EXPECT_EQ(chain->names[2], "(2)");
}

TEST(ChainFile, FaultsHaveTheirLine) {
  const auto line_of = [](std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    text.replace(at, from.size(), to);
    const auto chain = read_drn(text, "x.drn");
    return chain ? -1 : chain.error()[0].where.line;
  };
  EXPECT_EQ(line_of(kDrn, "CTMC", "MDP"), 2);
  EXPECT_EQ(line_of(kDrn, "2 : 1e0", "7 : 1"), 17);
  EXPECT_EQ(line_of(kDrn, "1 : 2", "1 : -2"), 16);
  EXPECT_EQ(line_of(kDrn, "1 : 2", "1 : inf"), 16);
  EXPECT_EQ(line_of(kDrn, "1 : 2", "1 : x"), 16);
  EXPECT_EQ(line_of(kDrn, "state 1 ", "state 2 "), 18);
  EXPECT_EQ(line_of(kDrn, "\n3\n@nr", "\n99999999\n@nr"), 9);
  EXPECT_FALSE(read_drn("", "x.drn"));
  EXPECT_FALSE(read_tra("2 1\n0 5 1\n", "", "", "x.tra"));
  EXPECT_FALSE(read_tra("2 1\n0 1 1\n", "0=\"init\"\n0: 3\n", "", "x.tra"));
  EXPECT_FALSE(read_tra("", "", "", "x.tra"));
}

TEST(ChainFile, ATraFileCutOffIsAFaultAtItsEnd) {
  const auto line_of = [](const std::string& tra) {
    const auto chain = read_tra(tra, "", "", "x.tra");
    if (chain) return -1;
    EXPECT_EQ(chain.error()[0].where.file, "x.tra");
    return chain.error()[0].where.line;
  };
  EXPECT_EQ(line_of("3 3\n0 1 2\n0 2 0.5\n2 0 1\n"), -1);
  EXPECT_EQ(line_of("3 3\n0 1 2\n0 2 0.5\n"), 3);         // a line short
  EXPECT_EQ(line_of("3 3\n0 1 2\n0 2 0.5\n2 0"), 4);      // within a line
  EXPECT_EQ(line_of("3 3\n"), 1);                         // all lines short
  EXPECT_EQ(line_of("3 2\n0 1 2\n0 2 0.5\n2 0 1\n"), 4);  // one too many
  EXPECT_EQ(line_of("0 1 2\n0 2 0.5\n2 0 1\n"), 1);       // no first line
  EXPECT_EQ(line_of("2 1\n0 2 1\n"), 2);                  // fewer states than are used
}

}  // namespace
}  // namespace wayout
