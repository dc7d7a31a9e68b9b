// The laws of the solution concepts (docs/semantics.md, section 2), on conflicts that may be larger
// than the reference could judge.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "properties/random_case.hpp"
#include "wayout/base/random.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/stability/full.hpp"

namespace wayout::properties {
namespace {

/// SIM is tried at every state, so it is left out where that would take long.
constexpr std::size_t kMostForSim = 64;

/// A conflict with its verdicts, by the levels of the states.
struct Judged {
  Conflict conflict;
  std::vector<State> states;
  FullStability full;
  std::vector<Concept> concepts;

  std::vector<std::string> concepts_at(PartyId p, std::size_t s) const {
    std::vector<std::string> out;
    for (const Concept c : concepts)
      if (full.is_stable(p, s, c)) out.emplace_back(concept_name(c));
    return out;
  }
};

Judged judge(const Parts& parts) {
  auto conflict = build(parts);
  if (!conflict) throw std::runtime_error("it does not build: " + conflict.error()[0].message);
  Judged out{*conflict, {}, {}, {}};
  const auto space = StateIndex::make(out.conflict).index;
  if (!space) throw std::runtime_error("the space cannot be listed");
  for (std::uint64_t s = 0; s < space->size(); ++s) out.states.push_back(space->state(s));
  FullSettings settings;
  if (!out.conflict.graph_form() && out.states.size() <= kMostForSim)
    settings.concepts.assign(kAllConcepts.begin(), kAllConcepts.end());
  out.concepts = settings.concepts;
  out.full = full_stability(out.conflict, space, settings);
  if (out.full.end != End::Complete) throw std::runtime_error("the engine did not finish");
  for (const auto& of_party : out.full.undecided)
    for (const auto bits : of_party)
      if (bits != 0) throw std::runtime_error("a verdict is undecided");
  return out;
}

/// A state by the names of what it consists of, which reordering leaves alone.
using Key = std::map<std::string, int>;

Key key(const Judged& j, std::size_t s) {
  Key out;
  if (j.conflict.graph_form()) {
    out["state"] = static_cast<int>(j.conflict.graph_number(j.states[s]));
    return out;
  }
  for (const OptionId o : j.conflict.options())
    out[j.conflict.option(o).id] = j.conflict.level(j.states[s], o);
  return out;
}

using Verdicts = std::map<std::pair<Key, std::string>, std::vector<std::string>>;

/// (state, party) → concepts under which it is stable.
Verdicts verdicts(const Judged& j) {
  Verdicts out;
  for (std::size_t s = 0; s < j.states.size(); ++s) {
    const Key k = key(j, s);
    for (const PartyId p : j.conflict.parties())
      out[{k, j.conflict.party(p).id}] = j.concepts_at(p, s);
  }
  return out;
}

std::string difference(const Verdicts& a, const Verdicts& b) {
  if (a == b) return "";
  if (a.size() != b.size())
    return std::to_string(a.size()) + " verdicts against " + std::to_string(b.size());
  for (const auto& [where, concepts] : a) {
    const auto it = b.find(where);
    if (it != b.end() && it->second == concepts) continue;
    std::string out = it == b.end() ? "no such state: " : "";
    for (const auto& [id, level] : where.first) out += id + "=" + std::to_string(level) + " ";
    out += "for " + where.second + ": stable under";
    for (const auto& c : concepts) out += " " + c;
    if (it == b.end()) return out;
    out += ", and after the change under";
    for (const auto& c : it->second) out += " " + c;
    return out;
  }
  return "";
}

Mix larger() {
  Mix mix;
  mix.most_raw = 4096;
  mix.most_options = 12;
  return mix;
}

Mix without_numbers() {
  Mix mix;
  mix.rankings = false;
  return mix;
}

TEST(Laws, Implications) {
  for_random_conflicts(larger(), 300, [](const RandomCase& c) -> std::string {
    const Judged j = judge(c.parts);
    static constexpr std::pair<Concept, Concept> kLaws[] = {
        {Concept::Nash, Concept::Sseq}, {Concept::Sseq, Concept::Seq},
        {Concept::Seq, Concept::Gmr},   {Concept::Sseq, Concept::Smr},
        {Concept::Smr, Concept::Gmr},   {Concept::Nash, Concept::Sim}};
    for (std::size_t s = 0; s < j.states.size(); ++s)
      for (const PartyId p : j.conflict.parties())
        for (const auto& [strong, weak] : kLaws) {
          if (weak == Concept::Sim && j.concepts.back() != Concept::Sim) continue;
          if (j.full.is_stable(p, s, strong) && !j.full.is_stable(p, s, weak))
            return std::string(concept_name(strong)) + " without " +
                   std::string(concept_name(weak)) + " for " + j.conflict.party(p).id +
                   " at state " + std::to_string(s);
        }
    return "";
  });
}

TEST(Laws, ThirdPartiesAreStableEverywhere) {
  for_random_conflicts({}, 100, [](const RandomCase& c) -> std::string {
    const Judged j = judge(c.parts);
    for (const PartyId p : j.conflict.parties())
      for (std::size_t s = 0; s < j.states.size(); ++s)
        if (j.conflict.party(p).third && j.concepts_at(p, s).size() != j.concepts.size())
          return j.conflict.party(p).id + " at state " + std::to_string(s);
    return "";
  });
}

TEST(Laws, OrderOfPartsDoesNotMatter) {
  for_random_conflicts(without_numbers(), 400, [](const RandomCase& c) {
    Parts parts = c.parts;
    Random r(c.seed, 0, "order");
    r.shuffle(parts.parties);
    r.shuffle(parts.preferences);
    r.shuffle(parts.tracks);
    r.shuffle(parts.rules);
    r.shuffle(parts.defines);
    r.shuffle(parts.moves);
    if (parts.graph_form()) {
      r.shuffle(parts.states);
    } else {
      r.shuffle(parts.options);
    }
    for (MovesPart& m : parts.moves) r.shuffle(m.arcs);
    for (TrackPart& t : parts.tracks) {
      r.shuffle(t.parties);
      r.shuffle(t.table);
    }
    return difference(verdicts(judge(c.parts)), verdicts(judge(parts)));
  });
}

/// o7 becomes z7_o, and so on for parties, defines and tracks.
void rename(std::string& text) {
  text = map_words(text, [](const std::string& word) {
    const bool id =
        word.size() > 1 && std::string("opdt").find(word[0]) != std::string::npos &&
        std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
    return id ? "z" + word.substr(1) + "_" + word[0] : word;
  });
}

void rename(PreferencePart& p) {
  rename(p.party);
  for (StatementPart& s : p.statements) rename(s.when);
  for (AdditivePart& v : p.values) rename(v.option);
  for (PreferencePart& m : p.members) rename(m);
}

Parts renamed(Parts parts) {
  for (PartyPart& p : parts.parties) rename(p.id);
  for (OptionPart& o : parts.options) {
    rename(o.id);
    rename(o.party);
    for (std::string& p : o.parties) rename(p);
  }
  for (DefinePart& d : parts.defines) {
    rename(d.id);
    rename(d.when);
  }
  for (RulePart& r : parts.rules) {
    rename(r.never);
    if (!r.forbid) continue;
    rename(r.forbid->by);
    rename(r.forbid->from);
    rename(r.forbid->to);
  }
  for (PreferencePart& p : parts.preferences) rename(p);
  for (TrackPart& t : parts.tracks) {
    rename(t.id);
    for (std::string& p : t.parties) rename(p);
    for (std::string& o : t.table) rename(o);
    rename(t.linked);
  }
  for (MovesPart& m : parts.moves) rename(m.party);
  return parts;
}

TEST(Laws, NamesDoNotMatter) {
  for_random_conflicts({}, 200, [](const RandomCase& c) -> std::string {
    const Judged before = judge(c.parts);
    const Judged after = judge(renamed(c.parts));
    if (before.states != after.states) return "the states";
    if (before.full.goodness != after.full.goodness) return "the ranks";
    return before.full.stable == after.full.stable ? "" : "the verdicts";
  });
}

/// The same order, told as a ranking of the states.
Parts ranked(const Judged& j, Parts parts) {
  for (PreferencePart& p : parts.preferences) {
    const PartyId party = *j.conflict.find_party(p.party);
    if (j.full.goodness[party.index()].empty()) continue;
    PreferencePart ranking;
    ranking.party = p.party;
    ranking.method = Method::Ranking;
    ranking.order.resize(j.full.classes[party.index()]);
    for (std::size_t s = 0; s < j.states.size(); ++s)
      ranking.order[j.full.rank(party, s) - 1].push_back(
          j.conflict.graph_form() ? j.conflict.graph_number(j.states[s])
                                  : static_cast<std::int64_t>(j.full.space->number(s)) + 1);
    p = std::move(ranking);
  }
  return parts;
}

/// Every number three and a half times as large, criteria and weights alike.
Parts scaled(Parts parts) {
  for (PreferencePart& p : parts.preferences) {
    for (StatementPart& s : p.statements)
      for (auto& [name, q] : s.values) q.times = *Decimal::parse("3.5");
    for (auto& [name, q] : p.criteria) q.times = *Decimal::parse("3.5");
    for (AdditivePart& v : p.values)
      for (Quantity& q : v.levels) q.times = *Decimal::parse("3.5");
  }
  return parts;
}

TEST(Laws, OnlyTheOrderOfRanksMatters) {
  for_random_conflicts({}, 300, [](const RandomCase& c) -> std::string {
    const Judged before = judge(c.parts);
    for (const Parts& parts : {ranked(before, c.parts), scaled(c.parts)}) {
      const Judged after = judge(parts);
      if (before.full.goodness != after.full.goodness) return "the ranks";
      if (before.full.stable != after.full.stable) return "the verdicts";
    }
    return "";
  });
}

/// `now` in an expression names every option.
bool names_now(Parts parts) {
  for (OptionPart& o : parts.options) o.has_now = false;  // not what is meant here
  bool found = false;
  map_words(as_text(parts), [&](const std::string& word) {
    found = found || word == "now";
    return word;
  });
  return found;
}

TEST(Laws, AnIdleOptionChangesNothing) {
  for_random_conflicts(without_numbers(), 300, [](const RandomCase& c) -> std::string {
    if (c.parts.graph_form() || c.parts.parties.size() < 2) return "";
    Random r(c.seed, 0, "idle");
    const Verdicts before = verdicts(judge(c.parts));
    OptionPart idle;
    idle.id = "idle";
    if (r.chance(0.3)) {
      idle.party = r.pick(c.parts.parties).id;  // nobody can change it while it is disabled
      idle.enabled = false;
    } else {
      idle.parties = {c.parts.parties[0].id, c.parts.parties[1].id};  // binding, and on no table
      idle.now = std::int64_t{1};
      idle.has_now = r.chance(0.5) && !c.parts.no_status_quo;
    }
    if (r.chance(0.5)) idle.levels = {"none", "some", "all"};
    if (idle.levels.empty() && idle.has_now) idle.now = true;
    Parts parts = c.parts;
    parts.options.insert(
        parts.options.begin() + static_cast<std::ptrdiff_t>(r.below(parts.options.size() + 1)),
        idle);
    const Judged after = judge(parts);
    const bool now_is_named = names_now(c.parts);
    std::map<int, Verdicts> by_level;
    for (auto& [where, concepts] : verdicts(after)) {
      Key rest = where.first;
      const int level = rest.at("idle");
      rest.erase("idle");
      by_level[level][{rest, where.second}] = concepts;
    }
    const int now = idle.has_now ? 1 : 0;
    for (const auto& [level, after_verdicts] : by_level) {
      if (now_is_named && level != now) continue;  // `now` names every option
      Verdicts compared = before;
      // SIM may have been left out of the larger conflict.
      if (after.concepts.back() != Concept::Sim)
        for (auto& [where, concepts] : compared)
          if (!concepts.empty() && concepts.back() == "sim") concepts.pop_back();
      const std::string wrong = difference(compared, after_verdicts);
      if (!wrong.empty()) return "with idle = " + std::to_string(level) + ": " + wrong;
    }
    return "";
  });
}

}  // namespace
}  // namespace wayout::properties
