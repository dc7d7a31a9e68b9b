#include "wayout/base/random.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace wayout {
namespace {

using testing::ElementsAre;

// The known answers published with Random123.
TEST(Philox, KnownAnswers) {
  EXPECT_THAT(philox4x32({0, 0, 0, 0}, {0, 0}),
              ElementsAre(0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u));
  EXPECT_THAT(philox4x32({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
              ElementsAre(0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu));
  EXPECT_THAT(
      philox4x32({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, {0xa4093822u, 0x299f31d0u}),
      ElementsAre(0xd16cfe09u, 0x94fdcceb, 0x5001e420u, 0x24126ea1u));
}

TEST(Random, StreamsAreKeyed) {
  const auto draws = [](std::uint64_t seed, std::uint64_t replicate, const char* purpose) {
    Random r(seed, replicate, purpose);
    std::vector<std::uint64_t> out;
    for (int i = 0; i < 5; ++i) out.push_back(r.next());
    return out;
  };
  EXPECT_EQ(draws(1, 2, "weights"), draws(1, 2, "weights"));
  EXPECT_NE(draws(1, 2, "weights"), draws(2, 2, "weights"));
  EXPECT_NE(draws(1, 2, "weights"), draws(1, 3, "weights"));
  EXPECT_NE(draws(1, 2, "weights"), draws(1, 2, "rules"));
}

TEST(Random, BoundsAreKept) {
  Random r(7, 0, "bounds");
  std::vector<int> seen(5, 0);
  for (int i = 0; i < 5000; ++i) ++seen[r.below(5)];
  for (const int n : seen) EXPECT_NEAR(n, 1000, 150);
  for (int i = 0; i < 1000; ++i) {
    const auto x = r.between(-2, 2);
    EXPECT_TRUE(x >= -2 && x <= 2);
    const double u = r.unit();
    EXPECT_TRUE(u >= 0 && u < 1);
    EXPECT_FALSE(r.chance(0));
    EXPECT_TRUE(r.chance(1));
  }
  EXPECT_EQ(r.between(INT64_MAX, INT64_MAX), INT64_MAX);
  r.between(INT64_MIN, INT64_MAX);
  std::vector<int> list = {1, 2, 3, 4};
  r.shuffle(list);
  EXPECT_TRUE(std::is_permutation(list.begin(), list.end(), std::vector{1, 2, 3, 4}.begin()));
}

}  // namespace
}  // namespace wayout
