#pragma once
/// @file
/// Pictures for Graphviz.

#include <string>
#include <string_view>

#include "wayout/export/picture.hpp"

namespace wayout {

struct DotSettings {
  std::size_t most_edges = 5000;  ///< the first ones; the caption says how many are missing
  std::size_t line_width = 28;    ///< labels are wrapped at spaces after so many characters
};

/// The picture in the DOT language: parties by colour (told apart without seeing red and green),
/// tracks dashed, unwilling moves grey-dotted, the status quo in bold, goals with a double border,
/// a catastrophe filled. A legend names the movers that appear. What a limit left out stands in the
/// caption. Requires edges that name existing nodes and movers. Cost: linear.
std::string to_dot(const GraphPicture& picture, const DotSettings& settings = {});

/// A DOT string: in quotes, with quotes, backslashes and line breaks escaped and other control
/// characters left out.
std::string dot_string(std::string_view text);

}  // namespace wayout
