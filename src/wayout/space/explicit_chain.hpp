#pragma once
/// @file
/// A Markov chain given outright: states, transitions, labels. What files of chains hold.

#include <cstdint>
#include <string>
#include <vector>

namespace wayout {

struct ExplicitChain {
  /// Rates of a continuous-time chain; otherwise probabilities of a discrete-time one.
  bool continuous = true;
  std::vector<std::uint64_t> begin{0};  ///< per state, one more at the end
  std::vector<std::uint32_t> to;
  std::vector<double> rate;
  std::vector<std::string> names;  ///< one for each state, or none at all
  struct Label {
    std::string name;
    std::vector<std::uint32_t> states;  ///< ascending
    friend bool operator==(const Label&, const Label&) = default;
  };
  std::vector<Label> labels;  ///< without "init"
  std::uint32_t initial = 0;

  std::size_t size() const { return begin.size() - 1; }
  friend bool operator==(const ExplicitChain&, const ExplicitChain&) = default;
};

}  // namespace wayout
