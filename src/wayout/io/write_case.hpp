#pragma once
/// @file
/// Parts to the text of a case file.

#include <string>

#include "wayout/model/parts.hpp"

namespace wayout {

/// The case as TOML, parts and keys in a fixed order, defaults left out. Reading it back gives the
/// same parts but for their paths, provided that they could have been read from a file: texts are
/// UTF-8 (other bytes become U+FFFD), names of levels are ids, numbers have at most 6 places.
/// Numbers that effects have multiplied are written multiplied out. Cost: linear.
std::string write_case(const Parts& parts);

/// Whether two cases say the same: equal but for the paths of their parts and for what build()
/// fills in (PreferencePart::placed).
bool same_parts(const Parts& a, const Parts& b);

}  // namespace wayout
