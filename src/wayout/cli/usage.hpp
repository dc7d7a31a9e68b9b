#pragma once
/// @file
/// What is said of a command line that does not read.

#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace wayout::cli {

/// What was wrong, and what may have been meant.
struct UsageFault {
  std::string message;
  std::string hint;
};

/// About the error that `app` met in `args`, the words in the order in which they were typed.
UsageFault usage_fault(const CLI::App& app, const CLI::ParseError& error,
                       std::span<const std::string> args);

/// "did you mean 'x'?" for a word in the place of a command or a case that is none of either, or
/// "".
std::string meant_command(const CLI::App& app, const std::string& word);

}  // namespace wayout::cli
