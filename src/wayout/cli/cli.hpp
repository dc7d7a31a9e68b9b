#pragma once
/// @file
/// The command line as a whole.

namespace wayout::cli {

/// Reads the arguments, runs the command, returns the exit code. Never throws.
int run(int argc, char** argv);

}  // namespace wayout::cli
