#pragma once
/// @file
/// The literal reference: every definition of docs/semantics.md, sections 1, 2 and 5, written down
/// once more, slowly and without cleverness, to judge the fast engines on small conflicts. It
/// shares only the parsed file with the rest: its own feasibility, expressions, preferences, moves
/// and sanctions. Nothing but tests should need it.
///
/// States are numbered 0 … S-1 over the feasible ones in ascending mixed-radix order, the first
/// option fastest; in graph form in file order. Movers are numbered parties first, then tracks, in
/// file order.
///
/// Cost: moves are found by trying all pairs of states, S² per mover; reachable answers by breadth
/// first search from each state anew. Meant for S up to a few thousand.

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/parts.hpp"
#include "wayout/stability/concept.hpp"

namespace wayout::reference {

/// A conflict as the definitions see it; immutable.
struct Model;
using ModelPtr = std::shared_ptr<const Model>;

using Levels = std::vector<int>;     ///< one level per option
using StateSet = std::vector<bool>;  ///< one entry per state

/// Reads parts that have been selected (no `only` left) and to which effects have been applied.
/// Errors: names that resolve to nothing, numbers out of the exact range, an infeasible status quo,
/// more than `max_states` raw combinations of levels. It is no checker: other faults may pass.
Result<ModelPtr> make(const Parts& parts, std::size_t max_states = 4096);

// --- states
std::size_t size(const Model& m);
std::size_t party_count(const Model& m);
std::size_t mover_count(const Model& m);
bool graph_form(const Model& m);
/// Labels in graph form; empty there without options.
const Levels& levels(const Model& m, std::size_t state);
/// The state with these levels; nullopt where it is infeasible. Option form only.
std::optional<std::size_t> find(const Model& m, const Levels& levels);
std::optional<std::size_t> status_quo(const Model& m);
/// The states where an expression is true. Errors: as parse_expression, and unknown names.
Result<StateSet> where(const Model& m, std::string_view expression);

// --- preferences
/// t ≻_p s.
bool better(const Model& m, std::size_t party, std::size_t t, std::size_t s);
/// The dense rank of every state, 1 for the best; empty for a unanimous preference, which is no
/// complete order.
std::vector<int> ranks(const Model& m, std::size_t party);

// --- moves
/// R_m(s), ascending.
std::vector<std::size_t> moves(const Model& m, std::size_t mover, std::size_t s);
/// R_m^+(s), ascending.
std::vector<std::size_t> improvements(const Model& m, std::size_t mover, std::size_t s);
/// True where the move from s to t is one its mover would make: better for the party, or with the
/// track's consent.
bool improves(const Model& m, std::size_t mover, std::size_t t, std::size_t s);
/// t ≽ s for every member of the mover.
bool not_worse(const Model& m, std::size_t mover, std::size_t t, std::size_t s);
/// Every other party, and every track without p.
std::vector<std::size_t> opponents(const Model& m, std::size_t party);

// --- stability
/// R_H(x), or R_H^+(x) where `improving`, of the opponents of `party`, under the convention;
/// ascending.
std::vector<std::size_t> reach(const Model& m, std::size_t party, std::size_t x, bool improving,
                               Sanctions sanctions = Sanctions::Legal);

/// reach() from every state, kept so that many verdicts for one party cost one table.
struct Answers {
  std::vector<std::vector<std::size_t>> any;
  std::vector<std::vector<std::size_t>> improving;
};
Answers answers(const Model& m, std::size_t party, Sanctions sanctions = Sanctions::Legal);

/// Is p's improvement from s to s1 sanctioned? Never under Nash. Under SIM the convention plays no
/// part, and graph form is a broken contract.
bool sanctioned(const Model& m, std::size_t party, std::size_t s, std::size_t s1, Concept concept_,
                Sanctions sanctions = Sanctions::Legal);
bool sanctioned(const Model& m, std::size_t party, std::size_t s, std::size_t s1, Concept concept_,
                const Answers& table);

/// Is s stable for the party: is every improvement sanctioned?
bool stable(const Model& m, std::size_t party, std::size_t s, Concept concept_,
            Sanctions sanctions = Sanctions::Legal);
bool stable(const Model& m, std::size_t party, std::size_t s, Concept concept_,
            const Answers& table);

/// The move of `mover` from s1 to t, its change of levels applied at s, is an improvement for it
/// there: it is due in any case. Never in graph form, where moves are no changes of levels.
bool hollow_first(const Model& m, std::size_t mover, std::size_t s, std::size_t s1, std::size_t t);
/// Is s stable where sanctioning sequences that start with a hollow move do not count? Nash and SIM
/// know no such sequences.
bool stable_clean(const Model& m, std::size_t party, std::size_t s, Concept concept_,
                  Sanctions sanctions = Sanctions::Legal);

/// How many combinations SIM may have to try at s: for deciding whether to ask.
double sim_combinations(const Model& m, std::size_t party, std::size_t s);

// --- goals
/// g meets the goal; every improvement of a party from g that breaks it is sanctioned under that
/// party's concept; no track improvement from g breaks it.
bool holds(const Model& m, std::size_t g, const StateSet& goal, const std::vector<Concept>& profile,
           Sanctions sanctions = Sanctions::Legal);
/// The same where sanctions that start with a hollow move do not count.
bool holds_clean(const Model& m, std::size_t g, const StateSet& goal,
                 const std::vector<Concept>& profile);
/// The goal is true at g and in everything reachable from g by improvements of any movers.
bool kept(const Model& m, std::size_t g, const StateSet& goal);

// --- courses of events
enum class Will { Improvement, NotWorse, Any };

struct PathSettings {
  Will will = Will::Improvement;  ///< which moves a step may be
  bool legal = false;             ///< no mover twice in a row
  int most_options = 0;           ///< how many options one move may change; 0 = all
};

struct Step {
  std::size_t mover = 0;
  std::size_t state = 0;  ///< where it leads
};

struct Path {
  std::vector<Step> steps;
  std::size_t unwilling = 0;  ///< steps that are no improvement for their mover
};

/// A shortest path from `from` to a state of `targets` that enters no state of `avoid` (`from`
/// itself is not tested); the empty path counts. nullopt where there is none.
std::optional<Path> shortest_path(const Model& m, std::size_t from, const StateSet& targets,
                                  const StateSet& avoid, const PathSettings& settings = {});

/// Of all paths of any moves: fewest unwilling steps, then shortest. `will` plays no part.
std::optional<Path> least_concession(const Model& m, std::size_t from, const StateSet& targets,
                                     const StateSet& avoid, const PathSettings& settings = {});

/// The terminal strongly connected sets, reachable from `from`, of the graph of all movers'
/// improvements; each ascending, in order of their first states.
std::vector<std::vector<std::size_t>> drift(const Model& m, std::size_t from,
                                            const PathSettings& settings = {});

}  // namespace wayout::reference
