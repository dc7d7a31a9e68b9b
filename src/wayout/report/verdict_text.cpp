#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/answer_text.hpp"
#include "wayout/report/page.hpp"
#include "wayout/report/proof_text.hpp"
#include "wayout/report/words.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/space/rows.hpp"

namespace wayout {

std::string verdict_text(const Conflict& conflict, PartyId p, State s, Concept c, const Verdict& v,
                         const TextStyle& style, std::size_t most_answers) {
  Page page(style);
  const std::string name = conflict.party(p).name;
  page.line("At: " + describe_state(conflict, s) + ".", 0, 2);
  if (v.end != End::Complete) {
    page.line(fmt::format("Undecided at the limit: whether this is stable for {} under {} was not "
                          "settled ({} looked at).",
                          name, concept_title(c), counted(v.searched, "state", "states")),
              0, 2);
    if (row_bound(conflict, conflict.mover_of(p)) > RowBook::kWidest)
      page.line(fmt::format("{} can set its options in more than {} ways, too many to list: only "
                            "some of its moves were looked at.",
                            name, with_commas(RowBook::kWidest)),
                0, 2);
    return page.take();
  }
  const std::string verdict_word = v.stable ? style.good("stable") : style.bad("not stable");
  page.line(fmt::format("This is {} for {} under {} ({}).", verdict_word, name, concept_title(c),
                        concept_long_name(c)),
            0, 2);
  page.line(std::string(concept_meaning(c)), 0, 2);
  page.line();
  if (v.improvements == 0) {
    page.line(name + " has no move that serves it better.", 0, 2);
    return page.take();
  }
  page.line(
      fmt::format("{} has {}{} that would serve it better.", name,
                  v.more_improvements ? "at least " : "", counted(v.improvements, "move", "moves")),
      0, 2);
  std::size_t shown = 0;
  for (std::size_t i = 0; i < v.answers.size(); ++i) {
    const Answer& a = v.answers[i];
    if (a.sanctioned && !v.stable) continue;  // one unsanctioned improvement settles it
    if (shown++ == most_answers) {
      page.line(fmt::format("… and {} more, each answered (--limit shows more, --json all).",
                            v.answers.size() - most_answers),
                0, 2);
      break;
    }
    page.line("- " + describe_changes(conflict, s, a.improvement) + ".", 0, 2);
    if (c == Concept::Nash) {
      page.line("Under Nash, that is enough: answers do not count.", 2, 2);
    } else if (a.sanctioned) {
      State from = a.improvement;
      for (const Step& step : a.sanction) {
        page.line((c == Concept::Sim ? "at the same time, " : "then ") +
                      mover_name(conflict, step.mover) + ": " +
                      describe_changes(conflict, from, step.state) + ".",
                  4, 2);
        from = step.state;
      }
      page.line(
          name + " is then no better off than before" +
              (c == Concept::Smr || c == Concept::Sseq ? ", and no move of its own mends that."
                                                       : "."),
          4, 2);
      if (a.hollow) page.line(hollow_sentence(a), 4, 2);
    } else if (a.counter_move) {
      page.line("The others could answer: " + chain_words(conflict, a.improvement, a.evaded) + ";",
                4, 2);
      page.line(
          fmt::format(
              "but {} would escape it ({}), and so from every other answer ({} looked at).", name,
              describe_changes(conflict, a.evaded.empty() ? a.improvement : a.evaded.back().state,
                               *a.counter_move),
              counted(a.searched, "state", "states")),
          4, 2);
    } else {
      page.line(proof_sentence(conflict, p, c, a), 4, 2);
    }
  }
  const std::string without = without_hollow_sentence(v);
  if (!without.empty()) page.line(without, 0, 2);
  return page.take();
}

}  // namespace wayout
