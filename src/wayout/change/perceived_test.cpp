#include "wayout/change/perceived.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/change/perceived_cases.hpp"
#include "wayout/change/search.hpp"
#include "wayout/change/way_out.hpp"
#include "wayout/model/view.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/space/random_conflict.hpp"
#include "wayout/stability/reference.hpp"

namespace wayout {
namespace {

TEST(Perceived, ABeliefBlocksADealAndItsCorrectionOpensIt) {
  const Conflict c = built(mistrust());
  SearchSettings settings;
  EXPECT_EQ(search_measures(c, settings).goals[0].verdict, ChangeVerdict::YesNow);
  EXPECT_EQ(search_measures(c, settings).idle, MeasureSet{0});
  settings.as_perceived = true;
  const MeasureSearch found = search_measures(c, settings);
  EXPECT_TRUE(found.idle.empty());
  EXPECT_EQ(found.goals[0].verdict, ChangeVerdict::WithMeasures);
  ASSERT_EQ(found.goals[0].clean.size(), 1u);
  EXPECT_EQ(found.goals[0].clean[0].measures, MeasureSet{0});
}

TEST(Perceived, ADeterrenceThatExistsOnlyInBelief) {
  Parts parts = deterrence(false);
  parts.beliefs = {belief("fear", "q", {enable("spite")})};
  const Conflict c = built(parts);
  WayOutSettings settings;
  EXPECT_FALSE(way_out(c, 0, settings).exists);
  settings.as_perceived = true;
  const WayOut way = way_out(c, 0, settings);
  EXPECT_TRUE(way.clean);
  ASSERT_TRUE(way.path);
  EXPECT_TRUE(way.path->steps.empty());
  ASSERT_EQ(way.surprises.size(), 1u);
  EXPECT_EQ(way.surprises[0].party, PartyId(1));
  EXPECT_EQ(way.surprises[0].state, *c.status_quo());
  EXPECT_TRUE(way.surprises[0].expected.sanctioned);
  EXPECT_FALSE(way.surprises[0].truth.sanctioned);
}

TEST(Perceived, AnAnswerThatIsNotExpected) {
  Parts parts = deterrence(true);
  BeliefPart naive = belief("naive", "q", {});
  EffectPart drop;
  drop.kind = EffectKind::Statement;
  drop.target = "a";
  drop.statement = "spite";
  drop.action = StatementAction::Drop;
  naive.effects = {drop};
  parts.beliefs = {naive};
  const Conflict c = built(parts);
  WayOutSettings settings;
  EXPECT_TRUE(way_out(c, 0, settings).clean);
  settings.as_perceived = true;
  const WayOut way = way_out(c, 0, settings);
  EXPECT_FALSE(way.exists);
  ASSERT_EQ(way.surprises.size(), 1u);
  EXPECT_FALSE(way.surprises[0].expected.sanctioned);
  EXPECT_TRUE(way.surprises[0].truth.sanctioned);
}

TEST(Perceived, NobodyMovesToWhatHeDoesNotSee) {
  Parts parts = blinded();
  WayOutSettings settings;
  settings.as_perceived = true;
  EXPECT_TRUE(way_out(built(parts), 0, settings).clean);
  parts.goals = {goal("y")};
  EXPECT_FALSE(way_out(built(parts), 0, settings).exists);
}

/// The definitions once more, from one reference model for the truth and one for each view; states
/// are named by their levels, because views number them differently.
class Literal {
 public:
  Literal(const Conflict& truth, const std::vector<Conflict>& views) : conflict_(truth) {
    truth_ = *reference::make(truth.parts());
    for (const Conflict& v : views) views_.push_back(*reference::make(v.parts()));
  }

