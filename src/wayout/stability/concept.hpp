#pragma once
/// @file
/// The solution concepts of the graph model: what it means for a state to be stable for a party.
///
/// s is stable for p when every improvement of p from s is sanctioned: the others can answer it so
/// that p ends no better off than at s. The concepts differ in which answers count. Formulas:
/// docs/semantics.md, section 2; sources [FHK93], [KHF87], [RV17] for SSEQ, [FH84] for SIM.

#include <array>
#include <optional>
#include <string_view>

namespace wayout {

enum class Concept {
  Nash,  ///< p has no improvement
  Gmr,   ///< general metarationality: the others answer with any moves
  Smr,   ///< symmetric metarationality: and p cannot escape the answer by a move of its own
  Seq,   ///< sequential stability: the others answer with improvements of their own
  Sseq,  ///< symmetric sequential stability: and p cannot escape the answer
  Sim    ///< simultaneous stability: the others improve at the same time, from the same state
};

/// Which answers of the opponents count as a sanction. Only Legal is the definition; the other two
/// reproduce tables computed by programs that used them.
enum class Sanctions {
  Legal,  ///< any sequence in which no mover moves twice in a row
  Once,   ///< each opponent moves at most once, in any order
  Single  ///< one opponent, one move
};

/// In the order of every table.
inline constexpr std::array kAllConcepts{Concept::Nash, Concept::Gmr,  Concept::Smr,
                                         Concept::Seq,  Concept::Sseq, Concept::Sim};

/// Those with a near-linear method: all but SIM, which is computed only where asked for by name.
inline constexpr std::array kClassicalConcepts{Concept::Nash, Concept::Gmr, Concept::Smr,
                                               Concept::Seq, Concept::Sseq};

inline constexpr std::array kAllSanctions{Sanctions::Legal, Sanctions::Once, Sanctions::Single};

/// "nash", "gmr", "smr", "seq", "sseq", "sim": the word of case files and of the command line.
std::string_view concept_name(Concept c);
/// "Nash", "GMR", …: the head of a table's column.
std::string_view concept_title(Concept c);
/// "general metarationality", …: the name spelt out, in lower case but for "Nash".
std::string_view concept_long_name(Concept c);
/// One sentence in plain words: what it means that a state is stable for a party.
std::string_view concept_meaning(Concept c);
/// The concept of that name, in any letter case.
std::optional<Concept> parse_concept(std::string_view name);

/// "legal", "once", "single".
std::string_view sanctions_name(Sanctions s);
/// One sentence in plain words: which answers count.
std::string_view sanctions_meaning(Sanctions s);
/// The convention of that name, in any letter case.
std::optional<Sanctions> parse_sanctions(std::string_view name);

}  // namespace wayout
