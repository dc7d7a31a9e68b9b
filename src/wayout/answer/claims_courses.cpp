#include "wayout/answer/claims_courses.hpp"

#include <algorithm>
#include <cmath>

#include "wayout/answer/claims_leaf.hpp"
#include "wayout/answer/possible.hpp"
#include "wayout/risk/simulate.hpp"

namespace wayout {
namespace {

/// Items of menus that a simulator may remember from one profile to the next: some 100 bytes each.
constexpr std::size_t kMostRemembered = 2'000'000;

/// A situation from which courses are followed.
struct Situation {
  std::size_t place = 0;  ///< a dispute and a horizon
  State start;
  bool asked = false;           ///< by a comparison that is still open
  std::vector<double> chances;  ///< of the course at hand
};

/// What a test compares, in the direction in which it is true.
class Comparison {
 public:
  Comparison(std::size_t test, const ClaimTest& of) : test_(test) {
    const auto by = of.by ? of.by->value() : std::nullopt;
    factor_ = by ? by->to_double() : 1;
    sign_ = of.kind == TestKind::LowersRisk ? 1 : -1;
    same_ = of.by ? Truth::True : Truth::False;
  }
  std::size_t before = 0;  ///< situations, and the chance that is meant
  std::size_t after = 0;
  std::size_t chance_before = 0;
  std::size_t chance_after = 0;

  std::size_t test() const { return test_; }
  Truth truth() const { return truth_; }

  /// Before and after are one situation: no course is needed where its chances are compared as they
  /// are (see compare()).
  void same() {
    if (factor_ == 1) truth_ = same_;
  }
  /// A course may come to 1, whether one has or not.
  void to_one() { most_ = std::max(1.0, factor_); }
  void add(double before_chance, double after_chance) {
    const double d = sign_ * (factor_ * before_chance - after_chance);
    sum_ += d;
    squares_ += d * d;
    most_ = std::max({most_, factor_ * before_chance, after_chance});
  }
  void look(std::uint64_t courses) {
    const auto n = static_cast<double>(courses);
    const double mean = sum_ / n;
    const double error = std::sqrt(std::max(0.0, squares_ / n - mean * mean) / n);
    if (std::abs(mean) > kCourseErrors * (error + most_ / n))
      truth_ = mean > 0 ? Truth::True : Truth::False;
  }

