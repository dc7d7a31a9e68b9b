#include "wayout/export/dot.hpp"

#include <algorithm>
#include <array>

#include "wayout/base/text.hpp"

namespace wayout {
namespace {

/// Colours that stay apart for colour-blind readers (Okabe and Ito), the pale yellow left out.
constexpr std::array kColours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                 "#E69F00", "#56B4E9", "#000000"};

std::string colour(std::size_t mover) { return kColours[mover % kColours.size()]; }

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
  }));
}

/// Line breaks at spaces, no line longer than `width` characters unless a word is.
std::string wrapped(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t line = 0;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    const std::size_t size = characters(word);
    if (line > 0 && line + 1 + size > width) {
      out += '\n';
      line = 0;
    } else if (!out.empty()) {
      out += ' ';
      ++line;
    }
    out += word;
    line += size;
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  }
  return out;
}

std::string node_style(NodeRole role) {
  switch (role) {
    case NodeRole::Plain:
      return "";
    case NodeRole::StatusQuo:
      return ", penwidth=2.5";
    case NodeRole::Goal:
      return ", peripheries=2";
    case NodeRole::Catastrophe:
      return ", style=\"rounded,filled\", fillcolor=\"#333333\", fontcolor=white";
  }
  return "";
}

std::string edge_style(const GraphPicture& picture, const GraphPicture::Edge& e) {
  if (e.kind == EdgeKind::Hazard) return "color=\"#999999\", style=bold, arrowhead=tee";
  const std::string paint = "color=\"" + colour(e.mover) + "\"";
  if (e.kind == EdgeKind::Move) return paint + ", style=dotted, arrowhead=open";
  return paint + (picture.movers[e.mover].track ? ", style=dashed" : "");
}

}  // namespace

std::string dot_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20u && c != 0x7F) {
      out += c;
    }
  }
  return out + '"';
}

std::string to_dot(const GraphPicture& picture, const DotSettings& settings) {
  const std::size_t edges = std::min(picture.edges.size(), settings.most_edges);
  std::string caption = picture.title;
  const auto note = [&](std::size_t missing, std::string_view one, std::string_view many) {
    if (missing == 0) return;
    caption +=
        (caption.empty() ? "" : "\n") + std::string("not shown: ") + counted(missing, one, many);
  };
  note(picture.left_out, "state", "states");
  note(picture.edges.size() - edges, "move", "moves");

  std::string out = "digraph wayout {\n";
  out += "  graph [rankdir=LR, fontname=\"sans-serif\", labelloc=t, label=" + dot_string(caption) +
         "];\n";
  out += "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n";
  out += "  edge [fontname=\"sans-serif\", fontsize=9];\n";
  for (std::size_t i = 0; i < picture.nodes.size(); ++i) {
    const auto& n = picture.nodes[i];
    std::string label = wrapped(n.label, settings.line_width);
    for (const auto& mark : n.marks) label += "\n" + wrapped(mark, settings.line_width);
    out += "  s" + std::to_string(i) + " [label=" + dot_string(label) + node_style(n.role) + "];\n";
  }
  std::vector<bool> seen(picture.movers.size(), false);
  for (std::size_t i = 0; i < edges; ++i) {
    const auto& e = picture.edges[i];
    contract(e.from < picture.nodes.size() && e.to < picture.nodes.size() &&
                 e.mover < picture.movers.size(),
             "an edge of a picture joins its nodes");
    seen[e.mover] = true;
    out += "  s" + std::to_string(e.from) + " -> s" + std::to_string(e.to) + " [" +
           edge_style(picture, e) + ", tooltip=" + dot_string(picture.movers[e.mover].name) +
           "];\n";
  }
  if (std::any_of(seen.begin(), seen.end(), [](bool b) { return b; })) {
    out +=
        "  subgraph cluster_legend {\n    label=\"\"; color=\"#BBBBBB\"; node [shape=plaintext];\n";
    for (std::size_t m = 0; m < seen.size(); ++m) {
      if (!seen[m]) continue;
      const std::string name = wrapped(picture.movers[m].name, settings.line_width) +
                               (picture.movers[m].track ? "\n(track, dashed)" : "");
      out += "    m" + std::to_string(m) + " [label=" + dot_string(name) + ", fontcolor=\"" +
             colour(m) + "\"];\n";
    }
    out += "  }\n";
  }
  return out + "}\n";
}

}  // namespace wayout
