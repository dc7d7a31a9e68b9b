#include "wayout/base/decimal.hpp"

#include <charconv>
#include <cmath>

namespace wayout {
namespace {

const Int128 kLimit = [] {
  Int128 limit = 1;
  for (int i = 0; i < 37; ++i) limit *= 10;
  return limit;
}();

Int128 magnitude(Int128 x) { return x < 0 ? -x : x; }

std::optional<Int128> times(Int128 a, Int128 b) {
  if (a == 0 || b == 0) return Int128{0};
  if (magnitude(a) > kLimit / magnitude(b)) return std::nullopt;
  return a * b;
}

std::optional<Int128> raised(Int128 m, int by) {
  for (int i = 0; i < by; ++i) {
    auto next = times(m, 10);
    if (!next) return std::nullopt;
    m = *next;
  }
  return m;
}

}  // namespace

Decimal::Decimal(Int128 mantissa, int places) : mantissa_(mantissa), places_(places) {
  normalise();
}

void Decimal::normalise() {
  while (places_ > 0 && mantissa_ % 10 == 0) {
    mantissa_ /= 10;
    --places_;
  }
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  std::size_t i = 0;
  bool negative = false;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
  Int128 mantissa = 0;
  int places = 0;
  int digits = 0;
  bool point = false;
  bool any = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '_') continue;
    if (c == '.') {
      if (point) return std::nullopt;
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    mantissa = mantissa * 10 + (c - '0');
    if (mantissa != 0) ++digits;
    if (digits > 30) return std::nullopt;
    if (point) ++places;
  }
  if (!any) return std::nullopt;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    ++i;
    if (i < text.size() && text[i] == '+') ++i;
    int exponent = 0;
    const auto [end, ec] = std::from_chars(text.data() + i, text.data() + text.size(), exponent);
    if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (exponent > 30 || exponent < -30) {
      if (mantissa == 0) return Decimal();
      return std::nullopt;
    }
    places -= exponent;
    if (places < 0) {
      const auto up = raised(mantissa, -places);
      if (!up) return std::nullopt;
      mantissa = *up;
      places = 0;
    }
  }
  const Decimal result(negative ? -mantissa : mantissa, places);
  if (result.places_ > kMaxInputPlaces) return std::nullopt;
  Int128 bound = 1;
  for (int k = 0; k < 15 + result.places_; ++k) bound *= 10;
  if (magnitude(result.mantissa_) >= bound) return std::nullopt;
  return result;
}

std::optional<Decimal> Decimal::from_double(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  char buffer[64];
  const auto [end, ec] = std::to_chars(buffer, buffer + sizeof buffer, value);
  if (ec != std::errc{}) return std::nullopt;
  return parse(std::string_view(buffer, static_cast<std::size_t>(end - buffer)));
}

std::optional<Decimal> Decimal::multiply(const Decimal& a, const Decimal& b) {
  const auto m = times(a.mantissa_, b.mantissa_);
  if (!m) return std::nullopt;
  return Decimal(*m, a.places_ + b.places_);
}

std::optional<Decimal> Decimal::add(const Decimal& a, const Decimal& b) {
  const int places = a.places_ > b.places_ ? a.places_ : b.places_;
  const auto x = raised(a.mantissa_, places - a.places_);
  const auto y = raised(b.mantissa_, places - b.places_);
  if (!x || !y) return std::nullopt;
  const Int128 sum = *x + *y;
  if (magnitude(sum) > kLimit) return std::nullopt;
  return Decimal(sum, places);
}

std::optional<Decimal> Decimal::middle(const Decimal& a, const Decimal& b) {
  const auto sum = add(a, b);
  if (!sum) return std::nullopt;
  const auto fives = times(sum->mantissa_, 5);
  if (!fives) return std::nullopt;
  return Decimal(*fives, sum->places_ + 1);
}

Decimal Decimal::negated() const { return Decimal(-mantissa_, places_); }

double Decimal::to_double() const {
  double value = static_cast<double>(mantissa_);
  return value / std::pow(10.0, places_);
}

std::string Decimal::to_string() const {
  std::string reversed;
  Int128 m = magnitude(mantissa_);
  for (int k = 0; m != 0 || k <= places_; ++k, m /= 10) {
    if (k == places_ && places_ > 0) reversed.push_back('.');
    reversed.push_back(static_cast<char>('0' + static_cast<int>(m % 10)));
  }
  if (mantissa_ < 0) reversed.push_back('-');
  return std::string(reversed.rbegin(), reversed.rend());
}

std::optional<std::int64_t> Decimal::scaled(int places) const {
  if (places < places_) return std::nullopt;
  const auto m = raised(mantissa_, places - places_);
  if (!m || magnitude(*m) > Int128{INT64_MAX}) return std::nullopt;
  return static_cast<std::int64_t>(*m);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const int places = a.places_ > b.places_ ? a.places_ : b.places_;
  const auto x = raised(a.mantissa_, places - a.places_);
  const auto y = raised(b.mantissa_, places - b.places_);
  // Past the exact range the difference in size decides, which a double shows.
  if (!x || !y) {
    const double dx = a.to_double();
    const double dy = b.to_double();
    return dx < dy ? std::strong_ordering::less
                   : (dx > dy ? std::strong_ordering::greater : std::strong_ordering::equal);
  }
  return *x < *y ? std::strong_ordering::less
                 : (*x > *y ? std::strong_ordering::greater : std::strong_ordering::equal);
}

}  // namespace wayout
