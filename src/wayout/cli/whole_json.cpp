#include "wayout/cli/whole_json.hpp"

#include <nlohmann/json.hpp>

#include "wayout/cli/change_json.hpp"
#include "wayout/cli/claims_json.hpp"
#include "wayout/cli/json_out.hpp"
#include "wayout/cli/json_parts.hpp"
#include "wayout/cli/perceived_json.hpp"
#include "wayout/cli/risk_json.hpp"
#include "wayout/cli/room_json.hpp"
#include "wayout/cli/trust_json.hpp"

namespace wayout::cli {

std::string whole_json(const Conflict& conflict, const Conflict& base, const WholeAnswer& whole) {
  // Each part is the object that its own command prints.
  Json out = Json::parse(answer_json(conflict, whole.answer));
  out["end"] = end_word(whole.end);
  out["as_perceived"] = whole.as_perceived;
  if (whole.as_perceived) out["beliefs"] = perceived_json(conflict, whole);
  const auto part = [&](const char* key, const std::string& text) {
    Json item = Json::parse(text);
    for (const char* common : {"wayout", "case"}) item.erase(common);
    out[key] = std::move(item);
  };
  if (whole.room) part("room", room_json(*whole.room));
  if (whole.risk)
    part("risk", risk_json(conflict, whole.answer.standing.start, *whole.risk, {}, {}, {}));
  if (whole.change)
    part("change", change_json(base, *whole.change, whole.taken, whole.shifts, whole.as_perceived));
  if (whole.claims) part("claims", claims_json(conflict, *whole.claims));
  if (whole.trust) part("trust", trust_json(conflict, *whole.trust));
  if (!whole.ways.empty()) {
    Json ways = Json::array();
    for (const WayShare& w : whole.ways) {
      Json measures = Json::array();
      for (const std::size_t m : w.measures) measures.push_back(base.parts().measures[m].id);
      const Sampled& s = w.sampled;
      ways.push_back(Json{{"goal", conflict.goals()[w.goal].id},
                          {"measures", std::move(measures)},
                          {"profiles", s.profiles},
                          {"true", s.yes},
                          {"undecided", s.undecided},
                          {"share", s.share},
                          {"low", s.low},
                          {"high", s.high},
                          {"fixed", s.fixed}});
    }
    out["ways"] = std::move(ways);
  }
  return dump(out);
}

}  // namespace wayout::cli
