#include <algorithm>

#include "wayout/risk/risk.hpp"

namespace wayout {
namespace {

Unexpected<Errors> no_catastrophe() {
  return fault("no_catastrophe", "this case names no catastrophe, so there is no risk to tell", {},
               "add [[catastrophe]] and a [[hazard]] that leads to it");
}

}  // namespace

Result<std::vector<RiskNumber>> probabilities_by(const Conflict& conflict,
                                                 const Normaliser& normaliser,
                                                 std::span<const State> starts,
                                                 const RiskQuestion& question) {
  ChainSettings cs;
  if (!starts.empty()) {
    cs.from = starts[0];
    cs.also.assign(starts.begin() + 1, starts.end());
  } else if (question.from) {
    cs.from = question.from;
  }
  cs.rationality = question.rationality;
  cs.one_option = question.one_option;
  cs.as_perceived = question.as_perceived;
  cs.most_states = question.most_states;
  cs.watch = question.watch;
  if (conflict.parts().catastrophes.empty()) return no_catastrophe();
  auto made = ConflictChain::make(conflict, normaliser, cs);
  if (!made) return Unexpected{std::move(made.error())};
  const Chain& chain = made->chain();
  Target target;
  target.counts = chain.catastrophes();
  if (question.of != "any" && !question.of.empty()) {
    const auto k = chain.find(ChainOutcome::Kind::Catastrophe, question.of);
    if (!k) return fault("unknown_id", "'" + question.of + "' is no catastrophe");
    target.counts = OutcomeMask{1} << *k;
  }
  target.stops = chain.stopping() & ~target.counts;
  std::vector<Target> targets{target};
  if (!chain.complete)
    targets.push_back({chain.of_kind(ChainOutcome::Kind::Outside),
                       chain.stopping() & ~chain.of_kind(ChainOutcome::Kind::Outside)});
  std::vector<std::uint32_t> places;
  if (starts.empty()) {
    places.push_back(chain.start);
  } else {
    for (const State s : starts) {
      const auto place = made->find(s);
      if (!place) return fault("limit", "a start lies beyond the states explored");
      places.push_back(*place);
    }
  }
  const double horizon = question.horizon.value_or(made->inputs().horizon);
  if (!countable(chain, horizon)) return too_many_events();
  const std::vector<double> times{horizon};
  TransientSettings ts;
  ts.watch = question.watch;
  const Transient t = by_time(chain, targets, times, places, ts);
  std::vector<RiskNumber> out;
  for (std::size_t i = 0; i < places.size(); ++i) {
    RiskNumber number;
    number.by = {t.lower[0][i][0], t.upper[0][i][0]};
    if (!chain.complete) number.by.upper = std::min(1.0, number.by.upper + t.upper[1][i][0]);
    number.end = made->end() != End::Complete ? made->end() : t.end;
    number.states = chain.size();
    out.push_back(number);
  }
  return out;
}

Result<RiskNumber> probability_by(const Conflict& conflict, const Normaliser& normaliser,
                                  const RiskQuestion& question) {
  auto all = probabilities_by(conflict, normaliser, {}, question);
  if (!all) return Unexpected{std::move(all.error())};
  return all->front();
}

Result<double> risk_along(const Conflict& conflict, State start, std::span<const Step> steps) {
  auto inputs = risk_inputs(conflict, 1.0);
  if (!inputs) return Unexpected{std::move(inputs.error())};
  const Parts& parts = conflict.parts();
  std::vector<Condition> catastrophes;
  for (const CatastrophePart& part : parts.catastrophes) {
    if (part.when.empty()) continue;
    auto when = conflict.condition(part.when);
    if (!when) return Unexpected{std::move(when.error())};
    catastrophes.push_back(std::move(*when));
  }
  const auto catastrophic = [&](State s) {
    return std::any_of(catastrophes.begin(), catastrophes.end(),
                       [s](const Condition& c) { return c.holds(s); });
  };
  const auto holds = [&](const std::string& text, State s) {
    if (text.empty()) return true;
    const auto when = conflict.condition(text);
    return when && when->holds(s);
  };
  double safe = 1;
  State at = start;
  if (catastrophic(at)) return 1.0;
  for (const Step& step : steps) {
    double h = 0;
    for (std::size_t i = 0; i < parts.hazards.size(); ++i) {
      const HazardPart& part = parts.hazards[i];
      if (!part.leads_to.assignment.empty() || !holds(part.when, at)) continue;
      double rate = inputs->list[inputs->hazards[i].rate].value;
      for (std::size_t f = 0; f < part.factors.size(); ++f)
        if (holds(part.factors[f].when, at))
          rate *= inputs->list[inputs->hazards[i].factors[f]].value;
      h += rate;
    }
    const std::size_t tempo = inputs->tempo[step.mover.index()];
    const double tau = tempo == kNoInput ? 0 : inputs->list[tempo].value;
    if (h > 0) safe *= tau / (h + tau);
    at = step.state;
    if (catastrophic(at)) return 1.0;
  }
  return 1 - safe;
}

}  // namespace wayout
