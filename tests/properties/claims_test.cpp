// Claims against a literal evaluator written from docs/semantics.md, section 6, over the reference.
#include "wayout/answer/claims.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "properties/random_case.hpp"
#include "wayout/answer/possible.hpp"
#include "wayout/base/random.hpp"
#include "wayout/stability/reference.hpp"

namespace wayout::properties {
namespace {

namespace ref = wayout::reference;
using ref::StateSet;

/// What a test comes out as from one start, or from all nearest ones.
using Verdicts = std::set<Truth>;

class Literal {
 public:
  Literal(ref::ModelPtr plain, ref::ModelPtr changed, const Parts& parts, const ClaimTest& test)
      : plain_(std::move(plain)), changed_(std::move(changed)), parts_(parts), test_(test) {}

  Truth truth() {
    if ((test_.kind == TestKind::Stable || test_.kind == TestKind::Unstable) &&
        test_.condition != "now")
      return stable(*plain_, members(*plain_, test_.condition));
    const auto starts = this->starts(*plain_);
    Verdicts all;
    for (const std::size_t s : starts) all.insert(from(s));
    if (all.size() != 1) return Truth::Undecided;  // none to start from, or they disagree
    return *all.begin();
  }

 private:
  static std::vector<std::size_t> members(const ref::Model& m, const std::string& text) {
    const auto set = ref::where(m, text);
    std::vector<std::size_t> out;
    for (std::size_t s = 0; set && s < set->size(); ++s)
      if ((*set)[s]) out.push_back(s);
    return out;
  }

  static std::size_t distance(const ref::Model& m, std::size_t a, std::size_t b) {
    if (a == b) return 0;
    if (ref::graph_form(m)) return 1;
    std::size_t n = 0;
    for (std::size_t o = 0; o < ref::levels(m, a).size(); ++o)
      if (ref::levels(m, a)[o] != ref::levels(m, b)[o]) ++n;
    return n;
  }

  static std::vector<std::size_t> nearest(const ref::Model& m, std::size_t from,
                                          std::vector<std::size_t> candidates) {
    std::size_t least = SIZE_MAX;
    for (const std::size_t s : candidates) least = std::min(least, distance(m, from, s));
    std::erase_if(candidates, [&](std::size_t s) { return distance(m, from, s) != least; });
    return candidates;
  }

  std::vector<std::size_t> starts(const ref::Model& m) const {
    const std::size_t now = *ref::status_quo(m);
    std::string text = test_.after.empty()   ? test_.given
                       : test_.given.empty() ? test_.after
                                             : "(" + test_.after + ") and (" + test_.given + ")";
    if (text.empty()) return {now};
    return nearest(m, now, members(m, text));
  }

  bool out(const std::string& id) const {
    return std::find(test_.without.begin(), test_.without.end(), id) != test_.without.end();
  }

  /// Movers that may move: none of whose members is left out, nor is `also`.
  std::vector<std::size_t> movers(const std::string& also = {}) const {
    std::vector<std::size_t> list;
    for (std::size_t p = 0; p < parts_.parties.size(); ++p)
      if (!out(parts_.parties[p].id) && parts_.parties[p].id != also) list.push_back(p);
    for (std::size_t t = 0; t < parts_.tracks.size(); ++t) {
      const auto& who = parts_.tracks[t].parties;
      if (std::none_of(who.begin(), who.end(),
                       [&](const std::string& id) { return out(id) || id == also; }))
        list.push_back(parts_.parties.size() + t);
    }
    return list;
  }

  static std::set<std::size_t> reached(const ref::Model& m, std::size_t from,
                                       const std::vector<std::size_t>& who, const StateSet& avoid) {
    std::set<std::size_t> seen{from};
    std::vector<std::size_t> todo{from};
    while (!todo.empty()) {
      const std::size_t s = todo.back();
      todo.pop_back();
      for (const std::size_t k : who)
        for (const std::size_t t : ref::improvements(m, k, s))
          if (!avoid[t] && seen.insert(t).second) todo.push_back(t);
    }
    return seen;
  }

  std::size_t party(const std::string& id) const {
    for (std::size_t p = 0; p < parts_.parties.size(); ++p)
      if (parts_.parties[p].id == id) return p;
    return SIZE_MAX;
  }

  static Truth when(bool yes) { return yes ? Truth::True : Truth::False; }

  Truth stable(const ref::Model& m, const std::vector<std::size_t>& states) const {
    if (states.empty()) return Truth::Undecided;
    std::vector<std::size_t> whom;
    for (const std::string& id : test_.parties) whom.push_back(party(id));
    if (whom.empty())
      for (std::size_t p = 0; p < ref::party_count(m); ++p) whom.push_back(p);
    bool all = true;
    for (const std::size_t s : states)
      for (const std::size_t p : whom)
        all = all && ref::stable(m, p, s, *parse_concept(test_.concept_name));
    return when(all == (test_.kind == TestKind::Stable));
  }

