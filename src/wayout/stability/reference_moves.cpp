#include <algorithm>

#include "wayout/stability/reference_model.hpp"

namespace wayout::reference {
namespace {

bool has(const std::vector<std::size_t>& list, std::size_t x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

bool permitted(Direction direction, int from, int to) {
  if (direction == Direction::Up) return to > from;
  if (direction == Direction::Down) return to < from;
  return true;
}

/// May the party change this one option from `from` to `to`?
bool party_can_change(const OptionFacts& o, std::size_t party, int from, int to) {
  if (!has(o.owners, party)) return false;
  if (!o.joint) return permitted(o.direction, from, to);
  return !o.binding && to == 0;  // it leaves
}

bool track_can_change(const MoverFacts& track, const OptionFacts& o, std::size_t option, int from,
                      int to) {
  if (!has(track.table, option)) return false;
  if (o.joint) return true;
  return has(track.members, o.owners.at(0)) && permitted(o.direction, from, to);
}

bool meets_link(const Model& m, const MoverFacts& track, const World& t) {
  if (track.all_in_force)
    for (const std::size_t option : track.table)
      if (m.options[option].joint && t.levels[option] == 0) return false;
  return !track.link || is_true(m, *track.link, t);
}

bool forbidden(const Model& m, std::size_t mover, std::size_t s, std::size_t t) {
  for (const ForbidFacts& f : m.forbids)
    if ((!f.by || *f.by == mover) && f.from[s] && f.to[t]) return true;
  return false;
}

/// Graph form has no tracks, so every mover is a party.
bool is_arc(const Model& m, const Parts& parts, std::size_t party, std::size_t s, std::size_t t) {
  for (const MovesPart& part : parts.moves) {
    if (part.party != m.parties.at(party)) continue;
    for (const auto& [from, to] : part.arcs)
      if (m.places.at(from) == s && m.places.at(to) == t) return true;
  }
  return false;
}

}  // namespace

bool can_change(const Model& m, std::size_t mover, const World& s, const World& t) {
  const MoverFacts& facts = m.movers[mover];
  if (s.levels == t.levels) return false;
  if (facts.track && !facts.open) return false;
  for (std::size_t o = 0; o < m.options.size(); ++o) {
    const int from = s.levels[o];
    const int to = t.levels[o];
    if (from == to) continue;
    if (facts.track ? !track_can_change(facts, m.options[o], o, from, to)
                    : !party_can_change(m.options[o], mover, from, to))
      return false;
  }
  return !facts.track || meets_link(m, facts, t);
}

void find_moves(Model& m, const Parts& parts) {
  for (std::size_t mover = 0; mover < m.movers.size(); ++mover) {
    m.moves.emplace_back(m.states.size());
    m.improvements.emplace_back(m.states.size());
    for (std::size_t s = 0; s < m.states.size(); ++s) {
      for (std::size_t t = 0; t < m.states.size(); ++t) {
        if (s == t) continue;
        if (m.graph ? !is_arc(m, parts, mover, s, t)
                    : !can_change(m, mover, m.states[s], m.states[t]))
          continue;
        if (forbidden(m, mover, s, t)) continue;
        m.moves[mover][s].push_back(t);
        if (improves(m, mover, t, s)) m.improvements[mover][s].push_back(t);
      }
    }
  }
}

bool improves(const Model& m, std::size_t mover, std::size_t t, std::size_t s) {
  const MoverFacts& facts = m.movers.at(mover);
  if (!facts.track) return better(m, mover, t, s);
  if (facts.consent == Consent::AllBetter) {
    for (const std::size_t p : facts.members)
      if (!better(m, p, t, s)) return false;
    return true;
  }
  bool one_better = false;
  for (const std::size_t p : facts.members)
    if (better(m, p, t, s)) one_better = true;
  return one_better && not_worse(m, mover, t, s);
}

bool not_worse(const Model& m, std::size_t mover, std::size_t t, std::size_t s) {
  for (const std::size_t p : m.movers.at(mover).members)
    if (better(m, p, s, t)) return false;
  return true;
}

std::vector<std::size_t> moves(const Model& m, std::size_t mover, std::size_t s) {
  return m.moves.at(mover).at(s);
}

std::vector<std::size_t> improvements(const Model& m, std::size_t mover, std::size_t s) {
  return m.improvements.at(mover).at(s);
}

std::vector<std::size_t> opponents(const Model& m, std::size_t party) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < m.movers.size(); ++k)
    if (!has(m.movers[k].members, party)) out.push_back(k);
  return out;
}

}  // namespace wayout::reference
