#pragma once
/// @file
/// What a mover may do when it acts, and how likely it is to do it (SEMANTICS section 6).

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
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

/// What a statement of a party may be worth in any profile of a case, at least and at most, in
/// points. For method weights.
using StatementRange = std::function<std::pair<double, double>(PartyId, std::size_t statement)>;

/// All menus of one mover over the states met: two states that agree on everything its menu depends
/// on share one. Not for several threads at once.
class MenuBook {
 public:
  /// Keeps references: conflict and utilities must outlive it. `scale` per party.
  /// With `ranges` the menus hold every move that may be in them in some profile, and remember what
  /// each is made of: for in_profile(). Requires then that supports_profiles().
  MenuBook(const Conflict& conflict, MoverId m, const std::vector<Utility>& utilities,
           const std::vector<double>& scale, bool one_option, const StatementRange& ranges = {});

  /// Option form, with members that have weights or no preference at all.
  static bool supports_profiles(const Conflict& conflict, MoverId m);
  /// The numbers of another profile of the same case; menus are worked out as they are needed.
  struct Profile {
    struct Gain {
      std::int64_t vital = 0;
      std::int64_t tail = 0;
      double steps = 0;  ///< the tail, in ordinary steps
    };
    std::vector<std::vector<std::int64_t>> units;  ///< [member][feature]
    std::vector<double> step;                      ///< [member]: units of one ordinary step
    std::vector<std::vector<Gain>> gains;          ///< [member][form]
    double rationality = 1;
    std::vector<double> probability;  ///< per item, once the menu is ready; 0 for what is not in it
    std::vector<double> moving;       ///< per menu: the sum of its items
    std::vector<std::uint8_t> ready;  ///< per menu
  };
  /// nullopt where a statement is worth more or less there than its range says.
  std::optional<Profile> in_profile(const Conflict& profile, const std::vector<double>& scale,
                                    double rationality) const;
  /// Makes room in a profile for the menus made since.
  void extend(Profile& profile) const;
  /// Makes a menu ready. Cost: one exponential an item.
  void make_ready(Profile& profile, std::uint32_t menu) const;
  /// The bits of a state that its menu depends on.
  UInt128 support() const { return key_mask_; }

  using Form = std::vector<std::pair<std::uint32_t, int>>;  ///< feature, +1 or -1
  /// How one act of the mover can bring a condition about, in any state at all.
  struct Turning {
    bool any = false;                     ///< nothing is known of it
    std::vector<std::vector<Form>> ways;  ///< per option and level set: what changes with it
  };
  /// Tries every setting of the options that matter; `any` where those are too many, or for a
  /// track.
  Turning turning(const Condition& when) const;
  /// At most so likely is it that an act does that, wherever the condition does not hold yet: an
  /// item has at most e^λΔ / (1 + e^λΔ).
  double most_likely(const Turning& turning, const Profile& profile) const;

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
  /// A statement that moves of this mover can change.
  struct Feature {
    std::size_t statement = 0;
    ExprId when;
    bool vital = false;
    double low = 0;
    double high = 0;
  };
  struct Member {
    PartyId party;
    Utility utility;
    double scale = 1;
    std::vector<Feature> features;
    std::map<Form, std::uint32_t> numbers;  ///< of forms
    std::vector<Form> forms;
  };
  Profile::Gain gain_of(const Profile& profile, std::size_t member, const Form& form) const;
  void find_features(const StatementRange& ranges);
  void add_possible(State s, std::vector<State>& targets);
  Form form(const Member& member, const std::vector<bool>& held, State t) const;
  /// Whether some profile may have the move in its menu.
  bool may_want(const std::vector<Form>& forms) const;
  std::vector<Member> members_;
  UInt128 key_mask_ = 0;
  StateTable keys_;
  std::vector<std::size_t> begin_{0};
  std::vector<UInt128> flip_;  ///< the bits that change; graph form: the target
  std::vector<double> delta_;
  std::vector<double> probability_;
  std::vector<double> slope_;
  std::vector<Staying> staying_;
  bool profiles_ = false;
  std::vector<std::uint8_t> in_menu_;  ///< with profiles_: per item, in the menu of this conflict
  std::vector<std::uint32_t> forms_;   ///< with profiles_: [item × members]
  double rationality_ = 1;
};

}  // namespace wayout
