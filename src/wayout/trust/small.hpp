#pragma once
/// @file
/// Many profiles of a small dispute: at most 64 states, so that a set of states is one word. Moves,
/// reachable answers and rules are compiled once; a profile costs its scores and a few passes over
/// words.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wayout/stability/concept.hpp"
#include "wayout/trust/small_scores.hpp"

namespace wayout {

/// The answer to one goal, as answer_case() words it.
enum class SmallVerdict : std::uint8_t {
  Yes,         ///< reached by willing steps and held, without a mark
  Depends,     ///< reached and held, but hollow, bought or worse on the way
  Impossible,  ///< no feasible state meets it outside what is to be avoided
  OutOfReach,  ///< no moves lead there
  Unwilling,   ///< somebody would have to step against its own interest
  NotHolding   ///< it can be reached and does not hold
};

/// Where things go from the status quo by improvements alone.
enum class SmallDrift : std::uint8_t {
  Stays,   ///< nobody has an improvement
  Rests,   ///< it moves on, and comes to rest wherever it goes
  Circles  ///< it can end in going round
};

/// What was found in one profile. Filled by SmallEngine::judge(); keeps its memory between calls.
struct SmallFindings {
  std::size_t start = 0;  ///< the status quo, as a place in states(); only where there is one
  /// Per party and classical concept (5 · party + concept): the states stable for it.
  std::vector<StateMask> stable;
  /// Per classical concept: the states stable for everyone.
  std::array<StateMask, 5> equilibria{};
  SmallDrift drift = SmallDrift::Stays;
  std::vector<SmallVerdict> goals;
};

/// The fast way. Exact, literal after docs/semantics.md, sections 2 and 5, over masks of states;
/// legal sequences are followed over (state, last mover), so that no mover need be transitive.
class SmallEngine {
 public:
  /// nullopt where this way is not made for the case: more than `most_states` (≤ 64) feasible
  /// states, a unanimous preference, scores that might overflow, goals in graph form or held under
  /// SIM, an uncertain status quo that expressions speak of (`now`). Cost: states³.
  static std::optional<SmallEngine> compile(const Sampler& sampler,
                                            std::size_t most_states = kMostSmallStates);

  const std::vector<State>& states() const { return states_; }
  std::size_t party_count() const { return parties_; }
  bool has_start() const { return has_start_; }

  /// Working memory of one thread.
  struct Scratch {
    std::vector<std::int64_t> head, tail;
    std::vector<StateMask> better;   ///< party × state: states strictly better
    std::vector<StateMask> improve;  ///< mover × state
    std::vector<StateMask> answers;  ///< mover × state: ends of improving sequences begun by it
    std::vector<StateMask> closure;  ///< state: all that improvements lead to
  };

  /// Judges the profile of these draws (one value per input of the sampler): stability of every
  /// state for every party, equilibria, drift, goals. Allocates nothing after a first call.
  void judge(std::span<const std::int64_t> draws, Scratch& scratch, SmallFindings& out) const;

 private:
  struct Mover {
    StateMask members = 0;  ///< parties
    bool track = false;
    bool none_worse = false;
  };
  struct Goal {
    StateMask met = 0;
    StateMask avoid = 0;
    std::vector<Concept> hold;
  };
  SmallEngine() = default;

  std::size_t at(std::size_t row, std::size_t s) const { return row * states_.size() + s; }
  StateMask one(std::size_t s) const { return StateMask{1} << s; }
  bool opposes(std::size_t mover, std::size_t party) const {
    return (movers_[mover].members >> party & 1u) == 0;
  }
  void order(std::span<const std::int64_t> draws, Scratch& scratch) const;
  void improvements(Scratch& scratch) const;
  /// Ends of legal sequences of the opponents of p by `step` (mover × state), per first mover.
  void sequences(std::size_t p, const std::vector<StateMask>& step,
                 std::vector<StateMask>& out) const;
  StateMask ends(std::size_t p, const std::vector<StateMask>& by_first, std::size_t s) const;
  void stability(std::size_t p, const Scratch& scratch, SmallFindings& out) const;
  void drift(std::span<const std::int64_t> draws, Scratch& scratch, SmallFindings& out) const;
  SmallVerdict verdict(const Goal& goal, std::size_t start, Scratch& scratch) const;
  /// Whether every improvement of p from s to a state of `exits` is sanctioned; `clean` turns false
  /// where that takes a hollow sanction.
  bool deterred(std::size_t p, std::size_t s, StateMask exits, Concept c, Scratch& scratch,
                bool& clean) const;
  bool sanctioned(std::size_t p, std::size_t s, StateMask ends, Concept c,
                  const Scratch& scratch) const;
  bool hollow(std::size_t mover, std::size_t s, std::size_t s1, std::size_t t,
              const Scratch& scratch) const;
  bool clean_path(std::size_t start, std::size_t g, StateMask avoid, const Scratch& scratch) const;

  static constexpr std::uint8_t kNowhere = 255;
  std::vector<State> states_;
  std::size_t parties_ = 0;
  bool graph_ = false;
  bool has_start_ = false;
  std::vector<Mover> movers_;
  std::vector<SmallScores> scores_;
  std::vector<StateMask> moves_;                 ///< mover × state
  std::vector<std::vector<StateMask>> general_;  ///< party: ends of any moves, per first mover
  std::vector<Goal> goals_;
  std::vector<std::uint8_t> apply_;  ///< s, s1, t: s changed as s1 → t changes, or kNowhere
  std::vector<StateMask> between_;   ///< s, g: states on no detour from s to g
  struct Start {
    std::vector<std::uint32_t> inputs;   ///< of the status quo
    std::vector<std::uint64_t> choices;  ///< of each
    std::vector<std::uint8_t> state;     ///< per combination of choices, mixed radix
  };
  Start start_;
};

}  // namespace wayout
