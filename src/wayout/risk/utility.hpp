#pragma once
/// @file
/// How much a party minds: utilities for choice probabilities, never used to order states
/// (SEMANTICS section 6).

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

/// u of one party before scaling: weights and additive values without the vital statements, or the
/// dense position (1 = worst) in its order for priorities and rankings. A third party's is 0.
class Utility {
 public:
  /// Errors: a unanimous preference; priorities over more than `most_states` feasible states.
  static Result<Utility> make(const Conflict& conflict, PartyId p,
                              std::size_t most_states = std::size_t{1} << 22);

  double operator()(State s) const;
  /// t is below s in the vital part of the order: such moves are refused.
  bool loses_vital(State s, State t) const;

  /// What matters while only the bits of `mask` change: differences of u and vital losses are the
  /// same, u itself is not. Cost: the terms that touch the mask.
  Utility local(UInt128 mask) const;
  /// The bits that u, or a vital loss, depends on.
  UInt128 support() const { return support_; }

 private:
  struct Term {
    ExprId when;
    double points = 0;
  };
  struct Additive {
    OptionId option;
    std::vector<double> points;
  };
  const Conflict* conflict_ = nullptr;
  PartyId party_;
  Method method_ = Method::Weights;
  bool indifferent_ = false;
  std::vector<Term> terms_;
  std::vector<Term> vital_;  ///< weights: points to be summed; priorities: in order
  std::vector<Additive> additive_;
  std::shared_ptr<const std::map<std::vector<bool>, double>> positions_;
  UInt128 support_ = 0;
};

/// What one ordinary step is worth to each party: the median absolute change of u over its own
/// one-option moves at the states within three moves of the status quo, where it is not zero.
/// Made once from the case without measures and variants, and kept under all of them.
struct Normaliser {
  std::map<std::string, double> scale;  ///< party id → one ordinary step
};

/// From the base case. Moves are the menus of the chain: one option at a time for parties,
/// improvements for tracks; all arcs in graph form. A party without own moves that change u is
/// scaled by what all movers' moves there change; where nothing changes u, by 1. Without a status
/// quo, and without `from`, by the first feasible state. Errors: those of Utility.
/// Cost: the states within three moves times their moves.
Result<Normaliser> normaliser(const Conflict& base, std::optional<State> from = {});

/// `kept`, with what parties it does not name (those of a variant) have in this conflict.
Result<Normaliser> complete(const Normaliser& kept, const Conflict& conflict);

}  // namespace wayout
