#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "wayout/answer/compare.hpp"
#include "wayout/base/text.hpp"
#include "wayout/cli/commands.hpp"
#include "wayout/cli/json_parts.hpp"
#include "wayout/report/claims_text.hpp"
#include "wayout/report/compare_text.hpp"

namespace wayout::cli {
namespace {

std::vector<std::string> ids_of(const std::string& list) {
  std::vector<std::string> out;
  std::string id;
  for (const char c : list + ",") {
    if (c != ',') {
      id += c;
    } else if (!id.empty()) {
      out.push_back(std::move(id));
      id.clear();
    }
  }
  return out;
}

std::string compare_json(const std::vector<VersionAnswer>& versions) {
  Json out = start("wayout.compare/1");
  Json list = Json::array();
  for (const VersionAnswer& v : versions) {
    Json item{{"version", v.name}};
    item["case"] = case_of(*v.conflict);
    item["end"] = end_word(v.end);
    Json parties = Json::array();
    for (const auto& p : v.parties)
      parties.push_back(Json{{"party", p.id},
                             {"today", std::string(stand_word(p.stand))},
                             {"drift", std::string(fate_word(p.fate))}});
    item["parties"] = std::move(parties);
    item["drift"] = Json{
        {"states_reachable", v.drift_states}, {"ends", v.drift_places}, {"rests_today", v.rests}};
    Json goals = Json::array();
    for (const auto& g : v.goals)
      goals.push_back(Json{{"goal", g.id}, {"way_out", std::string(goal_word(g.word))}});
    item["goals"] = std::move(goals);
    Json claims = Json::array();
    for (const auto& c : v.claims)
      claims.push_back(Json{{"claim", c.id}, {"result", std::string(outcome_word(c.outcome))}});
    item["claims"] = std::move(claims);
    Json dangers = Json::array();
    for (const auto& d : v.dangers) {
      Json danger{{"catastrophe", d.id}};
      if (d.fault.empty()) {
        danger["lower"] = d.lower;
        danger["upper"] = d.upper;
      } else {
        danger["reason"] = d.fault;
      }
      dangers.push_back(std::move(danger));
    }
    item["risk"] = std::move(dangers);
    list.push_back(std::move(item));
  }
  out["versions"] = std::move(list);
  return dump(out);
}

}  // namespace

int run_compare(const Session& session) {
  const Request& r = session.request();
  const auto loaded = session.load(r.case_path);
  if (!loaded) return kFaulty;
  std::optional<LoadedCase> second;
  std::vector<Version> versions{{"as it stands", &loaded->parts, {}, {}}};
  for (const std::string& list : r.compare_with)
    versions.push_back({"with " + list, &loaded->parts, {}, ids_of(list)});
  for (const std::string& list : r.compare_under)
    versions.push_back({"under " + list, &loaded->parts, ids_of(list), {}});
  if (!r.output_path.empty()) {
    second = session.load(r.output_path);
    if (!second) return kFaulty;
    versions.push_back({r.output_path, &second->parts, {}, {}});
  }
  if (versions.size() < 2) {
    session.complain("compare needs a second version",
                     "--with MEASURES, --under VARIANTS, or another case file");
    return kUsage;
  }
  const auto sanctions = session.sanctions();
  if (!sanctions) return kUsage;
  for (const Version& v : versions) {
    const auto built = view(*v.file, {v.under, v.with, {}});
    if (!built) {
      session.print_faults(second && v.file == &second->parts ? &*second : &*loaded, built.error());
      return kFaulty;
    }
    if (!built->status_quo()) {
      session.complain(fmt::format("{}: this case names no status quo", v.name));
      return kFaulty;
    }
  }
  CompareSettings settings;
  settings.sanctions = *sanctions;
  settings.claims = r.compare_claims;
  settings.risk = r.compare_risk;
  if (r.max_states > 0) settings.most_states = r.max_states;
  settings.watch = session.watch();
  const auto answer = compare_versions(versions, settings);
  if (!answer) {
    session.print_faults(&*loaded, answer.error());
    return kFaulty;
  }
  session.print(r.json ? compare_json(*answer) : compare_text(*answer, session.style()));
  End end = End::Complete;
  for (const VersionAnswer& v : *answer)
    if (v.end != End::Complete && end != End::Cancelled) end = v.end;
  return Session::exit_code(end);
}

}  // namespace wayout::cli
