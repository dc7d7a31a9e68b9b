#pragma once
/// @file
/// Risk in plain words.

#include <string>
#include <vector>

#include "wayout/report/style.hpp"
#include "wayout/risk/risk.hpp"

namespace wayout {

/// What one measure does to the risk of any catastrophe by the horizon.
struct MeasureRisk {
  std::string id;
  std::string name;
  double cost = 1;
  Interval by;                    ///< with it
  std::optional<double> removed;  ///< risk without minus risk with, by the middles
  std::string fault;              ///< why it was not judged; "" where it was
};

/// The whole report. `measures` as ranked by the caller; at most `most` numbers and places are
/// listed.
std::string risk_text(const Conflict& conflict, State start, const RiskAnswer& answer,
                      const std::vector<std::vector<State>>& drift,
                      const std::vector<MeasureRisk>& measures, std::optional<double> below,
                      const TextStyle& style, std::size_t most);

/// "38.3 %", "0.012 %", "between 12 % and 15 %".
std::string percent(double p);
std::string percent(const Interval& p);

}  // namespace wayout
