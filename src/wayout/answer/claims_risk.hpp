#pragma once
/// @file
/// Probabilities of catastrophes for the tests of claims: one chain of a dispute answers all that
/// is asked of it. For the claims' files only.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "wayout/answer/claims.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

struct Normaliser;
class ConflictChain;

/// Chains of the plain run's disputes, of which those of profiles are made by changing the numbers.
/// Safe for several threads at once.
class ChancePlans {
 public:
  ChancePlans();
  ~ChancePlans();
  /// The dispute of this name in the plain run; the first one counts.
  void plain(const std::string& name, const Conflict& conflict);
  /// Its likeliest states from these starts; nullptr where there can be none. Made once.
  std::shared_ptr<const ConflictChain> get(const std::string& name, const Normaliser& scale,
                                           const std::vector<State>& starts);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// What one ordinary step is worth to each party, from the case without measures and variants.
class RiskScale {
 public:
  explicit RiskScale(const Parts& file);
  explicit RiskScale(const Conflict& base);
  /// nullptr where there is none; `fault` says why.
  const Normaliser* get() const { return scale_.get(); }
  const std::string& fault() const { return fault_; }
  ChancePlans& plans() const { return *plans_; }
  /// The same with plans of its own, for another dispute of the same file.
  RiskScale apart() const {
    RiskScale out = *this;
    out.plans_ = std::make_shared<ChancePlans>();
    return out;
  }

 private:
  void make(const Conflict& base);
  std::shared_ptr<const Normaliser> scale_;
  std::shared_ptr<ChancePlans> plans_ = std::make_shared<ChancePlans>();
  std::string fault_;
};

/// A probability between two bounds.
struct Chance {
  double lower = 0;
  double upper = 1;
  std::uint64_t states = 0;
  End end = End::Complete;
  std::string fault;  ///< why there is none
};

/// What a test of risk comes to. Probabilities are known between bounds; what the bounds leave open
/// is undecided. Where both are known as well as doubles allow, a difference below 1e-9 of them is
/// none.
Truth compare(const ClaimTest& test, const Chance& before, const Chance& after);

struct ChanceQuestion {
  State start;
  std::string of;  ///< a catastrophe's id, or "any"
  double horizon = 0;
  friend bool operator<(const ChanceQuestion& a, const ChanceQuestion& b) {
    return std::tie(a.start, a.of, a.horizon) < std::tie(b.start, b.of, b.horizon);
  }
};

/// How much is looked at for an answer. The chain of a dispute may be large and the sign of a
/// difference clear from the likeliest part of it.
struct ChanceEffort {
  std::size_t most_states = 200'000;
  bool all = true;     ///< answer all that was asked at once; false: what is wanted
  bool rough = false;  ///< bounds from the likeliest states; false: all there are, up to the number
};

/// The likeliest states of a profile's chain that are looked at first: they decide many a test.
inline constexpr std::uint64_t kRoughStates = 2'000;
/// What to try one after the other until the bounds tell the truth of a test.
std::vector<ChanceEffort> chance_efforts(std::size_t most_states, bool evidence);

/// The questions asked of one dispute, answered together at the first look.
class ChanceBook {
 public:
  /// What the dispute is called, the same in the plain run and in profiles; without a name every
  /// profile is explored by itself.
  void name(std::string name) { name_ = std::move(name); }
  void ask(const ChanceQuestion& q) { asked_.emplace(q); }
  /// Will be asked with this effort: where all that was asked is not needed once more, only what is
  /// wanted is answered.
  void want(const ChanceEffort& effort, const ChanceQuestion& q);
  Chance chance(const Conflict& conflict, const RiskScale& scale, const ChanceQuestion& q,
                const ChanceEffort& effort, const Watch& watch);
  /// States of all chains looked at so far.
  std::uint64_t explored() const { return explored_; }
  bool asked() const { return !asked_.empty(); }
  /// Answers all that was asked, as chance() would at the first look. Several books may do so at
  /// once.
  void prepare(const Conflict& conflict, const RiskScale& scale, const ChanceEffort& effort,
               const Watch& watch);

 private:
  using Answers = std::map<ChanceQuestion, Chance>;
  Answers answer(const Conflict& conflict, const RiskScale& scale,
                 const std::set<ChanceQuestion>& questions, const ChanceEffort& effort,
                 const Watch& watch) const;
  std::string name_;
  std::set<ChanceQuestion> asked_;
  using Key = std::pair<std::size_t, bool>;  ///< an effort
  std::map<Key, std::set<ChanceQuestion>> wanted_;
  std::map<Key, Answers> answers_;
  std::uint64_t explored_ = 0;
};

}  // namespace wayout
