#pragma once
/// @file
/// The conflict: the immutable, checked value every analysis works on. Made only by build().

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/base/ids.hpp"
#include "wayout/model/ast.hpp"
#include "wayout/model/expression.hpp"
#include "wayout/model/parts.hpp"
#include "wayout/model/state.hpp"

namespace wayout {

struct PartyTag {};
struct OptionTag {};
struct MoverTag {};
using PartyId = Id<PartyTag>;
using OptionId = Id<OptionTag>;
/// A party or a track; the parties come first, in file order, then the tracks.
using MoverId = Id<MoverTag>;

/// A set of parties, bit i for party i.
using PartyMask = std::uint64_t;
inline bool contains(PartyMask mask, PartyId p) { return (mask >> p.index()) & 1u; }
inline PartyMask mask_of(PartyId p) { return PartyMask{1} << p.index(); }

struct PartyInfo {
  std::string id;
  std::string name;  ///< the id where the file gives no name
  bool third = false;
};

struct OptionInfo {
  std::string id;
  std::string name;
  std::vector<std::string> levels;  ///< level names, lowest first; {"no", "yes"} for a binary
                                    ///< option
  bool binary = true;
  PartyMask owners = 0;
  bool joint = false;
  bool binding = true;
  bool enabled = true;
  Direction moves = Direction::Both;
  int now = 0;
  int shift = 0;
  int width = 1;
  std::uint64_t field() const { return (std::uint64_t{1} << width) - 1; }
  UInt128 mask() const { return UInt128{field()} << shift; }
};

/// How a mover may change one option in one move.
enum class Change {
  Any,   ///< to any level
  Up,    ///< to a higher level
  Down,  ///< to a lower level
  Leave  ///< to the first level (a party leaves a non-binding agreement)
};

struct Digit {
  OptionId option;
  Change change = Change::Any;
};

/// A forbid rule as it concerns one mover: no move from a state of `from` to a state of `to`.
struct Forbid {
  ExprId from;
  ExprId to;
  std::size_t rule = 0;  ///< index into parts().rules
};

/// Somebody who moves: a party, or a track (parties at one table).
struct MoverInfo {
  std::string id;
  std::string name;
  bool track = false;
  PartyMask members = 0;      ///< the party itself, or the parties of the track
  std::vector<Digit> digits;  ///< what it may change; empty for a track that is not open
  UInt128 digit_mask = 0;
  std::optional<ExprId> link;  ///< states a linked track moves to
  Consent consent = Consent::AllBetter;
  bool open = true;
  std::vector<Forbid> forbids;
  /// Surely transitive: no forbid rule concerns it and the case is not in graph form.
  bool transitive = true;
};

/// How good a state is for a party: words compared in order, higher is better. Exact.
struct Score {
  std::int64_t head = 0;  ///< vital statements
  std::int64_t tail = 0;  ///< all others
  std::vector<std::int64_t> more;
  friend auto operator<=>(const Score&, const Score&) = default;
  friend bool operator==(const Score&, const Score&) = default;
};

/// The level of an option that a person names: true, false, yes, no, a number, or the level's name.
std::optional<int> level_of(const OptionInfo& option, const LevelValue& value);

struct GoalInfo {
  std::string id;
  std::string name;
  ExprId when;
  std::optional<ExprId> avoid;
  std::vector<std::string> hold;  ///< concept name per party
  std::size_t part = 0;
};

/// The conflict. Cheap to copy (shared, immutable). Every state passed in must have levels within
/// range; feasibility is not required unless said.
class Conflict {
 public:
  /// The parts this conflict was built from, after `only`, variants and measures.
  const Parts& parts() const;

  std::size_t party_count() const;
  std::size_t option_count() const;
  std::size_t mover_count() const;
  IdRange<PartyId> parties() const { return IdRange<PartyId>(party_count()); }
  IdRange<OptionId> options() const { return IdRange<OptionId>(option_count()); }
  IdRange<MoverId> movers() const { return IdRange<MoverId>(mover_count()); }
  const PartyInfo& party(PartyId p) const;
  const OptionInfo& option(OptionId o) const;
  const MoverInfo& mover(MoverId m) const;
  MoverId mover_of(PartyId p) const { return MoverId(p.index()); }
  std::optional<PartyId> find_party(std::string_view id) const;
  std::optional<OptionId> find_option(std::string_view id) const;
  const std::vector<GoalInfo>& goals() const;

  bool graph_form() const;
  /// Raw combinations of levels (graph form: number of states); saturates at 2^128 - 1.
  UInt128 raw_size() const;