  /// The least marks over all courses: hollow 4, bought 2, worse on the way 1; 8 for no way.
  int badness(const GoalPart& goal, const ConceptProfile& profile) {
    const auto meets = *reference::where(*truth_, goal.when);
    using Node = std::tuple<std::size_t, std::vector<int>, bool, bool>;
    const std::size_t start = *reference::status_quo(*truth_);
    const std::size_t options = reference::levels(*truth_, start).size();
    std::set<Node> seen{{start, std::vector<int>(options, 0), false, false}};
    std::vector<Node> open(seen.begin(), seen.end());
    int out = 8;
    while (!open.empty()) {
      const auto [s, moved, bought, worse] = open.back();
      open.pop_back();
      if (meets[s])
        out = std::min(out, holding(s, meets, profile) + (bought ? 2 : 0) + (worse ? 1 : 0));
      bool below = false;
      for (std::size_t p = 0; p < views_.size(); ++p)
        below = below || reference::better(*truth_, p, start, s);
      for (std::size_t m = 0; m < reference::mover_count(*truth_); ++m)
        for (const std::size_t t : reference::moves(*truth_, m, s)) {
          if (!willing(m, s, t)) continue;
          Node next{t, moved, bought, worse || below};
          for (std::size_t o = 0; o < options; ++o) {
            const int d = reference::levels(*truth_, t)[o] - reference::levels(*truth_, s)[o];
            if (d == 0) continue;
            const int way = d > 0 ? 1 : -1;
            if (moved[o] == -way) std::get<2>(next) = true;
            std::get<1>(next)[o] = way;
          }
          if (seen.insert(next).second) open.push_back(next);
        }
    }
    return out;
  }

  /// Steps of the shortest course to a state of the goal, whether it holds there or not.
  std::optional<std::size_t> steps_to(const GoalPart& goal) const {
    const auto meets = *reference::where(*truth_, goal.when);
    std::vector<std::size_t> at{*reference::status_quo(*truth_)};
    std::set<std::size_t> seen(at.begin(), at.end());
    for (std::size_t steps = 0; !at.empty(); ++steps) {
      std::vector<std::size_t> next;
      for (const std::size_t s : at) {
        if (meets[s]) return steps;
        for (std::size_t m = 0; m < reference::mover_count(*truth_); ++m)
          for (const std::size_t t : reference::moves(*truth_, m, s))
            if (willing(m, s, t) && seen.insert(t).second) next.push_back(t);
      }
      at = std::move(next);
    }
    return std::nullopt;
  }

  /// Where willing steps lead and do not lead out of again: sets of states that all reach each
  /// other and nothing else.
  std::set<std::set<std::vector<int>>> drift() const {
    const auto reached_from = [&](std::size_t start) {
      std::set<std::size_t> seen{start};
      std::vector<std::size_t> open{start};
      while (!open.empty()) {
        const std::size_t s = open.back();
        open.pop_back();
        for (std::size_t m = 0; m < reference::mover_count(*truth_); ++m)
          for (const std::size_t t : reference::moves(*truth_, m, s))
            if (willing(m, s, t) && seen.insert(t).second) open.push_back(t);
      }
      return seen;
    };
    std::set<std::set<std::vector<int>>> out;
    const auto all = reached_from(*reference::status_quo(*truth_));
    std::map<std::size_t, std::set<std::size_t>> reach;
    for (const std::size_t s : all) reach[s] = reached_from(s);
    for (const std::size_t s : all) {
      const auto& from = reach[s];
      if (!std::all_of(from.begin(), from.end(),
                       [&](std::size_t t) { return reach[t].count(s) != 0; }))
        continue;
      std::set<std::vector<int>> place;
      for (const std::size_t t : from) place.insert(reference::levels(*truth_, t));
      out.insert(place);
    }
    return out;
  }

  /// Who is wrong about which move away from the goal, and how the truth has it: a move it wants in
  /// its view and in truth, deterred in one of them only.
  std::set<std::tuple<std::size_t, std::vector<int>, bool>> surprises(
      const std::vector<int>& levels, const GoalPart& goal, const ConceptProfile& profile) const {
    const auto meets = *reference::where(*truth_, goal.when);
    const std::size_t g = *reference::find(*truth_, levels);
    std::set<std::tuple<std::size_t, std::vector<int>, bool>> out;
    for (std::size_t p = 0; p < views_.size(); ++p)
      for (const std::size_t t : reference::moves(*truth_, p, g)) {
        if (meets[t] || !willing(p, g, t) || !reference::better(*truth_, p, t, g)) continue;
        const bool expected = sanctioned(p, *seen_as(p, g), *seen_as(p, t), profile[p], false);
        const bool truly = reference::sanctioned(*truth_, p, g, t, profile[p]);
        if (expected != truly) out.insert({p, reference::levels(*truth_, t), truly});
      }
    return out;
  }

