#include "wayout/stability/plain_sim.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "wayout/space/random_conflict.hpp"
#include "wayout/stability/goodness.hpp"
#include "wayout/stability/plain_grid.hpp"
#include "wayout/stability/reference.hpp"

namespace wayout {
namespace {

constexpr std::uint8_t kSim = 1u << static_cast<int>(Concept::Sim);

/// A dispute in which parties set options of their own, as both sides see it.
struct Plain {
  Conflict conflict;
  reference::ModelPtr model;
  std::shared_ptr<const StateIndex> space;
  PlainShape shape;
  std::vector<BigArray<std::uint32_t>> goodness;
  std::vector<std::size_t> number;  ///< per index, the reference's state
};

std::optional<Plain> plain(std::uint64_t seed, std::size_t parties, std::size_t options) {
  RandomSettings s;
  s.parties = parties;
  s.options = options;
  s.graded = seed % 3 == 0 ? 0.4 : 0;
  s.one_way = s.joint = 0;
  s.nevers = s.forbids = s.tracks = 0;
  s.statements = 6;
  const Parts parts = random_parts(s, seed);
  auto conflict = build(parts);
  const auto model = reference::make(parts);
  if (!conflict || !model) return std::nullopt;
  const auto space = StateIndex::make(*conflict).index;
  const auto shape = plain_shape(*conflict, *space);
  if (!shape || !conflict->all_weak_orders()) return std::nullopt;
  Plain out{*conflict, *model, space, *shape, {}, {}};
  const Watch watch;
  for (const PartyId p : out.conflict.parties()) {
    out.goodness.emplace_back();
    goodness(out.conflict, *space, p, Tasks(watch, 1), out.goodness.back());
  }
  for (std::uint64_t i = 0; i < space->size(); ++i) {
    reference::Levels levels;
    for (const OptionId o : out.conflict.options())
      levels.push_back(out.conflict.level(space->state(i), o));
    out.number.push_back(*reference::find(*out.model, levels));
  }
  return out;
}

std::vector<BigArray<std::uint8_t>> nothing_stable(const Plain& d) {
  std::vector<BigArray<std::uint8_t>> out;
  for (std::size_t p = 0; p < d.goodness.size(); ++p) out.emplace_back(d.space->size());
  return out;
}

TEST(PlainSim, AsTheDefinitionSays) {
  std::size_t judged = 0;
  std::size_t met = 0;  // improvements answered by somebody: more than Nash
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto d = plain(seed, 2 + seed % 3, 4 + seed % 3);
    if (!d) continue;
    for (const std::size_t threads : {1, 2}) {
      const Watch watch;
      auto stable = nothing_stable(*d);
      EXPECT_TRUE(
          plain_sim(d->shape, d->goodness, 1'000'000, Tasks(watch, threads), stable).empty());
      for (std::size_t p = 0; p < stable.size(); ++p)
        for (std::uint64_t i = 0; i < d->space->size(); ++i) {
          const bool expected = reference::stable(*d->model, p, d->number[i], Concept::Sim);
          ASSERT_EQ((stable[p][i] & kSim) != 0, expected)
              << "seed " << seed << " party " << p << " state " << i;
          ++judged;
          met += expected && !reference::stable(*d->model, p, d->number[i], Concept::Nash) ? 1 : 0;
        }
    }
  }
  EXPECT_GT(judged, 3000u);
  EXPECT_GT(met, 300u);
}

// With few combinations allowed, what is left open is said, and the rest is right.
TEST(PlainSim, WhatIsLeftOpenIsNamed) {
  std::size_t left = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto d = plain(100 + seed, 3, 6);
    if (!d) continue;
    const Watch watch;
    auto stable = nothing_stable(*d);
    const auto open = plain_sim(d->shape, d->goodness, 3, Tasks(watch, 1), stable);
    EXPECT_TRUE(std::is_sorted(open.begin(), open.end(), [](const auto& a, const auto& b) {
      return a.first.index() != b.first.index() ? a.first.index() < b.first.index()
                                                : a.second < b.second;
    }));
    left += open.size();
    for (std::size_t p = 0; p < stable.size(); ++p)
      for (std::uint64_t i = 0; i < d->space->size(); ++i) {
        const bool is_open = std::any_of(open.begin(), open.end(), [&](const auto& o) {
          return o.first.index() == p && o.second == i;
        });
        if (is_open) {
          EXPECT_EQ(stable[p][i] & kSim, 0);
          continue;
        }
        ASSERT_EQ((stable[p][i] & kSim) != 0,
                  reference::stable(*d->model, p, d->number[i], Concept::Sim))
            << "seed " << seed << " party " << p << " state " << i;
      }
  }
  EXPECT_GT(left, 50u);
}

}  // namespace
}  // namespace wayout
