#include "wayout/reach/paths.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <queue>

#include "wayout/space/closure.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

std::vector<MoverId> movers_of(const Conflict& conflict, const PathSettings& settings) {
  if (!settings.movers.empty()) return settings.movers;
  std::vector<MoverId> all;
  for (const MoverId m : conflict.movers()) all.push_back(m);
  return all;
}

bool not_worse(const Conflict& conflict, MoverId m, State s, State t) {
  for (const PartyId p : conflict.parties())
    if (contains(conflict.mover(m).members, p) && conflict.better(p, s, t)) return false;
  return true;
}

void finish(const Conflict& conflict, Path& path) {
  State from = path.start;
  path.unwilling = 0;
  for (PathStep& step : path.steps) {
    step.willing = is_move(conflict, step.mover, from, step.state) &&
                   wants(conflict, step.mover, from, step.state);
    if (!step.willing) ++path.unwilling;
    from = step.state;
  }
}

/// The rules that rows do not know: a bound on how many options a move changes, or not moving twice
/// in a row where that matters. Then moves are listed one by one over (state, last mover).
bool needs_listing(const Conflict& conflict, const PathSettings& settings, bool concession) {
  if (settings.most_options > 0 && !conflict.graph_form()) return true;
  if (settings.will == Will::NotWorse && !conflict.all_weak_orders()) return true;
  return settings.legal && (concession || settings.will == Will::NotWorse);
}

/// Dijkstra by (unwilling steps, steps) over (state, last mover), listing every move.
PathSearch listed_search(RowSpace& space, State start, const std::function<bool(State)>& goal,
                         const PathSettings& settings, bool concession) {
  const Conflict& conflict = space.conflict();
  const std::vector<MoverId> movers = movers_of(conflict, settings);
  struct Node {
    State state;
    std::uint32_t parent;
    MoverId mover;
  };
  struct Entry {
    std::uint32_t unwilling, steps, node;
    bool operator>(const Entry& o) const {
      return std::tie(unwilling, steps, node) > std::tie(o.unwilling, o.steps, o.node);
    }
  };
  const MoverId nobody(conflict.mover_count());
  std::vector<Node> nodes{{start, 0, nobody}};
  std::map<std::pair<UInt128, std::size_t>, std::pair<std::uint32_t, std::uint32_t>> best;
  const auto key = [&](State s, MoverId last) {
    return std::pair(s.bits, settings.legal ? last.index() : std::size_t{0});
  };
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  best[key(start, nobody)] = {0, 0};
  queue.push({0, 0, 0});
  PathSearch out;
  while (!queue.empty()) {
    const Entry e = queue.top();
    queue.pop();
    const Node n = nodes[e.node];
    if (best[key(n.state, n.mover)] < std::pair(e.unwilling, e.steps)) continue;
    ++out.states;
    if (goal(n.state) && !(e.node != 0 && settings.avoid && settings.avoid(n.state))) {
      Path path;
      path.start = start;
      for (std::uint32_t i = e.node; i != 0; i = nodes[i].parent)
        path.steps.push_back({nodes[i].mover, nodes[i].state, true});
      std::reverse(path.steps.begin(), path.steps.end());
      finish(conflict, path);
      out.path = std::move(path);
      return out;
    }
    if (settings.watch.cancelled()) {
      out.end = End::Cancelled;
      return out;
    }
    if (nodes.size() > settings.most_states || settings.watch.out_of_time()) {
      out.end = End::Limit;
      return out;
    }
    for (const MoverId m : movers) {
      if (settings.legal && n.mover == m) continue;
      for_each_move(conflict, m, n.state, [&](State t) {
        if (settings.avoid && settings.avoid(t)) return true;
        if (settings.most_options > 0 &&
            options_changed(conflict, n.state, t) > settings.most_options)
          return true;
        const bool willing = wants(conflict, m, n.state, t);
        if (!concession) {
          if (settings.will == Will::Improvement && !willing) return true;
          if (settings.will == Will::NotWorse && !not_worse(conflict, m, n.state, t)) return true;
        }
        const std::pair<std::uint32_t, std::uint32_t> cost{
            e.unwilling + (concession && !willing ? 1 : 0), e.steps + 1};
        const auto [it, fresh] = best.emplace(key(t, m), cost);
        if (!fresh && it->second <= cost) return true;
        it->second = cost;
        nodes.push_back({t, e.node, m});
        queue.push({cost.first, cost.second, static_cast<std::uint32_t>(nodes.size() - 1)});
        return true;
      });
    }
  }
  return out;
}

}  // namespace

