#pragma once
/// @file
/// A dispute in 64 profiles at once. Options, rules, moves and statements are the same in all of
/// them; only what each statement is worth differs.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wayout/trust/lane_mover.hpp"

namespace wayout {

/// What one statement of a party adds to its score where it holds, in each profile.
struct LaneTerm {
  std::size_t statement = 0;  ///< of the party's preference part
  ExprId when;
  UInt128 support = 0;
  bool vital = false;
  Lanes weight;
};

/// What a search over a space marks there, all of it as at first between two searches.
struct LaneMarks {
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;
  struct Node {
    std::uint64_t listed = 0;  ///< per mover: it waits to be opened by it
    StateNumber parent = kNoState;
    std::uint16_t mover = 0;  ///< by whom it was first met
    bool met = false;
    std::uint8_t urgency = 0;
  };
  struct Row {
    std::uint32_t list = kNone;    ///< into `waiting`: states reached and not opened yet
    std::uint32_t floors = kNone;  ///< into `floor` or `handed`: place of its groups
    LaneMask lanes = 0;            ///< the profiles of all of it
    std::uint8_t level = 0;        ///< how urgent it is
    bool touched = false;
  };
  struct Waiting {
    StateNumber state;
    std::uint32_t next;
  };
  std::vector<LaneMask> reached;       ///< per state; all profiles where it is to be avoided
  std::vector<Node> nodes;             ///< per state
  std::vector<LaneMask> done;          ///< per state and mover
  std::vector<std::vector<Row>> rows;  ///< per mover
  std::vector<Waiting> waiting;
  std::vector<LaneScore> floor;    ///< per group: everything above it has been handed out
  std::vector<LaneMask> handed;    ///< per group, any moves: in which profiles it was
  std::vector<StateNumber> order;  ///< states as they were met
  std::vector<StateNumber> avoided;
  std::vector<std::pair<std::uint16_t, std::uint32_t>> touched;  ///< mover and row
};

/// A space with what its movers' settings are worth in the profiles of a block.
struct LaneGround {
  explicit LaneGround(const LaneDispute& dispute);
  ~LaneGround();
  LaneGround(const LaneGround&) = delete;
  LaneGround& operator=(const LaneGround&) = delete;
  std::unique_ptr<LaneSpace> space;
  std::vector<std::unique_ptr<LaneMover>> movers;
  std::vector<std::unique_ptr<LaneMarks>> marks;  ///< for the searches to come
  std::size_t live = 0;                           ///< searches going on
};

/// Some profiles of a seed, 1 to 64 of them. For one thread. Keeps a reference to the book.
class LaneDispute {
 public:
  LaneDispute(const LaneBook& book, std::uint64_t seed, std::span<const std::uint64_t> profiles);
  ~LaneDispute();
  LaneDispute(const LaneDispute&) = delete;
  LaneDispute& operator=(const LaneDispute&) = delete;

  const LaneBook& book() const { return *book_; }
  const Conflict& conflict() const { return book_->conflict(); }
  /// The profiles that there are.
  LaneMask all() const { return all_; }
  /// What weighs something in some profile.
  std::span<const LaneTerm> terms(PartyId p) const { return terms_[p.index()]; }
  /// What a statement of the book weighs; null where that is nothing in all profiles.
  const Lanes* weight(PartyId p, std::size_t statement) const {
    const std::int32_t at = term_of_[p.index()][statement];
    return at < 0 ? nullptr : &terms_[p.index()][static_cast<std::size_t>(at)].weight;
  }
  /// The party is indifferent among all states.
  bool indifferent(PartyId p) const { return book_->indifferent(p); }
  /// Where to search. What it gives is valid until the next call, but while a search goes on there.
  LaneGround& ground();
  LaneMover& mover(MoverId m) { return *ground().movers[m.index()]; }

  LaneScore score(PartyId p, State s) const;
  /// What a statement is worth in one profile, in points; 0 where the preference is not by weights.
  double points(PartyId p, std::size_t statement, std::size_t lane) const;
  /// The profiles in which t ≻_p s.
  LaneMask better(PartyId p, State t, State s) const;
  /// The profiles in which t is an improvement over s for the mover, if it is a move.
  LaneMask wants(MoverId m, State s, State t) const;

  /// What a party has of one criterion, statement by statement, before the criterion's priority
  /// counts; empty where no statement names it. Requires a preference by weights.
  std::vector<LaneTerm> criterion(PartyId p, const std::string& name) const;

 private:
  const LaneBook* book_;
  LaneMask all_ = 0;
  std::vector<Draws> draws_;
  std::vector<std::vector<LaneTerm>> terms_;        ///< per party
  std::vector<std::vector<std::int32_t>> term_of_;  ///< per party and statement of the book
  std::unique_ptr<LaneGround> ground_;
  /// Where the first has grown large while a search goes on there.
  std::unique_ptr<LaneGround> spare_;
};

}  // namespace wayout
