#include "wayout/io/case_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "wayout/base/text.hpp"
#include "wayout/io/case_reader.hpp"
#include "wayout/io/json_text.hpp"
#include "wayout/io/toml_scan.hpp"
#include "wayout/io/toml_tree.hpp"
#include "wayout/model/view.hpp"

namespace wayout {
namespace {

Where at(const std::string& path, std::string_view text, std::size_t offset) {
  const TextPlace place = place_of(text, offset);
  Where where;
  where.file = path;
  where.line = place.line;
  where.column = place.column;
  return where;
}

Unexpected<Errors> too_large(const std::string& path) {
  Where where;
  where.file = path;
  return fault("limit",
               "the file is larger than " + std::to_string(Limits::kFileBytes >> 20) +
                   " MiB, which is the limit",
               where);
}

Unexpected<Errors> refused(const TomlRefusal& refusal, const std::string& path,
                           std::string_view text) {
  const Where where = at(path, text, refusal.offset);
  switch (refusal.why) {
    case TomlRefusal::Why::Encoding:
      return fault("encoding", "this is no UTF-8", where, "save the file as UTF-8");
    case TomlRefusal::Why::ZeroByte:
      return fault("encoding", "this is a zero byte, which no text has", where);
    case TomlRefusal::Why::Nesting:
      return fault("limit",
                   "brackets and dotted keys are nested more than " +
                       std::to_string(Limits::kNesting) + " deep, which is the limit",
                   where);
    case TomlRefusal::Why::Values:
      break;
  }
  return fault("limit",
               "the file has more than " + with_commas(kMostTomlValues) +
                   " keys and values, which is the limit",
               where);
}

/// Every id and level's name that stands in the file, whether its part could be read or not.
void names_in(const TomlNode& node, std::set<std::string>& names) {
  for (const TomlNode& item : node.items) names_in(item, names);
  for (const TomlMember& m : node.members) {
    if (m.key == "id") names.insert(m.value.text);
    if (m.key == "levels")
      for (const TomlNode& level : m.value.items) names.insert(level.text);
    names_in(m.value, names);
  }
}

/// Adds the faults of meaning that can be told in spite of faults of form: those of expressions,
/// and those that stand in parts without any, where they are no mere consequence of what could not
/// be read elsewhere.
Errors with_meaning(Errors form, const Parts& parts, const TomlNode& tree, const std::string& path,
                    const std::string& text) {
  constexpr std::size_t kMostFaults = 20;
  static const std::set<std::string> kOfOnePlace = {
      "unknown_id", "unknown_level", "expression", "shares",       "duplicate_id",
      "effect",     "define_cycle",  "binding",    "unknown_state"};
  const auto part_of = [](const std::string& p) { return p.substr(0, p.find('.')); };
  std::set<std::string> broken;
  std::set<std::string> values;
  for (const Error& e : form) {
    broken.insert(part_of(e.where.path));
    values.insert(e.where.path);
  }
  std::set<std::string> names;
  names_in(tree, names);
  CaseFile file;
  file.positions = PositionMap(tree);
  file.path = path;
  file.text = text;
  Errors meaning = check(parts);
  locate(meaning, file);
  for (Error& e : meaning) {
    if (form.size() >= kMostFaults) break;
    if (e.where.line == 0 || kOfOnePlace.count(e.code) == 0 || values.count(e.where.path) != 0)
      continue;
    const bool in_expression = e.where.offset >= 0;
    if (!in_expression && broken.count(part_of(e.where.path)) != 0) continue;
    // 'x' is no option: perhaps it is one, and could not be read.
    const std::size_t open = e.message.find('\'');
    const std::size_t close = e.message.find('\'', open + 1);
    if (close != std::string::npos && e.code != "duplicate_id" &&
        names.count(e.message.substr(open + 1, close - open - 1)) != 0)
      continue;
    form.push_back(std::move(e));
  }
  std::stable_sort(form.begin(), form.end(), [](const Error& a, const Error& b) {
    return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
  });
  return form;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

PositionMap::PositionMap(const TomlNode& root) {
  // Breadth first, so that the children of an entry lie side by side.
  std::vector<const TomlNode*> nodes = {&root};
  entries_.emplace_back();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const TomlNode& node = *nodes[i];
    Entry entry = entries_[i];
    entry.begin = node.begin;
    entry.first = static_cast<std::uint32_t>(entries_.size());
    if (node.is(TomlNode::Kind::Text)) entry.kind = Entry::Kind::Text;
    if (node.is(TomlNode::Kind::Table)) {
      entry.kind = Entry::Kind::Table;
      entry.children = static_cast<std::uint32_t>(node.members.size());
      for (const TomlMember& m : node.members) {
        Entry child;
        child.key = m.key_begin;
        child.name = static_cast<std::uint32_t>(names_.size());
        child.name_size = static_cast<std::uint32_t>(m.key.size());
        names_ += m.key;
        entries_.push_back(child);
        nodes.push_back(&m.value);
      }
    }
    if (node.is(TomlNode::Kind::Array)) {
      entry.kind = Entry::Kind::List;
      entry.children = static_cast<std::uint32_t>(node.items.size());
      for (const TomlNode& item : node.items) {
        Entry child;
        child.key = item.begin;
        entries_.push_back(child);
        nodes.push_back(&item);
      }
    }
    entries_[i] = entry;
  }
}

bool PositionMap::find(std::string_view path, Place& place) const {
  if (entries_.empty() || path.empty()) return false;
  std::size_t at_entry = 0;
  while (!path.empty()) {
    const Entry& entry = entries_[at_entry];
    std::size_t next = 0;
    std::size_t used = 0;
    if (path.front() == '[') {
      const std::size_t close = path.find(']');
      std::size_t index = 0;
      if (close == std::string_view::npos ||
          std::from_chars(path.data() + 1, path.data() + close, index).ptr != path.data() + close)
        break;
      // One value stands for a list of one.
      if (entry.kind != Entry::Kind::List && index == 0 && at_entry != 0) {
        path.remove_prefix(close + 1);
        continue;
      }
      if (entry.kind != Entry::Kind::List || index >= entry.children) break;
      next = entry.first + index;
      used = close + 1;
    } else {
      if (path.front() == '.') path.remove_prefix(1);
      // A key may contain dots itself: the longest that fits is meant.
      if (entry.kind != Entry::Kind::Table) break;
      for (std::size_t k = entry.first; k < entry.first + entry.children; ++k) {
        const std::string_view name =
            std::string_view(names_).substr(entries_[k].name, entries_[k].name_size);
        if (name.size() < used || (next != 0 && name.size() == used)) continue;
        if (path.substr(0, name.size()) != name) continue;
        const std::string_view rest = path.substr(name.size());
        if (!rest.empty() && rest.front() != '.' && rest.front() != '[') continue;
        next = k;
        used = name.size();
      }
      if (next == 0) break;
    }
    at_entry = next;
    path.remove_prefix(used);
  }
  if (at_entry == 0) return false;
  const Entry* entry = &entries_[at_entry];
  if (entry->kind == Entry::Kind::List && entry->children == 1 &&
      entries_[entry->first].kind == Entry::Kind::Text)
    entry = &entries_[entry->first];
  place.begin = entry->begin;
  place.key = entry->key;
  place.text = path.empty() && entry->kind == Entry::Kind::Text;
  return true;
}

Result<std::string> read_text_file(const std::string& path) {
  namespace fs = std::filesystem;
  Where where;
  where.file = path;
  std::error_code trouble;
  const fs::file_status status = fs::status(path, trouble);
  if (!fs::exists(status)) return fault("cannot_read", "there is no such file", where);
  if (fs::is_directory(status)) return fault("cannot_read", "this is a folder, not a file", where);
  if (fs::is_regular_file(status)) {
    const auto size = fs::file_size(path, trouble);
    if (!trouble && size > Limits::kFileBytes) return too_large(path);
  }
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) return fault("cannot_read", "the file cannot be opened", where);
  std::string text;
  char buffer[1 << 16];
  while (true) {
    const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get());
    text.append(buffer, got);
    if (text.size() > Limits::kFileBytes) return too_large(path);
    if (got < sizeof buffer) break;
  }
  if (std::ferror(file.get()) != 0) return fault("cannot_read", "the file cannot be read", where);
  return text;
}

