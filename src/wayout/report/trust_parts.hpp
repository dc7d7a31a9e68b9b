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
/// A bar of twenty cells; a share above 0 shows one, a share below 1 not all.
std::string share_bar(double share);
/// Characters, not bytes.
std::size_t columns(const std::string& text);
/// With blanks up to so many columns, and cut to so many.
std::string padded(std::string text, std::size_t width);
std::string cut(const std::string& text, std::size_t width);
/// The width for names of which the widest is to fit, within limits.
std::size_t name_width(std::span<const InputGroup> groups, std::span<const std::size_t> shown,
                       std::size_t most);

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