  // --- states
  std::optional<State> status_quo() const;
  int level(State s, OptionId o) const;
  State with_level(State s, OptionId o, int level) const;
  /// No `never` rule holds, no disabled option is above its first level.
  bool feasible(State s) const;
  /// Index into parts().rules of the first `never` rule that holds, if any.
  std::optional<std::size_t> broken_rule(State s) const;
  bool holds(ExprId e, State s) const;
  const ExprPool& pool() const;
  /// The never rules: expression and index into parts().rules.
  std::span<const std::pair<ExprId, std::size_t>> nevers() const;
  /// Parses and resolves an expression of the user (a --to, a --state condition).
  /// Not part of the pool: returned with a pool of its own.
  Result<Condition> condition(std::string_view text) const;

  // --- graph form
  std::span<const std::uint32_t> arcs(PartyId p, State s) const;       ///< targets, as node numbers
  std::span<const std::uint32_t> arcs_back(PartyId p, State s) const;  ///< sources
  State graph_state(std::size_t node) const;
  std::size_t graph_size() const;
  std::int64_t graph_number(State s) const;  ///< the file's id of the state

  // --- preferences
  /// True when p's preference is a complete weak order (not Method::Unanimous).
  bool weak_order(PartyId p) const;
  bool all_weak_orders() const;
  /// Requires weak_order(p).
  Score score(PartyId p, State s) const;
  /// t ≻_p s.
  bool better(PartyId p, State t, State s) const;
  /// Negative, zero, positive as s is worse than, as good as, better than t. Requires
  /// weak_order(p).
  int compare(PartyId p, State s, State t) const;
  /// The score as a person reads it, for weights and additive: vital sum and ordinary sum as
  /// doubles.
  bool numeric(PartyId p) const;
  std::pair<double, double> points(PartyId p, State s) const;
  /// The statements of p's preference that hold at s, as indices into the preference part.
  bool statement_holds(PartyId p, std::size_t statement, State s) const;
  /// Where the statement holds, as an expression of pool().
  ExprId statement_when(PartyId p, std::size_t statement) const;
  /// p's preference part; nullptr for a third party without one.
  const PreferencePart* preference_part(PartyId p) const;
  /// One statement's exact contribution in points: {vital?, value}. Weights only.
  std::pair<bool, double> statement_points(PartyId p, std::size_t statement) const;
  /// Weights and additive: score() counts in units of 10^-places points.
  int score_places(PartyId p) const;
  /// Weights: what a statement adds to score() where it holds; 0 where it is switched off.
  std::int64_t statement_weight(PartyId p, std::size_t statement) const;
  /// Additive: what an option's level adds to score().
  std::int64_t level_weight(PartyId p, OptionId o, int level) const;

  struct Data;
  explicit Conflict(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const Data& data() const { return *data_; }

 private:
  std::shared_ptr<const Data> data_;
};

/// A feasible state where `e` holds, if there is one; `finished` is false when the budget (partial
/// states looked at) ran out first. Exact where it finishes.
struct FeasibleSearch {
  std::optional<State> state;
  bool finished = true;
};
FeasibleSearch find_feasible(const Conflict& conflict, ExprId e, std::uint64_t budget = 20'000'000);

/// Which rules make a condition impossible: a set of `never` rules that no feasible state satisfies
/// together with e, none of which can be left out. `contradiction` is false where e is possible.
struct RuleConflict {
  bool contradiction = false;
  bool finished = true;            ///< false: the budget ran out; the set may be too large
  std::vector<std::size_t> rules;  ///< indices into parts().rules; empty: e contradicts itself
};
RuleConflict rules_against(const Conflict& conflict, ExprId e, std::uint64_t budget = 5'000'000);

/// A feasible state where `goal` holds that differs from `from` in the fewest options. `support`
/// are the bits the goal depends on, tried first. Requires `from` to have levels in range.
FeasibleSearch closest_feasible(const Conflict& conflict, State from,
                                const std::function<bool(State)>& goal, UInt128 support,
                                std::uint64_t budget = 5'000'000);

/// Calls `visit` for every feasible state in ascending order until it returns false. Returns false
/// when the budget of partial states ran out. Cost: about one rule test per partial state.
bool for_each_feasible(const Conflict& conflict, std::uint64_t budget,
                       const std::function<bool(State)>& visit);

/// Checks parts and builds the conflict, or tells every fault (up to 20). Parts that carry `only`
/// are left out: resolve them first (view.hpp). Cost: linear in the parts, plus, for a ranking over
/// an option-form case, the enumeration of its feasible states.
Result<Conflict> build(Parts parts);

}  // namespace wayout
