#include "wayout/risk/row_kernels.hpp"
#include "wayout/risk/row_kernels_body.inc"

namespace wayout {

const RowKernels& baseline_row_kernels() {
  static constexpr RowKernels kTable{"baseline",
                                     {backward<1>, backward<2>, backward<4>, backward<8>},
                                     {slopes<1>, slopes<2>, slopes<4>, slopes<8>}};
  return kTable;
}

}  // namespace wayout
