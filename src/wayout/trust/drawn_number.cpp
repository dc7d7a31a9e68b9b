#include "wayout/trust/drawn_number.hpp"

#include <algorithm>

namespace wayout {
namespace {

Int128 size_of(Int128 x) { return x < 0 ? -x : x; }

std::optional<Int128> power_of_ten(int k) {
  if (k < 0 || k > 30) return std::nullopt;
  Int128 out = 1;
  for (; k > 0; --k) out *= 10;
  return out;
}

}  // namespace

int drawn_places(const Sampler& sampler, const Quantity& q, std::int32_t input) {
  const auto value = q.value();
  int places = value ? value->places() : 0;
  if (input >= 0)
    places = std::max(places,
                      sampler.inputs()[static_cast<std::size_t>(input)].places + q.times.places());
  return places;
}

std::optional<DrawnNumber> drawn_number(const Sampler& sampler, const Quantity& q,
                                        std::int32_t input, int places, Int128& most) {
  const auto value = q.value();
  const auto plain = value ? value->scaled(places) : std::nullopt;
  if (!plain) return std::nullopt;
  DrawnNumber out;
  out.input = input;
  out.plain = *plain;
  most = size_of(*plain);
  if (input < 0) return out;
  const Input& in = sampler.inputs()[static_cast<std::size_t>(input)];
  out.stands = sampler.plain_of(static_cast<std::size_t>(input));
  const auto power = power_of_ten(places - in.places - q.times.places());
  if (!power || size_of(q.times.mantissa()) > INT64_MAX / *power) return std::nullopt;
  out.factor = static_cast<std::int64_t>(q.times.mantissa() * *power);
  for (const std::int64_t end : {in.first, in.last})
    most = std::max(most, size_of(Int128{end} * out.factor));
  if (most >= kMostDrawn) return std::nullopt;
  return out;
}

}  // namespace wayout
