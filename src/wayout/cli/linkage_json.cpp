#include <nlohmann/json.hpp>

#include "wayout/base/version.hpp"
#include "wayout/cli/room_json.hpp"

namespace wayout::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* end_word(End end) {
  return end == End::Complete ? "complete" : end == End::Limit ? "limit" : "interrupted";
}

const char* goal_word(GoalState g) {
  switch (g) {
    case GoalState::Out:
      return "out";
    case GoalState::Reachable:
      return "reachable";
    case GoalState::Depends:
      return "depends";
    case GoalState::WayOut:
      return "way_out";
    case GoalState::Undecided:
      return "undecided";
  }
  return "";
}

const char* fortune_word(Fortune f) {
  switch (f) {
    case Fortune::Better:
      return "better";
    case Fortune::Worse:
      return "worse";
    case Fortune::Same:
      return "same";
    case Fortune::Mixed:
      return "mixed";
  }
  return "";
}

Json grouping_json(const Conflict& conflict, const Grouping& grouping) {
  Json out = Json::array();
  for (const Block& b : grouping.blocks) {
    Json issues = Json::array();
    for (const OptionId o : b.issues) issues.push_back(conflict.option(o).id);
    Json parties = Json::array();
    for (const PartyId p : conflict.parties())
      if (contains(b.parties, p)) parties.push_back(conflict.party(p).id);
    out.push_back(Json{{"issues", std::move(issues)},
                       {"parties", std::move(parties)},
                       {"linked", b.linked},
                       {"table", b.table()}});
  }
  return out;
}

Json goals_json(const Conflict& conflict, const std::vector<GoalState>& goals) {
  Json out = Json::object();
  for (std::size_t g = 0; g < goals.size(); ++g) out[conflict.goals()[g].id] = goal_word(goals[g]);
  return out;
}

}  // namespace

std::string linkage_json(const Conflict& conflict, const Linkage& linkage) {
  Json out{{"schema", "wayout.linkage/1"}, {"wayout", std::string(version())}};
  out["end"] = end_word(linkage.end);
  out["exhaustive"] = linkage.exhaustive && linkage.end == End::Complete;
  Json issues = Json::array();
  for (const OptionId o : linkage.issues) issues.push_back(conflict.option(o).id);
  out["issues"] = std::move(issues);
  out["looked_at"] = linkage.looked_at;
  out["undecided"] = linkage.undecided;
  out["present"] = Json{{"grouping", grouping_json(conflict, linkage.present)},
                        {"goals", goals_json(conflict, linkage.today.goals)}};
  Json goals = Json::object();
  for (std::size_t g = 0; g < linkage.goals.size(); ++g) {
    Json item{{"groupings", linkage.goals[g].groupings}};
    item["closest"] = linkage.goals[g].closest ? grouping_json(conflict, *linkage.goals[g].closest)
                                               : Json(nullptr);
    goals[conflict.goals()[g].id] = std::move(item);
  }
  out["goals"] = std::move(goals);
  Json best = Json::array();
  for (const GroupingResult& r : linkage.best) {
    Json item{{"grouping", grouping_json(conflict, r.grouping)}};
    item["goals"] = goals_json(conflict, r.view.goals);
    item["judged"] = r.thorough;
    item["room"] = r.room;
    Json parties = Json::object();
    for (const PartyId p : conflict.parties())
      parties[conflict.party(p).id] =
          r.view.drift.empty() ? Json(nullptr) : Json(fortune_word(r.fortunes[p.index()]));
    item["parties"] = std::move(parties);
    item["distance"] = r.distance;
    best.push_back(std::move(item));
  }
  out["best"] = std::move(best);
  Json blocking = Json::array();
  for (const Blocking& b : linkage.blocking)
    blocking.push_back(Json{{"table", b.track},
                            {"issue", b.issue ? Json(conflict.option(*b.issue).id) : Json(nullptr)},
                            {"room", b.room}});
  out["blocking"] = std::move(blocking);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wayout::cli
