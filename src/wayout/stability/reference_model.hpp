#pragma once
/// @file
/// The reference's inside, split over reference*.cpp. For those files only.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "wayout/base/decimal.hpp"
#include "wayout/model/ast.hpp"
#include "wayout/stability/reference.hpp"

namespace wayout::reference {

/// A state under examination, feasible or not.
struct World {
  Levels levels;
  std::size_t place = 0;  ///< graph form: position in the file
};

/// An expression with its names resolved and its defines written out.
struct Formula {
  enum class Kind { Constant, Option, State, Now, Not, And, Or, Implies, Iff, Count };
  Kind kind = Kind::Constant;
  bool value = false;               ///< Constant
  std::size_t index = 0;            ///< Option: which; State: its place
  CompareOp op = CompareOp::Equal;  ///< Option, State, Count
  std::int64_t number = 0;          ///< Option: level; Count: number
  std::vector<Formula> kids;
};

struct OptionFacts {
  std::string id;
  std::vector<std::string> level_names;  ///< empty for a binary option
  int level_count = 2;
  bool joint = false;
  bool binding = true;
  bool enabled = true;
  Direction direction = Direction::Both;
  std::vector<std::size_t> owners;  ///< parties
  int now = 0;
};

struct MoverFacts {
  bool track = false;
  bool open = true;
  std::vector<std::size_t> members;
  std::vector<std::size_t> table;  ///< track: options
  bool all_in_force = false;       ///< track: linked = true
  std::optional<Formula> link;     ///< track: linked = expression
  Consent consent = Consent::AllBetter;
};

struct Statement {
  StateSet truth;  ///< per feasible state
  bool vital = false;
  Decimal value;  ///< weights
};

struct Preference {
  bool indifferent = false;
  Method method = Method::Priorities;
  std::vector<Statement> statements;  ///< those that are enabled
  std::vector<Decimal> vital_sum;     ///< weights and additive: per state
  std::vector<Decimal> other_sum;
  std::vector<int> position;        ///< ranking: per state, 0 for the best
  std::vector<Preference> members;  ///< unanimous
};

struct ForbidFacts {
  std::optional<std::size_t> by;  ///< mover; every mover where absent
  StateSet from;
  StateSet to;
};

struct Model {
  bool graph = false;
  std::vector<std::string> parties;
  std::vector<bool> third;
  std::vector<OptionFacts> options;
  std::map<std::string, std::string> defines;
  std::map<std::int64_t, std::size_t> places;  ///< graph form: file number → place
  std::optional<World> now;
  std::vector<Formula> nevers;
  std::vector<World> states;                ///< the feasible ones
  std::map<Levels, std::size_t> number_of;  ///< option form
  std::optional<std::size_t> status_quo;
  std::vector<MoverFacts> movers;
  std::vector<ForbidFacts> forbids;
  std::vector<Preference> preferences;  ///< per party
  /// R_m(s) and R_m^+(s), [mover][state].
  std::vector<std::vector<std::vector<std::size_t>>> moves;
  std::vector<std::vector<std::vector<std::size_t>>> improvements;
};

/// Parses and resolves. Errors: as parse_expression; unknown names and levels; defines in a circle.
Result<Formula> read_formula(const Model& m, std::string_view text);
bool is_true(const Model& m, const Formula& f, const World& w);
/// The feasible states where f is true.
StateSet truth(const Model& m, const Formula& f);
/// The level a person wrote, or nullopt.
std::optional<int> read_level(const OptionFacts& option, const LevelValue& value);

Result<Preference> read_preference(const Model& m, const PreferencePart& part);

/// May the mover go from s to t in one move, by what it controls (rules apart)?
bool can_change(const Model& m, std::size_t mover, const World& s, const World& t);
/// Fills Model::moves and Model::improvements.
void find_moves(Model& m, const Parts& parts);

}  // namespace wayout::reference
