#include "wayout/room/bargaining.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "wayout/base/error.hpp"
#include "wayout/room/big.hpp"

namespace wayout {
namespace {

struct Fraction {
  Big over;
  Big under;  ///< positive
};

int compare(const Fraction& a, const Fraction& b) {
  return compare(a.over * b.under, b.over * a.under);
}

/// The value of one row under one solution, greater is better.
class Judge {
 public:
  Judge(const GainTable& table, Bargain b) : table_(table), bargain_(b) {
    for (const Gain& g : table.gains) vital_ = vital_ || g.vital != 0;
    for (const Gain& g : table.ideal) vital_ = vital_ || g.vital != 0;
    // M = 2^bits_ outweighs every coefficient of the polynomials in M that are compared: they have
    // at most max(N, 4) factors, each below 2^66 with its scale of 10^places.
    bits_ = vital_ ? static_cast<unsigned>(90 * std::max<std::size_t>(table.parties, 4) + 16) : 0;
    for (const int p : table.places) most_places_ = std::max(most_places_, p);
  }

  bool counts(std::size_t row) const {
    if (bargain_ != Bargain::Nash) return true;
    for (std::size_t p = 0; p < table_.parties; ++p)
      if (table_.at(row, p) <= Gain{} && table_.ideal[p] > Gain{}) return false;
    return true;
  }

  /// A floating-point value whose relative error is far below 1e-9; none where vital gains occur.
  std::optional<long double> rough(std::size_t row) const {
    if (vital_) return std::nullopt;
    long double least = std::numeric_limits<long double>::infinity();
    long double most = 0;
    long double sum = 0;
    long double logs = 0;
    for (std::size_t p = 0; p < table_.parties; ++p) {
      const auto g = static_cast<long double>(table_.at(row, p).points);
      const long double unit = std::pow(10.0L, static_cast<long double>(-places(p)));
      if (table_.ideal[p] > Gain{}) logs += std::log(g);
      sum += g * unit;
      if (bargain_ == Bargain::Egalitarian) {
        least = std::min(least, g * unit);
      } else if (table_.ideal[p] > Gain{}) {
        const long double part = g / static_cast<long double>(table_.ideal[p].points);
        least = std::min(least, part);
        most = std::max(most, part);
      }
    }
    switch (bargain_) {
      case Bargain::Nash:
        return logs;
      case Bargain::Utilitarian:
        return sum;
      case Bargain::MinSpread:
        return least - most;
      case Bargain::Egalitarian:
      case Bargain::KalaiSmorodinsky:
        return least;
    }
    return std::nullopt;
  }

  Fraction exact(std::size_t row) const {
    Fraction out{Big(0), Big(1)};
    std::optional<Fraction> least;
    std::optional<Fraction> most;
    if (bargain_ == Bargain::Nash) out.over = Big(1);
    for (std::size_t p = 0; p < table_.parties; ++p) {
      const Big g = number(table_.at(row, p));
      switch (bargain_) {
        case Bargain::Nash:
          if (table_.ideal[p] > Gain{}) out.over = out.over * g;
          continue;
        case Bargain::Utilitarian:
          out.over = out.over + g * scale(p);
          continue;
        case Bargain::Egalitarian: {
          const Fraction f{g * scale(p), Big(1)};
          if (!least || compare(f, *least) < 0) least = f;
          continue;
        }
        case Bargain::KalaiSmorodinsky:
        case Bargain::MinSpread:
          break;
      }
      if (table_.ideal[p] <= Gain{}) continue;
      const Fraction f{g, number(table_.ideal[p])};
      if (!least || compare(f, *least) < 0) least = f;
      if (!most || compare(f, *most) > 0) most = f;
    }
    if (bargain_ == Bargain::MinSpread && least)
      return {least->over * most->under - most->over * least->under, least->under * most->under};
    return least.value_or(out);
  }

 private:
  int places(std::size_t p) const { return table_.places.empty() ? 0 : table_.places[p]; }
  Big number(const Gain& g) const {
    return bits_ == 0 ? Big(g.points) : Big(g.vital).shifted(bits_) + Big(g.points);
  }
  Big scale(std::size_t p) const {
    Big out(1);
    for (int k = places(p); k < most_places_; ++k) out = out * Big(10);
    return out;
  }

  const GainTable& table_;
  Bargain bargain_;
  bool vital_ = false;
  unsigned bits_ = 0;
  int most_places_ = 0;
};

}  // namespace

std::string_view bargain_id(Bargain b) {
  switch (b) {
    case Bargain::Nash:
      return "nash_bargaining_solution";
    case Bargain::KalaiSmorodinsky:
      return "kalai_smorodinsky";
    case Bargain::MinSpread:
      return "min_spread";
    case Bargain::Egalitarian:
      return "egalitarian";
    case Bargain::Utilitarian:
      return "utilitarian";
  }
  return "";
}

std::string_view bargain_title(Bargain b) {
  switch (b) {
    case Bargain::Nash:
      return "Nash bargaining solution";
    case Bargain::KalaiSmorodinsky:
      return "Kalai-Smorodinsky";
    case Bargain::MinSpread:
      return "min-spread";
    case Bargain::Egalitarian:
      return "egalitarian";
    case Bargain::Utilitarian:
      return "utilitarian";
  }
  return "";
}

double share(const Gain& gain, const Gain& ideal) {
  if (ideal.vital != 0) return static_cast<double>(gain.vital) / static_cast<double>(ideal.vital);
  if (ideal.points == 0) return 0;
  return static_cast<double>(gain.points) / static_cast<double>(ideal.points);
}

std::vector<std::size_t> bargain(const GainTable& table, Bargain b) {
  contract(table.ideal.size() == table.parties, "a gain table has an ideal for each party");
  const Judge judge(table, b);
  std::vector<std::size_t> near;
  std::optional<long double> best;
  std::vector<std::optional<long double>> rough(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (!judge.counts(row)) continue;
    near.push_back(row);
    rough[row] = judge.rough(row);
    if (rough[row] && (!best || *rough[row] > *best)) best = rough[row];
  }
  if (best) {
    const long double slack = 1e-9L * std::max(1.0L, std::abs(*best));
    std::erase_if(near, [&](std::size_t row) { return *rough[row] < *best - slack; });
  }
  std::vector<std::size_t> out;
  std::optional<Fraction> most;
  for (const std::size_t row : near) {
    Fraction value = judge.exact(row);
    const int order = most ? compare(value, *most) : 1;
    if (order < 0) continue;
    if (order > 0) {
      out.clear();
      most = std::move(value);
    }
    out.push_back(row);
  }
  return out;
}

}  // namespace wayout
