#include "wayout/room/big.hpp"

#include <algorithm>

namespace wayout {

Big::Big(Int128 value) : negative_(value < 0) {
  UInt128 size = negative_ ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
  for (; size != 0; size >>= 32) limbs_.push_back(static_cast<std::uint32_t>(size));
}

void Big::trim() {
  while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
  if (limbs_.empty()) negative_ = false;
}

int Big::compare_sizes(const Big& a, const Big& b) {
  if (a.limbs_.size() != b.limbs_.size()) return a.limbs_.size() < b.limbs_.size() ? -1 : 1;
  for (std::size_t i = a.limbs_.size(); i-- > 0;)
    if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] < b.limbs_[i] ? -1 : 1;
  return 0;
}

int compare(const Big& a, const Big& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
  const int sizes = Big::compare_sizes(a, b);
  return a.negative_ ? -sizes : sizes;
}

Big Big::sum(const Big& a, const Big& b, bool subtract) {
  const bool b_negative = b.negative_ != subtract;
  Big out;
  if (a.negative_ == b_negative) {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < std::max(a.limbs_.size(), b.limbs_.size()); ++i) {
      carry += i < a.limbs_.size() ? a.limbs_[i] : 0;
      carry += i < b.limbs_.size() ? b.limbs_[i] : 0;
      out.limbs_.push_back(static_cast<std::uint32_t>(carry));
      carry >>= 32;
    }
    if (carry != 0) out.limbs_.push_back(static_cast<std::uint32_t>(carry));
    out.negative_ = a.negative_;
  } else {
    const bool a_larger = compare_sizes(a, b) >= 0;
    const Big& large = a_larger ? a : b;
    const Big& small = a_larger ? b : a;
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < large.limbs_.size(); ++i) {
      std::int64_t digit = std::int64_t{large.limbs_[i]} - borrow;
      digit -= i < small.limbs_.size() ? std::int64_t{small.limbs_[i]} : 0;
      borrow = digit < 0 ? 1 : 0;
      out.limbs_.push_back(static_cast<std::uint32_t>(digit + (borrow << 32)));
    }
    out.negative_ = a_larger ? a.negative_ : b_negative;
  }
  out.trim();
  return out;
}

Big operator+(const Big& a, const Big& b) { return Big::sum(a, b, false); }
Big operator-(const Big& a, const Big& b) { return Big::sum(a, b, true); }

Big operator*(const Big& a, const Big& b) {
  Big out;
  out.limbs_.assign(a.limbs_.size() + b.limbs_.size(), 0);
  for (std::size_t i = 0; i < a.limbs_.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.limbs_.size(); ++j) {
      carry += std::uint64_t{a.limbs_[i]} * b.limbs_[j] + out.limbs_[i + j];
      out.limbs_[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    out.limbs_[i + b.limbs_.size()] = static_cast<std::uint32_t>(carry);
  }
  out.negative_ = a.negative_ != b.negative_;
  out.trim();
  return out;
}

Big Big::shifted(unsigned bits) const {
  if (limbs_.empty()) return *this;
  Big out;
  out.negative_ = negative_;
  out.limbs_.assign(bits / 32, 0);
  std::uint64_t carry = 0;
  for (const std::uint32_t limb : limbs_) {
    carry |= std::uint64_t{limb} << (bits % 32);
    out.limbs_.push_back(static_cast<std::uint32_t>(carry));
    carry >>= 32;
  }
  out.limbs_.push_back(static_cast<std::uint32_t>(carry));
  out.trim();
  return out;
}

}  // namespace wayout
