// Single verdicts on the fly: every means of search against the reference on random small
// conflicts, and against the full engine and walks of the opponents on larger ones.
#include <algorithm>

#include <gtest/gtest.h>

#include "properties/judge.hpp"
#include "properties/random_case.hpp"
#include "wayout/base/random.hpp"
#include "wayout/model/build.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/nash_judge.hpp"
#include "wayout/stability/reachable.hpp"

namespace wayout::properties {
namespace {

std::function<std::string(const RandomCase&)> judged(
    const std::function<std::string(const Sides&, std::uint64_t)>& judge) {
  return [judge](const RandomCase& c) {
    const auto both = sides(c.parts);
    if (!both) return "it does not build: " + both.error()[0].message;
    return judge(*both, c.seed);
  };
}

/// Conflicts without rules on moves and rankings, of which the directed means do not speak.
Mix plain_moves() {
  Mix mix;
  mix.graph = 0;
  mix.winding = 0;
  mix.unanimous = 0.2;
  mix.talks = 0.35;
  mix.rankings = false;
  return mix;
}

void all_looks(const Mix& mix, int count, AnswerSearch search, std::size_t most_states) {
  for_random_conflicts(mix, count, judged([=](const Sides& both, std::uint64_t seed) {
                         VerdictSettings settings;
                         settings.search = search;
                         settings.most_states = most_states;
                         std::string wrong;
                         for (const Look look : {Look::Stable, Look::Clean, Look::Witness})
                           if (wrong.empty()) wrong = judge_verdicts(both, seed, settings, look);
                         return wrong;
                       }));
}

constexpr std::size_t kEnough = std::size_t{1} << 22;

TEST(Answers, ByAllMeans) { all_looks(plain_moves(), 500, AnswerSearch::Auto, kEnough); }
TEST(Answers, ByHunt) { all_looks(plain_moves(), 400, AnswerSearch::Hunt, kEnough); }
TEST(Answers, ByAbstraction) { all_looks(plain_moves(), 800, AnswerSearch::Cone, kEnough); }
TEST(Answers, ByListing) { all_looks(plain_moves(), 200, AnswerSearch::Listing, kEnough); }
// A search that is cut short says so, and what it does say is right.
TEST(Answers, CutShort) {
  for (const std::size_t most : {1u, 5u, 20u, 80u}) {
    all_looks(plain_moves(), 80, AnswerSearch::Auto, most);
    all_looks(plain_moves(), 80, AnswerSearch::Cone, most);
    all_looks({}, 40, AnswerSearch::Listing, most);
  }
}

TEST(Answers, HollowMarksLeftOutChangeNoVerdict) {
  for_random_conflicts({}, 200, judged([](const Sides& both, std::uint64_t seed) {
                         VerdictSettings settings;
                         settings.hollow = false;
                         return judge_verdicts(both, seed, settings, Look::Stable);
                       }));
}

TEST(Answers, NashByTheMillion) {
  for_random_conflicts(
      {}, 1500, judged([](const Sides& both, std::uint64_t) -> std::string {
        const auto found = nash_batch(both.conflict, both.state);
        for (std::size_t s = 0; s < both.state.size(); ++s)
          for (const PartyId p : both.conflict.parties())
            if (contains(found[s], p) != reference::improvements(*both.model, p.index(), s).empty())
              return "Nash for party " + std::to_string(p.index()) + " at " + show(both, s);
        return "";
      }));
}

TEST(Answers, ReachableEquilibria) {
  for_random_conflicts(
      {}, 700, judged([](const Sides& both, std::uint64_t seed) -> std::string {
        const reference::Model& m = *both.model;
        Random r(seed, 0, "start");
        const std::size_t start = r.below(both.state.size());
        const Concept c = r.pick(std::vector<Concept>{Concept::Nash, Concept::Gmr, Concept::Seq,
                                                      Concept::Sseq, Concept::Smr});
        const auto found = reachable_equilibria(both.conflict, both.state[start], c);
        if (!found.exhaustive()) return "the search did not finish";
        // The same by the definitions: what improvements lead to, and who is stable there.
        std::vector<bool> met(both.state.size(), false);
        std::vector<std::size_t> open{start};
        met[start] = true;
        while (!open.empty()) {
          const std::size_t s = open.back();
          open.pop_back();
          for (std::size_t k = 0; k < reference::mover_count(m); ++k)
            for (const std::size_t t : reference::improvements(m, k, s))
              if (!met[t]) {
                met[t] = true;
                open.push_back(t);
              }
        }
        std::vector<State> expected;
        for (std::size_t s = 0; s < both.state.size(); ++s) {
          bool all = met[s];
          for (std::size_t p = 0; p < reference::party_count(m) && all; ++p)
            all = reference::stable(m, p, s, c);
          if (all) expected.push_back(both.state[s]);
        }
        std::vector<State> states;
        for (const auto& e : found.found) {
          states.push_back(e.state);
          std::size_t at = start;
          for (const Step& step : e.path) {
            const std::size_t t = both.number.at(step.state);
            const auto list = reference::improvements(m, step.mover.index(), at);
            if (std::find(list.begin(), list.end(), t) == list.end())
              return "a step of a path is no improvement";
            at = t;
          }
          if (both.state[at] != e.state) return "a path ends elsewhere";
        }
        std::sort(states.begin(), states.end());
        std::sort(expected.begin(), expected.end());
        if (states != expected)
          return "equilibria from " + show(both, start) + ": " + std::to_string(states.size()) +
                 " instead of " + std::to_string(expected.size());
        return "";
      }));
}

// --- larger disputes

/// Binary options, evenly shared among the parties, some of them one-way, and a rule; each
/// preference has statements over at most three options each.
Parts large_case(std::uint64_t seed, std::size_t parties, std::size_t each, std::size_t statements,
                 bool backwards) {
  Parts parts;
  const std::size_t options = parties * each;
  for (std::size_t p = 0; p < parties; ++p) {
    PartyPart party;
    party.id = "p" + std::to_string(p);
    parts.parties.push_back(party);
  }
  for (std::size_t i = 0; i < options; ++i) {
    const std::size_t o = backwards ? options - 1 - i : i;
    OptionPart option;
    option.id = "o" + std::to_string(o);
    option.party = parts.parties[o / each].id;
    if (o % 7 == 3) option.moves = Direction::Up;
    parts.options.push_back(option);
  }
  RulePart rule;
  rule.never = "o0 and o" + std::to_string(options - 1) + " and not o1";
  parts.rules.push_back(rule);
  for (std::size_t p = 0; p < parties; ++p) {
    Random r(seed, p, "large");
    PreferencePart preference;
    preference.party = parts.parties[p].id;
    preference.method = p % 2 == 0 ? Method::Weights : Method::Priorities;
    for (std::size_t i = 0; i < statements; ++i) {
      StatementPart statement;
      const std::size_t literals = 1 + r.below(3);
      for (std::size_t l = 0; l < literals; ++l) {
        const std::size_t o = l == 0 && i % 2 == 0 ? p * each + r.below(each) : r.below(options);
        statement.when += (l > 0 ? " and " : "") + std::string(r.chance(0.5) ? "not " : "") + "o" +
                          std::to_string(o);
      }
      if (p % 2 == 0)
        statement.values = {
            {"weight",
             Quantity{Quantity::Form::Plain, Decimal(static_cast<int>(r.between(-20, 60))), 0, 1}}};
      preference.statements.push_back(statement);
    }
    parts.preferences.push_back(preference);
  }
  return parts;
}

State random_state(const Conflict& c, Random& r) {
  State s;
  do {
    for (const OptionId o : c.options()) s = c.with_level(s, o, r.chance(0.5) ? 1 : 0);
  } while (!c.feasible(s));
  return s;
}

/// What is wrong with the answers of a verdict, by moves and walks alone.
std::string fault(const Conflict& c, PartyId p, State s, Concept concept_, const Verdict& v,
                  std::uint64_t seed) {
  const bool improving = concept_ == Concept::Seq || concept_ == Concept::Sseq;
  const bool symmetric = concept_ == Concept::Smr || concept_ == Concept::Sseq;
  const auto hurts = [&](State t) {
    if (c.better(p, t, s)) return false;
    if (!symmetric) return true;
    for (const State u : moves(c, c.mover_of(p), t))
      if (c.better(p, u, s)) return false;
    return true;
  };
  const auto may = [&](MoverId m, State from, State to) {
    return is_move(c, m, from, to) && (!improving || wants(c, m, from, to));
  };
  for (const Answer& a : v.answers) {
    if (!is_move(c, c.mover_of(p), s, a.improvement) || !c.better(p, a.improvement, s))
      return "the improvement is none";
    if (concept_ == Concept::Nash) continue;
    State at = a.improvement;
    MoverId last = c.mover_of(p);
    for (const Step& step : a.sanction) {
      if (step.mover == last || !may(step.mover, at, step.state)) return "a step is none";
      at = step.state;
      last = step.mover;
    }
    if (a.sanctioned && (a.sanction.empty() || !hurts(at))) return "the end hurts nobody";
    if (a.sanctioned) continue;
    // Walks of the opponents that should never hurt.
    Random r(seed, p.index(), "walk");
    for (int walk = 0; walk < 4; ++walk) {
      at = a.improvement;
      last = c.mover_of(p);
      for (int n = 0; n < 8; ++n) {
        const MoverId m = r.pick(opponents(c, p));
        if (m == last) continue;
        const auto next = improving ? improvements(c, m, at) : moves(c, m, at);
        if (next.empty()) continue;
        at = r.pick(next);
        last = m;
        if (hurts(at)) return "an improvement said to go unsanctioned is sanctioned";
      }
    }
  }
  return "";
}

TEST(Answers, WitnessesOf128Options) {
  std::size_t decided = 0;
  std::size_t all = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto conflict = build(large_case(seed, 16, 8, 10, false));
    const auto mirror = build(large_case(seed, 16, 8, 10, true));
    ASSERT_TRUE(conflict && mirror);
    RowSpace space(*conflict);
    RowSpace mirror_space(*mirror);
    Random r(seed, 0, "states");
    for (int n = 0; n < 4; ++n) {
      const State s = random_state(*conflict, r);
      State t;
      for (const OptionId o : conflict->options())
        t = mirror->with_level(t, *mirror->find_option(conflict->option(o).id),
                               conflict->level(s, o));
      const PartyId p(r.below(16));
      for (const Concept c : kClassicalConcepts) {
        VerdictSettings settings;
        settings.most_states = 60'000;
        const Verdict v = verdict(space, p, s, c, settings);
        ++all;
        if (v.end != End::Complete) continue;
        ++decided;
        ASSERT_EQ(fault(*conflict, p, s, c, v, seed), "") << "seed " << seed;
        // Options in the other order are the same dispute.
        const Verdict w = verdict(mirror_space, p, t, c, settings);
        if (w.end == End::Complete) {
          ASSERT_EQ(v.stable, w.stable) << "seed " << seed;
          ASSERT_EQ(v.improvements, w.improvements);
        }
      }
    }
  }
  EXPECT_GT(decided, all * 3 / 4);
}

TEST(Answers, MiddlingConflictsAsTheFullEngine) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto conflict = build(large_case(seed, 4, 3, 7, seed % 2 == 0));
    ASSERT_TRUE(conflict);
    const FullStability full = full_stability(*conflict);
    ASSERT_EQ(full.end, End::Complete);
    RowSpace space(*conflict);
    for (const AnswerSearch search : {AnswerSearch::Auto, AnswerSearch::Cone}) {
      VerdictSettings settings;
      settings.search = search;
      Random r(seed, 0, "states");
      for (int n = 0; n < 60; ++n) {
        const std::uint64_t i = r.below(full.size());
        const State s = full.space->state(i);
        for (const PartyId p : conflict->parties())
          for (const Concept c : kClassicalConcepts) {
            const Verdict v = verdict(space, p, s, c, settings);
            ASSERT_EQ(v.end, End::Complete);
            ASSERT_EQ(v.stable, full.is_stable(p, i, c))
                << concept_name(c) << " seed " << seed << " state " << i;
            ASSERT_EQ(fault(*conflict, p, s, c, v, seed), "");
          }
      }
    }
  }
}

}  // namespace
}  // namespace wayout::properties
