#pragma once
/// @file
/// Markov chains for model checkers: PRISM's explicit files and language, Storm's DRN.

#include <string>

#include "wayout/space/explicit_chain.hpp"

namespace wayout {

/// PRISM's explicit files of one chain: transitions, labels, states.
struct PrismExplicit {
  std::string tra;
  std::string lab;
  std::string sta;  ///< names in place of values, in brackets
};
PrismExplicit to_prism_explicit(const ExplicitChain& chain);

/// Storm's DRN; names as comments //[…] under their states. Numbers are written so that they read
/// back the same.
std::string to_drn(const ExplicitChain& chain);

/// The PRISM language: one module, one variable, names as comments. For small chains: the file is
/// as long as the list of transitions.
std::string to_prism(const ExplicitChain& chain);

}  // namespace wayout
