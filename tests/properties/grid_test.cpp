// The ways to judge a whole space give the same answers: plain passes, boxes, rows; one thread or
// several; either set of instructions. Rows are held against the literal reference in
// engines_test.cpp.
#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "properties/random_case.hpp"
#include "wayout/base/random.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/state_index.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/goodness.hpp"
#include "wayout/stability/kernels.hpp"
#include "wayout/stability/plain_grid.hpp"

namespace wayout::properties {
namespace {

FullStability judged(const Conflict& conflict, FullMethod method, std::size_t threads = 1) {
  FullSettings settings;
  settings.method = method;
  settings.threads = threads;
  settings.threads_from = 0;
  return full_stability(conflict, settings);
}

std::string difference(const Conflict& conflict, const FullStability& a, const FullStability& b) {
  if (a.end != End::Complete || b.end != End::Complete) return "one did not finish";
  if (a.states != b.states) return "the states";
  if (a.goodness != b.goodness || a.classes != b.classes) return "the ranks";
  for (const PartyId p : conflict.parties())
    for (std::uint64_t i = 0; i < a.size(); ++i)
      if (a.stable_bits(p, i) != b.stable_bits(p, i))
        return "verdicts for " + conflict.party(p).id + " at number " +
               std::to_string(a.space->number(i)) + ": " + std::to_string(a.stable_bits(p, i)) +
               " and " + std::to_string(b.stable_bits(p, i));
  if (a.stable_total != b.stable_total || a.equilibria != b.equilibria) return "the totals";
  return "";
}

/// What is counted in the passes, counted one by one.
std::string wrong_totals(const Conflict& conflict, const FullStability& full) {
  for (const Concept c : kClassicalConcepts) {
    std::uint64_t all = 0;
    for (std::uint64_t i = 0; i < full.size(); ++i) all += full.is_equilibrium(i, c) ? 1 : 0;
    if (all != full.equilibria[static_cast<std::size_t>(c)]) return "number of equilibria";
    for (const PartyId p : conflict.parties()) {
      std::uint64_t stable = 0;
      for (std::uint64_t i = 0; i < full.size(); ++i) stable += full.is_stable(p, i, c) ? 1 : 0;
      if (stable != full.stable_total[p.index()][static_cast<std::size_t>(c)])
        return "number of stable states";
    }
  }
  return "";
}

std::string every_way(const Conflict& conflict) {
  const FullStability rows = judged(conflict, FullMethod::Rows);
  for (const FullMethod method : {FullMethod::Auto, FullMethod::Boxes})
    for (const std::size_t threads : {1, 2}) {
      const std::string wrong = difference(conflict, rows, judged(conflict, method, threads));
      if (!wrong.empty())
        return wrong + (method == FullMethod::Auto ? " (auto, " : " (boxes, ") +
               std::to_string(threads) + " threads)";
    }
  use_kernels(&baseline_kernels());
  const std::string wrong = difference(conflict, rows, judged(conflict, FullMethod::Auto));
  use_kernels(nullptr);
  if (!wrong.empty()) return wrong + " (baseline instructions)";
  return wrong_totals(conflict, rows);
}

std::string every_way_of(const Parts& parts) {
  const auto conflict = build(parts);
  if (!conflict) return "it does not build: " + conflict.error()[0].message;
  return every_way(*conflict);
}

/// Parties set options of their own, and nothing else.
RandomSettings plain(std::size_t parties, std::size_t options, double graded) {
  RandomSettings s;
  s.parties = parties;
  s.options = options;
  s.graded = graded;
  s.one_way = s.joint = 0;
  s.nevers = s.forbids = s.tracks = 0;
  s.statements = 9;
  s.ranking = 0;
  return s;
}

TEST(Grid, PlainDisputes) {
  std::size_t by_fields = 0;
  for (std::uint64_t seed = 0; seed < 240; ++seed) {
    const std::size_t parties = 1 + seed % 8;
    const RandomSettings s = plain(parties, 3 + seed % 7, seed % 3 == 0 ? 0.4 : 0);
    const auto conflict = build(random_parts(s, seed));
    ASSERT_TRUE(conflict);
    by_fields += plain_shape(*conflict, *StateIndex::make(*conflict).index).has_value() ? 1 : 0;
    EXPECT_EQ(every_way(*conflict), "") << "seed " << seed;
  }
  EXPECT_GT(by_fields, 150u);
}

// Rows of more than 256 states, whose places take two bytes; and of more settings than a byte
// beside small ones.
TEST(Grid, PlainDisputesWithWideRows) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    Parts parts = random_parts(plain(2 + seed % 2, 12, 0), seed);
    for (std::size_t o = 0; o < parts.options.size(); ++o)
      parts.options[o].party = parts.parties[o < 9 ? 0 : o % parts.parties.size()].id;
    for (auto& p : parts.parties) p.third = false;
    const auto conflict = build(parts);
    if (!conflict) continue;
    ASSERT_TRUE(plain_shape(*conflict, *StateIndex::make(*conflict).index));
    EXPECT_EQ(every_way(*conflict), "") << "seed " << seed;
  }
}

