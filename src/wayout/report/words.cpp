#include "wayout/report/words.hpp"

#include <algorithm>

#include "wayout/base/text.hpp"

namespace wayout {

std::vector<std::string> taken(const Conflict& conflict, State s) {
  std::vector<std::string> out;
  if (conflict.graph_form()) {
    const StatePart& part = conflict.parts().states.at(s.node());
    std::string name = "state " + std::to_string(part.number);
    if (!part.name.empty()) name += " (" + part.name + ")";
    out.push_back(std::move(name));
  }
  for (const OptionId o : conflict.options()) {
    const int level = conflict.level(s, o);
    if (level > 0) out.push_back(describe_level(conflict, o, level));
  }
  return out;
}

std::string describe_state(const Conflict& conflict, State s) {
  const auto items = taken(conflict, s);
  return items.empty() ? "nothing is taken" : join(items, "; ");
}

std::string state_key(const Conflict& conflict, State s) {
  if (conflict.graph_form()) return std::to_string(conflict.graph_number(s));
  std::string out;
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    const int level = conflict.level(s, o);
    if (!out.empty()) out += ",";
    out += info.id + "=";
    out += info.binary ? (level != 0 ? "true" : "false")
                       : info.levels[static_cast<std::size_t>(level)];
  }
  return out;
}

std::string describe_level(const Conflict& conflict, OptionId o, int level) {
  const OptionInfo& info = conflict.option(o);
  if (info.binary) return level != 0 ? info.name : "not: " + info.name;
  return info.name + ": " + info.levels[static_cast<std::size_t>(level)];
}

std::vector<std::string> changes(const Conflict& conflict, State from, State to) {
  std::vector<std::string> out;
  if (conflict.graph_form()) {
    if (from != to) out.push_back("goes to " + taken(conflict, to)[0]);
    return out;
  }
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    const int before = conflict.level(from, o);
    const int after = conflict.level(to, o);
    if (before == after) continue;
    if (info.binary) {
      out.push_back((after != 0 ? "starts: " : "ends: ") + info.name);
    } else {
      out.push_back(info.name + ": " + info.levels[static_cast<std::size_t>(before)] + " → " +
                    info.levels[static_cast<std::size_t>(after)]);
    }
  }
  return out;
}

std::string describe_changes(const Conflict& conflict, State from, State to) {
  if (from == to) return "nothing changes";
  if (conflict.graph_form()) return join(changes(conflict, from, to), "; ");
  // Graded options first, so that what follows a verb belongs to it.
  std::vector<std::string> graded;
  std::vector<std::string> started;
  std::vector<std::string> ended;
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    const int before = conflict.level(from, o);
    const int after = conflict.level(to, o);
    if (before == after) continue;
    if (!info.binary) {
      graded.push_back(info.name + ": " + info.levels[static_cast<std::size_t>(before)] + " → " +
                       info.levels[static_cast<std::size_t>(after)]);
    } else {
      (after != 0 ? started : ended).push_back(info.name);
    }
  }
  if (!started.empty()) graded.push_back("starts: " + join(started, "; "));
  if (!ended.empty()) graded.push_back("ends: " + join(ended, "; "));
  return join(graded, "; ");
}

std::string mover_name(const Conflict& conflict, MoverId m) {
  const MoverInfo& info = conflict.mover(m);
  return info.track ? "the table \"" + info.name + "\"" : info.name;
}

std::string party_names(const Conflict& conflict, PartyMask parties) {
  std::vector<std::string> names;
  for (const PartyId p : conflict.parties())
    if (contains(parties, p)) names.push_back(conflict.party(p).name);
  return join_and(names);
}

std::string rule_name(const Conflict& conflict, std::size_t rule) {
  const RulePart& part = conflict.parts().rules.at(rule);
  if (!part.name.empty()) return part.name;
  return part.never.empty() ? "a forbid rule" : "never: " + in_words(conflict, part.never);
}

std::string statement_name(const Conflict& conflict, PartyId p, std::size_t statement) {
  const PreferencePart* part = conflict.preference_part(p);
  const StatementPart& s = part->statements.at(statement);
  if (!s.name.empty()) return s.name;
  return in_words(conflict, s.when);
}

