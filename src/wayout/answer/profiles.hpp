#pragma once
/// @file
/// What an ensemble finds out about each sampled profile: the parts of the answer that can be
/// counted.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wayout/answer/answer.hpp"
#include "wayout/trust/ensemble.hpp"

namespace wayout {

/// The labels of a goal's outcome, in order. "Reached" is by willing steps. Whether what is missing
/// is the way or that it holds is not told apart: a proof that nothing holds needs no search of the
/// way.
enum class GoalLabel : std::uint8_t {
  WayOut,     ///< reached and held, without a mark
  Depends,    ///< reached and held, but hollow, bought or worse on the way
  NoWayOut,   ///< not reached, or not held
  Impossible  ///< no feasible state meets it
};

struct ProfileSettings {
  std::vector<std::string> goals;                  ///< only these; empty = all
  std::size_t most_states = std::size_t{1} << 22;  ///< states looked at by one search
  bool standing = true;                            ///< find out about the status quo, too
  /// As AnswerSettings::as_perceived; numbers inside beliefs are not drawn. A profile in which some
  /// view is faulty has no answer. Then neither of the two below is used.
  bool as_perceived = false;
  bool small = true;   ///< may use the engine for small disputes (trust/small.hpp); for tests
  bool blocks = true;  ///< may judge 64 profiles at a time (trust/lanes.hpp); for tests
  Watch watch;
};

/// For each classical concept and party whether the status quo is stable for it ("stable/P/C") and
/// whether it is an equilibrium ("equilibrium/C"); whether anything moves from there ("drift"); and
/// for each goal how far it is ("goal/G", labels of GoalLabel). Requires a status quo.
///
/// In a dispute of at most 64 states every profile is judged by words of 64 bits. Otherwise run()
/// judges the status quo in 64 profiles at a time where blocks are made for the dispute, and what
/// they leave open, as all else, by single verdicts; goals by ways_out(). What no preference
/// changes is found out once: goals that no state meets, and goals that no moves lead to.
class ProfileJudge {
 public:
  ProfileJudge(const Sampler& sampler, const ProfileSettings& settings);

  const std::vector<EnsembleOutcome>& outcomes() const;
  /// Whether the engine for small disputes is used.
  bool small() const;
  /// How many profiles at a time are worth handing in: 64 where blocks are made for the dispute.
  std::size_t width() const;
  /// Asks every profile of the settings.
  EnsembleResult run(const EnsembleSettings& settings) const;
  /// Asks one profile, built or not.
  void judge(const Conflict& profile, std::span<std::uint8_t> row) const;
  void judge(std::span<const std::int64_t> draws, std::span<std::uint8_t> row) const;
  /// Asks up to 64 profiles of a seed, from replicate `first` on; a row each.
  void judge(std::span<const std::optional<Conflict>> profiles, std::uint64_t seed,
             std::uint64_t first, std::span<std::uint8_t> rows) const;

 private:
  struct Inside;
  std::shared_ptr<const Inside> inside_;
};

}  // namespace wayout
