#include "wayout/cli/change_json.hpp"

#include <nlohmann/json.hpp>

#include "wayout/base/version.hpp"
#include "wayout/cli/perceived_json.hpp"
#include "wayout/report/words.hpp"

namespace wayout::cli {
namespace {

const char* verdict_word(ChangeVerdict v) {
  switch (v) {
    case ChangeVerdict::YesNow:
      return "yes_now";
    case ChangeVerdict::WithMeasures:
      return "with_measures";
    case ChangeVerdict::Depends:
      return "depends";
    case ChangeVerdict::NoneFound:
      return "none";
    case ChangeVerdict::Undecided:
      return "undecided";
  }
  return "undecided";
}

const char* without_word(Without w) {
  switch (w) {
    case Without::NoWay:
      return "no_way";
    case Without::Marked:
      return "marked";
    case Without::Clean:
      return "clean";
    case Without::Inadmissible:
      return "inadmissible";
    case Without::Undecided:
      return "undecided";
  }
  return "undecided";
}

class Writer {
 public:
  explicit Writer(const Conflict& conflict) : conflict_(conflict) {}

  Json ids(const MeasureSet& set) const {
    Json out = Json::array();
    for (const std::size_t i : set) out.push_back(conflict_.parts().measures[i].id);
    return out;
  }

  Json state(State s) const {
    Json out;
    if (conflict_.graph_form()) out["state"] = conflict_.graph_number(s);
    out["values"] = Json::array();
    for (const OptionId o : conflict_.options()) out["values"].push_back(conflict_.level(s, o));
    out["taken"] = taken(conflict_, s);
    return out;
  }

  Json way(const WayOut& w) const {
    Json out{{"exists", w.exists}, {"clean", w.clean}, {"end", end_word(w.end)}};
    if (!w.surprises.empty()) out["surprises"] = surprises_json(conflict_, w.surprises);
    if (!w.exists) return out;
    Json bought = Json::array();
    for (const OptionId o : w.marks.bought_options) bought.push_back(conflict_.option(o).id);
    Json worse = Json::array();
    for (const PartyId p : w.marks.worse_parties) worse.push_back(conflict_.party(p).id);
    out["hollow"] = w.hollow;
    out["marks"] = Json{{"bought", bought}, {"worse_on_the_way", worse}};
    if (w.path) {
      Json path = Json::array();
      State from = w.path->start;
      for (const PathStep& step : w.path->steps) {
        path.push_back(Json{{"mover", conflict_.mover(step.mover).id},
                            {"changes", changes(conflict_, from, step.state)},
                            {"to", state(step.state)}});
        from = step.state;
      }
      out["path"] = std::move(path);
    }
    if (w.state) out["state"] = state(*w.state);
    return out;
  }

  Json opening(const Opening& o) const {
    Json out{{"measures", ids(o.measures)}, {"cost", o.cost}, {"efficient", o.efficient}};
    Json unwilling = Json::array();
    for (const auto& [measure, p] : o.unwilling)
      unwilling.push_back(Json{{"measure", conflict_.parts().measures[measure].id},
                               {"party", conflict_.party(p).id}});
    out["unwilling"] = std::move(unwilling);
    Json without = Json::object();
    for (std::size_t k = 0; k < o.measures.size(); ++k)
      without[conflict_.parts().measures[o.measures[k]].id] = without_word(o.without[k]);
    out["without"] = std::move(without);
    out["way"] = way(o.way);
    Json parties = Json::object();
    for (const PartyEffect& e : o.parties) {
      Json item{{"better", e.better}};
      if (e.in_points) {
        item["vital"] = e.vital;
        item["points"] = e.points;
      }
      item["comes_true"] = statements(e.party, e.gained);
      item["no_longer_true"] = statements(e.party, e.lost);
      parties[conflict_.party(e.party).id] = std::move(item);
    }
    out["parties"] = std::move(parties);
    return out;
  }

  Json goal(const GoalChange& g) const {
    const GoalInfo& info = conflict_.goals()[g.goal];
    Json out{{"goal", info.id},
             {"name", info.name},
             {"verdict", verdict_word(g.verdict)},
             {"end", end_word(g.end)},
             {"undecided_sets", g.undecided},
             {"now", way(g.now)}};
    const auto list = [&](const std::vector<Opening>& sets) {
      Json array = Json::array();
      for (const Opening& o : sets) array.push_back(opening(o));
      return array;
    };
    out["clean_total"] = g.clean_total;
    out["clean"] = list(g.clean);
    out["opening_total"] = g.opening_total;
    out["opening"] = list(g.opening);
    return out;
  }

