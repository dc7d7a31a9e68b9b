#include <algorithm>
#include <bit>

#include "wayout/base/text.hpp"
#include "wayout/model/data.hpp"

namespace wayout {
namespace {

Unexpected<Errors> at(std::string code, std::string message, int offset, std::string hint = {}) {
  Where where;
  where.offset = offset;
  return fault(std::move(code), std::move(message), where, std::move(hint));
}

/// The levels that satisfy `level op number`, as a bit set.
std::uint64_t level_set(std::size_t levels, CompareOp op, std::int64_t number) {
  std::uint64_t set = 0;
  for (std::size_t i = 0; i < levels; ++i) {
    const auto level = static_cast<std::int64_t>(i);
    bool in = false;
    switch (op) {
      case CompareOp::Equal:
        in = level == number;
        break;
      case CompareOp::NotEqual:
        in = level != number;
        break;
      case CompareOp::Less:
        in = level < number;
        break;
      case CompareOp::LessEqual:
        in = level <= number;
        break;
      case CompareOp::Greater:
        in = level > number;
        break;
      case CompareOp::GreaterEqual:
        in = level >= number;
        break;
    }
    if (in) set |= std::uint64_t{1} << i;
  }
  return set;
}

std::pair<std::int64_t, std::int64_t> count_range(CompareOp op, std::int64_t k, std::int64_t size) {
  switch (op) {
    case CompareOp::Equal:
    case CompareOp::NotEqual:
      return {k, k};
    case CompareOp::Less:
      return {0, k - 1};
    case CompareOp::LessEqual:
      return {0, k};
    case CompareOp::Greater:
      return {k == INT64_MAX ? size + 1 : k + 1, size};
    case CompareOp::GreaterEqual:
      return {k, size};
  }
  return {0, size};
}

}  // namespace

std::optional<int> Resolver::level_of(const OptionInfo& option, const LevelValue& value) {
  const auto count = static_cast<std::int64_t>(option.levels.size());
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (*number < 0 || *number >= count) return std::nullopt;
    return static_cast<int>(*number);
  }
  if (const auto* flag = std::get_if<bool>(&value)) {
    if (!option.binary) return std::nullopt;
    return *flag ? 1 : 0;
  }
  const std::string& name = std::get<std::string>(value);
  for (std::size_t i = 0; i < option.levels.size(); ++i)
    if (option.levels[i] == name) return static_cast<int>(i);
  if (option.binary) {
    if (name == "true" || name == "yes") return 1;
    if (name == "false" || name == "no") return 0;
  }
  if (!name.empty() && name.size() <= 3 &&
      std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    const int number = std::stoi(name);
    if (number < count) return number;
  }
  return std::nullopt;
}

Result<ExprId> Resolver::resolve(std::string_view text) {
  auto result = measured(text);
  if (!result) return Unexpected{std::move(result.error())};
  return result->id;
}

Result<Resolver::Measured> Resolver::measured(std::string_view text) {
  auto ast = parse_expression(text);
  if (!ast) return Unexpected{std::move(ast.error())};
  return walk(*ast, ast->root);
}

Unexpected<Errors> Resolver::unknown(const std::string& name, int offset) const {
  std::vector<std::string> known;
  for (const auto& o : data_.options) known.push_back(o.id);
  for (const auto& d : data_.parts.defines) known.push_back(d.id);
  std::string hint = did_you_mean(name, known);
  if (name == "state" && !data_.graph)
    hint = "states have numbers in conditions only in graph form; name the options instead";
  return at("unknown_id", "'" + name + "' is no option and no [[define]]", offset, hint);
}

Result<Resolver::Measured> Resolver::define(std::size_t index, int offset) {
  if (const auto it = defines_.find(index); it != defines_.end()) return it->second;
  const auto& part = data_.parts.defines[index];
  if (std::find(open_.begin(), open_.end(), index) != open_.end())
    return at("define_cycle", "'" + part.id + "' is defined by way of itself", offset);
  if (open_.size() >= Limits::kExpressionDepth)
    return at("limit",
              "defines are nested more than " + std::to_string(Limits::kExpressionDepth) +
                  " deep, which is the limit",
              offset);
  open_.push_back(index);
  auto result = measured(part.when);
  open_.pop_back();
  if (!result) {
    // The define has its own fault, told where it stands; here it is only used. A circle of defines
    // has no such place: each of them tells.
    return at(result.error()[0].code == "define_cycle" ? "define_cycle" : "in_define",
              "'" + part.id + "' cannot be used: " + result.error()[0].message, offset,
              result.error()[0].hint);
  }
  defines_.emplace(index, *result);
  return result;
}

