#pragma once
/// @file
/// Case files of every format, by extension.

#include <functional>
#include <optional>
#include <string>

#include "wayout/base/error.hpp"
#include "wayout/model/parts.hpp"

namespace wayout::cli {

struct LoadedCase;

/// Reads a case file: .gmcr as GMCR+ writes it, everything else as TOML. On faults: fills `errors`
/// (located) and `rendered` (the text for a person) and returns nullopt.
std::optional<LoadedCase> load_case(const std::string& path, Errors& errors, std::string& rendered,
                                    bool colour);

}  // namespace wayout::cli
