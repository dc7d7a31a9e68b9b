#include "wayout/space/random_conflict.hpp"

#include <gtest/gtest.h>

#include "wayout/model/conflict.hpp"

namespace wayout {
namespace {

RandomSettings settings_of(std::uint64_t seed) {
  RandomSettings s;
  s.parties = 1 + seed % 5;
  s.options = 1 + seed % 8;
  s.nevers = seed % 4;
  s.forbids = seed % 3;
  s.tracks = seed % 3;
  s.defines = seed % 2;
  s.unanimous = seed % 7 == 0 ? 3 : 0;
  s.graph = seed % 6 == 0;
  s.no_status_quo = seed % 11 == 0 ? 1 : 0;
  return s;
}

TEST(RandomConflict, AlwaysBuilds) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const Parts parts = random_parts(settings_of(seed), seed);
    const auto conflict = build(parts);
    ASSERT_TRUE(conflict) << "seed " << seed << ": " << conflict.error()[0].where.path << ": "
                          << conflict.error()[0].message;
    EXPECT_EQ(conflict->status_quo().has_value(), seed % 11 != 0);
    if (conflict->status_quo()) {
      EXPECT_TRUE(conflict->feasible(*conflict->status_quo()));
    }
  }
}

// What the tests of others rely on: each thing that can make a difference does turn up.
TEST(RandomConflict, HasEveryKindOfPart) {
  std::size_t linked = 0, closed = 0, none_worse = 0, leavable = 0, binding = 0, by_track = 0;
  std::size_t everyone = 0, third = 0, disabled = 0, vital = 0, ranges = 0, one_way = 0;
  std::size_t methods[5] = {0, 0, 0, 0, 0};
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Parts parts = random_parts(settings_of(seed), seed);
    for (const auto& t : parts.tracks) {
      linked += !t.linked.empty();
      closed += !t.open;
      none_worse += t.consent == Consent::NoneWorse;
    }
    for (const auto& o : parts.options) {
      if (!o.parties.empty()) ++(*o.binding ? binding : leavable);
      disabled += !o.enabled;
      one_way += o.moves.has_value();
    }
    for (const auto& r : parts.rules) {
      if (!r.forbid) continue;
      by_track += r.forbid->by.substr(0, 1) == "t";
      everyone += r.forbid->by.empty();
    }
    for (const auto& p : parts.parties) third += p.third;
    for (const auto& p : parts.preferences) {
      ++methods[static_cast<int>(p.method)];
      for (const auto& s : p.statements) {
        vital += s.vital;
        for (const auto& [name, q] : s.values) ranges += q.form != Quantity::Form::Plain;
      }
    }
  }
  for (const std::size_t n :
       {linked, closed, none_worse, leavable, binding, by_track, everyone, third, disabled, vital,
        ranges, one_way, methods[0], methods[1], methods[2], methods[3], methods[4]})
    EXPECT_GE(n, 30u);
}

TEST(RandomConflict, SameSeedSameConflict) {
  RandomSettings settings;
  settings.options = 6;
  const Parts a = random_parts(settings, 5);
  const Parts b = random_parts(settings, 5);
  ASSERT_EQ(a.options.size(), b.options.size());
  for (std::size_t i = 0; i < a.preferences.size(); ++i)
    for (std::size_t k = 0; k < a.preferences[i].statements.size(); ++k)
      EXPECT_EQ(a.preferences[i].statements[k].when, b.preferences[i].statements[k].when);
  // One option more leaves the others as they were.
  settings.options = 7;
  const Parts more = random_parts(settings, 5);
  for (std::size_t i = 0; i < a.options.size(); ++i) {
    EXPECT_EQ(a.options[i].party, more.options[i].party);
    EXPECT_EQ(a.options[i].levels, more.options[i].levels);
  }
}

}  // namespace
}  // namespace wayout
