#include "wayout/answer/profiles.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include <tbb/enumerable_thread_specific.h>

#include "wayout/change/way_out.hpp"
#include "wayout/space/closure.hpp"
#include "wayout/stability/perceived.hpp"
#include "wayout/trust/lane_standing.hpp"
#include "wayout/trust/small.hpp"

namespace wayout {
namespace {

constexpr std::size_t kConcepts = kClassicalConcepts.size();

GoalLabel label_of(SmallVerdict verdict) {
  switch (verdict) {
    case SmallVerdict::Yes:
      return GoalLabel::WayOut;
    case SmallVerdict::Depends:
      return GoalLabel::Depends;
    case SmallVerdict::Impossible:
      return GoalLabel::Impossible;
    case SmallVerdict::OutOfReach:
    case SmallVerdict::Unwilling:
    case SmallVerdict::NotHolding:
      break;
  }
  return GoalLabel::NoWayOut;
}

std::uint8_t label_of(const WayOut& way) {
  const auto label = way.clean    ? GoalLabel::WayOut
                     : way.exists ? GoalLabel::Depends
                                  : GoalLabel::NoWayOut;
  // What exists has its witness; what was not found may still be there past a limit.
  if (way.end != End::Complete && !way.exists) return kNoAnswer;
  return static_cast<std::uint8_t>(label);
}

/// What is true of the goals of a dispute whatever its parties want, from one status quo.
struct Given {
  std::vector<std::optional<GoalLabel>> labels;  ///< per goal, where it is settled
};

}  // namespace

struct ProfileJudge::Inside {
  const Sampler& sampler;
  ProfileSettings settings;
  std::vector<EnsembleOutcome> outcomes;
  std::vector<std::size_t> goals;  ///< indices into Conflict::goals()
  bool believed = false;           ///< as_perceived, and the case has beliefs
  std::optional<SmallEngine> engine;
  std::optional<LaneBook> book;  ///< where 64 profiles can be judged at a time
  struct Local {
    SmallEngine::Scratch scratch;
    SmallFindings findings;
  };
  mutable tbb::enumerable_thread_specific<Local> local;
  mutable std::mutex given_mutex;
  mutable std::map<State, Given> given;

  explicit Inside(const Sampler& s, ProfileSettings ps) : sampler(s), settings(std::move(ps)) {}

