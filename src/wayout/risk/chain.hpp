#pragma once
/// @file
/// The continuous-time Markov chain of a conflict: moves at the movers' tempos, hazards, and what
/// absorbs (SEMANTICS section 6).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/risk/inputs.hpp"
#include "wayout/risk/matrix.hpp"
#include "wayout/risk/menu.hpp"
#include "wayout/risk/utility.hpp"
#include "wayout/space/perception.hpp"
#include "wayout/space/state_table.hpp"

namespace wayout {

/// What a chain may come to. Bit i of a mask is outcome i.
struct ChainOutcome {
  enum class Kind {
    Catastrophe,
    Goal,     ///< a state that meets the goal; does not stop the chain
    Held,     ///< a goal marked absorbing, met and held: stops the chain
    Outside,  ///< beyond the states explored
    Label     ///< of a chain read from a file
  };
  Kind kind = Kind::Catastrophe;
  std::string id;
  std::string name;
};
using OutcomeMask = std::uint64_t;

/// A chain ready for solving: states 0 … n-1, and one sink n for everything not explored.
struct Chain {
  Rows moves;                          ///< rates between states; column n is the sink
  std::vector<double> out;             ///< per state: sum of its row of `moves`
  std::vector<ChainOutcome> outcomes;  ///< at most 64
  std::vector<double> into;            ///< [state × outcomes + outcome]: rate from a state into it
  std::vector<OutcomeMask> at;         ///< per state: outcomes that the state itself is
  std::uint32_t start = 0;
  bool complete = true;  ///< nothing leads to the sink

  std::size_t size() const { return out.size(); }
  OutcomeMask of_kind(ChainOutcome::Kind kind) const;
  OutcomeMask catastrophes() const { return of_kind(ChainOutcome::Kind::Catastrophe); }
  /// What stops the chain: catastrophes, goals held, the outside.
  OutcomeMask stopping() const;
  std::optional<std::size_t> find(ChainOutcome::Kind kind, const std::string& id) const;
};

struct ChainSettings {
  std::optional<State> from;          ///< instead of the status quo
  std::vector<State> also;            ///< further states to be part of the chain
  std::optional<double> rationality;  ///< of every mover, infinity allowed
  bool one_option = true;             ///< a party's move changes one option; false: any number
  bool absorbing_goals = true;        ///< respect `absorbing = true`
  /// Every party acts on the dispute as it sees it, with its beliefs: its menu holds the true moves
  /// that it sees as its own, its utility is that of its view, and whether a goal holds is judged
  /// in the views. States, hazards, catastrophes and tempos are the true ones. Not with `ranges`.
  bool as_perceived = false;
  std::size_t most_states = 1'000'000;
  /// The likeliest states from the first on, instead of breadth first as long as there are at most
  /// `most_states`: for a part of a chain that is known to be larger.
  bool likeliest_first = false;
  /// For ConflictChain::in_profile(): menus hold what may be in them in any profile.
  StatementRange ranges;
  /// States that meet a catastrophe lead nowhere, for who switches none off; all that are met are
  /// states, on top of `most_states`.
  bool stop_at_catastrophes = false;
  Watch watch;
};

struct Target;

/// A part of the chain of one profile, made from the chain of another by changing the numbers.
struct ProfileChain {
  Chain chain;
  std::vector<std::uint32_t> states;        ///< their numbers in the chain it was made from
  std::vector<std::uint32_t> starts;        ///< where those asked for are
  std::vector<double> values;               ///< of the inputs
  std::vector<std::vector<double>> shares;  ///< per hazard: of what it leads to
  /// Column n + 1 of chain.moves is the calm part of the outside: states where the factor that
  /// raises a hazard most does not hold. At most at this rate an event brings it about.
  double turn = 0;
  /// Per outcome: at most at this rate a move leads into a catastrophe.
  std::vector<double> enter;
};

/// The chain of a conflict, with what it is made of, so that numbers can be changed without
/// exploring again.
class ConflictChain {
 public:
  /// Explores breadth first from the start; where there are more than `most_states` states, again
  /// by probability, the likeliest first. Moves on from catastrophic states are kept (they matter
  /// where a catastrophe is switched off). Errors: no status quo, inputs that are missing, a hazard
  /// that leads to an infeasible state. Cost: about 0.1 µs a transition; 20 bytes a transition.
  /// Deterministic.
  static Result<ConflictChain> make(const Conflict& conflict, const Normaliser& normaliser,
                                    const ChainSettings& settings);

