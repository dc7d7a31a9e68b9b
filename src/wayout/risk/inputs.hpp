#pragma once
/// @file
/// The numbers of a case that a chain is made of: tempos, rationality, rates of hazards, factors.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

enum class InputKind {
  Tempo,        ///< τ_m, decisions per unit of time
  Rationality,  ///< λ_m, e-fold preference for one ordinary step
  Rate,         ///< of a hazard, per unit of time
  Factor        ///< multiplies a hazard's rate where its condition holds
};

/// "tempo", "rationality", "rate", "factor".
std::string_view input_kind_name(InputKind kind);

/// One number with its range; a plain number has low = high = value.
struct RiskInput {
  InputKind kind = InputKind::Rate;
  std::string id;    ///< unique: "tempo:up", "rationality:*", "rate:brawl", "factor:brawl.1"
  std::string name;  ///< for a person
  double value = 0;
  double low = 0;
  double high = 0;
  std::string path;  ///< in the case file
  bool ranged() const { return low < high; }
};

inline constexpr std::size_t kNoInput = std::numeric_limits<std::size_t>::max();

/// Who uses which input.
struct RiskInputs {
  std::vector<RiskInput> list;
  std::vector<std::size_t> tempo;        ///< per mover; kNoInput where it never moves
  std::vector<std::size_t> rationality;  ///< per mover; kNoInput where it never moves
  struct Hazard {
    std::size_t rate = kNoInput;
    std::vector<std::size_t> factors;
  };
  std::vector<Hazard> hazards;  ///< as parts().hazards
  double horizon = 0;           ///< of the case
  std::string unit;             ///< of time

  std::vector<double> values() const;
};

/// Reads them. `rationality`, where given, stands for that of every mover (infinity allowed).
/// Faults: a mover that can move and has no tempo, or no rationality of its own, of "*", or (a
/// track) of its members.
Result<RiskInputs> risk_inputs(const Conflict& conflict, std::optional<double> rationality = {});

}  // namespace wayout
