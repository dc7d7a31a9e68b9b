#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "wayout/stability/reference_model.hpp"

namespace wayout::reference {
namespace {

using Targets = std::vector<std::vector<std::vector<std::size_t>>>;
/// May a sequence start with this move of this mover?
using First = std::function<bool(std::size_t mover, std::size_t t)>;

/// The movers of the sequences and what each may do.
struct Table {
  const Targets& r;
  std::vector<std::size_t> movers;
  First first;
};

std::vector<std::size_t> listed(const std::set<std::size_t>& set) {
  return {set.begin(), set.end()};
}

/// Ends of non-empty sequences from x in which no mover moves twice in a row.
std::vector<std::size_t> reach_legal(const Table& table, std::size_t x) {
  const std::size_t states = table.r.at(0).size();
  std::vector<std::vector<bool>> seen(table.r.size(), std::vector<bool>(states, false));
  std::vector<std::pair<std::size_t, std::size_t>> open;  // (state, who moved last)
  const auto meet = [&](std::size_t t, std::size_t k) {
    if (seen[k][t]) return;
    seen[k][t] = true;
    open.push_back({t, k});
  };
  for (const std::size_t k : table.movers)
    for (const std::size_t t : table.r[k][x])
      if (table.first(k, t)) meet(t, k);
  while (!open.empty()) {
    const auto [s, last] = open.back();
    open.pop_back();
    for (const std::size_t k : table.movers)
      if (k != last)
        for (const std::size_t t : table.r[k][s]) meet(t, k);
  }
  std::vector<std::size_t> ends;
  for (std::size_t s = 0; s < states; ++s)
    for (const std::size_t k : table.movers)
      if (seen[k][s] && (ends.empty() || ends.back() != s)) ends.push_back(s);
  return ends;
}

/// Ends of non-empty sequences from x in which nobody moves twice at all.
std::vector<std::size_t> reach_once(const Table& table, std::size_t x) {
  using Node = std::pair<std::size_t, std::set<std::size_t>>;  // (state, who has moved)
  std::set<Node> seen;
  std::vector<Node> open = {{x, {}}};
  std::set<std::size_t> ends;
  while (!open.empty()) {
    const auto [s, used] = open.back();
    open.pop_back();
    for (const std::size_t k : table.movers) {
      if (used.count(k) != 0) continue;
      auto now_used = used;
      now_used.insert(k);
      for (const std::size_t t : table.r[k][s]) {
        if (used.empty() && !table.first(k, t)) continue;
        ends.insert(t);
        if (seen.insert({t, now_used}).second) open.push_back({t, now_used});
      }
    }
  }
  return listed(ends);
}

std::vector<std::size_t> reach_single(const Table& table, std::size_t x) {
  std::set<std::size_t> ends;
  for (const std::size_t k : table.movers)
    for (const std::size_t t : table.r[k][x])
      if (table.first(k, t)) ends.insert(t);
  return listed(ends);
}

std::vector<std::size_t> reach_from(const Table& table, std::size_t x, Sanctions sanctions) {
  switch (sanctions) {
    case Sanctions::Legal:
      return reach_legal(table, x);
    case Sanctions::Once:
      return reach_once(table, x);
    case Sanctions::Single:
      return reach_single(table, x);
  }
  return {};
}

/// Some s2 among the answers is no better than s for p and, where `no_escape`, p's further moves
/// are none either.
bool some_sanction(const Model& m, std::size_t party, std::size_t s,
                   const std::vector<std::size_t>& answers, bool no_escape) {
  for (const std::size_t s2 : answers) {
    if (better(m, party, s2, s)) continue;
    bool sanctions = true;
    if (no_escape)
      for (const std::size_t s3 : m.moves[party][s2])
        if (better(m, party, s3, s)) sanctions = false;
    if (sanctions) return true;
  }
  return false;
}

/// One UI or stay for each opposing party, all from s: party by party, the changes so far in
/// `change` (option → level).
bool some_combination(const Model& m, std::size_t party, std::size_t s, std::size_t next,
                      const std::map<std::size_t, int>& change, bool somebody_moved) {
  if (next == m.parties.size()) {
    if (!somebody_moved) return false;
    Levels combined = m.states[s].levels;
    for (const auto& [option, level] : change) combined[option] = level;
    const auto c = find(m, combined);
    return c && !better(m, party, *c, s);
  }
  if (some_combination(m, party, s, next + 1, change, somebody_moved)) return true;
  if (next == party) return false;
  for (const std::size_t t : m.improvements[next][s]) {
    auto with_t = change;
    for (std::size_t o = 0; o < m.options.size(); ++o) {
      const int level = m.states[t].levels[o];
      if (level == m.states[s].levels[o]) continue;
      const auto [it, fresh] = with_t.emplace(o, level);
      contract(fresh || (it->second == 0 && level == 0),
               "two parties change one option: they leave it");
    }
    if (some_combination(m, party, s, next + 1, with_t, true)) return true;
  }
  return false;
}

bool sim_sanctioned(const Model& m, std::size_t party, std::size_t s, std::size_t s1) {
  contract(!m.graph, "SIM is not defined in graph form");
  std::map<std::size_t, int> change;
  for (std::size_t o = 0; o < m.options.size(); ++o)
    if (m.states[s1].levels[o] != m.states[s].levels[o]) change[o] = m.states[s1].levels[o];
  return some_combination(m, party, s, 0, change, false);
}

bool credible(Concept c) { return c == Concept::Seq || c == Concept::Sseq; }
bool no_escape(Concept c) { return c == Concept::Smr || c == Concept::Sseq; }

}  // namespace

std::vector<std::size_t> reach(const Model& m, std::size_t party, std::size_t x, bool improving,
                               Sanctions sanctions) {
  const Table table{improving ? m.improvements : m.moves, opponents(m, party),
                    [](std::size_t, std::size_t) { return true; }};
  return reach_from(table, x, sanctions);
}

bool hollow_first(const Model& m, std::size_t mover, std::size_t s, std::size_t s1, std::size_t t) {
  if (m.graph) return false;
  Levels there = m.states.at(s).levels;
  for (std::size_t o = 0; o < m.options.size(); ++o)
    if (m.states.at(t).levels[o] != m.states.at(s1).levels[o]) there[o] = m.states[t].levels[o];
  const auto end = find(m, there);
  const auto& wanted = m.improvements.at(mover).at(s);
  return end && std::find(wanted.begin(), wanted.end(), *end) != wanted.end();
}

bool stable_clean(const Model& m, std::size_t party, std::size_t s, Concept concept_,
                  Sanctions sanctions) {
  if (concept_ == Concept::Nash || concept_ == Concept::Sim)
    return stable(m, party, s, concept_, sanctions);
  for (const std::size_t s1 : m.improvements.at(party).at(s)) {
    const Table table{credible(concept_) ? m.improvements : m.moves, opponents(m, party),
                      [&](std::size_t k, std::size_t t) { return !hollow_first(m, k, s, s1, t); }};
    if (!some_sanction(m, party, s, reach_from(table, s1, sanctions), no_escape(concept_)))
      return false;
  }
  return true;
}

Answers answers(const Model& m, std::size_t party, Sanctions sanctions) {
  Answers out;
  for (std::size_t x = 0; x < m.states.size(); ++x) {
    out.any.push_back(reach(m, party, x, false, sanctions));
    out.improving.push_back(reach(m, party, x, true, sanctions));
  }
  return out;
}

bool sanctioned(const Model& m, std::size_t party, std::size_t s, std::size_t s1, Concept concept_,
                Sanctions sanctions) {
  if (concept_ == Concept::Nash) return false;
  if (concept_ == Concept::Sim) return sim_sanctioned(m, party, s, s1);
  return some_sanction(m, party, s, reach(m, party, s1, credible(concept_), sanctions),
                       no_escape(concept_));
}

bool sanctioned(const Model& m, std::size_t party, std::size_t s, std::size_t s1, Concept concept_,
                const Answers& table) {
  if (concept_ == Concept::Nash) return false;
  if (concept_ == Concept::Sim) return sim_sanctioned(m, party, s, s1);
  return some_sanction(m, party, s, (credible(concept_) ? table.improving : table.any).at(s1),
                       no_escape(concept_));
}

bool stable(const Model& m, std::size_t party, std::size_t s, Concept concept_,
            Sanctions sanctions) {
  for (const std::size_t s1 : m.improvements.at(party).at(s))
    if (!sanctioned(m, party, s, s1, concept_, sanctions)) return false;
  return true;
}

bool stable(const Model& m, std::size_t party, std::size_t s, Concept concept_,
            const Answers& table) {
  for (const std::size_t s1 : m.improvements.at(party).at(s))
    if (!sanctioned(m, party, s, s1, concept_, table)) return false;
  return true;
}

double sim_combinations(const Model& m, std::size_t party, std::size_t s) {
  double n = static_cast<double>(m.improvements.at(party).at(s).size());
  for (std::size_t p = 0; p < m.parties.size(); ++p)
    if (p != party) n *= 1.0 + static_cast<double>(m.improvements[p][s].size());
  return n;
}

bool holds(const Model& m, std::size_t g, const StateSet& goal, const std::vector<Concept>& profile,
           Sanctions sanctions) {
  contract(profile.size() == m.parties.size(), "a profile names one concept per party");
  if (!goal.at(g)) return false;
  for (std::size_t k = 0; k < m.movers.size(); ++k) {
    for (const std::size_t t : m.improvements[k][g]) {
      if (goal[t]) continue;
      if (m.movers[k].track || !sanctioned(m, k, g, t, profile[k], sanctions)) return false;
    }
  }
  return true;
}

bool holds_clean(const Model& m, std::size_t g, const StateSet& goal,
                 const std::vector<Concept>& profile) {
  if (!holds(m, g, goal, profile)) return false;
  for (std::size_t p = 0; p < m.parties.size(); ++p) {
    if (profile[p] == Concept::Nash || profile[p] == Concept::Sim) continue;
    for (const std::size_t s1 : m.improvements[p][g]) {
      if (goal[s1]) continue;
      const Table table{
          credible(profile[p]) ? m.improvements : m.moves, opponents(m, p),
          [&](std::size_t k, std::size_t t) { return !hollow_first(m, k, g, s1, t); }};
      if (!some_sanction(m, p, g, reach_from(table, s1, Sanctions::Legal), no_escape(profile[p])))
        return false;
    }
  }
  return true;
}

}  // namespace wayout::reference
