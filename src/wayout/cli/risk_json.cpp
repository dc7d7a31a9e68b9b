#include "wayout/cli/risk_json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "wayout/cli/json_parts.hpp"

namespace wayout::cli {
namespace {

Json number(double x) {
  if (std::isinf(x)) return "inf";
  return x;
}

Json interval(const Interval& x) { return Json{{"lower", x.lower}, {"upper", x.upper}}; }

Json slopes(const RiskAnswer& answer, const Derivatives& d) {
  Json out = Json::object();
  for (std::size_t i = 0; i < d.by.size(); ++i) out[answer.inputs[i].id] = d.by[i];
  return out;
}

Json row(const RiskAnswer& answer, const RiskRow& r) {
  Json out{{"id", r.id.empty() ? "any" : r.id}, {"name", r.name}, {"by", interval(r.by)}};
  Json curve = Json::array();
  for (const Interval& x : r.curve) curve.push_back(interval(x));
  out["curve"] = std::move(curve);
  if (r.alone) out["alone"] = interval(*r.alone);
  if (!r.alone_slope.by.empty()) out["alone_derivatives"] = slopes(answer, r.alone_slope);
  if (r.ever) {
    Json ever{{"value", r.ever->value}, {"lower", r.ever->lower}, {"upper", r.ever->upper}};
    ever["only_because_nothing_else_absorbs"] = r.ever->only_because_nothing_else_absorbs;
    if (r.ever->expected_time) ever["expected_time"] = *r.ever->expected_time;
    if (!r.ever_slope.by.empty()) ever["derivatives"] = slopes(answer, r.ever_slope);
    if (!r.time_slope.by.empty()) ever["time_derivatives"] = slopes(answer, r.time_slope);
    out["ever"] = std::move(ever);
  }
  if (!r.by_slope.by.empty()) out["derivatives"] = slopes(answer, r.by_slope);
  return out;
}

}  // namespace

std::string risk_json(const Conflict& conflict, State start_state, const RiskAnswer& answer,
                      const std::vector<std::vector<State>>& drift,
                      const std::vector<MeasureRisk>& measures, std::optional<double> below) {
  Json out = start("wayout.risk/1");
  out["case"] = case_of(conflict);
  out["end"] = end_word(answer.end);
  out["from"] = state_json(conflict, start_state);
  out["horizon"] = answer.horizon;
  out["unit"] = answer.unit;
  Json rationality = Json::object();
  for (const auto& [m, value] : answer.rationality)
    rationality[conflict.mover(m).id] = number(value);
  out["rationality"] = std::move(rationality);
  out["one_option"] = answer.one_option;
  out["as_perceived"] = answer.as_perceived;
  out["states"] = answer.states;
  out["transitions"] = answer.transitions;
  out["complete"] = answer.complete;
  out["outside"] = interval(answer.complete ? Interval{0, 0} : answer.outside);
  Json inputs = Json::array();
  for (const RiskInput& i : answer.inputs)
    inputs.push_back(Json{{"id", i.id},
                          {"kind", input_kind_name(i.kind)},
                          {"name", i.name},
                          {"value", number(i.value)},
                          {"low", number(i.low)},
                          {"high", number(i.high)}});
  out["inputs"] = std::move(inputs);
  out["times"] = answer.times;
  out["any"] = row(answer, answer.any);
  out["catastrophes"] = Json::array();
  for (const RiskRow& r : answer.catastrophes) out["catastrophes"].push_back(row(answer, r));
  out["goals"] = Json::array();
  for (const RiskRow& r : answer.goals) out["goals"].push_back(row(answer, r));
  if (answer.expected_end) out["expected_end"] = *answer.expected_end;
  if (!answer.end_slope.by.empty())
    out["expected_end_derivatives"] = slopes(answer, answer.end_slope);
  Json hazards = Json::array();
  for (std::size_t h = 0; h < answer.by_hazard.size(); ++h) {
    const HazardPart& part = conflict.parts().hazards[h];
    hazards.push_back(Json{{"hazard", part.id.empty() ? std::to_string(h + 1) : part.id},
                           {"probability", answer.by_hazard[h]}});
  }
  out["by_hazard"] = std::move(hazards);
  Json spent = Json::array();
  for (const RiskTime& t : answer.spent)
    spent.push_back(Json{{"id", t.what}, {"share", t.share}, {"time", t.time}});
  out["time_spent"] = std::move(spent);
  Json paths = Json::array();
  for (const RiskPath& p : answer.paths) {
    Json states = Json::array();
    for (const State s : p.states) states.push_back(state_json(conflict, s));
    Json path{{"catastrophe", p.catastrophe}, {"probability", p.probability}};
    path["states"] = std::move(states);
    if (p.hazard) {
      const HazardPart& part = conflict.parts().hazards[*p.hazard];
      path["hazard"] = part.id.empty() ? std::to_string(*p.hazard + 1) : part.id;
    }
    paths.push_back(std::move(path));
  }
  out["paths"] = std::move(paths);
  if (!answer.drift.empty()) {
    Json places = Json::array();
    for (std::size_t i = 0; i < answer.drift.size(); ++i)
      places.push_back(Json{{"probability", answer.drift[i]},
                            {"size", drift[i].size()},
                            {"state", state_json(conflict, drift[i].front())}});
    out["drift"] = std::move(places);
  }
  if (answer.box)
    out["ranges"] = Json{{"attained_least", answer.box->inner_least},
                         {"attained_greatest", answer.box->inner_greatest},
                         {"bound_least", answer.box->outer_least},
                         {"bound_greatest", answer.box->outer_greatest},
                         {"exact", answer.box->exact}};
  if (answer.behaviour) {
    const Extremes& x = *answer.behaviour;
    out["behaviour"] = Json{{"least", interval({x.least_lower, x.least_upper})},
                            {"greatest", interval({x.greatest_lower, x.greatest_upper})},
                            {"end", end_word(x.end)}};
  }
  if (below) {
    Json needs = Json::array();
    for (const Need& n : answer.needs) {
      Json need{{"input", answer.inputs[n.input].id}, {"probability", n.probability}};
      need["value"] = n.value ? Json(*n.value) : Json(nullptr);
      needs.push_back(std::move(need));
    }
    out["below"] = *below;
    out["needs"] = std::move(needs);
  }
  if (!measures.empty()) {
    Json list = Json::array();
    for (const MeasureRisk& m : measures) {
      Json item{{"measure", m.id}, {"cost", m.cost}};
      if (m.fault.empty()) {
        item["by"] = interval(m.by);
        item["removed"] = m.removed.value_or(0);
      } else {
        item["fault"] = m.fault;
      }
      list.push_back(std::move(item));
    }
    out["measures"] = std::move(list);
  }
  out["uniformisation_rate"] = answer.uniformisation_rate;
  out["steps"] = answer.steps;
  out["truncation"] = answer.error;
  out["residual"] = answer.residual;
  return dump(out);
}

}  // namespace wayout::cli
