// Paths, concessions and drift held against the reference.
#include <algorithm>

#include "properties/judge.hpp"
#include "wayout/base/random.hpp"
#include "wayout/reach/paths.hpp"

namespace wayout::properties {
namespace {

struct Question {
  reference::PathSettings reference;
  PathSettings engine;
  std::string text;
};

/// Does the engine's path do what it says, and is every step one that was allowed?
std::string path_fault(const Sides& both, std::size_t from, const Path& path,
                       const reference::StateSet& targets, const reference::StateSet& avoid,
                       const Question& q, bool any_move) {
  const reference::Model& m = *both.model;
  std::size_t at = from;
  std::size_t unwilling = 0;
  std::optional<std::size_t> last;
  for (const PathStep& step : path.steps) {
    const std::size_t k = step.mover.index();
    const auto t = both.number.find(step.state);
    if (t == both.number.end()) return "a step to nowhere";
    const auto list = reference::moves(m, k, at);
    if (std::find(list.begin(), list.end(), t->second) == list.end())
      return "a step that is no move";
    const bool willing = reference::improves(m, k, t->second, at);
    if (willing != step.willing) return "a step's willingness";
    if (!any_move && q.reference.will == reference::Will::Improvement && !willing)
      return "an unwilling step";
    if (!any_move && q.reference.will == reference::Will::NotWorse &&
        !reference::not_worse(m, k, t->second, at))
      return "a step that makes somebody worse off";
    if (q.reference.legal && last == k) return "a mover twice in a row";
    if (q.reference.most_options > 0 && !both.conflict.graph_form() &&
        options_changed(both.conflict, both.state[at], step.state) > q.reference.most_options)
      return "too many options in one move";
    if (avoid[t->second]) return "a state to be avoided";
    unwilling += willing ? 0 : 1;
    last = k;
    at = t->second;
  }
  if (!targets[at]) return "the end is no target";
  if (unwilling != path.unwilling) return "the number of unwilling steps";
  return "";
}

std::string search_fault(const Sides& both, std::size_t from, const PathSearch& found,
                         const std::optional<reference::Path>& truth,
                         const reference::StateSet& targets, const reference::StateSet& avoid,
                         const Question& q, bool least) {
  if (found.end != End::Complete) return "undecided";
  if (found.path.has_value() != truth.has_value())
    return truth ? "the engine finds no path" : "the engine finds a path where there is none";
  if (!truth) return "";
  const std::string fault = path_fault(both, from, *found.path, targets, avoid, q, least);
  if (!fault.empty()) return fault;
  if (found.path->steps.size() != truth->steps.size())
    return "length: reference " + std::to_string(truth->steps.size()) + ", engine " +
           std::to_string(found.path->steps.size());
  if (least && found.path->unwilling != truth->unwilling)
    return "unwilling steps: reference " + std::to_string(truth->unwilling) + ", engine " +
           std::to_string(found.path->unwilling);
  return "";
}

std::vector<std::vector<std::size_t>> numbered(const Sides& both, const Drift& drift) {
  std::vector<std::vector<std::size_t>> out;
  for (const auto& set : drift.sets) {
    out.emplace_back();
    for (const State s : set) out.back().push_back(both.number.at(s));
    std::sort(out.back().begin(), out.back().end());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string judge_paths(const Sides& both, std::uint64_t seed) {
  Random r(seed, 0, "paths");
  RowSpace space(both.conflict);
  for (int round = 0; round < 6; ++round) {
    Question q;
    const int will = static_cast<int>(r.below(3));
    q.reference.will = static_cast<reference::Will>(will);
    q.engine.will = static_cast<Will>(will);
    q.reference.legal = q.engine.legal = r.chance(0.3);
    if (r.chance(0.4))
      q.reference.most_options = q.engine.most_options = 1 + static_cast<int>(r.below(2));
    reference::StateSet targets, avoid;
    const double few = r.unit() * 0.2;
    const double shut = r.chance(0.5) ? 0 : r.unit() * 0.5;
    for (std::size_t s = 0; s < both.state.size(); ++s) {
      targets.push_back(r.chance(few));
      avoid.push_back(r.chance(shut));
    }
    if (std::find(avoid.begin(), avoid.end(), true) != avoid.end())
      q.engine.avoid = [&](State s) { return bool(avoid.at(both.number.at(s))); };
    const auto goal = [&](State s) { return bool(targets.at(both.number.at(s))); };
    const std::size_t from = r.below(both.state.size());
    q.text = " from " + show(both, from) +
             (will == 0   ? ", improvements"
              : will == 1 ? ", not worse"
                          : ", any") +
             (q.engine.legal ? ", legal" : "") +
             (q.engine.most_options > 0
                  ? ", " + std::to_string(q.engine.most_options) + " options a move"
                  : "");
    std::string fault =
        search_fault(both, from, shortest_path(space, both.state[from], goal, q.engine),
                     reference::shortest_path(*both.model, from, targets, avoid, q.reference),
                     targets, avoid, q, false);
    if (!fault.empty()) return "shortest path" + q.text + ": " + fault;
    fault =
        search_fault(both, from, least_concession(space, both.state[from], goal, q.engine),
                     reference::least_concession(*both.model, from, targets, avoid, q.reference),
                     targets, avoid, q, true);
    if (!fault.empty()) return "least concession" + q.text + ": " + fault;
    PathSettings free;
    free.most_options = q.engine.most_options;
    const Drift found = drift(space, both.state[from], free);
    if (found.end != End::Complete) return "drift" + q.text + ": undecided";
    if (numbered(both, found) != reference::drift(*both.model, from, q.reference))
      return "drift" + q.text;
  }
  return "";
}

}  // namespace wayout::properties
