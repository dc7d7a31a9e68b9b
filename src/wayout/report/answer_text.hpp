#pragma once
/// @file
/// The answer in plain words, terms second.

#include <map>
#include <string>

#include "wayout/answer/answer.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// A goal's verdict in a word or two, and what is behind it.
struct GoalWords {
  std::string word;
  std::string reason;
  int colour = 0;  ///< 1 good, 0 open, -1 bad
};

/// Standing, impasse, hold and reach as text for a terminal. `limits` names the limits that were in
/// force, for verdicts that met one. `words`, per goal, stand in for the verdict as things stand
/// where more is known; `room` is put before what holds, `note` below the title.
std::string answer_text(const Conflict& conflict, const CaseAnswer& answer, const TextStyle& style,
                        const std::string& limits,
                        const std::map<std::size_t, GoalWords>& words = {},
                        const std::string& room = {}, const std::string& note = {});

/// A path as numbered lines: who moves, what changes, what an unwilling step costs.
std::string path_text(const Conflict& conflict, const Path& path, const TextStyle& style,
                      std::size_t indent);

/// How one verdict comes about, told with the movers named (wayout explain).
std::string verdict_text(const Conflict& conflict, PartyId p, State s, Concept c,
                         const Verdict& verdict, const TextStyle& style, std::size_t most_answers);

}  // namespace wayout
