#pragma once
/// @file
/// Tests of risk judged in one profile by simulated courses of events. For the claims' files only.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "wayout/answer/claims.hpp"
#include "wayout/answer/claims_dispute.hpp"

namespace wayout {

class Simulator;

/// The sign of a mean difference over n courses is told where it is further from none than so many
/// times its standard error and 1/n of the greatest chance met in any course together: as if that
/// had come about in as many more courses and only on the other side. Where means are normal some 7
/// in 1,000,000 looks at no difference see one.
inline constexpr double kCourseErrors = 4.5;
/// Looked at after so many courses, and each time they are half as many again.
inline constexpr std::uint64_t kFirstCourses = 128;

/// Safe for several threads at once; what it finds depends on the profile and the seed alone.
class CourseJudge {
 public:
  /// `scale` is that of the case without measures and variants.
  explicit CourseJudge(std::shared_ptr<const RiskScale> scale);
  ~CourseJudge();
  /// Courses of this dispute's profiles will be asked for. The conflict, that of the plain run, has
  /// to outlive this. false where courses cannot be simulated. Not while others judge.
  bool add(const Disputes::Key& key, const Conflict& conflict);

  struct Judgement {
    /// Per test; Undecided where courses leave it open or cannot be simulated.
    std::vector<Truth> truths;
    std::uint64_t events = 0;  ///< in all courses, each counted for each situation it was followed
  };
  /// What each test comes to in the profile. All tests follow the same courses. Cost: up to
  /// settings.courses courses for each situation that a test compares, 0.2 µs an event.
  Judgement judge(Disputes& profile, std::span<const ClaimTest* const> tests,
                  const ClaimsSettings& settings, std::uint64_t replicate);

 private:
  /// Borrowed for one profile: what a simulator remembers is of use for the next one.
  class Loan;
  struct Shelf {
    const Conflict* conflict = nullptr;
    std::vector<std::unique_ptr<Simulator>> idle;
  };
  std::unique_ptr<Simulator> borrow(const Disputes::Key& key);
  void give_back(const Disputes::Key& key, std::unique_ptr<Simulator> simulator);

  std::shared_ptr<const RiskScale> scale_;
  std::mutex mutex_;
  std::map<Disputes::Key, Shelf> shelves_;
};

}  // namespace wayout