  Given find_given(const Conflict& conflict, State start) const;
  Given given_from(const Conflict& conflict, State start) const {
    // Moves, rules and goals are the same in all profiles, so the start alone decides.
    const std::lock_guard lock(given_mutex);
    const auto it = given.find(start);
    if (it != given.end()) return it->second;
    Given out = find_given(conflict, start);
    if (!settings.watch.cancelled() && !settings.watch.out_of_time()) given.emplace(start, out);
    return out;
  }
  void standing(const Conflict& profile, State start, std::span<std::uint8_t> row) const;
  void standing(std::span<const std::optional<Conflict>> profiles, std::uint64_t seed,
                std::uint64_t first, std::span<std::uint8_t> rows) const;
  void ways(const Conflict& profile, State start, std::span<std::uint8_t> goal_row) const;
};

namespace {

std::function<bool(State)> avoid_test(const Conflict& conflict, std::optional<ExprId> avoid) {
  if (!avoid) return {};
  return [&conflict, e = *avoid](State s) { return conflict.holds(e, s); };
}

ClosureSettings closure_settings(const RowSpace& space, const ProfileSettings& settings, Ask ask,
                                 std::function<bool(State)> avoid) {
  ClosureSettings cs;
  for (const MoverId m : space.conflict().movers()) cs.movers.push_back(m);
  cs.ask = ask;
  cs.avoid = std::move(avoid);
  cs.most_states = space.table().size() + settings.most_states;
  cs.watch = settings.watch;
  cs.watch.progress = nullptr;
  return cs;
}

/// The goals of a list that avoid the same thing.
std::map<std::optional<ExprId>, std::vector<std::size_t>> groups(
    const Conflict& conflict, const std::vector<std::size_t>& goals) {
  std::map<std::optional<ExprId>, std::vector<std::size_t>> out;
  for (std::size_t k = 0; k < goals.size(); ++k) out[conflict.goals()[goals[k]].avoid].push_back(k);
  return out;
}

}  // namespace

Given ProfileJudge::Inside::find_given(const Conflict& conflict, State start) const {
  Given out;
  out.labels.resize(goals.size());
  for (const auto& [avoid, places] : groups(conflict, goals)) {
    const auto avoided = avoid_test(conflict, avoid);
    std::vector<std::size_t> open;
    for (const std::size_t k : places) {
      const GoalInfo& goal = conflict.goals()[goals[k]];
      UInt128 support = conflict.pool().support(goal.when);
      if (avoid) support |= conflict.pool().support(*avoid);
      const auto whole = [&](State s) {
        return conflict.holds(goal.when, s) && !(avoided && s != start && avoided(s));
      };
      FeasibleSearch found =
          conflict.graph_form() ? FeasibleSearch{start, true} : find_feasible(conflict, goal.when);
      if (found.state) found = closest_feasible(conflict, start, whole, support);
      if (found.finished && !found.state)
        out.labels[k] = GoalLabel::Impossible;
      else if (!whole(start))
        open.push_back(k);
    }
    if (open.empty()) continue;
    RowSpace space(conflict);
    Closure closure(space, closure_settings(space, settings, Ask::Moves, avoided));
    const End end = closure.run(start, [&](std::uint32_t node) {
      const State s = closure.state(node);
      std::erase_if(
          open, [&](std::size_t k) { return conflict.holds(conflict.goals()[goals[k]].when, s); });
      return open.empty() ? Closure::Next::Stop : Closure::Next::Go;
    });
    if (end == End::Complete)
      for (const std::size_t k : open) out.labels[k] = GoalLabel::NoWayOut;
  }
  return out;
}

void ProfileJudge::Inside::standing(const Conflict& profile, State start,
                                    std::span<std::uint8_t> row) const {
  VerdictSettings vs;
  vs.most_states = settings.most_states;
  vs.all_answers = false;
  vs.watch = settings.watch;
  vs.watch.progress = nullptr;
  std::optional<Perceived> seen;
  std::optional<PerceivedJudge> views;
  if (believed) {
    seen = std::move(*perceive(profile));
    views.emplace(*seen);
  }
  RowSpace space(seen ? seen->acting : profile);
  std::vector<std::uint8_t> equilibrium(kConcepts, 1);
  std::size_t place = 0;
  // Nash ⇒ SSEQ ⇒ SEQ ⇒ GMR and SSEQ ⇒ SMR ⇒ GMR: asked in an order in which most of the answers
  // are known before they are asked for. Places as in kClassicalConcepts.
  constexpr std::size_t kNash = 0, kGmr = 1, kSmr = 2, kSeq = 3, kSseq = 4;
  for (const PartyId p : profile.parties()) {
    const auto of_party = row.subspan(place, kConcepts);
    std::vector<bool> known(kConcepts, false);
    const auto say = [&](std::size_t c, std::uint8_t answer) {
      if (!known[c]) of_party[c] = answer;
      known[c] = true;
    };
    const auto ask = [&](std::size_t c) {
      if (known[c]) return;
      const Verdict v = views ? views->verdict(p, start, kClassicalConcepts[c], vs)
                              : verdict(space, p, start, kClassicalConcepts[c], vs);
      if (v.end != End::Complete) return say(c, kNoAnswer);
      say(c, v.stable ? 1 : 0);
      if (v.stable) {
        if (c == kNash) say(kSseq, 1);
        if (c == kNash || c == kSseq) say(kSeq, 1), say(kSmr, 1);
        if (c != kGmr) say(kGmr, 1);
      } else {
        if (c == kGmr) say(kSmr, 0), say(kSeq, 0);
        if (c != kNash) say(kSseq, 0);
        say(kNash, 0);
      }
    };
    for (const std::size_t c : {kNash, kSseq, kGmr, kSeq, kSmr}) ask(c);
    for (std::size_t c = 0; c < kConcepts; ++c) {
      if (of_party[c] == 0)
        equilibrium[c] = 0;
      else if (of_party[c] == kNoAnswer && equilibrium[c] != 0)
        equilibrium[c] = kNoAnswer;
    }
    place += kConcepts;
  }
  for (std::size_t c = 0; c < kConcepts; ++c) row[place++] = equilibrium[c];
  bool moves_on = false;
  bool known = true;
  const StateNumber n = space.table().intern(start);
  for (const MoverId m : profile.movers()) {
    const bool listed = space.for_each(m, n, Ask::Improvements, [&](StateNumber) {
      moves_on = true;
      return false;
    });
    if (moves_on) break;
    known = known && listed;
  }
  row[place] = moves_on ? 1 : known ? 0 : kNoAnswer;
}

/// In blocks; profiles in which a limit left something open are judged by themselves.
void ProfileJudge::Inside::standing(std::span<const std::optional<Conflict>> profiles,
                                    std::uint64_t seed, std::uint64_t first,
                                    std::span<std::uint8_t> rows) const {
  std::vector<std::uint64_t> replicates;
  for (std::size_t k = 0; k < profiles.size(); ++k) replicates.push_back(first + k);
  LaneVerdictSettings vs;
  vs.most_states = settings.most_states;
  vs.watch = settings.watch;
  vs.watch.progress = nullptr;
  LaneDispute dispute(*book, seed, replicates);
  LaneJudge judge(dispute, vs);
  LaneStanding of_state(dispute, judge, vs);
  const Conflict& conflict = dispute.conflict();
  const State start = *conflict.status_quo();
  LaneMask open = 0;
  std::vector<LaneMask> yes;  // as the row: per party and concept, then the equilibria
  std::vector<LaneMask> equilibrium(kConcepts, dispute.all());
  for (const PartyId p : conflict.parties()) {
    const LaneStanding::Answers found = of_state.of(p, start, dispute.all());
    for (std::size_t c = 0; c < kConcepts; ++c) {
      yes.push_back(found[c].yes);
      open |= dispute.all() & ~found[c].yes & ~found[c].no;
      equilibrium[c] &= found[c].yes;
    }
  }
  yes.insert(yes.end(), equilibrium.begin(), equilibrium.end());
  LaneMask moves_on = 0;
  for (const MoverId m : conflict.movers())
    dispute.mover(m).improvements(start, dispute.all() & ~moves_on, [&](State, LaneMask hit) {
      moves_on |= hit;
      return moves_on != dispute.all();
    });
  yes.push_back(moves_on);
  for (std::size_t k = 0; k < profiles.size(); ++k) {
    if (settings.watch.cancelled() || settings.watch.out_of_time()) return;
    if (!profiles[k]) continue;
    const auto row = rows.subspan(k * outcomes.size(), outcomes.size());
    if (((open >> k) & 1u) != 0) {
      standing(*profiles[k], start, row);
      continue;
    }
    for (std::size_t i = 0; i < yes.size(); ++i) row[i] = (yes[i] >> k) & 1u;
  }
}

ProfileJudge::ProfileJudge(const Sampler& sampler, const ProfileSettings& settings) {
  const Conflict& conflict = sampler.conflict();
  contract(conflict.status_quo().has_value(), "profiles are judged at their status quo");
  auto inside = std::make_shared<Inside>(sampler, settings);
  if (settings.standing) {
    for (const PartyId p : conflict.parties())
      for (const Concept c : kClassicalConcepts)
        inside->outcomes.push_back(
            {"stable/" + conflict.party(p).id + "/" + std::string(concept_name(c)),
             "the status quo is stable for " + conflict.party(p).name + " (" +
                 std::string(concept_title(c)) + ")",
             {"no", "yes"}});
    for (const Concept c : kClassicalConcepts)
      inside->outcomes.push_back(
          {"equilibrium/" + std::string(concept_name(c)),
           "the status quo is an equilibrium (" + std::string(concept_title(c)) + ")",
           {"no", "yes"}});
    inside->outcomes.push_back(
        {"drift", "Where it goes if each follows its own interest", {"it stays", "it moves on"}});
  }
  for (std::size_t g = 0; g < conflict.goals().size(); ++g) {
    const GoalInfo& goal = conflict.goals()[g];
    if (!settings.goals.empty() &&
        std::find(settings.goals.begin(), settings.goals.end(), goal.id) == settings.goals.end())
      continue;
    inside->goals.push_back(g);
    inside->outcomes.push_back(
        {"goal/" + goal.id, goal.name, {"way out", "depends", "no way out", "impossible"}});
  }
  inside->believed = settings.as_perceived && has_beliefs(conflict);
  if (inside->believed) {
    inside_ = std::move(inside);
    return;
  }
  if (settings.small) inside->engine = SmallEngine::compile(sampler);
  if (settings.blocks && settings.standing && !inside->engine) {
    inside->book = LaneBook::compile(sampler);
    // Where a mover is not transitive, sanctions depend on who moved last.
    if (inside->book && !inside->book->transitive()) inside->book.reset();
  }
  inside_ = std::move(inside);
}

const std::vector<EnsembleOutcome>& ProfileJudge::outcomes() const { return inside_->outcomes; }
bool ProfileJudge::small() const { return inside_->engine.has_value(); }
std::size_t ProfileJudge::width() const { return !small() && inside_->book ? kLanes : 1; }

EnsembleResult ProfileJudge::run(const EnsembleSettings& settings) const {
  const Sampler& sampler = inside_->sampler;
  if (small())
    return run_ensemble(
        sampler, outcomes(),
        DrawsJudge([this](auto draws, std::uint64_t, auto row) { judge(draws, row); }), settings);
  if (inside_->book)
    return run_ensemble(
        sampler, outcomes(),
        BlockJudge([this, seed = settings.seed](auto profiles, std::uint64_t first, auto rows) {
          judge(profiles, seed, first, rows);
        }),
        kLanes, settings);
  return run_ensemble(
      sampler, outcomes(),
      Judge([this](const Conflict& profile, std::uint64_t, auto row) { judge(profile, row); }),
      settings);
}

void ProfileJudge::Inside::ways(const Conflict& profile, State start,
                                std::span<std::uint8_t> goal_row) const {
  if (goals.empty()) return;
  const Given known = given_from(profile, start);
  std::vector<std::size_t> open;
  std::vector<std::size_t> asked;
  for (std::size_t k = 0; k < goals.size(); ++k) {
    if (known.labels[k]) {
      goal_row[k] = static_cast<std::uint8_t>(*known.labels[k]);
      continue;
    }
    open.push_back(k);
    asked.push_back(goals[k]);
  }
  if (open.empty()) return;
  WayOutSettings ws;
  ws.from = start;
  ws.details = false;
  ws.as_perceived = believed;
  ws.most_states = settings.most_states;
  ws.watch = settings.watch;
  ws.watch.progress = nullptr;
  const std::vector<WayOut> found = ways_out(profile, asked, ws);
  for (std::size_t i = 0; i < open.size(); ++i) goal_row[open[i]] = label_of(found[i]);
}

void ProfileJudge::judge(const Conflict& drawn, std::span<std::uint8_t> row) const {
  const Inside& in = *inside_;
  std::optional<Conflict> with_beliefs;
  if (in.believed) {
    // Beliefs multiply what was drawn. Were their factors drawn too, the products would have more
    // places than an exact score can hold.
    Parts parts = drawn.parts();
    parts.beliefs = in.sampler.conflict().parts().beliefs;
    auto built = build(std::move(parts));
    if (!built || !perceive(*built)) {
      std::fill(row.begin(), row.end(), kNoAnswer);
      return;
    }
    with_beliefs = std::move(*built);
  }
  const Conflict& profile = with_beliefs ? *with_beliefs : drawn;
  const State start = *profile.status_quo();
  if (in.settings.standing) in.standing(profile, start, row);
  in.ways(profile, start, row.last(in.goals.size()));
}

void ProfileJudge::judge(std::span<const std::optional<Conflict>> profiles, std::uint64_t seed,
                         std::uint64_t first, std::span<std::uint8_t> rows) const {
  const Inside& in = *inside_;
  const std::size_t width = in.outcomes.size();
  const bool blocks = in.settings.standing && in.book;
  if (blocks) in.standing(profiles, seed, first, rows);
  for (std::size_t k = 0; k < profiles.size(); ++k) {
    if (in.settings.watch.cancelled() || in.settings.watch.out_of_time()) return;
    if (!profiles[k]) continue;
    const auto row = rows.subspan(k * width, width);
    if (in.believed) {
      judge(*profiles[k], row);
      continue;
    }
    const State start = *profiles[k]->status_quo();
    if (in.settings.standing && !blocks) in.standing(*profiles[k], start, row);
    in.ways(*profiles[k], start, row.last(in.goals.size()));
  }
}

void ProfileJudge::judge(std::span<const std::int64_t> draws, std::span<std::uint8_t> row) const {
  const Inside& in = *inside_;
  if (!in.engine) {
    const auto profile = in.sampler.profile(draws);
    if (profile)
      judge(*profile, row);
    else
      std::fill(row.begin(), row.end(), kNoAnswer);
    return;
  }
  Inside::Local& local = in.local.local();
  in.engine->judge(draws, local.scratch, local.findings);
  const SmallFindings& f = local.findings;
  std::size_t place = 0;
  if (in.settings.standing) {
    for (const StateMask stable : f.stable) row[place++] = stable >> f.start & 1u;
    for (const StateMask equilibria : f.equilibria) row[place++] = equilibria >> f.start & 1u;
    row[place++] = f.drift == SmallDrift::Stays ? 0 : 1;
  }
  for (const std::size_t g : in.goals)
    row[place++] = static_cast<std::uint8_t>(label_of(f.goals[g]));
}

}  // namespace wayout
