#include "wayout/cli/room_json.hpp"

#include <nlohmann/json.hpp>

#include "wayout/base/version.hpp"
#include "wayout/report/words.hpp"

namespace wayout::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* end_word(End end) {
  return end == End::Complete ? "complete" : end == End::Limit ? "limit" : "interrupted";
}

Json state_json(const Conflict& conflict, State s) {
  Json values = Json::array();
  for (const OptionId o : conflict.options()) values.push_back(conflict.level(s, o));
  Json out;
  if (conflict.graph_form()) out["state"] = conflict.graph_number(s);
  out["values"] = std::move(values);
  out["taken"] = taken(conflict, s);
  return out;
}

Json outcome_json(const Conflict& conflict, State base, State s) {
  Json out = state_json(conflict, s);
  out["changes"] = changes(conflict, base, s);
  return out;
}

Json party_ids(const Conflict& conflict, PartyMask mask) {
  Json out = Json::array();
  for (const PartyId p : conflict.parties())
    if (contains(mask, p)) out.push_back(conflict.party(p).id);
  return out;
}

std::string rule_id(const Conflict& conflict, std::size_t rule) {
  const RulePart& part = conflict.parts().rules[rule];
  return part.id.empty() ? part.never : part.id;
}

Json rules_json(const Conflict& conflict, const std::vector<std::size_t>& rules) {
  Json out = Json::array();
  for (const std::size_t r : rules) out.push_back(rule_id(conflict, r));
  return out;
}

Json demand_json(const Conflict& conflict, const Demand& d) {
  Json out{{"party", conflict.party(d.party).id}};
  switch (d.kind) {
    case Demand::Kind::Statement: {
      const StatementPart& s = conflict.preference_part(d.party)->statements[d.index];
      out["statement"] = s.id.empty() ? s.when : s.id;
      out["holds"] = d.holds;
      break;
    }
    case Demand::Kind::Option:
      out["option"] = conflict.option(OptionId(d.index)).id;
      break;
    case Demand::Kind::Order:
      out["order"] = true;
      break;
  }
  return out;
}

Json demands_json(const Conflict& conflict, const std::vector<Demand>& demands) {
  Json out = Json::array();
  for (const Demand& d : demands) out.push_back(demand_json(conflict, d));
  return out;
}

Json amount(const TableRoom& t, std::size_t k, std::int64_t vital, std::int64_t points) {
  if (t.unit == Unit::Ranks) return Json{{"ranks", points}};
  return Json{{"vital", gain_points(t, k, vital)}, {"points", gain_points(t, k, points)}};
}

Json yielding_json(const TableRoom& t, State base, const Yielding& y) {
  const Conflict& conflict = t.table.conflict;
  Json out{{"gives_up", demands_json(conflict, y.gives_up)}};
  out["outcome"] = outcome_json(conflict, base, y.outcome);
  Json behind = Json::object();
  for (std::size_t k = 0; k < t.members.size(); ++k)
    if (y.shortfall[k] != std::pair<std::int64_t, std::int64_t>{})
      behind[conflict.party(t.members[k]).id] =
          Json{{"vital", gain_points(t, k, y.shortfall[k].first)},
               {"points", gain_points(t, k, y.shortfall[k].second)}};
  out["shortfall"] = std::move(behind);
  out["ties"] = y.ties;
  return out;
}

