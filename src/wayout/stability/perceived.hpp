#pragma once
/// @file
/// Verdicts and holding where every party judges by what it sees (SEMANTICS section 5, beliefs).

#include <optional>
#include <vector>

#include "wayout/space/perception.hpp"
#include "wayout/stability/holding.hpp"

namespace wayout {

/// The spaces that judging by views needs; each is thrown away when it has grown large, because
/// what many searches leave behind must not add up.
class PerceivedJudge {
 public:
  /// Keeps a reference to `seen`.
  explicit PerceivedJudge(const Perceived& seen, std::size_t most_states = std::size_t{1} << 23)
      : seen_(&seen), most_(most_states), spaces_(seen.views.size() + 1) {}

  const Perceived& seen() const { return *seen_; }
  /// Of the acting dispute.
  RowSpace& acting() { return space(spaces_.size() - 1); }
  /// Of the dispute as p sees it.
  RowSpace& of(PartyId p) { return space(p.index()); }

  /// verdict() in p's own view. A party that does not see s has no move there: stable.
  Verdict verdict(PartyId p, State s, Concept c, const VerdictSettings& settings = {},
                  const ImprovementFilter& filter = {});

  /// As holding(): every improvement of the acting dispute from g that breaks the goal is
  /// sanctioned, for a party in its own view under its concept; a track's is not. Requires g
  /// feasible and goal(g).
  Holding holding(State g, const GoalTest& goal, const ConceptProfile& profile,
                  const VerdictSettings& settings = {});

 private:
  RowSpace& space(std::size_t i);

  const Perceived* seen_;
  std::size_t most_;
  std::vector<std::optional<RowSpace>> spaces_;
};

}  // namespace wayout
