#include "wayout/answer/claims_sample.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <set>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "wayout/answer/claims_courses.hpp"
#include "wayout/answer/claims_lanes.hpp"
#include "wayout/answer/claims_leaf.hpp"
#include "wayout/answer/possible.hpp"
#include "wayout/base/threads.hpp"
#include "wayout/risk/simulate.hpp"
#include "wayout/trust/ensemble.hpp"

namespace wayout {
namespace {

enum class Class : std::uint8_t {
  Fixed,    ///< the same in all profiles
  Blocks,   ///< 64 profiles at once
  Light,    ///< each profile by itself, in all of them
  Search,   ///< … in the first of them
  Courses,  ///< a test of risk, by simulated courses of events, in all of them
  Chain     ///< …, by chains, in as many as these allow
};

/// A test that looked at so many states in the plain run is one of large searches.
constexpr std::uint64_t kLight = 3'000;
/// What the chains of a profile take is known from so many; the tests that take least come first.
constexpr std::uint64_t kFirstChains = 100;
/// Fewer profiles than that tell nothing: then none are asked.
constexpr std::uint64_t kLeastAsked = 16;
/// Longer courses, of both sides of a test together, are not followed: chains are less work.
constexpr double kLongestCourse = 2'000;
/// A test that looked at few states in the plain run may need many in a profile: where all profiles
/// are asked one by one it ends undecided at so many.
constexpr std::uint64_t kMostLight = 8'000;
/// The same for what blocks leave open.
constexpr std::uint64_t kMostOpen = 100'000;

/// What a test comes to in one profile.
enum class Vote : std::uint8_t { No, Yes, Undecided, NotJudged };

Vote vote_of(Truth t) {
  return t == Truth::True ? Vote::Yes : t == Truth::False ? Vote::No : Vote::Undecided;
}

Truth truth_of(Vote v) {
  return v == Vote::Yes ? Truth::True : v == Vote::No ? Truth::False : Truth::Undecided;
}

std::uint64_t work(const Leaf& leaf) {
  std::uint64_t sum = 0;
  if (leaf.stable)
    for (const auto& [p, v] : leaf.stable->verdicts) sum += v.searched + v.improvements;
  if (leaf.reach) sum += leaf.reach->states;
  for (const auto* g : {&leaf.goal, &leaf.goal_with})
    if (*g) sum += (*g)->states + 50 * (*g)->judged;
  for (const DriftEvidence& d : leaf.drift) sum += d.states;
  return sum;
}

bool of_risk(const Leaf& leaf) {
  return leaf.test.kind == TestKind::LowersRisk || leaf.test.kind == TestKind::RaisesRisk;
}

bool way_out_kind(TestKind k) {
  return k == TestKind::WayOut || k == TestKind::NoWayOut || k == TestKind::Reachable ||
         k == TestKind::Unreachable;
}

/// No numbers within their ranges lead there: then no profile has another answer.
bool out_of_range(const Leaf& leaf) {
  const Conflict& c = *leaf.dispute;
  if (c.graph_form() || !way_out_kind(leaf.test.kind) || leaf.truth == Truth::Undecided)
    return false;
  const bool says_no = (leaf.truth == Truth::True) == (leaf.test.kind == TestKind::NoWayOut ||
                                                       leaf.test.kind == TestKind::Unreachable);
  if (!says_no || leaf.set.size() > 1 || (leaf.set.size() == 1 && leaf.set[0].states.size() > 1))
    return false;
  const LevelSets levels = possible_levels(c, leaf.start, ranged_worth(c));
  if (leaf.goal) return !may_be(c, c.goals()[leaf.goal->goal].when, levels).yes;
  const auto read = c.condition(leaf.test.condition);
  return read && !may_be(c, *read, levels).yes;
}

class Ensemble {
 public:
  Ensemble(const Disputes& disputes, const ClaimsSettings& settings, ClaimsAnswer& answer)
      : settings_(settings), answer_(answer), scale_(disputes.scale()), courses_(scale_) {
    for (const auto& [key, place] : disputes.places()) {
      const auto& sampler = samplers_.emplace(key, Sampler(place->conflict)).first->second;
      if (courses_.add(key, sampler.conflict())) simulable_.insert(key);
    }
  }

