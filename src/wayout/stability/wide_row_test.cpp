#include "wayout/stability/wide_row.hpp"

#include <gtest/gtest.h>

#include "wayout/space/moves.hpp"
#include "wayout/space/random_conflict.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {
namespace {

/// One party with many options of its own, each of which it would rather have or not.
Conflict many(int options, int wanted) {
  Parts parts;
  for (const char* id : {"a", "b"}) {
    PartyPart party;
    party.id = id;
    parts.parties.push_back(party);
  }
  PreferencePart a;
  a.party = "a";
  a.method = Method::Weights;
  for (int k = 0; k < options; ++k) {
    OptionPart o;
    o.id = "x" + std::to_string(k);
    o.party = "a";
    parts.options.push_back(o);
    StatementPart s;
    s.when = o.id;
    s.values.emplace_back("weight", Quantity{Quantity::Form::Plain, k < wanted ? 1 : -1, 0, 1});
    a.statements.push_back(s);
  }
  OptionPart other;
  other.id = "y";
  other.party = "b";
  parts.options.push_back(other);
  parts.preferences.push_back(a);
  PreferencePart b = a;
  b.party = "b";
  b.statements.clear();
  parts.preferences.push_back(b);
  auto built = build(parts);
  EXPECT_TRUE(built) << built.error()[0].message;
  return *built;
}

TEST(WideRow, MovesThatAreTooManyToList) {
  const Conflict wants_two = many(60, 2);
  const State s = *wants_two.status_quo();
  const SomeImprovements some = some_improvements(wants_two, PartyId(0), s);
  EXPECT_FALSE(some.none);
  for (const State t : some.found) EXPECT_TRUE(wants_two.better(PartyId(0), t, s));
  RowSpace space(wants_two);
  const Verdict nash = verdict(space, PartyId(0), s, Concept::Nash);
  EXPECT_EQ(nash.end, End::Complete);
  EXPECT_FALSE(nash.stable);
  EXPECT_TRUE(nash.more_improvements);
  // Nothing that the other can do matters, so nothing deters it.
  const Verdict seq = verdict(space, PartyId(0), s, Concept::Seq);
  EXPECT_EQ(seq.end, End::Complete);
  EXPECT_FALSE(seq.stable);

  const Conflict content = many(60, 0);
  const SomeImprovements none = some_improvements(content, PartyId(0), *content.status_quo());
  EXPECT_TRUE(none.none);
  RowSpace still(content);
  for (const Concept c : {Concept::Nash, Concept::Seq}) {
    const Verdict v = verdict(still, PartyId(0), *content.status_quo(), c);
    EXPECT_EQ(v.end, End::Complete);
    EXPECT_TRUE(v.stable);
    EXPECT_FALSE(v.more_improvements);
  }
}

TEST(WideRow, NeverWrongWhereMovesCanBeListed) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomSettings settings;
    settings.parties = 3;
    settings.options = 8;
    const auto c = build(random_parts(settings, seed));
    if (!c || !c->status_quo()) continue;
    for (const PartyId p : c->parties()) {
      const std::vector<State> all = improvements(*c, c->mover_of(p), *c->status_quo());
      const SomeImprovements some = some_improvements(*c, p, *c->status_quo());
      EXPECT_TRUE(std::includes(all.begin(), all.end(), some.found.begin(), some.found.end()));
      if (some.none) {
        EXPECT_TRUE(all.empty());
      }
    }
  }
}

}  // namespace
}  // namespace wayout
