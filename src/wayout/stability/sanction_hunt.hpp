#pragma once
/// @file
/// Looks for a sanction by going first where the focal party is worst off.

#include <optional>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/stability/answer_model.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {

/// One improvement of the focal party, and what its opponents are looking for: a state no better
/// for the party than `limit` (and from which it cannot escape), reached from s1 by a legal
/// sequence; where `firsts` is given, by one that starts with one of these moves, which are those
/// of clean_firsts().
struct SanctionTask {
  const AnswerModel* model = nullptr;
  UInt128 s = 0;
  UInt128 s1 = 0;
  Int128 limit = 0;
  const std::vector<AnswerModel::First>* firsts = nullptr;

  /// An answer that hurts, though the party escapes it.
  struct Evaded {
    std::vector<Step> steps;
    State counter_move;
  };
  /// s2 is a sanction. Where it would be but for an escape, `escape` tells it.
  bool sanction(UInt128 s2, std::optional<UInt128>* escape = nullptr) const;
};

struct Hunted {
  End end = End::Complete;     ///< Limit: neither a sanction nor all states
  std::vector<Step> sanction;  ///< empty: none
  std::optional<SanctionTask::Evaded> evaded;
  std::uint64_t opened = 0;  ///< states whose moves were looked at
  std::uint64_t met = 0;
};

/// Best first over (state, last mover): the state at which the party fares worst (after its best
/// escape, where it may escape) is opened first, ties in the order they were met. Exact where it
/// ends: with a sanction, or with none left in everything the opponents can lead to. Ends by Limit
/// after `most_opened` states are opened or `most_met` met.
Hunted hunt(const SanctionTask& task, std::uint64_t most_opened, std::uint64_t most_met,
            const Watch& watch);

/// The same moves as in `steps`, made from the task's own s1: the same settings of the same movers,
/// as far as each still may go there. The shortest part that is a sanction, or nothing.
std::vector<Step> replay(const SanctionTask& task, const std::vector<Step>& steps);

/// Leaves out steps, and changes within a step, without which it still is a sanction.
std::vector<Step> shortened(const SanctionTask& task, std::vector<Step> steps);

}  // namespace wayout
