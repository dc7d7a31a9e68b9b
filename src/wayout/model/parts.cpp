#include "wayout/model/parts.hpp"

namespace wayout {
namespace {

std::optional<Decimal> scaled_by(std::optional<Decimal> x, const Decimal& times) {
  if (!x) return std::nullopt;
  return Decimal::multiply(*x, times);
}

/// about ± spread·|about|.
std::optional<Decimal> spread_end(const Decimal& about, const Decimal& spread, bool up) {
  const Decimal size = about.is_negative() ? about.negated() : about;
  auto half = Decimal::multiply(size, spread);
  if (!half) return std::nullopt;
  return Decimal::add(about, up ? *half : half->negated());
}

}  // namespace

std::optional<Decimal> Quantity::value() const {
  if (form == Form::FromTo) return scaled_by(Decimal::middle(a, b), times);
  return scaled_by(a, times);
}

std::optional<Decimal> Quantity::low() const {
  if (form == Form::AboutSpread) return scaled_by(spread_end(a, b, false), times);
  return scaled_by(a, times);
}

std::optional<Decimal> Quantity::high() const {
  if (form == Form::FromTo) return scaled_by(b, times);
  if (form == Form::AboutSpread) return scaled_by(spread_end(a, b, true), times);
  return scaled_by(a, times);
}

}  // namespace wayout
