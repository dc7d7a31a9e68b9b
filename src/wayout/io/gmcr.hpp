#pragma once
/// @file
/// The files of GMCR+ and gmcr-py (.gmcr, JSON), in and out.

#include <string>
#include <string_view>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {

/// Reads a .gmcr file. What becomes of its parts:
/// - Options are binary, `permittedDirection` both, fwd, back becomes `moves` both, up, down. The
/// file
///   names no status quo: Parts::no_status_quo is set.
/// - Infeasible patterns become `never` rules, one each (several to a rule beyond 4,096).
/// - Preference statements become priorities; an empty list leaves every state equally good. Where
/// the
///   file uses manual rankings and a decision maker has one, it becomes a ranking. Both number
///   states from 1 over the feasible ones, option k counting 2^k.
/// - `misperceptions` become one disabled `never` rule each and a belief of the party that enables
/// them.
///   States that a manual ranking leaves out and its owner does not see are put last.
/// - A coalition becomes one party that owns the options of its members and prefers unanimously. It
///   does not see what no member sees. Files whose `coalitions` name no group of two or more, or
///   are missing, have every decision maker for itself.
/// - A decision maker without options becomes a third party: it makes no move and is stable
/// everywhere,
///   whatever it prefers.
/// Ids are made from the names; `name` keeps the text. Paths of faults are those of the JSON.
/// Older files (`preferenceVector`, `useManualPreferenceVectors`, no `misperceptions`, no
/// `coalitions`) are read too. Errors: up to 20, located by line and column: no JSON, limits (16
/// MiB, nesting 64), encoding, wrong types, options of two decision makers or of none,
/// contradictory patterns. What needs the whole conflict (a ranking that leaves states out, too
/// many options) is told by build(). Cost: linear; for rankings with misperceptions also the
/// enumeration of the feasible states.
Result<Parts> read_gmcr(std::string_view text, const std::string& path);

/// Fills in file, line and column of faults that build() told about parts read from this text.
void locate_gmcr(Errors& errors, std::string_view text, const std::string& path);

/// Writes the dispute as a .gmcr file, which has the same states, moves and orders of states when
/// it is read again. Statements are written as patterns where every party has priorities and each
/// statement needs at most 256 patterns, otherwise every party gets a ranking (up to 65,536
/// feasible states). A unanimous preference is written as a coalition, a belief that only enables
/// `never` rules as misperceptions. Errors: everything that the format cannot say: graph form,
/// tracks, joint options, options of more than two levels, forbid rules, rules of more than 4,096
/// patterns, too many states to rank.
Result<std::string> write_gmcr(const Conflict& conflict);

/// What write_gmcr leaves out without changing states, moves or preferences, such as "the status
/// quo" or "2 goals"; for a message to the user.
std::vector<std::string> gmcr_left_out(const Conflict& conflict);

}  // namespace wayout