  void run() {
    bool start_varies = false;
    for (const auto& [key, sampler] : samplers_) {
      info_.inputs = std::max<std::uint64_t>(info_.inputs, sampler.inputs().size());
      for (const Input& in : sampler.inputs())
        start_varies = start_varies || in.kind == UncertainKind::StatusQuo;
    }
    if (info_.inputs == 0) return;
    info_.seed = settings_.seed;
    info_.samples = settings_.samples;
    sort_out(start_varies);
    info_.searches =
        profiles(settings_.search_budget, work_[static_cast<std::size_t>(Class::Search)]);
    votes_.assign(answer_.leaves.size(), std::vector<Vote>(info_.samples, Vote::NotJudged));
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i)
      if (class_[i] == Class::Fixed)
        std::fill(votes_[i].begin(), votes_[i].end(), vote_of(answer_.leaves[i].truth));
    // Large searches end one after the other, with one thread at work; risk fills that up.
    std::future<void> beside;
    const auto risk = [this] {
      info_.chains = info_.samples;
      in_courses();
      chains();
    };
    if (settings_.threads != 1) beside = std::async(std::launch::async, risk);
    in_blocks();
    one_by_one(Class::Light, info_.samples);
    one_by_one(Class::Search, info_.searches);
    if (settings_.threads == 1) risk();
    if (beside.valid()) beside.get();
    if (stopped_) {
      info_.end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
      for (auto& of_leaf : votes_)
        std::fill(std::find(of_leaf.begin(), of_leaf.end(), Vote::NotJudged), of_leaf.end(),
                  Vote::NotJudged);
    }
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i) {
      std::optional<Sampled>& sampled = answer_.leaves[i].sampled;
      sampled = class_[i] == Class::Fixed ? fixed(answer_.leaves[i].truth) : counted(votes_[i]);
      if (sampled) sampled->simulated = class_[i] == Class::Courses;
    }
    for (ClaimResult& claim : answer_.claims) settle(claim);
    answer_.sampling = info_;
    if (info_.end != End::Complete && answer_.end == End::Complete) answer_.end = info_.end;
  }

