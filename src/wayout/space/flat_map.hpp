#pragma once
/// @file
/// A small open-addressing map from 32-bit numbers to 32-bit numbers, for marks over dense ids.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wayout {

/// Never erases single keys. The key 0xFFFFFFFF is reserved. Memory: 8 bytes per slot, at most half
/// full.
class FlatMap {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;

  /// The value of `key`, or kNone.
  std::uint32_t find(std::uint32_t key) const {
    if (slots_.empty()) return kNone;
    for (std::size_t i = start(key);; i = (i + 1) & mask_) {
      if (slots_[i].key == key) return slots_[i].value;
      if (slots_[i].key == kNone) return kNone;
    }
  }

  /// Sets `key` to `value` if it is new; returns whether it was.
  bool insert(std::uint32_t key, std::uint32_t value) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    for (std::size_t i = start(key);; i = (i + 1) & mask_) {
      if (slots_[i].key == key) return false;
      if (slots_[i].key == kNone) {
        slots_[i] = {key, value};
        ++size_;
        return true;
      }
    }
  }

  void set(std::uint32_t key, std::uint32_t value) {
    if (insert(key, value)) return;
    for (std::size_t i = start(key);; i = (i + 1) & mask_)
      if (slots_[i].key == key) {
        slots_[i].value = value;
        return;
      }
  }

  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint32_t key = kNone;
    std::uint32_t value = kNone;
  };

  std::size_t start(std::uint32_t key) const {
    return (static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15ull >> 32) & mask_;
  }

  void grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 16 : 2 * old.size(), Slot{});
    mask_ = slots_.size() - 1;
    for (const Slot& s : old) {
      if (s.key == kNone) continue;
      std::size_t i = start(s.key);
      while (slots_[i].key != kNone) i = (i + 1) & mask_;
      slots_[i] = s;
    }
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace wayout
