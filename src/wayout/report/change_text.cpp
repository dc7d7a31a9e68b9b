#include "wayout/report/change_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/answer_text.hpp"
#include "wayout/report/perceived_text.hpp"
#include "wayout/report/shift_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

std::string amount(double x) {
  std::string out = fmt::format("{:.3f}", x);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

class Pages {
 public:
  Pages(const Conflict& conflict, const MeasureSearch& search, const TextStyle& style,
        const std::string& limits)
      : conflict_(conflict), search_(search), style_(style), limits_(limits) {}

  std::string name(std::size_t measure) const {
    const MeasurePart& m = conflict_.parts().measures[measure];
    return m.name.empty() ? m.id : m.name;
  }

  std::string names(const MeasureSet& set) const {
    std::vector<std::string> out;
    for (const std::size_t i : set) out.push_back(name(i));
    return join_and(out);
  }

  void line(const std::string& text, std::size_t indent, std::size_t hang = 2) {
    out_ += std::string(indent, ' ') + wrap_after(indent, text, style_.width, indent + hang) + "\n";
  }

  std::string marks(const WayOut& way) const {
    std::vector<std::string> out;
    if (way.hollow) out.push_back("hollow: it is held only by answers that would come in any case");
    if (way.marks.bought) {
      std::vector<std::string> options;
      for (const OptionId o : way.marks.bought_options) options.push_back(conflict_.option(o).name);
      out.push_back("bought: on the way there and back moves " + join_and(options));
    }
    if (way.marks.worse_on_the_way) {
      PartyMask mask = 0;
      for (const PartyId p : way.marks.worse_parties) mask |= mask_of(p);
      out.push_back("worse on the way: " + party_names(conflict_, mask));
    }
    return join(out, "; ");
  }

  void opening(const Opening& o, const GoalChange& goal) {
    line(fmt::format("- {} ({}, cost {}{})", style_.bold(names(o.measures)),
                     counted(o.measures.size(), "measure", "measures"), amount(o.cost),
                     o.efficient ? "; no other set is better on every count" : ""),
         2);
    const MeasurePart* part = nullptr;
    for (const std::size_t i : o.measures) {
      part = &conflict_.parts().measures[i];
      PartyMask by = 0;
      for (const std::string& id : part->by)
        if (const auto p = conflict_.find_party(id)) by |= mask_of(*p);
      if (by == 0) continue;
      PartyMask against = 0;
      for (const auto& [measure, p] : o.unwilling)
        if (measure == i) against |= mask_of(p);
      line(fmt::format("To be taken by {}: {}{}.", party_names(conflict_, by), name(i),
                       against == 0
                           ? std::string()
                           : " — against the interest of " + party_names(conflict_, against) +
                                 ", which ends below today"),
           4);
    }
    if (o.measures.size() > 1)
      for (std::size_t k = 0; k < o.measures.size(); ++k)
        line(fmt::format("Without \"{}\": {}.", name(o.measures[k]), without(o.without[k])), 4);
    if (!o.way.exists) return;
    const std::string marked = marks(o.way);
    if (!marked.empty()) {
      line("The way carries a mark: " + marked + ".", 4);
      std::vector<std::string> cures;
      for (const Opening& c : goal.clean) {
        if (!std::includes(c.measures.begin(), c.measures.end(), o.measures.begin(),
                           o.measures.end()))
          continue;
        MeasureSet more;
        std::set_difference(c.measures.begin(), c.measures.end(), o.measures.begin(),
                            o.measures.end(), std::back_inserter(more));
        cures.push_back(names(more));
      }
      line(cures.empty()
               ? std::string(any_size_ ? "No set of measures, of any size, opens a clean one."
                                       : "No measure added to it, up to the size tried, makes it "
                                         "clean.")
               : "Clean with this as well: " + join(cures, "; or ") + ".",
           4);
    }
    if (o.way.path) {
      if (o.way.path->steps.empty()) {
        line("Today's state then meets the goal and holds it.", 4);
      } else {
        line("The way:", 4);
        out_ += path_text(conflict_, *o.way.path, style_, 6);
      }
    }
    surprises(o.way, 4);
    parties(o);
  }

  void cheapest(const Cheapest& c) {
    out_ += "\n" + heading(style_, conflict_.goals()[c.goal].name);
    const std::string bound =
        c.least == Least::Cost
            ? "a cost of " + amount(c.bound)
            : counted(static_cast<unsigned long long>(c.bound), "measure", "measures");
    const std::string way =
        c.marked ? "a way, with a mark (no set opens one without)" : "a clean way";
    const std::string work = fmt::format("{} judged", counted(c.judged, "set", "sets")) +
                             (c.reasons > 0 ? fmt::format(", the others ruled out together by {}",
                                                          counted(c.reasons, "reason", "reasons"))
                                            : "");
    const std::string why =
        c.end == End::Cancelled ? "; interrupted" : "; stopped at the limit: " + limits_;
    if (!c.best) {
      line(c.proved ? style_.bad("No") + " set of measures, of any size, opens a way: proved (" +
                          work + ")."
                    : style_.maybe("None found") + " yet; none below " + bound + " does (" + work +
                          why + ").",
           2);
      return;
    }
    if (c.best->measures.empty()) {
      line(style_.good("Nothing") + " is needed: there is " + way + " as it is.", 2);
      return;
    }
    line((c.proved ? style_.good("Proved best")
                   : style_.maybe("Best found") + ", bound " + amount(c.bound)) +
             fmt::format(": this opens {}; {} ({}{}).", way,
                         c.proved
                             ? "no other set, of any size, " +
                                   std::string(c.least == Least::Cost ? "costs less" : "has fewer")
                             : "nothing below " + bound + " does",
                         work, c.proved ? std::string() : why),
         2);
    any_size_ = true;
    opening(*c.best, {});
  }

  /// Who is in for a surprise where the way ends, or where it came nearest.
  void surprises(const WayOut& way, std::size_t indent) {
    for (const Surprise& s : way.surprises)
      line(style_.maybe("A surprise") + ": " + surprise_sentence(conflict_, s), indent);
  }

  void parties(const Opening& o) {
    for (const PartyEffect& e : o.parties) {
      if (conflict_.party(e.party).third) continue;
      std::string text = conflict_.party(e.party).name + ": " +
                         (e.better > 0   ? "better off than today"
                          : e.better < 0 ? "worse off than today"
                                         : "as well off as today");
      if (e.in_points && e.better != 0)
        text += fmt::format(" ({}{}{})",
                            e.vital != 0 ? fmt::format("{:+} vital, ", e.vital) : std::string(),
                            e.points > 0 ? "+" : "", amount(e.points));
      std::vector<std::string> changes;
      for (const std::size_t s : e.gained) changes.push_back(statement_name(conflict_, e.party, s));
      std::vector<std::string> ends;
      for (const std::size_t s : e.lost) ends.push_back(statement_name(conflict_, e.party, s));
      if (!changes.empty()) text += "; comes true: " + join(changes, ", ");
      if (!ends.empty()) text += "; no longer true: " + join(ends, ", ");
      line(text + ".", 4);
    }
  }

  void goal(const GoalChange& g) {
    const GoalInfo& info = conflict_.goals()[g.goal];
    out_ += "\n" + heading(style_, info.name);
    line(verdict(g), 2, 0);
    if (g.undecided > 0)
      line(fmt::format("{} left undecided at the limit ({}): what they open is not told.",
                       counted(g.undecided, "set was", "sets were"), limits_),
           2);
    if (g.verdict == ChangeVerdict::YesNow) {
      if (g.now.path && !g.now.path->steps.empty())
        out_ += path_text(conflict_, *g.now.path, style_, 4);
      surprises(g.now, 2);
      return;
    }
    if (g.now.exists)
      line("Without any measure there is a way, but marked: " + marks(g.now) + ".", 2);
    surprises(g.now, 2);
    list("Sets that open a clean way, none of which can be made smaller", g.clean, g.clean_total,
         g);
    std::vector<Opening> marked;
    for (const Opening& o : g.opening)
      if (!o.way.clean) marked.push_back(o);
    list("Sets that open a way with a mark, none of which can be made smaller", marked,
         g.opening_total - (g.opening.size() - marked.size()), g);
  }

  /// Where no measure helps: what would have to shift, or why nothing can.
  void inverse(const Inverse& inverse) {
    for (std::string text : shift_paragraphs(inverse, 12, limits_)) {
      const std::string head = "Only if these preferences shift";
      if (text.rfind(head, 0) == 0) text = style_.maybe(head) + text.substr(head.size());
      line(text, 2);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  static std::string without(Without w) {
    switch (w) {
      case Without::NoWay:
        return "there is no way";
      case Without::Marked:
        return "there is a way, with a mark";
      case Without::Clean:
        return "there is a clean way too";
      case Without::Inadmissible:
        return "the rest cannot be taken";
      case Without::Undecided:
        return "undecided";
    }
    return "";
  }

  std::string size_words(const GoalChange& g) const {
    return fmt::format("{} of up to {}", g.undecided > 0 ? "No set" : "no set",
                       counted(search_.most, "measure", "measures"));
  }

  std::string verdict(const GoalChange& g) const {
    switch (g.verdict) {
      case ChangeVerdict::YesNow:
        return style_.good("Yes, now") + ": no measure is needed.";
      case ChangeVerdict::WithMeasures: {
        std::size_t least = g.clean.front().measures.size();
        for (const Opening& o : g.clean) least = std::min(least, o.measures.size());
        return style_.good("Yes, with these measures") +
               fmt::format(": {} of up to {}, the smallest of {}{}.",
                           counted(g.clean_total, "set", "sets"),
                           counted(search_.most, "measure", "measures"), least,
                           g.end == End::Complete ? "; every set up to that size was tried"
                                                  : "; cut short by a limit, so there may be more");
      }
      case ChangeVerdict::Depends:
        return style_.maybe("Depends") + ": every way found carries a mark" +
               (g.end == End::Complete ? fmt::format(", and no set of up to {} opens a clean one.",
                                                     counted(search_.most, "measure", "measures"))
                                       : std::string("; the search was cut short by a limit."));
      case ChangeVerdict::NoneFound:
        return style_.bad("No") +
               fmt::format(": no set of up to {} opens a way. Every one was tried.",
                           counted(search_.most, "measure", "measures"));
      case ChangeVerdict::Undecided:
        return style_.maybe("Undecided") + ": the search was cut short by a limit (" + limits_ +
               "), and no way was found before that.";
    }
    return "";
  }

  void list(const std::string& title, const std::vector<Opening>& sets, std::uint64_t total,
            const GoalChange& g) {
    if (sets.empty()) return;
    line(title + ":", 2);
    for (const Opening& o : sets) opening(o, g);
    if (total > sets.size())
      line(fmt::format("… and {} more (--limit)", with_commas(total - sets.size())), 2);
  }

  const Conflict& conflict_;
  const MeasureSearch& search_;
  const TextStyle& style_;
  const std::string& limits_;
  bool any_size_ = false;
  std::string out_;
};

}  // namespace

std::string change_text(const Conflict& conflict, const MeasureSearch& search,
                        const MeasureSet& taken, const std::map<std::size_t, Inverse>& shifts,
                        const TextStyle& style, const std::string& limits, bool as_perceived) {
  Pages pages(conflict, search, style, limits);
  std::string head = style.bold("What to change") + "\n";
  const auto paragraph = [&](const std::string& text) {
    head += wrap(text, style.width, 2) + "\n";
  };
  if (as_perceived)
    paragraph(as_perceived_sentence(conflict));
  else if (has_beliefs(conflict))
    paragraph(beliefs_left_out());
  if (!taken.empty()) paragraph("Taken in any case: " + pages.names(taken) + ".");
  paragraph(
      fmt::format("{} tried: {} of at most {}{}.", counted(search.sets, "set", "sets"),
                  search.end == End::Complete ? "every admissible one" : "cut short, all",
                  counted(search.most, "measure", "measures"),
                  search.inadmissible > 0
                      ? fmt::format("; {} left out, because today's state would be impossible",
                                    with_commas(search.inadmissible))
                      : std::string()));
  if (!search.idle.empty())
    paragraph("Not tried, because they change neither moves nor wishes: " +
              pages.names(search.idle) + ".");
  for (const GoalChange& g : search.goals) {
    pages.goal(g);
    if (const auto it = shifts.find(g.goal); it != shifts.end()) pages.inverse(it->second);
  }
  return head + pages.take();
}

std::string cheapest_text(const Conflict& conflict, const std::vector<Cheapest>& found,
                          const MeasureSet& taken, const TextStyle& style,
                          const std::string& limits) {
  const MeasureSearch none;
  Pages pages(conflict, none, style, limits);
  std::string head;
  if (!taken.empty()) head = wrap("Taken in any case: " + pages.names(taken) + ".", style.width, 2);
  for (const Cheapest& c : found) pages.cheapest(c);
  return style.bold("The least that opens a way") + "\n" + (head.empty() ? head : head + "\n") +
         pages.take();
}

}  // namespace wayout