Json no_room_json(const TableRoom& t, State base) {
  const Conflict& conflict = t.table.conflict;
  const NoRoom& n = *t.no_room;
  Json out{{"nothing_possible", n.nothing_possible}};
  out["rules"] = rules_json(conflict, n.rules);
  out["link"] = n.link;
  out["nothing_for"] = party_ids(conflict, n.nothing_for);
  Json odds = Json::array();
  for (const PartyMask m : n.at_odds) odds.push_back(party_ids(conflict, m));
  out["at_odds"] = std::move(odds);
  Json contradictions = Json::array();
  for (const Contradiction& c : n.contradictions) {
    Json item{{"demands", demands_json(conflict, c.demands)}};
    item["rules"] = c.rules_known ? rules_json(conflict, c.rules) : Json(nullptr);
    item["link"] = c.rules_known ? Json(c.link) : Json(nullptr);
    contradictions.push_back(std::move(item));
  }
  out["contradictions"] = std::move(contradictions);
  out["all_contradictions"] = n.all_contradictions;
  out["fewest"] = nullptr;
  for (const Yielding& y : n.fewest) out["fewest"] = yielding_json(t, base, y);
  Json alone = Json::object();
  for (const auto& [p, y] : n.alone) alone[conflict.party(p).id] = yielding_json(t, base, y);
  out["alone"] = std::move(alone);
  return out;
}

Json table_json(const TableRoom& t, State base) {
  const Conflict& conflict = t.table.conflict;
  Json out{{"table", t.table.id}, {"open", t.table.open}, {"end", end_word(t.end)}};
  out["members"] = party_ids(conflict, t.table.members);
  Json reference = Json::object();
  for (std::size_t k = 0; k < t.members.size(); ++k)
    reference[conflict.party(t.members[k]).id] = state_json(conflict, t.reference[k]);
  out["reference"] = std::move(reference);
  out["unit"] = t.unit == Unit::Points ? "points" : t.unit == Unit::Ranks ? "ranks" : "none";
  out["outcomes"] = t.deals;
  out["room"] = t.room;
  out["room_now"] = t.room_now;
  out["drift_is_better"] = t.drift_is_better;
  Json suits = Json::array();
  for (const auto& [mask, count] : t.suits) {
    Json who = Json::array();
    for (std::size_t k = 0; k < t.members.size(); ++k)
      if ((mask >> k) & 1u) who.push_back(conflict.party(t.members[k]).id);
    suits.push_back(Json{{"parties", std::move(who)}, {"outcomes", count}});
  }
  out["suits"] = std::move(suits);
  out["efficient_total"] = t.efficient.size();
  Json efficient = Json::array();
  for (const RoomOutcome& o : t.efficient) {
    Json item = outcome_json(conflict, base, o.state);
    item["same_for_all"] = o.deals;
    Json gains = Json::object();
    for (std::size_t k = 0; k < o.gains.size(); ++k)
      gains[conflict.party(t.members[k]).id] = amount(t, k, o.gains[k].vital, o.gains[k].points);
    item["gains"] = std::move(gains);
    efficient.push_back(std::move(item));
  }
  out["efficient"] = std::move(efficient);
  Json ideal = Json::object();
  for (std::size_t k = 0; k < t.ideal.size(); ++k)
    ideal[conflict.party(t.members[k]).id] = amount(t, k, t.ideal[k].vital, t.ideal[k].points);
  out["ideal"] = std::move(ideal);
  Json solutions = Json::object();
  for (const Solution& s : t.solutions) {
    Json places = Json::array();
    for (const std::size_t i : s.outcomes) places.push_back(i + 1);
    solutions[std::string(bargain_id(s.kind))] = std::move(places);
  }
  out["solutions"] = std::move(solutions);
  out["no_room"] = t.no_room ? no_room_json(t, base) : Json(nullptr);
  return out;
}

}  // namespace

std::string room_json(const RoomAnswer& answer) {
  Json out{{"schema", "wayout.room/1"}, {"wayout", std::string(version())}};
  out["end"] = end_word(answer.end);
  out["than"] = answer.than == Than::EachDrift    ? "drift"
                : answer.than == Than::WorstDrift ? "worst-drift"
                                                  : "now";
  if (!answer.tables.empty())
    out["from"] = state_json(answer.tables[0].table.conflict, answer.base);
  out["references_total"] = answer.references.size();
  Json tables = Json::array();
  for (const TableRoom& t : answer.tables) tables.push_back(table_json(t, answer.base));
  out["tables"] = std::move(tables);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wayout::cli
