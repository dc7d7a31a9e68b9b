#include "wayout/report/trust_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/trust_parts.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

class Teller {
 public:
  Teller(const Conflict& conflict, const TrustReport& report, const TextStyle& style)
      : conflict_(conflict), report_(report), style_(style) {}

  std::string run() {
    head();
    if (report_.inputs.empty()) return std::move(out_);
    standing();
    rest();
    for (const Hinge& hinge : report_.hinges) tell(hinge);
    return std::move(out_);
  }

 private:
  void line(const std::string& text, std::size_t indent = 2) {
    out_ += wrap(text, style_.width, indent) + "\n";
  }

  void head() {
    out_ += style_.bold("How far the answer stands") + "\n";
    if (report_.inputs.empty()) {
      line(
          "Nothing in this case is uncertain: no number is a range, and [trust] gives no spread. "
          "Every sampled profile is the case itself: the answer stands as far as the case does.");
      return;
    }
    const EnsembleResult& e = report_.ensemble;
    std::string text = fmt::format("{} (seed {}) of {}.",
                                   counted(e.finished, "sampled profile", "sampled profiles"),
                                   report_.seed, told_inputs(report_.inputs));
    if (e.stopped) text += " Stopped by the rule: the intervals are narrow enough.";
    if (e.end == End::Cancelled)
      text += fmt::format(" Interrupted: {} were asked for.", with_commas(report_.asked));
    if (e.end == End::Limit)
      text +=
          fmt::format(" Stopped at the time limit: {} were asked for.", with_commas(report_.asked));
    text +=
        fmt::format(" Behind each share its {:g} % interval; * marks the answer of the plain run.",
                    100 * e.confidence);
    line(text);
    if (e.faulty > 0)
      line(fmt::format("{} could not be built ({}) and count as undecided.",
                       counted(e.faulty, "profile", "profiles"),
                       e.fault.empty() ? std::string("fault") : e.fault.front().message));
  }

  /// The stability of the status quo: a table of yes-shares.
  void standing() {
    const std::size_t concepts = kClassicalConcepts.size();
    const std::size_t parties = conflict_.party_count();
    if (report_.outcomes.size() < concepts * (parties + 1) + 1 ||
        report_.outcomes[0].id.rfind("stable/", 0) != 0)
      return;
    out_ += "\n" + style_.bold("The status quo") + "\n";
    std::size_t width = 20;
    for (const PartyId p : conflict_.parties())
      width = std::max(width, columns(conflict_.party(p).name));
    width = std::min<std::size_t>(width, 36);
    // Where the terminal is narrow, names go on below, and then stand above their row.
    const std::size_t cell = style_.width < 4 + 9 * concepts ? 7 : 9;
    const bool narrow = 2 + width + cell * concepts > style_.width;
    if (narrow)
      width = 2 + 20 + cell * concepts > style_.width ? 0 : style_.width - 2 - cell * concepts;
    std::string head = width > 0 ? "  " + padded("stable for", width) : "  stable for\n    ";
    for (const Concept c : kClassicalConcepts)
      head += fmt::format("{:>{}}", concept_title(c), cell);
    out_ += style_.dim(head) + "\n";
    const auto row = [&](const std::string& name, std::size_t first) {
      std::string text;
      for (std::size_t c = 0; c < concepts; ++c) {
        const std::size_t o = first + c;
        const std::string share = percent_of(report_.ensemble.shares[o][1].share) + " %";
        text += fmt::format("{:>{}}{}", share, cell - 1, report_.plain[o] == 1 ? "*" : " ");
      }
      while (text.back() == ' ') text.pop_back();
      out_ += named_row("  ", narrow ? name : cut(name, width), width, text, style_.width);
    };
    for (const PartyId p : conflict_.parties()) row(conflict_.party(p).name, concepts * p.index());
    row("all (equilibrium)", concepts * parties);
    told_ = concepts * (parties + 1);
  }

  void rest() {
    for (std::size_t o = told_; o < report_.outcomes.size(); ++o) {
      const EnsembleOutcome& outcome = report_.outcomes[o];
      out_ += "\n" + wrap(style_.bold(outcome.name), style_.width, 0) + "\n";
      std::size_t width = 0;
      for (const std::string& label : outcome.labels) width = std::max(width, columns(label));
      for (std::size_t l = 0; l < outcome.labels.size(); ++l) {
        const Share& s = report_.ensemble.shares[o][l];
        if (s.count == 0 && report_.plain[o] != l) continue;
        share_line(outcome.labels[l], width, s, report_.plain[o] == l);
      }
      const Share& none = report_.ensemble.no_answer[o];
      if (none.count > 0) share_line("undecided", width, none, report_.plain[o] == kNoAnswer);
    }
  }

  void share_line(const std::string& label, std::size_t width, const Share& s, bool plain) {
    const bool above = width + 50 > style_.width;
    const std::string cells =
        fmt::format("{} {} {:>5} %  ({} to {})", plain ? "*" : " ",
                    share_bar(s.share, above && style_.width < 52 ? 8 : 20), percent_of(s.share),
                    percent_of(s.low), percent_of(s.high));
    out_ += named_row("  ", label, above ? 0 : width, cells, style_.width);
  }

  void tell(const Hinge& hinge) {
    const EnsembleOutcome& outcome = report_.outcomes[hinge.outcome];
    const std::string plain = outcome.labels.at(report_.plain[hinge.outcome]);
    out_ +=
        "\n" + wrap(style_.bold("What this hinges on: " + outcome.name), style_.width, 0) + "\n";
    flip(hinge, outcome, plain);
    std::vector<std::string> alone;
    for (const Bar& b : hinge.tornado.bars)
      if (b.width > 0) alone.push_back(report_.groups[b.group].name);
    if (hinge.tornado.end == End::Complete && !alone.empty())
      line("At an end of its range each of these turns it alone: " + join(alone, "; ") + ".");
    if (hinge.sobol.end != End::Complete) return;
    if (hinge.sobol.variance == 0) {
      line(fmt::format("In all {} profiles looked at for this it is \"{}\".",
                       with_commas(2 * hinge.sobol.samples), plain));
      return;
    }
    out_ += variance_rows(report_.groups, hinge.sobol, style_.width);
    if (hinge.shapley && hinge.shapley->variance > 0)
      line(shapley_line(report_.groups, *hinge.shapley));
  }

  void flip(const Hinge& hinge, const EnsembleOutcome& outcome, const std::string& plain) {
    const FlipResult& f = hinge.flip;
    if (!f.smallest) {
      line(fmt::format(
          "It is \"{}\", and no change within the ranges was found that turns it{} ({}).", plain,
          f.singles_exhausted ? "; no single input does at the points looked at" : "",
          counted(f.runs, "profile", "profiles")));
      return;
    }
    line(fmt::format("The smallest change found that turns it from \"{}\" to \"{}\": {}.", plain,
                     outcome.labels.at(f.smallest->verdict),
                     told_changes(conflict_, report_.inputs, *f.smallest)));
    line(fmt::format("That is {:.2f} of half a range at the most{}.", f.smallest->distance,
                     f.smallest->inputs.size() == 1
                         ? ""
                         : "; no single input turns it at the points looked at"));
  }

  const Conflict& conflict_;
  const TrustReport& report_;
  const TextStyle& style_;
  std::size_t told_ = 0;
  std::string out_;
};

}  // namespace

std::string trust_text(const Conflict& conflict, const TrustReport& report,
                       const TextStyle& style) {
  return Teller(conflict, report, style).run();
}

}  // namespace wayout
