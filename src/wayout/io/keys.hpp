#pragma once
/// @file
/// THE table of keys of case files. The reader checks against it, the JSON Schema for editors is
/// generated from it, and the tests walk over it: a key that is not here does not exist.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wayout {

/// What a key takes.
enum class KeyType : std::uint8_t {
  Flag,             ///< true or false
  Whole,            ///< a whole number
  Text,             ///< any text
  Texts,            ///< texts; one text may stand for a list
  Id,               ///< the part's own id
  Levels,           ///< names of levels, each an id
  Name,             ///< the id of another part
  Names,            ///< ids of other parts; one may stand for a list
  Word,             ///< one of `words`
  Condition,        ///< an expression
  FlagOrCondition,  ///< true, false or an expression
  Conditions,       ///< an expression or measure, or a list of measures
  Number,           ///< a number or a range
  NumberOrInf,      ///< the same, or inf
  Numbers,          ///< a list of numbers or ranges
  NumberTable,      ///< name = number or range, …
  Shares,           ///< a catastrophe, a table of shares, or an assignment
  Level,            ///< true, false, a level's number or its name
  LevelList,        ///< levels of one option; one may stand for a list
  LevelTable,       ///< option = level, …
  Profile,          ///< one of `words`, or party = one of `words`, …
  Date,             ///< a date
  Order,            ///< state numbers, best first, ties in a list of their own
  Wholes,           ///< a list of whole numbers
  Arcs,             ///< pairs of state numbers
  Part,             ///< one table of keys, of kind `part`
  Parts,            ///< several of them
  Statements,       ///< expressions or tables of keys of kind `part`
  Effects,          ///< tables of one of the effects
  Test,             ///< a table of one of the tests
  Tests             ///< several of them
};

struct Key {
  std::string_view name;
  KeyType type = KeyType::Text;
  std::string_view about;  ///< one line
  bool required = false;
  std::string_view fallback = {};  ///< the default, as TOML; "" where there is none
  std::string_view words = {};     ///< allowed words, separated by spaces
  std::string_view part = {};      ///< for Part, Parts, Statements: which kind of part
  std::string_view methods = {};   ///< preferences: the methods it belongs to; "" = all
  bool negative = false;           ///< numbers may be negative
};

/// The keys of one kind of part, one effect or one test.
struct PartKeys {
  std::string_view name;   ///< "option"; for an effect or a test its leading key
  std::string_view noun;   ///< "an option", as messages say it
  std::string_view about;  ///< one line
  std::span<const Key> keys;
  bool head = false;       ///< also takes name, because, kind, source and only
  bool modifiers = false;  ///< a test: also takes with, under, without, after and given
};

/// Every kind of part, the whole file ("case") first.
std::span<const PartKeys> part_kinds();
/// Every effect, by leading key.
std::span<const PartKeys> effect_kinds();
/// Every test of a claim, by leading key.
std::span<const PartKeys> test_kinds();

/// Requires a name that exists.
const PartKeys& part_keys(std::string_view name);
/// nullptr where the name is none.
const PartKeys* effect_keys(std::string_view name);
const PartKeys* test_keys(std::string_view name);

/// All keys of a part: its own, and those that it shares with others.
std::vector<const Key*> all_keys(const PartKeys& part);
/// The key of that name, or nullptr.
const Key* find_key(const PartKeys& part, std::string_view name);

/// "a b c" as three words.
std::vector<std::string> split_words(std::string_view words);

/// The JSON Schema (draft 2020-12) of case files, for editors that check TOML with one.
std::string json_schema();

}  // namespace wayout
