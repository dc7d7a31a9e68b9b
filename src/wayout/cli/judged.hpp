#pragma once
/// @file
/// The whole space judged by one of the engines, in one shape for whoever lists or sums it up.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wayout/cli/session.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/verdict_table.hpp"

namespace wayout::cli {

/// Verdicts over S states; `table` addresses them by an index that need not be the number people
/// see.
struct Judged {
  std::string engine;
  End end = End::Complete;
  VerdictTable table;
  bool ordered = true;  ///< index and number are the same
  /// Calls `visit(number from 0, index)` in ascending order of number until it returns false.
  std::function<void(const std::function<bool(std::uint64_t, std::uint64_t)>&)> in_order;
  std::function<std::optional<std::uint64_t>(State)> find;
  /// The number people see: from 1, or the file's in graph form.
  std::function<std::int64_t(std::uint64_t index)> number;
  /// Bits of the concepts without a verdict, as in VerdictTable::stable.
  std::function<std::uint8_t(PartyId, std::uint64_t index)> undecided;
  /// Per party and Concept.
  std::vector<std::array<std::uint64_t, kAllConcepts.size()>> stable_total;
  std::array<std::uint64_t, kAllConcepts.size()> equilibria{};
  bool any_undecided = false;
  const StateIndex* space = nullptr;  ///< what addresses the table, where an index does
  std::shared_ptr<const void> keep;   ///< what the functions look into
};

/// Takes the results of the full engine.
Judged judged_full(const Conflict& conflict, FullStability full);

/// By the literal definitions, up to kReferenceMost combinations; complains and returns nullopt
/// where there are more.
inline constexpr std::size_t kReferenceMost = 4096;
std::optional<Judged> judged_reference(const Session& session, const Conflict& conflict,
                                       const std::vector<Concept>& concepts, Sanctions sanctions);

}  // namespace wayout::cli
