// Every fast engine gives the answers of the literal reference, on random conflicts.
#include <gtest/gtest.h>

#include "properties/judge.hpp"
#include "properties/random_case.hpp"
#include "wayout/base/random.hpp"
#include "wayout/model/view.hpp"

namespace wayout::properties {
namespace {

using Judge = std::function<std::string(const Sides&, std::uint64_t seed)>;

std::function<std::string(const RandomCase&)> judged(const Judge& judge) {
  return [judge](const RandomCase& c) {
    const auto both = sides(c.parts);
    if (!both) return "it does not build: " + both.error()[0].message;
    return judge(*both, c.seed);
  };
}

/// One to three effects on whatever the conflict has.
std::vector<EffectPart> random_effects(const RandomCase& c) {
  Random r(c.seed, 0, "effects");
  const Parts& parts = c.parts;
  std::vector<EffectPart> out;
  const auto add = [&](EffectKind kind, const std::string& target) -> EffectPart& {
    EffectPart e;
    e.kind = kind;
    e.target = target;
    out.push_back(std::move(e));
    return out.back();
  };
  const std::size_t count = 1 + r.below(3);
  for (std::size_t tries = 0; tries < 20 && out.size() < count; ++tries) {
    const auto what = r.below(8);
    if (what < 3 && !parts.tracks.empty()) {
      const TrackPart& t = r.pick(parts.tracks);
      if (what == 0) add(t.open ? EffectKind::Close : EffectKind::Open, t.id);
      if (what == 1 && t.linked.empty()) add(EffectKind::Link, t.id).expression = "true";
      if (what == 1 && !t.linked.empty()) add(EffectKind::Unlink, t.id);
      if (what == 2 && !t.table.empty()) add(EffectKind::Table, t.id).remove = {r.pick(t.table)};
    } else if (what == 3 && !parts.rules.empty()) {
      add(EffectKind::DropRule, r.pick(parts.rules).id);
    } else if (what == 4 && !parts.options.empty() && !parts.graph_form()) {
      const OptionPart& o = r.pick(parts.options);
      if (o.parties.empty()) {
        add(EffectKind::Moves, o.id).direction = r.chance(0.5) ? Direction::Up : Direction::Down;
      } else {
        add(EffectKind::Binding, o.id).flag = r.chance(0.5);
      }
    } else if (what == 5 && !parts.options.empty() && !parts.graph_form()) {
      const OptionPart& o = r.pick(parts.options);
      if (o.enabled) {
        add(EffectKind::Now, "").levels = {{o.id, LevelValue(std::int64_t{1})}};
      } else {
        add(EffectKind::Enable, o.id);
      }
    } else if (what > 5 && !parts.preferences.empty()) {
      const PreferencePart& p = r.pick(parts.preferences);
      if (p.statements.empty()) continue;
      EffectPart& e = add(EffectKind::Statement, p.party);
      e.statement = r.pick(p.statements).id;
      const auto how = r.below(3);
      e.action = how == 0                         ? StatementAction::Drop
                 : how == 1                       ? StatementAction::Vital
                 : p.method == Method::Priorities ? StatementAction::First
                                                  : StatementAction::Times;
      if (e.action == StatementAction::Times) e.number.a = Decimal(r.between(-2, 3));
    }
  }
  return out;
}

TEST(Engines, StatesPreferencesAndMoves) {
  for_random_conflicts({}, 1500, judged([](const Sides& both, std::uint64_t) {
                         std::string wrong = judge_states(both);
                         if (wrong.empty()) wrong = judge_preferences(both);
                         if (wrong.empty()) wrong = judge_moves(both);
                         return wrong;
                       }));
}

TEST(Engines, Rows) {
  for_random_conflicts({}, 1000,
                       judged([](const Sides& both, std::uint64_t) { return judge_rows(both); }));
}

void verdicts(int count, Sanctions sanctions, Look look) {
  for_random_conflicts({}, count, judged([=](const Sides& both, std::uint64_t seed) {
                         return judge_verdicts(both, seed, sanctions, look);
                       }));
}

TEST(Engines, Verdicts) { verdicts(3000, Sanctions::Legal, Look::Stable); }
TEST(Engines, VerdictsOnce) { verdicts(200, Sanctions::Once, Look::Stable); }
TEST(Engines, VerdictsSingle) { verdicts(300, Sanctions::Single, Look::Stable); }
TEST(Engines, HollowMarks) { verdicts(500, Sanctions::Legal, Look::Clean); }
TEST(Engines, HollowMarksOnce) { verdicts(100, Sanctions::Once, Look::Clean); }
TEST(Engines, HollowMarksSingle) { verdicts(100, Sanctions::Single, Look::Clean); }
TEST(Engines, Witnesses) { verdicts(500, Sanctions::Legal, Look::Witness); }
TEST(Engines, WitnessesOnce) { verdicts(100, Sanctions::Once, Look::Witness); }
TEST(Engines, WitnessesSingle) { verdicts(100, Sanctions::Single, Look::Witness); }

TEST(Engines, FullStability) {
  for_random_conflicts({}, 3000, judged([](const Sides& both, std::uint64_t) {
                         return judge_full(both, Sanctions::Legal);
                       }));
}

// Few parties with many options: rows of hundreds of states.
TEST(Engines, FullStabilityOfWideRows) {
  Mix wide;
  wide.most_raw = 1024;
  wide.most_parties = 3;
  wide.most_options = 10;
  wide.graph = 0;
  for_random_conflicts(wide, 150, judged([](const Sides& both, std::uint64_t) {
                         std::string wrong = judge_rows(both);
                         if (wrong.empty()) wrong = judge_full(both, Sanctions::Legal);
                         return wrong;
                       }));
}

TEST(Engines, FullStabilityUnderOtherConventions) {
  for_random_conflicts({}, 100, judged([](const Sides& both, std::uint64_t) {
                         if (both.state.size() > 24) return std::string();
                         std::string wrong = judge_full(both, Sanctions::Once);
                         if (wrong.empty()) wrong = judge_full(both, Sanctions::Single);
                         return wrong;
                       }));
}

TEST(Engines, PathsAndDrift) { for_random_conflicts({}, 2000, judged(judge_paths)); }

TEST(Engines, Holding) { for_random_conflicts({}, 1500, judged(judge_holding)); }

// A changed conflict is what its changed parts say.
TEST(Engines, Effects) {
  for_random_conflicts({}, 1000, [](const RandomCase& c) -> std::string {
    const auto conflict = build(c.parts);
    if (!conflict) return "it does not build: " + conflict.error()[0].message;
    const auto changed = wayout::apply_effects(*conflict, random_effects(c));
    if (!changed) return "";  // a status quo that has become infeasible, and the like
    const auto both = sides(*changed);
    if (!both) return "the reference does not read it: " + both.error()[0].message;
    std::string wrong = judge_states(*both);
    if (wrong.empty()) wrong = judge_preferences(*both);
    if (wrong.empty()) wrong = judge_moves(*both);
    if (wrong.empty()) wrong = judge_full(*both, Sanctions::Legal);
    return wrong;
  });
}

}  // namespace
}  // namespace wayout::properties
