#include "wayout/report/trust_risk_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/risk_text.hpp"
#include "wayout/report/trust_parts.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

/// Inputs told one by one, at most.
constexpr std::size_t kMostBars = 12;

class Teller {
 public:
  Teller(const Conflict& conflict, const TrustRiskReport& report, const TextStyle& style)
      : conflict_(conflict), report_(report), style_(style) {}

  std::string run() {
    head();
    if (report_.inputs.empty()) return std::move(out_);
    spread();
    if (report_.tornado) bars(*report_.tornado);
    if (report_.sobol) variance(*report_.sobol);
    if (report_.flip) flip(*report_.flip);
    bounds();
    return std::move(out_);
  }

 private:
  void line(const std::string& text, std::size_t indent = 2) {
    out_ += wrap(text, style_.width, indent) + "\n";
  }

  std::string what() const {
    if (report_.of == "any") return "any catastrophe";
    for (const CatastrophePart& c : conflict_.parts().catastrophes)
      if (c.id == report_.of && !c.name.empty()) return c.name;
    return report_.of;
  }

  void head() {
    out_ += style_.bold("How far the risk stands") + "\n";
    std::string unit = report_.unit;
    if (!unit.empty() && report_.horizon != 1) unit += "s";
    line(fmt::format("The risk: {} within {:g}{}{}. In the plain run it is {}.", what(),
                     report_.horizon, unit.empty() ? "" : " ", unit,
                     percent(report_.plain.middle())));
    if (report_.inputs.empty()) {
      line(
          "Nothing in this case is uncertain: no number is a range, and [trust] gives no spread. "
          "Every sampled profile is the case itself.");
      return;
    }
    std::string text = fmt::format("{} (seed {}) of {}.",
                                   counted(report_.finished, "sampled profile", "sampled profiles"),
                                   report_.seed, told_inputs(report_.inputs));
    if (report_.end != End::Complete) {
      text += report_.end == End::Cancelled ? " Interrupted" : " Stopped at the time limit";
      text += report_.finished < report_.asked
                  ? fmt::format(": {} were asked for.", with_commas(report_.asked))
                  : std::string(" before all was found out that it hinges on.");
    }
    line(text);
    if (report_.faulty > 0)
      line(fmt::format("{} could not be built and count in nothing.",
                       counted(report_.faulty, "profile", "profiles")));
  }

  void spread() {
    if (report_.finished == report_.faulty) return;
    out_ += "\n" + style_.bold("Over the profiles") + "\n";
    line(fmt::format("  mean {} ({} to {}, its {:g} % interval); standard deviation {:.2g} points",
                     percent(report_.mean.value), percent(std::max(0.0, report_.mean.low)),
                     percent(std::min(1.0, report_.mean.high)), 100 * report_.confidence,
                     100 * report_.deviation));
    const double top = report_.at_most.back();
    for (std::size_t k = 0; k < kRiskShares.size(); ++k)
      out_ += fmt::format(
          "  {:>3.0f} % of them at most  {} {}\n", 100 * kRiskShares[k],
          share_bar(top > 0 ? 0.999 * report_.at_most[k] / top : 0, style_.width < 60 ? 8 : 20),
          percent(report_.at_most[k]));
    if (report_.below)
      line(fmt::format("It is at most {} in {} % of them ({} to {}).", percent(report_.level),
                       percent_of(report_.below->share), percent_of(report_.below->low),
                       percent_of(report_.below->high)));
  }

  void bars(const Tornado& tornado) {
    if (tornado.end != End::Complete) return;
    out_ += "\n" + heading(style_, "One input at a time", ", from end to end of its range");
    std::vector<InputRow> rows;
    const double widest = tornado.bars.empty() ? 0 : tornado.bars.front().width;
    for (const Bar& b : tornado.bars)
      if (b.width > 0 && rows.size() < kMostBars)
        rows.push_back(
            {b.group, 0.999 * b.width / widest, percent(b.low) + " to " + percent(b.high)});
    if (rows.empty()) {
      line("  No input changes it by itself.");
      return;
    }
    out_ += input_rows(report_.groups, rows, style_.width);
    const auto more = static_cast<std::size_t>(std::count_if(
        tornado.bars.begin(), tornado.bars.end(), [](const Bar& b) { return b.width > 0; }));
    if (more > rows.size())
      out_ += fmt::format("  … and {} more that change it less\n", more - rows.size());
  }

  void variance(const SobolResult& sobol) {
    if (sobol.end != End::Complete) return;
    out_ += "\n" + style_.bold("What the spread comes from") + "\n";
    if (sobol.variance == 0) {
      line(fmt::format("  In all {} profiles looked at for this it is the same.",
                       with_commas(2 * sobol.samples)));
      return;
    }
    line(
        fmt::format("Of the variance: alone (first order), and with all it acts together with "
                    "(total), from {} rows:",
                    with_commas(sobol.samples)));
    out_ += variance_rows(report_.groups, sobol, style_.width);
    if (report_.shapley && report_.shapley->variance > 0)
      line(shapley_line(report_.groups, *report_.shapley));
  }

  void flip(const FlipResult& f) {
    const std::string level = percent(report_.level);
    const bool under = f.plain == 1;
    out_ += "\n" +
            style_.bold(under ? "What would take it above " + level
                              : "What would bring it down to " + level) +
            "\n";
    if (f.plain == kNoAnswer) {
      line("  On which side of it the plain run lies is not decided by the bounds.");
      return;
    }
    if (!f.smallest) {
      line(fmt::format("  No change within the ranges was found that does{} ({}).",
                       f.singles_exhausted ? "; no single input does at the points looked at" : "",
                       counted(f.runs, "profile", "profiles")));
      return;
    }
    line(fmt::format("  The smallest change found: {}.",
                     told_changes(conflict_, report_.inputs, *f.smallest)));
    line(fmt::format(
        "  That is {:.2f} of half a range at the most{}.", f.smallest->distance,
        f.smallest->inputs.size() == 1 ? "" : "; no single input does at the points looked at"));
  }

  /// How exact all this is.
  void bounds() {
    if (report_.greatest_gap < 1e-9) return;
    out_ += "\n";
    line(fmt::format(
             "Of each profile the likeliest states were explored: its risk lies within {:.2g} "
             "points of what is told here, on average within {:.2g} (--max-states).",
             50 * report_.greatest_gap, 50 * report_.mean_gap),
         0);
  }

  const Conflict& conflict_;
  const TrustRiskReport& report_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string trust_risk_text(const Conflict& conflict, const TrustRiskReport& report,
                            const TextStyle& style) {
  return Teller(conflict, report, style).run();
}

}  // namespace wayout
