#include "wayout/report/whole_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/answer_text.hpp"
#include "wayout/report/claims_text.hpp"
#include "wayout/report/perceived_text.hpp"
#include "wayout/report/risk_text.hpp"
#include "wayout/report/shift_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

class Sheet {
 public:
  explicit Sheet(const TextStyle& style) : style_(style) {}
  void head(const std::string& text) {
    out_ += "\n" + style_.bold(wrap(text, style_.width)) + "\n";
  }
  void line(const std::string& text, std::size_t indent = 2, std::size_t hang = 2) {
    out_ += std::string(indent, ' ') + wrap_after(indent, text, style_.width, indent + hang) + "\n";
  }
  void raw(const std::string& text) { out_ += text; }
  std::string take() { return std::move(out_); }

 private:
  const TextStyle& style_;
  std::string out_;
};

std::string measure_names(const Conflict& conflict, const MeasureSet& set) {
  std::vector<std::string> out;
  for (const std::size_t i : set) {
    const MeasurePart& m = conflict.parts().measures[i];
    out.push_back(m.name.empty() ? m.id : m.name);
  }
  return join(out, " + ");
}

std::string mark_words(const WayOut& way) {
  std::vector<std::string> out;
  if (way.hollow) out.push_back("it holds only by a hollow deterrent");
  if (way.marks.bought) out.push_back("it is bought with a step taken back later");
  if (way.marks.worse_on_the_way) out.push_back("somebody is worse off on the way");
  return join_and(out);
}

/// The verdict of a goal where the search for measures says more than the dispute as it stands.
std::map<std::size_t, GoalWords> goal_words(const Conflict& conflict, const WholeAnswer& whole) {
  std::map<std::size_t, GoalWords> out;
  if (!whole.change) return out;
  for (const GoalChange& g : whole.change->goals) {
    const auto it = std::find_if(whole.answer.goals.begin(), whole.answer.goals.end(),
                                 [&](const GoalAnswer& a) { return a.goal == g.goal; });
    if (it == whole.answer.goals.end() || it->verdict == GoalVerdict::YesNow) continue;
    const Opening* best = first_opening(g);
    const std::uint64_t total = g.clean.empty() ? g.opening_total : g.clean_total;
    const std::string others =
        total > 1 ? fmt::format("; or {}", counted(total - 1, "other set", "other sets")) : "";
    const auto shifts = whole.shifts.find(g.goal);
    switch (g.verdict) {
      case ChangeVerdict::WithMeasures: {
        const auto share = std::find_if(whole.ways.begin(), whole.ways.end(),
                                        [&](const WayShare& w) { return w.goal == g.goal; });
        const std::string names = measure_names(conflict, best->measures);
        if (share != whole.ways.end() && !share->sampled.fixed &&
            share->sampled.high < kAgreement) {
          out[g.goal] = {
              "depends",
              fmt::format("{}, but only in {:.0f} % of {}{}", names, 100 * share->sampled.share,
                          counted(share->sampled.profiles, "profile", "profiles"), others),
              0};
        } else {
          out[g.goal] = {"yes, with measures", names + others, 1};
        }
        break;
      }
      case ChangeVerdict::Depends:
        if (best != nullptr && !best->measures.empty())
          out[g.goal] = {
              "depends",
              measure_names(conflict, best->measures) + ", but " + mark_words(best->way) + others,
              0};
        break;
      case ChangeVerdict::NoneFound:
        if (shifts == whole.shifts.end()) break;
        if (!shifts->second.sets.empty()) {
          const auto& sets = shifts->second.sets;
          out[g.goal] = {
              "only if wishes shift",
              "no set of measures does it; " + shift_words(*shifts->second.conflict, sets.front()) +
                  (sets.size() > 1 ? fmt::format("; or {}", counted(sets.size() - 1, "other shift",
                                                                    "other shifts"))
                                   : ""),
              0};
        } else if (shifts->second.end == End::Complete && g.end == End::Complete) {
          out[g.goal] = {"no",
                         shifts->second.impossible
                             ? fmt::format("the rules exclude it, and no set of up to {} changes "
                                           "that in a way all would go along with",
                                           counted(whole.change->most, "measure", "measures"))
                             : fmt::format("no set of up to {} opens it, nor would a shift of "
                                           "{} of anybody's wishes",
                                           counted(whole.change->most, "measure", "measures"),
                                           shifts->second.most > 1 ? "one or two" : "one"),
                         -1};
        }
        break;
      case ChangeVerdict::YesNow:
      case ChangeVerdict::Undecided:
        break;
    }
  }
  return out;
}

