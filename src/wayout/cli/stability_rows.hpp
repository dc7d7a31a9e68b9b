#pragma once
/// @file
/// One state and its verdicts as a line of JSON or CSV, or as text.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wayout/model/conflict.hpp"
#include "wayout/report/style.hpp"
#include "wayout/stability/concept.hpp"
#include "wayout/stability/holding.hpp"

namespace wayout::cli {

/// One row of the table, whatever engine it came from.
struct StabilityRow {
  State state;
  std::optional<std::int64_t> number;
  std::vector<std::uint32_t> rank;   ///< per party, 0 where it has no order; empty where unknown
  std::vector<PartyMask> stable;     ///< per concept
  std::vector<PartyMask> undecided;  ///< per concept
};

/// Writes rows of one table; what does not change from row to row is prepared once.
class RowWriter {
 public:
  RowWriter(const Conflict& conflict, std::vector<Concept> concepts,
            std::optional<ConceptProfile> profile);

  bool equilibrium(const StabilityRow& row, std::size_t c) const { return row.stable[c] == all_; }
  /// The parties stable under their own concept of the profile.
  PartyMask profile_stable(const StabilityRow& row) const;
  PartyMask all() const { return all_; }

  /// Appends one object, without a line end.
  void json(const StabilityRow& row, std::string& out) const;
  /// Appends the header or one record, with its line end.
  void csv_header(std::string& out) const;
  void csv(const StabilityRow& row, std::string& out) const;
  /// Appends some lines.
  void text(const StabilityRow& row, const TextStyle& style, std::string& out) const;

  const std::vector<Concept>& concepts() const { return concepts_; }

 private:
  void ids(PartyMask parties, std::string& out) const;

  Conflict conflict_;
  std::vector<Concept> concepts_;
  std::optional<ConceptProfile> profile_;
  std::vector<std::size_t> profile_at_;  ///< per party: which of the concepts
  std::vector<std::string> quoted_;      ///< per party: its id in quotes
  std::vector<std::string> titles_;      ///< per concept: its name in quotes
  PartyMask all_ = 0;
};

}  // namespace wayout::cli
