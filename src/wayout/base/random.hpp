#pragma once
/// @file
/// Random numbers that are a function of a key, not of history: Philox4x32-10 [SMDS11]. The stream
/// of (seed, replicate, purpose) is the same bytes on every machine, at any number of threads and
/// in any order of use. The standard library's distributions are not portable, so the few needed
/// are here.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "wayout/base/error.hpp"

namespace wayout {

/// The block function: 128 random bits from a 128-bit counter and a 64-bit key.
/// Source: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011.
constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                  std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    if (round > 0) {
      key[0] += 0x9E3779B9u;
      key[1] += 0xBB67AE85u;
    }
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
  }
  return counter;
}

/// One stream of random numbers. Cheap to make: make one per thing that is drawn, so that changing
/// one thing leaves the draws for all others as they were.
class Random {
 public:
  /// `purpose` is a word such as "weights"; it is mixed into the key, the replicate into the
  /// counter.
  Random(std::uint64_t seed, std::uint64_t replicate, std::string_view purpose)
      : replicate_(replicate) {
    std::uint64_t hash = 0xCBF29CE484222325ull;  // FNV-1a
    for (const char c : purpose) {
      hash ^= static_cast<unsigned char>(c);
      hash *= 0x100000001B3ull;
    }
    std::uint64_t key = seed + 0x9E3779B97F4A7C15ull * hash;  // splitmix64's mixer
    key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9ull;
    key = (key ^ (key >> 27)) * 0x94D049BB133111EBull;
    key ^= key >> 31;
    key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
  }

  std::uint64_t next() {
    if (left_ == 0) {
      block_ = philox4x32(
          {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ >> 32),
           static_cast<std::uint32_t>(replicate_), static_cast<std::uint32_t>(replicate_ >> 32)},
          key_);
      ++at_;
      left_ = 2;
    }
    --left_;
    return left_ == 1 ? block_[0] | std::uint64_t{block_[1]} << 32
                      : block_[2] | std::uint64_t{block_[3]} << 32;
  }

  /// Uniform among 0 … n-1, exactly. Requires n > 0.
  std::uint64_t below(std::uint64_t n) {
    contract(n > 0, "a draw among none");
    const std::uint64_t reject = (~n + 1) % n;  // 2^64 mod n
    std::uint64_t x = next();
    while (x < reject) x = next();
    return x % n;
  }
  /// Uniform among low … high. Requires low ≤ high.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    contract(low <= high, "a draw between bounds");
    const std::uint64_t range =
        static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
    const std::uint64_t x = range == 0 ? next() : below(range);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + x);
  }
  /// Uniform in [0, 1), a multiple of 2^-53.
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  /// True with probability p; never for 0, always for 1.
  bool chance(double p) { return unit() < p; }

  /// Requires a list that is not empty.
  template <class T>
  const T& pick(const std::vector<T>& list) {
    return list.at(below(list.size()));
  }
  template <class T>
  void shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

 private:
  std::array<std::uint32_t, 2> key_{};
  std::uint64_t replicate_ = 0;
  std::uint64_t at_ = 0;
  std::array<std::uint32_t, 4> block_{};
  int left_ = 0;
};

}  // namespace wayout
