#include "wayout/risk/risk.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <tbb/parallel_invoke.h>

#include "wayout/risk/slope.hpp"

namespace wayout {
namespace {

/// One question of the pass through time and where its answer goes.
struct Asked {
  Target target;
  RiskRow* row = nullptr;
  bool alone = false;
};

/// Any catastrophe is the sum of each, unless a state may be two of them.
bool adds_up(const Chain& chain) {
  const OutcomeMask every = chain.catastrophes();
  return std::none_of(chain.at.begin(), chain.at.end(),
                      [&](OutcomeMask at) { return std::popcount(at & every) > 1; });
}

/// The curve of any catastrophe from those of each.
void sum_up(RiskAnswer& out) {
  out.any.curve.assign(out.times.size(), Interval{0, 0});
  for (const RiskRow& row : out.catastrophes)
    for (std::size_t i = 0; i < out.times.size(); ++i) {
      out.any.curve[i].lower += row.curve[i].lower;
      out.any.curve[i].upper += row.curve[i].upper;
    }
  for (Interval& x : out.any.curve) x = {std::min(x.lower, 1.0), std::min(x.upper, 1.0)};
  out.any.by = out.any.curve.back();
}

void fill_rows(const Transient& t, const std::vector<Asked>& asked, RiskAnswer& out) {
  const std::size_t last = out.times.size() - 1;
  for (std::size_t q = 0; q < asked.size(); ++q) {
    std::vector<Interval> curve;
    for (std::size_t i = 0; i < out.times.size(); ++i) {
      Interval x{t.lower[q][0][i], t.upper[q][0][i]};
      curve.push_back(x);
    }
    if (asked[q].row == nullptr) {
      out.outside = curve[last];
      continue;
    }
    RiskRow& row = *asked[q].row;
    if (asked[q].alone) {
      row.alone = curve[last];
    } else {
      row.by = curve[last];
      row.curve = std::move(curve);
    }
  }
}

/// Where the time goes, what each hazard adds, and the derivatives by the horizon.
void add_slopes(const ConflictChain& model, const std::vector<Asked>& asked,
                const RiskSettings& settings, RiskAnswer& out) {
  const Chain& chain = model.chain();
  std::vector<Target> joint;
  std::vector<RiskRow*> rows;
  for (const Asked& a : asked) {
    if (a.row == nullptr || a.alone || (a.target.counts | a.target.stops) != chain.stopping())
      continue;
    if (!settings.derivatives && !joint.empty()) break;
    joint.push_back(a.target);
    rows.push_back(a.row);
  }
  const bool sums = std::find(rows.begin(), rows.end(), &out.any) == rows.end();
  if (sums && settings.derivatives) out.any.by_slope.by.assign(out.inputs.size(), 0);
  for (std::size_t first = 0; first < joint.size(); first += 8) {
    const std::size_t count = std::min<std::size_t>(8, joint.size() - first);
    const TimeSlopes slopes =
        time_slopes(model, std::span(joint).subspan(first, count), out.horizon, settings.watch);
    if (slopes.end != End::Complete) {
      out.end = slopes.end;
      return;
    }
    if (settings.derivatives)
      for (std::size_t c = 0; c < count; ++c) {
        rows[first + c]->by_slope.by = slopes.by[c];
        if (sums)
          for (std::size_t i = 0; i < slopes.by[c].size(); ++i)
            out.any.by_slope.by[i] += slopes.by[c][i];
      }
    if (first > 0) continue;
    out.by_hazard.assign(model.hazard_count(), 0);
    const Conflict& c = model.conflict();
    std::vector<double> met(chain.outcomes.size(), 0);
    std::vector<double> acting(model.hazard_count(), 0);
    double total = 0;
    for (std::size_t s = 0; s < chain.size(); ++s) {
      const double o = slopes.occupation[s];
      if (o == 0) continue;
      total += o;
      for (std::size_t k = 0; k < met.size(); ++k)
        if ((chain.at[s] >> k) & 1u) met[k] += o;
      for (std::size_t h = 0; h < model.hazard_count(); ++h) {
        const std::uint32_t j = model.pattern(s, h);
        if (!model.patterns(h)[j].acts) continue;
        acting[h] += o;
        if (!model.assigns(h)) out.by_hazard[h] += o * model.rate(h, j);
      }
    }
    const auto tell = [&](const std::string& id, const std::string& name, double time) {
      out.spent.push_back({id, name.empty() ? id : name, total > 0 ? time / total : 0, time});
    };
    for (std::size_t k = 0; k < chain.outcomes.size(); ++k)
      if (chain.outcomes[k].kind == ChainOutcome::Kind::Goal)
        tell(chain.outcomes[k].id, chain.outcomes[k].name, met[k]);
    for (std::size_t h = 0; h < model.hazard_count(); ++h) {
      const HazardPart& part = c.parts().hazards[h];
      tell(part.id.empty() ? std::to_string(h + 1) : part.id, part.name, acting[h]);
    }
    out.expected_time_by = total;
  }
}

/// Derivatives of each catastrophe alone: what stops the course differs, so each is a pass.
void add_alone_slopes(const ConflictChain& model, const std::vector<Asked>& asked,
                      const RiskSettings& settings, RiskAnswer& out) {
  for (const Asked& a : asked) {
    if (!a.alone) continue;
    TimeSlopes slopes = time_slopes(model, std::span(&a.target, 1), out.horizon, settings.watch);
    if (slopes.end != End::Complete) {
      out.end = slopes.end;
      return;
    }
    a.row->alone_slope.by = std::move(slopes.by[0]);
  }
}

/// Derivatives of the expected time given that it happens: of z / v.
void add_time_slopes(const ConflictChain& model, const Target& target, EventualSystem& system,
                     const std::vector<double>& visits, const std::vector<double>& twice,
                     RiskRow& row) {
  const std::size_t start = model.chain().start;
  if (!row.ever->expected_time || system.last_times().empty()) return;
  if (row.ever->only_because_nothing_else_absorbs) {
    row.time_slope.by = end_slopes(model, target, system.last_times(), visits);
    return;
  }
  const double v = system.last_values()[start];
  const double time = system.last_times()[start] / v;
  row.time_slope.by =
      time_slopes_ever(model, target, system.last_values(), system.last_times(), visits, twice);
  for (std::size_t i = 0; i < row.time_slope.by.size(); ++i)
    row.time_slope.by[i] = (row.time_slope.by[i] - time * row.ever_slope.by[i]) / v;
}

/// For good: probabilities, expected times, and their derivatives.
void add_ever(const ConflictChain& model, const std::vector<Asked>& asked,
              const RiskSettings& settings, RiskAnswer& out) {
  const Chain& chain = model.chain();
  const OutcomeMask stopping = chain.stopping();
  const OutcomeMask every = chain.catastrophes();
  LinearSettings ls;
  ls.watch = settings.watch;
  ls.watch.progress = nullptr;  // the pass through time tells, at the same time
  EventualSystem system(chain, stopping, ls);
  std::vector<double> visits;
  if (settings.derivatives && model.end() == End::Complete) {
    visits = system.visits();
    out.residual = std::max(out.residual, system.last().residual);
  }
  std::vector<double> twice;
  if (!visits.empty() && settings.all_derivatives) {
    twice = system.visits_of(visits);
    out.residual = std::max(out.residual, system.last().residual);
  }
  std::vector<Asked> for_good{{{every, stopping & ~every}, &out.any, false}};
  for (const Asked& a : asked)
    if (a.row != nullptr && a.row != &out.any && !a.alone &&
        (a.target.counts | a.target.stops) == stopping)
      for_good.push_back(a);
  for (const Asked& a : for_good) {
    a.row->ever = system.eventual(a.target);
    out.residual = std::max(out.residual, a.row->ever->residual);
    if (visits.empty()) continue;
    if (a.row->ever->only_because_nothing_else_absorbs || system.last_values().empty())
      a.row->ever_slope.by.assign(out.inputs.size(), 0);
    else
      a.row->ever_slope.by = ever_slopes(model, a.target, system.last_values(), visits);
    if (!twice.empty()) add_time_slopes(model, a.target, system, visits, twice, *a.row);
  }
  out.expected_end = system.expected_end();
  if (out.expected_end && !twice.empty())
    out.end_slope.by = end_slopes(model, {every, stopping & ~every}, system.end_times(), visits);
}

void add_paths(const ConflictChain& model, RiskAnswer& out) {
  const Chain& chain = model.chain();
  for (std::size_t k = 0; k < chain.outcomes.size(); ++k) {
    if (chain.outcomes[k].kind != ChainOutcome::Kind::Catastrophe) continue;
    const OutcomeMask bit = OutcomeMask{1} << k;
    const LikelyPath found = likely_path(chain, {bit, chain.stopping() & ~bit});
    if (found.states.empty()) continue;
    RiskPath path;
    path.catastrophe = chain.outcomes[k].id;
    path.probability = found.probability;
    for (const std::uint32_t s : found.states) path.states.push_back(model.state(s));
    if (found.by_hazard) {
      double most = 0;
      for (std::size_t h = 0; h < model.hazard_count(); ++h)
        for (const auto& [outcome, share] : model.shares(h)) {
          const double r = share * model.rate(h, model.pattern(found.states.back(), h));
          if (outcome != k || r <= most) continue;
          most = r;
          path.hazard = h;
        }
    }
    out.paths.push_back(std::move(path));
  }
}

}  // namespace

Result<RiskAnswer> risk(const Conflict& conflict, const Normaliser& normaliser,
                        const RiskSettings& settings) {
  if (conflict.parts().catastrophes.empty())
    return fault("no_catastrophe", "this case names no catastrophe, so there is no risk to tell",
                 {}, "add [[catastrophe]] and a [[hazard]] that leads to it");
  ChainSettings cs;
  cs.from = settings.from;
  cs.rationality = settings.rationality;
  cs.one_option = settings.one_option;
  cs.absorbing_goals = settings.absorbing_goals;
  cs.as_perceived = settings.as_perceived;
  cs.most_states = settings.most_states;
  cs.watch = settings.watch;
  auto made = ConflictChain::make(conflict, normaliser, cs);
  if (!made) return Unexpected{std::move(made.error())};
  const ConflictChain& model = *made;
  const Chain& chain = model.chain();

  RiskAnswer out;
  out.end = model.end();
  out.horizon = settings.horizon.value_or(model.inputs().horizon);
  if (!countable(chain, out.horizon)) return too_many_events();
  out.unit = model.inputs().unit;
  out.as_perceived = settings.as_perceived;
  out.inputs = model.inputs().list;
  out.one_option = settings.one_option;
  out.states = chain.size();
  out.transitions = chain.moves.entries();
  out.complete = chain.complete;
  for (std::size_t i = 0; i < model.mover_count(); ++i)
    out.rationality.emplace_back(
        model.mover(i), model.values()[model.inputs().rationality[model.mover(i).index()]]);
  const std::size_t points = std::max<std::size_t>(1, settings.times);
  for (std::size_t i = 1; i <= points; ++i)
    out.times.push_back(out.horizon * static_cast<double>(i) / static_cast<double>(points));

  const OutcomeMask stopping = chain.stopping();
  out.any.name = "any catastrophe";
  for (const ChainOutcome& o : chain.outcomes) {
    RiskRow row;
    row.id = o.id;
    row.name = o.name;
    if (o.kind == ChainOutcome::Kind::Catastrophe) out.catastrophes.push_back(row);
    if (o.kind == ChainOutcome::Kind::Goal && settings.goals) out.goals.push_back(row);
  }
  std::vector<Asked> asked;
  const OutcomeMask every = chain.catastrophes();
  const bool sums = adds_up(chain);
  if (!sums) asked.push_back({{every, stopping & ~every}, &out.any, false});
  const OutcomeMask outside = chain.of_kind(ChainOutcome::Kind::Outside);
  if (!chain.complete) asked.push_back({{outside, stopping & ~outside}, nullptr, false});
  std::size_t c = 0;
  std::size_t g = 0;
  for (std::size_t k = 0; k < chain.outcomes.size(); ++k) {
    const OutcomeMask bit = OutcomeMask{1} << k;
    if (chain.outcomes[k].kind == ChainOutcome::Kind::Catastrophe) {
      RiskRow& row = out.catastrophes[c++];
      asked.push_back({{bit, stopping & ~bit}, &row, false});
      if (settings.alone && out.catastrophes.size() > 1)
        asked.push_back({{bit, stopping & ~every}, &row, true});
    } else if (chain.outcomes[k].kind == ChainOutcome::Kind::Goal && settings.goals) {
      asked.push_back({{bit, stopping}, &out.goals[g++], false});
    }
  }
  // A goal that nothing explored meets has no chance and needs no pass.
  OutcomeMask met = 0;
  for (const OutcomeMask at : chain.at) met |= at;
  std::erase_if(asked, [&](const Asked& a) {
    const bool goal = (a.target.counts & chain.of_kind(ChainOutcome::Kind::Goal)) != 0;
    if (!goal || (a.target.counts & met) != 0) return false;
    a.row->by = {0, 0};
    a.row->curve.assign(out.times.size(), Interval{0, 0});
    return true;
  });
  const auto through_time = [&] {
    std::vector<Target> targets;
    for (const Asked& a : asked) targets.push_back(a.target);
    TransientSettings ts;
    ts.watch = settings.watch;
    const std::vector<std::uint32_t> starts{chain.start};
    const Transient t = by_time(chain, targets, out.times, starts, ts);
    out.uniformisation_rate = t.rate;
    out.steps = t.steps;
    out.error = t.error;
    if (t.end != End::Complete) out.end = t.end;
    fill_rows(t, asked, out);
    if (sums) sum_up(out);
    if (!chain.complete) {
      // What left the part explored may have met anything there.
      for (std::size_t q = 0; q < asked.size(); ++q) {
        if (asked[q].row != nullptr) continue;
        const auto widen = [&](RiskRow& row) {
          for (std::size_t i = 0; i < row.curve.size(); ++i)
            row.curve[i].upper = std::min(1.0, row.curve[i].upper + t.upper[q][0][i]);
          if (!row.curve.empty()) row.by = row.curve.back();
          if (row.alone) row.alone->upper = std::min(1.0, row.alone->upper + out.outside.upper);
        };
        widen(out.any);
        for (RiskRow& row : out.catastrophes) widen(row);
        for (RiskRow& row : out.goals) widen(row);
      }
    }
    if (out.end == End::Complete) add_slopes(model, asked, settings, out);
    if (out.end == End::Complete && settings.derivatives && settings.all_derivatives)
      add_alone_slopes(model, asked, settings, out);
    if (out.end == End::Complete) add_paths(model, out);
  };
  const auto for_good = [&] {
    if (settings.ever && model.end() != End::Cancelled) add_ever(model, asked, settings, out);
  };
  const auto places = [&] {
    if (model.end() == End::Complete && !settings.drift.empty())
      out.drift = first_place_by(model, settings.drift, out.horizon, settings.watch);
  };
  // They write different parts of the answer, and each is the same bytes by itself: together they
  // keep every core at work while one of them has a serial part.
  tbb::parallel_invoke(through_time, for_good, places);
  if (out.end != End::Complete) {
    // What was worked out beside a pass that was stopped is not told either.
    out.drift.clear();
    const auto forget = [&](RiskRow& row) {
      row.ever_slope.by.clear();
      row.time_slope.by.clear();
      if (out.end == End::Cancelled) row.ever.reset();
    };
    forget(out.any);
    for (RiskRow& row : out.catastrophes) forget(row);
    for (RiskRow& row : out.goals) forget(row);
    out.end_slope.by.clear();
    if (out.end == End::Cancelled) out.expected_end.reset();
  }
  // What follows changes the numbers of the chain and puts them back.
  const Target any{every, stopping & ~every};
  PolicySettings ps;
  ps.watch = settings.watch;
  if (settings.unknown_behaviour && out.end == End::Complete) {
    out.behaviour = over_policies(*made, any, out.horizon, ps);
    if (out.behaviour->end == End::Cancelled) out.end = End::Cancelled;
  }
  const bool ranged = std::any_of(out.inputs.begin(), out.inputs.end(), [](const RiskInput& i) {
    return i.ranged() && i.kind != InputKind::Rationality;
  });
  if (settings.box && settings.derivatives && ranged && out.end == End::Complete)
    out.box = over_box(*made, any, out.horizon, out.any.by_slope.by, ps);
  if (settings.below && settings.derivatives && out.end == End::Complete)
    out.needs =
        needed(*made, any, out.horizon, *settings.below, out.any.by_slope.by, settings.watch);
  if (!out.complete && out.end == End::Complete) out.end = End::Limit;
  return out;
}

}  // namespace wayout
