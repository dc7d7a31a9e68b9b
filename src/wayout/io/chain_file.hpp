#pragma once
/// @file
/// Markov chains written by model checkers: PRISM's explicit files, Storm's DRN.

#include <string>
#include <string_view>

#include "wayout/base/error.hpp"
#include "wayout/space/explicit_chain.hpp"

namespace wayout {

/// Limits of what is read; messages name them.
struct ChainLimits {
  static constexpr std::size_t kStates = 4'000'000;
  static constexpr std::size_t kLabels = 60;
};

/// Storm's DRN of a CTMC or DTMC with plain numbers: one action a state, one initial state. A
/// comment //[…] under a state is its name. Errors: one located fault: syntax, numbers, states out
/// of order or unknown, other kinds of model, parameters, limits. Cost: linear.
Result<ExplicitChain> read_drn(std::string_view text, const std::string& path);

/// PRISM's .tra of a CTMC (the file does not say; rows of a DTMC are read as rates), with the
/// contents of .lab and .sta, "" where there is none. Without .lab state 0 is the initial one.
Result<ExplicitChain> read_tra(std::string_view tra, std::string_view lab, std::string_view sta,
                               const std::string& path);

}  // namespace wayout