// Large enough for several tasks, blocks and stretches.
TEST(Grid, PlainDisputesOfMoreThanOneBlock) {
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    EXPECT_EQ(every_way_of(random_parts(plain(3 + seed, 14, seed == 3 ? 0.2 : 0), 900 + seed)), "")
        << "seed " << seed;
}

TEST(Grid, DisputesOfEveryKind) {
  Mix mix;
  mix.graph = 0;
  mix.unanimous = 0;
  mix.most_raw = 4096;
  mix.most_options = 11;
  mix.most_parties = 4;
  mix.talks = 0.5;
  for_random_conflicts(mix, 250, [](const RandomCase& c) { return every_way_of(c.parts); });
}

// What rules tie together, agreements that are left, linked tables, one-way options, no forbidden
// moves: nothing that falls back on rows.
TEST(Grid, DisputesOfEveryKindByBoxes) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    RandomSettings s;
    s.parties = 2 + seed % 3;
    s.options = 9 + seed % 4;
    s.graded = 0.25;
    s.one_way = 0.3;
    s.joint = 0.35;
    s.nevers = seed % 5;
    s.forbids = 0;
    s.tracks = 1 + seed % 2;
    s.statements = 8;
    s.most_levels = 3;
    EXPECT_EQ(every_way_of(random_parts(s, 5000 + seed)), "") << "seed " << seed;
  }
}

// Preferences that name one option at a time: most boxes are alike and take over what was found in
// another, as long as the focal party's values stand in the same order there.
TEST(Grid, DisputesOfBoxesThatAreAlike) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    RandomSettings s;
    s.parties = 2 + seed % 3;
    s.options = 8 + seed % 4;
    s.graded = 0.25;
    s.one_way = 0.2;
    s.joint = seed % 3 == 0 ? 0 : 0.4;
    s.nevers = seed % 4;
    s.forbids = 0;
    s.tracks = seed % 3;
    s.statements = 3 + seed % 4;
    s.interaction = seed % 2;
    s.most_levels = 3;
    EXPECT_EQ(every_way_of(random_parts(s, 9000 + seed)), "") << "seed " << seed;
  }
}

