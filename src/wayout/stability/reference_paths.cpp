#include <algorithm>
#include <set>
#include <tuple>

#include "wayout/stability/reference_model.hpp"

namespace wayout::reference {
namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

std::size_t changed_options(const Model& m, std::size_t s, std::size_t t) {
  std::size_t n = 0;
  for (std::size_t o = 0; o < m.options.size(); ++o)
    if (m.states[s].levels[o] != m.states[t].levels[o]) ++n;
  return n;
}

/// Where the mover may step to from s, ascending. The number of options one move may change
/// concerns option form; in graph form the options are labels.
std::vector<std::size_t> steps(const Model& m, std::size_t mover, std::size_t s,
                               const PathSettings& settings, Will will) {
  std::vector<std::size_t> out;
  for (const std::size_t t : m.moves[mover][s]) {
    if (!m.graph && settings.most_options > 0 &&
        changed_options(m, s, t) > static_cast<std::size_t>(settings.most_options))
      continue;
    if (will == Will::Improvement && !improves(m, mover, t, s)) continue;
    if (will == Will::NotWorse && !not_worse(m, mover, t, s)) continue;
    out.push_back(t);
  }
  return out;
}

/// Cheapest path, cost (unwilling steps where they count, steps): Dijkstra over (state, last
/// mover).
std::optional<Path> search(const Model& m, std::size_t from, const StateSet& targets,
                           const StateSet& avoid, const PathSettings& settings, Will will,
                           bool count_unwilling) {
  using Node = std::pair<std::size_t, std::size_t>;          // (state, who moved last)
  using Label = std::tuple<std::size_t, std::size_t, Node>;  // (unwilling, length, node)
  std::map<Node, std::pair<std::size_t, std::size_t>> best;
  std::map<Node, Node> before;
  std::set<Label> open;
  const Node start{from, kNobody};
  best[start] = {0, 0};
  open.insert({0, 0, start});
  while (!open.empty()) {
    const auto [unwilling, length, node] = *open.begin();
    open.erase(open.begin());
    const auto [s, last] = node;
    if (targets.at(s)) {
      Path path;
      for (Node n = node; n != start; n = before.at(n)) {
        path.steps.push_back({n.second, n.first});
        if (!improves(m, n.second, n.first, before.at(n).first)) ++path.unwilling;
      }
      std::reverse(path.steps.begin(), path.steps.end());
      return path;
    }
    for (std::size_t k = 0; k < m.movers.size(); ++k) {
      if (settings.legal && k == last) continue;
      for (const std::size_t t : steps(m, k, s, settings, will)) {
        if (avoid.at(t)) continue;
        const bool counts = count_unwilling && !improves(m, k, t, s);
        const std::pair cost{unwilling + (counts ? 1 : 0), length + 1};
        const Node next{t, k};
        const auto it = best.find(next);
        if (it != best.end() && it->second <= cost) continue;
        if (it != best.end()) open.erase({it->second.first, it->second.second, next});
        best[next] = cost;
        before[next] = node;
        open.insert({cost.first, cost.second, next});
      }
    }
  }
  return std::nullopt;
}

/// Tarjan's algorithm on explicit edges.
struct Components {
  const std::vector<std::vector<std::size_t>>& edges;
  std::vector<std::size_t> number, low;
  std::vector<bool> on_stack;
  std::vector<std::size_t> stack;
  std::size_t count = 0;
  std::vector<std::vector<std::size_t>> found;

  explicit Components(const std::vector<std::vector<std::size_t>>& e)
      : edges(e), number(e.size(), 0), low(e.size(), 0), on_stack(e.size(), false) {}

  void visit(std::size_t s) {
    number[s] = low[s] = ++count;
    stack.push_back(s);
    on_stack[s] = true;
    for (const std::size_t t : edges[s]) {
      if (number[t] == 0) {
        visit(t);
        low[s] = std::min(low[s], low[t]);
      } else if (on_stack[t]) {
        low[s] = std::min(low[s], number[t]);
      }
    }
    if (low[s] != number[s]) return;
    std::vector<std::size_t> component;
    while (true) {
      const std::size_t t = stack.back();
      stack.pop_back();
      on_stack[t] = false;
      component.push_back(t);
      if (t == s) break;
    }
    std::sort(component.begin(), component.end());
    found.push_back(std::move(component));
  }
};

}  // namespace

std::optional<Path> shortest_path(const Model& m, std::size_t from, const StateSet& targets,
                                  const StateSet& avoid, const PathSettings& settings) {
  return search(m, from, targets, avoid, settings, settings.will, false);
}

std::optional<Path> least_concession(const Model& m, std::size_t from, const StateSet& targets,
                                     const StateSet& avoid, const PathSettings& settings) {
  return search(m, from, targets, avoid, settings, Will::Any, true);
}

bool kept(const Model& m, std::size_t g, const StateSet& goal) {
  std::vector<bool> seen(m.states.size(), false);
  std::vector<std::size_t> open = {g};
  seen.at(g) = true;
  while (!open.empty()) {
    const std::size_t s = open.back();
    open.pop_back();
    if (!goal.at(s)) return false;
    for (std::size_t k = 0; k < m.movers.size(); ++k)
      for (const std::size_t t : m.improvements[k][s]) {
        if (seen[t]) continue;
        seen[t] = true;
        open.push_back(t);
      }
  }
  return true;
}

std::vector<std::vector<std::size_t>> drift(const Model& m, std::size_t from,
                                            const PathSettings& settings) {
  std::vector<std::vector<std::size_t>> edges(m.states.size());
  for (std::size_t s = 0; s < m.states.size(); ++s)
    for (std::size_t k = 0; k < m.movers.size(); ++k)
      for (const std::size_t t : steps(m, k, s, settings, Will::Improvement)) edges[s].push_back(t);
  Components components(edges);
  components.visit(from);
  std::vector<std::vector<std::size_t>> terminal;
  for (const auto& component : components.found) {
    bool leaves = false;
    for (const std::size_t s : component)
      for (const std::size_t t : edges[s])
        if (!std::binary_search(component.begin(), component.end(), t)) leaves = true;
    if (!leaves) terminal.push_back(component);
  }
  std::sort(terminal.begin(), terminal.end());
  return terminal;
}

}  // namespace wayout::reference
