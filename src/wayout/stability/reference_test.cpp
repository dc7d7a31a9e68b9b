// Hand-computed cases for the reference: it judges the engines, so a person has to judge it.
#include "wayout/stability/reference.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>

namespace wayout {
namespace {

using reference::Levels;
using testing::ElementsAre;
using testing::IsEmpty;

using Order = std::vector<std::vector<std::int64_t>>;

PartyPart party(const std::string& id) {
  PartyPart p;
  p.id = id;
  return p;
}

OptionPart own(const std::string& id, const std::string& owner,
               std::vector<std::string> levels = {}) {
  OptionPart o;
  o.id = id;
  o.party = owner;
  o.levels = std::move(levels);
  return o;
}

OptionPart joint(const std::string& id, std::vector<std::string> parties, bool binding) {
  OptionPart o;
  o.id = id;
  o.parties = std::move(parties);
  o.binding = binding;
  return o;
}

RulePart never(const std::string& when) {
  RulePart r;
  r.never = when;
  return r;
}

RulePart forbid(const std::string& by, const std::string& from, const std::string& to) {
  RulePart r;
  r.forbid = ForbidPart{by, from, to};
  return r;
}

PreferencePart ranking(const std::string& party, Order order) {
  PreferencePart p;
  p.party = party;
  p.method = Method::Ranking;
  p.order = std::move(order);
  return p;
}

StatementPart statement(const std::string& when) {
  StatementPart s;
  s.when = when;
  return s;
}

Quantity number(const char* text) {
  Quantity q;
  q.a = *Decimal::parse(text);
  return q;
}

StatementPart weighted(const std::string& when, const char* weight, bool vital = false) {
  StatementPart s = statement(when);
  s.values = {{"weight", number(weight)}};
  s.vital = vital;
  return s;
}

PreferencePart priorities(const std::string& party, std::vector<StatementPart> statements) {
  PreferencePart p;
  p.party = party;
  p.statements = std::move(statements);
  return p;
}

reference::ModelPtr made(const Parts& parts) {
  auto m = reference::make(parts);
  EXPECT_TRUE(m) << (m ? "" : m.error()[0].message);
  return *m;
}

/// The states that are stable for the party, by their numbers from 1 as in the papers.
std::vector<int> stable(const reference::Model& m, std::size_t p, Concept c,
                        Sanctions sanctions = Sanctions::Legal) {
  std::vector<int> out;
  for (std::size_t s = 0; s < reference::size(m); ++s)
    if (reference::stable(m, p, s, c, sanctions)) out.push_back(static_cast<int>(s) + 1);
  const auto table = reference::answers(m, p, sanctions);
  for (std::size_t s = 0; s < reference::size(m); ++s)
    EXPECT_EQ(reference::stable(m, p, s, c, sanctions), reference::stable(m, p, s, c, table));
  return out;
}

std::size_t state(const reference::Model& m, const Levels& levels) {
  const auto s = reference::find(m, levels);
  EXPECT_TRUE(s);
  return s.value_or(0);
}

std::vector<Levels> targets(const reference::Model& m, std::size_t mover, const Levels& from) {
  std::vector<Levels> out;
  for (const std::size_t t : reference::moves(m, mover, state(m, from)))
    out.push_back(reference::levels(m, t));
  return out;
}

/// Two parties, one binary option each; states 1 = (0,0), 2 = (1,0), 3 = (0,1), 4 = (1,1).
Parts two_by_two(Order row, Order column) {
  Parts parts;
  parts.parties = {party("row"), party("column")};
  parts.options = {own("a", "row"), own("b", "column")};
  parts.preferences = {ranking("row", std::move(row)), ranking("column", std::move(column))};
  return parts;
}

/// Option 1 = defect. [FHK93], chapter 3: cooperation is an equilibrium under every concept but
/// Nash.
Parts prisoners_dilemma() { return two_by_two({{2}, {1}, {4}, {3}}, {{3}, {1}, {4}, {2}}); }

/// Option 1 = drive on.
Parts chicken() { return two_by_two({{2}, {1}, {3}, {4}}, {{3}, {1}, {2}, {4}}); }

TEST(Reference, PrisonersDilemma) {
  const auto m = made(prisoners_dilemma());
  EXPECT_THAT(reference::ranks(*m, 0), ElementsAre(2, 1, 4, 3));
  EXPECT_THAT(reference::ranks(*m, 1), ElementsAre(2, 4, 1, 3));
  EXPECT_THAT(stable(*m, 0, Concept::Nash), ElementsAre(2, 4));
  EXPECT_THAT(stable(*m, 1, Concept::Nash), ElementsAre(3, 4));
  for (const Concept c : {Concept::Gmr, Concept::Smr, Concept::Seq, Concept::Sseq, Concept::Sim}) {
    EXPECT_THAT(stable(*m, 0, c), ElementsAre(1, 2, 4)) << concept_name(c);
    EXPECT_THAT(stable(*m, 1, c), ElementsAre(1, 3, 4)) << concept_name(c);
  }
  EXPECT_THAT(reference::drift(*m, 0), ElementsAre(ElementsAre(3)));
}

TEST(Reference, ChickenTellsCredibleFromIncredibleAnswers) {
  const auto m = made(chicken());
  EXPECT_THAT(stable(*m, 0, Concept::Nash), ElementsAre(2, 3));
  EXPECT_THAT(stable(*m, 0, Concept::Gmr), ElementsAre(1, 2, 3));
  EXPECT_THAT(stable(*m, 0, Concept::Smr), ElementsAre(1, 2, 3));
  EXPECT_THAT(stable(*m, 0, Concept::Seq), ElementsAre(2, 3));
  EXPECT_THAT(stable(*m, 0, Concept::Sseq), ElementsAre(2, 3));
  EXPECT_THAT(stable(*m, 0, Concept::Sim), ElementsAre(1, 2, 3));
}

TEST(Reference, EscapeTellsSmrFromGmr) {
  // From 1 row gains 2; column answers by 4, where row is worse off, but row goes on to 3, which is
  // better than 1 again.
  const auto m = made(two_by_two({{3}, {2}, {1}, {4}}, {{1, 2, 3, 4}}));
  EXPECT_TRUE(reference::stable(*m, 0, 0, Concept::Gmr));
  EXPECT_FALSE(reference::stable(*m, 0, 0, Concept::Smr));
  EXPECT_FALSE(reference::stable(*m, 0, 0, Concept::Seq));  // column has no reason to answer
}

/// Section 3 of docs/semantics.md: q may not go from 0 to 2 at once, and may not move twice in a
/// row.
Parts twice_in_a_row() {
  Parts parts;
  parts.parties = {party("p"), party("q")};
  parts.options = {own("act", "p"), own("answer", "q", {"none", "some", "all"})};
  for (OptionPart& o : parts.options) o.moves = Direction::Up;
  parts.rules = {never("act == 0 and answer > 0"), forbid("q", "answer == none", "answer == all")};
  parts.preferences = {ranking("p", {{2, 3}, {1}, {4}}), ranking("q", {{4}, {3}, {1, 2}})};
  return parts;
}

TEST(Reference, NoMoverTwiceInARow) {
  Parts parts = twice_in_a_row();
  const auto m = made(parts);
  ASSERT_EQ(reference::size(*m), 4u);
  EXPECT_EQ(reference::levels(*m, 3), (Levels{1, 2}));
  const Levels start{0, 0};
  EXPECT_EQ(targets(*m, 0, start), (std::vector<Levels>{{1, 0}}));
  EXPECT_EQ(targets(*m, 1, {1, 0}), (std::vector<Levels>{{1, 1}}));
  EXPECT_EQ(targets(*m, 1, {1, 1}), (std::vector<Levels>{{1, 2}}));
  for (const Concept c : kAllConcepts)
    for (const Sanctions sanctions : kAllSanctions)
      EXPECT_FALSE(reference::stable(*m, 0, state(*m, start), c, sanctions)) << concept_name(c);

  parts.rules[1].enabled = false;
  const auto free = made(parts);
  for (const Concept c : {Concept::Gmr, Concept::Smr, Concept::Seq, Concept::Sseq})
    EXPECT_TRUE(reference::stable(*free, 0, state(*free, start), c)) << concept_name(c);
  // From (0,0) q cannot answer at all, so nobody acts at the same time.
  EXPECT_FALSE(reference::stable(*free, 0, state(*free, start), Concept::Sim));
}

/// p: 1 → 2; then q: 2 → 3, r: 3 → 4, q: 4 → 5, which alone is worse for p.
Parts chain() {
  Parts parts;
  parts.parties = {party("p"), party("q"), party("r")};
  parts.parties[1].third = true;
  for (std::int64_t i = 1; i <= 5; ++i) {
    StatePart s;
    s.number = 10 * i;
    parts.states.push_back(s);
  }
  const auto arcs = [](const std::string& who,
                       std::vector<std::pair<std::int64_t, std::int64_t>> list) {
    MovesPart part;
    part.party = who;
    part.arcs = std::move(list);
    return part;
  };
  parts.moves = {arcs("p", {{10, 20}}), arcs("q", {{20, 30}, {40, 50}}), arcs("r", {{30, 40}})};
  PreferencePart r = priorities("r", {statement("state != 30")});
  parts.preferences = {ranking("p", {{40}, {20, 30}, {10}, {50}}), r};
  parts.now_state = 10;
  return parts;
}

TEST(Reference, ConventionsOfSanctions) {
  const auto m = made(chain());
  EXPECT_TRUE(reference::graph_form(*m));
  EXPECT_EQ(reference::status_quo(*m), 0u);
  EXPECT_THAT(reference::reach(*m, 0, 1, false), ElementsAre(2, 3, 4));
  EXPECT_THAT(reference::reach(*m, 0, 1, false, Sanctions::Once), ElementsAre(2, 3));
  EXPECT_THAT(reference::reach(*m, 0, 1, false, Sanctions::Single), ElementsAre(2));
  EXPECT_TRUE(reference::stable(*m, 0, 0, Concept::Gmr, Sanctions::Legal));
  EXPECT_TRUE(reference::stable(*m, 0, 0, Concept::Smr, Sanctions::Legal));
  EXPECT_FALSE(reference::stable(*m, 0, 0, Concept::Gmr, Sanctions::Once));
  EXPECT_FALSE(reference::stable(*m, 0, 0, Concept::Gmr, Sanctions::Single));
  // q is a third party: it gains nothing anywhere, so no answer of its is credible.
  EXPECT_THAT(reference::reach(*m, 0, 1, true), IsEmpty());
  EXPECT_THAT(reference::reach(*m, 0, 2, true), ElementsAre(3));
  EXPECT_FALSE(reference::stable(*m, 0, 0, Concept::Seq));
  EXPECT_THAT(reference::ranks(*m, 1), ElementsAre(1, 1, 1, 1, 1));
  EXPECT_THAT(stable(*m, 1, Concept::Nash), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(*reference::where(*m, "now or state == 30"),
            (reference::StateSet{true, false, true, false, false}));
}

/// A river: each side may be hostile; a treaty made at a table, which also moves up's water.
Parts river(bool binding) {
  Parts parts;
  parts.parties = {party("up"), party("down"), party("far")};
  parts.options = {own("release", "up"), own("patrols", "down", {"none", "some", "massed"}),
                   joint("treaty", {"up", "down"}, binding), own("far_off", "far")};
  parts.options[1].moves = Direction::Up;
  TrackPart basin;
  basin.id = "basin";
  basin.parties = {"up", "down"};
  basin.table = {"treaty", "release"};
  parts.tracks = {basin};
  parts.preferences = {priorities("up", {statement("treaty"), statement("not release")}),
                       priorities("down", {statement("release"), statement("patrols == massed")}),
                       priorities("far", {statement("not far_off"), statement("not treaty")})};
  return parts;
}

TEST(Reference, TrackMovesAndConsent) {
  Parts parts = river(true);
  auto m = made(parts);
  ASSERT_EQ(reference::mover_count(*m), 4u);
  // up alone changes its water only; the agreement is binding.
  EXPECT_EQ(targets(*m, 0, {0, 0, 1, 0}), (std::vector<Levels>{{1, 0, 1, 0}}));
  EXPECT_EQ(targets(*m, 1, {0, 1, 1, 0}), (std::vector<Levels>{{0, 2, 1, 0}}));
  const std::vector<Levels> all = {{1, 0, 0, 0}, {0, 0, 1, 0}, {1, 0, 1, 0}};
  EXPECT_EQ(targets(*m, 3, {0, 0, 0, 0}), all);
  // up wants the treaty most, down the water: both gain by the exchange and by it alone.
  EXPECT_THAT(reference::improvements(*m, 3, state(*m, {0, 0, 0, 0})),
              ElementsAre(state(*m, {1, 0, 1, 0})));
  EXPECT_THAT(reference::opponents(*m, 0), ElementsAre(1, 2));
  EXPECT_THAT(reference::opponents(*m, 2), ElementsAre(0, 1, 3));

  // The treaty alone serves up and costs down nothing.
  parts.tracks[0].consent = Consent::NoneWorse;
  m = made(parts);
  EXPECT_THAT(reference::improvements(*m, 3, state(*m, {0, 0, 0, 0})),
              ElementsAre(state(*m, {0, 0, 1, 0}), state(*m, {1, 0, 1, 0})));

  // Nothing is agreed until everything is agreed: no deal leads to a state without the treaty.
  parts.tracks[0].linked = "true";
  m = made(parts);
  EXPECT_EQ(targets(*m, 3, {0, 0, 0, 0}), (std::vector<Levels>{{0, 0, 1, 0}, {1, 0, 1, 0}}));
  EXPECT_EQ(targets(*m, 3, {0, 0, 1, 0}), (std::vector<Levels>{{1, 0, 1, 0}}));
  parts.tracks[0].linked = "treaty and release";
  m = made(parts);
  EXPECT_EQ(targets(*m, 3, {0, 0, 0, 0}), (std::vector<Levels>{{1, 0, 1, 0}}));
  parts.tracks[0].open = false;
  m = made(parts);
  EXPECT_THAT(targets(*m, 3, {0, 0, 0, 0}), IsEmpty());
}

TEST(Reference, ATrackWithoutThePartyAnswers) {
  // far stands off at a cost to nobody; a deal of the other two punishes it, none of them alone
  // does.
  Parts parts = river(true);
  parts.options[3].now = true;
  parts.options[3].has_now = true;
  const auto m = made(parts);
  const std::size_t s = state(*m, {0, 2, 0, 1});
  EXPECT_THAT(reference::improvements(*m, 2, s), ElementsAre(state(*m, {0, 2, 0, 0})));
  EXPECT_THAT(reference::reach(*m, 2, state(*m, {0, 2, 0, 0}), true),
              ElementsAre(state(*m, {0, 2, 1, 0}), state(*m, {1, 2, 1, 0})));
  // not far_off counts above the treaty, so the answer does not undo the gain.
  EXPECT_FALSE(reference::stable(*m, 2, s, Concept::Gmr));
  std::swap(parts.preferences[2].statements[0], parts.preferences[2].statements[1]);
  const auto swapped = made(parts);
  for (const Concept c : {Concept::Gmr, Concept::Smr, Concept::Seq, Concept::Sseq})
    EXPECT_TRUE(reference::stable(*swapped, 2, s, c)) << concept_name(c);
  EXPECT_FALSE(reference::stable(*swapped, 2, s, Concept::Sim));  // tracks take no part
}

TEST(Reference, Leaving) {
  Parts parts = river(false);
  auto m = made(parts);
  // Leaving goes with own options in one move; nobody enters alone.
  EXPECT_EQ(targets(*m, 0, {0, 0, 1, 0}),
            (std::vector<Levels>{{0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 1, 0}}));
  EXPECT_EQ(targets(*m, 0, {0, 0, 0, 0}), (std::vector<Levels>{{1, 0, 0, 0}}));
  EXPECT_EQ(
      targets(*m, 1, {0, 0, 1, 0}),
      (std::vector<Levels>{{0, 0, 0, 0}, {0, 1, 0, 0}, {0, 2, 0, 0}, {0, 1, 1, 0}, {0, 2, 1, 0}}));
  EXPECT_THAT(targets(*m, 2, {0, 0, 1, 0}), ElementsAre(Levels{0, 0, 1, 1}));

  // A rule without `by` concerns leaving and the track; a rule of one party leaves the other free.
  parts.rules = {forbid("", "treaty", "not treaty")};
  m = made(parts);
  EXPECT_EQ(targets(*m, 0, {0, 0, 1, 0}), (std::vector<Levels>{{1, 0, 1, 0}}));
  EXPECT_EQ(targets(*m, 3, {0, 0, 1, 0}), (std::vector<Levels>{{1, 0, 1, 0}}));
  parts.rules = {forbid("up", "treaty", "not treaty")};
  m = made(parts);
  EXPECT_EQ(targets(*m, 0, {0, 0, 1, 0}), (std::vector<Levels>{{1, 0, 1, 0}}));
  EXPECT_EQ(targets(*m, 1, {0, 0, 1, 0}).size(), 5u);
  EXPECT_EQ(targets(*m, 3, {0, 0, 1, 0}).size(), 3u);
  parts.rules = {forbid("basin", "treaty", "not treaty")};
  m = made(parts);
  EXPECT_EQ(targets(*m, 0, {0, 0, 1, 0}).size(), 3u);
  EXPECT_EQ(targets(*m, 3, {0, 0, 1, 0}), (std::vector<Levels>{{1, 0, 1, 0}}));
}

TEST(Reference, BothLeaveAtOnceUnderSim) {
  // Both gain by leaving the treaty; that both do it at once is one change, to level 0.
  Parts parts;
  parts.parties = {party("p"), party("q")};
  parts.options = {own("a", "p"), own("b", "q"), joint("pact", {"p", "q"}, false)};
  parts.preferences = {priorities("p", {statement("not pact"), statement("not b")}),
                       priorities("q", {statement("not pact"), statement("b")})};
  const auto m = made(parts);
  const std::size_t s = state(*m, {0, 0, 1});
  EXPECT_FALSE(reference::stable(*m, 0, s, Concept::Sim));
  // Where p fears b most, q's leaving together with b upsets its gain.
  std::swap(parts.preferences[0].statements[0], parts.preferences[0].statements[1]);
  EXPECT_TRUE(reference::stable(*made(parts), 0, s, Concept::Sim));
}

TEST(Reference, DisabledPartsDoNotCount) {
  Parts parts = river(true);
  parts.options[1].enabled = false;
  parts.rules = {never("release and treaty"), forbid("up", "", "release")};
  auto m = made(parts);
  EXPECT_EQ(reference::size(*m), 6u);  // 2·1·2·2 less those with release and treaty
  EXPECT_THAT(targets(*m, 1, {0, 0, 0, 0}), IsEmpty());
  EXPECT_THAT(targets(*m, 0, {0, 0, 0, 0}), IsEmpty());
  parts.rules[0].enabled = parts.rules[1].enabled = false;
  m = made(parts);
  EXPECT_EQ(reference::size(*m), 8u);
  EXPECT_EQ(targets(*m, 0, {0, 0, 0, 0}).size(), 1u);
  parts.preferences[0].statements[0].enabled = false;
  m = made(parts);
  EXPECT_FALSE(reference::better(*m, 0, state(*m, {0, 0, 1, 0}), state(*m, {0, 0, 0, 0})));
  EXPECT_TRUE(reference::better(*m, 0, state(*m, {0, 0, 1, 0}), state(*m, {1, 0, 0, 0})));
}

TEST(Reference, ExpressionsInEveryForm) {
  Parts parts = river(true);
  DefinePart calm;
  calm.id = "calm";
  calm.when = "not patrols";  // a bare name: above the first level
  DefinePart good;
  good.id = "good";
  good.when = "calm & treaty";
  parts.defines = {calm, good};
  parts.options[0].now = std::string("yes");
  parts.options[0].has_now = true;
  const auto m = made(parts);
  const auto count = [&](const char* text) {
    const auto set = reference::where(*m, text);
    EXPECT_TRUE(set) << text;
    return set ? std::count(set->begin(), set->end(), true) : -1;
  };
  EXPECT_EQ(reference::size(*m), 24u);
  EXPECT_EQ(count("true"), 24);
  EXPECT_EQ(count("calm"), 8);
  EXPECT_EQ(count("good"), 4);
  EXPECT_EQ(count("now"), 1);
  EXPECT_EQ(count("patrols >= some"), 16);
  EXPECT_EQ(count("patrols < massed"), 16);
  EXPECT_EQ(count("patrols > some"), 8);
  EXPECT_EQ(count("release == true"), 12);
  EXPECT_EQ(count("treaty -> release"), 18);
  EXPECT_EQ(count("release if treaty"), 18);
  EXPECT_EQ(count("release <-> treaty"), 12);
  EXPECT_EQ(count("release or treaty or far_off"), 21);
  EXPECT_EQ(count("count(release, treaty, far_off) == 2"), 9);
  EXPECT_EQ(count("count(release, treaty, far_off) != 2"), 15);
  EXPECT_EQ(count("count(release, treaty) < 1"), 6);
  EXPECT_FALSE(reference::where(*m, "nothing"));
  EXPECT_FALSE(reference::where(*m, "patrols == many"));
  EXPECT_FALSE(reference::where(*m, "release and"));
}

TEST(Reference, PreferencesAreExact) {
  Parts parts = two_by_two({}, {});
  PreferencePart& row = parts.preferences[0];
  row.method = Method::Weights;
  // 0.1 + 0.2 ties with 0.3, in decimals.
  row.statements = {weighted("a and not b", "0.1"), weighted("a and not b", "0.2"),
                    weighted("b and not a", "0.3"), weighted("a and b", "0.300001")};
  PreferencePart& column = parts.preferences[1];
  column.method = Method::Weights;
  // The vital statement is worth little and decides all the same.
  column.statements = {weighted("a", "100"), weighted("b", "0.000001", true)};
  auto m = made(parts);
  EXPECT_THAT(reference::ranks(*m, 0), ElementsAre(3, 2, 2, 1));
  EXPECT_THAT(reference::ranks(*m, 1), ElementsAre(4, 3, 2, 1));

  // Criteria multiply; a range counts by its middle, `about` by itself.
  row.criteria = {{"gold", number("2")}, {"glory", number("-1.5")}};
  Quantity range = number("1");
  range.form = Quantity::Form::FromTo;
  range.b = *Decimal::parse("2");
  Quantity about = number("2");
  about.form = Quantity::Form::AboutSpread;
  about.b = *Decimal::parse("0.5");
  row.statements = {statement("a"), statement("b")};
  row.statements[0].values = {{"gold", range}};                          // 3
  row.statements[1].values = {{"gold", number("3")}, {"glory", about}};  // 6 - 3 = 3
  m = made(parts);
  EXPECT_THAT(reference::ranks(*m, 0), ElementsAre(3, 2, 2, 1));
  row.statements[0].values[0].second.times = 2;  // an effect doubled it
  m = made(parts);
  EXPECT_THAT(reference::ranks(*m, 0), ElementsAre(4, 2, 3, 1));

  row = PreferencePart{};
  row.party = "row";
  row.method = Method::Additive;
  row.values = {{"a", {number("0"), number("-2")}, ""}, {"b", {number("1"), number("3.5")}, ""}};
  m = made(parts);
  EXPECT_THAT(reference::ranks(*m, 0), ElementsAre(3, 4, 1, 2));

  row.method = Method::Priorities;
  row.values.clear();
  row.statements = {statement("a"), statement("b")};
  row.statements[1].vital = true;
  m = made(parts);
  EXPECT_THAT(reference::ranks(*m, 0), ElementsAre(4, 3, 2, 1));

  // Unanimous: better only if better for every member; no complete order.
  PreferencePart first = row;
  PreferencePart second = row;
  first.statements = {statement("a")};
  second.statements = {statement("b")};
  row.method = Method::Unanimous;
  row.statements.clear();
  row.members = {first, second};
  m = made(parts);
  EXPECT_THAT(reference::ranks(*m, 0), IsEmpty());
  EXPECT_TRUE(reference::better(*m, 0, 3, 0));
  EXPECT_FALSE(reference::better(*m, 0, 3, 1));
  EXPECT_FALSE(reference::better(*m, 0, 1, 2));
  EXPECT_FALSE(reference::better(*m, 0, 2, 1));
}

TEST(Reference, HollowSanctions) {
  // In the dilemma the other defects in any case, so that its defecting punishes nothing.
  const auto dilemma = made(prisoners_dilemma());
  EXPECT_TRUE(reference::hollow_first(*dilemma, 1, 0, 1, 3));
  EXPECT_FALSE(reference::stable_clean(*dilemma, 0, 0, Concept::Seq));
  EXPECT_TRUE(reference::stable_clean(*dilemma, 0, 3, Concept::Seq));
  EXPECT_TRUE(reference::stable_clean(*dilemma, 0, 0, Concept::Sim));
  // q can answer only once p has acted.
  Parts parts = twice_in_a_row();
  parts.rules.pop_back();
  const auto m = made(parts);
  for (const Concept c : {Concept::Gmr, Concept::Smr, Concept::Seq, Concept::Sseq})
    EXPECT_TRUE(reference::stable_clean(*m, 0, 0, c)) << concept_name(c);
}

TEST(Reference, DriftFindsCycles) {
  const auto m = made(two_by_two({{1, 4}, {2, 3}}, {{2, 3}, {1, 4}}));  // matching pennies
  EXPECT_THAT(reference::drift(*m, 0), ElementsAre(ElementsAre(0, 1, 2, 3)));
  EXPECT_THAT(reference::drift(*made(chicken()), 3), ElementsAre(ElementsAre(1), ElementsAre(2)));
}

TEST(Reference, PathsAndConcessions) {
  const auto m = made(prisoners_dilemma());
  const reference::StateSet nowhere(4, false);
  const reference::StateSet peace{true, false, false, false};
  EXPECT_FALSE(reference::shortest_path(*m, 3, peace, nowhere));
  EXPECT_EQ(reference::shortest_path(*m, 0, peace, peace)->steps.size(), 0u);
  reference::PathSettings any;
  any.will = reference::Will::Any;
  const auto path = reference::shortest_path(*m, 3, peace, nowhere, any);
  ASSERT_TRUE(path);
  EXPECT_EQ(path->steps.size(), 2u);
  EXPECT_EQ(path->unwilling, 2u);  // each gives way, and the first trusts the second

  // p may go straight to 4 at a cost, or by 2 and 3 at none.
  Parts parts = chain();
  parts.moves[0].arcs = {{10, 40}, {10, 20}, {20, 30}};
  parts.moves[1].arcs = {{40, 50}};
  parts.preferences[0].order = {{30}, {20}, {10}, {40}, {50}};
  const auto detour = made(parts);
  const reference::StateSet four{false, false, false, true, false};
  const reference::StateSet none(5, false);
  EXPECT_EQ(reference::shortest_path(*detour, 0, four, none, any)->steps.size(), 1u);
  EXPECT_EQ(reference::shortest_path(*detour, 0, four, none)->steps.size(), 3u);
  auto least = reference::least_concession(*detour, 0, four, none);
  ASSERT_TRUE(least);
  EXPECT_EQ(least->steps.size(), 3u);
  EXPECT_EQ(least->unwilling, 0u);
  EXPECT_EQ(least->steps[0].mover, 0u);
  EXPECT_EQ(least->steps[1].state, 2u);
  EXPECT_EQ(least->steps[2].mover, 2u);
  reference::PathSettings legal;
  legal.legal = true;  // p may not act twice in a row
  EXPECT_FALSE(reference::shortest_path(*detour, 0, four, none, legal));
  least = reference::least_concession(*detour, 0, four, none, legal);
  ASSERT_TRUE(least);
  EXPECT_EQ(least->steps.size(), 1u);
  EXPECT_EQ(least->unwilling, 1u);
  EXPECT_FALSE(reference::least_concession(*detour, 0, four, four));  // the goal is tested too
  const reference::StateSet two{false, true, false, false, false};
  EXPECT_EQ(reference::least_concession(*detour, 0, four, two)->unwilling, 1u);

  // One option at a time: two steps instead of one.
  Parts pair = two_by_two({{4}, {1}, {2, 3}}, {{1, 2, 3, 4}});
  pair.options[1].party = "row";
  pair.parties[1].third = true;
  pair.preferences.pop_back();
  const auto alone = made(pair);
  const reference::StateSet both{false, false, false, true};
  EXPECT_EQ(reference::shortest_path(*alone, 0, both, nowhere)->steps.size(), 1u);
  reference::PathSettings slow;
  slow.most_options = 1;
  EXPECT_FALSE(reference::shortest_path(*alone, 0, both, nowhere, slow));
  EXPECT_THAT(reference::drift(*alone, 0, slow), ElementsAre(ElementsAre(0)));
  EXPECT_EQ(reference::least_concession(*alone, 0, both, nowhere, slow)->unwilling, 1u);
}

TEST(Reference, HoldingAndKeeping) {
  Parts parts = prisoners_dilemma();
  const auto m = made(parts);
  const reference::StateSet peace{true, false, false, false};
  EXPECT_FALSE(reference::holds(*m, 0, peace, {Concept::Nash, Concept::Nash}));
  EXPECT_TRUE(reference::holds(*m, 0, peace, {Concept::Seq, Concept::Sseq}));
  EXPECT_FALSE(reference::holds(*m, 0, peace, {Concept::Seq, Concept::Nash}));
  EXPECT_FALSE(reference::kept(*m, 0, peace));
  EXPECT_FALSE(reference::holds(*m, 3, peace, {Concept::Nash, Concept::Nash}));  // not met there
  const reference::StateSet war{false, false, false, true};
  EXPECT_TRUE(reference::kept(*m, 3, war));

  // A table that can make peace: war is left by a deal, so it does not hold, answers or no.
  TrackPart table;
  table.id = "table";
  table.parties = {"row", "column"};
  table.table = {"a", "b"};
  parts.tracks = {table};
  const auto with_table = made(parts);
  EXPECT_FALSE(reference::holds(*with_table, 3, war, {Concept::Seq, Concept::Seq}));
  EXPECT_FALSE(reference::kept(*with_table, 3, war));
  const auto deal = reference::shortest_path(*with_table, 3, peace, reference::StateSet(4, false));
  ASSERT_TRUE(deal);
  ASSERT_EQ(deal->steps.size(), 1u);
  EXPECT_EQ(deal->steps[0].mover, 2u);
  EXPECT_EQ(deal->unwilling, 0u);
}

TEST(Reference, FaultsAreTold) {
  Parts parts = prisoners_dilemma();
  parts.rules = {never("not a")};
  EXPECT_EQ(reference::make(parts).error()[0].code, "infeasible_status_quo");
  parts.rules = {never("c")};
  EXPECT_EQ(reference::make(parts).error()[0].code, "unknown_id");
  parts.rules.clear();
  EXPECT_EQ(reference::make(parts, 3).error()[0].code, "too_many_states");
  DefinePart loop;
  loop.id = "loop";
  loop.when = "not loop";
  parts.defines = {loop};
  parts.rules = {never("loop")};
  EXPECT_EQ(reference::make(parts).error()[0].code, "define_cycle");
}

}  // namespace
}  // namespace wayout
