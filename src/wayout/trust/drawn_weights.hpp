#pragma once
/// @file
/// The weights of one party's statements as functions of the draws: what a profile changes, without
/// building it.

#include <optional>
#include <string>
#include <vector>

#include "wayout/trust/drawn_number.hpp"

namespace wayout {

/// Weights are the exact whole numbers of build(), over a scale that does not depend on the draws.
/// Keeps no reference.
class DrawnWeights {
 public:
  /// nullopt where the party's preference is not by weights, or so large or fine that a sum might
  /// leave 64 bits for some draw.
  static std::optional<DrawnWeights> compile(const Sampler& sampler, PartyId p);

  /// Statements of the preference part, enabled or not.
  std::size_t size() const { return first_.size() - 1; }
  /// What a statement adds where it holds; 0 where it is switched off.
  std::int64_t weight(std::size_t statement, std::span<const std::int64_t> draws) const;
  /// How many points one unit of a weight is.
  double unit() const { return unit_; }
  /// The numbers that a statement has for one criterion, before the criterion's priority counts.
  std::int64_t points(std::size_t statement, std::size_t criterion,
                      std::span<const std::int64_t> draws) const;
  /// A place for points(); nullopt where no statement names the criterion.
  std::optional<std::size_t> criterion(const std::string& name) const;

 private:
  struct Product {
    DrawnNumber number;
    std::int32_t priority = -1;   ///< into priorities_; -1: the preference names no criteria
    std::uint32_t criterion = 0;  ///< into names_
  };
  std::vector<DrawnNumber> priorities_;
  std::vector<Product> products_;
  std::vector<std::uint32_t> first_;  ///< per statement, one more at the end: into products_
  std::vector<std::string> names_;
  double unit_ = 1;
};

}  // namespace wayout
