#include "wayout/answer/profiles.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include <tbb/enumerable_thread_specific.h>

#include "wayout/space/closure.hpp"
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
      return GoalLabel::NotReached;
    case SmallVerdict::NotHolding:
      break;
  }
  return GoalLabel::NotHolding;
}

/// What is true of the goals of a dispute whatever its parties want, from one status quo.
struct Given {
  std::vector<std::optional<GoalLabel>> labels;  ///< per goal, where it is settled
};

}  // namespace

struct ProfileJudge::Inside {
  const Sampler& sampler;
  ProfileSettings settings;
  std::vector<Outcome> outcomes;
  std::vector<std::size_t> goals;  ///< indices into Conflict::goals()
  std::optional<SmallEngine> engine;
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
  void goal_group(RowSpace& space, State start, std::optional<ExprId> avoid,
                  const std::vector<std::size_t>& places, std::span<std::uint8_t> row) const;
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
      const FeasibleSearch found = closest_feasible(conflict, start, whole, support);
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
      for (const std::size_t k : open) out.labels[k] = GoalLabel::NotReached;
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
  RowSpace space(profile);
  std::vector<std::uint8_t> equilibrium(kConcepts, 1);
  std::size_t place = 0;
  for (const PartyId p : profile.parties())
    for (std::size_t c = 0; c < kConcepts; ++c, ++place) {
      // Nash ⇒ SSEQ ⇒ SEQ ⇒ GMR and SSEQ ⇒ SMR ⇒ GMR: what is known need not be asked.
      const auto known = [&](std::size_t other) { return row[place - c + other]; };
      const Concept concept_ = kClassicalConcepts[c];
      std::optional<std::uint8_t> answer;
      if (concept_ != Concept::Nash && known(0) == 1) answer = std::uint8_t{1};
      if (concept_ != Concept::Nash && concept_ != Concept::Gmr && known(1) == 0)
        answer = std::uint8_t{0};
      if (concept_ == Concept::Sseq && (known(2) == 0 || known(3) == 0)) answer = std::uint8_t{0};
      if (!answer) {
        const Verdict v = verdict(space, p, start, concept_, vs);
        answer = v.end != End::Complete ? kNoAnswer : static_cast<std::uint8_t>(v.stable);
      }
      row[place] = *answer;
      if (*answer == 0)
        equilibrium[c] = 0;
      else if (*answer == kNoAnswer && equilibrium[c] != 0)
        equilibrium[c] = kNoAnswer;
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

void ProfileJudge::Inside::goal_group(RowSpace& space, State start, std::optional<ExprId> avoid,
                                      const std::vector<std::size_t>& places,
                                      std::span<std::uint8_t> row) const {
  const Conflict& profile = space.conflict();
  const auto avoided = avoid_test(profile, avoid);
  struct Open {
    std::size_t place = 0;
    const GoalInfo* goal = nullptr;
    ConceptProfile hold;
    GoalTest meets;
    bool met = false;
    bool held = false;
    bool undecided = false;
  };
  std::vector<Open> open;
  for (const std::size_t k : places) {
    Open one;
    one.place = k;
    one.goal = &profile.goals()[goals[k]];
    for (const std::string& name : one.goal->hold)
      one.hold.push_back(parse_concept(name).value_or(Concept::Seq));
    one.meets = [&profile, when = one.goal->when](State s) { return profile.holds(when, s); };
    open.push_back(std::move(one));
  }
  VerdictSettings vs;
  vs.most_states = settings.most_states;
  vs.watch = settings.watch;
  vs.watch.progress = nullptr;
  const auto say = [&](const Open& one, GoalLabel label) {
    row[one.place] = static_cast<std::uint8_t>(label);
  };
  // Verdicts intern states of their own, so they have a space of their own.
  RowSpace judging(profile);
  const auto look = [&](State s, const std::function<std::optional<Path>()>& path) {
    std::erase_if(open, [&](Open& one) {
      if (!one.meets(s)) return false;
      one.met = true;
      if (judging.table().size() > settings.most_states) one.undecided = true;
      if (one.undecided) return false;
      const Holding h = holding(judging, s, one.meets, one.hold, vs);
      if (h.end != End::Complete) one.undecided = true;
      if (!h.holds) return false;
      one.held = true;
      if (!h.clean) return false;
      auto way = clean_path(profile, start, s, avoided);
      if (!way) {
        way = path();
        if (!way) return false;
        const PathMarks marks = path_marks(profile, *way);
        if (marks.bought || marks.worse_on_the_way) return false;
      }
      say(one, GoalLabel::WayOut);
      return true;
    });
  };
  look(start, [&] { return std::optional<Path>(Path{start, {}, 0}); });
  End end = End::Complete;
  if (!open.empty()) {
    Closure closure(space, closure_settings(space, settings, Ask::Improvements, avoided));
    end = closure.run(start, [&](std::uint32_t node) {
      look(closure.state(node), [&] {
        Path path{start, {}, 0};
        for (const std::uint32_t n : closure.path(node))
          if (n != 0)
            path.steps.push_back({MoverId(closure.nodes()[n].mover), closure.state(n), true});
        return std::optional<Path>(std::move(path));
      });
      return open.empty() ? Closure::Next::Stop : Closure::Next::Go;
    });
  }
  for (const Open& one : open) {
    if (one.held)
      say(one, GoalLabel::Depends);
    else if (end != End::Complete || one.undecided)
      row[one.place] = kNoAnswer;
    else
      say(one, one.met ? GoalLabel::NotHolding : GoalLabel::NotReached);
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
        {"goal/" + goal.id,
         goal.name,
         {"way out", "depends", "does not hold", "not reached", "impossible"}});
  }
  if (settings.small) inside->engine = SmallEngine::compile(sampler);
  inside_ = std::move(inside);
}

const std::vector<Outcome>& ProfileJudge::outcomes() const { return inside_->outcomes; }
bool ProfileJudge::small() const { return inside_->engine.has_value(); }

EnsembleResult ProfileJudge::run(const EnsembleSettings& settings) const {
  const Sampler& sampler = inside_->sampler;
  if (small())
    return run_ensemble(
        sampler, outcomes(),
        DrawsJudge([this](auto draws, std::uint64_t, auto row) { judge(draws, row); }), settings);
  return run_ensemble(
      sampler, outcomes(),
      Judge([this](const Conflict& profile, std::uint64_t, auto row) { judge(profile, row); }),
      settings);
}

void ProfileJudge::judge(const Conflict& profile, std::span<std::uint8_t> row) const {
  const Inside& in = *inside_;
  const State start = *profile.status_quo();
  if (in.settings.standing) in.standing(profile, start, row);
  const auto goal_row = row.last(in.goals.size());
  if (in.goals.empty()) return;
  const Given given = in.given_from(profile, start);
  for (auto& [avoid, places] : groups(profile, in.goals)) {
    std::vector<std::size_t> open;
    for (const std::size_t k : places) {
      if (given.labels[k])
        goal_row[k] = static_cast<std::uint8_t>(*given.labels[k]);
      else
        open.push_back(k);
    }
    if (open.empty()) continue;
    RowSpace space(profile);
    in.goal_group(space, start, avoid, open, goal_row);
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
