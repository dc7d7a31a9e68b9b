#include "wayout/trust/lanes.hpp"
#include "wayout/trust/lanes_body.inc"

namespace wayout {

const LaneKernels& v4_lane_kernels() {
  static constexpr LaneKernels kTable{"v4", above, same, add, blend};
  return kTable;
}

}  // namespace wayout
