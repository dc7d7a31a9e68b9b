#pragma once
/// @file
/// Why there is no room at a table: demands that stand against each other, and the least that has
/// to be given up.

#include <cstdint>
#include <memory>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/room/deals.hpp"

namespace wayout {

class Taste;
class References;

/// One thing that a party insists on: that a statement of its preference (or what an option is
/// worth to it, for additive values; or its place in its whole order, for rankings and unanimous
/// preferences) does not get worse for it than at its reference. To give a demand up is to let a
/// loss on it not count.
struct Demand {
  enum class Kind { Statement, Option, Order };
  PartyId party;
  Kind kind = Kind::Statement;
  std::size_t index = 0;  ///< of the statement, or of the option
  bool holds = true;      ///< Statement: whether it has to hold or has to fail
  friend bool operator==(const Demand&, const Demand&) = default;
};

/// A smallest set of demands that cannot all be met: with these losses counted and no others, still
/// no outcome of the table suits everybody; without any one of them some outcome would. `rules` and
/// `link` say what of the rules and the link it takes for that; none can be left out.
struct Contradiction {
  std::vector<Demand> demands;
  std::vector<std::size_t> rules;  ///< indices into parts().rules
  bool link = false;
  bool rules_known = true;  ///< false: not looked for, past the limit
};

/// What would have to be given up for an outcome to suit everybody.
struct Yielding {
  std::vector<Demand> gives_up;
  State outcome;
  /// Per member of the table: how far the outcome stays behind its reference, in units of
  /// 10^-places points, {vital, ordinary}; zero where it is no worse or has no points.
  std::vector<std::pair<std::int64_t, std::int64_t>> shortfall;
  std::uint64_t ties = 1;  ///< outcomes that take equally little
};

struct NoRoom {
  End end = End::Complete;  ///< other than Complete: what follows may be incomplete
  /// Nothing at all can be agreed (but to leave things as they are): these rules, and the link,
  /// exclude everything.
  bool nothing_possible = false;
  std::vector<std::size_t> rules;
  bool link = false;
  /// Members who gain at no outcome, whatever they put up with.
  PartyMask nothing_for = 0;
  /// Smallest sets of members who cannot all be suited by one outcome (bits of party ids).
  std::vector<PartyMask> at_odds;
  /// By size, the smallest first.
  std::vector<Contradiction> contradictions;
  bool all_contradictions = true;  ///< false: there may be more
  /// The fewest demands given up by anybody; none where no giving up opens room.
  std::vector<Yielding> fewest;
  /// Per member that could open room by yielding alone: with the least shortfall, or, where it has
  /// no points, the fewest demands.
  std::vector<std::pair<PartyId, Yielding>> alone;
};

struct DemandSettings {
  bool look = true;  ///< false: leave all of this out
  std::size_t most_contradictions = 10;
  std::size_t most_patterns = std::size_t{1} << 18;  ///< distinct outcomes as demands see them
  std::uint64_t most_work = 200'000'000;             ///< tests of a demand at an outcome
};

/// Looks into a table without room. `suits`: sets of members (bit k: the k-th) that some outcome
/// suits. Contradictions are found smallest first as smallest hitting sets of what must be given up
/// (implicit hitting sets, [IPLM15]); exact where `end` is Complete.
NoRoom no_room(const DealTable& table, State base, const std::vector<Taste>& tastes,
               const References& references, const std::vector<PartyMask>& suits,
               const DemandSettings& settings, const DealSettings& deals);

}  // namespace wayout
