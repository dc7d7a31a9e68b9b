#pragma once
/// @file
/// Pieces that several JSON results share. For json*.cpp files only: it pulls in the JSON library's
/// forward declarations, and whoever calls these includes the library itself.

#include <nlohmann/json_fwd.hpp>

#include "wayout/answer/answer.hpp"

namespace wayout::cli {

using Json = nlohmann::ordered_json;

const char* end_word(End end);
const char* obstacle_word(Obstacle o);
/// Text from a file may not be UTF-8 in every byte (a path); what is not is replaced.
std::string dump(const Json& json);
/// The first two fields of every result.
Json start(const char* schema);
Json case_of(const Conflict& conflict);
Json state_json(const Conflict& conflict, State s);
Json answer_of(const Conflict& conflict, State s, const Answer& a);
Json verdict_of(const Conflict& conflict, State s, const Verdict& v);
Json path_of(const Conflict& conflict, const Path& path);
Json marks_of(const Conflict& conflict, const PathMarks& marks);

}  // namespace wayout::cli