std::string room_part(const WholeAnswer& whole, const TextStyle& style) {
  if (!whole.room || whole.room->tables.empty()) return "";
  Sheet sheet(style);
  sheet.head("Room: what all at a table would rather have than where it drifts");
  constexpr std::size_t kMost = 12;
  std::size_t shown = 0;
  for (const TableRoom& t : whole.room->tables) {
    if (shown++ == kMost) {
      sheet.line(fmt::format("… and {} more.", whole.room->tables.size() - kMost));
      break;
    }
    std::string text = "- " + t.table.name + (t.table.open ? "" : " (closed today)") + ": ";
    if (t.end != End::Complete) {
      text += "undecided at the limit.";
    } else if (t.room == 0) {
      text += t.deals == 0 ? style.bad("nothing") + " can be agreed there."
              : t.deals == 1
                  ? style.bad("no room") + "; the one possible outcome does not suit everybody."
                  : fmt::format("{}; none of the {} suits everybody.", style.bad("no room"),
                                counted(t.deals, "possible outcome", "possible outcomes"));
    } else {
      text += fmt::format("{} of {} suit everybody", style.good(with_commas(t.room)),
                          counted(t.deals, "outcome", "outcomes"));
      for (const Solution& s : t.solutions)
        if (s.kind == Bargain::Nash && !s.outcomes.empty()) {
          const State best = t.efficient[s.outcomes.front()].state;
          text += best == whole.room->base
                      ? "; the Nash bargaining solution leaves all as it is"
                      : "; the Nash bargaining solution: " +
                            describe_changes(t.table.conflict, whole.room->base, best);
          PartyMask worse = 0;
          for (const PartyId p : t.members)
            if (t.table.conflict.weak_order(p) &&
                t.table.conflict.better(p, whole.room->base, best))
              worse |= mask_of(p);
          if (worse != 0)
            text += " (worse than today for " + party_names(t.table.conflict, worse) + ")";
        }
      text += ".";
    }
    sheet.line(text);
  }
  sheet.line(style.dim("More: wayout room CASE"));
  return sheet.take();
}

void risk_part(const WholeAnswer& whole, const TextStyle& style, Sheet& sheet) {
  if (!whole.risk && whole.no_risk.empty()) return;
  sheet.head("Risk: how dangerous it is to go on like this");
  if (!whole.risk) {
    sheet.line("Not computed: " + whole.no_risk + ".");
    return;
  }
  const RiskAnswer& r = *whole.risk;
  std::vector<std::string> lambdas;
  for (const auto& [m, lambda] : r.rationality) {
    const std::string text = fmt::format("{:g}", lambda);
    if (std::find(lambdas.begin(), lambdas.end(), text) == lambdas.end()) lambdas.push_back(text);
  }
  sheet.line(
      fmt::format("Within {:g} {}s, with rationality {}, from the tempos and rates in the "
                  "file: the analyst's judgement worked out, and no forecast.",
                  r.horizon, r.unit, join_and(lambdas)));
  for (const RiskRow& row : r.catastrophes)
    sheet.line(fmt::format("{:>8}  {}", percent(row.by), row.name), 2, 10);
  if (r.catastrophes.size() > 1)
    sheet.line(fmt::format("{:>8}  any of these", percent(r.any.by)), 2, 10);
  if (!r.complete || r.end != End::Complete)
    sheet.line("Bounds, because not every state that can come about was looked at.");
  sheet.line(style.dim("More: wayout risk CASE"));
}

