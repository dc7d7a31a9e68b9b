#include "wayout/report/risk_text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/perceived_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

std::string number(double x) {
  if (std::isinf(x)) return "infinite";
  return fmt::format("{:.4g}", x);
}

/// "months", and "month" after "1".
std::string unit_of(const std::string& value, const RiskAnswer& answer) {
  return answer.unit + (value == "1" ? "" : "s");
}
std::string span(double time, const RiskAnswer& answer) {
  return number(time) + " " + unit_of(number(time), answer);
}

/// A bar of eighths of a cell.
std::string bar(double share, std::size_t cells) {
  static const char* const kPart[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(
      std::lround(8.0 * static_cast<double>(cells) * std::clamp(share, 0.0, 1.0)));
  std::string out;
  for (std::size_t i = 0; i < eighths / 8; ++i) out += "█";
  out += kPart[eighths % 8];
  const std::size_t used = eighths / 8 + (eighths % 8 != 0 ? 1 : 0);
  return out + std::string(cells - used, ' ');
}

std::string rationality_words(const Conflict& conflict, const RiskAnswer& answer) {
  if (answer.rationality.empty()) return "nobody acts";
  const double first = answer.rationality[0].second;
  const bool same = std::all_of(answer.rationality.begin(), answer.rationality.end(),
                                [first](const auto& r) { return r.second == first; });
  if (same) return "rationality " + number(first) + " of every mover";
  std::vector<std::string> list;
  for (const auto& [m, value] : answer.rationality)
    list.push_back(conflict.mover(m).id + " " + number(value));
  return "rationality " + join_and(list);
}

void rows(const RiskAnswer& answer, const TextStyle& style, std::string& out) {
  std::size_t width = 16;
  for (const RiskRow& row : answer.catastrophes) width = std::max(width, row.id.size() + 2);
  const auto line = [&](const std::string& id, const RiskRow& row) {
    std::string text = fmt::format("  {:<{}}  {:>10}", id, width, percent(row.by));
    if (row.alone) text += fmt::format("   alone {:>8}", percent(*row.alone));
    if (columns(text) > style.width) text = wrap(text, style.width, 6);
    if (row.id.empty() || row.name == row.id)
      out += text + "\n";
    else
      out += beside(text + "  ", row.name, style.width);
  };
  line("any catastrophe", answer.any);
  for (const RiskRow& row : answer.catastrophes) line("  " + row.id, row);
  if (answer.catastrophes.size() > 1)
    out +=
        wrap(
            "alone: with the other catastrophes switched off, which otherwise come first now and "
            "then.",
            style.width, 2) +
        "\n";
}

void eventual(const RiskAnswer& answer, const TextStyle& style, std::string& out) {
  if (!answer.any.ever) return;
  out += "\n" + style.bold("For good") + "\n";
  const auto line = [&](const std::string& id, const RiskRow& row) {
    if (!row.ever) return;
    const Eventual& e = *row.ever;
    std::string text = fmt::format("{}: {}", id, percent(Interval{e.lower, e.upper}));
    if (e.expected_time)
      text += fmt::format(", after {} on average if it happens", span(*e.expected_time, answer));
    if (e.only_because_nothing_else_absorbs)
      text += "; this is certain only because nothing else ever ends the course of events";
    out += wrap("- " + text + ".", style.width, 2) + "\n";
  };
  line("any catastrophe", answer.any);
  if (answer.catastrophes.size() > 1)
    for (const RiskRow& row : answer.catastrophes) line(row.id, row);
}

void contributions(const Conflict& conflict, const RiskAnswer& answer, const TextStyle& style,
                   std::string& out) {
  if (answer.by_hazard.empty()) return;
  out += "\n" + style.bold("What it comes from, by the horizon") + "\n";
  double sum = 0;
  for (std::size_t h = 0; h < answer.by_hazard.size(); ++h) {
    sum += answer.by_hazard[h];
    const HazardPart& part = conflict.parts().hazards[h];
    const std::string name = part.name.empty()
                                 ? "hazard " + (part.id.empty() ? std::to_string(h + 1) : part.id)
                                 : part.name;
    out += beside(fmt::format("  {:>8}  ", percent(answer.by_hazard[h])), name, style.width);
  }
  const double moves = answer.any.by.middle() - sum;
  if (moves > 1e-9)
    out += beside(fmt::format("  {:>8}  ", percent(moves)),
                  "moves of the parties into a catastrophe", style.width);
}

/// What a tenth more of each number changes, the most first; at most `most` lines of `unit`.
std::string hinge_lines(const RiskAnswer& answer, const std::vector<double>& slope, double times,
                        const std::string& unit, std::size_t most, std::size_t width) {
  std::vector<std::size_t> order;
  const auto effect = [&](std::size_t i) {
    const double x = answer.inputs[i].value;
    return std::isinf(x) ? 0 : slope[i] * x * 0.1;
  };
  for (std::size_t i = 0; i < slope.size(); ++i)
    if (std::abs(effect(i)) > 1e-12) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(effect(a)) > std::abs(effect(b));
  });
  std::string out;
  for (std::size_t k = 0; k < order.size() && k < most; ++k) {
    const RiskInput& input = answer.inputs[order[k]];
    out += beside(fmt::format("  {:>+8.3f} {}  ", times * effect(order[k]), unit),
                  input.name + " = " + number(input.value), width);
  }
  if (order.size() > most) out += fmt::format("  … and {} more (--limit)\n", order.size() - most);
  return out;
}

