#pragma once
/// @file
/// Probabilities of catastrophes for the tests of claims: one chain of a dispute answers all that
/// is asked of it. For the claims' files only.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

struct Normaliser;

/// What one ordinary step is worth to each party, from the case without measures and variants.
class RiskScale {
 public:
  explicit RiskScale(const Parts& file);
  explicit RiskScale(const Conflict& base);
  /// nullptr where there is none; `fault` says why.
  const Normaliser* get() const { return scale_.get(); }
  const std::string& fault() const { return fault_; }

 private:
  void make(const Conflict& base);
  std::shared_ptr<const Normaliser> scale_;
  std::string fault_;
};

/// A probability between two bounds.
struct Chance {
  double lower = 0;
  double upper = 1;
  std::uint64_t states = 0;
  End end = End::Complete;
  std::string fault;  ///< why there is none
};

struct ChanceQuestion {
  State start;
  std::string of;  ///< a catastrophe's id, or "any"
  double horizon = 0;
  friend bool operator<(const ChanceQuestion& a, const ChanceQuestion& b) {
    return std::tie(a.start, a.of, a.horizon) < std::tie(b.start, b.of, b.horizon);
  }
};

/// The questions asked of one dispute, answered together at the first look.
class ChanceBook {
 public:
  void ask(const ChanceQuestion& q) { answers_.emplace(q, Chance{}); }
  Chance chance(const Conflict& conflict, const RiskScale& scale, const ChanceQuestion& q,
                std::size_t most_states, const Watch& watch);

 private:
  void answer(const Conflict& conflict, const RiskScale& scale, std::size_t most_states,
              const Watch& watch);
  std::map<ChanceQuestion, Chance> answers_;
  bool answered_ = false;
};

}  // namespace wayout
