#include "wayout/cli/trust_json.hpp"

#include <nlohmann/json.hpp>

#include "wayout/base/version.hpp"
#include "wayout/report/trust_text.hpp"

namespace wayout::cli {
namespace {

using Json = nlohmann::ordered_json;

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

const char* kind_word(UncertainKind kind) {
  switch (kind) {
    case UncertainKind::Weight:
      return "weight";
    case UncertainKind::Criterion:
      return "criterion";
    case UncertainKind::Value:
      return "value";
    case UncertainKind::Tempo:
      return "tempo";
    case UncertainKind::Rationality:
      return "rationality";
    case UncertainKind::Rate:
      return "rate";
    case UncertainKind::Share:
      return "share";
    case UncertainKind::Factor:
      return "factor";
    case UncertainKind::Cost:
      return "cost";
    case UncertainKind::Effect:
      return "effect";
    case UncertainKind::Order:
      return "order";
    case UncertainKind::StatusQuo:
      return "now";
  }
  return "weight";
}

Json label(const EnsembleOutcome& outcome, std::uint8_t answer) {
  if (answer >= outcome.labels.size()) return nullptr;
  return outcome.labels[answer];
}

Json share(const Share& s) {
  return {{"count", s.count}, {"share", s.share}, {"low", s.low}, {"high", s.high}};
}

Json index(const Index& x) { return {{"value", x.value}, {"low", x.low}, {"high", x.high}}; }

Json flip_json(const Conflict& conflict, const TrustReport& report, const EnsembleOutcome& outcome,
               const Flip& flip) {
  Json changes = Json::array();
  for (const std::size_t i : flip.inputs)
    changes.push_back({{"input", report.inputs[i].key},
                       {"to", input_value(conflict, report.inputs[i], flip.draws[i])}});
  return {{"answer", label(outcome, flip.verdict)},
          {"distance", flip.distance},
          {"changes", std::move(changes)}};
}

Json hinge_json(const Conflict& conflict, const TrustReport& report, const Hinge& hinge) {
  const EnsembleOutcome& outcome = report.outcomes[hinge.outcome];
  Json out{{"outcome", outcome.id}};
  Json bars = Json::array();
  for (const Bar& bar : hinge.tornado.bars)
    bars.push_back({{"input", report.inputs[report.groups[bar.group].inputs[0]].key},
                    {"low", bar.low},
                    {"high", bar.high}});
  out["one_at_a_time"] = {{"end", end_word(hinge.tornado.end)}, {"bars", std::move(bars)}};
  Json inputs = Json::array();
  for (std::size_t g = 0; g < hinge.sobol.total.size(); ++g)
    inputs.push_back({{"input", report.inputs[report.groups[g].inputs[0]].key},
                      {"first", index(hinge.sobol.first[g])},
                      {"total", index(hinge.sobol.total[g])}});
  out["variance"] = {{"end", end_word(hinge.sobol.end)},
                     {"rows", hinge.sobol.samples},
                     {"mean", hinge.sobol.mean},
                     {"variance", hinge.sobol.variance},
                     {"inputs", std::move(inputs)}};
  if (hinge.shapley) {
    Json shares = Json::array();
    for (std::size_t p = 0; p < hinge.shapley->share.size(); ++p)
      shares.push_back(
          {{"input", report.inputs[report.groups[hinge.shapley->players[p][0]].inputs[0]].key},
           {"share", index(hinge.shapley->share[p])}});
    out["shapley"] = std::move(shares);
  }
  out["flip"] = {
      {"end", end_word(hinge.flip.end)},
      {"profiles", hinge.flip.runs},
      {"no_single_input", hinge.flip.singles_exhausted &&
                              std::none_of(hinge.flip.alone.begin(), hinge.flip.alone.end(),
                                           [](const auto& f) { return f.has_value(); })},
      {"smallest", hinge.flip.smallest ? flip_json(conflict, report, outcome, *hinge.flip.smallest)
                                       : Json(nullptr)}};
  Json alone = Json::array();
  for (const auto& flip : hinge.flip.alone)
    if (flip) alone.push_back(flip_json(conflict, report, outcome, *flip));
  out["flip"]["alone"] = std::move(alone);
  return out;
}

}  // namespace

std::string trust_json(const Conflict& conflict, const TrustReport& report) {
  Json out{{"schema", "wayout.trust/1"}, {"wayout", std::string(version())}};
  out["end"] = end_word(report.end);
  out["seed"] = report.seed;
  out["samples"] = report.asked;
  out["finished"] = report.ensemble.finished;
  out["stopped"] = report.ensemble.stopped;
  out["faulty"] = report.ensemble.faulty;
  out["confidence"] = report.ensemble.confidence;
  Json inputs = Json::array();
  for (const Input& in : report.inputs) {
    Json item{{"input", in.key}, {"name", in.name}, {"kind", kind_word(in.kind)}};
    if (in.discrete()) {
      Json choices = Json::array();
      for (std::uint64_t k = 0; k < in.choices; ++k)
        choices.push_back(input_value(conflict, in, static_cast<std::int64_t>(k)));
      item["choices"] = std::move(choices);
    } else {
      item["value"] = in.value.to_double();
      item["low"] = in.low.to_double();
      item["high"] = in.high.to_double();
      item["ranged"] = in.ranged;
    }
    inputs.push_back(std::move(item));
  }
  out["inputs"] = std::move(inputs);
  Json outcomes = Json::array();
  for (std::size_t o = 0; o < report.outcomes.size(); ++o) {
    const EnsembleOutcome& outcome = report.outcomes[o];
    Json item{{"outcome", outcome.id}, {"name", outcome.name}};
    item["plain"] = label(outcome, report.plain[o]);
    Json answers = Json::array();
    for (std::size_t l = 0; l < outcome.labels.size(); ++l) {
      Json answer = share(report.ensemble.shares[o][l]);
      answer["answer"] = outcome.labels[l];
      answers.push_back(std::move(answer));
    }
    item["answers"] = std::move(answers);
    item["undecided"] = share(report.ensemble.no_answer[o]);
    outcomes.push_back(std::move(item));
  }
  out["outcomes"] = std::move(outcomes);
  Json hinges = Json::array();
  for (const Hinge& hinge : report.hinges) hinges.push_back(hinge_json(conflict, report, hinge));
  out["hinges"] = std::move(hinges);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wayout::cli
