#pragma once
/// @file
/// Settling one box: minima over improvement sequences of the opponents (SEMANTICS section 3).

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace wayout {

/// A box is one setting of the focal party's options; its states are the settings of the others',
/// one field of bits for each opponent that has options.
struct BoxFields {
  struct Field {
    int shift = 0;
    int width = 0;           ///< bits
    std::uint32_t size = 1;  ///< settings, at most 2^width
  };
  std::vector<Field> fields;
  std::uint32_t padded = 1;  ///< 2^(sum of widths)
};

/// Scratch of one worker. Word holds, for one state, its place in the row of every opponent: how
/// many states of the row that opponent likes less, kBits for each.
template <class Word, class Place>
class PlainSettle {
 public:
  static constexpr std::size_t kMost = sizeof(Word) / sizeof(Place);
  static constexpr int kBits = 8 * sizeof(Place);

  struct Cell {
    Word places;
    std::int32_t goodness;  ///< of the focal party
  };

  void shape(const BoxFields& box) {
    box_ = &box;
    cells.resize(box.padded);
    done_.resize(box.padded / 64 + 1);
    stack_.resize(box.padded);
    orders_.resize(box.fields.size() * box.padded);
    pointers_.resize(box.fields.size());
    fill_.resize(box.padded);
    for (std::size_t j = 0; j < box.fields.size(); ++j)
      pointers_[j].resize(box.padded >> box.fields[j].width);
  }

  /// Of the box at hand, by padded state.
  std::vector<Cell> cells;

  /// Sorts each row of each opponent, worst first, from the places in `cells`. `states` are the
  /// states of the box.
  template <class States>
  void sort_rows(const States& states) {
    for (std::size_t j = 0; j < box_->fields.size(); ++j) {
      const auto& f = box_->fields[j];
      Place* order = orders_.data() + j * box_->padded;
      std::fill(fill_.begin(), fill_.end(), Place{0});
      const std::uint32_t field = (1u << f.width) - 1;
      states([&](std::uint32_t z) {
        const std::uint32_t base = row(z, f) << f.width;
        const std::uint32_t slot = base + place(cells[z].places, j);
        order[slot + fill_[slot]++] = static_cast<Place>((z >> f.shift) & field);
      });
    }
  }

  /// Meets the states in the given order, ascending in the value, and calls reach(state, cell,
  /// first) for each state with the number, in that order, of the state it can be led to that has
  /// the least value. `count` states are in the box.
  template <std::size_t J, class Reach>
  void settle(const std::uint32_t* order, std::uint32_t count, const Reach& reach) {
    std::fill(done_.begin(), done_.end(), std::uint64_t{0});
    for (auto& p : pointers_) std::fill(p.begin(), p.end(), Place{0});
    std::uint32_t* const stack = stack_.data();
    std::uint64_t* const done = done_.data();
    const BoxFields::Field* const fields = box_->fields.data();
    struct Row {
      const Place* order;
      Place* pointer;
      int shift;
      int width;
    };
    Row rows[J > 0 ? J : 1];
    for (std::size_t j = 0; j < J; ++j)
      rows[j] = {orders_.data() + j * box_->padded, pointers_[j].data(), fields[j].shift,
                 fields[j].width};
    constexpr std::uint32_t kAhead = 12;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i + kAhead < count) __builtin_prefetch(&cells[order[i + kAhead]]);
      const std::uint32_t from = order[i];
      if ((done[from >> 6] >> (from & 63)) & 1u) continue;
      done[from >> 6] |= std::uint64_t{1} << (from & 63);
      std::uint32_t height = 0;
      stack[height++] = from;
      while (height > 0) {
        const std::uint32_t t = stack[--height];
        const Cell& cell = cells[t];
        reach(t, cell, i);
        for (std::size_t j = 0; j < J; ++j) {
          const Row& r = rows[j];
          const std::uint32_t low = t & ((1u << r.shift) - 1);
          const std::uint32_t high = t >> (r.shift + r.width);
          const std::uint32_t number = (high << r.shift) | low;
          const auto below = static_cast<Place>(cell.places >> (kBits * j));
          Place at = r.pointer[number];
          if (below <= at) continue;
          const Place* list = r.order + (std::size_t{number} << r.width);
          const std::uint32_t base = (high << (r.shift + r.width)) | low;
          for (; at < below; ++at) {
            const std::uint32_t x = base | (std::uint32_t{list[at]} << r.shift);
            std::uint64_t& word = done[x >> 6];
            const std::uint64_t bit = std::uint64_t{1} << (x & 63);
            if ((word & bit) == 0) {
              word |= bit;
              stack[height++] = x;
            }
          }
          r.pointer[number] = at;
        }
      }
    }
  }

 private:
  static std::uint32_t row(std::uint32_t z, const BoxFields::Field& f) {
    return ((z >> (f.shift + f.width)) << f.shift) | (z & ((1u << f.shift) - 1));
  }
  static std::uint32_t place(Word places, std::size_t j) {
    return static_cast<Place>(places >> (kBits * j));
  }

  const BoxFields* box_ = nullptr;
  std::vector<std::uint64_t> done_;
  std::vector<std::uint32_t> stack_;
  std::vector<Place> orders_;
  std::vector<std::vector<Place>> pointers_;
  std::vector<Place> fill_;
};

/// Numbers 0 … n-1 in ascending order of a key. `keys` is used up.
class KeySort {
 public:
  /// Sorts `states` by `keys`, both of `n` entries, stably.
  void sort(std::uint32_t* keys, std::uint32_t* states, std::uint32_t n) {
    if (n < 2) return;
    std::uint32_t least = keys[0];
    std::uint32_t most = keys[0];
    for (std::uint32_t i = 1; i < n; ++i) {
      least = std::min(least, keys[i]);
      most = std::max(most, keys[i]);
    }
    const std::uint32_t range = most - least;
    const int bits = std::bit_width(range);
    if (bits == 0) return;
    other_keys_.resize(n);
    other_states_.resize(n);
    const int passes = (bits + 10) / 11;
    const int width = (bits + passes - 1) / passes;
    const std::uint32_t mask = (1u << width) - 1;
    std::uint32_t* k = keys;
    std::uint32_t* s = states;
    std::uint32_t* k2 = other_keys_.data();
    std::uint32_t* s2 = other_states_.data();
    for (int pass = 0; pass < passes; ++pass) {
      const int shift = pass * width;
      counts_.assign(std::size_t{mask} + 2, 0);
      for (std::uint32_t i = 0; i < n; ++i) ++counts_[(((k[i] - least) >> shift) & mask) + 1];
      for (std::size_t b = 1; b < counts_.size(); ++b) counts_[b] += counts_[b - 1];
      for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t at = counts_[((k[i] - least) >> shift) & mask]++;
        k2[at] = k[i];
        s2[at] = s[i];
      }
      std::swap(k, k2);
      std::swap(s, s2);
    }
    if (k != keys) {
      std::copy(k, k + n, keys);
      std::copy(s, s + n, states);
    }
  }

 private:
  std::vector<std::uint32_t> other_keys_;
  std::vector<std::uint32_t> other_states_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace wayout
