#pragma once
/// @file
/// Expressions resolved against a conflict: a shared graph of nodes over packed states.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/base/ids.hpp"
#include "wayout/model/state.hpp"

namespace wayout {

struct ExprTag {};
using ExprId = Id<ExprTag>;

/// One resolved node. Literals on whole option fields are folded into masks, so that a conjunction
/// of plain options is one comparison.
struct ExprNode {
  enum class Kind : std::uint8_t {
    Const,  ///< value != 0
    All,    ///< (bits & mask) == value and every kid
    Any,    ///< (bits & mask) != value (some literal holds; value has them all failing) or some kid
    Not,    ///< not kid
    Level,  ///< the level in field (shift, width) is in `set`
    Iff,    ///< kids agree
    Count,  ///< number of kids that hold lies in [low, high]
    Node    ///< graph form: the state is number `low` in the list
  };
  Kind kind = Kind::Const;
  std::uint8_t shift = 0;
  std::uint8_t width = 0;
  UInt128 mask = 0;
  UInt128 value = 0;
  std::uint64_t set = 0;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::vector<ExprId> kids;
  UInt128 support = 0;  ///< the bits the node depends on
  friend bool operator==(const ExprNode&, const ExprNode&) = default;
};

/// The nodes of a conflict's expressions; equal nodes are stored once.
class ExprPool {
 public:
  ExprId constant(bool value);
  ExprId level_in(int shift, int width, std::uint64_t set);
  ExprId negate(ExprId e);
  ExprId all(std::span<const ExprId> kids);
  ExprId any(std::span<const ExprId> kids);
  ExprId iff(ExprId a, ExprId b);
  ExprId count(std::span<const ExprId> kids, std::int64_t low, std::int64_t high);
  ExprId node_is(std::int64_t node);

  bool holds(ExprId e, State s) const { return evaluate(nodes_[e.index()], s.bits); }
  UInt128 support(ExprId e) const { return nodes_[e.index()].support; }
  const ExprNode& node(ExprId e) const { return nodes_[e.index()]; }
  bool is_constant(ExprId e, bool value) const;
  std::size_t size() const { return nodes_.size(); }

 private:
  bool evaluate(const ExprNode& n, UInt128 bits) const;
  ExprId intern(ExprNode n);
  std::vector<ExprNode> nodes_;
  std::multimap<std::uint64_t, std::uint32_t> index_;
};

/// An expression with a pool of its own, for conditions that are not part of the case.
struct Condition {
  std::string text;
  std::shared_ptr<const ExprPool> pool;
  ExprId expr;
  bool holds(State s) const { return pool->holds(expr, s); }
};

}  // namespace wayout
