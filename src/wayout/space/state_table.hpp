#pragma once
/// @file
/// States met so far, numbered in the order they were met.

#include <cstdint>
#include <vector>

#include "wayout/model/state.hpp"

namespace wayout {

/// A state's place in a StateTable, from 0.
using StateNumber = std::uint32_t;
inline constexpr StateNumber kNoState = 0xFFFFFFFFu;

/// Gives every distinct state a number. Memory: 16 bytes a state plus 8 to 16 for the lookup.
class StateTable {
 public:
  StateNumber intern(State s) {
    if (2 * (states_.size() + 1) > slots_.size()) grow();
    std::size_t i = hash_bits(s.bits) & mask_;
    while (slots_[i] != kNoState) {
      if (states_[slots_[i]] == s) return slots_[i];
      i = (i + 1) & mask_;
    }
    slots_[i] = static_cast<StateNumber>(states_.size());
    states_.push_back(s);
    return slots_[i];
  }

  /// kNoState where the state was never met.
  StateNumber find(State s) const {
    if (slots_.empty()) return kNoState;
    std::size_t i = hash_bits(s.bits) & mask_;
    while (slots_[i] != kNoState) {
      if (states_[slots_[i]] == s) return slots_[i];
      i = (i + 1) & mask_;
    }
    return kNoState;
  }

  State operator[](StateNumber n) const { return states_[n]; }
  std::size_t size() const { return states_.size(); }
  void reserve(std::size_t n) {
    states_.reserve(n);
    while (2 * (n + 1) > slots_.size()) grow();
  }

 private:
  void grow() {
    slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), kNoState);
    mask_ = slots_.size() - 1;
    for (std::size_t n = 0; n < states_.size(); ++n) {
      std::size_t i = hash_bits(states_[n].bits) & mask_;
      while (slots_[i] != kNoState) i = (i + 1) & mask_;
      slots_[i] = static_cast<StateNumber>(n);
    }
  }

  std::vector<State> states_;
  std::vector<StateNumber> slots_;
  std::size_t mask_ = 0;
};

}  // namespace wayout
