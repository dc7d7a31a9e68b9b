#include "wayout/report/perceived_text.hpp"

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

std::string line(const std::string& text, const TextStyle& style, std::size_t indent) {
  return std::string(indent, ' ') + wrap_after(indent, text, style.width, indent + 2) + "\n";
}

}  // namespace

std::string as_perceived_sentence(const Conflict& conflict) {
  std::vector<std::string> beliefs;
  for (const BeliefPart& b : conflict.parts().beliefs)
    if (b.enabled) beliefs.push_back(b.name.empty() ? b.id : b.name);
  return "Every party acts on the dispute as it sees it" +
         (beliefs.empty() ? std::string("; the case states no belief.")
                          : " (beliefs: " + join_and(beliefs) + ").");
}

std::string beliefs_left_out() {
  return "The case states beliefs, which do not count here: with --as-perceived every party acts "
         "on the dispute as it sees it.";
}

std::string mistakes_text(const Conflict& conflict, const std::vector<Mistake>& mistakes,
                          const TextStyle& style, std::size_t indent) {
  std::string out;
  for (const Mistake& m : mistakes)
    out += line(fmt::format("{}: {} takes step {} for a gain, and in truth it is none.",
                            style.maybe("A surprise"), conflict.party(m.party).name, m.step + 1),
                style, indent);
  return out;
}

std::string place_errors_text(const Conflict& conflict, const PlaceErrors& errors, State at,
                              const TextStyle& style) {
  std::string out;
  for (const Mistake& m : errors.mistakes)
    out += line(fmt::format("{}: on the way there {} takes step {} of {} for a gain, and in truth "
                            "it is none.",
                            style.maybe("A surprise"), conflict.party(m.party).name, m.step + 1,
                            errors.course.steps.size()),
                style, 4);
  for (const Missed& m : errors.missed)
    out += line(fmt::format("Missed there: {} would in truth be served by a move that it does not "
                            "see or want: {}.",
                            mover_name(conflict, m.mover), describe_changes(conflict, at, m.to)),
                style, 4);
  return out;
}

std::string perceived_part(const Conflict& conflict, const CaseAnswer& answer,
                           const TextStyle& style) {
  std::string out;
  const Standing& s = answer.standing;
  for (std::size_t i = 0; i < s.errors.size(); ++i) {
    const State at = s.drift.sets[i][0];
    const std::string told = place_errors_text(conflict, s.errors[i], at, style);
    if (told.empty()) continue;
    out += line(s.drift.start_rests()
                    ? std::string("- today")
                    : "- where it drifts to: " + describe_changes(conflict, s.start, at),
                style, 2) +
           told;
  }
  for (const GoalAnswer& g : answer.goals) {
    std::string told = mistakes_text(conflict, g.mistakes, style, 4);
    for (const Surprise& one : g.surprises)
      told += line(style.maybe("A surprise") + ": " + surprise_sentence(conflict, one), style, 4);
    if (!told.empty()) out += line("- " + conflict.goals()[g.goal].name, style, 2) + told;
  }
  if (out.empty()) return out;
  return "\n" + style.bold("Beliefs: who is in for a surprise") + "\n" + out;
}

std::string surprise_sentence(const Conflict& conflict, const Surprise& s) {
  const Answer& answer = s.expected.sanctioned ? s.expected : s.truth;
  PartyMask who = 0;
  for (const Step& step : answer.sanction) who |= conflict.mover(step.mover).members;
  const std::string by = who == 0 ? "" : " by " + party_names(conflict, who);
  const std::string move = describe_changes(conflict, s.state, s.expected.improvement);
  return conflict.party(s.party).name +
         (s.expected.sanctioned
              ? " is kept from a move (" + move + ") by an answer" + by +
                    " that in truth would not come."
              : " would move (" + move + ") and expects nothing to deter it; in truth an answer" +
                    by + " would come.");
}

}  // namespace wayout
