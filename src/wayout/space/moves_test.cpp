#include "wayout/space/moves.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "wayout/space/rows.hpp"

namespace wayout {
namespace {

OptionPart option(std::string id, std::vector<std::string> owners,
                  std::vector<std::string> levels = {}) {
  OptionPart out;
  out.id = std::move(id);
  if (owners.size() == 1) {
    out.party = owners[0];
  } else {
    out.parties = std::move(owners);
  }
  out.levels = std::move(levels);
  return out;
}

/// p has g (low, mid, high; one way up) and x, q has y; they can agree on deal, at the table t.
Parts two() {
  Parts parts;
  for (const char* id : {"p", "q"}) {
    PartyPart party;
    party.id = id;
    parts.parties.push_back(party);
    PreferencePart preference;
    preference.party = id;
    parts.preferences.push_back(preference);
  }
  parts.options = {option("g", {"p"}, {"low", "mid", "high"}), option("x", {"p"}),
                   option("y", {"q"}), option("deal", {"p", "q"})};
  parts.options[0].moves = Direction::Up;
  TrackPart t;
  t.id = "t";
  t.parties = {"p", "q"};
  t.table = {"deal", "y"};
  parts.tracks = {t};
  return parts;
}

Conflict made(const Parts& parts) {
  auto built = build(parts);
  EXPECT_TRUE(built) << built.error()[0].message;
  return *built;
}

State at(const Conflict& c, std::vector<int> levels) {
  State s;
  for (const OptionId o : c.options()) s = c.with_level(s, o, levels[o.index()]);
  return s;
}

/// The moves, in levels; the same by is_move over every state, and by rows.
std::vector<std::vector<int>> moves_of(const Conflict& c, MoverId m, State s) {
  std::vector<State> found = moves(c, m, s);
  std::vector<State> tested;
  for_each_feasible(c, 1'000'000, [&](State t) {
    if (is_move(c, m, s, t)) tested.push_back(t);
    return true;
  });
  std::sort(tested.begin(), tested.end());
  std::vector<State> sorted = found;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, tested);
  RowSpace space(c);
  std::vector<State> by_rows;
  EXPECT_TRUE(space.for_each(m, space.table().intern(s), Ask::Moves, [&](StateNumber t) {
    by_rows.push_back(space.table()[t]);
    return true;
  }));
  std::sort(by_rows.begin(), by_rows.end());
  EXPECT_EQ(by_rows, tested);
  std::vector<std::vector<int>> out;
  for (const State t : tested) {
    out.emplace_back();
    for (const OptionId o : c.options()) out.back().push_back(c.level(t, o));
  }
  return out;
}

using L = std::vector<std::vector<int>>;
constexpr std::size_t kP = 0, kQ = 1, kTable = 2;

TEST(Moves, AnyOwnOptionsAtOnceInTheirDirections) {
  const Conflict c = made(two());
  EXPECT_EQ(moves_of(c, MoverId(kP), at(c, {1, 0, 0, 0})),
            (L{{2, 0, 0, 0}, {1, 1, 0, 0}, {2, 1, 0, 0}}));
  EXPECT_EQ(moves_of(c, MoverId(kP), at(c, {2, 1, 0, 0})), (L{{2, 0, 0, 0}}));
  EXPECT_EQ(moves_of(c, MoverId(kQ), at(c, {1, 0, 0, 0})), (L{{1, 0, 1, 0}}));
}

TEST(Moves, LeavingAnAgreement) {
  Parts parts = two();
  const State in = at(made(parts), {2, 0, 0, 1});
  EXPECT_EQ(moves_of(made(parts), MoverId(kQ), in), (L{{2, 0, 1, 1}}));  // binding: nobody leaves
                                                                         // alone
  parts.options[3].binding = false;
  EXPECT_EQ(moves_of(made(parts), MoverId(kQ), in), (L{{2, 0, 0, 0}, {2, 0, 1, 0}, {2, 0, 1, 1}}));
  // Nobody enters alone.
  EXPECT_EQ(moves_of(made(parts), MoverId(kQ), at(made(parts), {2, 0, 0, 0})), (L{{2, 0, 1, 0}}));
}

TEST(Moves, ATableChangesWhatIsOnIt) {
  Parts parts = two();
  EXPECT_EQ(moves_of(made(parts), MoverId(kTable), State{}),
            (L{{0, 0, 1, 0}, {0, 0, 0, 1}, {0, 0, 1, 1}}));
  parts.tracks[0].linked = "true";  // nothing without the deal
  EXPECT_EQ(moves_of(made(parts), MoverId(kTable), State{}), (L{{0, 0, 0, 1}, {0, 0, 1, 1}}));
  parts.tracks[0].linked = "y and deal";
  EXPECT_EQ(moves_of(made(parts), MoverId(kTable), State{}), (L{{0, 0, 1, 1}}));
  parts.tracks[0].open = false;
  EXPECT_EQ(moves_of(made(parts), MoverId(kTable), State{}), L{});
}

TEST(Moves, RulesTakeStatesAndMovesAway) {
  Parts parts = two();
  RulePart never, forbid;
  never.never = "deal and y";
  forbid.forbid = ForbidPart{"q", "not x", "y"};
  parts.rules = {never, forbid};
  const Conflict c = made(parts);
  EXPECT_EQ(moves_of(c, MoverId(kQ), State{}), L{});
  EXPECT_EQ(moves_of(c, MoverId(kQ), at(c, {0, 1, 0, 0})), (L{{0, 1, 1, 0}}));
  // The rule names q alone: the table may.
  EXPECT_EQ(moves_of(c, MoverId(kTable), State{}), (L{{0, 0, 1, 0}, {0, 0, 0, 1}}));
  parts.rules[1].forbid->by.clear();
  const Conflict all = made(parts);
  EXPECT_EQ(moves_of(all, MoverId(kTable), State{}), (L{{0, 0, 0, 1}}));
  EXPECT_FALSE(all.mover(MoverId(kTable)).transitive);
}

TEST(Moves, ConsentAtATable) {
  Parts parts = two();
  const auto likes = [](const char* text) {
    StatementPart s;
    s.when = text;
    return s;
  };
  parts.preferences[0].statements = {likes("deal")};
  parts.preferences[1].statements = {likes("y")};
  const auto count = [](const Conflict& c) {
    return improvements(c, MoverId(kTable), State{}).size();
  };
  EXPECT_EQ(count(made(parts)), 1u);  // both at once: better for each
  parts.tracks[0].consent = Consent::NoneWorse;
  EXPECT_EQ(count(made(parts)), 3u);
}

TEST(Moves, Opponents) {
  const Conflict c = made(two());
  EXPECT_EQ(opponents(c, PartyId(0)), (std::vector<MoverId>{MoverId(kQ)}));  // not the table it
                                                                             // sits at
}

}  // namespace
}  // namespace wayout
