#include "wayout/answer/claims_risk.hpp"

#include <algorithm>

#include "wayout/model/view.hpp"
#include "wayout/risk/risk.hpp"

namespace wayout {
namespace {

std::string told(const Errors& errors) {
  return errors.empty() ? std::string("it cannot be computed") : errors.front().message;
}

}  // namespace

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

Chance ChanceBook::chance(const Conflict& conflict, const RiskScale& scale, const ChanceQuestion& q,
                          std::size_t most_states, const Watch& watch) {
  const auto known = answers_.find(q);
  if (known == answers_.end()) {
    answers_.emplace(q, Chance{});
    answered_ = false;
  }
  if (!answered_) answer(conflict, scale, most_states, watch);
  return answers_.at(q);
}

void ChanceBook::answer(const Conflict& conflict, const RiskScale& scale, std::size_t most_states,
                        const Watch& watch) {
  answered_ = true;
  const auto fail = [this](const std::string& why) {
    for (auto& [q, chance] : answers_) chance.fault = why;
  };
  if (conflict.parts().catastrophes.empty()) {
    fail("the case names no catastrophe");
    return;
  }
  if (scale.get() == nullptr) {
    fail(scale.fault());
    return;
  }
  auto own = complete(*scale.get(), conflict);
  if (!own) {
    fail(told(own.error()));
    return;
  }
  std::vector<State> starts;
  std::vector<std::string> asked;
  std::vector<double> times;
  for (const auto& [q, chance] : answers_) {
    if (std::find(starts.begin(), starts.end(), q.start) == starts.end()) starts.push_back(q.start);
    if (std::find(asked.begin(), asked.end(), q.of) == asked.end()) asked.push_back(q.of);
    if (std::find(times.begin(), times.end(), q.horizon) == times.end()) times.push_back(q.horizon);
  }
  std::sort(times.begin(), times.end());
  ChainSettings cs;
  cs.from = starts[0];
  cs.also.assign(starts.begin() + 1, starts.end());
  cs.most_states = most_states;
  cs.watch = watch;
  auto made = ConflictChain::make(conflict, *own, cs);
  if (!made) {
    fail(told(made.error()));
    return;
  }
  const Chain& chain = made->chain();
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
  if (!chain.complete)
    targets.push_back({chain.of_kind(ChainOutcome::Kind::Outside),
                       chain.stopping() & ~chain.of_kind(ChainOutcome::Kind::Outside)});
  std::vector<std::uint32_t> places;
  for (const State s : starts) {
    const auto place = made->find(s);
    if (!place) {
      fail("a start lies beyond the states explored");
      return;
    }
    places.push_back(*place);
  }
  TransientSettings ts;
  ts.watch = watch;
  const Transient t = by_time(chain, targets, times, places, ts);
  for (auto& [q, chance] : answers_) {
    const auto i =
        static_cast<std::size_t>(std::find(asked.begin(), asked.end(), q.of) - asked.begin());
    const auto s =
        static_cast<std::size_t>(std::find(starts.begin(), starts.end(), q.start) - starts.begin());
    const auto k =
        static_cast<std::size_t>(std::find(times.begin(), times.end(), q.horizon) - times.begin());
    chance = {};
    chance.lower = t.lower[i][s][k];
    chance.upper = t.upper[i][s][k];
    if (!chain.complete) chance.upper = std::min(1.0, chance.upper + t.upper[asked.size()][s][k]);
    chance.states = chain.size();
    chance.end = made->end() != End::Complete ? made->end() : t.end;
  }
}

}  // namespace wayout
