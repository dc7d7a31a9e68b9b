#include "wayout/answer/claims_risk.hpp"

#include <algorithm>
#include <bit>
#include <mutex>

#include "wayout/answer/possible.hpp"
#include "wayout/model/view.hpp"
#include "wayout/risk/risk.hpp"

namespace wayout {
namespace {

std::string told(const Errors& errors) {
  return errors.empty() ? std::string("it cannot be computed") : errors.front().message;
}

}  // namespace

struct ChancePlans::Inside {
  struct Plan {
    std::once_flag made;
    std::shared_ptr<const ConflictChain> chain;
  };
  using Key = std::pair<std::string, std::vector<State>>;
  std::mutex mutex;
  std::map<std::string, Conflict> plain;
  std::map<Key, std::shared_ptr<Plan>> plans;
};

ChancePlans::ChancePlans() : inside_(std::make_unique<Inside>()) {}
ChancePlans::~ChancePlans() = default;

void ChancePlans::plain(const std::string& name, const Conflict& conflict) {
  const std::lock_guard lock(inside_->mutex);
  inside_->plain.emplace(name, conflict);
}

std::shared_ptr<const ConflictChain> ChancePlans::get(const std::string& name,
                                                      const Normaliser& scale,
                                                      const std::vector<State>& starts) {
  constexpr std::size_t kPlanStates = 200'000;
  constexpr std::size_t kMostPlans = 16;  // where today varies, starts do
  std::shared_ptr<Inside::Plan> plan;
  const Conflict* conflict = nullptr;
  {
    const std::lock_guard lock(inside_->mutex);
    const auto known = inside_->plain.find(name);
    if (name.empty() || known == inside_->plain.end()) return nullptr;
    conflict = &known->second;
    const Inside::Key key{name, starts};
    auto it = inside_->plans.find(key);
    if (it == inside_->plans.end()) {
      // Which plans are there decides how long it takes, and what is decided at the limit: those
      // past the number are made and not kept.
      plan = std::make_shared<Inside::Plan>();
      if (inside_->plans.size() < kMostPlans) inside_->plans.emplace(key, plan);
    } else {
      plan = it->second;
    }
  }
  std::call_once(plan->made, [&] {
    if (!ConflictChain::supports_profiles(*conflict)) return;
    ChainSettings cs;
    cs.from = starts[0];
    cs.also.assign(starts.begin() + 1, starts.end());
    cs.most_states = kPlanStates;
    cs.stop_at_catastrophes = true;
    cs.ranges = ranged_worth(*conflict);
    auto made = ConflictChain::make(*conflict, scale, cs);
    if (made) plan->chain = std::make_shared<const ConflictChain>(std::move(*made));
  });
  return plan->chain;
}

RiskScale::RiskScale(const Parts& file) {
  if (file.catastrophes.empty()) return;
  const auto base = view(file);
  if (base) {
    make(*base);
  } else {
    fault_ = told(base.error());
  }
}

RiskScale::RiskScale(const Conflict& base) { make(base); }

void RiskScale::make(const Conflict& base) {
  auto scale = normaliser(base);
  if (scale) {
    scale_ = std::make_shared<const Normaliser>(std::move(*scale));
  } else {
    fault_ = told(scale.error());
  }
}

Truth compare(const ClaimTest& test, const Chance& before, const Chance& after) {
  const auto given = test.by ? test.by->value() : std::nullopt;
  const double by = given ? given->to_double() : 1;
  const bool lowers = test.kind == TestKind::LowersRisk;
  const double low = by * before.lower;
  const double high = by * before.upper;
  const double slack = 1e-9 * std::max({after.upper, high, 1e-300});
  if (lowers ? after.upper < low - slack : after.lower > high + slack) return Truth::True;
  if (lowers ? after.lower > high + slack : after.upper < low - slack) return Truth::False;
  if (after.upper - after.lower <= slack && high - low <= slack)  // equal: enough for a factor,
    return test.by.has_value() ? Truth::True : Truth::False;      // no change by itself
  return Truth::Undecided;
}

std::vector<ChanceEffort> chance_efforts(std::size_t most_states, bool evidence) {
  if (evidence) return {{most_states, true, false}};
  // In one of many profiles only the truth is asked for.
  constexpr std::size_t kRough[] = {kRoughStates, 4 * kRoughStates, 16 * kRoughStates};
  std::vector<ChanceEffort> out;
  for (const std::size_t n : kRough)
    if (n < most_states) out.push_back({n, n == kRough[0], true});
  if (out.empty()) out.push_back({most_states, true, false});
  return out;
}

Chance ChanceBook::chance(const Conflict& conflict, const RiskScale& scale, const ChanceQuestion& q,
                          const ChanceEffort& effort, const Watch& watch) {
  asked_.insert(q);
  if (!effort.rough && !name_.empty()) scale.plans().plain(name_, conflict);
  const Key key{effort.most_states, effort.rough};
  Answers& answers = answers_[key];
  const auto known = answers.find(q);
  if (known != answers.end()) return known->second;
  std::set<ChanceQuestion>& wanted = wanted_[key];
  wanted.insert(q);
  Answers more = answer(conflict, scale, effort.all ? asked_ : wanted, effort, watch);
  if (!more.empty()) explored_ += more.begin()->second.states;
  for (auto& [asked, chance] : more) answers[asked] = chance;
  wanted.clear();
  return answers.at(q);
}

void ChanceBook::prepare(const Conflict& conflict, const RiskScale& scale,
                         const ChanceEffort& effort, const Watch& watch) {
  answers_[Key{effort.most_states, effort.rough}] = answer(conflict, scale, asked_, effort, watch);
}

void ChanceBook::want(const ChanceEffort& effort, const ChanceQuestion& q) {
  const Key key{effort.most_states, effort.rough};
  if (answers_[key].count(q) == 0) wanted_[key].insert(q);
}

ChanceBook::Answers ChanceBook::answer(const Conflict& conflict, const RiskScale& scale,
                                       const std::set<ChanceQuestion>& questions,
                                       const ChanceEffort& effort, const Watch& watch) const {
  Answers out;
  for (const ChanceQuestion& q : questions) out.emplace(q, Chance{});
  const auto fail = [&out](const std::string& why) {
    for (auto& [q, chance] : out) chance.fault = why;
    return out;
  };
  if (conflict.parts().catastrophes.empty()) return fail("the case names no catastrophe");
  if (scale.get() == nullptr) return fail(scale.fault());
  auto own = complete(*scale.get(), conflict);
  if (!own) return fail(told(own.error()));
  std::vector<State> starts;
  std::vector<std::string> asked;
  std::vector<double> times;
  for (const ChanceQuestion& q : questions) {
    if (std::find(starts.begin(), starts.end(), q.start) == starts.end()) starts.push_back(q.start);
    if (std::find(asked.begin(), asked.end(), q.of) == asked.end()) asked.push_back(q.of);
    if (std::find(times.begin(), times.end(), q.horizon) == times.end()) times.push_back(q.horizon);
  }
  std::sort(times.begin(), times.end());
  // The chain of this dispute: of the plain run's by other numbers, or explored by itself.
  std::shared_ptr<const ConflictChain> model;
  std::optional<ProfileChain> profile;
  if (effort.rough) {
    std::vector<State> all;
    for (const ChanceQuestion& q : asked_)
      if (std::find(all.begin(), all.end(), q.start) == all.end()) all.push_back(q.start);
    model = scale.plans().get(name_, *own, all);
    if (model) profile = model->in_profile(conflict, *own, starts, effort.most_states);
  }
  if (!profile) {
    ChainSettings cs;
    cs.from = starts[0];
    cs.also.assign(starts.begin() + 1, starts.end());
    cs.most_states = effort.most_states;
    cs.likeliest_first = cs.stop_at_catastrophes = effort.rough;
    cs.watch = watch;
    auto made = ConflictChain::make(conflict, *own, cs);
    if (!made) return fail(told(made.error()));
    model = std::make_shared<const ConflictChain>(std::move(*made));
  }
  const Chain& chain = profile ? profile->chain : model->chain();
  // Any catastrophe is the sum of each, where all are asked for and no state is two of them.
  const auto any = std::find(asked.begin(), asked.end(), "any");
  const std::size_t each = static_cast<std::size_t>(std::popcount(chain.catastrophes()));
  const bool sums = effort.rough && any != asked.end() && asked.size() == each + 1 &&
                    std::none_of(chain.at.begin(), chain.at.end(), [&](OutcomeMask at) {
                      return std::popcount(at & chain.catastrophes()) > 1;
                    });
  if (sums) asked.erase(any);
  // Each lower bound, and after them all upper ones: where what was not explored comes to what
  // counts as fast as it can.
  std::vector<Target> targets;
  for (const std::string& of : asked) {
    Target t;
    t.counts = chain.catastrophes();
    if (of != "any")
      if (const auto k = chain.find(ChainOutcome::Kind::Catastrophe, of))
        t.counts = OutcomeMask{1} << *k;
    t.stops = chain.stopping() & ~t.counts;
    targets.push_back(t);
  }
  const OutcomeMask outside = chain.of_kind(ChainOutcome::Kind::Outside);
  if (!chain.complete)
    for (std::size_t i = 0; i < asked.size(); ++i) {
      Target t = targets[i];
      if (!effort.rough) {
        t.counts |= outside;
        t.stops &= ~outside;
        targets.push_back(t);
        continue;
      }
      t.outside_rate = profile ? model->outside_rate(t, *profile, false) : model->outside_rate(t);
      if (profile) {
        t.calm_rate = model->outside_rate(t, *profile, true);
        t.calm_turn = profile->turn;
      }
      targets.push_back(t);
    }
  std::vector<std::uint32_t> places;
  if (profile) places = profile->starts;
  for (std::size_t i = places.size(); i < starts.size(); ++i) {
    const auto place = model->find(starts[i]);
    if (!place) return fail("a start lies beyond the states explored");
    places.push_back(*place);
  }
  TransientSettings ts;
  ts.watch = watch;
  if (!chain.complete && effort.rough) {
    ts.smallest_weight = 1e-7;
    ts.error = 1e-7;
  }
  const Transient t = by_time(chain, targets, times, places, ts);
  const std::size_t upper = chain.complete ? 0 : asked.size();
  for (auto& [q, chance] : out) {
    const auto i =
        static_cast<std::size_t>(std::find(asked.begin(), asked.end(), q.of) - asked.begin());
    const auto s =
        static_cast<std::size_t>(std::find(starts.begin(), starts.end(), q.start) - starts.begin());
    const auto k =
        static_cast<std::size_t>(std::find(times.begin(), times.end(), q.horizon) - times.begin());
    chance = {};
    if (i < asked.size()) {
      chance.lower = t.lower[i][s][k];
      chance.upper = t.upper[upper + i][s][k];
    } else {
      chance.upper = 0;
      for (std::size_t c = 0; c < asked.size(); ++c) {
        chance.lower += t.lower[c][s][k];
        chance.upper += t.upper[upper + c][s][k];
      }
    }
    if (effort.rough) {  // the weights left out lie on either side
      const double error = t.error * static_cast<double>(i < asked.size() ? 1 : asked.size());
      chance.lower = std::max(0.0, chance.lower - error);
      chance.upper = std::min(1.0, chance.upper + error);
    }
    chance.states = chain.size();
    chance.end = t.end != End::Complete ? t.end
                 : chain.complete       ? End::Complete
                 : profile              ? End::Limit
                                        : model->end();
  }
  return out;
}

}  // namespace wayout
