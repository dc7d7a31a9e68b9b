// Whatever the bytes are: a tree whose places lie in the text, or one fault that does.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wayout/model/ast.hpp"
#include "wayout/model/parts.hpp"

namespace {

void require(bool ok) {
  if (!ok) std::abort();
}

void check_errors(const wayout::Errors& errors, std::size_t size) {
  require(errors.size() == 1 && !errors[0].message.empty());
  require(errors[0].where.offset >= 0 && static_cast<std::size_t>(errors[0].where.offset) <= size);
}

/// Depth of the tree under a node; every node is met once, or it is no tree.
std::size_t depth(const wayout::Ast& ast, int at, std::size_t& nodes) {
  require(at >= 0 && static_cast<std::size_t>(at) < ast.nodes.size());
  require(++nodes <= ast.nodes.size());
  std::size_t deepest = 0;
  for (const int kid : ast.nodes[static_cast<std::size_t>(at)].kids)
    deepest = std::max(deepest, depth(ast, kid, nodes));
  return deepest + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto ast = wayout::parse_expression(text);
  if (ast) {
    std::size_t nodes = 0;
    require(depth(*ast, ast->root, nodes) <= wayout::Limits::kExpressionDepth + 1);
    require(ast->nodes.size() <= wayout::Limits::kExpressionNodes);
    for (const auto& n : ast->nodes) {
      require(n.offset >= 0 && static_cast<std::size_t>(n.offset) < size);
      require(n.level_offset >= 0 && static_cast<std::size_t>(n.level_offset) < size);
    }
  } else {
    check_errors(ast.error(), size);
  }
  const auto list = wayout::parse_assignments(text);
  if (list) {
    for (const auto& a : *list)
      require(!a.option.empty() && a.offset >= 0 && static_cast<std::size_t>(a.offset) < size);
  } else {
    check_errors(list.error(), size);
  }
  return 0;
}