  bool way_out(const ref::Model& m, std::size_t start) const {
    const GoalPart& goal = parts_.goals.front();
    const StateSet wanted = *ref::where(m, goal.when);
    const StateSet avoid =
        goal.avoid.empty() ? StateSet(ref::size(m), false) : *ref::where(m, goal.avoid);
    const std::vector<Concept> profile(ref::party_count(m), *parse_concept(goal.hold.concept_name));
    for (const std::size_t s : reached(m, start, movers(), avoid))
      if (wanted[s] && ref::holds(m, s, wanted, profile)) return true;
    return false;
  }

  Truth unlocks(std::size_t start) const {
    if (way_out(*plain_, start)) return Truth::False;
    std::set<bool> with;
    for (const std::size_t s : starts(*changed_)) with.insert(way_out(*changed_, s));
    return with.size() == 1 ? when(*with.begin()) : Truth::Undecided;
  }

  Truth drift(std::size_t start) const {
    const ref::Model& m = *plain_;
    const bool more = test_.kind == TestKind::BetterFor;
    Truth all = Truth::True;
    for (const std::string& id : test_.parties) {
      const std::size_t p = party(id);
      Verdicts per_set;
      for (const std::size_t set : nearest(m, start, members(m, test_.condition))) {
        const StateSet none(ref::size(m), false);
        const auto who = movers(id);
        bool ok = true;
        for (const std::size_t x : reached(m, set, who, none)) {
          const auto from_x = reached(m, x, who, none);
          const bool stays = std::all_of(from_x.begin(), from_x.end(), [&](std::size_t y) {
            return reached(m, y, who, none).count(x) != 0;
          });
          if (stays) ok = ok && (more ? ref::better(m, p, x, start) : ref::better(m, p, start, x));
        }
        per_set.insert(when(ok));
      }
      all = conjoin(all, per_set.size() == 1 ? *per_set.begin() : Truth::Undecided);
      if (per_set.empty()) return Truth::Undecided;
    }
    return all;
  }

  Truth willing(std::size_t start) const {
    const ref::Model& m = *plain_;
    const StateSet wanted = *ref::where(m, test_.condition);
    bool all = true;
    for (const std::string& id : test_.parties) {
      bool has = false;
      if (!out(id))
        for (const std::size_t t : ref::improvements(m, party(id), start)) has = has || wanted[t];
      all = all && has == (test_.kind == TestKind::Willing);
    }
    return when(all);
  }

  std::vector<std::size_t> as_now(std::size_t start, const std::string& text) const {
    const ref::Model& m = *plain_;
    if (text == "now") return {start};
    const auto all = members(m, text);
    if (ref::graph_form(m)) return all;
    std::vector<std::size_t> out;
    for (const std::size_t s : all) {
      bool same = true;
      for (std::size_t o = 0; o < parts_.options.size(); ++o)
        if ((" " + text + " ").find(" " + parts_.options[o].id + " ") == std::string::npos)
          same = same && ref::levels(m, s)[o] == ref::levels(m, start)[o];
      if (same) out.push_back(s);
    }
    return out.empty() ? nearest(m, start, all) : out;
  }

  Truth prefers(std::size_t start) const {
    const auto above = as_now(start, test_.condition);
    const auto below = as_now(start, test_.to);
    if (above.empty() || below.empty()) return Truth::Undecided;
    bool all = true;
    for (const std::string& id : test_.parties)
      for (const std::size_t a : above)
        for (const std::size_t b : below) all = all && ref::better(*plain_, party(id), a, b);
    return when(all);
  }

  Truth from(std::size_t start) const {
    switch (test_.kind) {
      case TestKind::Stable:
      case TestKind::Unstable:
        return stable(*plain_, {start});
      case TestKind::Reachable:
      case TestKind::Unreachable: {
        const StateSet wanted = *ref::where(*plain_, test_.condition);
        bool there = false;
        for (const std::size_t s :
             reached(*plain_, start, movers(), StateSet(ref::size(*plain_), false)))
          there = there || wanted[s];
        return when(there == (test_.kind == TestKind::Reachable));
      }
      case TestKind::WayOut:
        return when(way_out(*plain_, start));
      case TestKind::NoWayOut:
        return when(!way_out(*plain_, start));
      case TestKind::Unlocks:
        return unlocks(start);
      case TestKind::BetterFor:
      case TestKind::WorseFor:
        return drift(start);
      case TestKind::Willing:
      case TestKind::Unwilling:
        return willing(start);
      case TestKind::Prefers:
        return prefers(start);
      default:
        return Truth::Undecided;
    }
  }

