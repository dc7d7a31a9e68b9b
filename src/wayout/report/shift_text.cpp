#include "wayout/report/shift_text.hpp"

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {
namespace {

std::string shift_alone(const Conflict& conflict, const Shift& s) {
  const std::string what = "\"" + statement_name(conflict, s.party, s.statement) + "\"";
  switch (s.kind) {
    case ShiftKind::Drop:
      return what + " counts no more";
    case ShiftKind::NotVital:
      return what + " may be traded against other things";
    case ShiftKind::Weight:
      return fmt::format("{} weighs {} instead of {}{}", what, s.to.to_string(), s.from.to_string(),
                         s.beyond ? " (" + s.bound.to_string() + " would not do)" : std::string());
    case ShiftKind::Order: {
      const bool up = s.to_place < s.from_place;
      const std::size_t places = up ? s.from_place - s.to_place : s.to_place - s.from_place;
      const auto order = order_of(*conflict.preference_part(s.party));
      return fmt::format("{} stands {} {}, {} \"{}\"", what, counted(places, "place", "places"),
                         up ? "higher" : "lower", up ? "above" : "below",
                         statement_name(conflict, s.party, order.at(s.to_place)));
    }
  }
  return what;
}

}  // namespace

std::string shift_words(const Conflict& conflict, const Shift& shift) {
  return conflict.party(shift.party).name + ": " + shift_alone(conflict, shift);
}

std::string shift_words(const Conflict& conflict, const ShiftSet& set) {
  std::vector<std::string> out;
  for (const Shift& s : set.shifts) out.push_back(shift_words(conflict, s));
  return join(out, ", and ");
}

std::string shift_effort_words(const Inverse& inverse) {
  std::string out = inverse.every_step ? "every one was tried" : "some of each kind were tried";
  if (inverse.pairs_left_out) {
    out += "; there are too many pairs to try";
  } else if (inverse.most > 1) {
    out += inverse.pairs_only_down ? ", and pairs of statements that count no more"
                                   : ", and pairs as far as they go";
  }
  return out;
}

std::vector<std::string> shift_paragraphs(const Inverse& inverse, std::size_t listed,
                                          const std::string& limits) {
  const Conflict& conflict = *inverse.conflict;
  if (inverse.impossible) {
    std::vector<std::string> rules;
    for (const std::size_t r : inverse.rules.rules) rules.push_back(rule_name(conflict, r));
    return {rules.empty()
                ? std::string("No shift of preferences could: the condition contradicts itself.")
                : "No shift of preferences could: it is ruled out by " + join_and(rules) + "."};
  }
  const std::string size = inverse.most > 1 ? "one or two statements" : "one statement";
  if (inverse.sets.empty())
    return {
        inverse.end == End::Complete
            ? fmt::format("Nor would a shift of {} help: {}.", size, shift_effort_words(inverse))
            : "Whether a shift of preferences would help was left undecided at the limit (" +
                  limits + ")."};
  std::vector<std::string> out;
  std::string head = fmt::format(
      "Only if these preferences shift (any one of these; the smallest shift of each, as a share "
      "of "
      "the party's preference; {}",
      shift_effort_words(inverse));
  if (inverse.end != End::Complete) head += "; cut short by a limit (" + limits + ")";
  out.push_back(head + "):");
  for (std::size_t i = 0; i < inverse.sets.size(); ++i) {
    if (i == listed) {
      out.push_back(fmt::format("… and {} more", with_commas(inverse.sets.size() - listed)));
      break;
    }
    const ShiftSet& set = inverse.sets[i];
    out.push_back(fmt::format("- {} ({:.0f} %{})", shift_words(conflict, set), 100 * set.size(),
                              set.least ? "" : "; a smaller one may do"));
  }
  return out;
}

}  // namespace wayout
