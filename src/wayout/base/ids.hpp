#pragma once
/// @file
/// Strong ids: a number that says what it counts. No arithmetic, no mixing.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <vector>

namespace wayout {

/// The position of something in its list, from 0. `Tag` keeps parties, options and states apart.
template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : index_(static_cast<std::uint32_t>(index)) {}
  constexpr std::size_t index() const { return index_; }
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  std::uint32_t index_ = 0;
};

/// The ids 0 … size-1 as a range for `for (auto id : IdRange<PartyId>(n))`.
template <class I>
class IdRange {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = I;
    using difference_type = std::ptrdiff_t;
    using pointer = const I*;
    using reference = I;
    explicit iterator(std::size_t i) : i_(i) {}
    I operator*() const { return I(i_); }
    iterator& operator++() {
      ++i_;
      return *this;
    }
    friend bool operator==(iterator a, iterator b) { return a.i_ == b.i_; }

   private:
    std::size_t i_;
  };
  explicit IdRange(std::size_t size) : size_(size) {}
  iterator begin() const { return iterator(0); }
  iterator end() const { return iterator(size_); }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
};

/// A vector indexed by its own kind of id and by no other.
template <class I, class T>
class IdVector {
 public:
  IdVector() = default;
  explicit IdVector(std::size_t size, const T& value = T()) : items_(size, value) {}
  T& operator[](I id) { return items_.at(id.index()); }
  const T& operator[](I id) const { return items_.at(id.index()); }
  I push_back(T value) {
    items_.push_back(std::move(value));
    return I(items_.size() - 1);
  }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  IdRange<I> ids() const { return IdRange<I>(items_.size()); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<T> items_;
};

}  // namespace wayout

template <class Tag>
struct std::hash<wayout::Id<Tag>> {
  std::size_t operator()(wayout::Id<Tag> id) const { return id.index(); }
};
