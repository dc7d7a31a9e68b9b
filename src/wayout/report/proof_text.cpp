#include "wayout/report/proof_text.hpp"

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/report/words.hpp"

namespace wayout {

std::string proof_sentence(const Conflict& conflict, PartyId p, Concept c, const Answer& answer) {
  const std::string& name = conflict.party(p).name;
  const bool improving = c == Concept::Seq || c == Concept::Sseq;
  if (answer.proof == Proof::Bound)
    return fmt::format(
        "Nothing that the others could do leaves {} no better off than before: the "
        "worst they can set is still better for it.",
        name);
  const std::string none = c == Concept::Sim ? "No step of the others at the same time"
                           : improving       ? "No answer that the others would want to give"
                                             : "No answer that the others could give";
  if (answer.proof == Proof::Listed)
    return fmt::format("{} leaves {} no better off than before ({} looked at).", none, name,
                       counted(answer.searched, "state", "states"));
  std::string out = fmt::format("{} leaves {} no better off than before.", none, name);
  if (answer.kept.empty())
    return out +
           " That follows from what each of them would ever set, whatever the rest is like; "
           "their answers need not be listed.";
  std::vector<std::string> names;
  for (const OptionId o : answer.kept) names.push_back(conflict.option(o).name);
  return out + fmt::format(
                   " That follows already from {} ({}), with every other option left open; "
                   "their answers need not be listed.",
                   counted(names.size(), "option", "options"), join(names, "; "));
}

std::string hollow_sentence(const Answer& answer) {
  if (!answer.hollow) return "";
  std::string out =
      "Hollow: that first step serves its mover already today, so it punishes nothing.";
  if (answer.hollow_end != End::Complete)
    out += " Whether some other answer is not hollow was not settled at the limit.";
  return out;
}

std::string without_hollow_sentence(const Verdict& verdict) {
  if (!verdict.stable || verdict.stable_clean) return "";
  return verdict.clean_end == End::Complete
             ? "Without hollow answers it would not be stable."
             : "Whether it would be stable without hollow answers was not settled at the limit.";
}

}  // namespace wayout
