#include "wayout/trust/lanes.hpp"
#include "wayout/trust/lanes_body.inc"

namespace wayout {

const LaneKernels& v3_lane_kernels() {
  static constexpr LaneKernels kTable{"v3", above, same, add, blend};
  return kTable;
}

}  // namespace wayout