  Json shifts(const Inverse& inverse) const {
    Json out{{"impossible", inverse.impossible},
             {"end", end_word(inverse.end)},
             {"most_shifts", inverse.most},
             {"every_step", inverse.every_step},
             {"pairs_only_down", inverse.pairs_only_down},
             {"pairs_left_out", inverse.pairs_left_out},
             {"tried", inverse.tried}};
    Json rules = Json::array();
    for (const std::size_t r : inverse.rules.rules) rules.push_back(conflict_.parts().rules[r].id);
    out["excluded_by"] = std::move(rules);
    Json sets = Json::array();
    for (const ShiftSet& set : inverse.sets) {
      Json items = Json::array();
      for (const Shift& s : set.shifts) items.push_back(shift(*inverse.conflict, s));
      sets.push_back(Json{{"size", set.size()}, {"least", set.least}, {"shifts", items}});
    }
    out["sets"] = std::move(sets);
    return out;
  }

  static Json shift(const Conflict& conflict, const Shift& s) {
    const PreferencePart* part = conflict.preference_part(s.party);
    const StatementPart& statement = part->statements.at(s.statement);
    Json out{{"party", conflict.party(s.party).id},
             {"statement", statement.id.empty() ? statement.when : statement.id}};
    switch (s.kind) {
      case ShiftKind::Drop:
        out["shift"] = "drop";
        break;
      case ShiftKind::NotVital:
        out["shift"] = "not_vital";
        break;
      case ShiftKind::Weight:
        out["shift"] = "weight";
        out["from"] = s.from.to_double();
        out["to"] = s.to.to_double();
        out["bound"] = s.bound.to_double();
        out["beyond"] = s.beyond;
        break;
      case ShiftKind::Order:
        out["shift"] = "order";
        out["from_place"] = s.from_place + 1;
        out["to_place"] = s.to_place + 1;
        break;
    }
    out["size"] = s.size;
    return out;
  }

 private:
  Json statements(PartyId p, const std::vector<std::size_t>& list) const {
    Json out = Json::array();
    const PreferencePart* part = conflict_.preference_part(p);
    for (const std::size_t k : list)
      out.push_back(part->statements[k].id.empty() ? part->statements[k].when
                                                   : part->statements[k].id);
    return out;
  }

  const Conflict& conflict_;
};

}  // namespace

std::string change_json(const Conflict& conflict, const MeasureSearch& search,
                        const MeasureSet& taken, const std::map<std::size_t, Inverse>& shifts,
                        bool as_perceived) {
  const Writer writer(conflict);
  Json out{{"schema", "wayout.change/1"}, {"wayout", std::string(version())}};
  out["title"] = conflict.parts().title;
  out["under"] = conflict.parts().under;
  out["taken"] = writer.ids(taken);
  out["as_perceived"] = as_perceived;
  out["end"] = end_word(search.end);
  out["most_measures"] = search.most;
  out["sets"] = search.sets;
  out["inadmissible_sets"] = search.inadmissible;
  out["idle_measures"] = writer.ids(search.idle);
  Json goals = Json::array();
  for (const GoalChange& g : search.goals) {
    goals.push_back(writer.goal(g));
    if (const auto it = shifts.find(g.goal); it != shifts.end())
      goals.back()["shifts"] = writer.shifts(it->second);
  }
  out["goals"] = std::move(goals);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string cheapest_json(const Conflict& conflict, const std::vector<Cheapest>& found,
                          const MeasureSet& taken, bool as_perceived) {
  const Writer writer(conflict);
  Json out{{"schema", "wayout.cheapest/1"}, {"wayout", std::string(version())}};
  out["title"] = conflict.parts().title;
  out["under"] = conflict.parts().under;
  out["taken"] = writer.ids(taken);
  out["as_perceived"] = as_perceived;
  Json goals = Json::array();
  for (const Cheapest& c : found) {
    const GoalInfo& info = conflict.goals()[c.goal];
    Json item{{"goal", info.id},
              {"name", info.name},
              {"least", c.least == Least::Cost ? "cost" : "number"},
              {"marked", c.marked},
              {"end", end_word(c.end)},
              {"proved", c.proved},
              {"bound", c.bound},
              {"judged", c.judged},
              {"undecided_sets", c.undecided},
              {"reasons", c.reasons}};
    item["best"] = c.best ? writer.opening(*c.best) : Json(nullptr);
    if (c.best) item["best"].erase("efficient");  // it is compared with no other set
    goals.push_back(std::move(item));
  }
  out["goals"] = std::move(goals);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wayout::cli
