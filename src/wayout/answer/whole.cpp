#include "wayout/answer/whole.hpp"

#include <algorithm>
#include <chrono>
#include <future>

namespace wayout {
namespace {

/// The largest size up to which all sets of `measures` measures are at most `most`; at least 1.
std::size_t size_within(std::size_t measures, std::size_t most) {
  std::size_t size = 0;
  double sets = 1;
  double of_size = 1;
  while (size < measures && size < 4) {
    of_size = of_size * static_cast<double>(measures - size) / static_cast<double>(size + 1);
    if (size > 0 && sets + of_size > static_cast<double>(most)) break;
    sets += of_size;
    ++size;
  }
  return size;
}

void look_at_room(const Conflict& conflict, const WholeSettings& settings, WholeAnswer& out) {
  const Standing& standing = out.answer.standing;
  if (conflict.graph_form() || conflict.parts().tracks.empty()) return;
  if (standing.drift.end != End::Complete) return;
  std::vector<State> drifted;
  for (const auto& set : standing.drift.sets) drifted.insert(drifted.end(), set.begin(), set.end());
  RoomSettings rs;
  rs.from = standing.start;
  rs.most_deals = 1'000'000;
  rs.demands.look = false;
  rs.watch = settings.answer.watch;
  const auto seen = settings.answer.as_perceived && has_beliefs(conflict)
                        ? std::optional(perceive(conflict))
                        : std::nullopt;
  out.room = room(seen && *seen ? (*seen)->acting : conflict, drifted, rs);
}

void look_at_risk(const Parts& file, const Conflict& conflict, const WholeSettings& settings,
                  State start, WholeAnswer& out) {
  if (conflict.parts().catastrophes.empty()) return;
  // One ordinary step is measured in the case without measures and variants.
  const auto base = view(file, {});
  if (!base) {
    out.no_risk = base.error()[0].message;
    return;
  }
  const auto scale =
      normaliser(*base, base->status_quo() ? std::nullopt : std::optional<State>(start));
  if (!scale) {
    out.no_risk = scale.error()[0].message;
    return;
  }
  RiskSettings rs;
  rs.from = start;
  rs.alone = false;
  rs.as_perceived = settings.answer.as_perceived;
  rs.times = 4;
  rs.goals = rs.ever = rs.derivatives = rs.box = false;
  rs.watch = settings.answer.watch;
  rs.watch.progress = nullptr;  // another part tells how far it is
  auto found = risk(conflict, *scale, rs);
  if (found) {
    out.risk = std::move(*found);
  } else {
    out.no_risk = found.error()[0].message;
  }
}

Result<bool> look_at_change(const Parts& file, const WholeSettings& settings, WholeAnswer& out) {
  auto base = view(file, {settings.view.under, {}, {}});
  if (!base) return Unexpected<Errors>{base.error()};
  const auto& measures = base->parts().measures;
  if (base->goals().empty() || measures.empty()) return true;
  SearchSettings ss;
  ss.sanctions = settings.answer.sanctions;
  ss.threads = settings.threads;
  ss.most_states = settings.answer.most_states;
  ss.as_perceived = settings.answer.as_perceived;
  ss.watch = settings.answer.watch;
  for (std::size_t i = 0; i < measures.size(); ++i)
    if (std::find(settings.view.with.begin(), settings.view.with.end(), measures[i].id) !=
        settings.view.with.end())
      ss.taken.push_back(i);
  for (std::size_t g = 0; g < base->goals().size(); ++g)
    if (settings.answer.goals.empty() ||
        std::find(settings.answer.goals.begin(), settings.answer.goals.end(),
                  base->goals()[g].id) != settings.answer.goals.end())
      ss.goals.push_back(g);
  ss.most = size_within(measures.size() - ss.taken.size(), settings.most_sets);
  out.taken = ss.taken;
  out.change = search_measures(*base, ss);
  const auto taken = with_measures(*base, ss.taken);
  if (!taken) return true;
  // The command of its own goes further.
  const ShiftEffort effort{16, 5'000};
  for (const GoalChange& g : out.change->goals)
    if (g.verdict == ChangeVerdict::NoneFound)
      out.shifts.emplace(g.goal, least_shifts(*taken, g.goal, ss, effort));
  return true;
}

Result<ClaimsAnswer> look_at_claims(const Parts& file, const WholeSettings& settings) {
  ClaimsSettings cs;
  cs.under = settings.view.under;
  cs.with = settings.view.with;
  cs.sanctions = settings.answer.sanctions;
  cs.samples = settings.claim_samples;
  if (settings.every_profile) cs.every_profile();
  cs.seed = settings.seed;
  cs.threads = settings.threads;
  cs.watch = settings.answer.watch;
  if (cs.threads != 1) cs.watch.progress = nullptr;  // another part tells how far it is
  return evaluate_claims(file, cs);
}

void look_at_trust(const Conflict& conflict, const WholeSettings& settings, WholeAnswer& out) {
  TrustSettings ts;
  ts.ensemble.seed = settings.seed;
  ts.ensemble.samples = settings.samples;
  ts.ensemble.threads = settings.threads;
  ts.ensemble.watch = settings.answer.watch;
  ts.profile.goals = settings.answer.goals;
  ts.profile.as_perceived = settings.answer.as_perceived;
  ts.profile.watch = settings.answer.watch;
  ts.profile.watch.progress = nullptr;
  TrustReport report = trust_case(conflict, ts);
  if (!report.inputs.empty()) out.trust = std::move(report);
}

/// The sets of measures are put as tests of claims, which are judged in many profiles at a time:
/// all of them in one ensemble, so that ways in one dispute share what is found out about it.
void look_at_ways(const Parts& file, const WholeSettings& settings, WholeAnswer& out) {
  if (!out.change || !out.trust) return;
  const auto base = view(file, {settings.view.under, {}, {}});
  if (!base) return;
  Parts asked = file;
  asked.claims.clear();
  for (const GoalChange& g : out.change->goals) {
    const Opening* first = first_opening(g);
    const std::string& id = base->goals()[g.goal].id;
    if (first == nullptr || first->measures.empty() || id.empty()) continue;
    out.ways.push_back({g.goal, first->measures, {}});
    ClaimPart claim;
    claim.test.kind = TestKind::WayOut;
    claim.test.goal = id;
    for (const std::size_t m : first->measures)
      claim.test.with.push_back(base->parts().measures[m].id);
    asked.claims.push_back(std::move(claim));
  }
  if (out.ways.empty()) return;
  ClaimsSettings cs;
  cs.under = settings.view.under;
  cs.with = settings.view.with;
  cs.sanctions = settings.answer.sanctions;
  cs.evidence = false;
  cs.samples = settings.samples;
  cs.seed = settings.seed;
  cs.threads = settings.threads;
  cs.watch = settings.answer.watch;
  cs.watch.progress = nullptr;
  const auto judged = evaluate_claims(asked, cs);
  for (std::size_t i = 0; judged && i < out.ways.size(); ++i)
    if (judged->claims[i].sampled) out.ways[i].sampled = *judged->claims[i].sampled;
  std::erase_if(out.ways,
                [](const WayShare& w) { return w.sampled.profiles == 0 && !w.sampled.fixed; });
}

}  // namespace

const Opening* first_opening(const GoalChange& goal) {
  if (!goal.clean.empty()) return &goal.clean.front();
  if (!goal.opening.empty()) return &goal.opening.front();
  return nullptr;
}

Result<WholeAnswer> whole_answer(const Parts& file, const Conflict& conflict,
                                 const WholeSettings& settings) {
  WholeAnswer out;
  out.as_perceived = settings.answer.as_perceived;
  const Watch& watch = settings.answer.watch;
  const auto wanted = [&](const char* part) {
    return settings.parts.empty() ||
           std::find(settings.parts.begin(), settings.parts.end(), part) != settings.parts.end();
  };
  const auto stopped = [&] { return watch.cancelled() || watch.out_of_time(); };
  const auto worse = [&](End end) {
    if (out.end == End::Complete || end == End::Cancelled) out.end = end;
  };
  contract(settings.answer.from || conflict.status_quo(), "whole_answer() needs a start");
  const State start = settings.answer.from.value_or(conflict.status_quo().value_or(State{}));
  const bool today = conflict.status_quo() && start == *conflict.status_quo();
  // Risk needs nothing of the other parts, so it is worked out beside them.
  auto risk_task = std::async(std::launch::async, [&] {
    if (wanted("risk")) look_at_risk(file, conflict, settings, start, out);
  });
  // So are the claims, whose chains take as long as all other parts together; with one thread they
  // wait for their turn.
  std::future<Result<ClaimsAnswer>> claims_task;
  if (today && wanted("claims") && settings.answer.goals.empty() &&
      !conflict.parts().claims.empty())
    claims_task = std::async(settings.threads == 1 ? std::launch::deferred : std::launch::async,
                             [&] { return look_at_claims(file, settings); });
  const auto with_risk = [&] {
    risk_task.get();
    if (out.risk) worse(out.risk->end);
    if (stopped()) worse(watch.cancelled() ? End::Cancelled : End::Limit);
  };
  out.answer = answer_case(conflict, settings.answer);
  worse(out.answer.end);
  if (wanted("room") && !stopped()) look_at_room(conflict, settings, out);
  if (out.room) worse(out.room->end);
  if (!today) {
    with_risk();
    return out;
  }
  if (wanted("change") && !stopped()) {
    const auto found = look_at_change(file, settings, out);
    if (!found) return Unexpected<Errors>{found.error()};
  }
  if (out.change) worse(out.change->end);
  if (claims_task.valid() && (settings.threads != 1 || !stopped())) {
    while (claims_task.wait_for(std::chrono::milliseconds(100)) == std::future_status::timeout)
      watch.tell("testing the claims", 0, 0);
    auto claims = claims_task.get();
    if (!claims) return Unexpected<Errors>{claims.error()};
    out.claims = std::move(*claims);
    worse(out.claims->end);
  }
  if (wanted("trust") && !stopped() && settings.samples > 0) {
    look_at_trust(conflict, settings, out);
    if (!stopped() && !out.as_perceived) look_at_ways(file, settings, out);
  }
  if (out.trust) worse(out.trust->end);
  with_risk();
  return out;
}

}  // namespace wayout
