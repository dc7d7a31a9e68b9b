#pragma once
/// @file
/// Simulated courses of events of a conflict's chain (SEMANTICS section 6), in any profile of a
/// case: what catastrophes come to on average over many courses is their probability by a time.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wayout/risk/chain.hpp"

namespace wayout {

/// Goes the way of events from a state: movers act at their tempos, hazards that change levels act
/// at their rates. Hazards that lead to catastrophes do not strike; what they would have done is
/// summed up on the way, so that a course comes to a probability and not to yes or no, and its mean
/// over courses is the same. Each mover and hazard draws from a stream of its own: courses of the
/// same number in two disputes, from two states or in two profiles meet the same chances, so that
/// what they differ in is mostly due to what the disputes differ in. Not for several threads at
/// once.
class Simulator {
 public:
  /// Requires ConflictChain::supports_profiles(). `ranges` as for a chain. Errors: those of
  /// ConflictChain::make().
  static Result<Simulator> make(const Conflict& conflict, const Normaliser& normaliser,
                                const StatementRange& ranges);

  /// How many times in a unit of time movers and hazards act at most, on average, in a course; 0
  /// where inputs are missing.
  static double events_per_unit(const Conflict& conflict);

  /// Takes the numbers of a profile, the conflict's own or another one's of the same case. false
  /// where a number leaves its range, or the two differ in more than numbers: then there are none
  /// to go by. Cost: a pass over the menus met so far.
  bool take(const Conflict& profile, const Normaliser& normaliser);

  /// Draws the chances of a course, for all starts. Requires numbers taken.
  void draw(std::uint64_t seed, std::uint64_t course, double horizon);
  std::size_t events() const { return events_.size(); }  ///< of the course drawn
  /// What the course drawn comes to from `start`: per catastrophe (in the order of the case) the
  /// probability that it comes about by the horizon, and last that any does. false where a hazard
  /// leads to an infeasible state: the case is at fault. Cost: some 20 ns an act and 0.3 µs a
  /// change, and 5 µs for each menu that was never met before.
  bool follow(State start, std::span<double> chances);
  std::size_t catastrophes() const { return catastrophes_; }
  /// Where follow() puts the chance of a catastrophe; of "any" where there is none of this id.
  std::size_t place_of(const std::string& of) const;
  /// Whether states are what that place stands for: then a course may come to 1 all at once.
  bool by_state(std::size_t place) const;
  /// Items of menus, and settings of what hazards look at, that were met and are kept.
  std::size_t remembered() const;

 private:
  struct Source {
    std::string stream;
    double rate = 0;     ///< at most
    std::size_t of = 0;  ///< mover or hazard
    bool hazard = false;
  };
  struct Event {
    double time = 0;
    std::uint32_t source = 0;
    double u = 0;
  };
  /// A menu made ready: what is asked of it at every act.
  struct Menu {
    double moving = 0;  ///< probability of not staying
    std::uint32_t menu = kNoState;
  };
  /// Where a course is, and what was looked up there.
  struct Here {
    State s;
    double since = 0;                    ///< time at which it came there
    double weight = 1;                   ///< probability that nothing has struck yet
    double rate = 0;                     ///< of all that may strike
    std::vector<double> into;            ///< … by catastrophe
    std::vector<Menu> menus;             ///< per mover; kNoState: not looked up yet
    std::vector<std::uint32_t> pattern;  ///< per hazard
  };
  /// What was looked up lately, by the bits it depends on: a course stays near where others were.
  template <class T>
  class Lately {
   public:
    void forget() { slots_.assign(kSlots, {}); }
    template <class LookUp>
    const T& get(UInt128 key, const LookUp& look_up) {
      Slot& slot = slots_[hash_bits(key) % kSlots];
      if (!slot.known || slot.key != key) slot = {key, look_up(), true};
      return slot.value;
    }

   private:
    static constexpr std::size_t kSlots = 1024;
    struct Slot {
      UInt128 key = 0;
      T value{};
      bool known = false;
    };
    std::vector<Slot> slots_;
  };
  explicit Simulator(std::unique_ptr<ConflictChain> chain);
  double rate_at(std::size_t h, std::uint32_t pattern);
  void arrive(State s, UInt128 changed);
  void pass(double until, std::span<double> chances);
  OutcomeMask met(UInt128 changed) const;
  State act(const Event& e);

  std::unique_ptr<ConflictChain> chain_;
  ConflictChain::Numbers numbers_;
  std::vector<std::vector<double>> rates_;  ///< [hazard][pattern]
  std::vector<Source> sources_;
  std::vector<Event> events_;
  double horizon_ = 0;
  std::size_t catastrophes_ = 0;
  Here here_;
  std::vector<Lately<Menu>> menus_;              ///< per mover
  std::vector<Lately<std::uint32_t>> patterns_;  ///< per hazard
};

}  // namespace wayout
