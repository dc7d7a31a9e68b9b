#include "wayout/stability/concept.hpp"

#include "wayout/base/error.hpp"

namespace wayout {
namespace {

struct ConceptWords {
  std::string_view name;
  std::string_view title;
  std::string_view long_name;
  std::string_view meaning;
};

constexpr std::array<ConceptWords, kAllConcepts.size()> kConceptWords{{
    {"nash", "Nash", "Nash stability",
     "The party has no move of its own that makes it better off."},
    {"gmr", "GMR", "general metarationality",
     "Whatever the party does to become better off, the others can answer, even at their own cost, "
     "so that it ends no better off than if it had stayed."},
    {"smr", "SMR", "symmetric metarationality",
     "Whatever the party does to become better off, the others can answer, even at their own cost, "
     "so that it ends no better off than if it had stayed, and no further move of its own mends "
     "that."},
    {"seq", "SEQ", "sequential stability",
     "Whatever the party does to become better off, the others can answer by moves that each make "
     "the one who moves better off, so that it ends no better off than if it had stayed."},
    {"sseq", "SSEQ", "symmetric sequential stability",
     "Whatever the party does to become better off, the others can answer by moves that each make "
     "the one who moves better off, so that it ends no better off than if it had stayed, and no "
     "further move of its own mends that."},
    {"sim", "SIM", "simultaneous stability",
     "Whatever the party does to become better off, others who improve their own lot at the same "
     "time can leave it no better off than if it had stayed."},
}};

struct SanctionsWords {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array<SanctionsWords, kAllSanctions.size()> kSanctionsWords{{
    {"legal",
     "The others may answer with any sequence of moves in which nobody moves twice in a "
     "row."},
    {"once",
     "The others may answer with a sequence of moves in which each of them moves at most "
     "once."},
    {"single", "One of the others may answer, with one move."},
}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

const ConceptWords& words(Concept c) {
  const auto i = static_cast<std::size_t>(c);
  contract(i < kConceptWords.size(), "a concept of the enumeration");
  return kConceptWords[i];
}

const SanctionsWords& words(Sanctions s) {
  const auto i = static_cast<std::size_t>(s);
  contract(i < kSanctionsWords.size(), "a sanction convention of the enumeration");
  return kSanctionsWords[i];
}

}  // namespace

std::string_view concept_name(Concept c) { return words(c).name; }
std::string_view concept_title(Concept c) { return words(c).title; }
std::string_view concept_long_name(Concept c) { return words(c).long_name; }
std::string_view concept_meaning(Concept c) { return words(c).meaning; }

std::optional<Concept> parse_concept(std::string_view name) {
  for (const Concept c : kAllConcepts)
    if (same_word(name, concept_name(c))) return c;
  return std::nullopt;
}

std::string_view sanctions_name(Sanctions s) { return words(s).name; }
std::string_view sanctions_meaning(Sanctions s) { return words(s).meaning; }

std::optional<Sanctions> parse_sanctions(std::string_view name) {
  for (const Sanctions s : kAllSanctions)
    if (same_word(name, sanctions_name(s))) return s;
  return std::nullopt;
}

}  // namespace wayout
