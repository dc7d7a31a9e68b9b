#pragma once
/// @file
/// From the tree of a case file to Parts. For case_file.cpp only; others use case_file.hpp.

#include <set>
#include <string>
#include <vector>

#include "wayout/io/part_reader.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {

/// Reads the whole file. What is faulty is told in `faults` and left out.
Parts read_parts(FaultList& faults, const TomlNode& root);

PreferencePart read_preference(FaultList& faults, const TomlNode& node, const std::string& path,
                               bool member);
/// The effects under key "effects" of a measure, variant or belief.
std::vector<EffectPart> read_effects(const Table& table);
/// A claim's test; `measures` are the ids of all measures of the file.
ClaimTest read_test(FaultList& faults, const TomlNode& node, const std::string& path,
                    const std::set<std::string>& measures);

/// id, name, because, kind, source, only and the path.
void read_head(const Table& table, Head& head);

}  // namespace wayout
