#include "wayout/stability/describe.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "wayout/base/random.hpp"
#include "wayout/space/random_conflict.hpp"
#include "wayout/stability/describe_blocks.hpp"
#include "wayout/stability/equilibria.hpp"

namespace wayout {
namespace {

/// States with verdicts made up by the test.
struct Made {
  Conflict conflict;
  std::vector<State> states;
  std::vector<std::vector<std::uint8_t>> stable;
  std::vector<std::vector<std::uint32_t>> ranks;

  VerdictTable table() const {
    VerdictTable t;
    t.size = states.size();
    for (const auto& of_party : stable) t.stable.push_back(of_party.data());
    t.states = [this](std::uint64_t begin, std::span<State> out) {
      std::copy_n(states.begin() + static_cast<std::ptrdiff_t>(begin), out.size(), out.begin());
    };
    t.rank = [this](PartyId p, std::uint64_t i) { return ranks[p.index()][i]; };
    return t;
  }
  void mark(PartyId p, Concept c, const std::function<bool(State)>& in) {
    for (std::size_t i = 0; i < states.size(); ++i)
      if (in(states[i]))
        stable[p.index()][i] |= static_cast<std::uint8_t>(1u << static_cast<int>(c));
  }
};

Made made(std::size_t parties, std::size_t options, double density, double graded,
          std::uint64_t seed) {
  RandomSettings s;
  s.parties = parties;
  s.options = options;
  s.graded = graded;
  s.density = density;
  s.third = s.disabled = s.joint = 0;
  s.forbids = s.defines = s.tracks = 0;
  s.ranking = s.additive = 0;
  Made m{*build(random_parts(s, seed)), {}, {}, {}};
  for_each_feasible(m.conflict, 100'000'000, [&](State state) {
    m.states.push_back(state);
    return true;
  });
  m.stable.assign(parties, std::vector<std::uint8_t>(m.states.size(), 0));
  m.ranks.assign(parties, std::vector<std::uint32_t>(m.states.size(), 1));
  return m;
}

bool holds(const Conflict& conflict, const std::vector<LevelRange>& literals, State s) {
  return std::all_of(literals.begin(), literals.end(), [&](const LevelRange& l) {
    const int level = conflict.level(s, l.option);
    return l.low <= level && level <= l.high;
  });
}

/// Counts every part of a description once more, state by state.
void recount(const Made& m, const Description& d) {
  const VerdictTable table = m.table();
  std::uint64_t size = 0, rest = 0;
  std::vector<std::uint64_t> held(d.parts.size(), 0), inside = held, fresh = held;
  for (std::uint64_t i = 0; i < table.size; ++i) {
    const bool in = d.set.party ? table.is_stable(*d.set.party, i, d.set.concept_)
                                : table.is_equilibrium(i, d.set.concept_);
    size += in;
    bool open = in;
    for (std::size_t k = 0; k < d.parts.size(); ++k) {
      const bool here = holds(m.conflict, d.parts[k].literals, m.states[i]);
      held[k] += here;
      inside[k] += here && in;
      fresh[k] += here && open;
      open = open && !here;
    }
    rest += open;
  }
  EXPECT_EQ(d.size, size);
  EXPECT_EQ(d.rest, rest);
  for (std::size_t k = 0; k < d.parts.size(); ++k) {
    EXPECT_EQ(d.parts[k].holds, held[k]);
    EXPECT_EQ(d.parts[k].inside, inside[k]);
    EXPECT_EQ(d.parts[k].fresh, fresh[k]);
    EXPECT_GT(d.parts[k].fresh, 0u);
    // The text says the same.
    const auto condition = m.conflict.condition(condition_text(m.conflict, d.parts[k].literals));
    ASSERT_TRUE(condition);
    for (const State s : m.states)
      ASSERT_EQ(condition->holds(s), holds(m.conflict, d.parts[k].literals, s));
  }
}

TEST(Describe, TransposeIsOne) {
  std::array<describing::Word, 64> m{};
  Random r(1, 0, "transpose");
  for (auto& w : m) w = r.next();
  const auto before = m;
  describing::transpose(m);
  for (std::size_t i = 0; i < 64; ++i)
    for (std::size_t j = 0; j < 64; ++j) ASSERT_EQ((m[i] >> j) & 1, (before[j] >> i) & 1);
}

TEST(Describe, CountsAreExactWhateverTheSet) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Made m = made(2, 9, seed % 3 == 0 ? 1 : 0.6, seed % 2 == 0 ? 0.4 : 0, seed);
    // A union of random conjunctions, a random set, everything, nothing.
    Random r(seed, 0, "sets");
    std::vector<State> anchors{m.states[r.below(m.states.size())],
                               m.states[r.below(m.states.size())]};
    std::vector<UInt128> masks{r.next() & r.next(), r.next() & r.next()};
    m.mark(PartyId(0), Concept::Nash, [&](State s) {
      return ((s.bits ^ anchors[0].bits) & masks[0]) == 0 ||
             ((s.bits ^ anchors[1].bits) & masks[1]) == 0;
    });
    m.mark(PartyId(0), Concept::Gmr, [&](State) { return r.chance(0.4); });
    m.mark(PartyId(0), Concept::Seq, [&](State) { return true; });
    m.mark(PartyId(1), Concept::Nash, [&](State) { return r.chance(0.9); });
    m.mark(PartyId(1), Concept::Gmr, [&](State) { return true; });
    const std::vector<StableSet> sets{{Concept::Nash, PartyId(0)}, {Concept::Gmr, PartyId(0)},
                                      {Concept::Seq, PartyId(0)},  {Concept::Smr, PartyId(0)},
                                      {Concept::Nash, {}},         {Concept::Gmr, {}}};
    DescribeSettings settings;
    settings.sample = seed % 4 == 0 ? 100 : 8192;  // with a sample too small to know
    const Descriptions out = describe(m.conflict, m.table(), sets, settings);
    EXPECT_EQ(out.end, End::Complete);
    ASSERT_EQ(out.sets.size(), sets.size());
    for (const Description& d : out.sets) recount(m, d);
    ASSERT_EQ(out.sets[2].parts.size(), 1u);  // everything
    EXPECT_TRUE(out.sets[2].parts[0].literals.empty());
    EXPECT_EQ(out.sets[2].rest, 0u);
    EXPECT_TRUE(out.sets[3].parts.empty());  // nothing
    // The same again, and in other company.
    const Descriptions again = describe(m.conflict, m.table(), std::span(sets).first(1), settings);
    ASSERT_EQ(again.sets[0].parts.size(), out.sets[0].parts.size());
    for (std::size_t k = 0; k < out.sets[0].parts.size(); ++k)
      EXPECT_EQ(again.sets[0].parts[k].literals, out.sets[0].parts[k].literals);
  }
}