PathMarks path_marks(const Conflict& conflict, const Path& path) {
  PathMarks out;
  if (!conflict.graph_form()) {
    for (const OptionId o : conflict.options()) {
      int direction = 0;
      int level = conflict.level(path.start, o);
      bool back = false;
      for (const PathStep& step : path.steps) {
        const int next = conflict.level(step.state, o);
        if (next != level) {
          const int d = next > level ? 1 : -1;
          back = back || (direction != 0 && d != direction);
          direction = d;
        }
        level = next;
      }
      if (back) out.bought_options.push_back(o);
    }
    out.bought = !out.bought_options.empty();
  }
  for (const PartyId p : conflict.parties()) {
    for (std::size_t i = 0; i + 1 < path.steps.size(); ++i) {
      if (!conflict.better(p, path.start, path.steps[i].state)) continue;
      out.worse_parties.push_back(p);
      break;
    }
  }
  out.worse_on_the_way = !out.worse_parties.empty();
  return out;
}

std::vector<Concession> concessions(const Conflict& conflict, const Path& path) {
  std::vector<Concession> out;
  State from = path.start;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const PathStep& step = path.steps[i];
    for (const PartyId p : conflict.parties()) {
      if (step.willing || !contains(conflict.mover(step.mover).members, p)) continue;
      if (!conflict.better(p, from, step.state)) continue;
      Concession c;
      c.party = p;
      c.step = i;
      c.in_points = conflict.numeric(p);
      if (c.in_points) {
        const auto before = conflict.points(p, from);
        const auto after = conflict.points(p, step.state);
        c.vital = std::max(0.0, before.first - after.first);
        c.points = std::max(0.0, before.second - after.second);
      }
      const PreferencePart* part = conflict.preference_part(p);
      for (std::size_t k = 0; part != nullptr && k < part->statements.size(); ++k) {
        if (!part->statements[k].enabled) continue;
        const bool before = conflict.statement_holds(p, k, from);
        const bool after = conflict.statement_holds(p, k, step.state);
        if (before == after) continue;
        const bool welcome =
            part->method != Method::Weights || conflict.statement_points(p, k).second > 0;
        if (before == welcome) c.statements.push_back(k);
      }
      out.push_back(std::move(c));
    }
    from = step.state;
  }
  return out;
}

PathSearch shortest_path(RowSpace& space, State start, const std::function<bool(State)>& goal,
                         const PathSettings& settings) {
  const Conflict& conflict = space.conflict();
  PathSearch out;
  if (goal(start)) {
    out.states = 1;
    out.path = Path{start, {}, 0};
    return out;
  }
  const std::vector<MoverId> movers = movers_of(conflict, settings);
  if (needs_listing(conflict, settings, false))
    return listed_search(space, start, goal, settings, false);
  ClosureSettings cs;
  cs.movers = movers;
  cs.ask = settings.will == Will::Improvement ? Ask::Improvements
           : settings.will == Will::NotWorse  ? Ask::NotWorse
                                              : Ask::Moves;
  cs.legal = settings.legal;
  cs.avoid = settings.avoid;
  cs.most_states = space.table().size() + settings.most_states;
  cs.watch = settings.watch;
  Closure closure(space, std::move(cs));
  out.end = closure.run(start, [&](std::uint32_t node) {
    if (!goal(closure.state(node))) return Closure::Next::Go;
    Path path;
    path.start = start;
    for (const std::uint32_t n : closure.path(node))
      if (n != 0) path.steps.push_back({MoverId(closure.nodes()[n].mover), closure.state(n), true});
    finish(conflict, path);
    out.path = std::move(path);
    return Closure::Next::Stop;
  });
  out.states = closure.nodes().size();
  if (out.path) out.end = End::Complete;
  return out;
}

PathSearch least_concession(RowSpace& space, State start, const std::function<bool(State)>& goal,
                            const PathSettings& settings) {
  return least_concessions(space, start, {goal}, settings).front();
}

