#include "wayout/trust/lane_closure.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "wayout/model/build.hpp"
#include "wayout/space/closure.hpp"
#include "wayout/space/random_conflict.hpp"

namespace wayout {
namespace {

constexpr std::uint64_t kSeed = 7;

std::optional<Conflict> random_dispute(std::uint64_t seed) {
  RandomSettings settings;
  settings.parties = 2 + seed % 2;
  settings.options = 4 + seed % 4;
  settings.tracks = seed % 3;
  settings.forbids = seed % 4 == 0 ? 1 : 0;
  settings.additive = settings.ranking = 0;
  settings.statements = 6;
  Parts parts = random_parts(settings, seed);
  parts.trust.spread.a = Decimal::of(90, 2);
  auto built = build(std::move(parts));
  if (!built) return std::nullopt;
  return *built;
}

/// States in a single profile, by the plain search.
std::vector<State> plain(const Conflict& profile, State start, Ask ask,
                         std::optional<ExprId> avoid) {
  RowSpace space(profile);
  ClosureSettings settings;
  for (const MoverId m : profile.movers()) settings.movers.push_back(m);
  settings.ask = ask;
  if (avoid) settings.avoid = [&profile, e = *avoid](State s) { return profile.holds(e, s); };
  Closure closure(space, settings);
  closure.run(start, [](std::uint32_t) { return Closure::Next::Go; });
  std::vector<State> out;
  for (std::uint32_t n = 0; n < closure.nodes().size(); ++n) out.push_back(closure.state(n));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Every way of opening rows meets in each profile just what the plain search meets there.
TEST(LaneClosure, MeetsInEachProfileWhatThePlainSearchMeets) {
  int judged = 0;
  std::size_t parted = 0;  // states that some profiles reach and others do not
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    const auto conflict = random_dispute(seed);
    if (!conflict) continue;
    const Sampler sampler(*conflict);
    const auto book = LaneBook::compile(sampler);
    if (!book) continue;
    ++judged;
    const State start = *conflict->status_quo();
    std::vector<std::uint64_t> profiles(seed % 16 == 0 ? 64 : 11);
    std::iota(profiles.begin(), profiles.end(), 3);
    std::optional<ExprId> avoid;
    for (const PartyId p : conflict->parties())
      if (seed % 3 == 0 && !book->statements(p).empty()) avoid = book->statements(p)[0].when;
    std::vector<std::vector<State>> wanted[2];
    for (const std::uint64_t k : profiles) {
      const auto profile = sampler.profile(kSeed, k);
      ASSERT_TRUE(profile);
      wanted[0].push_back(plain(*profile, start, Ask::Moves, avoid));
      wanted[1].push_back(plain(*profile, start, Ask::Improvements, avoid));
    }
    // Twice: the second block meets states that are known already.
    for (int round = 0; round < 2; ++round) {
      LaneDispute dispute(*book, kSeed, profiles);
      LaneClosureSettings settings;
      for (const MoverId m : conflict->movers()) settings.movers.push_back(m);
      settings.avoid = avoid;
      for (const bool improvements : {true, false})
        for (const int way : {0, 1, 2, 3}) {
          settings.improvements = improvements;
          settings.pairs = way != 1;
          settings.loose = way == 3;
          settings.toward.clear();
          if (way == 2) settings.toward = {start, State{start.bits ^ 1u}};
          LaneClosure closure(dispute, settings);
          ASSERT_EQ(closure.run(start, dispute.all(), [](StateNumber, LaneMask) {}), End::Complete);
          for (std::size_t k = 0; k < profiles.size(); ++k) {
            std::vector<State> met;
            for (const StateNumber n : closure.order())
              if (((closure.reached(n) >> k) & 1u) != 0) met.push_back(closure.state(n));
            std::sort(met.begin(), met.end());
            const auto& there = wanted[improvements ? 1 : 0][k];
            if (way == 3) {
              ASSERT_TRUE(std::includes(met.begin(), met.end(), there.begin(), there.end()))
                  << "seed " << seed;
            } else {
              ASSERT_EQ(met, there) << "seed " << seed << " way " << way << " profile " << k;
            }
          }
          for (const StateNumber n : closure.order()) {
            if (closure.reached(n) != dispute.all()) ++parted;
            if (!improvements || settings.loose) continue;
            // Each step of the way to it is willing in some profile.
            State at = start;
            for (const Step& step : closure.path(n)) {
              ASSERT_NE(dispute.wants(step.mover, at, step.state), 0u);
              at = step.state;
            }
            ASSERT_EQ(at, closure.state(n));
          }
        }
    }
  }
  EXPECT_GT(judged, 50);
  EXPECT_GT(parted, 200u);
}

}  // namespace
}  // namespace wayout
