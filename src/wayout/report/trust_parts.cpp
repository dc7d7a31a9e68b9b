#include "wayout/report/trust_parts.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

constexpr std::size_t kNarrow = 80;  ///< names above the bars under this width
constexpr std::size_t kMostRows = 8;

}  // namespace

std::string percent_of(double share) {
  const double p = 100 * share;
  if (share > 0 && p < 0.1) return "<0.1";
  if (share < 1 && p > 99.9) return ">99.9";
  return p < 10 || p > 90 ? fmt::format("{:.3g}", std::round(p * 10) / 10)
                          : fmt::format("{:.0f}", p);
}

std::string share_bar(double share, std::size_t cells) {
  const double clean = std::clamp(share, 0.0, 1.0);
  auto full = static_cast<std::size_t>(std::lround(clean * static_cast<double>(cells)));
  if (share > 0 && full == 0) full = 1;
  if (share < 1 && full == cells) full = cells - 1;
  std::string out;
  for (std::size_t k = 0; k < cells; ++k) out += k < full ? "█" : "·";
  return out;
}

std::string input_rows(std::span<const InputGroup> groups, std::span<const InputRow> rows,
                       std::size_t width) {
  std::size_t names = 20;
  std::size_t figures = 0;
  for (const InputRow& row : rows) {
    names = std::max(names, columns(groups[row.group].name));
    figures = std::max(figures, columns(row.figures));
  }
  const bool above = width < kNarrow;
  if (!above) names = std::min(names, width - 52);
  const std::size_t left = width > figures + 5 ? width - figures - 5 : 0;
  const std::size_t cells = !above ? 20 : left < 4 ? 0 : std::min<std::size_t>(20, left);
  std::string out;
  for (const InputRow& row : rows) {
    const std::string& name = groups[row.group].name;
    const std::string bar = cells > 0 ? share_bar(row.share, cells) + " " : "";
    out += above ? named_row("  ", name, 0, bar + row.figures, width)
                 : named_row("  ", cut(name, names), names, " " + bar + row.figures, width);
  }
  return out;
}

std::string told_inputs(std::span<const Input> inputs) {
  std::map<UncertainKind, std::size_t> kinds;
  for (const Input& in : inputs) ++kinds[in.kind];
  const std::map<UncertainKind, std::pair<const char*, const char*>> words = {
      {UncertainKind::Weight, {"weight", "weights"}},
      {UncertainKind::Criterion, {"criterion", "criteria"}},
      {UncertainKind::Value, {"value of a level", "values of levels"}},
      {UncertainKind::Tempo, {"tempo", "tempos"}},
      {UncertainKind::Rationality, {"rationality", "rationalities"}},
      {UncertainKind::Rate, {"rate", "rates"}},
      {UncertainKind::Share, {"share", "shares"}},
      {UncertainKind::Factor, {"factor", "factors"}},
      {UncertainKind::Cost, {"cost", "costs"}},
      {UncertainKind::Effect, {"effect", "effects"}},
      {UncertainKind::Order, {"order of statements", "orders of statements"}},
      {UncertainKind::StatusQuo, {"level of today", "levels of today"}}};
  std::vector<std::string> parts;
  for (const auto& [kind, n] : kinds)
    parts.push_back(counted(n, words.at(kind).first, words.at(kind).second));
  return counted(inputs.size(), "uncertain input", "uncertain inputs") + ": " + join_and(parts);
}

std::string variance_rows(std::span<const InputGroup> groups, const SobolResult& sobol,
                          std::size_t width) {
  std::vector<std::size_t> order(groups.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sobol.total[a].value > sobol.total[b].value;
  });
  order.resize(std::min(order.size(), kMostRows));
  std::vector<InputRow> rows;
  for (const std::size_t g : order) {
    const Index& first = sobol.first[g];
    const Index& total = sobol.total[g];
    if (total.value <= 0) break;
    rows.push_back({g, total.value,
                    fmt::format("{:>3.0f} % alone, {:.0f} % (± {:.0f}) in all",
                                std::max(0.0, 100 * first.value), 100 * total.value,
                                50 * (total.high - total.low))});
  }
  return input_rows(groups, rows, width);
}

std::string shapley_line(std::span<const InputGroup> groups, const ShapleyResult& shapley) {
  std::vector<std::string> shares;
  for (std::size_t p = 0; p < shapley.players.size(); ++p)
    if (shapley.share[p].value > 0.005)
      shares.push_back(fmt::format("{} {:.0f} %", groups[shapley.players[p][0]].name,
                                   100 * shapley.share[p].value));
  return "Shared out fairly (Shapley): " + join(shares, "; ") + ".";
}

std::string told_changes(const Conflict& conflict, std::span<const Input> inputs,
                         const Flip& flip) {
  std::vector<std::string> changes;
  for (const std::size_t i : flip.inputs) {
    const Input& in = inputs[i];
    std::string text = in.name + ": " + input_value(conflict, in, flip.draws[i]);
    if (!in.discrete())
      text += fmt::format(" instead of {} (range {} to {})", in.value.to_string(),
                          in.low.to_string(), in.high.to_string());
    changes.push_back(std::move(text));
  }
  return join(changes, "; ");
}

std::string input_value(const Conflict& conflict, const Input& input, std::int64_t drawn) {
  if (input.kind == UncertainKind::Order)
    return drawn == 0 ? "in the order of the file" : "the other way round";
  if (input.kind == UncertainKind::StatusQuo) {
    const OptionInfo& o = conflict.option(OptionId(input.at[0]));
    const OptionPart& part = conflict.parts().options[input.at[0]];
    int level = o.now;
    if (drawn > 0)
      level = level_of(o, part.or_now.at(static_cast<std::size_t>(drawn) - 1)).value_or(o.now);
    return o.levels.at(static_cast<std::size_t>(level));
  }
  return Decimal::of(drawn, input.places).to_string();
}

}  // namespace wayout
