#pragma once
/// @file
/// A .gmcr file as it was written, before it means anything. For gmcr_*.cpp only; others use
/// gmcr.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {

/// `option` taken, or not taken.
struct GmcrLiteral {
  std::size_t option = 0;
  bool taken = false;
  friend bool operator==(const GmcrLiteral&, const GmcrLiteral&) = default;
};
using GmcrPattern = std::vector<GmcrLiteral>;

/// One pattern, or (compound) any of several.
struct GmcrStatement {
  std::vector<GmcrPattern> members;
  bool compound = false;
  std::string path;
};

struct GmcrOption {
  std::string name;
  Direction direction = Direction::Both;
  std::string path;
};

struct GmcrParty {
  std::string name;
  std::vector<std::size_t> options;
  std::vector<GmcrStatement> preferences;
  /// State numbers, best first, ties together; nullopt where the file has none.
  std::optional<std::vector<std::vector<std::int64_t>>> ranking;
  std::vector<GmcrStatement> misperceptions;
  std::string path;
  std::string ranking_path;
};

struct GmcrGroup {
  std::vector<std::size_t> members;
  std::string name;  ///< from coalitionsFull, "" where it is silent
  std::string path;
};

struct GmcrFile {
  std::string program;
  std::string version;
  std::optional<bool> manual_ranking;
  std::vector<GmcrOption> options;
  std::vector<GmcrParty> parties;
  std::vector<GmcrStatement> infeasibles;
  std::vector<GmcrGroup> coalitions;  ///< empty where the file has none
};

/// Reads the JSON and checks types and indices. Faults carry file, line and column.
Result<GmcrFile> parse_gmcr(std::string_view text, const std::string& path);

/// The file as text: one option, decision maker or pattern a line.
std::string print_gmcr(const GmcrFile& file);

}  // namespace wayout
