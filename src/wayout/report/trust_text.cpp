#include "wayout/report/trust_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

constexpr std::size_t kBar = 20;
constexpr std::size_t kMostRows = 8;

std::string percent(double share) {
  const double p = 100 * share;
  if (share > 0 && p < 0.1) return "<0.1";
  if (share < 1 && p > 99.9) return ">99.9";
  return p < 10 || p > 90 ? fmt::format("{:.3g}", std::round(p * 10) / 10)
                          : fmt::format("{:.0f}", p);
}

std::string bar(double share) {
  const double clean = std::clamp(share, 0.0, 1.0);
  auto full = static_cast<std::size_t>(std::lround(clean * kBar));
  if (share > 0 && full == 0) full = 1;
  if (share < 1 && full == kBar) full = kBar - 1;
  std::string out;
  for (std::size_t k = 0; k < kBar; ++k) out += k < full ? "█" : "·";
  return out;
}

std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}
std::string padded(std::string text, std::size_t width) {
  const std::size_t have = columns(text);
  if (have < width) text.append(width - have, ' ');
  return text;
}
std::string cut(const std::string& text, std::size_t width) {
  if (columns(text) <= width) return text;
  std::string out;
  std::size_t n = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xC0) != 0x80 && ++n == width) break;
    out.push_back(text[i]);
  }
  return out + "…";
}

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
    std::map<UncertainKind, std::size_t> kinds;
    for (const Input& in : report_.inputs) ++kinds[in.kind];
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
    const EnsembleResult& e = report_.ensemble;
    std::string text = fmt::format(
        "{} (seed {}) of {}: {}.", counted(e.finished, "sampled profile", "sampled profiles"),
        report_.seed, counted(report_.inputs.size(), "uncertain input", "uncertain inputs"),
        join_and(parts));
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
    std::string head = "  " + padded("stable for", width);
    for (const Concept c : kClassicalConcepts) head += fmt::format("{:>9}", concept_title(c));
    out_ += style_.dim(head) + "\n";
    const auto row = [&](const std::string& name, std::size_t first) {
      std::string text = "  " + padded(cut(name, width), width);
      for (std::size_t c = 0; c < concepts; ++c) {
        const std::size_t o = first + c;
        const std::string share = percent(report_.ensemble.shares[o][1].share) + " %";
        text += fmt::format("{:>8}{}", share, report_.plain[o] == 1 ? "*" : " ");
      }
      while (text.back() == ' ') text.pop_back();
      out_ += text + "\n";
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
    out_ += fmt::format("  {}{} {} {:>5} %  ({} to {})\n", padded(label, width), plain ? "*" : " ",
                        bar(s.share), percent(s.share), percent(s.low), percent(s.high));
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
    std::vector<std::size_t> order(report_.groups.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return hinge.sobol.total[a].value > hinge.sobol.total[b].value;
    });
    line("Of the variance: alone (first order), and with all it acts together with (total):");
    std::size_t width = 20;
    std::size_t rows = 0;
    for (const std::size_t g : order)
      if (rows++ < kMostRows) width = std::max(width, columns(report_.groups[g].name));
    width = std::min<std::size_t>(width, style_.width > 62 ? style_.width - 52 : 20);
    rows = 0;
    for (const std::size_t g : order) {
      const Index& first = hinge.sobol.first[g];
      const Index& total = hinge.sobol.total[g];
      if (total.value <= 0 || rows++ == kMostRows) break;
      out_ += fmt::format("  {} {} {:>3.0f} % alone, {:.0f} % (± {:.0f}) in all\n",
                          padded(cut(report_.groups[g].name, width), width), bar(total.value),
                          std::max(0.0, 100 * first.value), 100 * total.value,
                          50 * (total.high - total.low));
    }
    if (!hinge.shapley || hinge.shapley->variance <= 0) return;
    std::vector<std::string> shares;
    for (std::size_t p = 0; p < hinge.shapley->players.size(); ++p)
      if (hinge.shapley->share[p].value > 0.005)
        shares.push_back(fmt::format("{} {:.0f} %",
                                     report_.groups[hinge.shapley->players[p][0]].name,
                                     100 * hinge.shapley->share[p].value));
    line("Shared out fairly (Shapley): " + join(shares, "; ") + ".");
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
    std::vector<std::string> changes;
    for (const std::size_t i : f.smallest->inputs) {
      const Input& in = report_.inputs[i];
      std::string text = in.name + ": " + input_value(conflict_, in, f.smallest->draws[i]);
      if (!in.discrete())
        text += fmt::format(" instead of {} (range {} to {})", in.value.to_string(),
                            in.low.to_string(), in.high.to_string());
      changes.push_back(std::move(text));
    }
    line(fmt::format("The smallest change found that turns it from \"{}\" to \"{}\": {}.", plain,
                     outcome.labels.at(f.smallest->verdict), join(changes, "; ")));
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

std::string trust_text(const Conflict& conflict, const TrustReport& report,
                       const TextStyle& style) {
  return Teller(conflict, report, style).run();
}

}  // namespace wayout
