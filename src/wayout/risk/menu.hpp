#pragma once
/// @file
/// What a mover may do when it acts, and how likely it is to do it (SEMANTICS section 6).

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/risk/row_kernels.hpp"
#include "wayout/risk/utility.hpp"
#include "wayout/space/state_table.hpp"

namespace wayout {

/// The menu without staying, ascending: for a party R_m(s), only one option changed at a time where
/// `one_option`, vital losses included; for a track R_m^+(s). In graph form every arc.
std::vector<State> menu_moves(const Conflict& conflict, MoverId m, State s, bool one_option);

/// The logit: probability of each item in proportion to exp(λ Δ), and of staying (Δ = 0), the
/// largest exponent subtracted. λ = ∞: uniform among the best, staying included.
/// `slope` receives the derivatives to λ (0 for λ = ∞). Returns the probability of staying and its
/// derivative.
struct Staying {
  double probability = 1;
  double slope = 0;
};
Staying choice(std::span<const double> deltas, double rationality, std::span<double> probability,
               std::span<double> slope);

/// All menus of one mover over the states met: two states that agree on everything its menu depends
/// on share one. Not for several threads at once.
class MenuBook {
 public:
  /// Keeps references: conflict and utilities must outlive it. `scale` per party.
  MenuBook(const Conflict& conflict, MoverId m, const std::vector<Utility>& utilities,
           const std::vector<double>& scale, bool one_option);

  /// The menu at s, made where it is new.
  std::uint32_t menu_of(State s);
  std::size_t size() const { return begin_.size() - 1; }
  std::size_t items(std::uint32_t menu) const { return begin_[menu + 1] - begin_[menu]; }
  std::size_t first(std::uint32_t menu) const { return begin_[menu]; }
  /// Where an item leads from s.
  State target(std::size_t item, State s) const {
    return graph_ ? State{flip_[item]} : State{s.bits ^ flip_[item]};
  }
  double delta(std::size_t item) const { return delta_[item]; }

  /// Probabilities and slopes at this rationality, for every menu made so far and from now on.
  void choose(double rationality);
  double rationality() const { return rationality_; }
  double probability(std::size_t item) const { return probability_[item]; }
  double slope(std::size_t item) const { return slope_[item]; }
  const Staying& staying(std::uint32_t menu) const { return staying_[menu]; }
  /// The menus as the kernels take them.
  MenuRun run(double tempo) const {
    return {begin_.data(), probability_.data(), slope_.data(), tempo};
  }

 private:
  void add(State s);
  void choose_one(std::size_t menu);
  bool wanted(State s, State t) const;
  double change(State s, State t) const;
  void enumerate(State s, std::vector<State>& out) const;

  const Conflict* conflict_;
  MoverId mover_;
  const MoverInfo* info_;
  bool graph_ = false;
  bool one_option_ = true;
  struct Member {
    PartyId party;
    Utility utility;
    double scale = 1;
  };
  std::vector<Member> members_;
  UInt128 key_mask_ = 0;
  StateTable keys_;
  std::vector<std::size_t> begin_{0};
  std::vector<UInt128> flip_;  ///< the bits that change; graph form: the target
  std::vector<double> delta_;
  std::vector<double> probability_;
  std::vector<double> slope_;
  std::vector<Staying> staying_;
  double rationality_ = 1;
};

}  // namespace wayout