 private:
  void sort_out(bool start_varies) {
    tests_.resize(answer_.leaves.size());
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i) {
      const Leaf& leaf = answer_.leaves[i];
      const std::uint64_t states = of_risk(leaf) ? 0 : work(leaf);
      Class c = states > kLight || leaf.end != End::Complete ? Class::Search : Class::Light;
      if (leaf.doubt == Doubt::NotComputed || leaf.doubt == Doubt::Void ||
          (!start_varies && (leaf.by_construction || out_of_range(leaf)))) {
        c = Class::Fixed;
      } else if (of_risk(leaf)) {
        c = simulable(leaf) ? Class::Courses : Class::Chain;
      } else if (settings_.blocks && book(place_of(leaf)) != nullptr &&
                 (leaf.test.kind != TestKind::Unlocks || book(other_of(leaf)) != nullptr)) {
        tests_[i] = LaneTest::make(leaf, settings_);
        if (tests_[i]) c = Class::Blocks;
      }
      class_.push_back(c);
      if (c == Class::Blocks) ++info_.in_blocks;
      if (c == Class::Courses) ++info_.simulated;
      work_[static_cast<std::size_t>(c)] += states;
    }
  }

  /// Chains of few states are no more work than courses, and tell more.
  bool simulable(const Leaf& leaf) const {
    return settings_.courses > 0 && leaf.risk && leaf.risk->states > settings_.chain_states &&
           simulable_.count(place_of(leaf)) > 0 && simulable_.count(other_of(leaf)) > 0 &&
           events(leaf) < kLongestCourse;
  }

  static Disputes::Key place_of(const Leaf& leaf) {
    return {leaf.under, leaf.with, joined(leaf.test.without, {})};
  }
  static Disputes::Key other_of(const Leaf& leaf) {
    return {leaf.under, joined(leaf.with, leaf.test.measures), joined(leaf.test.without, {})};
  }

  /// The dispute's book; nullptr where blocks are not made for it.
  const LaneBook* book(const Disputes::Key& key) {
    const auto it = books_.find(key);
    if (it != books_.end()) return it->second ? &*it->second : nullptr;
    const auto sampler = samplers_.find(key);
    auto made = sampler == samplers_.end() ? std::nullopt : LaneBook::compile(sampler->second);
    // Where a mover is not transitive, sanctions depend on who moved last.
    if (made && !made->transitive()) made.reset();
    const auto& kept = books_.emplace(key, std::move(made)).first->second;
    return kept ? &*kept : nullptr;
  }

  std::uint64_t profiles(std::uint64_t budget, std::uint64_t each) const {
    const std::uint64_t most = each == 0 ? settings_.samples : budget / each;
    return most < std::min(kLeastAsked, settings_.samples) ? 0 : std::min(settings_.samples, most);
  }

  bool stop() {
    if (settings_.watch.cancelled() || settings_.watch.out_of_time()) stopped_ = true;
    return stopped_;
  }

  /// Phases run side by side, so what is to be done is summed up as they come.
  void tell() {
    if (!settings_.watch.progress) return;
    const std::lock_guard lock(telling_);
    settings_.watch.tell("testing the claims in sampled profiles", ++done_, to_do_);
  }

  template <class Task>
  void each(std::size_t count, const Task& task) {
    tbb::task_arena arena(usable_threads(settings_.threads));
    to_do_ += count;
    arena.execute([&] {
      tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 1), [&](const auto& range) {
        for (std::size_t k = range.begin(); k < range.end(); ++k) {
          if (stop()) return;
          task(k);
          tell();
        }
      });
    });
  }

  // --- 64 profiles at once

  void in_blocks() {
    struct Task {
      std::vector<std::size_t> leaves;
      std::vector<std::uint64_t> profiles;
      LaneEffort effort;
    };
    std::map<Disputes::Key, std::vector<std::size_t>> by_place;
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i)
      if (class_[i] == Class::Blocks) by_place[place_of(answer_.leaves[i])].push_back(i);
    std::vector<Task> tasks;
    for (std::uint64_t first = 0; first < info_.samples; first += kLanes) {
      std::vector<std::uint64_t> profiles;
      for (std::uint64_t k = first; k < std::min(first + kLanes, info_.samples); ++k)
        profiles.push_back(k);
      for (const auto& [key, leaves] : by_place)
        tasks.push_back({leaves, profiles, LaneEffort::Little});
    }
    const auto run = [&] {
      each(tasks.size(),
           [&](std::size_t k) { one_block(tasks[k].leaves, tasks[k].profiles, tasks[k].effort); });
    };
    later_.assign(answer_.leaves.size(), std::vector<std::uint8_t>(info_.samples, 0));
    run();
    if (stopped_) return;
    // What was put off, in blocks of its own.
    tasks.clear();
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i) {
      std::vector<std::uint64_t> profiles;
      for (std::uint64_t k = 0; k < info_.samples; ++k) {
        if (later_[i][k] != 0) profiles.push_back(k);
        if (profiles.size() < kLanes && (k + 1 < info_.samples || profiles.empty())) continue;
        tasks.push_back({{i}, profiles, LaneEffort::Full});
        profiles.clear();
      }
    }
    // The longest first, so that all threads end at much the same time.
    std::stable_sort(tasks.begin(), tasks.end(), [this](const Task& a, const Task& b) {
      return work(answer_.leaves[a.leaves[0]]) > work(answer_.leaves[b.leaves[0]]);
    });
    run();
  }

  void one_block(const std::vector<std::size_t>& leaves, std::span<const std::uint64_t> profiles,
                 LaneEffort effort) {
    LaneVerdictSettings vs;
    vs.watch = settings_.watch;
    vs.watch.progress = nullptr;
    std::map<Disputes::Key, LanePlace> places;
    const auto place = [&](const Disputes::Key& key) {
      return &places.try_emplace(key, books_.at(key).value(), settings_.seed, profiles, vs)
                  .first->second;
    };
    std::map<std::uint64_t, std::unique_ptr<Disputes>> alone;
    for (const std::size_t i : leaves) {
      const Leaf& leaf = answer_.leaves[i];
      LanePlace* other = leaf.test.kind == TestKind::Unlocks ? place(other_of(leaf)) : nullptr;
      const LaneTruth t = tests_[i]->judge(*place(place_of(leaf)), other, effort);
      if (stop()) return;
      for (std::size_t l = 0; l < profiles.size(); ++l) {
        const LaneMask bit = LaneMask{1} << l;
        later_[i][profiles[l]] = (t.later & bit) != 0;
        if ((t.later & bit) != 0) continue;
        Vote vote = (t.yes & bit) != 0 ? Vote::Yes : (t.no & bit) != 0 ? Vote::No : Vote::Undecided;
        if (vote == Vote::Undecided && (t.open & bit) != 0) {
          auto& disputes = alone[profiles[l]];
          if (!disputes) disputes = disputes_of(profiles[l]);
          vote = judged(*disputes, i, kMostOpen);
          if (stop()) return;
        }
        votes_[i][profiles[l]] = vote;
      }
    }
  }

  // --- each profile by itself

  std::unique_ptr<Disputes> disputes_of(std::uint64_t replicate) const {
    return std::make_unique<Disputes>(
        [this, replicate](const Disputes::Ids& under, const Disputes::Ids& with,
                          const Disputes::Ids& without) {
          return samplers_.at({under, with, without}).profile(settings_.seed, replicate);
        },
        scale_);
  }

  Vote judged(Disputes& disputes, std::size_t i, std::uint64_t most_states) const {
    ClaimsSettings settings = settings_;
    settings.evidence = false;
    settings.watch.progress = nullptr;
    settings.most_states = std::min<std::size_t>(settings.most_states, most_states);
    const auto leaf = judge_leaf(disputes, answer_.leaves[i].test, settings);
    return leaf ? vote_of(leaf->truth) : Vote::Undecided;
  }

  void one_by_one(Class of, std::uint64_t count) {
    std::vector<std::size_t> leaves;
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i)
      if (class_[i] == of) leaves.push_back(i);
    if (leaves.empty() || count == 0) return;
    each(count, [&](std::size_t replicate) {
      const auto disputes = disputes_of(replicate);
      for (const std::size_t i : leaves) {
        const Vote vote =
            judged(*disputes, i, of == Class::Light && settings_.blocks ? kMostLight : UINT64_MAX);
        if (stop()) return;
        votes_[i][replicate] = vote;
      }
    });
  }

  // --- tests of risk

  void in_courses() {
    std::vector<std::size_t> leaves;
    std::uint64_t least = 0;
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i) {
      if (class_[i] != Class::Courses) continue;
      leaves.push_back(i);
      least += static_cast<std::uint64_t>(events(answer_.leaves[i])) * kFirstCourses;
    }
    if (leaves.empty()) return;
    info_.courses = settings_.courses;
    const std::uint64_t first =
        std::min(profiles(settings_.event_budget, std::max<std::uint64_t>(least, 1)), kFirstChains);
    const std::uint64_t used = in_courses(leaves, 0, first);
    std::uint64_t last = first;
    if (first == std::min(kFirstChains, info_.samples)) {
      const std::uint64_t each = std::max<std::uint64_t>((used + first - 1) / first, 1);
      const std::uint64_t left = settings_.event_budget - std::min(settings_.event_budget, used);
      last += std::min(info_.samples - first, left / each);
    }
    in_courses(leaves, first, last);
    info_.chains = std::min(info_.chains, last);
  }

  /// Acts of movers and hazards in the courses of both sides of a test of risk.
  static double events(const Leaf& leaf) {
    const Conflict& after = leaf.other ? *leaf.other : *leaf.dispute;
    return leaf.risk->horizon *
           (Simulator::events_per_unit(*leaf.dispute) + Simulator::events_per_unit(after));
  }

  /// Profiles from `first` to `last`; the events of all their courses.
  std::uint64_t in_courses(const std::vector<std::size_t>& leaves, std::uint64_t first,
                           std::uint64_t last) {
    std::vector<const ClaimTest*> tests;
    for (const std::size_t i : leaves) tests.push_back(&answer_.leaves[i].test);
    const bool chains_too = settings_.chain_budget == UINT64_MAX;
    std::atomic<std::uint64_t> events = 0;
    each(last - first, [&](std::size_t k) {
      const std::uint64_t replicate = first + k;
      const auto disputes = disputes_of(replicate);
      const auto found = courses_.judge(*disputes, tests, settings_, replicate);
      events += found.events;
      for (std::size_t j = 0; j < leaves.size(); ++j) {
        Vote vote = vote_of(found.truths[j]);
        if (vote == Vote::Undecided && chains_too) vote = judged(*disputes, leaves[j], UINT64_MAX);
        if (stop()) return;
        votes_[leaves[j]][replicate] = vote;
      }
    });
    return events;
  }

  /// Tests whose chains are those of one dispute: a test of measures has one of its own, beside the
  /// one that all share.
  struct Chains {
    Disputes::Key key;
    std::vector<std::size_t> leaves;
    std::uint64_t states = 0;  ///< in the first profiles
    std::uint64_t profiles = 0;
  };

  void chains() {
    std::vector<Chains> all;
    std::uint64_t least = 0;
    for (std::size_t i = 0; i < answer_.leaves.size(); ++i) {
      if (class_[i] != Class::Chain) continue;
      const Disputes::Key key = other_of(answer_.leaves[i]);
      auto it = std::find_if(all.begin(), all.end(), [&](const Chains& c) { return c.key == key; });
      if (it == all.end()) it = all.insert(all.end(), Chains{key, {}, 0, 0});
      it->leaves.push_back(i);
      least += std::min(answer_.leaves[i].risk ? answer_.leaves[i].risk->states : 0, kRoughStates);
    }
    if (all.empty()) return;
    const std::uint64_t first =
        std::min(profiles(settings_.chain_budget, std::max<std::uint64_t>(least, 1)), kFirstChains);
    for (Chains& c : all) c.profiles = first;
    in_chains(all, 0, first);
    std::vector<Chains*> order;
    for (Chains& c : all) order.push_back(&c);
    std::stable_sort(order.begin(), order.end(),
                     [](const Chains* a, const Chains* b) { return a->states < b->states; });
    std::uint64_t left = settings_.chain_budget;
    for (const Chains* c : order) left -= std::min(left, c->states);
    for (Chains* c : order) {
      if (first < std::min(kFirstChains, info_.samples) || first == info_.samples) break;
      const std::uint64_t each = (c->states + first - 1) / first;
      const std::uint64_t more =
          std::min(info_.samples - first, left / std::max<std::uint64_t>(each, 1));
      c->profiles += more;
      left -= std::min(left, more * each);
    }
    for (const Chains& c : all) info_.chains = std::min(info_.chains, c.profiles);
    in_chains(all, first, info_.samples);
  }

  /// Each profile by itself, from `first` to `end`.
  void in_chains(std::vector<Chains>& all, std::uint64_t first, std::uint64_t end) {
    std::uint64_t last = first;
    for (const Chains& c : all) last = std::max(last, std::min(c.profiles, end));
    std::vector<std::atomic<std::uint64_t>> states(all.size());
    each(last - first, [&](std::size_t k) {
      const std::uint64_t replicate = first + k;
      const auto disputes = disputes_of(replicate);
      std::vector<std::size_t> leaves;
      for (const Chains& c : all)
        if (replicate < c.profiles) leaves.insert(leaves.end(), c.leaves.begin(), c.leaves.end());
      for (const std::size_t i : leaves) note_risk(*disputes, answer_.leaves[i].test, settings_);
      ClaimsSettings quiet = settings_;
      quiet.evidence = false;
      quiet.watch.progress = nullptr;
      const std::size_t rounds = chance_efforts(quiet.most_risk_states, false).size();
      for (std::size_t round = 1; round + 1 < rounds; ++round)
        for (const std::size_t i : leaves)
          note_risk(*disputes, answer_.leaves[i].test, quiet, round);
      for (const std::size_t i : leaves) {
        const Vote vote = judged(*disputes, i, UINT64_MAX);
        if (stop()) return;
        votes_[i][replicate] = vote;
      }
      for (std::size_t g = 0; g < all.size(); ++g) {
        const auto place = disputes->places().find(all[g].key);
        if (place != disputes->places().end()) states[g] += place->second->chances.explored();
      }
    });
    for (std::size_t g = 0; g < all.size(); ++g) all[g].states += states[g];
  }

  // --- counting

  static Sampled fixed(Truth t) {
    Sampled s;
    s.fixed = true;
    s.share = s.low = s.high = t == Truth::True ? 1 : 0;
    return s;
  }

  static std::optional<Sampled> counted(const std::vector<Vote>& votes) {
    Sampled s;
    for (const Vote v : votes) {
      if (v == Vote::NotJudged) continue;
      ++s.profiles;
      if (v == Vote::Yes) ++s.yes;
      if (v == Vote::Undecided) ++s.undecided;
    }
    if (s.profiles == 0) return std::nullopt;
    const Share share = wilson(s.yes, s.profiles);
    s.share = share.share;
    s.low = share.low;
    s.high = share.high;
    return s;
  }

  bool all_fixed(const TestNode& node) const {
    if (node.leaf) return class_[*node.leaf] == Class::Fixed;
    return std::all_of(node.children.begin(), node.children.end(),
                       [this](const TestNode& child) { return all_fixed(child); });
  }

  bool some_simulated(const TestNode& node) const {
    if (node.leaf) return class_[*node.leaf] == Class::Courses;
    return std::any_of(node.children.begin(), node.children.end(),
                       [this](const TestNode& child) { return some_simulated(child); });
  }

  /// Kleene's logic. A profile counts where all tests were judged in it: those in which some decide
  /// before others are asked are not like the rest.
  Vote vote(const TestNode& node, std::uint64_t replicate) const {
    if (node.leaf) return votes_[*node.leaf][replicate];
    if (node.kind == TestKind::Not) {
      const Vote v = vote(node.children.at(0), replicate);
      return v == Vote::Yes ? Vote::No : v == Vote::No ? Vote::Yes : v;
    }
    const bool all = node.kind == TestKind::All;
    Truth out = all ? Truth::True : Truth::False;
    for (const TestNode& child : node.children) {
      const Vote v = vote(child, replicate);
      if (v == Vote::NotJudged) return v;
      const Truth t = truth_of(v);
      out = all ? conjoin(out, t) : disjoin(out, t);
    }
    return vote_of(out);
  }

  void settle(ClaimResult& claim) const {
    if (all_fixed(claim.test)) {
      claim.sampled = fixed(claim.test.truth);
      return;
    }
    std::vector<Vote> votes;
    for (std::uint64_t k = 0; k < info_.samples; ++k) votes.push_back(vote(claim.test, k));
    claim.sampled = counted(votes);
    if (claim.sampled) claim.sampled->simulated = some_simulated(claim.test);
    if (claim.by_construction) return;
    // Not asked at all is another thing than asked in too few.
    if (!claim.sampled && info_.end == End::Complete) return;
    const Sampled s = claim.sampled.value_or(Sampled{});
    const double n = static_cast<double>(std::max<std::uint64_t>(s.profiles, 1));
    const double no = static_cast<double>(s.profiles - s.yes - s.undecided) / n;
    claim.outcome =
        s.profiles < kLeastProfiles                                ? ClaimOutcome::Depends
        : claim.test.truth == Truth::True && s.share >= kAgreement ? ClaimOutcome::Supported
        : claim.test.truth == Truth::False && no >= kAgreement     ? ClaimOutcome::Contradicted
                                                                   : ClaimOutcome::Depends;
  }

  const ClaimsSettings& settings_;
  ClaimsAnswer& answer_;
  std::shared_ptr<const RiskScale> scale_;
  CourseJudge courses_;
  std::set<Disputes::Key> simulable_;
  std::map<Disputes::Key, Sampler> samplers_;
  std::map<Disputes::Key, std::optional<LaneBook>> books_;
  std::vector<std::optional<LaneTest>> tests_;
  ClaimsSampling info_;
  std::vector<Class> class_;
  std::uint64_t work_[6] = {0, 0, 0, 0, 0, 0};
  std::vector<std::vector<Vote>> votes_;          ///< per test and profile
  std::vector<std::vector<std::uint8_t>> later_;  ///< likewise: put off
  std::atomic<bool> stopped_ = false;
  std::atomic<std::uint64_t> to_do_ = 0;
  std::uint64_t done_ = 0;  ///< guarded by telling_
  std::mutex telling_;
};

}  // namespace

void sample_claims(const Disputes& disputes, const ClaimsSettings& settings, ClaimsAnswer& answer) {
  Ensemble(disputes, settings, answer).run();
}

}  // namespace wayout