namespace {

/// How tightly an operator binds: 0 for a whole expression, larger binds tighter.
int binding_of(const AstNode& n) {
  switch (n.kind) {
    case AstNode::Kind::Iff:
      return 1;
    case AstNode::Kind::Implies:
      return 2;
    case AstNode::Kind::Or:
      return 3;
    case AstNode::Kind::And:
      return 4;
    case AstNode::Kind::Not:
      return 5;
    default:
      return 6;
  }
}

const char* op_word(CompareOp op) {
  switch (op) {
    case CompareOp::Equal:
      return ": ";
    case CompareOp::NotEqual:
      return ": not ";
    case CompareOp::Less:
      return ": below ";
    case CompareOp::LessEqual:
      return ": at most ";
    case CompareOp::Greater:
      return ": above ";
    case CompareOp::GreaterEqual:
      return ": at least ";
  }
  return ": ";
}

std::string node_words(const Conflict& conflict, const Ast& ast, int index, int outer) {
  const AstNode& n = ast.nodes[static_cast<std::size_t>(index)];
  const int binding = binding_of(n);
  const auto kid = [&](std::size_t i) { return node_words(conflict, ast, n.kids[i], binding); };
  std::string out;
  switch (n.kind) {
    case AstNode::Kind::True:
      return "always";
    case AstNode::Kind::False:
      return "never";
    case AstNode::Kind::Name: {
      if (n.name == "now") return "as today";
      if (const auto o = conflict.find_option(n.name)) return conflict.option(*o).name;
      for (const DefinePart& d : conflict.parts().defines)
        if (d.id == n.name) return d.name.empty() ? d.id : d.name;
      return n.name;
    }
    case AstNode::Kind::Compare: {
      if (n.name == "state")
        return (n.op == CompareOp::Equal ? "state " : "not state ") + std::to_string(n.number);
      const auto o = conflict.find_option(n.name);
      if (!o) return n.name;
      const OptionInfo& info = conflict.option(*o);
      const auto level =
          level_of(info, n.level_is_number ? LevelValue(n.number) : LevelValue(n.level));
      if (!level) return n.name;
      if (info.binary && (n.op == CompareOp::Equal || n.op == CompareOp::NotEqual))
        return ((*level == 1) == (n.op == CompareOp::Equal) ? "" : "not: ") + info.name;
      return info.name + op_word(n.op) + info.levels[static_cast<std::size_t>(*level)];
    }
    case AstNode::Kind::Not:
      // A name may be a sentence of its own: "not: the river is shared".
      out = kid(0);
      out = (out.front() == '(' ? "not " : "not: ") + out;
      break;
    case AstNode::Kind::And:
    case AstNode::Kind::Or: {
      std::vector<std::string> parts;
      for (std::size_t i = 0; i < n.kids.size(); ++i) parts.push_back(kid(i));
      out = join(parts, n.kind == AstNode::Kind::And ? " and " : " or ");
      break;
    }
    case AstNode::Kind::Implies:
      out = "if " + kid(0) + ", then " + kid(1);
      break;
    case AstNode::Kind::Iff:
      out = kid(0) + " exactly when " + kid(1);
      break;
    case AstNode::Kind::Count: {
      std::vector<std::string> parts;
      for (std::size_t i = 0; i < n.kids.size(); ++i)
        parts.push_back(node_words(conflict, ast, n.kids[i], 0));
      static const char* const kOps[] = {"exactly", "not exactly", "fewer than",
                                         "at most", "more than",   "at least"};
      return std::string(kOps[static_cast<int>(n.op)]) + " " + std::to_string(n.number) + " of (" +
             join(parts, ", ") + ")";
    }
  }
  return binding < outer ? "(" + out + ")" : out;
}

}  // namespace

std::string in_words(const Conflict& conflict, const std::string& expression) {
  const auto ast = parse_expression(expression);
  return ast ? node_words(conflict, *ast, ast->root, 0) : expression;
}

namespace {

/// Headings stay whole where there is this much room, and in files, so that they can be searched.
constexpr std::size_t kWhole = 100;

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t have = columns(text);
  if (have < width) text.append(width - have, ' ');
  return text;
}

std::string cut(const std::string& text, std::size_t width) {
  if (columns(text) <= width) return text;
  std::string out;
  std::size_t n = 0;
  for (const char c : text) {
    if ((c & 0xC0) != 0x80 && ++n == width) break;
    out += c;
  }
  return out + "…";
}

std::string wrap(const std::string& text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  std::size_t at = 0;
  bool first = true;
  while (at < text.size()) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(at, end - at);
    const std::size_t size = columns(word);
    if (!first && column + 1 + size > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += size;
    first = false;
    at = end + 1;
  }
  return out;
}

std::string wrap_after(std::size_t column, const std::string& text, std::size_t width,
                       std::size_t indent) {
  return wrap(std::string(column, 'x') + text, width, indent).substr(column);
}

std::string heading(const TextStyle& style, const std::string& bold, const std::string& rest) {
  if (style.width >= kWhole) return style.bold(bold) + rest + "\n";
  const std::string lines = wrap(bold, style.width, 2);
  const std::size_t last = lines.rfind('\n') + 1;  // 0 where it is one line
  const std::size_t column = columns(std::string_view(lines).substr(last));
  return style.bold(lines) + wrap_after(column, rest, style.width, 2) + "\n";
}

std::string beside(const std::string& head, const std::string& text, std::size_t width,
                   std::size_t column) {
  constexpr std::size_t kLeast = 24;
  constexpr std::size_t kBelow = 6;
  if (column == 0) column = columns(head);
  if (column + columns(text) <= width || column + kLeast <= width)
    return head + wrap_after(column, text, width, column) + "\n";
  return head.substr(0, head.find_last_not_of(' ') + 1) + "\n" + std::string(kBelow, ' ') +
         wrap_after(kBelow, text, width, kBelow) + "\n";
}

std::string named_row(const std::string& lead, const std::string& name, std::size_t names,
                      const std::string& cells, std::size_t width) {
  const std::size_t at = columns(lead);
  std::string lines = wrap_after(at, name, names == 0 ? width : at + names, at);
  const std::size_t first = std::min(lines.find('\n'), lines.size());
  std::string out = lead;
  if (names == 0)
    out += lines + "\n" + std::string(at + 2, ' ') + cells;
  else
    out += padded(lines.substr(0, first), names) + cells + lines.substr(first);
  return out + "\n";
}

std::string chain_words(const Conflict& conflict, State from, const std::vector<Step>& steps) {
  std::vector<std::string> parts;
  for (const Step& step : steps) {
    parts.push_back(mover_name(conflict, step.mover) + " (" +
                    describe_changes(conflict, from, step.state) + ")");
    from = step.state;
  }
  return join(parts, ", then ");
}

}  // namespace wayout
