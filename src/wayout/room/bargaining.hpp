#pragma once
/// @file
/// Bargaining solutions over a finite list of outcomes, by exact comparison.

#include <cstdint>
#include <string_view>
#include <vector>

namespace wayout {

/// The solutions offered, each under its own name. g_p: what p gains over the reference; G_p: the
/// most that p gains at any outcome of the room (the rational ideal).
enum class Bargain {
  Nash,              ///< greatest product of the gains [Nash50]
  KalaiSmorodinsky,  ///< greatest least share g_p / G_p [KS75]
  MinSpread,         ///< least difference between the largest and the smallest share
  Egalitarian,       ///< greatest least gain [Kalai77]
  Utilitarian        ///< greatest sum of the gains
};
inline constexpr Bargain kBargains[] = {Bargain::Nash, Bargain::KalaiSmorodinsky,
                                        Bargain::MinSpread, Bargain::Egalitarian,
                                        Bargain::Utilitarian};
/// "nash_bargaining_solution", …: the identifier in JSON.
std::string_view bargain_id(Bargain b);
/// "Nash bargaining solution", …
std::string_view bargain_title(Bargain b);

/// What a party gains over its reference: whole numbers of 10^-places points, or rank classes.
/// Vital points come first: g = vital × M + points with M beyond every number, so that a gain on
/// something vital is never traded against ordinary points.
struct Gain {
  std::int64_t vital = 0;
  std::int64_t points = 0;
  friend auto operator<=>(const Gain&, const Gain&) = default;
  friend bool operator==(const Gain&, const Gain&) = default;
};

/// Gains of `parties` parties at each outcome, one row after the other; none is negative.
struct GainTable {
  std::size_t parties = 0;
  std::vector<Gain> gains;
  std::vector<Gain> ideal;  ///< G_p per party
  std::vector<int> places;  ///< per party; only the egalitarian and utilitarian sums need them
  std::size_t rows() const { return parties == 0 ? 0 : gains.size() / parties; }
  const Gain& at(std::size_t row, std::size_t party) const { return gains[row * parties + party]; }
};

/// Every row that the solution picks, ascending: one, or all that tie for it. Compared exactly
/// (floating point only sorts out what is far behind). A party that gains nowhere (ideal zero) is
/// left out of products and shares; Nash looks only at rows where all others gain, and is empty
/// where there is none. Cost: linear in the rows, plus exact arithmetic for the rows near the best,
/// or for all of them where vital gains occur.
std::vector<std::size_t> bargain(const GainTable& table, Bargain b);

/// g_p / G_p for display; 0 where G_p is zero.
double share(const Gain& gain, const Gain& ideal);

}  // namespace wayout
