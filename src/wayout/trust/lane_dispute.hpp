#pragma once
/// @file
/// A dispute in 64 profiles at once. Options, rules, moves and statements are the same in all of
/// them; only what each statement is worth differs.

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wayout/trust/drawn_weights.hpp"
#include "wayout/trust/lanes.hpp"

namespace wayout {

class LaneMover;

/// Vital sums before all others, as in Score.
struct LaneScore {
  Lanes head;
  Lanes tail;
};
/// The profiles in which a > b.
LaneMask above(const LaneScore& a, const LaneScore& b);

/// What one statement of a party adds to its score where it holds, in each profile.
struct LaneTerm {
  std::size_t statement = 0;  ///< of the party's preference part
  ExprId when;
  UInt128 support = 0;
  bool vital = false;
  Lanes weight;
};

/// What has to be known of a dispute before its profiles are looked at, in blocks. Immutable:
/// threads may share it. Keeps a reference to the sampler.
class LaneBook {
 public:
  /// nullopt where this way is not made for the case: graph form, no status quo or an uncertain
  /// one, preferences other than by weights and by at most 60 priorities whose order is certain,
  /// rows of more than 2^13 settings.
  static std::optional<LaneBook> compile(const Sampler& sampler);

  const Conflict& conflict() const { return sampler_->conflict(); }
  const Sampler& sampler() const { return *sampler_; }
  /// Every mover is transitive: then sanctions need not look at who moved last.
  bool transitive() const { return transitive_; }

 private:
  friend class LaneDispute;
  const Sampler* sampler_ = nullptr;
  bool transitive_ = true;
  std::vector<std::optional<DrawnWeights>> weights_;  ///< per party
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
  std::span<const LaneTerm> terms(PartyId p) const { return terms_[p.index()]; }
  /// The party is indifferent among all states.
  bool indifferent(PartyId p) const { return indifferent_[p.index()]; }
  LaneMover& mover(MoverId m) { return *movers_[m.index()]; }

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
  std::vector<std::vector<LaneTerm>> terms_;  ///< per party
  std::vector<bool> indifferent_;
  std::vector<std::unique_ptr<LaneMover>> movers_;
};

}  // namespace wayout
