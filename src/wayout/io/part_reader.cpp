#include "wayout/io/part_reader.hpp"

#include <algorithm>

#include "wayout/base/text.hpp"
#include "wayout/io/json_text.hpp"
#include "wayout/io/value_check.hpp"

namespace wayout {

void FaultList::add(std::string code, std::string message, std::size_t offset, std::string path,
                    std::string hint) {
  if (full()) return;
  Error e;
  e.code = std::move(code);
  e.message = std::move(message);
  e.hint = std::move(hint);
  e.where.path = std::move(path);
  e.where.file = file_;
  const TextPlace place = place_of(text_, offset);
  e.where.line = place.line;
  e.where.column = place.column;
  errors_.push_back(std::move(e));
}

Errors FaultList::take() {
  std::stable_sort(errors_.begin(), errors_.end(), [](const Error& a, const Error& b) {
    return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
  });
  return std::move(errors_);
}

Table::Table(FaultList& faults, const TomlNode& node, std::string path, const PartKeys& keys)
    : Table(faults, node, std::move(path), keys, Settings()) {}

Table::Table(FaultList& faults, const TomlNode& node, std::string path, const PartKeys& keys,
             Settings settings)
    : faults_(faults), node_(node), path_(std::move(path)), keys_(keys) {
  check(settings);
}

std::string Table::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void Table::check(const Settings& settings) {
  for (const TomlMember& m : node_.members) {
    if (faults_.full()) return;
    const Key* key = find_key(keys_, m.key);
    const bool criterion = std::find(settings.numbers.begin(), settings.numbers.end(), m.key) !=
                           settings.numbers.end();
    bool right = true;
    if (key != nullptr) {
      right = check_value(faults_, m.value, *key, path_of(m.key));
      const auto methods = split_words(key->methods);
      if (!settings.method.empty() && !methods.empty() &&
          std::find(methods.begin(), methods.end(), settings.method) == methods.end()) {
        faults_.add("method",
                    "'" + m.key + "' does not belong to method = \"" + settings.method + "\"",
                    m.key_begin, path_of(m.key), "it belongs to " + join_and(methods));
        right = false;
      }
    } else if (criterion) {
      right = read_quantity(faults_, m.value, path_of(m.key), true).has_value();
    } else if (!settings.lenient) {
      unknown(m, settings);
    }
    if (!right) wrong_.push_back(&m.value);
  }
  for (const Key& key : keys_.keys) {
    const auto methods = split_words(key.methods);
    // What a method is made of has to be there; only criteria may be left out.
    const bool of_method =
        key.type != KeyType::NumberTable && !settings.method.empty() &&
        std::find(methods.begin(), methods.end(), settings.method) != methods.end();
    if ((!key.required && !of_method) || has(key.name)) continue;
    faults_.add("missing_key",
                std::string(keys_.noun) + " needs '" + std::string(key.name) +
                    "': " + std::string(key.about),
                node_.begin, path_, key.name == "format" ? "begin the file with: format = 1" : "");
  }
}

void Table::unknown(const TomlMember& m, const Settings& settings) {
  std::vector<std::string> known = settings.numbers;
  for (const Key* key : all_keys(keys_)) known.emplace_back(key->name);
  std::string hint = did_you_mean(m.key, known);
  if (hint.empty()) hint = settings.unknown_hint;
  if (hint.empty()) hint = "its keys are " + join_and(known);
  faults_.add("unknown_key", "'" + shown(m.key) + "' is no key of " + std::string(keys_.noun),
              m.key_begin, path_of(m.key), hint);
}

const TomlNode* Table::find(std::string_view key) const {
  const TomlNode* value = node_.find(key);
  if (value == nullptr || std::find(wrong_.begin(), wrong_.end(), value) != wrong_.end())
    return nullptr;
  return value;
}

std::string Table::text(std::string_view key) const {
  const TomlNode* value = find(key);
  return value != nullptr ? value->text : std::string();
}

bool Table::flag(std::string_view key, bool otherwise) const {
  const TomlNode* value = find(key);
  return value != nullptr ? value->flag : otherwise;
}

std::int64_t Table::whole(std::string_view key, std::int64_t otherwise) const {
  const TomlNode* value = find(key);
  return value != nullptr ? value->whole : otherwise;
}

std::vector<std::string> Table::texts(std::string_view key) const {
  const TomlNode* value = find(key);
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (value->is(TomlNode::Kind::Text)) return {value->text};
  for (const TomlNode& item : value->items) out.push_back(item.text);
  return out;
}

std::optional<Quantity> Table::number(std::string_view key) const {
  const TomlNode* value = find(key);
  if (value == nullptr) return std::nullopt;
  const Key* entry = find_key(keys_, key);
  return read_quantity(faults_, *value, path_of(key), entry == nullptr || entry->negative);
}

std::vector<std::pair<std::string, Quantity>> Table::number_table(std::string_view key) const {
  std::vector<std::pair<std::string, Quantity>> out;
  if (const TomlNode* value = find(key))
    for (const TomlMember& m : value->members)
      if (const auto q = read_quantity(faults_, m.value, path_of(key) + "." + m.key, true))
        out.emplace_back(m.key, *q);
  return out;
}

std::vector<std::pair<std::string, LevelValue>> Table::level_table(std::string_view key) const {
  std::vector<std::pair<std::string, LevelValue>> out;
  if (const TomlNode* value = find(key))
    for (const TomlMember& m : value->members) out.emplace_back(m.key, read_level(m.value));
  return out;
}

std::optional<std::size_t> Table::word(std::string_view key) const {
  const TomlNode* value = find(key);
  const Key* entry = find_key(keys_, key);
  if (value == nullptr || entry == nullptr) return std::nullopt;
  const auto words = split_words(entry->words);
  const auto it = std::find(words.begin(), words.end(), value->text);
  if (it == words.end()) return std::nullopt;
  return static_cast<std::size_t>(it - words.begin());
}

std::string Table::flag_or_condition(std::string_view key) const {
  const TomlNode* value = find(key);
  if (value == nullptr) return {};
  if (value->is(TomlNode::Kind::Flag)) return value->flag ? "true" : "false";
  return value->text;
}

std::vector<std::pair<const TomlNode*, std::string>> Table::parts(std::string_view key) const {
  std::vector<std::pair<const TomlNode*, std::string>> out;
  const TomlNode* value = find(key);
  if (value == nullptr) return out;
  const bool texts = find_key(keys_, key)->type == KeyType::Statements;
  out.reserve(value->items.size());
  const std::string path = path_of(key);
  for (std::size_t i = 0; i < value->items.size(); ++i)
    if (value->items[i].is(TomlNode::Kind::Table) ||
        (texts && value->items[i].is(TomlNode::Kind::Text)))
      out.emplace_back(&value->items[i], path + "[" + std::to_string(i) + "]");
  return out;
}

}  // namespace wayout