TEST(Describe, FindsTheConditionsASetWasMadeOf) {
  Made m = made(2, 18, 1, 0, 3);  // 262,144 states: far more than the sample
  const auto option = [&](State s, std::size_t o) { return m.conflict.level(s, OptionId(o)) == 1; };
  m.mark(PartyId(0), Concept::Seq, [&](State s) {
    return (option(s, 2) && !option(s, 7)) || (option(s, 11) && option(s, 4) && option(s, 0));
  });
  // True whenever o3, but for one state in 4,096 of those: the sample hardly shows it.
  m.mark(PartyId(1), Concept::Seq, [&](State s) {
    bool rare = true;
    for (std::size_t o = 4; o < 16; ++o) rare = rare && option(s, o);
    return option(s, 2) && !rare;
  });
  const std::vector<StableSet> sets{{Concept::Seq, PartyId(0)}, {Concept::Seq, PartyId(1)}};
  const Descriptions out = describe(m.conflict, m.table(), sets);
  const Description& d = out.sets[0];
  ASSERT_EQ(d.parts.size(), 2u);
  EXPECT_EQ(condition_text(m.conflict, d.parts[0].literals), "o3 and not o8");
  EXPECT_EQ(condition_text(m.conflict, d.parts[1].literals), "o1 and o5 and o12");
  EXPECT_TRUE(d.parts[0].always() && d.parts[1].always());
  EXPECT_EQ(d.rest, 0u);
  recount(m, out.sets[1]);
  ASSERT_FALSE(out.sets[1].parts.empty());
  // "o3" alone is refuted, and what is told instead holds always.
  EXPECT_TRUE(out.sets[1].parts[0].always());
  EXPECT_GT(out.sets[1].parts[0].literals.size(), 1u);
}

