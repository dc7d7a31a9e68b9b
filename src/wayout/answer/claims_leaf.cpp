#include "wayout/answer/claims_leaf.hpp"

#include <algorithm>

#include "wayout/answer/claims_drift.hpp"
#include "wayout/answer/claims_goal.hpp"
#include "wayout/answer/possible.hpp"

namespace wayout {

namespace {

class LeafJudge {
 public:
  LeafJudge(Disputes& disputes, const ClaimTest& test, const ClaimsSettings& settings)
      : disputes_(disputes), test_(test), settings_(settings) {
    leaf_.test = test;
  }

  Result<Leaf> run() {
    Errors errors = find_places();
    if (!errors.empty()) return Unexpected{std::move(errors)};
    leaf_.dispute = place_->conflict;
    if (other_ != nullptr) leaf_.other = other_->conflict;
    if (test_.kind == TestKind::Stable || test_.kind == TestKind::Unstable) {
      // Which states are looked at does not depend on where it starts, but for "now".
      if (test_.condition != "now") {
        take(stable_states());
        return std::move(leaf_);
      }
    }
    const auto starts = find_starts(*place_, true);
    if (!starts) return std::move(leaf_);
    from_each(*starts);
    return std::move(leaf_);
  }

 private:
  const Conflict& conflict() const { return place_->conflict; }

  /// The dispute, and the one with the measures tested.
  Errors find_places() {
    leaf_.under = joined(settings_.under, test_.under);
    leaf_.with = joined(settings_.with, test_.with);
    const auto place = disputes_.get(leaf_.under, leaf_.with, test_.without);
    if (!place) return place.error();
    place_ = *place;
    if (test_.kind != TestKind::Unlocks && test_.measures.empty()) return {};
    const auto other =
        disputes_.get(leaf_.under, joined(leaf_.with, test_.measures), test_.without);
    if (!other) return other.error();
    other_ = *other;
    return {};
  }

  void take(Found found) {
    leaf_.truth = found.truth;
    leaf_.doubt = found.doubt;
  }

  Found undecided(Doubt doubt) const { return {Truth::Undecided, doubt}; }

  Found decided(bool yes) const { return {yes ? Truth::True : Truth::False, Doubt::None}; }

  Found at_limit(End end) {
    leaf_.end = end;
    return undecided(Doubt::Limit);
  }

  Condition condition(const Conflict& c, const std::string& text) const {
    auto read = c.condition(text);
    contract(static_cast<bool>(read), "a claim's condition was checked when the case was built");
    return *read;
  }

  /// The status quo, with `after` and `given` set; nullopt (and the leaf told) where there is none.
  std::optional<std::vector<State>> find_starts(const Disputes::Place& place, bool keep) {
    const Conflict& c = place.conflict;
    const auto now = c.status_quo();
    if (!now) {
      take(undecided(Doubt::NotComputed));
      return std::nullopt;
    }
    const std::string text = start_condition(test_);
    if (text.empty()) return std::vector<State>{*now};
    return set(c, test_.after.empty() ? "given" : "after", text, *now, keep);
  }

  /// Sets a condition; nullopt (and the leaf told) where that cannot be done.
  std::optional<std::vector<State>> set(const Conflict& c, const std::string& key,
                                        const std::string& text, State from, bool keep) {
    const NearestStates near = nearest_states(c, from, condition(c, text));
    if (keep && (near.states.size() != 1 || near.states[0] != from))
      leaf_.set.push_back({key, text, from, near.states, near.finished});
    if (near.states.empty() || !near.finished) {
      take(near.finished ? undecided(Doubt::Void) : at_limit(End::Limit));
      return std::nullopt;
    }
    return near.states;
  }

  /// Judges from each start; they have to agree.
  void from_each(const std::vector<State>& starts) {
    for (std::size_t i = 0; i < starts.size(); ++i) {
      if (i == 0) {
        leaf_.start = starts[0];
        take(from(starts[0]));
        continue;
      }
      const Leaf first = leaf_;
      leaf_.start = starts[i];
      clear_evidence();
      const Found found = from(starts[i]);
      if (found.truth == first.truth) {
        const bool proved = first.by_construction && leaf_.by_construction;
        leaf_ = first;
        leaf_.by_construction = proved;
        continue;
      }
      // The first one is shown; one that is undecided leaves all of it so.
      leaf_ = first;
      leaf_.by_construction = false;
      leaf_.truth = Truth::Undecided;
      leaf_.doubt = found.truth == Truth::Undecided   ? found.doubt
                    : first.truth == Truth::Undecided ? first.doubt
                                                      : Doubt::Ambiguous;
      return;
    }
  }

