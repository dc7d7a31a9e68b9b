#include <nlohmann/json.hpp>

#include "wayout/cli/json_out.hpp"

namespace wayout::cli {
namespace {

using Json = nlohmann::ordered_json;

Json values(const Conflict& conflict, State s) {
  Json out = Json::array();
  for (const OptionId o : conflict.options()) out.push_back(conflict.level(s, o));
  return out;
}

Json numbered(const Conflict& conflict, const StabilityDigest& digest, std::uint64_t index) {
  Json out;
  out["state"] = digest.number(index);
  out["values"] = values(conflict, digest.state(index));
  return out;
}

Json described(const Conflict& conflict, const Description& d) {
  Json out{{"states", d.size}};
  Json parts = Json::array();
  for (const DescribedPart& part : d.parts)
    parts.push_back({{"when", condition_text(conflict, part.literals)},
                     {"always", part.always()},
                     {"states", part.holds},
                     {"inside", part.inside},
                     {"adds", part.fresh}});
  out["where"] = std::move(parts);
  out["otherwise"] = d.rest;
  return out;
}

Json equilibria(const Conflict& conflict, const StabilityDigest& digest, const EquilibriaSummary& e,
                std::uint64_t most) {
  Json out;
  for (const Description& d : digest.descriptions)
    if (!d.set.party && d.set.concept_ == e.concept_) out = described(conflict, d);
  Json best = Json::object();
  for (const BestEquilibrium& b : e.best) {
    Json item{{"rank", b.rank}, {"states", b.count}};
    item["first"] = numbered(conflict, digest, b.first);
    best[conflict.party(b.party).id] = std::move(item);
  }
  out["best"] = std::move(best);
  out["efficient"] = nullptr;
  if (e.end == End::Complete && e.ordered) {
    Json list = Json::array();
    for (const EfficientClass& c : e.efficient) {
      if (list.size() >= most) break;
      Json item = numbered(conflict, digest, c.first);
      item["states"] = c.count;
      list.push_back(std::move(item));
    }
    out["efficient"] = {
        {"states", e.efficient_total}, {"classes", e.efficient.size()}, {"first", std::move(list)}};
  }
  return out;
}

}  // namespace

std::string digest_json(const Conflict& conflict, const StabilityDigest& digest,
                        std::uint64_t most) {
  Json out;
  out["end"] = end_word(digest.end);
  Json of = Json::object();
  for (const EquilibriaSummary& e : digest.equilibria)
    of[std::string(concept_name(e.concept_))] = equilibria(conflict, digest, e, most);
  out["equilibria"] = std::move(of);
  Json stable = Json::object();
  for (const Description& d : digest.descriptions)
    if (d.set.party)
      stable[std::string(concept_name(d.set.concept_))][conflict.party(*d.set.party).id] =
          described(conflict, d);
  out["stable"] = std::move(stable);
  out["reached"] = nullptr;
  if (digest.reached) {
    const ReachedEquilibria& reached = *digest.reached;
    Json item{{"end", end_word(reached.end)}, {"states_met", reached.met}};
    Json total = Json::object();
    for (const EquilibriaSummary& e : digest.equilibria)
      total[std::string(concept_name(e.concept_))] =
          reached.count[static_cast<std::size_t>(e.concept_)];
    item["total"] = std::move(total);
    Json list = Json::array();
    for (const ReachedEquilibria::Found& found : reached.found) {
      Json one = numbered(conflict, digest, found.index);
      one["steps"] = found.steps;
      Json concepts = Json::array();
      for (const Concept c : kAllConcepts)
        if ((found.concepts >> static_cast<int>(c)) & 1)
          concepts.push_back(std::string(concept_name(c)));
      one["equilibrium"] = std::move(concepts);
      list.push_back(std::move(one));
    }
    item["first"] = std::move(list);
    out["reached"] = std::move(item);
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string reachable_json(const Conflict& conflict, const StabilityHead& head) {
  Json out = Json::object();
  for (const auto& [c, reachable] : head.reachable) {
    Json item{{"end", end_word(reachable.end)},
              {"exhaustive", reachable.exhaustive()},
              {"states_met", reachable.met},
              {"undecided", reachable.undecided}};
    Json list = Json::array();
    for (const ReachableEquilibrium& found : reachable.found) {
      Json one{{"values", values(conflict, found.state)}};
      Json path = Json::array();
      for (const Step& step : found.path)
        path.push_back(
            {{"mover", conflict.mover(step.mover).id}, {"values", values(conflict, step.state)}});
      one["path"] = std::move(path);
      list.push_back(std::move(one));
    }
    item["found"] = std::move(list);
    out[std::string(concept_name(c))] = std::move(item);
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wayout::cli
