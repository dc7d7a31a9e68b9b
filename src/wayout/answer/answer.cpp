#include "wayout/answer/answer.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "wayout/space/moves.hpp"
#include "wayout/stability/perceived.hpp"

namespace wayout {
namespace {

VerdictSettings verdict_settings(const AnswerSettings& settings) {
  VerdictSettings vs;
  vs.sanctions = settings.sanctions;
  vs.most_states = settings.most_states;
  vs.watch = settings.watch;
  vs.watch.progress = nullptr;
  return vs;
}

PathSettings path_settings(const AnswerSettings& settings) {
  PathSettings ps;
  ps.most_states = settings.most_states;
  ps.watch = settings.watch;
  return ps;
}

/// The space that searches share, or, once that has grown large, one of their own that is thrown
/// away when it has grown as large in turn: what many searches leave behind must not add up.
class Rooms {
 public:
  Rooms(RowSpace& shared, std::size_t most) : shared_(shared), most_(most) {}
  RowSpace& get() {
    const bool full = (own_ ? *own_ : shared_).table().size() > most_;
    if (full) own_.emplace(shared_.conflict());
    return own_ ? *own_ : shared_;
  }

 private:
  RowSpace& shared_;
  std::size_t most_;
  std::optional<RowSpace> own_;
};

/// The dispute as it is asked about. Without beliefs the acting dispute is the true one.
struct Asked {
  const Conflict& truth;
  std::optional<Perceived> seen;
  std::optional<PerceivedJudge> judge;

  Asked(const Conflict& conflict, const AnswerSettings& settings) : truth(conflict) {
    if (!settings.as_perceived || !has_beliefs(conflict)) return;
    auto made = perceive(conflict);
    contract(made.has_value(), "the dispute as each party sees it builds");
    seen = std::move(*made);
    judge.emplace(*seen, settings.most_states);
  }
  const Conflict& acting() const { return seen ? seen->acting : truth; }
  /// p's verdict, in its own view where beliefs count.
  Verdict verdict_of(Rooms& rooms, PartyId p, State s, Concept c, const VerdictSettings& vs) {
    return judge ? judge->verdict(p, s, c, vs) : verdict(rooms.get(), p, s, c, vs);
  }
};

Standing standing(Asked& asked, RowSpace& space, State start, const AnswerSettings& settings) {
  const Conflict& conflict = space.conflict();
  Standing out;
  out.start = start;
  VerdictSettings vs = verdict_settings(settings);
  vs.watch.progress = settings.watch.progress;
  Rooms rooms(space, settings.most_states);
  for (const PartyId p : conflict.parties()) {
    PartyStanding party{p, {}, {}};
    for (const Concept c : kClassicalConcepts) {
      party.concepts.push_back(c);
      party.verdicts.push_back(asked.verdict_of(rooms, p, start, c, vs));
    }
    out.parties.push_back(std::move(party));
  }
  const StateNumber n = space.table().intern(start);
  for (const MoverId m : conflict.movers()) {
    if (!conflict.mover(m).track) continue;
    space.for_each(m, n, Ask::Improvements, [&](StateNumber t) {
      out.deals.push_back({m, space.table()[t]});
      return false;
    });
  }
  out.drift = drift(rooms.get(), start, path_settings(settings));
  if (out.drift.end != End::Complete) return out;
  if (!conflict.graph_form()) {
    for (const OptionId o : conflict.options()) {
      int level = -1;
      bool same = true;
      for (const auto& set : out.drift.sets)
        for (const State s : set) {
          const int here = conflict.level(s, o);
          same = same && (level < 0 || level == here);
          level = here;
        }
      if (!same) {
        out.open_ends.push_back(o);
      } else if (level >= 0 && level != conflict.level(start, o)) {
        out.settled_changes.emplace_back(o, level);
      }
    }
  }
  if (!out.drift.start_rests()) {
    std::unordered_map<State, bool> resting;
    for (const auto& set : out.drift.sets)
      for (const State s : set) resting.emplace(s, true);
    out.course = shortest_path(
                     rooms.get(), start, [&](State s) { return resting.count(s) != 0; },
                     path_settings(settings))
                     .path;
  }
  constexpr std::size_t kMostPlaces = 5;
  if (asked.seen)
    out.errors = place_errors(asked.truth, *asked.seen, start, out.drift, path_settings(settings),
                              kMostPlaces);
  return out;
}

/// Which joint options stand in the way of reaching `target`, because no open track can raise them
/// freely.
std::vector<MissingDeal> missing_deals(const Conflict& conflict, State start, State target) {
  std::vector<MissingDeal> out;
  const auto& tracks = conflict.parts().tracks;
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    if (!info.joint || conflict.level(target, o) <= conflict.level(start, o)) continue;
    MissingDeal deal{o, {}, {}, {}};
    for (std::size_t t = 0; t < tracks.size(); ++t) {
      const auto& table = tracks[t].table;
      if (std::find(table.begin(), table.end(), info.id) == table.end()) continue;
      const MoverInfo& mover = conflict.mover(MoverId(conflict.party_count() + t));
      (!mover.open  ? deal.closed_tracks
       : mover.link ? deal.linked_tracks
                    : deal.open_tracks)
          .push_back(t);
    }
    out.push_back(std::move(deal));
  }
  return out;
}

/// The goals that avoid the same thing: they share the search of what can be reached.
class GoalSearch {
 public:
  GoalSearch(Asked& asked, RowSpace& space, State start, std::optional<ExprId> avoid,
             const AnswerSettings& settings)
      : asked_(asked),
        rooms_(space, settings.most_states),
        conflict_(space.conflict()),
        start_(start),
        avoided_(avoid),
        settings_(settings) {
    if (avoid) avoid_ = [this](State s) { return conflict_.holds(*avoided_, s); };
  }

