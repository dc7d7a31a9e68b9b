#include "wayout/model/expression.hpp"

#include <algorithm>

namespace wayout {
namespace {

std::uint64_t hash_node(const ExprNode& n) {
  std::uint64_t h = hash_bits(n.mask) ^ (hash_bits(n.value) * 31) ^ (n.set * 0x9E3779B97F4A7C15ull);
  const auto mix = [&h](std::uint64_t x) { h = (h ^ x) * 0xD6E8FEB86659FD93ull + (h >> 29); };
  mix(static_cast<std::uint64_t>(n.kind));
  mix(n.shift);
  mix(n.width);
  mix(static_cast<std::uint64_t>(n.low));
  mix(static_cast<std::uint64_t>(n.high));
  for (const ExprId kid : n.kids) mix(kid.index());
  return h;
}

}  // namespace

ExprId ExprPool::intern(ExprNode n) {
  const std::uint64_t h = hash_node(n);
  for (auto [it, end] = index_.equal_range(h); it != end; ++it)
    if (nodes_[it->second] == n) return ExprId(it->second);
  nodes_.push_back(std::move(n));
  index_.emplace(h, static_cast<std::uint32_t>(nodes_.size() - 1));
  return ExprId(nodes_.size() - 1);
}

bool ExprPool::is_constant(ExprId e, bool value) const {
  const ExprNode& n = node(e);
  return n.kind == ExprNode::Kind::Const && (n.low != 0) == value;
}

ExprId ExprPool::constant(bool value) {
  ExprNode n;
  n.low = value ? 1 : 0;
  return intern(std::move(n));
}

ExprId ExprPool::level_in(int shift, int width, std::uint64_t set) {
  ExprNode n;
  const UInt128 field = ((UInt128{1} << width) - 1) << shift;
  n.support = field;
  // A single level is a literal: it folds into the masks of conjunctions.
  if (set != 0 && (set & (set - 1)) == 0) {
    int level = 0;
    while (((set >> level) & 1u) == 0) ++level;
    n.kind = ExprNode::Kind::All;
    n.mask = field;
    n.value = UInt128(static_cast<unsigned>(level)) << shift;
    return intern(std::move(n));
  }
  n.kind = ExprNode::Kind::Level;
  n.shift = static_cast<std::uint8_t>(shift);
  n.width = static_cast<std::uint8_t>(width);
  n.set = set;
  return intern(std::move(n));
}

ExprId ExprPool::negate(ExprId e) {
  const ExprNode& n = node(e);
  if (n.kind == ExprNode::Kind::Const) return constant(n.low == 0);
  if (n.kind == ExprNode::Kind::Not) return n.kids[0];
  ExprNode out;
  out.kind = ExprNode::Kind::Not;
  out.kids = {e};
  out.support = n.support;
  // The negation of a literal on one bit is a literal too.
  if (n.kind == ExprNode::Kind::All && n.kids.empty() && (n.mask & (n.mask - 1)) == 0) {
    out = n;
    out.value = n.value ^ n.mask;
  }
  return intern(std::move(out));
}

ExprId ExprPool::all(std::span<const ExprId> kids) {
  ExprNode out;
  out.kind = ExprNode::Kind::All;
  for (const ExprId kid : kids) {
    const ExprNode& n = node(kid);
    if (n.kind == ExprNode::Kind::Const) {
      if (n.low == 0) return constant(false);
      continue;
    }
    out.support |= n.support;
    if (n.kind == ExprNode::Kind::All) {
      const UInt128 both = out.mask & n.mask;
      if ((out.value & both) != (n.value & both)) return constant(false);
      out.mask |= n.mask;
      out.value |= n.value;
      out.kids.insert(out.kids.end(), n.kids.begin(), n.kids.end());
    } else {
      out.kids.push_back(kid);
    }
  }
  std::sort(out.kids.begin(), out.kids.end());
  out.kids.erase(std::unique(out.kids.begin(), out.kids.end()), out.kids.end());
  if (out.mask == 0) {
    if (out.kids.empty()) return constant(true);
    if (out.kids.size() == 1) return out.kids[0];
  }
  return intern(std::move(out));
}

ExprId ExprPool::any(std::span<const ExprId> kids) {
  ExprNode out;
  out.kind = ExprNode::Kind::Any;
  for (const ExprId kid : kids) {
    const ExprNode& n = node(kid);
    if (n.kind == ExprNode::Kind::Const) {
      if (n.low != 0) return constant(true);
      continue;
    }
    out.support |= n.support;
    const bool one_bit =
        n.kind == ExprNode::Kind::All && n.kids.empty() && (n.mask & (n.mask - 1)) == 0;
    const UInt128 failing = n.value ^ n.mask;
    if (one_bit && ((out.mask & n.mask) == 0 || (out.value & n.mask) == failing)) {
      out.mask |= n.mask;
      out.value |= failing;
    } else if (n.kind == ExprNode::Kind::Any &&
               (out.value & out.mask & n.mask) == (n.value & out.mask & n.mask)) {
      out.mask |= n.mask;
      out.value |= n.value;
      out.kids.insert(out.kids.end(), n.kids.begin(), n.kids.end());
    } else {
      out.kids.push_back(kid);
    }
  }
  std::sort(out.kids.begin(), out.kids.end());
  out.kids.erase(std::unique(out.kids.begin(), out.kids.end()), out.kids.end());
  if (out.mask == 0) {
    if (out.kids.empty()) return constant(false);
    if (out.kids.size() == 1) return out.kids[0];
  } else if (out.kids.empty() && (out.mask & (out.mask - 1)) == 0) {
    ExprNode literal;
    literal.kind = ExprNode::Kind::All;
    literal.mask = out.mask;
    literal.value = out.value ^ out.mask;
    literal.support = out.support;
    return intern(std::move(literal));
  }
  return intern(std::move(out));
}

ExprId ExprPool::iff(ExprId a, ExprId b) {
  if (a == b) return constant(true);
  for (const auto& [x, y] : {std::pair(a, b), std::pair(b, a)}) {
    if (is_constant(x, true)) return y;
    if (is_constant(x, false)) return negate(y);
  }
  ExprNode n;
  n.kind = ExprNode::Kind::Iff;
  n.kids = {std::min(a, b), std::max(a, b)};
  n.support = support(a) | support(b);
  return intern(std::move(n));
}

ExprId ExprPool::count(std::span<const ExprId> kids, std::int64_t low, std::int64_t high) {
  const auto size = static_cast<std::int64_t>(kids.size());
  low = std::max<std::int64_t>(low, 0);
  high = std::min(high, size);
  if (low > high) return constant(false);
  if (low == 0 && high == size) return constant(true);
  if (low == size) return all(kids);
  if (low == 1 && high == size) return any(kids);
  ExprNode n;
  n.kind = ExprNode::Kind::Count;
  n.low = low;
  n.high = high;
  n.kids.assign(kids.begin(), kids.end());
  for (const ExprId kid : kids) n.support |= support(kid);
  return intern(std::move(n));
}

ExprId ExprPool::node_is(std::int64_t node) {
  ExprNode n;
  n.kind = ExprNode::Kind::Node;
  n.low = node;
  n.support = UInt128{0xFFFFFFFFu} << State::kNodeShift;
  return intern(std::move(n));
}

bool ExprPool::evaluate(const ExprNode& n, UInt128 bits) const {
  switch (n.kind) {
    case ExprNode::Kind::Const:
      return n.low != 0;
    case ExprNode::Kind::All:
      if ((bits & n.mask) != n.value) return false;
      for (const ExprId kid : n.kids)
        if (!evaluate(nodes_[kid.index()], bits)) return false;
      return true;
    case ExprNode::Kind::Any:
      if ((bits & n.mask) != n.value) return true;
      for (const ExprId kid : n.kids)
        if (evaluate(nodes_[kid.index()], bits)) return true;
      return false;
    case ExprNode::Kind::Not:
      return !evaluate(nodes_[n.kids[0].index()], bits);
    case ExprNode::Kind::Level: {
      const auto level =
          static_cast<std::uint64_t>(bits >> n.shift) & ((std::uint64_t{1} << n.width) - 1);
      return (n.set >> level) & 1u;
    }
    case ExprNode::Kind::Iff:
      return evaluate(nodes_[n.kids[0].index()], bits) == evaluate(nodes_[n.kids[1].index()], bits);
    case ExprNode::Kind::Count: {
      std::int64_t holding = 0;
      for (const ExprId kid : n.kids) holding += evaluate(nodes_[kid.index()], bits) ? 1 : 0;
      return holding >= n.low && holding <= n.high;
    }
    case ExprNode::Kind::Node:
      return static_cast<std::int64_t>(State{bits}.node()) == n.low;
  }
  return false;
}

}  // namespace wayout
