#include "wayout/report/claims_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/claims_evidence.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

std::string truth_word(Truth t) {
  return t == Truth::True ? "true" : t == Truth::False ? "false" : "undecided";
}

std::string paint(const TextStyle& style, ClaimOutcome o, const std::string& words) {
  return o == ClaimOutcome::Supported      ? style.good(words)
         : o == ClaimOutcome::Contradicted ? style.bad(words)
                                           : style.maybe(words);
}

std::string names_of(const Conflict& c, const std::vector<std::string>& ids, bool measures) {
  std::vector<std::string> names;
  for (const std::string& id : ids) {
    std::string name = id;
    if (measures) {
      for (const MeasurePart& m : c.parts().measures)
        if (m.id == id && !m.name.empty()) name = m.name;
    } else {
      for (const VariantPart& v : c.parts().variants)
        if (v.id == id && !v.name.empty()) name = v.name;
    }
    names.push_back("\"" + name + "\"");
  }
  return join_and(names);
}

std::string party_list(const Conflict& c, const std::vector<std::string>& ids) {
  std::vector<std::string> names;
  for (const std::string& id : ids) {
    const auto p = c.find_party(id);
    names.push_back(p ? c.party(*p).name : id);
  }
  return join_and(names);
}

std::string goal_name(const Conflict& c, const std::string& id) {
  for (const GoalInfo& g : c.goals())
    if (g.id == id) return "\"" + g.name + "\"";
  return id;
}

std::string cond(const Conflict& c, const std::string& text) {
  return text == "now" ? "today" : "\"" + in_words(c, text) + "\"";
}

std::string body(const Leaf& leaf) {
  const Conflict& c = *leaf.dispute;
  const ClaimTest& t = leaf.test;
  const std::string who = party_list(c, t.parties);
  const bool many = t.parties.size() > 1;
  const std::string of = t.of.empty() || t.of == "any" ? "any catastrophe" : [&] {
    for (const CatastrophePart& k : c.parts().catastrophes)
      if (k.id == t.of) return "\"" + (k.name.empty() ? k.id : k.name) + "\"";
    return t.of;
  }();
  const std::string by = !t.by || !t.by->value() ? ""
                         : t.kind == TestKind::LowersRisk
                             ? " to at most " + t.by->value()->to_string() + " of what it was"
                             : " to at least " + t.by->value()->to_string() + " times what it was";
  const std::string subject =
      t.measures.empty() ? cond(c, t.condition) : names_of(c, t.measures, true);
  switch (t.kind) {
    case TestKind::Stable:
      return fmt::format("{} is stable for {} ({})", cond(c, t.condition),
                         who.empty() ? "everybody" : who,
                         concept_title(*parse_concept(t.concept_name)));
    case TestKind::Unstable:
      return fmt::format("{} is not stable for {} ({})", cond(c, t.condition),
                         who.empty() ? "everybody" : who,
                         concept_title(*parse_concept(t.concept_name)));
    case TestKind::Reachable:
      return "willing steps lead to " + cond(c, t.condition);
    case TestKind::Unreachable:
      return "no willing steps lead to " + cond(c, t.condition);
    case TestKind::WayOut:
      return "there is a way out for " + goal_name(c, t.goal);
    case TestKind::NoWayOut:
      return "there is no way out for " + goal_name(c, t.goal);
    case TestKind::Unlocks:
      return fmt::format("{} opens a way out for {} that there is not without", subject,
                         goal_name(c, t.goal));
    case TestKind::BetterFor:
    case TestKind::WorseFor:
      return fmt::format(
          "wherever the others drift after {}, {} {} {}", cond(c, t.condition), who,
          many ? "have" : "has",
          t.criterion.empty()
              ? std::string(t.kind == TestKind::BetterFor ? "it better than today"
                                                          : "it worse than today")
              : (t.kind == TestKind::BetterFor ? "more " : "less ") + t.criterion + " than today");
    case TestKind::Willing:
      return fmt::format("{} {} willing to bring about {}", who, many ? "are" : "is",
                         cond(c, t.condition));
    case TestKind::Unwilling:
      return fmt::format("{} {} not willing to bring about {}", who, many ? "are" : "is",
                         cond(c, t.condition));
    case TestKind::Prefers:
      return fmt::format("{} {} {} to {}, all else as today", who, many ? "prefer" : "prefers",
                         cond(c, t.condition), cond(c, t.to));
    case TestKind::LowersRisk:
      return fmt::format("{} {} the risk of {}{}", subject,
                         t.measures.size() > 1 ? "lower" : "lowers", of, by);
    case TestKind::RaisesRisk:
      return fmt::format("{} {} the risk of {}{}", subject,
                         t.measures.size() > 1 ? "raise" : "raises", of, by);
    default:
      return {};
  }
}