TEST(Grid, IndexAndNumberOfEveryState) {
  Mix mix;
  mix.most_raw = 4096;
  mix.most_options = 12;
  for_random_conflicts(mix, 400, [](const RandomCase& c) -> std::string {
    const auto conflict = build(c.parts);
    if (!conflict) return "it does not build";
    const auto made = StateIndex::make(*conflict);
    if (!made.index) return "it cannot be listed";
    const StateIndex& space = *made.index;
    std::vector<State> sorted;
    for_each_feasible(*conflict, 1u << 30, [&](State s) {
      sorted.push_back(s);
      return true;
    });
    if (sorted.size() != space.size() || made.states != space.size()) return "number of states";
    for (std::uint64_t n = 0; n < sorted.size(); ++n) {
      const std::uint64_t i = space.at(n);
      if (i >= space.size() || space.state(i) != sorted[n]) return "at()";
      if (space.number(i) != n) return "number()";
      if (space.find(sorted[n]) != i) return "find()";
    }
    const std::uint64_t first = sorted.empty() ? 0 : c.seed % sorted.size();
    std::uint64_t expected = first;
    bool right = true;
    space.in_order(first, [&](std::uint64_t n, std::uint64_t i) {
      right = right && n == expected++ && i == space.at(n);
      return true;
    });
    if (!right || expected != sorted.size()) return "in_order()";
    if (conflict->graph_form()) return "";
    for (const StateDigit& d : space.digits())
      for (const OptionId o : d.options)
        if ((conflict->option(o).mask() & ~d.mask) != 0) return "a digit without its option";
    return "";
  });
}

TEST(Grid, AListThatIsTooLongIsNotMade) {
  const auto conflict = build(random_parts(plain(3, 12, 0), 1));
  ASSERT_TRUE(conflict);
  StateIndex::Settings listing;
  listing.most_states = StateIndex::make(*conflict).states - 1;
  EXPECT_EQ(StateIndex::make(*conflict, listing).stop, StateIndex::Stop::States);
  FullSettings settings;
  settings.most_states = listing.most_states;
  const FullStability limited = full_stability(*conflict, settings);
  EXPECT_EQ(limited.end, End::Limit);
  EXPECT_EQ(limited.limit, FullLimit::States);
  EXPECT_TRUE(limited.empty);
  settings.most_states = 1u << 20;
  settings.most_bytes = 1000;
  EXPECT_EQ(full_stability(*conflict, settings).limit, FullLimit::Memory);
  CancelToken cancel;
  cancel.cancel();
  settings.most_bytes = std::uint64_t{1} << 30;
  settings.watch.cancel = &cancel;
  EXPECT_EQ(full_stability(*conflict, settings).end, End::Cancelled);
}

// Many statements in order, weights too large for 32 bits, vital ones: classes follow the order.
TEST(Grid, GoodnessFollowsTheOrder) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    RandomSettings s = plain(2, 8, 0.2);
    s.nevers = seed % 3;
    s.statements = seed % 2 == 0 ? 200 : 20;
    s.ranking = 1;
    Parts parts = random_parts(s, 7000 + seed);
    Random r(seed, 0, "weights");
    if (seed % 4 == 1)
      for (PreferencePart& p : parts.preferences)
        for (StatementPart& st : p.statements)
          for (auto& [name, q] : st.values)
            q.a = Decimal(r.between(-2'000'000'000'000, 2'000'000'000'000));
    const auto conflict = build(parts);
    ASSERT_TRUE(conflict) << conflict.error()[0].message;
    const auto space = StateIndex::make(*conflict).index;
    const Watch watch;
    for (const PartyId p : conflict->parties()) {
      BigArray<std::uint32_t> classes;
      const std::uint32_t count = goodness(*conflict, *space, p, Tasks(watch, 1), classes);
      std::vector<bool> met(count, false);
      for (std::uint64_t i = 0; i < space->size(); ++i) {
        ASSERT_LT(classes[i], count);
        met[classes[i]] = true;
        const std::uint64_t j = r.below(space->size());
        const int order = conflict->compare(p, space->state(i), space->state(j));
        ASSERT_EQ(order > 0, classes[i] > classes[j]) << "seed " << seed;
        ASSERT_EQ(order == 0, classes[i] == classes[j]) << "seed " << seed;
      }
      EXPECT_TRUE(std::all_of(met.begin(), met.end(), [](bool b) { return b; }));
    }
  }
}