  const Chain& chain() const { return chain_; }
  const Conflict& conflict() const { return *conflict_; }
  const RiskInputs& inputs() const { return inputs_; }
  State state(std::size_t i) const { return met_table_[order_[i]]; }
  /// The number of a state; nullopt where it was not explored.
  std::optional<std::uint32_t> find(State s) const;
  End end() const { return end_; }
  std::size_t met() const {
    return met_table_.size();
  }  ///< states met, the unexplored ones included

  /// Gives the inputs other values (as RiskInputs::list). Cost: one pass over the transitions.
  void set(const std::vector<double>& values);
  const std::vector<double>& values() const { return values_; }

  // What derivatives and bounds look at.
  std::size_t mover_count() const { return movers_.size(); }
  MoverId mover(std::size_t i) const { return movers_[i]; }
  const MenuBook& book(std::size_t i) const { return *books_[i]; }
  std::uint32_t menu(std::size_t state, std::size_t i) const {
    return menus_[state * movers_.size() + i];
  }
  const std::uint32_t* menus() const { return menus_.data(); }  ///< [state × movers]
  /// How the rate of a hazard comes about at a state: which factors hold.
  struct Pattern {
    bool acts = false;
    std::vector<std::uint32_t> factors;  ///< indices into the hazard's factors
  };
  std::size_t hazard_count() const { return hazards_.size(); }
  std::uint32_t pattern(std::size_t state, std::size_t h) const {
    return patterns_of_[state * hazards_.size() + h];
  }
  const std::vector<Pattern>& patterns(std::size_t h) const { return hazards_[h].patterns; }
  double rate(std::size_t h, std::uint32_t pattern) const { return hazards_[h].rates[pattern]; }
  /// Shares of outcomes; empty for a hazard that changes levels.
  const std::vector<std::pair<std::size_t, double>>& shares(std::size_t h) const {
    return hazards_[h].shares;
  }
  bool assigns(std::size_t h) const { return hazards_[h].assigns; }
  /// The place in chain().moves of the transition by hazard h, for one that changes levels; nullopt
  /// where it does nothing.
  std::optional<std::uint64_t> assigned(std::size_t state, std::size_t h) const {
    if (!hazards_[h].assigns) return std::nullopt;
    const std::uint32_t from_end = assigned_[state * assigning_ + hazards_[h].place];
    if (from_end == 0) return std::nullopt;
    return chain_.moves.begin[state + 1] - from_end;
  }
  /// The greatest rate at which a state, explored or not, can come to what counts: a bound from the
  /// inputs alone. Requires that the target asks for catastrophes only, that the others stop it,
  /// and that the chain was made with stop_at_catastrophes, so that no catastrophe met is outside.
  /// Factors whose condition holds only where a catastrophe among counts | stops is met do not
  /// count.
  double outside_rate(const Target& target) const;
  double outside_rate(const Target& target, const ProfileChain& profile, bool calm) const;

  /// Whether chains of other profiles can be made from one of this conflict.
  static bool supports_profiles(const Conflict& conflict);
  /// The likeliest `most_states` states, from `starts` on, of the chain of another profile of the
  /// same case (the same but for numbers); all others are outside. Requires that this chain was
  /// made with ChainSettings::ranges and has the starts. nullopt where a number leaves its range,
  /// or the two differ in more than numbers. Cost: an exponential for each item of the menus met
  /// and some 20 ns a transition. Safe for several threads at once.
  std::optional<ProfileChain> in_profile(const Conflict& profile, const Normaliser& normaliser,
                                         std::span<const State> starts,
                                         std::size_t most_states) const;
  /// Hazards that change levels.
  std::size_t assigning() const { return assigning_; }
  /// Which transitions of a state are whose: those of mover i begin here.
  std::uint64_t first(std::size_t state, std::size_t i) const;