  void add(std::size_t goal) {
    One one;
    one.info = &conflict_.goals()[goal];
    one.answer.goal = goal;
    one.meets = [this, when = one.info->when](State s) { return conflict_.holds(when, s); };
    goals_.push_back(std::move(one));
  }

  std::vector<GoalAnswer> run() {
    for (One& one : goals_) one.open = possible(one);
    if (std::any_of(goals_.begin(), goals_.end(), [](const One& one) { return one.open; })) {
      reach();
      concede();
    }
    std::vector<GoalAnswer> out;
    for (One& one : goals_) out.push_back(std::move(one.answer));
    return out;
  }

 private:
  struct One {
    const GoalInfo* info = nullptr;
    GoalTest meets;
    bool open = true;
    GoalAnswer answer;
  };

  static void say_no(One& one, Obstacle obstacle) {
    one.answer.verdict = GoalVerdict::NotNow;
    one.answer.obstacle = obstacle;
    one.open = false;
  }

  /// False when the goal is impossible, and says why.
  bool possible(One& one) {
    const auto whole = [&](State s) {
      return one.meets(s) && !(avoid_ && s != start_ && avoid_(s));
    };
    UInt128 support = conflict_.pool().support(one.info->when);
    if (avoided_) support |= conflict_.pool().support(*avoided_);
    if (!conflict_.graph_form()) {
      const FeasibleSearch found = find_feasible(conflict_, one.info->when);
      if (found.finished && !found.state) {
        one.answer.rules = rules_against(conflict_, one.info->when);
        say_no(one, Obstacle::Impossible);
        return false;
      }
    }
    const FeasibleSearch close = closest_feasible(conflict_, start_, whole, support);
    one.answer.nearest = close.state;
    if (close.finished && !close.state) {
      say_no(one, Obstacle::Impossible);
      return false;
    }
    return true;
  }

  /// Ways out, for the goals still open.
  void reach() {
    std::vector<std::size_t> wanted;
    for (const One& one : goals_)
      if (one.open) wanted.push_back(one.answer.goal);
    WayOutSettings ws;
    ws.sanctions = settings_.sanctions;
    ws.from = start_;
    ws.refute = false;  // the counts of what was reached are told
    ws.most_states = settings_.most_states;
    ws.watch = settings_.watch;
    ws.as_perceived = settings_.as_perceived;
    std::vector<WayOut> found = ways_out(asked_.truth, wanted, ws);
    std::size_t next = 0;
    for (One& one : goals_) {
      if (!one.open) continue;
      WayOut& way = found[next++];
      GoalAnswer& out = one.answer;
      out.end = way.end;
      out.states = way.states;
      out.goal_states = way.goal_states;
      out.judged = way.judged;
      out.path = std::move(way.path);
      out.marks = std::move(way.marks);
      out.holding = std::move(way.holding);
      out.surprises = std::move(way.surprises);
      if (asked_.seen && out.path) out.mistakes = mistakes(asked_.truth, *out.path);
      if (way.exists) {
        // Where it carries a mark and the search was cut short, whether there is one without is
        // open.
        out.verdict = way.clean ? GoalVerdict::YesNow : GoalVerdict::Depends;
        complete(one);
      } else if (way.end != End::Complete) {
        out.verdict = GoalVerdict::Undecided;
        one.open = false;
      } else if (way.goal_states > 0) {
        say_no(one, Obstacle::NotHolding);
      }
    }
  }