 private:
  std::optional<std::size_t> seen_as(std::size_t p, std::size_t s) const {
    return reference::find(*views_[p], reference::levels(*truth_, s));
  }

  static bool among(const std::vector<std::size_t>& list, std::size_t s) {
    return std::find(list.begin(), list.end(), s) != list.end();
  }

  bool willing(std::size_t m, std::size_t s, std::size_t t) const {
    const std::size_t n = views_.size();
    bool some = false;
    for (std::size_t p = 0; p < n; ++p) {
      const TrackPart* track = m < n ? nullptr : &conflict_.parts().tracks[m - n];
      if (track == nullptr ? p != m
                           : std::find(track->parties.begin(), track->parties.end(),
                                       conflict_.parts().parties[p].id) == track->parties.end())
        continue;
      const auto a = seen_as(p, s);
      const auto b = seen_as(p, t);
      if (!a || !b || !among(reference::moves(*views_[p], m, *a), *b)) return false;
      const bool better = reference::better(*views_[p], p, *b, *a);
      some = some || better;
      if (better) continue;
      if (track == nullptr || track->consent == Consent::AllBetter) return false;
      if (reference::better(*views_[p], p, *a, *b)) return false;
    }
    return some;
  }

  /// 0 holds, 4 only by hollow sanctions, 8 does not hold.
  int holding(std::size_t g, const reference::StateSet& meets, const ConceptProfile& profile) {
    const auto known = held_.find(g);
    if (known != held_.end()) return known->second;
    int out = 0;
    for (std::size_t m = views_.size(); m < reference::mover_count(*truth_); ++m)
      for (const std::size_t t : reference::moves(*truth_, m, g))
        if (!meets[t] && willing(m, g, t)) out = 8;
    for (std::size_t p = 0; p < views_.size() && out < 8; ++p)
      for (const std::size_t t : reference::moves(*truth_, p, g)) {
        if (meets[t] || !willing(p, g, t)) continue;
        const std::size_t s = *seen_as(p, g);
        const std::size_t s1 = *seen_as(p, t);
        if (!sanctioned(p, s, s1, profile[p], false)) {
          out = 8;
        } else if (!sanctioned(p, s, s1, profile[p], true)) {
          out = std::max(out, 4);
        }
      }
    return held_[g] = out;
  }

  bool sanctioned(std::size_t p, std::size_t s, std::size_t s1, Concept c, bool clean) const {
    const reference::Model& m = *views_[p];
    if (!clean) return reference::sanctioned(m, p, s, s1, c);
    const bool credible = c == Concept::Seq || c == Concept::Sseq;
    std::set<std::pair<std::size_t, std::size_t>> seen;
    std::vector<std::pair<std::size_t, std::size_t>> open{{s1, SIZE_MAX}};
    while (!open.empty()) {
      const auto [x, last] = open.back();
      open.pop_back();
      if (last != SIZE_MAX && !reference::better(m, p, x, s)) {
        bool escapes = false;
        if (c == Concept::Smr || c == Concept::Sseq)
          for (const std::size_t s3 : reference::moves(m, p, x))
            escapes = escapes || reference::better(m, p, s3, s);
        if (!escapes) return true;
      }
      for (const std::size_t k : reference::opponents(m, p)) {
        if (k == last) continue;
        for (const std::size_t t :
             credible ? reference::improvements(m, k, x) : reference::moves(m, k, x)) {
          if (last == SIZE_MAX && reference::hollow_first(m, k, s, s1, t)) continue;
          if (seen.insert({t, k}).second) open.push_back({t, k});
        }
      }
    }
    return false;
  }