 private:
  friend class Simulator;  // goes the way of events itself, over the same menus and hazards
  /// What a profile's chain is made of, in place of this one's.
  struct Numbers {
    std::vector<double> values;               ///< of the inputs
    std::vector<MenuBook::Profile> menus;     ///< per mover
    std::vector<double> tempo;                ///< per mover
    std::vector<std::vector<double>> shares;  ///< per hazard: of what it leads to
  };
  /// nullopt where a number leaves its range, or the two differ in more than numbers.
  std::optional<Numbers> numbers(const Conflict& profile, const Normaliser& normaliser) const;
  double rate_of(std::size_t h, const Pattern& pattern, const std::vector<double>& values) const;
  struct HazardRow {
    std::vector<Pattern> patterns;
    std::vector<double> rates;
    std::vector<std::pair<std::size_t, double>> shares;
    bool assigns = false;
    std::size_t place = 0;  ///< among the hazards that assign
    UInt128 clear = 0;
    UInt128 set = 0;
    std::optional<Condition> when;
    std::vector<Condition> factor_when;
    std::vector<OutcomeMask> factor_ended;  ///< catastrophes met wherever the factor acts
    UInt128 support = 0;
    std::string path;
    StateTable keys;
    std::vector<std::uint32_t> pattern_of;
  };
  ConflictChain() = default;
  Errors prepare(const Normaliser& normaliser, const ChainSettings& settings);
  void prepare_holding(const ChainSettings& settings);
  Errors prepare_hazards();
  void find_ended_factors();
  void find_storm();
  static std::uint32_t pattern_at(HazardRow& hazard, State s);
  OutcomeMask outcomes_at(State s) const;
  Errors explore(const ChainSettings& settings);
  bool breadth_first(const ChainSettings& settings, Errors& errors);
  void by_probability(const ChainSettings& settings, Errors& errors);
  /// Appends the row of a state met; false and an error where a hazard leads nowhere.
  bool expand(StateNumber met, Errors& errors, const ChainSettings& settings);
  void clear();
  void sort_states();
  void finish();
  void find_assigned();

  std::shared_ptr<const Perceived> seen_;  ///< with as_perceived, where the case has beliefs
  std::unique_ptr<Conflict> conflict_;     ///< with `seen_` the acting dispute
  RiskInputs inputs_;
  std::vector<double> values_;
  std::vector<Utility> utilities_;
  std::vector<MoverId> movers_;
  std::vector<std::unique_ptr<MenuBook>> books_;
  std::vector<HazardRow> hazards_;
  std::vector<std::pair<std::size_t, Condition>> catastrophes_;  ///< outcome, when
  std::vector<std::pair<std::size_t, ExprId>> goals_;            ///< outcome, when
  std::vector<std::pair<std::size_t, std::size_t>> held_;        ///< outcome, index into goals()

  Chain chain_;
  std::vector<StateNumber> order_;  ///< per state of the chain: its number among those met
  StateTable met_table_;
  std::vector<std::uint32_t> number_;  ///< per state met: its number in the chain, or kNoState
  std::vector<std::uint32_t> menus_;
  std::vector<std::uint32_t> patterns_of_;
  std::size_t assigning_ = 0;
  /// [state × hazards that assign]: the transition, counted from the end of the row; 0: none.
  std::vector<std::uint32_t> assigned_;
  // For in_profile(): the factor that raises a hazard most, and how moves bring things about.
  std::size_t storm_hazard_ = kNoInput;
  std::size_t storm_factor_ = 0;
  std::vector<std::uint8_t> stormy_;                   ///< per state: the factor's condition holds
  std::vector<MenuBook::Turning> storm_;               ///< per mover
  std::vector<std::vector<MenuBook::Turning>> enter_;  ///< [catastrophes_][mover]
  std::function<bool(std::size_t goal, State s)> holds_;
  End end_ = End::Complete;
};

}  // namespace wayout