class Writer {
 public:
  Writer(const ClaimsAnswer& answer, const TextStyle& style, bool all)
      : answer_(answer), style_(style), all_(all) {}

  std::string run() {
    summary();
    for (const ClaimResult& claim : answer_.claims) {
      out_ += "\n";
      std::string head = fmt::format("{}  ", claim.id);
      std::string verdict(outcome_word(claim.outcome));
      out_ += style_.bold(head) + paint(style_, claim.outcome, verdict);
      const std::string why = reason(claim);
      if (!why.empty())
        out_ += wrap_after(head.size() + verdict.size(), " (" + why + ")", style_.width, 2);
      out_ += "\n";
      line(claim.says, 2, 2);
      node(claim.test, 2, false);
    }
    return std::move(out_);
  }

 private:
  void line(const std::string& text, std::size_t indent, std::size_t hang) {
    out_ += std::string(indent, ' ') + wrap_after(indent, text, style_.width, indent + hang) + "\n";
  }

  void summary() {
    std::size_t count[3] = {0, 0, 0};
    for (const ClaimResult& c : answer_.claims) ++count[static_cast<std::size_t>(c.outcome)];
    std::vector<std::string> parts;
    const ClaimOutcome order[] = {ClaimOutcome::Supported, ClaimOutcome::Contradicted,
                                  ClaimOutcome::Depends};
    for (const ClaimOutcome o : order) {
      const std::size_t n = count[static_cast<std::size_t>(o)];
      if (n > 0)
        parts.push_back(fmt::format(
            "{} {}", n,
            o == ClaimOutcome::Depends && n > 1 ? "depend" : std::string(outcome_word(o))));
    }
    line(style_.bold("Claims") + ": " + (parts.empty() ? "none" : join_and(parts)) + "." +
             (answer_.end == End::Cancelled
                  ? " Interrupted: what was not settled by then counts as depends."
                  : ""),
         0, 2);
    if (!answer_.sampling) return;
    const ClaimsSampling& s = *answer_.sampling;
    std::string text = fmt::format("{} drawn from the ranges of {} (seed {}).",
                                   counted(s.samples, "profile", "profiles"),
                                   counted(s.inputs, "number", "numbers"), s.seed);
    if (s.searches < s.samples)
      text += fmt::format(
          " Tests that take large searches are {}.",
          s.searches == 0 ? "not sampled" : "judged in the first " + with_commas(s.searches));
    if (s.chains < s.samples)
      text +=
          fmt::format(" Tests of risk are {}.",
                      s.chains == 0 ? "not sampled"
                                    : "judged in the first " + with_commas(s.chains) + " at least");
    if (s.simulated > 0)
      text += fmt::format(
          " {} of risk {} judged by simulated courses of events, up to {} from each situation; "
          "what "
          "they leave open is undecided.",
          counted(s.simulated, "test", "tests"), s.simulated == 1 ? "is" : "are",
          with_commas(s.courses));
    if (std::min(s.searches, s.chains) < s.samples && s.end == End::Complete)
      text += " --every-profile judges them in all, and takes longer.";
    if (s.end != End::Complete) text += " It was cut short; the counts say how far it came.";
    line(text, 0, 2);
  }

