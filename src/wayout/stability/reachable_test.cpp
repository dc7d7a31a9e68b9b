#include "wayout/stability/reachable.hpp"

#include <gtest/gtest.h>

#include "wayout/model/conflict.hpp"
#include "wayout/model/view.hpp"

namespace wayout {
namespace {

/// Two parties with `options` options each, each option worth having for its owner.
Conflict two_wide_parties(std::size_t options) {
  Parts parts;
  for (const char* id : {"p", "q"}) {
    PartyPart party;
    party.id = id;
    parts.parties.push_back(party);
    PreferencePart preference;
    preference.party = id;
    for (std::size_t k = 0; k < options; ++k) {
      OptionPart option;
      option.id = id + std::to_string(k);
      option.party = id;
      StatementPart statement;
      statement.when = option.id;
      parts.options.push_back(std::move(option));
      preference.statements.push_back(std::move(statement));
    }
    parts.preferences.push_back(std::move(preference));
  }
  return *build(std::move(parts));
}

TEST(Reachable, RowsTooWideToListEndAtTheLimit) {
  const Conflict conflict = two_wide_parties(60);
  for (const Concept c : {Concept::Nash, Concept::Seq}) {
    const auto found = reachable_equilibria(conflict, State{}, c);
    EXPECT_EQ(found.end, End::Limit);
    EXPECT_TRUE(found.found.empty());
    // That somebody gains is seen; what the others answer, and where it leads, is too much to list.
    EXPECT_EQ(found.judged, c == Concept::Nash ? 1u : 0u);
    EXPECT_EQ(found.undecided, c == Concept::Nash ? 0u : 1u);
  }
}

TEST(Reachable, TimeThatIsUpEndsIt) {
  const Conflict conflict = two_wide_parties(3);
  ReachableSettings settings;
  settings.watch.deadline = Watch::Clock::now();
  EXPECT_EQ(reachable_equilibria(conflict, State{}, Concept::Seq, settings).end, End::Limit);
  const auto whole = reachable_equilibria(conflict, State{}, Concept::Seq);
  EXPECT_EQ(whole.end, End::Complete);
  EXPECT_EQ(whole.found.size(), 1u);  // everything taken
}

}  // namespace
}  // namespace wayout