Result<CaseFile> read_case(const std::string& path) {
  auto text = read_text_file(path);
  if (!text) return Unexpected{std::move(text.error())};
  return parse_case(std::move(*text), path);
}

Result<CaseFile> parse_case(std::string text, std::string path) {
  if (text.size() > Limits::kFileBytes) return too_large(path);
  if (text.compare(0, 3, "\xEF\xBB\xBF") == 0) text.erase(0, 3);
  if (const auto refusal = scan_toml(text)) return refused(*refusal, path, text);
  auto tree = parse_toml(text, path);
  if (!tree) return Unexpected{std::move(tree.error())};
  FaultList faults(text, path);
  CaseFile out;
  out.parts = read_parts(faults, *tree);
  if (!faults.empty()) return Unexpected{with_meaning(faults.take(), out.parts, *tree, path, text)};
  out.positions = PositionMap(*tree);
  out.path = std::move(path);
  out.text = std::move(text);
  return out;
}

void locate(Errors& errors, const CaseFile& file) {
  for (Error& e : errors) {
    if (e.where.line > 0) continue;
    if (e.where.file.empty()) e.where.file = file.path;
    PositionMap::Place place;
    if (!file.positions.find(e.where.path, place)) continue;
    std::size_t offset = place.begin;
    if (place.text && e.where.offset >= 0)
      offset = offset_in_string(file.text, place.begin, static_cast<std::size_t>(e.where.offset));
    const TextPlace found = place_of(file.text, offset);
    e.where.line = found.line;
    e.where.column = found.column;
  }
}

}  // namespace wayout
