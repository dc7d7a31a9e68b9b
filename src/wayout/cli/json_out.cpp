#include "wayout/cli/json_out.hpp"

#include <nlohmann/json.hpp>

#include "wayout/base/text.hpp"
#include "wayout/base/version.hpp"
#include "wayout/cli/json_parts.hpp"
#include "wayout/cli/perceived_json.hpp"
#include "wayout/report/words.hpp"

namespace wayout::cli {
const char* end_word(End end) {
  switch (end) {
    case End::Complete:
      return "complete";
    case End::Limit:
      return "limit";
    case End::Cancelled:
      return "interrupted";
  }
  return "complete";
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json start(const char* schema) {
  return Json{{"schema", schema}, {"wayout", std::string(version())}};
}

namespace {

/// Room for so many members: an object that grows copies all that it holds.
void reserve(Json& object, std::size_t members) {
  if (object.is_null()) object = Json::object();
  object.get_ref<Json::object_t&>().reserve(members);
}

Json values(const Conflict& conflict, State s) {
  Json out = Json::array();
  for (const OptionId o : conflict.options()) out.push_back(conflict.level(s, o));
  return out;
}

}  // namespace

Json state_json(const Conflict& conflict, State s) {
  Json out;
  reserve(out, 3);
  if (conflict.graph_form()) out["state"] = conflict.graph_number(s);
  out["values"] = values(conflict, s);
  out["taken"] = taken(conflict, s);
  return out;
}

namespace {

Json steps_json(const Conflict& conflict, State from, const std::vector<Step>& steps) {
  Json out = Json::array();
  for (const Step& step : steps) {
    Json item;
    reserve(item, 3);
    item["mover"] = conflict.mover(step.mover).id;
    item["changes"] = changes(conflict, from, step.state);
    item["to"] = state_json(conflict, step.state);
    out.push_back(std::move(item));
    from = step.state;
  }
  return out;
}

}  // namespace

Json answer_of(const Conflict& conflict, State s, const Answer& a) {
  Json out;
  reserve(out, 9);
  out["changes"] = changes(conflict, s, a.improvement);
  out["improvement"] = state_json(conflict, a.improvement);
  out["sanctioned"] = a.sanctioned;
  if (a.sanctioned) {
    out["hollow"] = a.hollow_end == End::Complete ? Json(a.hollow) : Json(nullptr);
    out["sanction"] = steps_json(conflict, a.improvement, a.sanction);
  }
  if (a.counter_move) {
    out["evaded"] = steps_json(conflict, a.improvement, a.evaded);
    out["counter_move"] = state_json(conflict, *a.counter_move);
  }
  if (!a.sanctioned) {
    out["proof"] = a.proof == Proof::Bound         ? "bound"
                   : a.proof == Proof::Abstraction ? "abstraction"
                                                   : "listed";
    if (a.proof == Proof::Abstraction) {
      Json kept = Json::array();
      for (const OptionId o : a.kept) kept.push_back(conflict.option(o).id);
      out["kept"] = std::move(kept);
    }
  }
  out["states_searched"] = a.searched;
  return out;
}

Json verdict_of(const Conflict& conflict, State s, const Verdict& v) {
  Json out;
  reserve(out, 5);
  out["end"] = end_word(v.end);
  if (v.end == End::Complete) {
    out["stable"] = v.stable;
    out["stable_without_hollow"] =
        v.clean_end == End::Complete ? Json(v.stable_clean) : Json(nullptr);
  } else {
    out["stable"] = nullptr;
    out["stable_without_hollow"] = nullptr;
  }
  out["improvements"] = v.improvements;
  if (v.more_improvements) out["more_improvements"] = true;
  Json answers = Json::array();
  for (const Answer& a : v.answers) answers.push_back(answer_of(conflict, s, a));
  out["answers"] = std::move(answers);
  return out;
}

Json path_of(const Conflict& conflict, const Path& path) {
  Json out;
  out["unwilling"] = path.unwilling;
  Json steps = Json::array();
  State from = path.start;
  for (const PathStep& step : path.steps) {
    Json item{{"mover", conflict.mover(step.mover).id}, {"willing", step.willing}};
    item["changes"] = changes(conflict, from, step.state);
    item["to"] = state_json(conflict, step.state);
    steps.push_back(std::move(item));
    from = step.state;
  }
  out["steps"] = std::move(steps);
  Json given = Json::array();
  for (const Concession& c : concessions(conflict, path)) {
    Json item{{"party", conflict.party(c.party).id}, {"step", c.step + 1}};
    item["unit"] = c.in_points ? "points" : "order";
    if (c.in_points) {
      item["vital"] = c.vital;
      item["points"] = c.points;
    }
    Json names = Json::array();
    for (const std::size_t k : c.statements) {
      const StatementPart& s = conflict.preference_part(c.party)->statements[k];
      names.push_back(s.id.empty() ? s.when : s.id);
    }
    item["statements"] = std::move(names);
    given.push_back(std::move(item));
  }
  out["concessions"] = std::move(given);
  return out;
}

Json marks_of(const Conflict& conflict, const PathMarks& marks) {
  Json bought = Json::array();
  for (const OptionId o : marks.bought_options) bought.push_back(conflict.option(o).id);
  Json worse = Json::array();
  for (const PartyId p : marks.worse_parties) worse.push_back(conflict.party(p).id);
  return Json{{"bought", std::move(bought)}, {"worse_on_the_way", std::move(worse)}};
}

namespace {

Json drift_of(const Conflict& conflict, const Drift& d) {
  Json out{{"end", end_word(d.end)}, {"states_reachable", d.states}};
  out["sets_total"] = d.sets.size();
  Json sets = Json::array();
  constexpr std::size_t kMostSets = 100;
  constexpr std::size_t kMostStates = 20;
  for (std::size_t i = 0; i < d.sets.size() && i < kMostSets; ++i) {
    Json states = Json::array();
    for (std::size_t k = 0; k < d.sets[i].size() && k < kMostStates; ++k)
      states.push_back(state_json(conflict, d.sets[i][k]));
    sets.push_back(Json{{"kind", d.sets[i].size() == 1 ? "rest" : "cycle"},
                        {"size", d.sets[i].size()},
                        {"states", std::move(states)}});
  }
  out["truncated"] = d.sets.size() > kMostSets;
  out["sets"] = std::move(sets);
  return out;
}

const char* verdict_word(GoalVerdict v) {
  switch (v) {
    case GoalVerdict::YesNow:
      return "yes_now";
    case GoalVerdict::Depends:
      return "depends";
    case GoalVerdict::NotNow:
      return "not_now";
    case GoalVerdict::Undecided:
      return "undecided";
  }
  return "undecided";
}

}  // namespace

const char* obstacle_word(Obstacle o) {
  switch (o) {
    case Obstacle::None:
      return "none";
    case Obstacle::Impossible:
      return "impossible";
    case Obstacle::OutOfReach:
      return "out_of_reach";
    case Obstacle::Unwilling:
      return "unwilling";
    case Obstacle::NotHolding:
      return "not_holding";
  }
  return "none";
}

namespace {

Json goal_of(const Conflict& conflict, const GoalAnswer& g) {
  const GoalInfo& info = conflict.goals()[g.goal];
  const GoalPart& part = conflict.parts().goals[info.part];
  Json out{{"goal", info.id}, {"name", info.name}, {"when", part.when}};
  if (!part.avoid.empty()) out["avoid"] = part.avoid;
  Json hold;
  for (const PartyId p : conflict.parties()) hold[conflict.party(p).id] = info.hold[p.index()];
  out["hold"] = std::move(hold);
  out["verdict"] = verdict_word(g.verdict);
  out["obstacle"] = obstacle_word(g.obstacle);
  out["end"] = end_word(g.end);
  out["states_reached"] = g.states;
  out["goal_states_reached"] = g.goal_states;
  out["goal_states_judged"] = g.judged;
  if (g.obstacle == Obstacle::Impossible) {
    Json rules = Json::array();
    for (const std::size_t r : g.rules.rules) {
      const RulePart& rule = conflict.parts().rules[r];
      rules.push_back(Json{
          {"id", rule.id}, {"never", rule.never}, {"kind", rule.kind}, {"because", rule.because}});
    }
    out["excluded_by"] = std::move(rules);
    out["smallest"] = g.rules.finished;
  }
  if (g.nearest) out["nearest_state"] = state_json(conflict, *g.nearest);
  if (g.obstacle == Obstacle::OutOfReach) {
    const auto tracks = [&](const std::vector<std::size_t>& list) {
      Json ids = Json::array();
      for (const std::size_t t : list) ids.push_back(conflict.parts().tracks[t].id);
      return ids;
    };
    Json missing = Json::array();
    for (const MissingDeal& d : g.missing)
      missing.push_back(Json{{"option", conflict.option(d.option).id},
                             {"on_closed", tracks(d.closed_tracks)},
                             {"on_linked", tracks(d.linked_tracks)},
                             {"on_open", tracks(d.open_tracks)}});
    out["missing_deals"] = std::move(missing);
    out["states_reached_by_any_move"] = g.any_states;
  }
  if (g.concession_path) out["least_concession"] = path_of(conflict, *g.concession_path);
  if (g.path) {
    out["path"] = path_of(conflict, *g.path);
    out["state"] = state_json(conflict, g.path->end());
    out["marks"] = marks_of(conflict, g.marks);
  }
  if (g.holding) {
    Json h{{"holds", g.holding->holds}, {"holds_without_hollow", g.holding->clean}};
    const State at = g.path->end();
    if (g.holding->breaks) {
      Json b{{"mover", conflict.mover(g.holding->breaks->mover).id}};
      b.update(answer_of(conflict, at, g.holding->breaks->answer));
      h["breaks"] = std::move(b);
    }
    Json deterred = Json::array();
    for (const auto& [p, v] : g.holding->deterred) {
      Json item{{"party", conflict.party(p).id}};
      item.update(verdict_of(conflict, at, v));
      deterred.push_back(std::move(item));
    }
    h["deterred"] = std::move(deterred);
    out["holding"] = std::move(h);
  }
  if (g.kept) {
    Json k{{"kept", g.kept->kept}, {"end", end_word(g.kept->end)}};
    if (!g.kept->path.empty()) k["lost_by"] = steps_json(conflict, g.path->end(), g.kept->path);
    out["kept"] = std::move(k);
  }
  Json equilibrium = Json::array();
  for (const Concept c : g.equilibrium) equilibrium.push_back(std::string(concept_name(c)));
  out["equilibrium"] = std::move(equilibrium);
  return out;
}

}  // namespace

Json case_of(const Conflict& conflict) {
  const Parts& parts = conflict.parts();
  Json out{{"title", parts.title}, {"question", parts.question}, {"date", parts.date}};
  out["under"] = parts.under;
  Json parties = Json::array();
  for (const PartyId p : conflict.parties()) parties.push_back(conflict.party(p).id);
  Json options = Json::array();
  for (const OptionId o : conflict.options()) options.push_back(conflict.option(o).id);
  out["parties"] = std::move(parties);
  out["options"] = std::move(options);
  return out;
}

std::string json_string(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string faults_json(const Errors& errors) {
  Json out = start("wayout.faults/1");
  Json list = Json::array();
  bool ok = true;
  for (const Error& e : errors) {
    const bool is_fault = e.severity == Severity::Fault;
    ok = ok && !is_fault;
    Json item{
        {"severity", is_fault ? "fault" : "warning"}, {"code", e.code}, {"message", e.message}};
    item["file"] = e.where.file;
    item["line"] = e.where.line > 0 ? Json(e.where.line) : Json(nullptr);
    item["column"] = e.where.column > 0 ? Json(e.where.column) : Json(nullptr);
    item["part"] = e.where.path;
    item["hint"] = e.hint;
    list.push_back(std::move(item));
  }
  out["ok"] = ok;
  out["faults"] = std::move(list);
  return dump(out);
}

std::string answer_json(const Conflict& conflict, const CaseAnswer& answer) {
  Json out = start("wayout.answer/1");
  out["case"] = case_of(conflict);
  out["end"] = end_word(answer.end);
  const Standing& s = answer.standing;
  Json standing{{"start", state_json(conflict, s.start)}};
  Json parties = Json::array();
  for (const PartyStanding& p : s.parties) {
    Json item{{"party", conflict.party(p.party).id}};
    for (std::size_t i = 0; i < p.concepts.size(); ++i)
      item[std::string(concept_name(p.concepts[i]))] = verdict_of(conflict, s.start, p.verdicts[i]);
    parties.push_back(std::move(item));
  }
  standing["parties"] = std::move(parties);
  standing["deals"] = [&] {
    Json deals = Json::array();
    for (const Step& d : s.deals)
      deals.push_back(Json{{"track", conflict.mover(d.mover).id},
                           {"changes", changes(conflict, s.start, d.state)},
                           {"to", state_json(conflict, d.state)}});
    return deals;
  }();
  standing["drift"] = drift_of(conflict, s.drift);
  if (s.course) standing["course"] = path_of(conflict, *s.course);
  out["standing"] = std::move(standing);
  Json goals = Json::array();
  for (const GoalAnswer& g : answer.goals) goals.push_back(goal_of(conflict, g));
  out["goals"] = std::move(goals);
  return dump(out);
}

std::string verdict_json(const Conflict& conflict, PartyId p, State s, Concept c,
                         Sanctions sanctions, const Verdict& verdict) {
  Json out = start("wayout.verdict/1");
  out["case"] = case_of(conflict);
  out["party"] = conflict.party(p).id;
  out["concept"] = std::string(concept_name(c));
  out["sanctions"] = std::string(sanctions_name(sanctions));
  out["at"] = state_json(conflict, s);
  // Moved, since there may be hundreds of answers.
  Json found = verdict_of(conflict, s, verdict);
  reserve(out, out.size() + found.size());
  for (auto& [key, value] : found.items()) out[key] = std::move(value);
  return dump(out);
}

std::string paths_json(const Conflict& conflict, State from, const std::string& to,
                       const std::string& moves, const PathSearch& search,
                       const std::vector<Mistake>* mistaken) {
  Json out = start("wayout.paths/1");
  out["case"] = case_of(conflict);
  out["from"] = state_json(conflict, from);
  out["to"] = to;
  out["moves"] = moves;
  out["as_perceived"] = mistaken != nullptr;
  out["end"] = end_word(search.end);
  out["found"] = search.path.has_value();
  out["states_reached"] = search.states;
  if (search.path) {
    out["path"] = path_of(conflict, *search.path);
    out["marks"] = marks_of(conflict, path_marks(conflict, *search.path));
  }
  if (mistaken != nullptr) out["surprises"] = mistakes_json(conflict, *mistaken);
  return dump(out);
}

std::string drift_json(const Conflict& conflict, State from, const Drift& d,
                       const std::vector<PlaceErrors>* errors) {
  Json out = start("wayout.drift/1");
  out["case"] = case_of(conflict);
  out["from"] = state_json(conflict, from);
  out["as_perceived"] = errors != nullptr;
  out.update(drift_of(conflict, d));
  for (std::size_t i = 0; errors != nullptr && i < errors->size(); ++i) {
    if (i >= out["sets"].size()) break;
    out["sets"][i].update(place_errors_json(conflict, (*errors)[i], d.sets[i][0]));
  }
  return dump(out);
}

std::string stability_head_json(const Conflict& conflict, const StabilityHead& head) {
  Json out = start("wayout.stability/1");
  const Json about = case_of(conflict);
  out["title"] = about["title"];
  out["under"] = about["under"];
  out["parties"] = about["parties"];
  out["options"] = about["options"];
  Json concepts = Json::array();
  for (const Concept c : head.concepts) concepts.push_back(std::string(concept_name(c)));
  out["concepts"] = std::move(concepts);
  out["states"] = head.states ? Json(*head.states) : Json(nullptr);
  out["status_quo"] = head.status_quo ? Json(*head.status_quo) : Json(nullptr);
  out["engine"] = head.engine;
  out["sanctions"] = std::string(sanctions_name(head.sanctions));
  out["end"] = end_word(head.end);
  if (head.states) {
    Json equilibria = Json::object();
    for (const auto& [c, n] : head.equilibria) equilibria[std::string(concept_name(c))] = n;
    out["equilibria_total"] = std::move(equilibria);
    Json stable = Json::object();
    for (std::size_t i = 0; i < head.stable_total.size(); ++i) {
      Json row = Json::object();
      for (const PartyId p : conflict.parties())
        row[conflict.party(p).id] = head.stable_total[i][p.index()];
      stable[std::string(concept_name(head.concepts[i]))] = std::move(row);
    }
    out["stable_total"] = std::move(stable);
  }
  if (!head.profile.empty()) {
    Json profile = Json::object();
    for (const auto& [p, c] : head.profile)
      profile[conflict.party(p).id] = std::string(concept_name(c));
    out["profile"] = std::move(profile);
    out["profile_equilibria_total"] =
        head.profile_equilibria ? Json(*head.profile_equilibria) : Json(nullptr);
  }
  if (!head.given.empty()) out["given"] = head.given;
  out["truncated"] = head.truncated;
  std::string text = out.dump(1, ' ', false, Json::error_handler_t::replace);
  text.erase(text.find_last_of('}'));
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  if (!head.reachable.empty()) text += ",\n \"reachable\": " + reachable_json(conflict, head);
  if (head.digest)
    text += ",\n \"summary\": " + digest_json(conflict, *head.digest, head.most_listed);
  return text + ",\n \"table\": [";
}

}  // namespace wayout::cli
