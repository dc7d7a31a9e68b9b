#include "wayout/cli/claims_json.hpp"

#include <nlohmann/json.hpp>

#include "wayout/cli/json_parts.hpp"
#include "wayout/report/claims_text.hpp"
#include "wayout/report/words.hpp"

namespace wayout::cli {
namespace {

constexpr const char* kKinds[] = {"stable",     "unstable", "reachable",   "unreachable", "way_out",
                                  "no_way_out", "unlocks",  "better_for",  "worse_for",   "willing",
                                  "unwilling",  "prefers",  "lowers_risk", "raises_risk", "all",
                                  "any",        "not"};

const char* kind_word(TestKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

Json truth_json(Truth t) {
  if (t == Truth::Undecided) return nullptr;
  return t == Truth::True;
}

const char* doubt_word(Doubt d) {
  switch (d) {
    case Doubt::None:
      return "none";
    case Doubt::Limit:
      return "limit";
    case Doubt::Void:
      return "void";
    case Doubt::Ambiguous:
      return "ambiguous";
    case Doubt::NotComputed:
      return "not_computed";
  }
  return "none";
}

Json number_or_null(const std::optional<double>& x) { return x ? Json(*x) : Json(nullptr); }

Json ids(const Conflict& c, const std::vector<OptionId>& options) {
  Json out = Json::array();
  for (const OptionId o : options) out.push_back(c.option(o).id);
  return out;
}

Json goal_json(const Conflict& c, const GoalEvidence& g) {
  Json out{{"goal", c.goals()[g.goal].id}, {"end", end_word(g.end)}};
  out["exists"] = !g.exists && g.end != End::Complete ? Json(nullptr) : Json(g.exists);
  if (g.exists) out["without_mark"] = g.clean;
  out["obstacle"] = obstacle_word(g.obstacle);
  if (g.obstacle == Obstacle::Impossible) {
    Json rules = Json::array();
    for (const std::size_t r : g.rules.rules) {
      const RulePart& rule = c.parts().rules[r];
      rules.push_back(Json{
          {"id", rule.id}, {"never", rule.never}, {"kind", rule.kind}, {"because", rule.because}});
    }
    out["excluded_by"] = std::move(rules);
  }
  if (!g.never.empty()) out["never_brought_about"] = ids(c, g.never);
  out["states_reached"] = g.states;
  out["goal_states_reached"] = g.goal_states;
  out["goal_states_judged"] = g.judged;
  if (g.path) {
    out["path"] = path_of(c, *g.path);
    out["state"] = state_json(c, g.path->end());
    out["marks"] = marks_of(c, g.marks);
  }
  if (g.holding) {
    Json h{{"holds", g.holding->holds}, {"holds_without_hollow", g.holding->clean}};
    const State at = g.path->end();
    if (g.holding->breaks) {
      Json b{{"mover", c.mover(g.holding->breaks->mover).id}};
      b.update(answer_of(c, at, g.holding->breaks->answer));
      h["breaks"] = std::move(b);
    }
    Json deterred = Json::array();
    for (const auto& [p, v] : g.holding->deterred) {
      Json item{{"party", c.party(p).id}};
      item.update(verdict_of(c, at, v));
      deterred.push_back(std::move(item));
    }
    h["deterred"] = std::move(deterred);
    out["holding"] = std::move(h);
  }
  return out;
}

Json drift_evidence(const Conflict& c, const DriftEvidence& e) {
  Json out{{"party", c.party(e.party).id}, {"states_reachable", e.states}, {"ends", e.places}};
  out["set"] = state_json(c, e.set);
  if (e.places == 0) return out;
  out["shown"] = state_json(c, e.shown);
  if (e.way) out["way"] = path_of(c, *e.way);
  out["now"] = number_or_null(e.now);
  out["least"] = number_or_null(e.least);
  out["most"] = number_or_null(e.most);
  return out;
}

void evidence(const Leaf& l, Json& out) {
  const Conflict& c = *l.dispute;
  if (l.stable) {
    Json e{{"states", l.stable->states}, {"all_states", l.stable->all}};
    e["at"] = state_json(c, l.stable->at);
    Json list = Json::array();
    for (const auto& [p, v] : l.stable->verdicts) {
      Json item{{"party", c.party(p).id}};
      item.update(verdict_of(c, l.stable->at, v));
      list.push_back(std::move(item));
    }
    e["verdicts"] = std::move(list);
    out["stable"] = std::move(e);
  }
  if (l.reach) {
    Json e{{"end", end_word(l.reach->end)}, {"found", l.reach->path.has_value()}};
    e["states_reached"] = l.reach->states;
    if (l.reach->path) e["path"] = path_of(c, *l.reach->path);
    out["reach"] = std::move(e);
  }
  if (l.goal) out["goal"] = goal_json(c, *l.goal);
  if (l.goal_with) out["goal_with"] = goal_json(*l.other, *l.goal_with);
  if (!l.drift.empty()) {
    Json list = Json::array();
    for (const DriftEvidence& e : l.drift) list.push_back(drift_evidence(c, e));
    out["drift"] = std::move(list);
  }
  if (!l.willing.empty()) {
    Json list = Json::array();
    for (const WillingEvidence& e : l.willing) {
      Json item{{"party", c.party(e.party).id}, {"moves", e.moves}};
      item["to"] = e.to ? state_json(c, *e.to) : Json(nullptr);
      if (e.unwilling) item["unwilling"] = state_json(c, *e.unwilling);
      list.push_back(std::move(item));
    }
    out["willing"] = std::move(list);
  }
  if (!l.prefers.empty()) {
    Json list = Json::array();
    for (const PrefersEvidence& e : l.prefers)
      list.push_back(Json{{"party", c.party(e.party).id},
                          {"above", e.above},
                          {"below", e.below},
                          {"this", state_json(c, e.a)},
                          {"to", state_json(c, e.b)},
                          {"better", c.better(e.party, e.a, e.b)}});
    out["prefers"] = std::move(list);
  }
  if (l.risk) {
    const Conflict& there = l.other ? *l.other : c;
    out["risk"] = Json{{"horizon", l.risk->horizon},
                       {"before", l.risk->before},
                       {"after", l.risk->after},
                       {"known_within", l.risk->width},
                       {"set", state_json(there, l.risk->set)},
                       {"states", l.risk->states}};
  }
  if (!l.reason.empty()) out["reason"] = l.reason;
}

Json sampled_json(const Sampled& s) {
  return Json{{"profiles", s.profiles},
              {"true", s.yes},
              {"undecided", s.undecided},
              {"share", s.share},
              {"low", s.low},
              {"high", s.high},
              {"fixed", s.fixed},
              {"simulated", s.simulated}};
}

Json leaf_json(const Leaf& l) {
  const Conflict& c = *l.dispute;
  Json out{{"test", kind_word(l.test.kind)}, {"says", test_sentence(l)}};
  out["under"] = l.under;
  out["with"] = l.with;
  out["without"] = l.test.without;
  out["true"] = truth_json(l.truth);
  out["doubt"] = doubt_word(l.doubt);
  out["by_construction"] = l.by_construction;
  out["end"] = end_word(l.end);
  out["start"] = state_json(c, l.start);
  Json set = Json::array();
  for (const SetCondition& s : l.set) {
    Json states = Json::array();
    for (const State state : s.states) states.push_back(state_json(c, state));
    set.push_back(Json{{"key", s.key}, {"condition", s.condition}, {"states", std::move(states)}});
  }
  out["set"] = std::move(set);
  evidence(l, out);
  if (l.sampled) out["sampled"] = sampled_json(*l.sampled);
  return out;
}

Json node_json(const TestNode& n) {
  Json out{{"kind", kind_word(n.kind)}, {"true", truth_json(n.truth)}};
  out["by_construction"] = n.by_construction;
  out["decides"] = n.decides;
  if (n.leaf) out["test"] = *n.leaf;
  if (!n.children.empty()) {
    Json list = Json::array();
    for (const TestNode& child : n.children) list.push_back(node_json(child));
    out["of"] = std::move(list);
  }
  return out;
}

}  // namespace

std::string claims_json(const Conflict& base, const ClaimsAnswer& answer) {
  Json out = start("wayout.claims/1");
  out["case"] = case_of(base);
  out["end"] = end_word(answer.end);
  if (answer.sampling) {
    const ClaimsSampling& s = *answer.sampling;
    out["sampling"] =
        Json{{"seed", s.seed},          {"inputs", s.inputs},       {"samples", s.samples},
             {"least", kLeastProfiles}, {"in_blocks", s.in_blocks}, {"searches", s.searches},
             {"chains", s.chains},      {"simulated", s.simulated}, {"courses", s.courses},
             {"end", end_word(s.end)}};
  }
  Json claims = Json::array();
  for (const ClaimResult& c : answer.claims) {
    Json item{{"claim", c.id},
              {"says", c.says},
              {"result", std::string(outcome_word(c.outcome))},
              {"by_construction", c.by_construction}};
    if (c.sampled) item["sampled"] = sampled_json(*c.sampled);
    item["tree"] = node_json(c.test);
    claims.push_back(std::move(item));
  }
  out["claims"] = std::move(claims);
  Json tests = Json::array();
  for (const Leaf& l : answer.leaves) tests.push_back(leaf_json(l));
  out["tests"] = std::move(tests);
  return dump(out);
}

}  // namespace wayout::cli