  void clear_evidence() {
    leaf_.by_construction = false;
    leaf_.stable.reset();
    leaf_.reach.reset();
    leaf_.goal.reset();
    leaf_.goal_with.reset();
    leaf_.drift.clear();
    leaf_.willing.clear();
    leaf_.prefers.clear();
    leaf_.risk.reset();
  }

  Found from(State start) {
    switch (test_.kind) {
      case TestKind::Stable:
      case TestKind::Unstable:
        return stable({start}, true);
      case TestKind::Reachable:
      case TestKind::Unreachable:
        return reachable(start);
      case TestKind::WayOut:
      case TestKind::NoWayOut:
        return way_out(start);
      case TestKind::Unlocks:
        return unlocks(start);
      case TestKind::BetterFor:
      case TestKind::WorseFor:
        return drifts(start);
      case TestKind::Willing:
      case TestKind::Unwilling:
        return wills(start);
      case TestKind::Prefers:
        return preferred(start);
      case TestKind::LowersRisk:
      case TestKind::RaisesRisk:
        return risk(start);
      default:
        return undecided(Doubt::NotComputed);
    }
  }

  std::vector<PartyId> parties(const std::vector<std::string>& ids) const {
    std::vector<PartyId> out;
    for (const std::string& id : ids)
      if (const auto p = conflict().find_party(id)) out.push_back(*p);
    return out;
  }

  VerdictSettings verdict_settings() const {
    VerdictSettings vs;
    vs.sanctions = settings_.sanctions;
    vs.most_states = std::min<std::size_t>(settings_.most_states, std::size_t{1} << 22);
    vs.watch = settings_.watch;
    vs.watch.progress = nullptr;
    return vs;
  }

  PathSettings path_settings() const {
    PathSettings ps;
    ps.most_states = settings_.most_states;
    ps.watch = settings_.watch;
    ps.watch.progress = nullptr;
    return ps;
  }

  // --- stable, unstable

  Found stable_states() {
    const Condition c = condition(conflict(), test_.condition);
    std::vector<State> states;
    constexpr std::size_t kMostListed = 1'000'000;
    const bool all = for_each_feasible(conflict(), 100'000'000, [&](State s) {
      if (c.holds(s)) states.push_back(s);
      return states.size() < kMostListed && !settings_.watch.cancelled();
    });
    leaf_.start = conflict().status_quo().value_or(State{});
    if (settings_.watch.cancelled()) return at_limit(End::Cancelled);
    return stable(states, all && states.size() < kMostListed);
  }

  Found stable(const std::vector<State>& states, bool all) {
    StableEvidence e;
    e.all = all;
    std::vector<PartyId> whom = parties(test_.parties);
    if (whom.empty())
      for (const PartyId p : conflict().parties()) whom.push_back(p);
    const Concept concept_ = parse_concept(test_.concept_name).value_or(Concept::Seq);
    if (states.empty() && all) return undecided(Doubt::Void);
    if (concept_ == Concept::Sim && conflict().graph_form()) return undecided(Doubt::NotComputed);
    End end = all ? End::Complete : End::Limit;
    bool no_moves = all;
    for (const State s : states) {
      ++e.states;
      for (const PartyId p : whom) {
        Verdict v = verdict(place_->rows(), p, s, concept_, verdict_settings());
        if (v.end == End::Complete && !v.stable) {
          e.at = s;
          e.verdicts.assign(1, {p, std::move(v)});
          leaf_.stable = std::move(e);
          return decided(test_.kind == TestKind::Unstable);
        }
        if (v.end != End::Complete) end = v.end;
        no_moves = no_moves && !can_move(p, s);
        if (e.states == 1) e.verdicts.emplace_back(p, std::move(v));
      }
      if (e.states == 1) e.at = s;
      if (end == End::Cancelled || settings_.watch.cancelled() || settings_.watch.out_of_time()) {
        end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
        e.all = false;
        break;
      }
    }
    leaf_.stable = std::move(e);
    if (end != End::Complete) return at_limit(end);
    leaf_.by_construction = no_moves;
    return decided(test_.kind == TestKind::Stable);
  }

  bool can_move(PartyId p, State s) const {
    RowSpace& space = place_->rows();
    bool some = false;
    space.for_each(conflict().mover_of(p), space.table().intern(s), Ask::Moves, [&](StateNumber) {
      some = true;
      return false;
    });
    return some;
  }

  // --- reachable, unreachable

