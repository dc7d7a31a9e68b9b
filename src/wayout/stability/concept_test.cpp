#include "wayout/stability/concept.hpp"

#include <gtest/gtest.h>

namespace wayout {
namespace {

TEST(Concepts, NamesReadBack) {
  for (const Concept c : kAllConcepts) {
    EXPECT_EQ(parse_concept(concept_name(c)), c);
    EXPECT_EQ(parse_concept(concept_title(c)), c);
    EXPECT_FALSE(concept_meaning(c).empty());
    EXPECT_FALSE(concept_long_name(c).empty());
  }
  for (const Sanctions s : kAllSanctions) {
    EXPECT_EQ(parse_sanctions(sanctions_name(s)), s);
    EXPECT_FALSE(sanctions_meaning(s).empty());
  }
  EXPECT_FALSE(parse_concept("stable"));
  EXPECT_FALSE(parse_sanctions(""));
}

}  // namespace
}  // namespace wayout