  ref::ModelPtr plain_;
  ref::ModelPtr changed_;
  const Parts& parts_;
  const ClaimTest& test_;
};

/// Two or three comparisons of different options, blanks around every name.
std::string condition(const Parts& parts, Random& r) {
  if (parts.graph_form()) {
    const StatePart& a = r.pick(parts.states);
    const StatePart& b = r.pick(parts.states);
    return "state == " + std::to_string(a.number) + " or state == " + std::to_string(b.number);
  }
  std::vector<OptionPart> options = parts.options;
  r.shuffle(options);
  const std::size_t n = std::min<std::size_t>(options.size(), 1 + r.below(3));
  const std::string word = r.chance(0.6) ? " and " : " or ";
  std::string out;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t levels = options[i].levels.empty() ? 2 : options[i].levels.size();
    out += (i == 0 ? " " : word) + std::string(" ") + options[i].id + " " +
           (r.chance(0.3) ? "!=" : "==") + " " + std::to_string(r.below(levels)) + " ";
  }
  return out;
}

constexpr TestKind kJudged[] = {TestKind::Stable,      TestKind::Unstable,  TestKind::Reachable,
                                TestKind::Unreachable, TestKind::WayOut,    TestKind::NoWayOut,
                                TestKind::Unlocks,     TestKind::BetterFor, TestKind::WorseFor,
                                TestKind::Willing,     TestKind::Unwilling, TestKind::Prefers};

ClaimTest random_test(const Parts& parts, Random& r) {
  ClaimTest t;
  t.kind = kJudged[r.below(std::size(kJudged))];
  t.condition = condition(parts, r);
  if (r.chance(0.2)) t.condition = "now";
  t.to = r.chance(0.4) ? "now" : condition(parts, r);
  t.goal = "goal_g";
  t.concept_name = concept_name(kClassicalConcepts[r.below(kClassicalConcepts.size())]);
  if (t.kind != TestKind::Stable || r.chance(0.5)) {
    t.parties.push_back(r.pick(parts.parties).id);
    if (r.chance(0.3) && parts.parties.back().id != t.parties[0])
      t.parties.push_back(parts.parties.back().id);
  }
  if (t.kind == TestKind::Unlocks) t.measures = {"measure_m"};
  if (r.chance(0.25)) t.after = condition(parts, r);
  if (r.chance(0.15)) t.given = condition(parts, r);
  const bool moves_only = t.kind == TestKind::Reachable || t.kind == TestKind::Unreachable ||
                          t.kind == TestKind::BetterFor || t.kind == TestKind::WorseFor ||
                          t.kind == TestKind::Willing || t.kind == TestKind::Unwilling;
  if (moves_only && !parts.graph_form() && r.chance(0.2)) t.without = {r.pick(parts.parties).id};
  return t;
}

/// The conflict with a goal and a measure.
Parts with_goal(Parts parts, Random& r) {
  GoalPart goal;
  goal.id = "goal_g";
  goal.when = condition(parts, r);
  if (r.chance(0.3)) goal.avoid = condition(parts, r);
  goal.hold.concept_name = concept_name(kClassicalConcepts[r.below(kClassicalConcepts.size())]);
  parts.goals.assign(1, goal);
  MeasurePart measure;
  measure.id = "measure_m";
  EffectPart e;
  if (!parts.tracks.empty() && r.chance(0.7)) {
    e.kind = parts.tracks[0].open ? EffectKind::Close : EffectKind::Open;
    e.target = parts.tracks[0].id;
    measure.effects.push_back(e);
  } else if (!parts.rules.empty()) {
    e.kind = EffectKind::DropRule;
    e.target = parts.rules[0].id;
    measure.effects.push_back(e);
  }
  parts.measures.assign(1, measure);
  return parts;
}

std::string judge(const RandomCase& c) {
  Random r(c.seed, 0, "claims");
  Parts parts = with_goal(c.parts, r);
  for (int i = 0; i < 6; ++i) {
    ClaimPart claim;
    claim.says = "x";
    claim.test = random_test(parts, r);
    parts.claims.push_back(claim);
  }
  const auto built = build(parts);
  // A shrunk conflict may lack what the tests name; without a status quo no test has a today.
  if (!built || !built->status_quo()) return "";
  const auto plain = ref::make(built->parts());
  const auto measured = view(parts, {{}, {"measure_m"}, {}});
  const auto changed = measured ? ref::make(measured->parts()) : plain;
  if (!plain || !changed) return "the reference does not read it";
  const auto answer = evaluate_claims(parts);
  if (!answer) {
    if (!measured) return "";  // the measure makes the status quo infeasible
    return "the claims are not evaluated: " + answer.error()[0].message;
  }
  for (std::size_t i = 0; i < parts.claims.size(); ++i) {
    const Truth expected = Literal(*plain, *changed, built->parts(), parts.claims[i].test).truth();
    const Truth got = answer->claims[i].test.truth;
    if (expected == got) continue;
    const ClaimTest& t = parts.claims[i].test;
    return "a test of kind " + std::to_string(static_cast<int>(t.kind)) + " (" + t.condition +
           "; after " + t.after + "; given " + t.given + "; to " + t.to + ") is " +
           std::to_string(static_cast<int>(expected)) + " and came out as " +
           std::to_string(static_cast<int>(got)) + "; goal " + parts.goals[0].when + " avoid " +
           parts.goals[0].avoid + " hold " + parts.goals[0].hold.concept_name;
  }
  return "";
}

TEST(Claims, AsTheLiteralEvaluatorSays) {
  Mix mix;
  mix.most_raw = 64;
  mix.most_parties = 4;
  mix.most_options = 6;
  for_random_conflicts(mix, 1500, judge);
}

/// Every number may be a quarter more or less, so that profiles differ.
std::string sampled(const RandomCase& c, std::uint64_t& in_blocks) {
  Random r(c.seed, 0, "claims");
  Parts parts = with_goal(c.parts, r);
  parts.trust.spread.a = Decimal::of(25, 2);
  for (int i = 0; i < 6; ++i) {
    ClaimPart claim;
    claim.says = "x";
    claim.test = random_test(parts, r);
    parts.claims.push_back(claim);
  }
  const auto built = build(parts);
  if (!built || !built->status_quo()) return "";
  ClaimsSettings settings;
  settings.samples = 67;
  settings.threads = 1;
  const auto fast = evaluate_claims(parts, settings);
  settings.blocks = false;
  const auto slow = evaluate_claims(parts, settings);
  if (!fast || !slow) return fast.has_value() == slow.has_value() ? "" : "only one is evaluated";
  if (fast->sampling) in_blocks += fast->sampling->in_blocks;
  for (std::size_t i = 0; i < fast->leaves.size(); ++i) {
    const auto& a = fast->leaves[i].sampled;
    const auto& b = slow->leaves[i].sampled;
    const ClaimTest& t = fast->leaves[i].test;
    if (a.has_value() != b.has_value() ||
        (a && (a->profiles != b->profiles || a->yes != b->yes || a->undecided != b->undecided)))
      return "a test of kind " + std::to_string(static_cast<int>(t.kind)) + " (" + t.condition +
             "; after " + t.after + "; given " + t.given + "; to " + t.to + "; " + t.concept_name +
             ") is true in " + std::to_string(b ? b->yes : 0) + " profiles, undecided in " +
             std::to_string(b ? b->undecided : 0) + ", and came out as " +
             std::to_string(a ? a->yes : 0) + " and " + std::to_string(a ? a->undecided : 0) +
             "; goal " + parts.goals[0].when + " avoid " + parts.goals[0].avoid + " hold " +
             parts.goals[0].hold.concept_name;
  }
  return "";
}

TEST(Claims, InBlocksOfProfilesAsInEachByItself) {
  Mix mix;
  mix.graph = 0;
  mix.most_raw = 128;
  mix.most_parties = 3;
  mix.most_options = 6;
  mix.winding = 0;
  mix.statements_only = true;
  std::uint64_t in_blocks = 0;
  for_random_conflicts(mix, 250, [&](const RandomCase& c) { return sampled(c, in_blocks); });
  EXPECT_GT(in_blocks, 100u);
}

// What moves, or improvements, lead to lies within the sets of levels.
TEST(Claims, PossibleLevelsHoldWhatIsReached) {
  Mix mix;
  mix.graph = 0;
  mix.most_raw = 256;
  for_random_conflicts(mix, 1500, [](const RandomCase& c) -> std::string {
    const auto conflict = build(c.parts);
    if (!conflict || !conflict->status_quo()) return "";
    for (const bool willing : {false, true}) {
      const LevelSets sets =
          willing ? possible_levels(*conflict, *conflict->status_quo(), plain_worth(*conflict))
                  : possible_levels(*conflict, *conflict->status_quo());
      RowSpace space(*conflict);
      std::string wrong;
      PathSettings ps;
      ps.will = willing ? Will::Improvement : Will::Any;
      shortest_path(
          space, *conflict->status_quo(),
          [&](State s) {
            for (const OptionId o : conflict->options())
              if (((sets[o.index()] >> conflict->level(s, o)) & 1u) == 0)
                wrong = "a level of " + conflict->option(o).id + " was said to be impossible";
            return !wrong.empty();
          },
          ps);
      if (!wrong.empty()) return wrong;
    }
    return "";
  });
}

}  // namespace
}  // namespace wayout::properties
