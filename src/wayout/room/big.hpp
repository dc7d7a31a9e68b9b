#pragma once
/// @file
/// Whole numbers of any size, for exact comparisons of products and shares. Small on purpose: only
/// what bargaining solutions need.

#include <cstdint>
#include <vector>

#include "wayout/base/decimal.hpp"

namespace wayout {

class Big {
 public:
  Big() = default;
  explicit Big(Int128 value);

  friend Big operator+(const Big& a, const Big& b);
  friend Big operator-(const Big& a, const Big& b);
  friend Big operator*(const Big& a, const Big& b);
  friend int compare(const Big& a, const Big& b);  ///< negative, zero, positive
  Big shifted(unsigned bits) const;                ///< times 2^bits
  bool is_zero() const { return limbs_.empty(); }
  bool is_negative() const { return negative_; }

 private:
  void trim();
  static int compare_sizes(const Big& a, const Big& b);
  static Big sum(const Big& a, const Big& b, bool subtract);

  std::vector<std::uint32_t> limbs_;  ///< lowest first, no leading zero
  bool negative_ = false;
};

}  // namespace wayout