TEST(Describe, CanBeInterrupted) {
  const Made m = made(2, 8, 1, 0, 1);
  CancelToken cancel;
  cancel.cancel();
  DescribeSettings settings;
  settings.watch.cancel = &cancel;
  const std::vector<StableSet> sets{{Concept::Seq, PartyId(0)}};
  const Descriptions out = describe(m.conflict, m.table(), sets, settings);
  EXPECT_EQ(out.end, End::Cancelled);
  EXPECT_TRUE(out.sets[0].parts.empty());
}

TEST(Equilibria, BestAndEfficientAgainstAllPairs) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Made m = made(1 + seed % 4, 8, 0.8, 0.2, seed);
    Random r(seed, 0, "ranks");
    for (auto& of_party : m.ranks)
      for (auto& rank : of_party)
        rank = static_cast<std::uint32_t>(r.between(1, seed % 2 ? 6 : 60));
    for (const PartyId p : m.conflict.parties())
      m.mark(p, Concept::Seq, [&](State) { return r.chance(0.8); });
    const VerdictTable table = m.table();
    const std::vector<Concept> concepts{Concept::Seq, Concept::Nash};
    const auto out = summarise_equilibria(m.conflict, table, concepts);
    EXPECT_EQ(out[1].total, 0u);
    EXPECT_TRUE(out[1].best.empty() && out[1].efficient.empty());
    std::vector<std::uint64_t> equilibria;
    for (std::uint64_t i = 0; i < table.size; ++i)
      if (table.is_equilibrium(i, Concept::Seq)) equilibria.push_back(i);
    EXPECT_EQ(out[0].total, equilibria.size());
    const auto dominates = [&](std::uint64_t a, std::uint64_t b) {
      bool better = false;
      for (const auto& of_party : m.ranks) {
        if (of_party[a] > of_party[b]) return false;
        better = better || of_party[a] < of_party[b];
      }
      return better;
    };
    std::uint64_t efficient = 0;
    std::set<std::vector<std::uint32_t>> classes;
    for (const std::uint64_t b : equilibria) {
      if (std::any_of(equilibria.begin(), equilibria.end(),
                      [&](std::uint64_t a) { return dominates(a, b); }))
        continue;
      ++efficient;
      std::vector<std::uint32_t> ranks;
      for (const auto& of_party : m.ranks) ranks.push_back(of_party[b]);
      classes.insert(ranks);
    }
    EXPECT_EQ(out[0].efficient_total, efficient);
    ASSERT_EQ(out[0].efficient.size(), classes.size());
    for (const EfficientClass& e : out[0].efficient) {
      EXPECT_EQ(classes.count(e.ranks), 1u);
      for (std::size_t p = 0; p < m.ranks.size(); ++p) EXPECT_EQ(m.ranks[p][e.first], e.ranks[p]);
    }
    for (const BestEquilibrium& best : out[0].best) {
      const auto& of_party = m.ranks[best.party.index()];
      std::uint32_t least = 1000;
      for (const std::uint64_t i : equilibria) least = std::min(least, of_party[i]);
      EXPECT_EQ(best.rank, least);
      EXPECT_EQ(best.count, static_cast<std::uint64_t>(
                                std::count_if(equilibria.begin(), equilibria.end(),
                                              [&](auto i) { return of_party[i] == least; })));
      EXPECT_EQ(of_party[best.first], least);
    }
  }
}

}  // namespace
}  // namespace wayout
