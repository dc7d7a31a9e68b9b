#include <algorithm>

#include <fmt/format.h>

#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/room_json.hpp"
#include "wayout/reach/paths.hpp"
#include "wayout/report/room_text.hpp"
#include "wayout/room/room.hpp"

namespace wayout::cli {
namespace {

/// The ids of --table, each one a track of the case or `everybody`; complains otherwise.
bool known_tables(const Session& session, const Conflict& conflict) {
  std::vector<std::string> known;
  for (const TrackPart& t : conflict.parts().tracks) known.push_back(t.id);
  known.push_back("everybody");
  for (const std::string& id : session.request().tables) {
    if (std::find(known.begin(), known.end(), id) != known.end()) continue;
    const std::string hint = did_you_mean(id, known);
    session.complain(fmt::format("--table {}: there is no such table", id),
                     hint.empty() ? "the tables are " + join_and(known) : hint);
    return false;
  }
  return true;
}

std::string than_words(Than than, std::size_t states) {
  if (than == Than::Now) return "the status quo";
  if (states == 1) return "the state that things drift to if each follows its own interest";
  const std::string many =
      counted(states, "state", "states") + " that things drift to if each follows its own interest";
  return than == Than::EachDrift ? "each of the " + many + " (it has to be better than all of them)"
                                 : "the worst for it of the " + many;
}

}  // namespace

int run_room(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  const auto conflict = session.conflict(*loaded);
  if (!conflict) return kFaulty;
  if (!known_tables(session, *conflict)) return kUsage;
  const auto start = session.start(*conflict);
  if (!start) return conflict->status_quo() ? kUsage : kFaulty;
  RoomSettings settings;
  settings.from = start;
  settings.tables = r.tables;
  settings.than = r.than == "now"           ? Than::Now
                  : r.than == "worst-drift" ? Than::WorstDrift
                                            : Than::EachDrift;
  if (r.max_states > 0) settings.most_deals = r.max_states;
  settings.watch = session.watch();
  std::vector<State> drifted;
  if (settings.than != Than::Now) {
    RowSpace space(*conflict);
    PathSettings paths;
    if (r.max_states > 0) paths.most_states = r.max_states;
    paths.watch = session.watch();
    const Drift d = drift(space, *start, paths);
    if (d.end != End::Complete) {
      session.complain(
          fmt::format("where things drift was not found {} ({} looked at)",
                      d.end == End::Cancelled ? "before the interruption" : "within the limit",
                      counted(d.states, "state", "states")),
          "--than now compares with today; --max-states raises the limit");
      return Session::exit_code(d.end);
    }
    for (const auto& set : d.sets) drifted.insert(drifted.end(), set.begin(), set.end());
  }
  if (r.linkage) return run_linkage(session, *conflict, *start, drifted, settings);
  const RoomAnswer answer = room(*conflict, drifted, settings);
  session.print(r.json ? room_json(answer)
                       : room_text(answer, than_words(answer.than, answer.references.size()),
                                   session.style(), r.limit.value_or(8)));
  return Session::exit_code(answer.end);
}

}  // namespace wayout::cli
