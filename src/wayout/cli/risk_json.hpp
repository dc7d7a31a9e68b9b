#pragma once
/// @file
/// Risk as JSON (docs/json.md).

#include <string>
#include <vector>

#include "wayout/report/risk_text.hpp"
#include "wayout/risk/risk.hpp"

namespace wayout::cli {

std::string risk_json(const Conflict& conflict, State start, const RiskAnswer& answer,
                      const std::vector<std::vector<State>>& drift,
                      const std::vector<MeasureRisk>& measures, std::optional<double> below);

}  // namespace wayout::cli
