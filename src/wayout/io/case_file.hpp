#pragma once
/// @file
/// Case files: TOML text to Parts, every fault at once and located.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wayout/base/error.hpp"
#include "wayout/model/parts.hpp"

namespace wayout {

struct TomlNode;

/// Where every part and key of a case file was written.
class PositionMap {
 public:
  PositionMap() = default;
  /// Cost: about 50 bytes a value.
  explicit PositionMap(const TomlNode& root);

  /// A value of the file: the byte offsets of its beginning and of its key (the same for an item of
  /// a list), and whether it is a text.
  struct Place {
    std::size_t begin = 0;
    std::size_t key = 0;
    bool text = false;
  };
  /// The value of the longest part of a path that exists, such as "option[3].now"; false where not
  /// even its first key does. A list of one is looked through, and one value stands for a list.
  /// Cost: the keys of each table on the way.
  bool find(std::string_view path, Place& place) const;

 private:
  struct Entry {
    std::uint32_t begin = 0;
    std::uint32_t key = 0;
    std::uint32_t name = 0;  ///< into names_
    std::uint32_t name_size = 0;
    std::uint32_t first = 0;  ///< first of its children in entries_
    std::uint32_t children = 0;
    enum class Kind : std::uint8_t { Table, List, Text, Other } kind = Kind::Other;
  };
  std::vector<Entry> entries_;  ///< the whole file first; children side by side
  std::string names_;
};

/// A case file as read.
struct CaseFile {
  Parts parts;
  PositionMap positions;
  std::string path;  ///< as given
  std::string text;  ///< without a byte order mark
};

/// Reads a case file. Errors: all faults of shape (unknown keys, wrong types, missing keys, words,
/// ids, numbers, limits), at most 20, each with file, line and column; a syntax error stands alone.
/// What the parts mean together is checked by build(); where there are faults of shape, those of
/// meaning are added that stand in other parts. Cost: linear in the file.
Result<CaseFile> read_case(const std::string& path);
/// The same for a text; `path` is its name in messages.
Result<CaseFile> parse_case(std::string text, std::string path);

/// Reads a file, a pipe or a device of at most Limits::kFileBytes. Errors: "cannot_read", "limit".
Result<std::string> read_text_file(const std::string& path);

/// Fills in file, line and column of errors that carry a path (and an offset into the expression
/// there), such as those of build() and check(). Errors that have a line keep it.
void locate(Errors& errors, const CaseFile& file);

}  // namespace wayout
