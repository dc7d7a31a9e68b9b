#include "wayout/stability/kernels.hpp"
#include "wayout/stability/kernels_body.inc"

namespace wayout {

const Kernels& v3_kernels() {
  static constexpr Kernels kTable{"v3",        add,         add_one, raise, lower,
                                  lower_pairs, raise_pairs, at_most, least, most,
                                  verdict_run, both,        count,   places};
  return kTable;
}

}  // namespace wayout
