#pragma once
/// @file
/// One run of the program: the case it works on, where it prints, how it is watched and stopped.

#include <optional>
#include <string>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/cli/request.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/model/view.hpp"
#include "wayout/report/style.hpp"
#include "wayout/space/perception.hpp"
#include "wayout/stability/holding.hpp"

namespace wayout::cli {

/// A case as read from a file, of whatever format.
struct LoadedCase {
  Parts parts;
  /// Fills in file, line and column of errors about these parts, and renders them with source
  /// lines.
  std::function<void(Errors&)> locate;
  std::function<std::string(const Errors&, bool colour)> render;
};

class Session {
 public:
  explicit Session(Request request);

  const Request& request() const { return request_; }
  TextStyle style() const;  ///< for standard output
  Watch watch() const;      ///< cancel by Ctrl-C, progress on a terminal, the time limit
  /// Removes the progress line; called before anything is printed.
  void clear_progress() const;

  /// Reads the case; prints every fault and returns nullopt where there is one. Faults are
  /// diagnostics, or, for `check`, the result that was asked for.
  std::optional<LoadedCase> load(const std::string& path, bool faults_are_the_result = false) const;
  /// The conflict under --under and --with; prints every fault and returns nullopt where there is
  /// one.
  std::optional<Conflict> conflict(const LoadedCase& loaded) const;
  /// The conflict as every party sees it; prints every fault and returns nullopt where there is
  /// one.
  std::optional<Perceived> perceived(const LoadedCase& loaded, const Conflict& conflict) const;
  /// Prints faults: with --json as an object on standard output, and as text on standard error.
  void print_faults(const LoadedCase* loaded, Errors errors) const;
  /// One line on standard error.
  void complain(const std::string& message, const std::string& hint = {}) const;
  /// A line on standard error that only informs; not with --quiet.
  void inform(const std::string& message) const;
  void print(const std::string& text) const;  ///< to standard output; a closed pipe ends the
                                              ///< program quietly

  /// The state the user names: a number, `now`, assignments such as release=true,patrols=some (the
  /// rest as now), or a condition, which is set in the feasible state that changes fewest options.
  /// Complains and returns nullopt otherwise.
  std::optional<State> state(const Conflict& conflict, const std::string& text,
                             const char* setting) const;
  std::optional<PartyId> party(const Conflict& conflict, const std::string& id) const;
  std::optional<Sanctions> sanctions() const;
  /// The goals of --goal, as indices into Conflict::goals(), in the order asked for; empty where
  /// none are named. Complains and returns nullopt where the case has no such goal.
  std::optional<std::vector<std::size_t>> goals(const Conflict& conflict) const;
  std::optional<Condition> condition(const Conflict& conflict, const std::string& text,
                                     const char* setting) const;
  /// The status quo or --from; complains where there is neither.
  std::optional<State> start(const Conflict& conflict) const;

  /// Exit code for how work ended.
  static int exit_code(End end);

 private:
  Request request_;
  bool stdout_colour_ = false;
  bool progress_ = false;
  std::size_t width_ = 100;
  Watch::Clock::time_point began_;
};

/// The token that Ctrl-C sets.
CancelToken& cancel_token();

/// The number of a feasible state from 1 in ascending order; nullopt where the space is too large
/// to count up to it (graph form: the file's number).
std::optional<std::int64_t> state_number(const Conflict& conflict, State s,
                                         std::uint64_t budget = 4'000'000);

/// Writes a file as a whole or not at all: to a temporary file beside it, then renamed. Returns
/// what went wrong, or "".
std::string write_file(const std::string& path, const std::string& text);

}  // namespace wayout::cli
