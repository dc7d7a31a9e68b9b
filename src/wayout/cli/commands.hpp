#pragma once
/// @file
/// One function per command; each returns the exit code.

#include "wayout/cli/session.hpp"
#include "wayout/room/room.hpp"

namespace wayout::cli {

int run_answer(const Session& session);
int run_check(const Session& session);
int run_stability(const Session& session);
int run_explain(const Session& session);
int run_paths(const Session& session);
int run_compare(const Session& session);
int run_claims(const Session& session);
int run_room(const Session& session);
int run_trust(const Session& session);
/// `room --linkage`: `drifted` is where things drift with today's tables.
int run_linkage(const Session& session, const Conflict& conflict, State start,
                const std::vector<State>& drifted, const RoomSettings& room);
int run_change(const Session& session);
int run_risk(const Session& session);
/// Risk of an explicit chain (.drn, or .tra with .lab and .sta beside it).
int run_risk_of_chain(const Session& session);
/// The chain of the case as tra (with lab and sta beside it), drn or prism.
int convert_chain(const Session& session, const LoadedCase& loaded, const Conflict& conflict,
                  const std::string& format);
int run_convert(const Session& session);
int run_generate(const Session& session);
int run_schema(const Session& session);

/// The table of states and verdicts as text: `format` is json, ndjson, csv or text. Shared by
/// stability and convert. Calls `emit` with pieces as they are made; returns the exit code.
int write_stability(const Session& session, const Conflict& conflict, const std::string& format,
                    bool all_states, const std::function<void(const std::string&)>& emit);

}  // namespace wayout::cli