  std::string reason(const ClaimResult& claim) const {
    if (claim.by_construction) return "by construction: no preferences could make it otherwise";
    if (claim.test.truth == Truth::Undecided) return "a test is undecided";
    if (!claim.sampled) {
      if (!answer_.sampling) return "";
      return answer_.sampling->end == End::Complete ? "not sampled"
                                                    : "not sampled: it was cut short before";
    }
    const Sampled& s = *claim.sampled;
    if (s.fixed) return "whatever the numbers within their ranges";
    if (s.profiles < kLeastProfiles)
      return fmt::format("judged in only {}, true in {}; fewer than {} decide nothing",
                         counted(s.profiles, "profile", "profiles"), with_commas(s.yes),
                         kLeastProfiles);
    std::string text =
        fmt::format("true in {} of {} profiles", percent(s.share), with_commas(s.profiles));
    text += fmt::format(", 95 % interval {} to {}", percent(s.low), percent(s.high));
    if (s.undecided > 0) text += fmt::format("; undecided in {}", with_commas(s.undecided));
    return text;
  }

  static std::string percent(double share) {
    const std::string out = fmt::format("{:.1f}", 100 * share);
    return (out.size() > 2 && out.substr(out.size() - 2) == ".0" ? out.substr(0, out.size() - 2)
                                                                 : out) +
           " %";
  }

  /// The share of profiles in which a test is true, at the end of its line.
  std::string share_of(const Leaf& l) const {
    if (!l.sampled || l.by_construction) return {};
    const Sampled& s = *l.sampled;
    if (s.fixed) return " [whatever the numbers within their ranges]";
    if (s.profiles == 0) return {};
    std::string out =
        fmt::format(" [true in {} of {} profiles", percent(s.share), with_commas(s.profiles));
    if (s.undecided > 0) out += fmt::format(", undecided in {}", with_commas(s.undecided));
    return out + "]";
  }

  void node(const TestNode& n, std::size_t indent, bool dim) {
    if (n.leaf) {
      leaf(n, answer_.leaves[*n.leaf], indent, dim);
      return;
    }
    const std::string what = n.kind == TestKind::All   ? "all of these"
                             : n.kind == TestKind::Any ? "one of these or more"
                                                       : "not this";
    line(fmt::format("{} {}", mark(n.truth), what + ":"), indent, 2);
    for (const TestNode& child : n.children) node(child, indent + 2, dim || !child.decides);
  }

  std::string mark(Truth t) const {
    const std::string word = "[" + truth_word(t) + "]";
    return t == Truth::True    ? style_.good(word)
           : t == Truth::False ? style_.bad(word)
                               : style_.maybe(word);
  }

  void leaf(const TestNode& n, const Leaf& l, std::size_t indent, bool dim) {
    line(fmt::format("{} {}{}", mark(n.truth), test_sentence(l), share_of(l)), indent, 2);
    if (dim && !all_) return;
    for (const std::string& text : evidence_lines(l)) line(text, indent + 4, 2);
  }

  const ClaimsAnswer& answer_;
  const TextStyle& style_;
  bool all_;
  std::string out_;
};

}  // namespace

std::string_view outcome_word(ClaimOutcome outcome) {
  switch (outcome) {
    case ClaimOutcome::Supported:
      return "supported";
    case ClaimOutcome::Contradicted:
      return "contradicted";
    case ClaimOutcome::Depends:
      return "depends";
  }
  return "depends";
}

std::string test_sentence(const Leaf& leaf) {
  const Conflict& c = *leaf.dispute;
  const ClaimTest& t = leaf.test;
  std::vector<std::string> setting;
  if (!t.with.empty()) setting.push_back("with " + names_of(c, t.with, true));
  if (!t.under.empty()) setting.push_back("under " + names_of(c, t.under, false));
  if (!t.without.empty()) setting.push_back("without " + party_list(c, t.without));
  if (!t.after.empty()) setting.push_back("after " + cond(c, t.after));
  if (!t.given.empty()) setting.push_back("given " + cond(c, t.given));
  const std::string said = body(leaf);
  return setting.empty() ? said : join(setting, ", ") + ": " + said;
}

std::string claims_text(const ClaimsAnswer& answer, const TextStyle& style, bool all) {
  return Writer(answer, style, all).run();
}

}  // namespace wayout