void hinges(const RiskAnswer& answer, const TextStyle& style, std::size_t most, std::string& out) {
  const std::string told =
      hinge_lines(answer, answer.any.by_slope.by, 100, "points", most, style.width);
  if (!told.empty())
    out += "\n" +
           heading(style, "What it hangs on", " (a tenth more of the number changes the risk by)") +
           told;
  const auto block = [&](const std::string& what, const Derivatives& slope, double times,
                         const std::string& unit) {
    const std::string lines = hinge_lines(answer, slope.by, times, unit, most, style.width);
    if (!lines.empty())
      out += "\n" + wrap(what + " (a tenth more of the number changes it by)", style.width, 2) +
             "\n" + lines;
  };
  const std::string unit = answer.unit + "s";
  for (const RiskRow& row : answer.catastrophes)
    block(row.name + " alone", row.alone_slope, 100, "points");
  if (answer.any.ever)
    block("The time until any catastrophe, if one happens", answer.any.time_slope, 1, unit);
  if (answer.catastrophes.size() > 1)
    for (const RiskRow& row : answer.catastrophes)
      block("The time until " + row.name + ", if it happens", row.time_slope, 1, unit);
  block("The time until anything ends the course of events", answer.end_slope, 1, unit);
}

}  // namespace

std::string percent(double p) {
  const double x = 100 * p;
  if (p <= 0) return "0 %";
  if (p >= 1) return "100 %";
  if (x < 0.001) return fmt::format("{:.1e} %", x);
  if (x < 1) return fmt::format("{:.2g} %", x);
  if (x > 99.9) return fmt::format("{:.4g} %", x);
  return fmt::format("{:.1f} %", x);
}

std::string percent(const Interval& p) {
  const std::string low = percent(p.lower);
  const std::string high = percent(p.upper);
  if (low == high || p.upper - p.lower < 1e-9) return percent(p.middle());
  return low + " to " + high;
}

