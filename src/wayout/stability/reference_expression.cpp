#include <algorithm>

#include "wayout/stability/reference_model.hpp"

namespace wayout::reference {
namespace {

Result<Formula> resolve(const Model& m, const Ast& ast, int index, int depth);

Result<Formula> resolve_name(const Model& m, const std::string& name, int depth) {
  Formula f;
  for (std::size_t o = 0; o < m.options.size(); ++o) {
    if (m.options[o].id != name) continue;
    f.kind = Formula::Kind::Option;  // a bare name: above the first level
    f.index = o;
    f.op = CompareOp::Greater;
    return f;
  }
  if (name == "now") {
    if (!m.now) return fault("no_status_quo", "there is no status quo");
    f.kind = Formula::Kind::Now;
    return f;
  }
  const auto define = m.defines.find(name);
  if (define == m.defines.end()) return fault("unknown_id", "'" + name + "' is unknown");
  if (depth > 300) return fault("define_cycle", "'" + name + "' is nested too deep");
  auto ast = parse_expression(define->second);
  if (!ast) return Unexpected{ast.error()};
  return resolve(m, *ast, ast->root, depth + 1);
}

Result<Formula> resolve_compare(const Model& m, const AstNode& n) {
  Formula f;
  f.op = n.op;
  if (m.graph && n.name == "state") {
    const auto place = m.places.find(n.number);
    if (!n.level_is_number || place == m.places.end())
      return fault("unknown_state", "there is no such state");
    f.kind = Formula::Kind::State;
    f.index = place->second;
    return f;
  }
  for (std::size_t o = 0; o < m.options.size(); ++o) {
    if (m.options[o].id != n.name) continue;
    const auto level = n.level_is_number ? read_level(m.options[o], LevelValue(n.number))
                                         : read_level(m.options[o], LevelValue(n.level));
    if (!level) return fault("unknown_level", "'" + n.name + "' has no such level");
    f.kind = Formula::Kind::Option;
    f.index = o;
    f.number = *level;
    return f;
  }
  return fault("unknown_id", "'" + n.name + "' is no option");
}

Result<Formula> resolve(const Model& m, const Ast& ast, int index, int depth) {
  const AstNode& n = ast.nodes[static_cast<std::size_t>(index)];
  if (n.kind == AstNode::Kind::Name) return resolve_name(m, n.name, depth);
  if (n.kind == AstNode::Kind::Compare) return resolve_compare(m, n);
  Formula f;
  switch (n.kind) {
    case AstNode::Kind::True:
    case AstNode::Kind::False:
      f.kind = Formula::Kind::Constant;
      f.value = n.kind == AstNode::Kind::True;
      break;
    case AstNode::Kind::Not:
      f.kind = Formula::Kind::Not;
      break;
    case AstNode::Kind::And:
      f.kind = Formula::Kind::And;
      break;
    case AstNode::Kind::Or:
      f.kind = Formula::Kind::Or;
      break;
    case AstNode::Kind::Implies:
      f.kind = Formula::Kind::Implies;
      break;
    case AstNode::Kind::Iff:
      f.kind = Formula::Kind::Iff;
      break;
    case AstNode::Kind::Count:
      f.kind = Formula::Kind::Count;
      f.op = n.op;
      f.number = n.number;
      break;
    case AstNode::Kind::Name:
    case AstNode::Kind::Compare:
      break;  // handled above
  }
  for (const int kid : n.kids) {
    auto k = resolve(m, ast, kid, depth);
    if (!k) return k;
    f.kids.push_back(std::move(*k));
  }
  return f;
}

bool compare(std::int64_t a, CompareOp op, std::int64_t b) {
  switch (op) {
    case CompareOp::Equal:
      return a == b;
    case CompareOp::NotEqual:
      return a != b;
    case CompareOp::Less:
      return a < b;
    case CompareOp::LessEqual:
      return a <= b;
    case CompareOp::Greater:
      return a > b;
    case CompareOp::GreaterEqual:
      return a >= b;
  }
  return false;
}

}  // namespace

std::optional<int> read_level(const OptionFacts& option, const LevelValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (*number < 0 || *number >= option.level_count) return std::nullopt;
    return static_cast<int>(*number);
  }
  const bool binary = option.level_names.empty();
  if (const auto* flag = std::get_if<bool>(&value)) {
    if (!binary) return std::nullopt;
    return *flag ? 1 : 0;
  }
  const std::string& name = std::get<std::string>(value);
  if (binary) {
    if (name == "yes" || name == "true" || name == "1") return 1;
    if (name == "no" || name == "false" || name == "0") return 0;
    return std::nullopt;
  }
  for (int i = 0; i < option.level_count; ++i)
    if (option.level_names[static_cast<std::size_t>(i)] == name) return i;
  for (int i = 0; i < option.level_count; ++i)
    if (std::to_string(i) == name) return i;
  return std::nullopt;
}

Result<Formula> read_formula(const Model& m, std::string_view text) {
  auto ast = parse_expression(text);
  if (!ast) return Unexpected{ast.error()};
  return resolve(m, *ast, ast->root, 0);
}

bool is_true(const Model& m, const Formula& f, const World& w) {
  switch (f.kind) {
    case Formula::Kind::Constant:
      return f.value;
    case Formula::Kind::Option:
      return compare(w.levels[f.index], f.op, f.number);
    case Formula::Kind::State:
      return (w.place == f.index) == (f.op == CompareOp::Equal);
    case Formula::Kind::Now:
      return m.graph ? w.place == m.now->place : w.levels == m.now->levels;
    case Formula::Kind::Not:
      return !is_true(m, f.kids[0], w);
    case Formula::Kind::And:
      for (const Formula& kid : f.kids)
        if (!is_true(m, kid, w)) return false;
      return true;
    case Formula::Kind::Or:
      for (const Formula& kid : f.kids)
        if (is_true(m, kid, w)) return true;
      return false;
    case Formula::Kind::Implies:
      return !is_true(m, f.kids[0], w) || is_true(m, f.kids[1], w);
    case Formula::Kind::Iff:
      return is_true(m, f.kids[0], w) == is_true(m, f.kids[1], w);
    case Formula::Kind::Count: {
      std::int64_t n = 0;
      for (const Formula& kid : f.kids) n += is_true(m, kid, w) ? 1 : 0;
      return compare(n, f.op, f.number);
    }
  }
  return false;
}

StateSet truth(const Model& m, const Formula& f) {
  StateSet out;
  for (const World& w : m.states) out.push_back(is_true(m, f, w));
  return out;
}

}  // namespace wayout::reference
