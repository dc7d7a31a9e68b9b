#include "wayout/io/toml_tree.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <utility>

#include "wayout/io/json_text.hpp"
#include "wayout/model/parts.hpp"

// The parser is compiled here and nowhere else: the packaged library allows deeper nesting and
// throws.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
#define TOML_MAX_NESTED_VALUES 64
#include <toml++/toml.h>

namespace wayout {

const TomlNode* TomlNode::find(std::string_view key) const {
  for (const TomlMember& m : members)
    if (m.key == key) return &m.value;
  return nullptr;
}

std::string_view describe(const TomlNode& node) {
  switch (node.kind) {
    case TomlNode::Kind::Text:
      return "a text";
    case TomlNode::Kind::Whole:
      return "a whole number";
    case TomlNode::Kind::Real:
      return "a number";
    case TomlNode::Kind::Flag:
      return node.flag ? "true" : "false";
    case TomlNode::Kind::Date:
      return "a date";
    case TomlNode::Kind::Time:
      return "a time";
    case TomlNode::Kind::Array:
      return "a list";
    case TomlNode::Kind::Table:
      return "a table";
  }
  return "a value";
}

namespace {

/// From the parser's lines and columns (in characters) to byte offsets. A mark every 256 characters
/// of a line keeps a file that is one long line from costing its square.
class TextIndex {
 public:
  explicit TextIndex(std::string_view text) : text_(text) {
    lines_.push_back({0, 0});
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0u) == 0x80u) continue;
      if (characters > 0 && characters % kStep == 0)
        marks_.push_back(static_cast<std::uint32_t>(i));
      ++characters;
      if (text[i] == '\n') {
        lines_.push_back(
            {static_cast<std::uint32_t>(i + 1), static_cast<std::uint32_t>(marks_.size())});
        characters = 0;
      }
    }
  }

  std::uint32_t offset(const toml::source_position& p) const {
    if (p.line == 0 || p.column == 0) return 0;
    const std::size_t line = std::min<std::size_t>(p.line, lines_.size()) - 1;
    std::size_t characters = p.column - 1;
    std::size_t at = lines_[line].begin;
    const std::size_t last_mark = line + 1 < lines_.size() ? lines_[line + 1].mark : marks_.size();
    const std::size_t mark = lines_[line].mark + characters / kStep;
    if (characters >= kStep && mark <= last_mark) {
      at = marks_[mark - 1];
      characters %= kStep;
    }
    for (; characters > 0 && at < text_.size(); --characters) {
      ++at;
      while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0u) == 0x80u) ++at;
    }
    return static_cast<std::uint32_t>(at);
  }

 private:
  static constexpr std::size_t kStep = 256;
  struct Line {
    std::uint32_t begin;
    std::uint32_t mark;  ///< the line's first mark
  };
  std::string_view text_;
  std::vector<Line> lines_;
  std::vector<std::uint32_t> marks_;
};

/// Copies the parser's tree, tables in the order of the file. Recursion is bounded by the nesting.
class Copier {
 public:
  explicit Copier(std::string_view text) : index_(text) {}

  bool too_deep() const { return too_deep_; }
  std::uint32_t deepest() const { return deepest_; }

  TomlNode copy(const toml::node& from, std::size_t depth) {
    TomlNode to;
    to.begin = index_.offset(from.source().begin);
    to.end = index_.offset(from.source().end);
    if (depth > Limits::kNesting) {
      if (!too_deep_) deepest_ = to.begin;
      too_deep_ = true;
      return to;
    }
    using Kind = TomlNode::Kind;
    switch (from.type()) {
      case toml::node_type::string:
        to.kind = Kind::Text;
        to.text = from.as_string()->get();
        break;
      case toml::node_type::integer:
        to.kind = Kind::Whole;
        to.whole = from.as_integer()->get();
        break;
      case toml::node_type::floating_point:
        to.kind = Kind::Real;
        to.real = from.as_floating_point()->get();
        break;
      case toml::node_type::boolean:
        to.kind = Kind::Flag;
        to.flag = from.as_boolean()->get();
        break;
      case toml::node_type::date: {
        to.kind = Kind::Date;
        std::ostringstream text;
        text << from.as_date()->get();
        to.text = text.str();
        break;
      }
      case toml::node_type::array:
        to.kind = Kind::Array;
        to.items.reserve(from.as_array()->size());
        for (const toml::node& item : *from.as_array()) to.items.push_back(copy(item, depth + 1));
        break;
      case toml::node_type::table:
        to.kind = Kind::Table;
        to.members.reserve(from.as_table()->size());
        for (const auto& [key, value] : *from.as_table()) {
          TomlMember m;
          m.key = std::string(key.str());
          m.key_begin = index_.offset(key.source().begin);
          m.value = copy(value, depth + 1);
          to.members.push_back(std::move(m));
        }
        std::stable_sort(to.members.begin(), to.members.end(),
                         [](const auto& a, const auto& b) { return a.key_begin < b.key_begin; });
        break;
      default:
        to.kind = Kind::Time;
        break;
    }
    return to;
  }

 private:
  TextIndex index_;
  bool too_deep_ = false;
  std::uint32_t deepest_ = 0;
};

/// The parser's sentence without its own frame, such as "Error while parsing key-value pair: ".
std::string plain(std::string_view description) {
  const std::string_view frame = "Error while parsing ";
  if (description.substr(0, frame.size()) == frame) {
    const std::size_t colon = description.find(": ");
    if (colon != std::string_view::npos) description.remove_prefix(colon + 2);
  }
  std::string out(description);
  if (out.size() > 1 && std::isupper(static_cast<unsigned char>(out[0])) != 0 &&
      std::islower(static_cast<unsigned char>(out[1])) != 0)
    out[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[0])));
  return out;
}

}  // namespace

Result<TomlNode> parse_toml(std::string_view text, const std::string& file) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    Where where;
    where.file = file;
    where.line = static_cast<int>(parsed.error().source().begin.line);
    where.column = static_cast<int>(parsed.error().source().begin.column);
    return fault("syntax", "this is no TOML: " + plain(parsed.error().description()), where);
  }
  Copier copier(text);
  TomlNode root = copier.copy(parsed.table(), 0);
  if (copier.too_deep()) {
    Where where;
    where.file = file;
    const TextPlace place = place_of(text, copier.deepest());
    where.line = place.line;
    where.column = place.column;
    return fault("limit",
                 "values are nested more than " + std::to_string(Limits::kNesting) +
                     " deep, which is the limit",
                 where);
  }
  return root;
}

}  // namespace wayout
