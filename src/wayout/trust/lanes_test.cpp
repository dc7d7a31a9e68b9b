#include "wayout/trust/lanes.hpp"

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"

namespace wayout {
namespace {

// What this processor runs does what is built for any.
TEST(Lanes, TheFastestLoopsDoWhatThePlainOnesDo) {
  Random r(1, 0, "lanes");
  const LaneKernels& fast = lane_kernels();
  const LaneKernels& plain = baseline_lane_kernels();
  for (int round = 0; round < 200; ++round) {
    Lanes a;
    Lanes b;
    for (std::size_t k = 0; k < kLanes; ++k) {
      const auto draw = [&] {
        const auto small = static_cast<std::int64_t>(r.below(5)) - 2;
        return round % 2 == 0 ? small : small * (std::int64_t{1} << 60);
      };
      a.at[k] = draw();
      b.at[k] = draw();
    }
    LaneMask more = 0;
    LaneMask equal = 0;
    LaneMask more_plain = 0;
    LaneMask equal_plain = 0;
    fast.above(&a, b, &more, 1);
    plain.above(&a, b, &more_plain, 1);
    fast.same(&a, b, &equal, 1);
    plain.same(&a, b, &equal_plain, 1);
    ASSERT_EQ(more, more_plain);
    ASSERT_EQ(equal, equal_plain);
    for (std::size_t k = 0; k < kLanes; ++k) {
      ASSERT_EQ(((more >> k) & 1u) != 0, a.at[k] > b.at[k]);
      ASSERT_EQ(((equal >> k) & 1u) != 0, a.at[k] == b.at[k]);
    }
    Lanes c = a;
    fast.blend(c, b, more);
    for (std::size_t k = 0; k < kLanes; ++k)
      ASSERT_EQ(c.at[k], a.at[k] > b.at[k] ? b.at[k] : a.at[k]);
    if (round % 2 != 0) continue;
    fast.add(c, b);
    for (std::size_t k = 0; k < kLanes; ++k)
      ASSERT_EQ(c.at[k], (a.at[k] > b.at[k] ? b.at[k] : a.at[k]) + b.at[k]);
  }
}

}  // namespace
}  // namespace wayout
