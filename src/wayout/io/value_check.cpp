#include "wayout/io/value_check.hpp"

#include <algorithm>
#include <cmath>

#include "wayout/base/text.hpp"

namespace wayout {
namespace {

using Kind = TomlNode::Kind;

std::string item(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// One value against one key; every function tells its fault and returns false.
class Check {
 public:
  Check(FaultList& faults, const Key& key) : faults_(faults), key_(key) {}

  bool value(const TomlNode& node, const std::string& path) {
    switch (key_.type) {
      case KeyType::Flag:
        return node.is(Kind::Flag) || wrong(node, path);
      case KeyType::Whole:
        return node.is(Kind::Whole) ||
               wrong(
                   node, path,
                   path == "now"
                       ? "in graph form, a state's number; where nobody knows, no_status_quo = true"
                       : "");
      case KeyType::Text:
        return node.is(Kind::Text) || wrong(node, path);
      case KeyType::Date:
        return node.is(Kind::Date) || wrong(node, path, "such as 2022-01-25, without quotes");
      case KeyType::Id:
        return id(node, path);
      case KeyType::Name:
        return name(node, path);
      case KeyType::Condition:
        return condition(node, path);
      case KeyType::Word:
        return word(node, path);
      case KeyType::FlagOrCondition:
        return node.is(Kind::Flag) || condition(node, path);
      case KeyType::Level:
        return level(node, path);
      case KeyType::LevelList:
        return one_or_list(node, path,
                           [&](const TomlNode& n, const std::string& p) { return level(n, p); });
      case KeyType::Number:
        return read_quantity(faults_, node, path, key_.negative).has_value();
      case KeyType::NumberOrInf:
        return read_quantity(faults_, node, path, key_.negative, true).has_value();
      case KeyType::Texts:
        return one_or_list(node, path, [&](const TomlNode& n, const std::string& p) {
          return n.is(Kind::Text) || wrong(n, p);
        });
      case KeyType::Levels:
        return one_or_list(node, path,
                           [&](const TomlNode& n, const std::string& p) { return id(n, p); });
      case KeyType::Names:
        return one_or_list(node, path,
                           [&](const TomlNode& n, const std::string& p) { return name(n, p); });
      case KeyType::Conditions:
        if (node.is(Kind::Array) && node.items.empty()) return empty_list(node, path);
        return one_or_list(
            node, path, [&](const TomlNode& n, const std::string& p) { return condition(n, p); });
      case KeyType::Statements:
        if (!limited(node, path, Limits::kStatements)) return false;
        // A fault of one entry does not hide those of the others.
        return one_or_list(node, path,
                           [&](const TomlNode& n, const std::string& p) {
                             return n.is(Kind::Table) || condition(n, p);
                           }) ||
               node.is(Kind::Array);
      case KeyType::Numbers:
        return list(node, path, [&](const TomlNode& n, const std::string& p) {
          return read_quantity(faults_, n, p, key_.negative).has_value();
        });
      case KeyType::Wholes:
        return list(node, path, [&](const TomlNode& n, const std::string& p) {
          return n.is(Kind::Whole) || wrong(n, p);
        });
      case KeyType::Order:
        return list(node, path, [&](const TomlNode& n, const std::string& p) { return tie(n, p); });
      case KeyType::Arcs:
        return list(node, path, [&](const TomlNode& n, const std::string& p) { return arc(n, p); });
      case KeyType::NumberTable:
        return table(node, path, [&](const TomlMember& m, const std::string& p) {
          if (!is_id(m.key)) return bad_id(m.key, m.key_begin, p);
          return read_quantity(faults_, m.value, p, key_.negative).has_value();
        });
      case KeyType::LevelTable:
        return table(node, path,
                     [&](const TomlMember& m, const std::string& p) { return level(m.value, p); });
      case KeyType::Shares:
        if (node.is(Kind::Text)) return condition(node, path);
        return table(node, path, [&](const TomlMember& m, const std::string& p) {
          return read_quantity(faults_, m.value, p, false).has_value();
        });
      case KeyType::Profile:
        if (node.is(Kind::Text)) return word(node, path);
        return table(node, path,
                     [&](const TomlMember& m, const std::string& p) { return word(m.value, p); });
      case KeyType::Part:
        return node.is(Kind::Table) ||
               wrong(node, path,
                     node.is(Kind::Array) && !node.items.empty() ? "there is only one: " + one()
                                                                 : "");
      case KeyType::Test:
        return node.is(Kind::Table) || wrong(node, path);
      case KeyType::Parts:
        return limited(node, path,
                       key_.part == "state" ? Limits::kGraphStates : Limits::kPartsOfAKind) &&
               tables(node, path);
      case KeyType::Effects:
        return limited(node, path, Limits::kPartsOfAKind) && tables(node, path);
      case KeyType::Tests:
        if (node.is(Kind::Array) && node.items.empty()) return empty_list(node, path);
        return limited(node, path, Limits::kPartsOfAKind) && tables(node, path);
    }
    return true;
  }

 private:
  std::string one() const { return "write [" + std::string(key_.name) + "]"; }

  bool wrong(const TomlNode& node, const std::string& path, const std::string& hint = {}) {
    faults_.add("wrong_type",
                "'" + std::string(key_.name) + "' takes " + std::string(wanted(key_.type)) +
                    ", and this is " + std::string(describe(node)),
                node.begin, path, hint);
    return false;
  }

  bool empty_list(const TomlNode& node, const std::string& path) {
    faults_.add("empty", "the list is empty", node.begin, path);
    return false;
  }

  bool bad_id(std::string_view text, std::size_t offset, const std::string& path) {
    faults_.add("bad_id", "'" + shown(text) + "' cannot be an id", offset, path,
                "an id begins with a small letter and goes on with small letters, digits and _, "
                "64 at most");
    return false;
  }

  bool id(const TomlNode& node, const std::string& path) {
    if (!node.is(Kind::Text)) return wrong(node, path);
    return is_id(node.text) || bad_id(node.text, node.begin, path);
  }

  bool name(const TomlNode& node, const std::string& path) {
    if (!node.is(Kind::Text)) return wrong(node, path);
    if (!blank(node.text)) return true;
    faults_.add("empty", "'" + std::string(key_.name) + "' names nothing", node.begin, path);
    return false;
  }

  bool condition(const TomlNode& node, const std::string& path) {
    if (!node.is(Kind::Text)) {
      const bool flag = node.is(Kind::Flag);
      return wrong(node, path,
                   flag ? "as an expression: \"" + std::string(describe(node)) + "\"" : "");
    }
    if (!blank(node.text)) return true;
    faults_.add("empty", "the expression is empty", node.begin, path);
    return false;
  }

  bool word(const TomlNode& node, const std::string& path) {
    if (!node.is(Kind::Text)) return wrong(node, path);
    const auto words = split_words(key_.words);
    if (std::find(words.begin(), words.end(), node.text) != words.end()) return true;
    std::string hint = did_you_mean(node.text, words);
    if (hint.empty()) hint = "one of " + join_and(words);
    faults_.add("unknown_word",
                "'" + shown(node.text) + "' is no word for '" + std::string(key_.name) + "'",
                node.begin, path, hint);
    return false;
  }

  bool level(const TomlNode& node, const std::string& path) {
    if (node.is(Kind::Flag) || node.is(Kind::Whole)) return true;
    return name(node, path);
  }

  bool tie(const TomlNode& node, const std::string& path) {
    if (node.is(Kind::Whole)) return true;
    return list(node, path, [&](const TomlNode& n, const std::string& p) {
      return n.is(Kind::Whole) || wrong(n, p);
    });
  }

  bool arc(const TomlNode& node, const std::string& path) {
    if (node.is(Kind::Array) && node.items.size() == 2 && node.items[0].is(Kind::Whole) &&
        node.items[1].is(Kind::Whole))
      return true;
    faults_.add("wrong_type", "a move is a pair of state numbers", node.begin, path,
                "such as [1, 2]");
    return false;
  }

  bool limited(const TomlNode& node, const std::string& path, std::size_t limit) {
    const std::size_t size = std::max(node.items.size(), node.members.size());
    if (size <= limit || (key_.type == KeyType::Statements && !node.is(Kind::Array))) return true;
    faults_.add("limit",
                "'" + std::string(key_.name) + "' has " + with_commas(size) + " entries, and " +
                    with_commas(limit) + " is the limit",
                node.begin, path);
    return false;
  }

  bool tables(const TomlNode& node, const std::string& path) {
    if (node.is(Kind::Table)) {
      const bool top = path == key_.name;
      return wrong(node, path,
                   top ? "there may be several: write [[" + std::string(key_.name) + "]]"
                       : "put it in brackets: [{ … }]");
    }
    // Entries that are none are told here and left out by the reader.
    list(node, path,
         [&](const TomlNode& n, const std::string& p) { return n.is(Kind::Table) || wrong(n, p); });
    return node.is(Kind::Array);
  }

  template <class F>
  bool list(const TomlNode& node, const std::string& path, F one_item) {
    if (!node.is(Kind::Array)) return wrong(node, path);
    bool right = true;
    for (std::size_t i = 0; i < node.items.size() && !faults_.full(); ++i)
      right = one_item(node.items[i], item(path, i)) && right;
    return right;
  }

  template <class F>
  bool one_or_list(const TomlNode& node, const std::string& path, F one_item) {
    return node.is(Kind::Array) ? list(node, path, one_item) : one_item(node, path);
  }

  template <class F>
  bool table(const TomlNode& node, const std::string& path, F one_member) {
    if (!node.is(Kind::Table)) return wrong(node, path);
    if (!limited(node, path, Limits::kTableEntries)) return false;
    bool right = true;
    if (node.members.empty()) {
      faults_.add("empty", "the table is empty", node.begin, path);
      right = false;
    }
    for (const TomlMember& m : node.members) {
      if (faults_.full()) break;
      right = one_member(m, path + "." + m.key) && right;
    }
    return right;
  }

  FaultList& faults_;
  const Key& key_;
};

/// The number itself, as typed: no detour over a double.
std::optional<Decimal> read_number(FaultList& faults, const TomlNode& node,
                                   const std::string& path) {
  if (!node.is_number()) {
    faults.add(
        "wrong_type",
        "a number, a range such as { from = 1, to = 2 } or { about = 1, spread = 0.2 } stands "
        "here, and this is " +
            std::string(describe(node)),
        node.begin, path);
    return std::nullopt;
  }
  std::optional<Decimal> number;
  double size = 0;
  if (node.is(Kind::Whole)) {
    number = Decimal::parse(std::to_string(node.whole));
    size = static_cast<double>(node.whole);
  } else {
    size = node.real;
    if (!std::isfinite(size)) {
      faults.add("number", "a finite number stands here", node.begin, path);
      return std::nullopt;
    }
    number = Decimal::parse(faults.text().substr(node.begin, node.end - node.begin));
  }
  if (!number)
    faults.add("number",
               std::fabs(size) >= 1e15
                   ? "the number has more than 15 digits before the point, which is the limit"
                   : "the number has more than " + std::to_string(Decimal::kMaxInputPlaces) +
                         " decimal places, which is the limit",
               node.begin, path);
  return number;
}

std::optional<Decimal> read_end(FaultList& faults, const TomlNode& table, const std::string& path,
                                std::string_view key, bool negative) {
  const TomlNode* node = table.find(key);
  if (node == nullptr) {
    faults.add("missing_key", "a range needs '" + std::string(key) + "'", table.begin, path);
    return std::nullopt;
  }
  const std::string where = path + "." + std::string(key);
  const auto number = read_number(faults, *node, where);
  if (number && !negative && number->is_negative()) {
    faults.add("negative", "the number may not be negative", node->begin, where);
    return std::nullopt;
  }
  return number;
}

std::optional<Quantity> read_range(FaultList& faults, const TomlNode& node, const std::string& path,
                                   bool negative) {
  bool right = true;
  const bool about = node.find("about") != nullptr || node.find("spread") != nullptr;
  const std::vector<std::string> keys =
      about ? std::vector<std::string>{"about", "spread"} : std::vector<std::string>{"from", "to"};
  for (const TomlMember& m : node.members) {
    if (m.key == keys[0] || m.key == keys[1]) continue;
    std::string hint = did_you_mean(m.key, keys);
    if (hint.empty()) hint = "a range is { from = …, to = … } or { about = …, spread = … }";
    faults.add("unknown_key", "'" + shown(m.key) + "' is no key of a range", m.key_begin,
               path + "." + m.key, hint);
    right = false;
  }
  // A misspelt key is one fault, not two.
  if (!right) return std::nullopt;
  const auto a = read_end(faults, node, path, keys[0], negative);
  const auto b = read_end(faults, node, path, keys[1], negative && !about);
  if (!a || !b) return std::nullopt;
  if (!about && *b < *a) {
    faults.add("range", "the range ends before it begins", node.begin, path,
               "from " + b->to_string() + " to " + a->to_string());
    return std::nullopt;
  }
  Quantity q;
  q.form = about ? Quantity::Form::AboutSpread : Quantity::Form::FromTo;
  q.a = *a;
  q.b = *b;
  return q;
}

}  // namespace

bool check_value(FaultList& faults, const TomlNode& node, const Key& key, const std::string& path) {
  return Check(faults, key).value(node, path);
}

std::optional<Quantity> read_quantity(FaultList& faults, const TomlNode& node,
                                      const std::string& path, bool negative, bool infinite) {
  if (node.is(Kind::Table)) return read_range(faults, node, path, negative);
  Quantity q;
  if (infinite && node.is(Kind::Real) && std::isinf(node.real) && node.real > 0) return q;
  const auto number = read_number(faults, node, path);
  if (!number) return std::nullopt;
  if (!negative && number->is_negative()) {
    faults.add("negative", "the number may not be negative", node.begin, path);
    return std::nullopt;
  }
  q.a = *number;
  return q;
}

LevelValue read_level(const TomlNode& node) {
  if (node.is(Kind::Flag)) return node.flag;
  if (node.is(Kind::Whole)) return node.whole;
  return node.text;
}

std::string_view wanted(KeyType type) {
  switch (type) {
    case KeyType::Flag:
      return "true or false";
    case KeyType::Whole:
      return "a whole number";
    case KeyType::Text:
      return "a text";
    case KeyType::Texts:
      return "a text or a list of texts";
    case KeyType::Id:
      return "an id in quotes";
    case KeyType::Levels:
      return "a list of names in quotes";
    case KeyType::Name:
      return "an id in quotes";
    case KeyType::Names:
      return "an id in quotes or a list of them";
    case KeyType::Word:
      return "a word in quotes";
    case KeyType::Condition:
      return "an expression in quotes";
    case KeyType::FlagOrCondition:
      return "true, false or an expression in quotes";
    case KeyType::Conditions:
      return "an expression in quotes or ids of measures";
    case KeyType::Number:
    case KeyType::NumberOrInf:
      return "a number or a range";
    case KeyType::Numbers:
      return "a list of numbers";
    case KeyType::NumberTable:
      return "a table of numbers such as { security = 1 }";
    case KeyType::Shares:
      return "a catastrophe, a table of shares or an assignment in quotes";
    case KeyType::Level:
      return "true, false, or a level's number or name";
    case KeyType::LevelList:
      return "a level's number or name, true or false, or a list of them";
    case KeyType::LevelTable:
      return "a table of levels such as { release = true }";
    case KeyType::Profile:
      return "a concept in quotes or a table such as { up = \"seq\" }";
    case KeyType::Date:
      return "a date";
    case KeyType::Order:
      return "a list of state numbers such as [[3], [1, 2]]";
    case KeyType::Wholes:
      return "a list of whole numbers";
    case KeyType::Arcs:
      return "a list of pairs such as [[1, 2], [1, 3]]";
    case KeyType::Part:
      return "a table";
    case KeyType::Parts:
      return "a list of tables";
    case KeyType::Statements:
      return "a list of expressions in quotes or tables";
    case KeyType::Effects:
      return "a list of effects such as [{ open = \"…\" }]";
    case KeyType::Test:
      return "a test such as { reachable = \"…\" }";
    case KeyType::Tests:
      return "a list of tests such as [{ reachable = \"…\" }]";
  }
  return "something else";
}

std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 60))
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c);
  if (text.size() <= 60) return out;
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0u) == 0x80u) out.pop_back();
  if (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80u) != 0) out.pop_back();
  return out + "…";
}

}  // namespace wayout
