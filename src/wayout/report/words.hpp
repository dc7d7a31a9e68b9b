#pragma once
/// @file
/// Words for states, moves and parties: what every text, page and picture says in the same way.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wayout/model/conflict.hpp"
#include "wayout/report/style.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {

/// The options taken at a state as short phrases: the name of a binary option, "name: level" of a
/// graded one above its first level. Graph form: the state's name or number.
std::vector<std::string> taken(const Conflict& conflict, State s);
/// The same in one line; "nothing is taken" where nothing is.
std::string describe_state(const Conflict& conflict, State s);
/// "release=true,patrols=some": the state as --state reads it (graph form: its number).
std::string state_key(const Conflict& conflict, State s);

/// What changes from one state to another: "starts: …", "ends: …", "…: some → massed".
std::vector<std::string> changes(const Conflict& conflict, State from, State to);
/// The same in one line: graded options, then what starts, then what ends.
std::string describe_changes(const Conflict& conflict, State from, State to);
/// One option's level as a phrase: "Release water", "not: Release water", "Patrols: some".
std::string describe_level(const Conflict& conflict, OptionId o, int level);

/// The party's name, or `the table "…"`.
std::string mover_name(const Conflict& conflict, MoverId m);
/// Who does what, one after the other: "a (starts: x), then b (ends: y)".
std::string chain_words(const Conflict& conflict, State from, const std::vector<Step>& steps);
/// "Upstream ministry and Downstream ministry" for a set of parties.
std::string party_names(const Conflict& conflict, PartyMask parties);
/// The words of a rule: its name, or its condition.
std::string rule_name(const Conflict& conflict, std::size_t rule);
std::string statement_name(const Conflict& conflict, PartyId p, std::size_t statement);

/// A condition with the names of options, levels and defines in place of their ids: "Release water
/// and not treaty" rather than "release and not treaty". What does not parse is given back as it
/// is.
std::string in_words(const Conflict& conflict, const std::string& expression);

/// Characters, not bytes.
std::size_t columns(std::string_view text);
/// With blanks up to so many columns, and cut to so many.
std::string padded(std::string text, std::size_t width);
std::string cut(const std::string& text, std::size_t width);

/// Breaks text at blanks so that no line is wider than `width` columns (UTF-8 counted by
/// characters); every line after the first starts with `indent` blanks.
std::string wrap(const std::string& text, std::size_t width, std::size_t indent = 0);
/// The same for text that begins after `column` columns of its first line.
std::string wrap_after(std::size_t column, const std::string& text, std::size_t width,
                       std::size_t indent);

/// A heading in bold and what follows it in plain type, with its line end; wrapped where there are
/// fewer than 100 columns.
std::string heading(const TextStyle& style, const std::string& bold, const std::string& rest = {});
/// A line that begins with `head`, and text that goes on under itself; where too little room is
/// left beside the head, the text stands below it. `column`: how wide the head is, where it is
/// painted.
std::string beside(const std::string& head, const std::string& text, std::size_t width,
                   std::size_t column = 0);
/// A row of a table: a name in a column `names` wide, where a longer one goes on below, and the
/// cells behind it. With `names` 0 the name has a line of its own and the cells the next.
std::string named_row(const std::string& lead, const std::string& name, std::size_t names,
                      const std::string& cells, std::size_t width);

}  // namespace wayout
