#pragma once
/// @file
/// Small programs over yes-or-no variables, solved to proven optimality by COIN-OR Cbc.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wayout/base/error.hpp"

namespace wayout {

/// Minimise sum of cost[i] over the variables that are 1, subject to rows: the sum of coefficient ×
/// variable is at least `least`.
struct Program {
  struct Row {
    std::vector<std::pair<std::size_t, std::int64_t>> terms;  ///< variable, coefficient
    std::int64_t least = 0;
  };
  std::vector<std::int64_t> cost;  ///< one per variable, none negative
  std::vector<Row> rows;
};

/// What becomes of a program.
struct ProgramResult {
  enum class Status {
    Optimal,     ///< `taken` is best
    Infeasible,  ///< nothing meets all rows
    Stopped      ///< Cbc gave up, or what it gave breaks a row; `taken` says nothing
  };
  Status status = Status::Stopped;
  std::vector<std::size_t> taken;  ///< variables at 1, ascending
  std::int64_t value = 0;          ///< their cost, summed exactly
};

/// Cbc, loaded when it is first asked for, so that what does not need it starts without it.
/// Errors: "no_cbc" where the library is not installed.
Result<bool> load_cbc();

/// Solves exactly; what Cbc returns is tested against the rows in whole numbers. Numbers up to
/// 10^9 keep clear of its tolerances. Requires load_cbc(). Not for two threads at a time; Ctrl-C is
/// held back until it returns. Deterministic. Cost: milliseconds for some dozens of variables and
/// some hundreds of rows, exponential at worst.
ProgramResult solve(const Program& program);

}  // namespace wayout
