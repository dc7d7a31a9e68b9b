#pragma once
/// @file
/// What has to be known of a dispute before its profiles are looked at, in blocks.

#include <memory>
#include <optional>
#include <vector>

#include "wayout/trust/drawn_weights.hpp"

namespace wayout {

class LaneSpace;

/// Immutable but for the spaces it keeps: threads may share it. Keeps a reference to the sampler.
class LaneBook {
 public:
  /// nullopt where this way is not made for the case: graph form, no status quo or an uncertain
  /// one, preferences other than by weights and by at most 60 priorities whose order is certain,
  /// rows of more than 2^13 settings, more than 64 movers.
  static std::optional<LaneBook> compile(const Sampler& sampler);
  LaneBook(LaneBook&&) noexcept;
  LaneBook& operator=(LaneBook&&) noexcept;
  ~LaneBook();

  const Conflict& conflict() const { return sampler_->conflict(); }
  const Sampler& sampler() const { return *sampler_; }
  /// Every mover is transitive: then sanctions need not look at who moved last.
  bool transitive() const { return transitive_; }

  /// What a party's preference says, in each profile with other weights.
  struct Statement {
    std::size_t part = 0;  ///< of the party's preference part
    ExprId when;
    UInt128 support = 0;
    bool vital = false;
  };
  const std::vector<Statement>& statements(PartyId p) const { return statements_[p.index()]; }
  /// The party is indifferent among all states.
  bool indifferent(PartyId p) const { return indifferent_[p.index()]; }
  /// nullopt where the preference is not by weights.
  const std::optional<DrawnWeights>& weights(PartyId p) const { return weights_[p.index()]; }

  /// A space of the dispute for one thread: one that was given back, or a new one. The book must
  /// not be moved any more.
  std::unique_ptr<LaneSpace> take_space() const;
  /// Spaces that have grown large are not kept.
  void give_back(std::unique_ptr<LaneSpace> space) const;

 private:
  struct Kept;
  LaneBook();
  const Sampler* sampler_ = nullptr;
  bool transitive_ = true;
  std::vector<std::optional<DrawnWeights>> weights_;  ///< per party
  std::vector<std::vector<Statement>> statements_;
  std::vector<bool> indifferent_;
  std::unique_ptr<Kept> kept_;
};

}  // namespace wayout