Result<Resolver::Measured> Resolver::compare(const AstNode& n) {
  Measured m;
  if (data_.graph && n.name == "state") {
    if (!n.level_is_number || (n.op != CompareOp::Equal && n.op != CompareOp::NotEqual))
      return at("expression", "a state is compared with a number by == or !=", n.offset);
    const auto it = data_.graph_index.find(n.number);
    if (it == data_.graph_index.end())
      return at("unknown_state", "there is no state " + std::to_string(n.number), n.level_offset);
    m.id = pool_.node_is(static_cast<std::int64_t>(it->second));
    if (n.op == CompareOp::NotEqual) m.id = pool_.negate(m.id);
    return m;
  }
  const auto it = data_.option_index.find(n.name);
  if (it == data_.option_index.end()) {
    for (const auto& d : data_.parts.defines)
      if (d.id == n.name)
        return at("expression", "'" + n.name + "' is a define and has no levels", n.offset,
                  "write " + n.name + " or not " + n.name);
    return unknown(n.name, n.offset);
  }
  const OptionInfo& option = data_.options[it->second];
  std::int64_t number = n.number;
  if (!n.level_is_number) {
    const auto level = level_of(option, LevelValue(n.level));
    if (!level) {
      std::string hint = did_you_mean(n.level, option.levels);
      if (hint.empty()) hint = "its levels are " + join_and(option.levels);
      return at("unknown_level", "'" + n.level + "' is no level of '" + option.id + "'",
                n.level_offset, hint);
    }
    number = *level;
  } else if (number < 0 || number >= static_cast<std::int64_t>(option.levels.size())) {
    return at("unknown_level", "'" + option.id + "' has no level " + std::to_string(number),
              n.level_offset, "its levels are 0 to " + std::to_string(option.levels.size() - 1));
  }
  const std::size_t levels = option.levels.size();
  const std::uint64_t set = level_set(levels, n.op, number);
  const std::uint64_t everything =
      levels == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << levels) - 1;
  if (set == 0 || set == everything) {
    m.id = pool_.constant(set != 0);
  } else {
    m.id = pool_.level_in(option.shift, option.width, set);
  }
  return m;
}

Result<Resolver::Measured> Resolver::walk(const Ast& ast, int index) {
  const AstNode& n = ast.nodes[static_cast<std::size_t>(index)];
  using Kind = AstNode::Kind;
  Measured m;
  if (n.kind == Kind::True || n.kind == Kind::False) {
    m.id = pool_.constant(n.kind == Kind::True);
    return m;
  }
  if (n.kind == Kind::Compare) return compare(n);
  if (n.kind == Kind::Name) {
    if (const auto it = data_.option_index.find(n.name); it != data_.option_index.end()) {
      const OptionInfo& o = data_.options[it->second];
      m.id = pool_.level_in(o.shift, o.width, level_set(o.levels.size(), CompareOp::Greater, 0));
      return m;
    }
    if (n.name == "now") {
      if (!data_.status_quo)
        return at("no_status_quo", "'now' is the status quo, and this case has none", n.offset);
      if (data_.graph) {
        m.id = pool_.node_is(static_cast<std::int64_t>(data_.status_quo->node()));
        return m;
      }
      std::vector<ExprId> kids;
      for (const auto& o : data_.options)
        kids.push_back(pool_.level_in(o.shift, o.width, std::uint64_t{1} << o.now));
      m.id = pool_.all(kids);
      m.nodes = kids.size() + 1;
      return m;
    }
    for (std::size_t i = 0; i < data_.parts.defines.size(); ++i)
      if (data_.parts.defines[i].id == n.name) return define(i, n.offset);
    return unknown(n.name, n.offset);
  }
  std::vector<ExprId> kids;
  for (const int kid : n.kids) {
    auto k = walk(ast, kid);
    if (!k) return k;
    m.nodes += k->nodes;
    m.depth = std::max(m.depth, k->depth + 1);
    if (m.nodes > Limits::kExpressionNodes)
      return at("limit",
                "with its defines written out the expression has more than " +
                    with_commas(Limits::kExpressionNodes) + " parts, which is the limit",
                n.offset);
    kids.push_back(k->id);
  }
  if (m.depth > Limits::kExpressionDepth)
    return at("limit",
              "with its defines written out the expression is nested more than " +
                  std::to_string(Limits::kExpressionDepth) + " deep, which is the limit",
              n.offset);
  switch (n.kind) {
    case Kind::Not:
      m.id = pool_.negate(kids[0]);
      break;
    case Kind::And:
      m.id = pool_.all(kids);
      break;
    case Kind::Or:
      m.id = pool_.any(kids);
      break;
    case Kind::Implies:
      m.id = pool_.any(std::vector<ExprId>{pool_.negate(kids[0]), kids[1]});
      break;
    case Kind::Iff:
      m.id = pool_.iff(kids[0], kids[1]);
      break;
    case Kind::Count: {
      const auto [low, high] = count_range(n.op, n.number, static_cast<std::int64_t>(kids.size()));
      m.id = pool_.count(kids, low, high);
      if (n.op == CompareOp::NotEqual) m.id = pool_.negate(m.id);
      break;
    }
    default:
      break;
  }
  return m;
}

}  // namespace wayout
