#include <algorithm>
#include <map>

#include "wayout/reach/paths.hpp"
#include "wayout/space/closure.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

/// Kosaraju's two passes over rows: a depth-first search that takes one unvisited successor at a
/// time, then searches backwards in the order of decreasing finish. Components come out in
/// topological order, sources first. A component is terminal when none of its states was marked as
/// leading to another component; marks are set by one more backward sweep, sinks first. No edge is
/// stored.
class RowDrift {
 public:
  RowDrift(RowSpace& space, const PathSettings& settings, std::vector<MoverId> movers)
      : space_(space), settings_(settings), movers_(std::move(movers)) {}

  Drift run(State start) {
    Drift out;
    ClosureSettings cs;
    cs.movers = movers_;
    cs.avoid = settings_.avoid;
    cs.most_states = space_.table().size() + settings_.most_states;
    cs.watch = settings_.watch;
    Closure closure(space_, std::move(cs));
    out.end = closure.run(start, [](std::uint32_t) { return Closure::Next::Go; });
    out.states = closure.nodes().size();
    if (out.end != End::Complete) return out;
    // What was reached is closed under improvements, so it is a space of its own.
    std::vector<State> reached;
    for (const auto& n : closure.nodes()) reached.push_back(space_.table()[n.state]);
    inner_.emplace(space_.conflict(), reached);
    // In graph form the space holds every state, reached or not.
    reached_.assign(inner_->table().size(), false);
    for (const State s : reached) reached_[inner_->table().find(s)] = true;
    finish_order();
    components();
    out.sets = terminal();
    return out;
  }

 private:
  void finish_order() {
    const std::size_t n = reached_.size();
    std::vector<bool> visited(n, false);
    Sweep forward(*inner_, Ask::Improvements);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> stack;  // state, index of the next mover
    for (std::uint32_t root = 0; root < n; ++root) {
      if (visited[root] || !reached_[root]) continue;
      visited[root] = true;
      stack.emplace_back(root, 0);
      while (!stack.empty()) {
        auto& [s, next] = stack.back();
        if (next == movers_.size()) {
          finished_.push_back(s);
          stack.pop_back();
          continue;
        }
        const StateNumber t = forward.take_one(movers_[next], s);
        if (t == kNoState) {
          ++next;
          continue;
        }
        if (visited[t]) continue;
        visited[t] = true;
        stack.emplace_back(t, 0);
      }
    }
  }

  void components() {
    component_.assign(reached_.size(), FlatMap::kNone);
    Sweep backward(*inner_, Ask::ImprovedFrom);
    std::vector<std::uint32_t> stack;
    for (auto it = finished_.rbegin(); it != finished_.rend(); ++it) {
      if (component_[*it] != FlatMap::kNone) continue;
      const std::uint32_t c = count_++;
      component_[*it] = c;
      stack.push_back(*it);
      while (!stack.empty()) {
        const std::uint32_t t = stack.back();
        stack.pop_back();
        for (const MoverId m : movers_)
          backward.take(m, t, [&](StateNumber x) {
            if (!reached_[x] || component_[x] != FlatMap::kNone) return;
            component_[x] = c;
            stack.push_back(x);
          });
      }
    }
  }