  Found reachable(State start) {
    const Condition c = condition(conflict(), test_.condition);
    const bool asked = test_.kind == TestKind::Reachable;
    PathSearch found;
    const auto meets = [&c](State s) { return c.holds(s); };
    if (!meets(start) && !conflict().graph_form()) {
      // No moves can, or no willing ones: no search is needed then.
      if (!may_be(conflict(), c, possible_levels(conflict(), start)).yes) {
        leaf_.by_construction = true;
        leaf_.reach = found;
        return decided(!asked);
      }
      if (!may_be(conflict(), c, possible_levels(conflict(), start, plain_worth(conflict()))).yes) {
        leaf_.reach = found;
        return decided(!asked);
      }
    }
    found = shortest_path(place_->rows(), start, meets, path_settings());
    const bool there = found.path.has_value();
    leaf_.by_construction = there && found.path->steps.empty();
    const End end = found.end;
    leaf_.reach = std::move(found);
    if (!there && end != End::Complete) return at_limit(end);
    return decided(there == asked);
  }

  // --- way_out, no_way_out, unlocks

  std::size_t goal_of(const Conflict& c) const {
    for (std::size_t i = 0; i < c.goals().size(); ++i)
      if (c.goals()[i].id == test_.goal) return i;
    contract(false, "a claim's goal was checked when the case was built");
    return 0;
  }

  Found way_out(State start) {
    GoalEvidence e = judge_goal(*place_, start, goal_of(conflict()), settings_);
    const bool asked = test_.kind == TestKind::WayOut;
    const bool exists = e.exists;
    const End end = e.end;
    leaf_.by_construction = e.structural;
    leaf_.goal = std::move(e);
    if (!exists && end != End::Complete) return at_limit(end);
    return decided(exists == asked);
  }

  Found unlocks(State start) {
    GoalEvidence without = judge_goal(*place_, start, goal_of(conflict()), settings_);
    const Conflict& c = other_->conflict;
    const auto starts = find_starts(*other_, false);
    if (!starts) return {leaf_.truth, leaf_.doubt};
    Found out;
    for (std::size_t i = 0; i < starts->size(); ++i) {
      GoalEvidence with = judge_goal(*other_, (*starts)[i], goal_of(c), settings_);
      Found found;
      if (without.exists || (!with.exists && with.end == End::Complete)) {
        found = decided(false);
      } else if (with.exists && without.end == End::Complete) {
        found = decided(true);
      } else {
        found = at_limit(with.end != End::Complete ? with.end : without.end);
      }
      const bool proved = (without.exists && without.structural) ||
                          (!with.exists && with.structural) ||
                          (with.exists && with.structural && without.structural);
      if (i == 0) {
        out = found;
        leaf_.by_construction = proved;
        leaf_.goal_with = std::move(with);
      } else if (found.truth != out.truth) {
        out = undecided(Doubt::Ambiguous);
        leaf_.by_construction = false;
      } else {
        leaf_.by_construction = leaf_.by_construction && proved;
      }
    }
    leaf_.goal = std::move(without);
    return out;
  }

  // --- better_for, worse_for

  Found drifts(State start) {
    Found out = decided(true);
    bool proved = true;
    for (const PartyId p : parties(test_.parties)) {
      const auto sets = set(conflict(), "doing", test_.condition, start, leaf_.drift.empty());
      if (!sets) return {leaf_.truth, leaf_.doubt};
      Found one;
      for (std::size_t i = 0; i < sets->size(); ++i) {
        bool structural = false;
        const Found found = drift_of(*place_, {test_, settings_, path_settings()},
                                     {p, start, (*sets)[i]}, i == 0, leaf_, structural);
        if (i == 0) {
          one = found;
        } else if (found.truth != one.truth) {
          one = undecided(found.truth == Truth::Undecided ? found.doubt : Doubt::Ambiguous);
        }
        proved = proved && structural;
      }
      const Truth before = out.truth;
      out.truth = conjoin(out.truth, one.truth);
      if (out.truth == Truth::Undecided && out.doubt == Doubt::None) out.doubt = one.doubt;
      if (out.truth == Truth::False && before != Truth::False) out.doubt = Doubt::None;
    }
    leaf_.by_construction = proved && out.truth != Truth::Undecided;
    return out;
  }

  // --- willing, unwilling

