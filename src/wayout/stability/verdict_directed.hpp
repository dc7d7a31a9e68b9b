#pragma once
/// @file
/// Single verdicts in conflicts of up to 128 bits of options: bounds, directed search and
/// abstraction, with rising effort over all improvements at once.

#include <span>

#include "wayout/stability/answer_model.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {

/// The verdict for GMR, SMR, SEQ or SSEQ under the legal convention. `improvements` are those that
/// count, in the order in which they are tried; `model` is that of p and the concept.
Verdict directed_verdict(const AnswerModel& model, State s, std::span<const State> improvements,
                         const VerdictSettings& settings);

}  // namespace wayout