  std::vector<std::vector<State>> terminal() {
    std::vector<std::vector<std::uint32_t>> members(count_);
    for (std::uint32_t s = 0; s < reached_.size(); ++s)
      if (reached_[s]) members[component_[s]].push_back(s);
    std::vector<bool> leads_on(count_, false);
    Sweep backward(*inner_, Ask::ImprovedFrom);
    std::vector<std::vector<State>> out;
    for (std::uint32_t c = count_; c-- > 0;) {
      if (!leads_on[c]) {
        out.emplace_back();
        for (const std::uint32_t s : members[c]) out.back().push_back(inner_->table()[s]);
        std::sort(out.back().begin(), out.back().end());
      }
      for (const std::uint32_t t : members[c])
        for (const MoverId m : movers_)
          backward.take(m, t, [&](StateNumber x) {
            if (reached_[x] && component_[x] != c) leads_on[component_[x]] = true;
          });
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  RowSpace& space_;
  const PathSettings& settings_;
  std::vector<MoverId> movers_;
  std::optional<RowSpace> inner_;
  std::vector<bool> reached_;
  std::vector<std::uint32_t> finished_;
  std::vector<std::uint32_t> component_;
  std::uint32_t count_ = 0;
};

/// Tarjan over listed moves, for rules that rows do not know.
Drift listed_drift(RowSpace& space, State start, const PathSettings& settings,
                   const std::vector<MoverId>& movers) {
  const Conflict& conflict = space.conflict();
  Drift out;
  std::map<UInt128, std::uint32_t> index;
  std::vector<State> states{start};
  index.emplace(start.bits, 0);
  std::vector<std::vector<std::uint32_t>> next;
  for (std::uint32_t i = 0; i < states.size(); ++i) {
    next.emplace_back();
    if (settings.watch.cancelled() || states.size() > settings.most_states ||
        settings.watch.out_of_time()) {
      out.end = settings.watch.cancelled() ? End::Cancelled : End::Limit;
      out.states = states.size();
      return out;
    }
    const State s = states[i];
    for (const MoverId m : movers)
      for_each_move(conflict, m, s, [&](State t) {
        if (settings.avoid && settings.avoid(t)) return true;
        if (settings.most_options > 0 && options_changed(conflict, s, t) > settings.most_options)
          return true;
        if (!wants(conflict, m, s, t)) return true;
        const auto [it, fresh] = index.emplace(t.bits, static_cast<std::uint32_t>(states.size()));
        if (fresh) states.push_back(t);
        next[i].push_back(it->second);
        return true;
      });
  }
  out.states = states.size();
  constexpr std::uint32_t kNone = 0xFFFFFFFFu;
  std::vector<std::uint32_t> number(states.size(), kNone), low(states.size(), 0),
      component(states.size(), kNone);
  std::vector<std::uint32_t> stack;
  std::vector<std::pair<std::uint32_t, std::size_t>> calls{{0, 0}};
  std::uint32_t counter = 0;
  std::uint32_t components = 0;
  number[0] = low[0] = counter++;
  stack.push_back(0);
  while (!calls.empty()) {
    auto& [s, at] = calls.back();
    if (at < next[s].size()) {
      const std::uint32_t t = next[s][at++];
      if (number[t] == kNone) {
        number[t] = low[t] = counter++;
        stack.push_back(t);
        calls.emplace_back(t, 0);
      } else if (component[t] == kNone) {
        low[s] = std::min(low[s], number[t]);
      }
      continue;
    }
    if (low[s] == number[s]) {
      std::uint32_t t = kNone;
      do {
        t = stack.back();
        stack.pop_back();
        component[t] = components;
      } while (t != s);
      ++components;
    }
    const std::uint32_t done = s;
    calls.pop_back();
    if (!calls.empty()) low[calls.back().first] = std::min(low[calls.back().first], low[done]);
  }
  std::vector<bool> leads_on(components, false);
  for (std::uint32_t s = 0; s < states.size(); ++s)
    for (const std::uint32_t t : next[s])
      if (component[t] != component[s]) leads_on[component[s]] = true;
  std::vector<std::vector<State>> sets(components);
  for (std::uint32_t s = 0; s < states.size(); ++s) sets[component[s]].push_back(states[s]);
  for (std::uint32_t c = 0; c < components; ++c) {
    if (leads_on[c]) continue;
    std::sort(sets[c].begin(), sets[c].end());
    out.sets.push_back(std::move(sets[c]));
  }
  std::sort(out.sets.begin(), out.sets.end());
  return out;
}

}  // namespace

Drift drift(RowSpace& space, State start, const PathSettings& settings) {
  const Conflict& conflict = space.conflict();
  std::vector<MoverId> movers = settings.movers;
  if (movers.empty())
    for (const MoverId m : conflict.movers()) movers.push_back(m);
  if (settings.most_options > 0 && !conflict.graph_form())
    return listed_drift(space, start, settings, movers);
  return RowDrift(space, settings, std::move(movers)).run(start);
}

}  // namespace wayout
