#pragma once
/// @file
/// Exact decimals for weights: a whole number over a power of ten, with no rounding anywhere.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wayout {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

/// value = mantissa / 10^places, kept without trailing zeros. Products and sums that leave the
/// range of 38 digits yield nullopt instead of a wrong number.
class Decimal {
 public:
  static constexpr int kMaxInputPlaces = 6;

  constexpr Decimal() = default;
  Decimal(std::int64_t whole) : mantissa_(whole) {}
  Decimal(int whole) : mantissa_(whole) {}

  /// The decimal a person typed ("-0.25", "1e-3", "12"); nullopt when it is no number or has more
  /// than `kMaxInputPlaces` places or more than 15 digits before the point.
  static std::optional<Decimal> parse(std::string_view text);
  /// The decimal a double was typed as (shortest form that reads back the same).
  static std::optional<Decimal> from_double(double value);
  /// mantissa / 10^places. Requires 0 ≤ places ≤ 18.
  static Decimal of(std::int64_t mantissa, int places) { return Decimal(Int128{mantissa}, places); }

  static std::optional<Decimal> multiply(const Decimal& a, const Decimal& b);
  static std::optional<Decimal> add(const Decimal& a, const Decimal& b);
  /// (a + b) / 2, exact.
  static std::optional<Decimal> middle(const Decimal& a, const Decimal& b);
  Decimal negated() const;

  double to_double() const;
  std::string to_string() const;
  bool is_zero() const { return mantissa_ == 0; }
  bool is_negative() const { return mantissa_ < 0; }

  Int128 mantissa() const { return mantissa_; }
  int places() const { return places_; }
  /// mantissa of this value over 10^places; nullopt when it does not fit in 64 bits.
  std::optional<std::int64_t> scaled(int places) const;

  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) {
    return a.mantissa_ == b.mantissa_ && a.places_ == b.places_;
  }

 private:
  Decimal(Int128 mantissa, int places);
  void normalise();
  Int128 mantissa_ = 0;
  int places_ = 0;
};

}  // namespace wayout