std::string risk_text(const Conflict& conflict, State start, const RiskAnswer& answer,
                      const std::vector<std::vector<State>>& drift,
                      const std::vector<MeasureRisk>& measures, std::optional<double> below,
                      const TextStyle& style, std::size_t most) {
  std::string out = style.bold("How dangerous it is") + "\n";
  out += wrap(
             "The analyst's judgement worked out, and no forecast: every figure follows from the "
             "tempos, the rationality and the rates in the file.",
             style.width) +
         "\n";
  out += wrap("From: " + describe_state(conflict, start) + ".", style.width, 2) + "\n";
  out += wrap(fmt::format("Within {}, with {}; a party's move changes {}.",
                          span(answer.horizon, answer), rationality_words(conflict, answer),
                          answer.one_option ? "one option" : "any number of options"),
              style.width, 2) +
         "\n";
  if (answer.as_perceived)
    out += wrap(as_perceived_sentence(conflict) +
                    " What happens, hazards and catastrophes included, is the true dispute's.",
                style.width, 2) +
           "\n";
  else if (has_beliefs(conflict))
    out += wrap(beliefs_left_out(), style.width, 2) + "\n";
  if (answer.end == End::Cancelled)
    out += wrap("Interrupted: what follows is what was known by then.", style.width, 2) + "\n";
  rows(answer, style, out);
  if (!answer.complete)
    out += wrap(fmt::format(
                    "Only {} were explored, the likeliest; the course of events leaves them with "
                    "probability {}. Figures are bounds that hold whatever is outside "
                    "(--max-states).",
                    counted(answer.states, "state", "states"), percent(answer.outside.upper)),
                style.width, 2) +
           "\n";
  if (!answer.any.curve.empty()) {
    out += "\n" + style.bold("Any catastrophe by time") + "\n";
    std::size_t cells = std::min<std::size_t>(40, style.width > 50 ? style.width - 40 : 10);
    std::size_t figures = 0;
    for (const Interval& p : answer.any.curve) figures = std::max(figures, columns(percent(p)));
    const std::size_t taken = 16 + answer.unit.size() + figures;
    cells = std::min(cells, style.width > taken ? style.width - taken : 0);
    double top = 0;
    for (const Interval& p : answer.any.curve) top = std::max(top, p.middle());
    for (std::size_t i = 0; i < answer.times.size(); ++i)
      out += fmt::format("  {:>8} {:<{}}  {}  {}\n", number(answer.times[i]),
                         unit_of(number(answer.times[i]), answer), answer.unit.size() + 1,
                         bar(top > 0 ? answer.any.curve[i].middle() / top : 0, cells),
                         percent(answer.any.curve[i]));
  }
  contributions(conflict, answer, style, out);
  if (!answer.paths.empty()) {
    out += "\n" + heading(style, "The single most likely way to each",
                          " (product of the chances of its moves)");
    for (const RiskPath& path : answer.paths) {
      std::string text = path.catastrophe + ", " + percent(path.probability) + ": ";
      for (std::size_t i = 1; i < path.states.size(); ++i)
        text += describe_changes(conflict, path.states[i - 1], path.states[i]) + "; then ";
      if (path.hazard) {
        const HazardPart& part = conflict.parts().hazards[*path.hazard];
        text += part.name.empty() ? "hazard " + part.id : part.name;
      } else if (path.states.size() > 1) {
        text.resize(text.size() - 7);
      } else {
        text += "it is so from the start";
      }
      out += wrap("- " + text + ".", style.width, 2) + "\n";
    }
  }
  eventual(answer, style, out);
  if (answer.box) {
    const BoxRange& b = *answer.box;
    out += "\n" + style.bold("Over the ranges of the numbers") + "\n";
    out += wrap(b.exact
                    ? fmt::format("Any catastrophe: {} to {}, exactly: it grows with each of them.",
                                  percent(b.inner_least), percent(b.inner_greatest))
                    : fmt::format(
                          "Any catastrophe: {} to {} is attained with fixed numbers; it cannot "
                          "leave {} to {}, even if they vary within their ranges over time.",
                          percent(b.inner_least), percent(b.inner_greatest), percent(b.outer_least),
                          percent(b.outer_greatest)),
                style.width, 2) +
           "\n";
  }
  if (answer.behaviour) {
    const Extremes& x = *answer.behaviour;
    out += "\n" + style.bold("If nothing is known of how they choose") + "\n";
    out += wrap(fmt::format("Any catastrophe: at least {}, at most {}, at these tempos.{}",
                            percent(Interval{x.least_lower, x.least_upper}),
                            percent(Interval{x.greatest_lower, x.greatest_upper}),
                            x.end == End::Complete ? "" : " The bounds did not meet at the limit."),
                style.width, 2) +
           "\n";
  }
  hinges(answer, style, most, out);
  if (below) {
    out += "\n" +
           heading(style,
                   fmt::format("What would have to be true for the risk to be {}", percent(*below)),
                   " (one number at a time)");
    bool some = false;
    for (const Need& need : answer.needs) {
      if (!need.value) continue;
      some = true;
      const RiskInput& input = answer.inputs[need.input];
      out += wrap(fmt::format("  {} = {} instead of {}", input.name, number(*need.value),
                              number(input.value)),
                  style.width, 4) +
             "\n";
    }
    if (!some) out += "  No single number does it.\n";
  }
  std::vector<const RiskRow*> goals;
  for (const RiskRow& row : answer.goals) goals.push_back(&row);
  if (!goals.empty()) {
    out += "\n" + heading(style, "Goals met at some time by the horizon, before a catastrophe");
    for (const RiskRow* row : goals)
      out += beside(fmt::format("  {:>8}  ", percent(row->by)), row->name, style.width);
  }
  if (!answer.drift.empty()) {
    out += "\n" + heading(style, "Where it goes if nothing changes",
                          " (first resting place reached by the horizon)");
    std::vector<std::size_t> order(answer.drift.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return answer.drift[a] > answer.drift[b];
    });
    for (std::size_t k = 0; k < order.size() && k < most; ++k) {
      const State s = drift[order[k]].front();
      out +=
          wrap(fmt::format("- {}: {}", percent(answer.drift[order[k]]),
                           s == start ? "where it stands" : describe_changes(conflict, start, s)),
               style.width, 2) +
          "\n";
    }
    if (order.size() > most) out += fmt::format("  … and {} more (--limit)\n", order.size() - most);
  }
  if (!measures.empty()) {
    out += "\n" + heading(style, "Measures, each by itself, by risk removed for their cost");
    for (const MeasureRisk& m : measures) {
      if (!m.fault.empty()) {
        out += wrap(fmt::format("- {}: not judged, {}", m.name, m.fault), style.width, 2) + "\n";
        continue;
      }
      out += wrap(fmt::format("- {}: {} ({:+.2f} points, cost {})", m.name, percent(m.by),
                              -100 * m.removed.value_or(0), number(m.cost)),
                  style.width, 2) +
             "\n";
    }
  }
  out +=
      "\n" +
      style.dim(wrap(fmt::format("{}, {} transitions; truncation below {:.0e}{}",
                                 counted(answer.states, "state", "states"),
                                 with_commas(answer.transitions), std::max(answer.error, 1e-16),
                                 answer.any.ever ? fmt::format(", residual {:.0e}", answer.residual)
                                                 : std::string()),
                     style.width, 2)) +
      "\n";
  return out;
}

}  // namespace wayout