  const Conflict& conflict_;
  reference::ModelPtr truth_;
  std::vector<reference::ModelPtr> views_;
  std::map<std::size_t, int> held_;
};

std::vector<int> levels_of(const Conflict& conflict, State s) {
  std::vector<int> out;
  for (const OptionId o : conflict.options()) out.push_back(conflict.level(s, o));
  return out;
}

std::set<std::set<std::vector<int>>> true_drift(const Conflict& conflict) {
  RowSpace space(conflict);
  std::set<std::set<std::vector<int>>> out;
  for (const auto& set : drift(space, *conflict.status_quo()).sets) {
    std::set<std::vector<int>> place;
    for (const State s : set) place.insert(levels_of(conflict, s));
    out.insert(place);
  }
  return out;
}

/// One or two beliefs for every party: about wishes, tracks, and what is possible.
void add_beliefs(Parts& parts, Random& r, std::size_t kinds) {
  for (std::size_t i = 0; i < parts.preferences.size(); ++i)
    for (std::size_t k = 0; k < parts.preferences[i].statements.size(); ++k)
      parts.preferences[i].statements[k].id = "wish_" + std::to_string(i) + "_" + std::to_string(k);
  RulePart blind;
  blind.id = "blind";
  blind.enabled = false;
  blind.never = r.pick(parts.options).id + " == 1 and " + r.pick(parts.options).id + " == 1";
  parts.rules.push_back(blind);
  RulePart barred;
  barred.id = "barred";
  barred.enabled = false;
  barred.forbid = ForbidPart{"", "", r.pick(parts.options).id + " == 1"};
  if (r.chance(0.5)) barred.forbid->from = r.pick(parts.options).id + " == 0";
  parts.rules.push_back(barred);
  for (const PartyPart& p : parts.parties) {
    BeliefPart b = belief("belief_of_" + p.id, p.id, {});
    for (std::size_t k = 0; k < 1 + r.below(3); ++k) {
      EffectPart e;
      const auto what = r.below(kinds);
      if (what == 0) {
        e = enable("blind");
      } else if (what >= 8) {
        e.target = r.pick(parts.options).id;
        if (what == 8) {
          e.kind = EffectKind::Moves;
          e.direction = r.chance(0.5) ? Direction::Up : Direction::Down;
        } else if (what == 9) {
          e.kind = EffectKind::Binding;
          e.flag = r.chance(0.5);
        } else if (what == 10) {
          e = enable("barred");
        } else if (what == 11) {
          e.kind = EffectKind::DropRule;
          e.target = r.pick(parts.rules).id;
          if (e.target.empty()) continue;
        } else if (parts.tracks.empty()) {
          continue;
        } else if (what == 12) {
          const std::string expression = e.target + " == 1";
          e.kind = EffectKind::Link;
          e.target = r.pick(parts.tracks).id;
          if (r.chance(0.6)) e.expression = expression;
        } else {
          const TrackPart& track = r.pick(parts.tracks);
          if (track.table.empty()) continue;
          e.kind = EffectKind::Table;
          e.target = track.id;
          e.remove = {r.pick(track.table)};
        }
      } else if (what == 1 && !parts.tracks.empty()) {
        e.kind = r.chance(0.5) ? EffectKind::Close : EffectKind::Open;
        e.target = r.pick(parts.tracks).id;
      } else {
        const PreferencePart& of = r.pick(parts.preferences);
        if (of.statements.empty()) continue;
        e.kind = EffectKind::Statement;
        e.target = of.party;
        e.statement = r.pick(of.statements).id;
        e.action = r.chance(0.7) ? StatementAction::Drop : StatementAction::First;
        if (of.method != Method::Priorities) e.action = StatementAction::Drop;
      }
      b.effects.push_back(std::move(e));
    }
    if (!b.effects.empty()) parts.beliefs.push_back(std::move(b));
  }
}

TEST(Perceived, AsTheDefinitionsSayOnRandomConflicts) {
  std::size_t judged = 0, with_a_way = 0, turned = 0, surprised = 0, drifted = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random r(seed, 0, "beliefs");
    RandomSettings mix;
    mix.parties = 2 + r.below(2);
    mix.options = 3 + r.below(2);
    mix.graded = 0.1;
    mix.most_levels = 3;
    mix.ranking = 0;
    // Every other one is about temptations and answers alone, where surprises lie.
    const bool tempted = seed % 2 == 1;
    if (tempted) {
      mix.joint = mix.disabled = mix.third = mix.one_way = mix.graded = 0;
      mix.tracks = mix.nevers = mix.forbids = 0;
      mix.statements = 5;
      mix.exactly = true;
      mix.weights = 1;
      mix.vital = 0;
    }
    Parts parts = random_parts(mix, seed);
    if (parts.options.empty() || parts.preferences.empty()) continue;
    add_beliefs(parts, r, tempted ? 8 : 14);
    GoalPart wanted = goal(r.pick(parts.options).id + (r.chance(0.5) ? " == 1" : " == 0"));
    const char* concepts[] = {"nash", "gmr", "smr", "seq", "sseq"};
    wanted.hold.concept_name = concepts[tempted ? 1 + r.below(4) : r.below(5)];
    parts.goals = {wanted};
    const auto conflict = build(parts);
    if (!conflict || !conflict->status_quo()) continue;
    const auto views = perceived_views(*conflict);
    if (!views) continue;
    ++judged;
    Literal literal(*conflict, *views);
    const int truth = literal.badness(wanted, hold_profile(conflict->goals()[0]));
    WayOutSettings settings;
    turned += way_out(*conflict, 0, settings).exists != (truth < 8) ? 1 : 0;
    settings.as_perceived = true;
    const auto seen = perceive(*conflict);
    ASSERT_TRUE(seen) << "seed " << seed << ": " << seen.error()[0].message;
    const PathSearch path = perceived_path(*conflict, *seen, *conflict->status_quo(), [&](State s) {
      return conflict->holds(conflict->goals()[0].when, s);
    });
    const auto steps = literal.steps_to(wanted);
    ASSERT_EQ(path.path.has_value(), steps.has_value()) << "seed " << seed;
    const Perception perception(*conflict, *views);
    for_each_feasible(*conflict, 100'000, [&](State s) {
      for (const MoverId m : conflict->movers()) {
        std::vector<State> willing = moves(*conflict, m, s);
        std::erase_if(willing, [&](State t) { return !perception.willing(m, s, t); });
        EXPECT_EQ(improvements(seen->acting, m, s), willing) << "seed " << seed;
      }
      return true;
    });
    RowSpace acted(seen->acting);
    const Drift where = drift(acted, *conflict->status_quo());
    ASSERT_EQ(where.end, End::Complete) << "seed " << seed;
    std::set<std::set<std::vector<int>>> places;
    for (const auto& set : where.sets) {
      std::set<std::vector<int>> place;
      for (const State s : set) place.insert(levels_of(*conflict, s));
      places.insert(place);
    }
    ASSERT_EQ(places, literal.drift()) << "seed " << seed;
    drifted += places != true_drift(*conflict) ? 1 : 0;
    if (steps) {
      ASSERT_EQ(path.path->steps.size(), *steps) << "seed " << seed;
    }
    for (const bool details : {true, false}) {
      settings.details = details;
      const WayOut way = way_out(*conflict, 0, settings);
      ASSERT_EQ(way.end, End::Complete) << "seed " << seed;
      ASSERT_EQ(way.exists, truth < 8) << "seed " << seed;
      ASSERT_EQ(way.clean, truth == 0) << "seed " << seed;
      for (const Surprise& s : way.surprises)
        ASSERT_NE(s.expected.sanctioned, s.truth.sanctioned) << "seed " << seed;
      if (!details) continue;
      const auto levels = [&](State s) { return levels_of(*conflict, s); };
      std::set<std::tuple<std::size_t, std::vector<int>, bool>> told;
      for (const Surprise& s : way.surprises)
        told.insert({s.party.index(), levels(s.expected.improvement), s.truth.sanctioned});
      surprised += told.empty() ? 0 : 1;
      if (way.state && way.holding) {
        const auto all =
            literal.surprises(levels(*way.state), wanted, hold_profile(conflict->goals()[0]));
        // Where the goal does not hold, only the move that breaks it is told of, and those that
        // were judged before it.
        if (way.exists) {
          ASSERT_EQ(told, all) << "seed " << seed;
        }
        ASSERT_TRUE(std::includes(all.begin(), all.end(), told.begin(), told.end()))
            << "seed " << seed;
      }
      if (!way.exists) continue;
      ++with_a_way;
      ASSERT_EQ(
          (way.hollow ? 4 : 0) + (way.marks.bought ? 2 : 0) + (way.marks.worse_on_the_way ? 1 : 0),
          truth)
          << "seed " << seed;
      ASSERT_EQ(way.path->end(), *way.state) << "seed " << seed;
    }
  }
  // The conflicts are not all of one kind.
  EXPECT_GT(judged, 200u);
  EXPECT_GT(with_a_way, 50u);
  EXPECT_GT(turned, 10u);
  EXPECT_GT(surprised, 3u);
  EXPECT_GT(drifted, 10u);
}

}  // namespace
}  // namespace wayout
