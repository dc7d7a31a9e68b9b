#pragma once
/// @file
/// Bad input, told so that a person can mend it: what is wrong, where, and a hint.

#include <string>
#include <vector>

#include "wayout/base/expected.hpp"

namespace wayout {

/// A place in the input. `path` names a part of the parsed case ("option[3].now",
/// "preference[0].statements[4].when"); `offset` is a byte offset inside an expression there, -1
/// when the whole value is meant. `line` and `column` (from 1; 0 = not known) are filled in by the
/// reader of the file, which knows where each path was written.
struct Where {
  std::string path;
  int offset = -1;
  std::string file;
  int line = 0;
  int column = 0;
};

enum class Severity { Fault, Warning };

/// One fault or warning. `code` is a stable word for programs ("unknown_id",
/// "infeasible_status_quo").
struct Error {
  std::string code;
  std::string message;
  Where where;
  std::string hint;
  Severity severity = Severity::Fault;
};

using Errors = std::vector<Error>;

/// A value, or every fault found.
template <class T>
using Result = Expected<T, Errors>;

/// A result that is a single fault.
inline Unexpected<Errors> fault(std::string code, std::string message, Where where = {},
                                std::string hint = {}) {
  return {Errors{Error{std::move(code), std::move(message), std::move(where), std::move(hint),
                       Severity::Fault}}};
}

/// Throws std::logic_error when a caller breaks what a function requires. Active in every build.
void contract(bool ok, const char* what);

}  // namespace wayout
