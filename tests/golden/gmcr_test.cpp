// Verdicts of disputes read from .gmcr files with statements, rankings, misperceptions and
// coalitions.
#include "wayout/io/gmcr.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "wayout/model/view.hpp"
#include "wayout/stability/full.hpp"
#include "wayout/stability/reference.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {
namespace {

namespace ref = reference;

Parts read_file(const std::string& name) {
  const std::string path = "tests/data/gmcr/" + name;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  auto parts = read_gmcr(text.str(), path);
  if (!parts) throw std::runtime_error(parts.error()[0].message);
  return *parts;
}

/// The stable states of a party, numbered from 1.
std::set<int> stable(const Parts& parts, std::size_t p, Concept c,
                     Sanctions sanctions = Sanctions::Legal) {
  const auto model = ref::make(parts);
  if (!model) throw std::runtime_error(model.error()[0].message);
  std::set<int> out;
  for (std::size_t s = 0; s < ref::size(**model); ++s)
    if (ref::stable(**model, p, s, c, sanctions)) out.insert(static_cast<int>(s) + 1);
  return out;
}

TEST(GmcrFiles, EnginesAgreeWithTheReference) {
  for (const char* file :
       {"river_statements.gmcr", "one_way_ranked.gmcr", "coalition.gmcr", "older_program.gmcr"}) {
    SCOPED_TRACE(file);
    const Parts parts = read_file(file);
    const auto conflict = build(parts);
    ASSERT_TRUE(conflict) << conflict.error()[0].message;
    for (const Sanctions sanctions : kAllSanctions) {
      FullSettings settings;
      settings.concepts.assign(kAllConcepts.begin(), kAllConcepts.end());
      settings.sanctions = sanctions;
      const FullStability result = full_stability(*conflict, settings);
      ASSERT_EQ(result.end, End::Complete);
      for (const PartyId p : conflict->parties()) {
        for (const Concept c : kAllConcepts) {
          std::set<int> found;
          for (std::uint64_t s = 0; s < result.size(); ++s)
            if (result.is_stable(p, result.space->at(s), c)) found.insert(static_cast<int>(s) + 1);
          EXPECT_EQ(found, stable(parts, p.index(), c, sanctions))
              << conflict->party(p).id << " " << concept_name(c) << " "
              << sanctions_name(sanctions);
        }
      }
    }
  }
}

// Found by hand. States 1 … 8 have strike, picket and lock-out as bits 1, 2 and 4. Miners want no
// lock-out, then strike and picket together or neither; drivers want no lock-out, then the picket.
// Together they improve only by a picket beside a strike. Owners want no strike, then no picket,
// then no lock-out.
TEST(GmcrFiles, CoalitionByHand) {
  const Parts parts = read_file("coalition.gmcr");
  const auto coalition = [&](Concept c) { return stable(parts, 0, c); };
  const auto owners = [&](Concept c) { return stable(parts, 1, c); };
  EXPECT_EQ(coalition(Concept::Nash), (std::set<int>{1, 3, 4, 5, 7, 8}));
  // At 2 the owners could lock out, which is worse for both; they do not want to.
  EXPECT_EQ(coalition(Concept::Gmr), (std::set<int>{1, 2, 3, 4, 5, 7, 8}));
  EXPECT_EQ(coalition(Concept::Smr), (std::set<int>{1, 2, 3, 4, 5, 7, 8}));
  EXPECT_EQ(coalition(Concept::Seq), (std::set<int>{1, 3, 4, 5, 7, 8}));
  // Owners end a lock-out. At 6 the picket follows, and that is worse for them than the lock-out.
  EXPECT_EQ(owners(Concept::Nash), (std::set<int>{1, 2, 3, 4}));
  EXPECT_EQ(owners(Concept::Gmr), (std::set<int>{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(owners(Concept::Seq), (std::set<int>{1, 2, 3, 4, 6}));
  EXPECT_EQ(owners(Concept::Sseq), (std::set<int>{1, 2, 3, 4, 6}));
}

// B does not see a strike. At "invade" (state 4) it would end the invasion; in truth A can answer
// by the strike, which B likes least. As B sees it, A can only withdraw, which B likes better than
// state 4.
TEST(GmcrFiles, MisperceptionChangesAVerdict) {
  const Parts parts = read_file("one_way_ranked.gmcr");
  const auto truth = build(parts);
  ASSERT_TRUE(truth) << truth.error()[0].message;
  const auto seen = as_perceived(*truth, PartyId(1));
  ASSERT_TRUE(seen) << seen.error()[0].message;
  const auto gmr = [](const Conflict& conflict, State s) {
    RowSpace space(conflict);
    return verdict(space, PartyId(1), s, Concept::Gmr).stable;
  };
  const State invade{0b100};
  EXPECT_TRUE(gmr(*truth, invade));
  EXPECT_FALSE(gmr(*seen, invade));
  EXPECT_EQ(stable(parts, 1, Concept::Gmr).count(4), 1u);
  // Unseen states have no number there: invade is the third of four.
  EXPECT_EQ(stable(seen->parts(), 1, Concept::Gmr).count(3), 0u);
}

}  // namespace
}  // namespace wayout