void change_part(const Conflict& conflict, const WholeAnswer& whole, const TextStyle& style,
                 Sheet& sheet) {
  if (!whole.change) return;
  const MeasureSearch& c = *whole.change;
  sheet.head("Change: what would open a way");
  sheet.line(fmt::format(
      "{} of up to {} tried{}.", counted(c.sets, "set", "sets"),
      counted(c.most, "measure", "measures"),
      c.end == End::Complete ? ", every admissible one" : "; the search was cut short"));
  for (const GoalChange& g : c.goals) {
    const std::string name = conflict.goals()[g.goal].name;
    if (g.verdict == ChangeVerdict::YesNow) continue;
    const Opening* best = first_opening(g);
    if (best == nullptr) {
      sheet.line("- " + name + ": " + style.bad("no set does") + ".");
      const auto shifts = whole.shifts.find(g.goal);
      if (shifts != whole.shifts.end() && !shifts->second.sets.empty())
        sheet.line("It would take a shift of wishes: " +
                       shift_words(*shifts->second.conflict, shifts->second.sets.front()) + ".",
                   4);
      if (shifts != whole.shifts.end() && shifts->second.impossible &&
          !shifts->second.rules.rules.empty()) {
        std::vector<std::string> rules;
        for (const std::size_t r : shifts->second.rules.rules)
          rules.push_back(rule_name(conflict, r));
        sheet.line("Excluded by: " + join(rules, "; ") + ".", 4);
      }
      continue;
    }
    sheet.line("- " + name + ": " + style.good(measure_names(conflict, best->measures)) +
               fmt::format(" (cost {:g}).", best->cost));
    const std::string marks = mark_words(best->way);
    if (!marks.empty()) sheet.line("But " + marks + ".", 4);
    std::vector<std::string> unwilling;
    for (const auto& [m, p] : best->unwilling) {
      const std::string party = conflict.party(p).name;
      if (std::find(unwilling.begin(), unwilling.end(), party) == unwilling.end())
        unwilling.push_back(party);
    }
    if (!unwilling.empty())
      sheet.line("Against the interest of " + join_and(unwilling) +
                     ", which would have to take part and ends below today.",
                 4);
    std::vector<std::string> worse;
    for (const PartyEffect& e : best->parties)
      if (e.better < 0) worse.push_back(conflict.party(e.party).name);
    if (!worse.empty() && unwilling.empty())
      sheet.line("Ends below today: " + join_and(worse) + ".", 4);
    // The way of the first goal, which is what the case is about; the others are told by `change`.
    if (best->way.path && &g == &c.goals.front()) {
      sheet.line("The way:", 4);
      sheet.raw(path_text(conflict, *best->way.path, style, 6));
    }
  }
  sheet.line(style.dim("More, with each path and what it does to every party: wayout change CASE"));
}

std::string sampled_words(const ClaimResult& claim) {
  if (!claim.sampled) return "";
  const Sampled& s = *claim.sampled;
  if (s.fixed) return " (whatever the numbers within their ranges)";
  if (s.profiles == 0) return " (not sampled)";
  if (s.undecided > 0)
    return fmt::format(" (true in {}, undecided in {} of {})", s.yes, s.undecided,
                       counted(s.profiles, "profile", "profiles"));
  return fmt::format(" (true in {:.0f} % of {})", 100 * s.share,
                     counted(s.profiles, "profile", "profiles"));
}

