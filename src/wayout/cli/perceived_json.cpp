#include "wayout/cli/perceived_json.hpp"

#include <nlohmann/json.hpp>

#include "wayout/report/words.hpp"

namespace wayout::cli {

Json surprises_json(const Conflict& conflict, const std::vector<Surprise>& surprises) {
  Json out = Json::array();
  for (const Surprise& s : surprises) {
    const auto answer = [&](const Answer& a) {
      Json steps = Json::array();
      State from = a.improvement;
      for (const Step& step : a.sanction) {
        steps.push_back(Json{{"mover", conflict.mover(step.mover).id},
                             {"changes", changes(conflict, from, step.state)}});
        from = step.state;
      }
      return Json{{"deterred", a.sanctioned}, {"answer", std::move(steps)}};
    };
    out.push_back(Json{{"party", conflict.party(s.party).id},
                       {"state", state_json(conflict, s.state)},
                       {"changes", changes(conflict, s.state, s.expected.improvement)},
                       {"expected", answer(s.expected)},
                       {"truth", answer(s.truth)}});
  }
  return out;
}

Json mistakes_json(const Conflict& conflict, const std::vector<Mistake>& mistakes) {
  Json out = Json::array();
  for (const Mistake& m : mistakes)
    out.push_back(Json{{"party", conflict.party(m.party).id}, {"step", m.step + 1}});
  return out;
}

Json place_errors_json(const Conflict& conflict, const PlaceErrors& errors, State at) {
  Json missed = Json::array();
  for (const Missed& m : errors.missed)
    missed.push_back(
        Json{{"mover", conflict.mover(m.mover).id}, {"changes", changes(conflict, at, m.to)}});
  return Json{{"course", path_of(conflict, errors.course)},
              {"surprises", mistakes_json(conflict, errors.mistakes)},
              {"missed", std::move(missed)}};
}

Json perceived_json(const Conflict& conflict, const WholeAnswer& whole) {
  const Standing& s = whole.answer.standing;
  Json drift = Json::array();
  for (std::size_t i = 0; i < s.errors.size(); ++i)
    drift.push_back(place_errors_json(conflict, s.errors[i], s.drift.sets[i][0]));
  Json goals = Json::array();
  for (const GoalAnswer& g : whole.answer.goals) {
    if (g.mistakes.empty() && g.surprises.empty()) continue;
    goals.push_back(Json{{"goal", conflict.goals()[g.goal].id},
                         {"steps", mistakes_json(conflict, g.mistakes)},
                         {"surprises", surprises_json(conflict, g.surprises)}});
  }
  Json truth = Json::array();
  if (whole.claims) truth.push_back("claims");
  if (whole.trust && whole.change) truth.push_back("ways");
  return Json{
      {"drift", std::move(drift)}, {"goals", std::move(goals)}, {"left_out", std::move(truth)}};
}

}  // namespace wayout::cli
