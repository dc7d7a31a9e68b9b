#include "wayout/room/big.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wayout {
namespace {

int sign(int x) { return x < 0 ? -1 : x > 0 ? 1 : 0; }

RC_GTEST_PROP(Big, agrees_with_128_bits, (std::int64_t a, std::int64_t b, std::int32_t c)) {
  const Int128 sum = Int128{a} + b;
  const Int128 difference = Int128{a} - b;
  RC_ASSERT(compare(Big(a) + Big(b), Big(sum)) == 0);
  RC_ASSERT(compare(Big(a) - Big(b), Big(difference)) == 0);
  RC_ASSERT(compare(Big(a) * Big(b), Big(Int128{a} * b)) == 0);
  RC_ASSERT(sign(compare(Big(a), Big(b))) == (a < b ? -1 : a > b ? 1 : 0));
  RC_ASSERT(compare(Big(a).shifted(40), Big(a) * Big(Int128{1} << 40)) == 0);
  // Beyond 128 bits: (a + b)(c) = ac + bc, and what is added can be taken away.
  const Big large = Big(a) * Big(b) * Big(a);
  RC_ASSERT(compare((large + Big(sum)) * Big(c), large * Big(c) + Big(sum) * Big(c)) == 0);
  RC_ASSERT(compare(large - Big(b) + Big(b), large) == 0);
}

TEST(Big, KnowsItsSign) {
  EXPECT_TRUE((Big(3) - Big(5)).is_negative());
  EXPECT_TRUE((Big(5) - Big(5)).is_zero());
  EXPECT_FALSE((Big(5) - Big(5)).is_negative());
  EXPECT_TRUE((Big(0) * Big(-1)).is_zero());
}

}  // namespace
}  // namespace wayout