void claims_part(const WholeAnswer& whole, const TextStyle& style, Sheet& sheet) {
  if (!whole.claims || whole.claims->claims.empty()) return;
  sheet.head("Claims: what the file asserts, tested");
  const bool sampled = std::any_of(whole.claims->claims.begin(), whole.claims->claims.end(),
                                   [](const ClaimResult& c) { return c.sampled.has_value(); });
  if (whole.as_perceived)
    sheet.line("Beliefs play no part here: claims are tested in the dispute as it is.");
  if (!sampled) sheet.line("With every number at the middle of its range:");
  std::size_t widest = 4;
  for (const ClaimResult& claim : whole.claims->claims) widest = std::max(widest, claim.id.size());
  for (const ClaimResult& claim : whole.claims->claims) {
    const std::string word = fmt::format("{:<13}", outcome_word(claim.outcome));
    const std::string painted = claim.outcome == ClaimOutcome::Supported      ? style.good(word)
                                : claim.outcome == ClaimOutcome::Contradicted ? style.bad(word)
                                                                              : style.maybe(word);
    const std::size_t column = 2 + widest + 1 + 13;
    sheet.raw(beside(
        "  " + fmt::format("{:<{}} ", claim.id, widest) + painted,
        claim.says + (claim.by_construction ? " (by construction)" : "") + sampled_words(claim),
        style.width, column));
  }
  sheet.line(
      style.dim("More, with what decides each and in how many profiles: wayout claims CASE"));
}

void trust_part(const Conflict& conflict, const WholeAnswer& whole, const TextStyle& style,
                Sheet& sheet) {
  if (!whole.trust) return;
  const TrustReport& t = *whole.trust;
  sheet.head("Trust: how far the answer stands when the numbers move within their ranges");
  sheet.line(fmt::format("{} drawn (seed {}), {}.",
                         counted(t.ensemble.finished, "profile", "profiles"), t.seed,
                         counted(t.inputs.size(), "uncertain number", "uncertain numbers")));
  for (std::size_t o = 0; o < t.outcomes.size(); ++o) {
    const EnsembleOutcome& outcome = t.outcomes[o];
    const bool goal = outcome.id.starts_with("goal/");
    const bool today = outcome.id == "equilibrium/seq" || outcome.id == "equilibrium/nash";
    if ((!goal && !today) || t.plain[o] == kNoAnswer) continue;
    const Share& share = t.ensemble.shares[o][t.plain[o]];
    sheet.line(fmt::format("{:>5.0f} %  {}: {} ({:.0f} to {:.0f})", 100 * share.share, outcome.name,
                           outcome.labels[t.plain[o]], 100 * share.low, 100 * share.high),
               2, 9);
  }
  for (const WayShare& w : whole.ways)
    sheet.line(fmt::format("{:>5.0f} %  {}: way out by: {} ({})",
                           w.sampled.fixed ? 100.0 : 100 * w.sampled.share,
                           conflict.goals()[w.goal].name, measure_names(conflict, w.measures),
                           w.sampled.fixed ? std::string("whatever the numbers in their ranges")
                                           : fmt::format("{:.0f} to {:.0f}", 100 * w.sampled.low,
                                                         100 * w.sampled.high)),
               2, 9);
  if (whole.as_perceived && whole.change)
    sheet.line("In how many of them measures open a way is not sampled where beliefs count.");
  sheet.line(
      style.dim("In brackets the 95 % interval. More, and what it hinges on: wayout trust "
                "CASE --hinges"));
}

}  // namespace

std::string whole_text(const Conflict& conflict, const WholeAnswer& whole, const TextStyle& style,
                       const std::string& limits) {
  Sheet sheet(style);
  // Told with what stops the goals: a belief may be what does.
  Sheet before(style);
  if (!whole.as_perceived && has_beliefs(conflict)) before.line(beliefs_left_out());
  before.raw(room_part(whole, style));
  sheet.raw(answer_text(conflict, whole.answer, style, limits, goal_words(conflict, whole),
                        before.take(), whole.as_perceived ? as_perceived_sentence(conflict) : ""));
  if (whole.as_perceived) sheet.raw(perceived_part(conflict, whole.answer, style));
  risk_part(whole, style, sheet);
  change_part(conflict, whole, style, sheet);
  claims_part(whole, style, sheet);
  trust_part(conflict, whole, style, sheet);
  return sheet.take();
}

}  // namespace wayout
