#pragma once
/// @file
/// What a Conflict holds, compiled. For the model room only; others use conflict.hpp.

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wayout/model/conflict.hpp"

namespace wayout {

/// A preference ready for use. Scores are whole numbers of 10^-places points.
struct CompiledPreference {
  struct Term {
    ExprId when;
    std::int64_t weight = 0;
    bool vital = false;
  };
  bool indifferent = false;
  Method method = Method::Priorities;
  std::vector<Term> terms;  ///< weights: enabled statements with a weight
  int places = 0;
  std::vector<ExprId> ordered;  ///< priorities: enabled statements, vital ones first
  std::unordered_map<State, std::int32_t> classes;  ///< ranking: higher is better
  struct LevelPoints {
    int shift = 0;
    std::uint64_t field = 1;
    std::vector<std::int64_t> points;  ///< one per level
  };
  std::vector<LevelPoints> additive;
  std::vector<CompiledPreference> members;
  std::vector<ExprId> statements;               ///< every statement of the part, enabled or not
  std::vector<std::pair<bool, double>> points;  ///< per statement: vital, value in points
  std::vector<std::int64_t> weights;            ///< per statement: as in terms, 0 if not there

  Score score(const ExprPool& pool, State s) const;
  bool better(const ExprPool& pool, State t, State s) const;
  int compare(const ExprPool& pool, State s, State t) const;
};

struct Conflict::Data {
  Parts parts;
  std::vector<PartyInfo> parties;
  std::vector<OptionInfo> options;
  std::vector<MoverInfo> movers;
  std::vector<GoalInfo> goals;
  ExprPool pool;
  std::vector<std::pair<ExprId, std::size_t>> nevers;
  UInt128 disabled_mask = 0;  ///< fields of disabled options: must be at their first level
  std::optional<State> status_quo;
  std::vector<CompiledPreference> preferences;  ///< per party
  std::vector<int> preference_parts;            ///< per party: index into parts.preferences, or -1
  std::unordered_map<std::string, std::size_t> party_index;
  std::unordered_map<std::string, std::size_t> option_index;

  // Graph form.
  bool graph = false;
  std::vector<State> graph_states;
  std::unordered_map<std::int64_t, std::size_t> graph_index;  ///< file number → place
  struct Arcs {
    std::vector<std::uint32_t> begin;  ///< per state, one more at the end
    std::vector<std::uint32_t> targets;
  };
  std::vector<Arcs> arcs;  ///< per party
  std::vector<Arcs> arcs_back;

  bool feasible(State s) const;
};

/// Resolves names of expressions against a conflict under construction or finished.
class Resolver {
 public:
  Resolver(const Conflict::Data& data, ExprPool& pool) : data_(data), pool_(pool) {}

  /// Errors: a fault with Where::offset set; Where::path is left to the caller.
  Result<ExprId> resolve(std::string_view text);

  /// The level of `option` that `text` names, or nullopt.
  static std::optional<int> level_of(const OptionInfo& option, const LevelValue& value);

 private:
  struct Measured {
    ExprId id;
    std::size_t nodes = 1;
    std::size_t depth = 1;
  };
  Result<Measured> measured(std::string_view text);
  Result<Measured> walk(const Ast& ast, int node);
  Result<Measured> define(std::size_t index, int offset);
  Result<Measured> compare(const AstNode& n);
  Unexpected<Errors> unknown(const std::string& name, int offset) const;

  const Conflict::Data& data_;
  ExprPool& pool_;
  std::unordered_map<std::size_t, Measured> defines_;
  std::vector<std::size_t> open_;  ///< defines being resolved, to find cycles
};

/// Calls `visit(State)` for every feasible state (that satisfies `also`, where given) until it
/// returns false; in ascending order where `order` is empty. Option form: options are set one after
/// the other, by default from the last to the first, and each rule is tested once its options are
/// all set. `nevers`, where given, stand in for the conflict's own. `budget` bounds the number of
/// partial states looked at. Returns false when the budget ran out.
bool walk_feasible(const Conflict::Data& data, std::uint64_t budget,
                   const std::function<bool(State)>& visit, std::optional<ExprId> also = {},
                   std::vector<std::size_t> order = {},
                   const std::vector<std::pair<ExprId, std::size_t>>* nevers = nullptr);

}  // namespace wayout
