#pragma once
/// @file
/// A value or an error, after the interface of std::expected (C++23), which can replace it later.

#include <stdexcept>
#include <utility>
#include <variant>

namespace wayout {

/// Marks a value as the error of an Expected.
template <class E>
struct Unexpected {
  E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

/// Either a T or an E. Reading the side that is not there throws std::logic_error: a broken promise
/// of the programmer, not an event of the input.
template <class T, class E>
class Expected {
 public:
  Expected(T value) : data_(std::in_place_index<0>, std::move(value)) {}
  Expected(Unexpected<E> u) : data_(std::in_place_index<1>, std::move(u.error)) {}

  bool has_value() const { return data_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    require(has_value());
    return *std::get_if<0>(&data_);
  }
  const T& value() const& {
    require(has_value());
    return *std::get_if<0>(&data_);
  }
  T&& value() && {
    require(has_value());
    return std::move(*std::get_if<0>(&data_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  E& error() & {
    require(!has_value());
    return *std::get_if<1>(&data_);
  }
  const E& error() const& {
    require(!has_value());
    return *std::get_if<1>(&data_);
  }

 private:
  static void require(bool ok) {
    if (!ok) throw std::logic_error("Expected: the side that was read is not there");
  }
  std::variant<T, E> data_;
};

}  // namespace wayout
