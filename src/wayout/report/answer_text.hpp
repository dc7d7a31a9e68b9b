#pragma once
/// @file
/// The answer in plain words, terms second.

#include <string>

#include "wayout/answer/answer.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// The whole answer as text for a terminal. `limits` names the limits that were in force, for
/// verdicts that met one.
std::string answer_text(const Conflict& conflict, const CaseAnswer& answer, const TextStyle& style,
                        const std::string& limits);

/// A path as numbered lines: who moves, what changes, what an unwilling step costs.
std::string path_text(const Conflict& conflict, const Path& path, const TextStyle& style,
                      std::size_t indent);

/// How one verdict comes about, told with the movers named (wayout explain).
std::string verdict_text(const Conflict& conflict, PartyId p, State s, Concept c,
                         const Verdict& verdict, const TextStyle& style, std::size_t most_answers);

}  // namespace wayout
