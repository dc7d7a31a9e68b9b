#include "wayout/trust/lanes.hpp"
#include "wayout/trust/lanes_body.inc"

namespace wayout {

const LaneKernels& baseline_lane_kernels() {
  static constexpr LaneKernels kTable{"baseline", above, same, add, blend};
  return kTable;
}

}  // namespace wayout