std::vector<PathSearch> least_concessions(RowSpace& space, State start,
                                          const std::vector<std::function<bool(State)>>& goals,
                                          const PathSettings& settings, RowSpace* all_moves) {
  const Conflict& conflict = space.conflict();
  const std::vector<MoverId> movers = movers_of(conflict, settings);
  std::vector<PathSearch> found(goals.size());
  contract(all_moves == nullptr || !needs_listing(conflict, settings, true),
           "other moves are for searches by rows");
  if (needs_listing(conflict, settings, true)) {
    for (std::size_t g = 0; g < goals.size(); ++g)
      found[g] = listed_search(space, start, goals[g], settings, true);
    return found;
  }
  struct Label {
    std::uint32_t unwilling, steps;
    StateNumber parent;
    std::uint16_t mover;
  };
  struct Entry {
    std::uint32_t unwilling, steps, order;
    StateNumber state;
    bool operator>(const Entry& o) const {
      return std::tie(unwilling, steps, order) > std::tie(o.unwilling, o.steps, o.order);
    }
  };
  StateTable& table = space.table();
  const StateNumber first = table.intern(start);
  std::vector<Label> labels;
  FlatMap label_of;
  std::vector<bool> done;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  std::uint32_t order = 0;
  const auto offer = [&](StateNumber t, Label label) {
    if (settings.avoid && t != first && settings.avoid(table[t])) return;
    const std::uint32_t known = label_of.find(t);
    if (known == FlatMap::kNone) {
      label_of.insert(t, static_cast<std::uint32_t>(labels.size()));
      labels.push_back(label);
      done.push_back(false);
    } else {
      Label& old = labels[known];
      if (done[known] ||
          std::tie(old.unwilling, old.steps) <= std::tie(label.unwilling, label.steps))
        return;
      old = label;
    }
    queue.push({label.unwilling, label.steps, order++, t});
  };
  // Each state is offered at most once by each sweep, and the first offer of a sweep is its
  // cheapest, because states leave the queue in order of cost.
  Sweep willing(space, Ask::Improvements);
  Sweep any(all_moves == nullptr ? space : *all_moves, Ask::Moves);
  offer(first, {0, 0, first, 0xFFFF});
  std::uint64_t reached = 0;
  std::size_t open_goals = goals.size();
  const auto finish_with = [&](End end) {
    for (PathSearch& f : found) {
      if (f.path) continue;
      f.end = end;
      f.states = reached;
    }
    return found;
  };
  bool too_wide = false;
  const std::size_t most = std::min(table.size() + settings.most_states, space.capacity());
  while (!queue.empty()) {
    const Entry e = queue.top();
    queue.pop();
    const std::uint32_t at = label_of.find(e.state);
    if (done[at]) continue;
    done[at] = true;
    ++reached;
    for (std::size_t g = 0; g < goals.size(); ++g) {
      if (found[g].path || !goals[g](table[e.state])) continue;
      Path path;
      path.start = start;
      for (StateNumber s = e.state; s != first;) {
        const Label& label = labels[label_of.find(s)];
        path.steps.push_back({MoverId(label.mover), table[s], true});
        s = label.parent;
      }
      std::reverse(path.steps.begin(), path.steps.end());
      finish(conflict, path);
      found[g].path = std::move(path);
      found[g].states = reached;
      --open_goals;
    }
    if (open_goals == 0) return found;
    if ((reached & 0xFFu) == 0) {
      if (settings.watch.cancelled()) return finish_with(End::Cancelled);
      if (settings.watch.out_of_time()) return finish_with(End::Limit);
      settings.watch.tell("looking for the least concession", reached, labels.size());
    }
    if (table.size() > most && !space.filled()) return finish_with(End::Limit);
    for (const MoverId m : movers) {
      const auto mover = static_cast<std::uint16_t>(m.index());
      too_wide |= !willing.take(m, e.state, [&](StateNumber t) {
        offer(t, {e.unwilling, e.steps + 1, e.state, mover});
      });
      if (all_moves == nullptr) {
        too_wide |= !any.take(m, e.state, [&](StateNumber t) {
          offer(t, {e.unwilling + 1, e.steps + 1, e.state, mover});
        });
        continue;
      }
      const StateNumber there = all_moves->table().intern(table[e.state]);
      too_wide |= !any.take(m, there, [&](StateNumber t) {
        offer(table.intern(all_moves->table()[t]), {e.unwilling + 1, e.steps + 1, e.state, mover});
      });
    }
  }
  return finish_with(too_wide ? End::Limit : End::Complete);
}

}  // namespace wayout