  /// What else is said of a state found: kept, and under which concepts it is an equilibrium.
  void complete(One& one) {
    one.open = false;
    GoalAnswer& out = one.answer;
    const State g = out.path->end();
    out.kept = kept(rooms_.get(), g, one.meets, verdict_settings(settings_));
    VerdictSettings vs = verdict_settings(settings_);
    vs.all_answers = false;
    for (const Concept c : kClassicalConcepts) {
      const auto parties = conflict_.parties();
      const bool all = std::all_of(parties.begin(), parties.end(), [&](PartyId p) {
        const Verdict v = asked_.verdict_of(rooms_, p, g, c, vs);
        return v.end == End::Complete && v.stable;
      });
      if (all) out.equilibrium.push_back(c);
    }
  }

  /// For the goals that no willing steps lead to: who would have to give up what.
  void concede() {
    PathSettings ps = path_settings(settings_);
    ps.avoid = avoid_;
    std::vector<std::function<bool(State)>> wanted;
    for (const One& one : goals_)
      if (one.open) wanted.push_back(one.meets);
    if (wanted.empty()) return;
    std::optional<RowSpace> truly;
    if (asked_.seen) truly.emplace(asked_.truth);
    const std::vector<PathSearch> least =
        least_concessions(rooms_.get(), start_, wanted, ps, truly ? &*truly : nullptr);
    std::size_t next = 0;
    for (One& one : goals_) {
      if (!one.open) continue;
      GoalAnswer& out = one.answer;
      const PathSearch& found = least[next++];
      out.any_states = found.states;
      out.end = found.end;
      if (found.path) {
        out.end = End::Complete;
        out.concession_path = found.path;
        out.concessions = concessions(asked_.truth, *found.path);
        say_no(one, Obstacle::Unwilling);
      } else if (found.end == End::Complete) {
        say_no(one, Obstacle::OutOfReach);
        if (out.nearest) out.missing = missing_deals(conflict_, start_, *out.nearest);
      } else {
        out.verdict = GoalVerdict::Undecided;
      }
    }
  }

  Asked& asked_;
  Rooms rooms_;
  const Conflict& conflict_;  ///< the acting dispute
  State start_;
  std::optional<ExprId> avoided_;
  const AnswerSettings& settings_;
  std::function<bool(State)> avoid_;
  std::vector<One> goals_;
};

}  // namespace

CaseAnswer answer_case(const Conflict& conflict, const AnswerSettings& settings) {
  contract(settings.from || conflict.status_quo(), "answer_case() needs a state to start from");
  const State start = settings.from.value_or(conflict.status_quo().value_or(State{}));
  CaseAnswer out;
  Asked asked(conflict, settings);
  const Conflict& acting = asked.acting();
  std::optional<RowSpace> space(std::in_place, acting);
  settings.watch.tell("looking at the status quo", 0, 0);
  out.standing = standing(asked, *space, start, settings);
  if (out.standing.drift.end != End::Complete) out.end = out.standing.drift.end;
  std::map<std::optional<ExprId>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < acting.goals().size(); ++i) {
    const GoalInfo& goal = acting.goals()[i];
    if (settings.goals.empty() ||
        std::find(settings.goals.begin(), settings.goals.end(), goal.id) != settings.goals.end())
      groups[goal.avoid].push_back(i);
  }
  for (const auto& [avoid, list] : groups) {
    // A space half full of what another search needed would only cut this one short.
    if (space->table().size() > space->capacity() / 4) space.emplace(acting);
    GoalSearch search(asked, *space, start, avoid, settings);
    for (const std::size_t i : list) search.add(i);
    for (GoalAnswer& g : search.run()) out.goals.push_back(std::move(g));
  }
  std::sort(out.goals.begin(), out.goals.end(),
            [](const auto& a, const auto& b) { return a.goal < b.goal; });
  for (const GoalAnswer& g : out.goals)
    if (g.end != End::Complete && out.end != End::Cancelled) out.end = g.end;
  return out;
}

}  // namespace wayout