  Found wills(State start) {
    const Condition c = condition(conflict(), test_.condition);
    const bool asked = test_.kind == TestKind::Willing;
    Found out = decided(true);
    bool proved = true;  // each part that the outcome rests on
    bool refuted_by_rule = false;
    for (const PartyId p : parties(test_.parties)) {
      WillingEvidence e;
      e.party = p;
      e.from = start;
      RowSpace& space = place_->rows();
      const StateNumber n = space.table().intern(start);
      int least_will = 0;
      int least_any = 0;
      const bool listed = space.for_each(conflict().mover_of(p), n, Ask::Moves, [&](StateNumber t) {
        const State s = space.table()[t];
        if (!c.holds(s)) return true;
        ++e.moves;
        const int changed = options_changed(conflict(), start, s);
        const auto nearer = [&](const std::optional<State>& known, int least) {
          return !known || changed < least || (changed == least && s < *known);
        };
        if (conflict().better(p, s, start)) {
          if (nearer(e.to, least_will)) {
            e.to = s;
            least_will = changed;
          }
        } else if (nearer(e.unwilling, least_any)) {
          e.unwilling = s;
          least_any = changed;
        }
        return true;
      });
      Found one;
      if (e.to || listed) {
        one = decided(e.to.has_value() == asked);
      } else {
        one = at_limit(End::Limit);
      }
      const bool structural = e.moves == 0 && listed;
      if (one.truth == Truth::False && structural) refuted_by_rule = true;
      proved = proved && structural;
      const Truth before = out.truth;
      out.truth = conjoin(out.truth, one.truth);
      if (out.truth == Truth::Undecided && out.doubt == Doubt::None) out.doubt = one.doubt;
      if (out.truth == Truth::False && before != Truth::False) out.doubt = Doubt::None;
      leaf_.willing.push_back(std::move(e));
    }
    leaf_.by_construction = out.truth == Truth::False ? refuted_by_rule : proved;
    return out;
  }

  // --- prefers

  Found preferred(State start) {
    const auto states = [&](const char* key, const std::string& text) -> std::vector<State> {
      if (text == "now") return {start};
      bool had_to_be_set = false;
      const NearestStates near =
          states_as_now(conflict(), start, condition(conflict(), text), had_to_be_set);
      if (had_to_be_set) leaf_.set.push_back({key, text, start, near.states, near.finished});
      if (!near.finished) return {};
      return near.states;
    };
    const std::vector<State> above = states("this", test_.condition);
    const std::vector<State> below = states("to", test_.to);
    if (above.empty() || below.empty()) return undecided(Doubt::Void);
    if (above.size() * below.size() > 100'000'000) return at_limit(End::Limit);
    Found out = decided(true);
    for (const PartyId p : parties(test_.parties)) {
      PrefersEvidence e;
      e.party = p;
      e.above = above.size();
      e.below = below.size();
      bool all = true;
      for (const State a : above)
        for (const State b : below) {
          if (conflict().better(p, a, b)) continue;
          if (all) {
            e.a = a;
            e.b = b;
          }
          all = false;
          leaf_.by_construction = leaf_.by_construction || a == b;
        }
      if (all) {
        e.a = above.front();
        e.b = below.front();
      }
      out.truth = conjoin(out.truth, all ? Truth::True : Truth::False);
      leaf_.prefers.push_back(e);
    }
    return out;
  }

  // --- lowers_risk, raises_risk

  double horizon() const {
    const auto own = test_.horizon ? test_.horizon->value() : std::nullopt;
    const auto value = own ? own : conflict().parts().time.horizon.value();
    return value ? value->to_double() : 0;
  }

  std::string of() const { return test_.of.empty() ? "any" : test_.of; }

