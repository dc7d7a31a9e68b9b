#pragma once
/// @file
/// Expressions as written: a syntax tree with names and positions, nothing resolved.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wayout/base/error.hpp"

namespace wayout {

enum class CompareOp { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };

/// One node of an expression. Binding, tightest first: comparison, not, and, or, `if` and `->`,
/// iff.
struct AstNode {
  enum class Kind {
    True,
    False,
    Name,     ///< an option (above its first level), a define, or `now` (the status quo)
    Compare,  ///< name op (level | number): an option's level, or `state == 3` in graph form
    Not,      ///< kids[0]
    And,      ///< kids, two or more
    Or,       ///< kids, two or more
    Implies,  ///< kids[0] -> kids[1]; `a if b` is stored as b -> a
    Iff,      ///< kids[0] <-> kids[1]
    Count     ///< count(kids…) op number
  };
  Kind kind = Kind::True;
  std::string name;
  CompareOp op = CompareOp::Equal;
  bool level_is_number = false;
  std::string level;        ///< the level's name as written, when it is no number
  std::int64_t number = 0;  ///< the level's number, or the number of a count
  std::vector<int> kids;    ///< indices into Ast::nodes
  int offset = 0;           ///< byte offset of the node's first character
  int level_offset = 0;     ///< byte offset of the level in a comparison
};

struct Ast {
  std::vector<AstNode> nodes;
  int root = -1;
};

/// Parses an expression; words (and or not if iff) and symbols (& | ! -> <->) mean the same.
/// Errors: one located fault (Where::offset) of code "expression". Depth is limited to
/// Limits::kExpressionDepth, size to Limits::kExpressionNodes. Cost: linear.
Result<Ast> parse_expression(std::string_view text);

/// "treaty = false, patrols = some" as a list of (option, level); `offset`s point at the names.
struct Assignment {
  std::string option;
  std::string level;
  int offset = 0;
};
Result<std::vector<Assignment>> parse_assignments(std::string_view text);

}  // namespace wayout
