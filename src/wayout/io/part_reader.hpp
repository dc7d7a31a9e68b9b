#pragma once
/// @file
/// Tables of a case file, checked against the table of keys. For the reader of case files only.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/io/keys.hpp"
#include "wayout/io/toml_tree.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {

/// Collects the faults of one file, at most 20, each with its place.
class FaultList {
 public:
  FaultList(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  void add(std::string code, std::string message, std::size_t offset, std::string path,
           std::string hint = {});
  bool full() const { return errors_.size() >= kMost; }
  bool empty() const { return errors_.empty(); }
  /// In the order of the file.
  Errors take();
  std::string_view text() const { return text_; }

 private:
  static constexpr std::size_t kMost = 20;
  std::string_view text_;
  std::string file_;
  Errors errors_;
};

/// One table of the file. The constructor tells every fault of its keys and of the values that need
/// no further look: unknown and missing keys, types, words, ids. The getters then give what is
/// right, and the default (given by the caller) for what is absent or wrong.
class Table {
 public:
  struct Settings {
    /// Further keys that take numbers: the criteria of a statement.
    std::vector<std::string> numbers = {};
    /// Why a key that is none of them might stand here.
    std::string unknown_hint = {};
    /// Unknown keys are let pass: the criteria are faulty themselves.
    bool lenient = false;
    /// Of a preference: its method.
    std::string method = {};
  };
  Table(FaultList& faults, const TomlNode& node, std::string path, const PartKeys& keys);
  Table(FaultList& faults, const TomlNode& node, std::string path, const PartKeys& keys,
        Settings settings);

  const TomlNode& node() const { return node_; }
  const std::string& path() const { return path_; }
  FaultList& faults() const { return faults_; }
  std::string path_of(std::string_view key) const;

  /// The value of a key that is there and right, or nullptr.
  const TomlNode* find(std::string_view key) const;
  /// Whether the key is there, right or wrong.
  bool has(std::string_view key) const { return node_.find(key) != nullptr; }

  std::string text(std::string_view key) const;
  bool flag(std::string_view key, bool otherwise) const;
  std::int64_t whole(std::string_view key, std::int64_t otherwise) const;
  std::vector<std::string> texts(std::string_view key) const;
  std::optional<Quantity> number(std::string_view key) const;
  std::vector<std::pair<std::string, Quantity>> number_table(std::string_view key) const;
  std::vector<std::pair<std::string, LevelValue>> level_table(std::string_view key) const;
  /// `words` of the key's entry in the table of keys; the index of the one that stands there.
  std::optional<std::size_t> word(std::string_view key) const;
  /// `true` and `false` as written, or the expression.
  std::string flag_or_condition(std::string_view key) const;
  /// The tables of a list (and the texts among statements), each with its path. Requires a key of
  /// the table of keys.
  std::vector<std::pair<const TomlNode*, std::string>> parts(std::string_view key) const;

 private:
  void check(const Settings& settings);
  void unknown(const TomlMember& member, const Settings& settings);

  FaultList& faults_;
  const TomlNode& node_;
  std::string path_;
  const PartKeys& keys_;
  std::vector<const TomlNode*> wrong_;
};

/// A number or a range, or nullopt with its fault told.
std::optional<Quantity> read_quantity(FaultList& faults, const TomlNode& node,
                                      const std::string& path, bool negative,
                                      bool infinite = false);
/// A level's value; requires a flag, a whole number or a text.
LevelValue read_level(const TomlNode& node);

}  // namespace wayout