  Found risk(State start) {
    const std::string asked = of();
    const double by_when = horizon();
    Disputes::Place& after_place = other_ != nullptr ? *other_ : *place_;
    std::optional<std::vector<State>> after_states =
        other_ != nullptr
            ? find_starts(*other_, false)
            : set(conflict(), test_.kind == TestKind::LowersRisk ? "lowers_risk" : "raises_risk",
                  test_.condition, start, true);
    if (!after_states) return {leaf_.truth, leaf_.doubt};
    Found out;
    for (std::size_t i = 0; i < after_states->size(); ++i) {
      Chance before;
      Chance after;
      Found found;
      const End end = leaf_.end;
      // What is known least of is looked at more closely.
      const std::vector<ChanceEffort> efforts =
          chance_efforts(settings_.most_risk_states, settings_.evidence);
      std::size_t at[2] = {0, 0};
      while (true) {
        place_->chances.want(efforts[at[0]], {start, asked, by_when});
        after_place.chances.want(efforts[at[1]], {(*after_states)[i], asked, by_when});
        before = chance(*place_, start, asked, by_when, efforts[at[0]]);
        after = chance(after_place, (*after_states)[i], asked, by_when, efforts[at[1]]);
        for (const Chance* c : {&before, &after}) {
          if (c->fault.empty()) continue;
          leaf_.reason = c->fault;
          return undecided(Doubt::NotComputed);
        }
        leaf_.end = end;
        found = compared(before, after);
        if (found.truth != Truth::Undecided || settings_.watch.cancelled() ||
            settings_.watch.out_of_time())
          break;
        if (other_ == nullptr && at[0] + 2 < efforts.size()) {
          at[1] = ++at[0];  // one look answers both; the last is for a start alone
          continue;
        }
        std::size_t side = before.upper - before.lower > after.upper - after.lower ? 0 : 1;
        if (at[side] + 1 == efforts.size()) side = 1 - side;
        if (at[side] + 1 == efforts.size()) break;
        ++at[side];
      }
      if (i == 0) {
        RiskEvidence e;
        e.before = (before.lower + before.upper) / 2;
        e.after = (after.lower + after.upper) / 2;
        e.width = std::max(before.upper - before.lower, after.upper - after.lower);
        e.set = (*after_states)[i];
        e.horizon = by_when;
        e.states = std::max(before.states, after.states);
        leaf_.risk = e;
        out = found;
      } else if (found.truth != out.truth) {
        out = undecided(found.truth == Truth::Undecided ? found.doubt : Doubt::Ambiguous);
      }
    }
    return out;
  }

  Found compared(const Chance& before, const Chance& after) {
    const Truth truth = compare(test_, before, after);
    if (truth != Truth::Undecided) return {truth, Doubt::None};
    const End end = before.end != End::Complete ? before.end : after.end;
    return at_limit(end != End::Complete ? end : End::Limit);
  }

  Chance chance(Disputes::Place& place, State s, const std::string& asked, double by_when,
                const ChanceEffort& effort) {
    return place.chances.chance(place.conflict, *disputes_.scale(), {s, asked, by_when}, effort,
                                settings_.watch);
  }

 public:
  void note(std::size_t round) {
    for (const RiskPair& pair : pairs()) {
      if (round > 0) {
        if (test_.measures.empty()) want(pair.before, pair.after, round);
        continue;
      }
      place_->chances.ask({pair.before, pair.of, pair.horizon});
      (other_ != nullptr ? other_ : place_)->chances.ask({pair.after, pair.of, pair.horizon});
    }
  }

  std::vector<RiskPair> pairs() {
    if (!find_places().empty()) return {};
    const Disputes::Place* after = other_ != nullptr ? other_ : place_;
    std::vector<RiskPair> out;
    for (const State s : find_starts(*place_, false).value_or(std::vector<State>{})) {
      const auto there = other_ != nullptr ? find_starts(*other_, false)
                                           : set(conflict(), "", test_.condition, s, false);
      if (!there) return {};
      for (const State t : *there) out.push_back({place_, after, s, t, of(), horizon()});
    }
    return out;
  }

 private:
  void want(State s, State t, std::size_t round) {
    const std::vector<ChanceEffort> efforts =
        chance_efforts(settings_.most_risk_states, settings_.evidence);
    if (round >= efforts.size()) return;
    for (std::size_t r = 0; r < round; ++r) {
      const Chance before = chance(*place_, s, of(), horizon(), efforts[r]);
      const Chance after = chance(*place_, t, of(), horizon(), efforts[r]);
      const bool fault = !before.fault.empty() || !after.fault.empty();
      if (fault || compare(test_, before, after) != Truth::Undecided) return;
    }
    for (const State u : {s, t}) place_->chances.want(efforts[round], {u, of(), horizon()});
  }

  Disputes& disputes_;
  const ClaimTest& test_;
  const ClaimsSettings& settings_;
  Disputes::Place* place_ = nullptr;
  Disputes::Place* other_ = nullptr;
  Leaf leaf_;
};

}  // namespace

void note_risk(Disputes& disputes, const ClaimTest& test, const ClaimsSettings& settings,
               std::size_t round) {
  if (test.kind == TestKind::LowersRisk || test.kind == TestKind::RaisesRisk)
    LeafJudge(disputes, test, settings).note(round);
}

std::vector<RiskPair> risk_pairs(Disputes& disputes, const ClaimTest& test,
                                 const ClaimsSettings& settings) {
  if (test.kind != TestKind::LowersRisk && test.kind != TestKind::RaisesRisk) return {};
  return LeafJudge(disputes, test, settings).pairs();
}

Result<Leaf> judge_leaf(Disputes& disputes, const ClaimTest& test, const ClaimsSettings& settings) {
  return LeafJudge(disputes, test, settings).run();
}

}  // namespace wayout
