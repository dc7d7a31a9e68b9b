#pragma once
/// @file
/// Numbers of a case as functions of the draws. For the trust room.

#include <cstdint>
#include <optional>
#include <span>

#include "wayout/trust/sample.hpp"

namespace wayout {

/// A number of the case in whole units of a scale: the draw times a factor, or what a plain run
/// has.
struct DrawnNumber {
  std::int32_t input = -1;  ///< -1: no draw changes it
  std::int64_t stands = 0;  ///< the draw that means "as it is written"
  std::int64_t plain = 0;
  std::int64_t factor = 0;
  std::int64_t at(std::span<const std::int64_t> draws) const {
    if (input < 0 || draws[static_cast<std::size_t>(input)] == stands) return plain;
    return draws[static_cast<std::size_t>(input)] * factor;
  }
};

/// Sums stay below this, as build() demands of scores.
inline constexpr Int128 kMostDrawn = Int128{1} << 61;

/// Decimal places that a quantity needs whatever is drawn for it (input -1: nothing is).
int drawn_places(const Sampler& sampler, const Quantity& q, std::int32_t input);

/// The quantity over 10^places, and its greatest size in `most`; nullopt where that does not fit.
std::optional<DrawnNumber> drawn_number(const Sampler& sampler, const Quantity& q,
                                        std::int32_t input, int places, Int128& most);

}  // namespace wayout
