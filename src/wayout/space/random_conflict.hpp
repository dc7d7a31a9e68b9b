#pragma once
/// @file
/// Random conflicts, for tests and for trying things out.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "wayout/model/parts.hpp"

namespace wayout {

/// What a random conflict is like. Shares and chances lie in [0, 1]. Every part draws from a stream
/// of its own, so that a smaller number of parts of one kind leaves the parts that remain as they
/// were.
struct RandomSettings {
  std::size_t parties = 2;
  std::size_t options = 4;  ///< own and joint ones together
  double graded = 0.3;      ///< share of options with more than two levels
  int most_levels = 4;      ///< of a graded option
  double one_way = 0.2;     ///< share of own options that only go up, or only down
  double joint = 0.25;      ///< share of options that are joint
  double binding = 0.4;     ///< share of joint options that nobody can leave
  double disabled = 0.05;   ///< chance that an option, a rule or a statement is switched off
  double third = 0.1;       ///< chance that a party is a third party

  std::size_t nevers = 2;  ///< rules that make states infeasible
  /// Instead of `nevers`: as many such rules as bring the share of feasible states down to this, in
  /// [kLeastDensity, 1]; see random_nevers.hpp.
  std::optional<double> density;
  std::size_t forbids = 1;  ///< rules that forbid moves
  std::size_t defines = 1;
  std::size_t depth = 2;  ///< of the random expressions

  std::size_t tracks = 1;   ///< none where there is one party only
  double open = 0.85;       ///< chance that a track is open
  double linked = 0.5;      ///< chance that a track is linked
  double none_worse = 0.4;  ///< chance of consent by none-worse

  std::size_t statements = 4;  ///< at most, of one preference
  bool exactly = false;        ///< exactly so many statements, not at most
  /// Instead of expressions of `depth`: each statement names one option of the party (an agreement
  /// counts) and so many options of others, as far as there are any.
  std::optional<std::size_t> interaction;
  double vital = 0.2;     ///< chance that a statement is vital
  double criteria = 0.5;  ///< chance that weights are given by criteria
  /// Instead of a mixture of small numbers, decimals and ranges: plain whole numbers from minus
  /// this to this, none of them 0.
  std::optional<std::int64_t> widest;
  /// How often each kind of preference is drawn, in proportion.
  double priorities = 3;
  double weights = 3;
  double additive = 1;
  double ranking = 1;    ///< option form: only up to `most_ranked` feasible states
  double unanimous = 0;  ///< not a complete order
  std::size_t most_ranked = 64;
  double ties = 0.3;  ///< chance that a ranked state ties with the one before it

  bool graph = false;        ///< graph form: states and arcs given outright
  std::size_t states = 8;    ///< graph form
  double arcs = 0.2;         ///< graph form: share of all pairs that are a move, for each party
  double labels = 0.5;       ///< graph form: chance that the states carry options as labels
  double no_status_quo = 0;  ///< chance that today's state is not known
};

/// A random conflict that build() accepts: the status quo is feasible. A party without an option,
/// an agreement or an arc becomes a third party. Deterministic in (settings, seed), the same on
/// every machine. Cost: a few builds; with rankings, the enumeration of the feasible states.
/// Requires at least one party, option, statement and (in graph form) two states.
Parts random_parts(const RandomSettings& settings, std::uint64_t seed);

}  // namespace wayout
