#pragma once
/// @file
/// Pieces of text that all answers of trust are set from.

#include <span>
#include <string>
#include <vector>

#include "wayout/trust/flip.hpp"
#include "wayout/trust/hinge.hpp"

namespace wayout {

/// "12.3", "<0.1", "100": per cent without the sign.
std::string percent_of(double share);
/// A bar; a share above 0 shows one cell, a share below 1 not all.
std::string share_bar(double share, std::size_t cells = 20);
/// What is told of one group of inputs: a share as a bar, and figures behind it.
struct InputRow {
  std::size_t group;
  double share;
  std::string figures;
};
/// A line for each, the names before the bars; two on a narrow terminal, the names above.
std::string input_rows(std::span<const InputGroup> groups, std::span<const InputRow> rows,
                       std::size_t width);

/// "3 uncertain inputs: 2 weights and 1 rate".
std::string told_inputs(std::span<const Input> inputs);
/// A line for each of the inputs that explain most of the variance.
std::string variance_rows(std::span<const InputGroup> groups, const SobolResult& sobol,
                          std::size_t width);
std::string shapley_line(std::span<const InputGroup> groups, const ShapleyResult& shapley);
/// "a rate: 0.2 instead of 0.1 (range 0.05 to 0.3); …".
std::string told_changes(const Conflict& conflict, std::span<const Input> inputs, const Flip& flip);
/// The value of an input as a person reads it: a number, or what a choice means.
std::string input_value(const Conflict& conflict, const Input& input, std::int64_t drawn);

}  // namespace wayout
