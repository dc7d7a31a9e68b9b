#pragma once
/// @file
/// Versions of a dispute side by side: as it stands, with measures, under variants, another file.

#include <optional>
#include <string>
#include <vector>

#include "wayout/answer/claims.hpp"

namespace wayout {

/// One version to be looked at. Keeps a reference: the file must outlive it.
struct Version {
  std::string name;
  const Parts* file = nullptr;
  std::vector<std::string> under;
  std::vector<std::string> with;
};

struct CompareSettings {
  Sanctions sanctions = Sanctions::Legal;
  bool claims = false;  ///< also each claim, in the plain run
  bool risk = false;    ///< also the chance of each catastrophe by the horizon
  std::size_t most_states = std::size_t{1} << 23;
  Watch watch;
};

/// How a party stands at the status quo.
enum class Stand { Content, Deterred, WouldMove, Undecided };

/// What the drift does to a party, against the status quo of the same version.
enum class Fate { Same, Better, Worse, Either, Undecided };

enum class GoalWord { Yes, Depends, No, Undecided };

/// What is found of one version; ids in the order of its own file.
struct VersionAnswer {
  std::string name;
  std::optional<Conflict> conflict;
  End end = End::Complete;
  struct Party {
    std::string id;
    std::string name;
    Stand stand = Stand::Undecided;  ///< Nash, then SEQ
    Fate fate = Fate::Undecided;
  };
  std::vector<Party> parties;
  std::uint64_t drift_states = 0;
  std::uint64_t drift_places = 0;  ///< resting places and cycles; 0 where undecided
  bool rests = false;              ///< nobody has a willing step today
  struct Goal {
    std::string id;
    std::string name;
    GoalWord word = GoalWord::Undecided;
  };
  std::vector<Goal> goals;
  struct Claim {
    std::string id;
    ClaimOutcome outcome = ClaimOutcome::Depends;
  };
  std::vector<Claim> claims;
  struct Danger {
    std::string id;
    std::string name;
    double lower = 0;
    double upper = 1;
    std::string fault;  ///< why there is no number
  };
  std::vector<Danger> dangers;
};

/// Looks at every version in the same way. Requires a status quo in each. Faults: as view(). Cost:
/// for each version one drift and one search for ways out; claims and risk as much as they take.
Result<std::vector<VersionAnswer>> compare_versions(const std::vector<Version>& versions,
                                                    const CompareSettings& settings = {});

}  // namespace wayout