 private:
  std::size_t test_;
  double factor_ = 1;
  double sign_ = 1;
  double sum_ = 0;
  double squares_ = 0;
  double most_ = 0;
  Truth same_;  ///< where both chances are equal
  Truth truth_ = Truth::Undecided;
};

}  // namespace

class CourseJudge::Loan {
 public:
  explicit Loan(CourseJudge& judge) : judge_(judge) {}
  ~Loan() {
    for (auto& [key, simulator] : simulators_) judge_.give_back(key, std::move(simulator));
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

  /// nullptr where courses of this profile's dispute cannot be simulated.
  Simulator* get(const Disputes::Place& dispute) {
    const auto known = simulators_.find(dispute.key);
    if (known != simulators_.end()) return known->second.get();
    auto simulator = judge_.borrow(dispute.key);
    const auto scale = complete(*judge_.scale_->get(), dispute.conflict);
    if (simulator && !(scale && simulator->take(dispute.conflict, *scale))) {
      judge_.give_back(dispute.key, std::move(simulator));
      simulator = nullptr;
    }
    return simulators_.emplace(dispute.key, std::move(simulator)).first->second.get();
  }

 private:
  CourseJudge& judge_;
  std::map<Disputes::Key, std::unique_ptr<Simulator>> simulators_;
};

CourseJudge::CourseJudge(std::shared_ptr<const RiskScale> scale) : scale_(std::move(scale)) {}
CourseJudge::~CourseJudge() = default;

bool CourseJudge::add(const Disputes::Key& key, const Conflict& conflict) {
  if (scale_->get() == nullptr || !ConflictChain::supports_profiles(conflict)) return false;
  shelves_[key].conflict = &conflict;
  return true;
}

std::unique_ptr<Simulator> CourseJudge::borrow(const Disputes::Key& key) {
  const Conflict* conflict = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto shelf = shelves_.find(key);
    if (shelf == shelves_.end()) return nullptr;
    std::vector<std::unique_ptr<Simulator>>& idle = shelf->second.idle;
    if (!idle.empty()) {
      auto out = std::move(idle.back());
      idle.pop_back();
      return out;
    }
    conflict = shelf->second.conflict;
  }
  const auto scale = complete(*scale_->get(), *conflict);
  if (!scale) return nullptr;
  auto made = Simulator::make(*conflict, *scale, ranged_worth(*conflict));
  return made ? std::make_unique<Simulator>(std::move(*made)) : nullptr;
}

void CourseJudge::give_back(const Disputes::Key& key, std::unique_ptr<Simulator> simulator) {
  if (!simulator || simulator->remembered() > kMostRemembered) return;
  const std::lock_guard lock(mutex_);
  shelves_.at(key).idle.push_back(std::move(simulator));
}

CourseJudge::Judgement CourseJudge::judge(Disputes& profile,
                                          std::span<const ClaimTest* const> tests,
                                          const ClaimsSettings& settings, std::uint64_t replicate) {
  struct Place {
    const Disputes::Place* dispute = nullptr;
    double horizon = 0;
    Simulator* simulator = nullptr;
  };
  Loan loan(*this);
  std::vector<Place> places;
  std::vector<Situation> situations;
  std::vector<Comparison> comparisons;
  const auto situation_of = [&](const Disputes::Place* dispute, State start, double horizon) {
    std::size_t place = 0;
    while (place < places.size() &&
           !(places[place].dispute == dispute && places[place].horizon == horizon))
      ++place;
    if (place == places.size()) places.push_back({dispute, horizon, loan.get(*dispute)});
    for (std::size_t k = 0; k < situations.size(); ++k)
      if (situations[k].place == place && situations[k].start == start) return k;
    situations.push_back({place, start, false, {}});
    if (const Simulator* s = places[place].simulator)
      situations.back().chances.resize(s->catastrophes() + 1);
    return situations.size() - 1;
  };
  std::vector<bool> possible(tests.size(), true);
  for (std::size_t i = 0; i < tests.size(); ++i)
    for (const RiskPair& pair : risk_pairs(profile, *tests[i], settings)) {
      Comparison c(i, *tests[i]);
      c.before = situation_of(pair.place_before, pair.before, pair.horizon);
      c.after = situation_of(pair.place_after, pair.after, pair.horizon);
      const Simulator* before = places[situations[c.before].place].simulator;
      const Simulator* after = places[situations[c.after].place].simulator;
      possible[i] = possible[i] && before != nullptr && after != nullptr;
      if (!possible[i]) continue;
      c.chance_before = before->place_of(pair.of);
      c.chance_after = after->place_of(pair.of);
      if (before->by_state(c.chance_before) || after->by_state(c.chance_after)) c.to_one();
      if (c.before == c.after) c.same();
      comparisons.push_back(c);
    }
  std::erase_if(comparisons, [&](const Comparison& c) { return !possible[c.test()]; });

  const std::uint64_t seed = settings.seed + 0x9E3779B97F4A7C15ull * (replicate + 1);
  Judgement out{std::vector<Truth>(tests.size(), Truth::Undecided)};
  const auto follow = [&](std::uint64_t course) {
    for (std::size_t p = 0; p < places.size(); ++p) {
      bool drawn = false;
      for (Situation& s : situations) {
        if (s.place != p || !s.asked) continue;
        if (!drawn) places[p].simulator->draw(seed, course, places[p].horizon);
        drawn = true;
        out.events += places[p].simulator->events();
        if (!places[p].simulator->follow(s.start, s.chances)) return false;
      }
    }
    return true;
  };
  std::uint64_t done = 0;
  for (std::uint64_t next = kFirstCourses; done < settings.courses; next += next / 2) {
    for (Situation& s : situations) s.asked = false;
    bool open = false;
    for (const Comparison& c : comparisons)
      if (c.truth() == Truth::Undecided)
        open = situations[c.before].asked = situations[c.after].asked = true;
    if (!open || settings.watch.cancelled() || settings.watch.out_of_time()) break;
    for (; done < std::min(next, settings.courses); ++done) {
      if (!follow(done)) return out;
      for (Comparison& c : comparisons)
        if (c.truth() == Truth::Undecided)
          c.add(situations[c.before].chances[c.chance_before],
                situations[c.after].chances[c.chance_after]);
    }
    for (Comparison& c : comparisons)
      if (c.truth() == Truth::Undecided) c.look(done);
  }
  // All situations that a test sets have to agree.
  std::vector<bool> first(tests.size(), true);
  for (const Comparison& c : comparisons) {
    Truth& truth = out.truths[c.test()];
    truth = first[c.test()] || truth == c.truth() ? c.truth() : Truth::Undecided;
    first[c.test()] = false;
  }
  return out;
}

}  // namespace wayout
