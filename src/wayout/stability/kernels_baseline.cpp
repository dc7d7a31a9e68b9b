#include "wayout/stability/kernels.hpp"
#include "wayout/stability/kernels_body.inc"

namespace wayout {

const Kernels& baseline_kernels() {
  static constexpr Kernels kTable{"baseline",  add,         add_one, raise, lower,
                                  lower_pairs, raise_pairs, at_most, least, most,
                                  verdict_run, both,        count,   places};
  return kTable;
}

}  // namespace wayout