TEST(Grid, BothSetsOfInstructionsDoTheSame) {
  Random r(1, 0, "kernels");
  const Kernels& a = baseline_kernels();
  const Kernels& b = v3_kernels();
  if (&kernels() == &a) GTEST_SKIP() << "this processor has one set only";
  for (const std::size_t n : {1, 7, 16, 64, 1000}) {
    std::vector<std::int32_t> x(n);
    std::vector<std::int32_t> y(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = static_cast<std::int32_t>(r.below(50));
      y[i] = static_cast<std::int32_t>(r.below(50));
    }
    EXPECT_EQ(a.least(x.data(), n), b.least(x.data(), n));
    EXPECT_EQ(a.most(x.data(), n), b.most(x.data(), n));
    std::array<std::vector<std::uint8_t>, 2> bits{std::vector<std::uint8_t>(n),
                                                  std::vector<std::uint8_t>(n)};
    std::array<std::array<std::uint64_t, 6>, 2> counts{};
    for (std::size_t step : {0, 1}) {
      for (int k = 0; k < 2; ++k) {
        const Kernels& kernel = k == 0 ? a : b;
        kernel.verdict_run({x.data(), y.data(), y.data(), nullptr, 20, 30, step, 0x1F},
                           bits[static_cast<std::size_t>(k)].data(), n);
        kernel.count(bits[static_cast<std::size_t>(k)].data(), n,
                     counts[static_cast<std::size_t>(k)].data());
      }
      EXPECT_EQ(bits[0], bits[1]);
      EXPECT_EQ(counts[0], counts[1]);
    }
    std::vector<std::uint32_t> bound(x.begin(), x.end());
    std::vector<std::uint32_t> value(y.begin(), y.end());
    a.at_most(bits[0].data(), bound.data(), value.data(), 64, n);
    b.at_most(bits[1].data(), bound.data(), value.data(), 64, n);
    EXPECT_EQ(bits[0], bits[1]);
    for (std::size_t i = 0; i < n; ++i) EXPECT_EQ((bits[0][i] & 64) != 0, bound[i] <= value[i]);
    for (const std::size_t stride : {1, 2, 3, 4, 8, 20}) {
      std::vector<std::int32_t> pairs(2 * stride * n);
      for (auto& v : pairs) v = static_cast<std::int32_t>(r.below(90));
      for (const bool least : {true, false}) {
        std::vector<std::int32_t> one = pairs;
        (least ? a.lower_pairs : a.raise_pairs)(one.data(), one.size(), stride);
        for (std::size_t shift = 0; shift < 8; ++shift) {  // at any address
          std::vector<std::int32_t> two(shift, 7);
          two.insert(two.end(), pairs.begin(), pairs.end());
          for (const Kernels* k : {&a, &b}) {
            std::copy(pairs.begin(), pairs.end(), two.begin() + static_cast<std::ptrdiff_t>(shift));
            (least ? k->lower_pairs : k->raise_pairs)(two.data() + shift, pairs.size(), stride);
            EXPECT_TRUE(std::equal(one.begin(), one.end(),
                                   two.begin() + static_cast<std::ptrdiff_t>(shift)));
          }
        }
        for (std::size_t i = 0; i < pairs.size(); ++i) {
          const std::size_t other = i / stride % 2 == 0 ? i + stride : i - stride;
          EXPECT_EQ(one[i],
                    least ? std::min(pairs[i], pairs[other]) : std::max(pairs[i], pairs[other]));
        }
      }
    }
    if (n < 16 || n > 64) continue;
    std::vector<std::int32_t> rows(n * 16);
    for (auto& v : rows) v = static_cast<std::int32_t>(r.below(20));
    std::vector<std::uint8_t> below(n * 16);
    std::vector<std::uint8_t> below2(n * 16);
    a.places(rows.data(), below.data(), n, 16, 11);
    b.places(rows.data(), below2.data(), n, 16, 11);
    EXPECT_EQ(below, below2);
    for (std::size_t k = 0; k < n; ++k) {
      std::size_t expected = 0;
      for (std::size_t o = 0; o < n; ++o) expected += rows[o * 16 + 3] < rows[k * 16 + 3] ? 1 : 0;
      EXPECT_EQ(below[k * 16 + 3], expected);
    }
  }
}

}  // namespace
}  // namespace wayout::properties
