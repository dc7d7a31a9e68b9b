#pragma once
/// @file
/// In words: what parties see wrongly, and what surprises them.

#include <string>
#include <vector>

#include "wayout/answer/answer.hpp"
#include "wayout/report/style.hpp"

namespace wayout {

/// "Every party acts on the dispute as it sees it (beliefs: …)."
std::string as_perceived_sentence(const Conflict& conflict);
/// That the case states beliefs and they were not counted.
std::string beliefs_left_out();

/// One line for each step that somebody takes for a gain that it is not.
std::string mistakes_text(const Conflict& conflict, const std::vector<Mistake>& mistakes,
                          const TextStyle& style, std::size_t indent);
/// The course's mistakes, and what is missed where it rests (`at`).
std::string place_errors_text(const Conflict& conflict, const PlaceErrors& errors, State at,
                              const TextStyle& style);
/// The part of the answer that says who is wrong about what; "" where nobody is found to be.
std::string perceived_part(const Conflict& conflict, const CaseAnswer& answer,
                           const TextStyle& style);
/// "Ru would move (…) and expects …": who is wrong about what deters him.
std::string surprise_sentence(const Conflict& conflict, const Surprise& surprise);

}  // namespace wayout
