#include "wayout/risk/risk.hpp"

#include <algorithm>

namespace wayout {
namespace {

/// One question of the pass through time and where its answer goes.
struct Asked {
  Target target;
  RiskRow* row = nullptr;
  bool alone = false;
};

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
  cs.most_states = settings.most_states;
  cs.watch = settings.watch;
  auto made = ConflictChain::make(conflict, normaliser, cs);
  if (!made) return Unexpected{std::move(made.error())};
  const ConflictChain& model = *made;
  const Chain& chain = model.chain();

  RiskAnswer out;
  out.end = model.end();
  out.horizon = settings.horizon.value_or(model.inputs().horizon);
  out.unit = model.inputs().unit;
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
  asked.push_back({{every, stopping & ~every}, &out.any, false});
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

  if (settings.ever && out.end != End::Cancelled) {
    LinearSettings ls;
    ls.watch = settings.watch;
    EventualSystem system(chain, stopping, ls);
    for (const Asked& a : asked) {
      if (a.row == nullptr || a.alone || (a.target.counts | a.target.stops) != stopping) continue;
      a.row->ever = system.eventual(a.target);
      out.residual = std::max(out.residual, a.row->ever->residual);
    }
    out.expected_end = system.expected_end();
  }
  return out;
}

}  // namespace wayout
