#include "wayout/cli/trust_json.hpp"

#include <nlohmann/json.hpp>

#include "wayout/base/version.hpp"
#include "wayout/report/trust_parts.hpp"

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

/// Results by input, for whoever holds inputs and groups.
class Writer {
 public:
  Writer(const Conflict& conflict, const std::vector<Input>& inputs,
         const std::vector<InputGroup>& groups)
      : conflict_(conflict), inputs_(inputs), groups_(groups) {}

  Json inputs() const {
    Json out = Json::array();
    for (const Input& in : inputs_) {
      Json item{{"input", in.key}, {"name", in.name}, {"kind", kind_word(in.kind)}};
      if (in.discrete()) {
        Json choices = Json::array();
        for (std::uint64_t k = 0; k < in.choices; ++k)
          choices.push_back(input_value(conflict_, in, static_cast<std::int64_t>(k)));
        item["choices"] = std::move(choices);
      } else {
        item["value"] = in.value.to_double();
        item["low"] = in.low.to_double();
        item["high"] = in.high.to_double();
        item["ranged"] = in.ranged;
      }
      out.push_back(std::move(item));
    }
    return out;
  }

  Json tornado(const Tornado& tornado) const {
    Json bars = Json::array();
    for (const Bar& bar : tornado.bars)
      bars.push_back({{"input", of_group(bar.group)}, {"low", bar.low}, {"high", bar.high}});
    return {{"end", end_word(tornado.end)}, {"bars", std::move(bars)}};
  }

  Json variance(const SobolResult& sobol) const {
    Json list = Json::array();
    for (std::size_t g = 0; g < sobol.total.size(); ++g)
      list.push_back({{"input", of_group(g)},
                      {"first", index(sobol.first[g])},
                      {"total", index(sobol.total[g])}});
    return {{"end", end_word(sobol.end)},
            {"rows", sobol.samples},
            {"mean", sobol.mean},
            {"variance", sobol.variance},
            {"inputs", std::move(list)}};
  }

  Json shapley(const ShapleyResult& shapley) const {
    Json shares = Json::array();
    for (std::size_t p = 0; p < shapley.share.size(); ++p)
      shares.push_back(
          {{"input", of_group(shapley.players[p][0])}, {"share", index(shapley.share[p])}});
    return shares;
  }

  /// `label` names a verdict.
  template <class Label>
  Json flips(const FlipResult& flip, Label label) const {
    const auto one = [&](const Flip& f) {
      Json changes = Json::array();
      for (const std::size_t i : f.inputs)
        changes.push_back(
            {{"input", inputs_[i].key}, {"to", input_value(conflict_, inputs_[i], f.draws[i])}});
      return Json{
          {"answer", label(f.verdict)}, {"distance", f.distance}, {"changes", std::move(changes)}};
    };
    Json out{{"end", end_word(flip.end)},
             {"profiles", flip.runs},
             {"no_single_input",
              flip.singles_exhausted && std::none_of(flip.alone.begin(), flip.alone.end(),
                                                     [](const auto& f) { return f.has_value(); })},
             {"smallest", flip.smallest ? one(*flip.smallest) : Json(nullptr)}};
    Json alone = Json::array();
    for (const auto& f : flip.alone)
      if (f) alone.push_back(one(*f));
    out["alone"] = std::move(alone);
    return out;
  }

 private:
  /// The first input stands for its group.
  const std::string& of_group(std::size_t g) const { return inputs_[groups_[g].inputs[0]].key; }

  const Conflict& conflict_;
  const std::vector<Input>& inputs_;
  const std::vector<InputGroup>& groups_;
};

Json hinge_json(const Writer& writer, const TrustReport& report, const Hinge& hinge) {
  const EnsembleOutcome& outcome = report.outcomes[hinge.outcome];
  Json out{{"outcome", outcome.id}};
  out["one_at_a_time"] = writer.tornado(hinge.tornado);
  out["variance"] = writer.variance(hinge.sobol);
  if (hinge.shapley) out["shapley"] = writer.shapley(*hinge.shapley);
  out["flip"] = writer.flips(hinge.flip, [&](std::uint8_t v) { return label(outcome, v); });
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
  const Writer writer(conflict, report.inputs, report.groups);
  out["inputs"] = writer.inputs();
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
  for (const Hinge& hinge : report.hinges) hinges.push_back(hinge_json(writer, report, hinge));
  out["hinges"] = std::move(hinges);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string trust_risk_json(const Conflict& conflict, const TrustRiskReport& report) {
  Json out{{"schema", "wayout.trust_risk/1"}, {"wayout", std::string(version())}};
  out["end"] = end_word(report.end);
  out["of"] = report.of;
  out["horizon"] = report.horizon;
  out["unit"] = report.unit;
  out["seed"] = report.seed;
  out["samples"] = report.asked;
  out["finished"] = report.finished;
  out["faulty"] = report.faulty;
  out["confidence"] = report.confidence;
  const Writer writer(conflict, report.inputs, report.groups);
  out["inputs"] = writer.inputs();
  out["plain"] = {{"lower", report.plain.lower}, {"upper", report.plain.upper}};
  if (report.finished > report.faulty) {
    out["mean"] = index(report.mean);
    out["deviation"] = report.deviation;
    Json at_most = Json::array();
    for (std::size_t k = 0; k < kRiskShares.size(); ++k)
      at_most.push_back({{"share", kRiskShares[k]}, {"risk", report.at_most[k]}});
    out["at_most"] = std::move(at_most);
    if (report.below) {
      out["below"] = share(*report.below);
      out["below"]["level"] = report.level;
    }
  }
  out["exact"] = report.exact;
  out["greatest_gap"] = report.greatest_gap;
  out["mean_gap"] = report.mean_gap;
  if (report.tornado) out["one_at_a_time"] = writer.tornado(*report.tornado);
  if (report.sobol) out["variance"] = writer.variance(*report.sobol);
  if (report.shapley) out["shapley"] = writer.shapley(*report.shapley);
  if (report.flip)
    out["flip"] =
        writer.flips(*report.flip, [](std::uint8_t v) { return v == 1 ? "at most" : "above"; });
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wayout::cli
