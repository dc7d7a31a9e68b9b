// The answer where every party acts on what it sees, against the definition read literally.
#include "wayout/answer/answer.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "wayout/answer/whole.hpp"
#include "wayout/base/random.hpp"
#include "wayout/change/perceived_cases.hpp"
#include "wayout/model/view.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/space/random_conflict.hpp"

namespace wayout {
namespace {

TEST(AnswerAsPerceived, AMisperceptionTurnsTheAnswerAndItsCorrectionTurnsItBack) {
  const Parts parts = mistrust();
  const auto c = view(parts);
  ASSERT_TRUE(c);
  AnswerSettings settings;
  EXPECT_EQ(answer_case(*c, settings).goals[0].verdict, GoalVerdict::YesNow);
  settings.as_perceived = true;
  const CaseAnswer seen = answer_case(*c, settings);
  EXPECT_TRUE(seen.standing.deals.empty());
  EXPECT_TRUE(seen.standing.drift.start_rests());
  // The table misses the deal: q does not want what would serve it.
  ASSERT_EQ(seen.standing.errors.size(), 1u);
  ASSERT_EQ(seen.standing.errors[0].missed.size(), 1u);
  const GoalAnswer& g = seen.goals[0];
  EXPECT_EQ(g.verdict, GoalVerdict::NotNow);
  EXPECT_EQ(g.obstacle, Obstacle::Unwilling);
  ASSERT_TRUE(g.concession_path);
  EXPECT_EQ(g.concession_path->unwilling, 1u);
  EXPECT_TRUE(g.concessions.empty());  // in truth nobody gives up anything
  const auto corrected = view(parts, {{}, {"talk"}, {}});
  ASSERT_TRUE(corrected);
  EXPECT_EQ(answer_case(*corrected, settings).goals[0].verdict, GoalVerdict::YesNow);
  WholeSettings whole;
  whole.answer = settings;
  whole.threads = 1;
  const auto found = whole_answer(parts, *c, whole);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->as_perceived);
  ASSERT_TRUE(found->change);
  EXPECT_EQ(found->change->goals[0].verdict, ChangeVerdict::WithMeasures);
  ASSERT_TRUE(found->room);
  EXPECT_EQ(found->room->tables[0].room, 0u);  // q would rather have what is
  whole.answer.as_perceived = false;
  const auto plainly = whole_answer(parts, *c, whole);
  ASSERT_TRUE(plainly && plainly->room);
  EXPECT_TRUE(plainly->room->tables[0].drift_is_better || plainly->room->tables[0].room_now == 1);
}

TEST(AnswerAsPerceived, AStepForAGainThatIsNoneIsToldWithThePath) {
  Parts parts = mistrust();
  parts.preferences[1].statements = {wish("loss", "not deal"), wish("gain", "deal", false)};
  EffectPart first;
  first.kind = EffectKind::Statement;
  first.target = "q";
  first.statement = "gain";
  first.action = StatementAction::First;
  parts.beliefs = {belief("mistrust", "q", {enable("gain"), first})};
  const auto c = view(parts);
  ASSERT_TRUE(c);
  AnswerSettings settings;
  EXPECT_EQ(answer_case(*c, settings).goals[0].verdict, GoalVerdict::NotNow);
  settings.as_perceived = true;
  const CaseAnswer seen = answer_case(*c, settings);
  EXPECT_NE(seen.goals[0].verdict, GoalVerdict::NotNow);
  ASSERT_EQ(seen.goals[0].mistakes.size(), 1u);
  EXPECT_EQ(seen.goals[0].mistakes[0].party, PartyId(1));
}

/// The fewest true moves that are not willing on any path, word for word; nullopt: no path.
std::optional<std::size_t> fewest_unwilling(const Conflict& truth, const Perception& perception,
                                            const std::function<bool(State)>& goal) {
  std::map<State, std::size_t> cost{{*truth.status_quo(), 0}};
  for (bool changed = true; changed;) {
    changed = false;
    const auto now = cost;
    for (const auto& [s, at] : now)
      for (const MoverId m : truth.movers())
        for (const State t : moves(truth, m, s)) {
          const std::size_t there = at + (perception.willing(m, s, t) ? 0 : 1);
          const auto it = cost.find(t);
          if (it != cost.end() && it->second <= there) continue;
          cost[t] = there;
          changed = true;
        }
  }
  std::optional<std::size_t> out;
  for (const auto& [s, at] : cost)
    if (goal(s) && (!out || at < *out)) out = at;
  return out;
}

TEST(AnswerAsPerceived, AsTheDefinitionsSayOnRandomConflicts) {
  std::size_t judged = 0, unwilling = 0, held = 0, not_kept = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random r(seed, 0, "answer with beliefs");
    RandomSettings mix;
    mix.parties = 2 + r.below(2);
    mix.options = 3 + r.below(2);
    mix.graded = 0.1;
    mix.most_levels = 3;
    mix.ranking = 0;
    Parts parts = random_parts(mix, seed);
    if (parts.options.empty() || parts.preferences.empty()) continue;
    RulePart blind;
    blind.id = "blind";
    blind.enabled = false;
    blind.never = r.pick(parts.options).id + " == 1";
    parts.rules.push_back(blind);
    for (std::size_t i = 0; i < parts.preferences.size(); ++i) {
      auto& list = parts.preferences[i].statements;
      for (std::size_t k = 0; k < list.size(); ++k)
        list[k].id = "w" + std::to_string(i) + "_" + std::to_string(k);
      BeliefPart b = belief("b" + std::to_string(i), parts.preferences[i].party, {});
      if (r.chance(0.4)) b.effects.push_back(enable("blind"));
      const PreferencePart& of = r.pick(parts.preferences);
      if (!of.statements.empty()) {
        EffectPart e;
        e.kind = EffectKind::Statement;
        e.target = of.party;
        e.statement = of.statements[r.below(of.statements.size())].id;
        e.statement = e.statement.empty() ? "w0_0" : e.statement;
        e.action = StatementAction::Drop;
        b.effects.push_back(e);
      }
      if (!b.effects.empty()) parts.beliefs.push_back(b);
    }
    parts.goals = {goal(r.pick(parts.options).id + (r.chance(0.5) ? " == 1" : " == 0"))};
    const auto c = build(parts);
    if (!c || !c->status_quo() || !has_beliefs(*c)) continue;
    const auto views = perceived_views(*c);
    if (!views) continue;
    ++judged;
    const Perception perception(*c, *views);
    AnswerSettings settings;
    settings.as_perceived = true;
    const CaseAnswer found = answer_case(*c, settings);
    ASSERT_EQ(found.end, End::Complete) << seed;
    for (const PartyStanding& p : found.standing.parties)
      for (std::size_t k = 0; k < p.concepts.size(); ++k) {
        RowSpace space((*views)[p.party.index()]);
        const Verdict v = verdict(space, p.party, *c->status_quo(), p.concepts[k]);
        ASSERT_EQ(p.verdicts[k].stable, v.stable) << seed;
      }
    std::set<MoverId> deals;
    for (const MoverId m : c->movers())
      for (const State t : moves(*c, m, *c->status_quo()))
        if (c->mover(m).track && perception.willing(m, *c->status_quo(), t)) deals.insert(m);
    ASSERT_EQ(deals.size(), found.standing.deals.size()) << seed;
    const GoalAnswer& g = found.goals[0];
    const auto meets = [&](State s) { return c->holds(c->goals()[0].when, s); };
    const auto fewest = fewest_unwilling(*c, perception, meets);
    if (g.obstacle == Obstacle::Unwilling) {
      ++unwilling;
      ASSERT_TRUE(fewest && g.concession_path) << seed;
      ASSERT_EQ(g.concession_path->unwilling, *fewest) << seed;
      ASSERT_GT(*fewest, 0u) << seed;
    } else if (g.obstacle == Obstacle::OutOfReach || g.obstacle == Obstacle::Impossible) {
      ASSERT_FALSE(fewest) << seed;
    } else {
      ASSERT_EQ(fewest.value_or(1), 0u) << seed;
    }
    if (!g.kept) continue;
    ++held;
    bool kept = true;
    std::set<State> reached{g.path->end()};
    std::vector<State> open(reached.begin(), reached.end());
    while (!open.empty()) {
      const State s = open.back();
      open.pop_back();
      kept = kept && meets(s);
      for (const MoverId m : c->movers())
        for (const State t : moves(*c, m, s))
          if (perception.willing(m, s, t) && reached.insert(t).second) open.push_back(t);
    }
    ASSERT_EQ(g.kept->kept, kept) << seed;
    not_kept += kept ? 0 : 1;
    for (const Concept concept_ : kClassicalConcepts) {
      bool all = true;
      for (const PartyId p : c->parties()) {
        const Conflict& seen = (*views)[p.index()];
        if (!seen.feasible(g.path->end())) continue;
        RowSpace space(seen);
        all = all && verdict(space, p, g.path->end(), concept_).stable;
      }
      const auto& told = g.equilibrium;
      ASSERT_EQ(std::find(told.begin(), told.end(), concept_) != told.end(), all) << seed;
    }
  }
  EXPECT_GT(judged, 150u);
  EXPECT_GT(unwilling, 10u);
  EXPECT_GT(held, 50u);
  EXPECT_GT(not_kept, 2u);
}

}  // namespace
}  // namespace wayout
