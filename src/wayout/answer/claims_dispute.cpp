#include "wayout/answer/claims_dispute.hpp"

#include <algorithm>

namespace wayout {
namespace {

/// A space that has met so many states is thrown away before the next search.
constexpr std::size_t kMostKept = 1'000'000;
/// States that meet a condition equally well: more than so many are not listed.
constexpr std::size_t kMostNearest = 64;
constexpr std::uint64_t kNearestBudget = 5'000'000;

void mute(Parts& parts, const std::string& id) {
  if (parts.graph_form()) {
    std::erase_if(parts.moves, [&](const MovesPart& m) { return m.party == id; });
    std::erase_if(parts.preferences, [&](const PreferencePart& p) { return p.party == id; });
    for (PartyPart& p : parts.parties)
      if (p.id == id) p.third = true;
    return;
  }
  for (TrackPart& t : parts.tracks)
    if (std::find(t.parties.begin(), t.parties.end(), id) != t.parties.end()) t.open = false;
  RulePart rule;
  rule.name = "left out";
  rule.forbid = ForbidPart{id, "", ""};
  parts.rules.push_back(std::move(rule));
}

}  // namespace

Result<Conflict> dispute(const Parts& file, const ViewSettings& settings,
                         const std::vector<std::string>& without) {
  auto built = view(file, settings);
  if (!built || without.empty()) return built;
  Parts parts = built->parts();
  for (const std::string& id : without) mute(parts, id);
  return build(std::move(parts));
}

NearestStates nearest_states(const Conflict& conflict, State from, const Condition& condition) {
  NearestStates out;
  if (conflict.feasible(from) && condition.holds(from)) {
    out.states.push_back(from);
    return out;
  }
  if (conflict.graph_form()) {
    for (std::size_t i = 0; i < conflict.graph_size(); ++i) {
      const State s = conflict.graph_state(i);
      if (!condition.holds(s)) continue;
      if (out.states.size() == kMostNearest) {
        out.finished = false;
        break;
      }
      out.states.push_back(s);
    }
    std::sort(out.states.begin(), out.states.end());
    return out;
  }
  const FeasibleSearch first = closest_feasible(
      conflict, from, [&](State s) { return condition.holds(s); },
      condition.pool->support(condition.expr), kNearestBudget);
  out.finished = first.finished;
  if (!first.state) return out;
  std::size_t changes = 0;
  for (const OptionId o : conflict.options())
    if (conflict.level(from, o) != conflict.level(*first.state, o)) ++changes;
  // All others with as few changes.
  std::uint64_t budget = kNearestBudget;
  const std::size_t options = conflict.option_count();
  const auto walk = [&](const auto& self, std::size_t at, State s, std::size_t left) -> bool {
    if (budget == 0) return false;
    --budget;
    if (left == 0) {
      if (conflict.feasible(s) && condition.holds(s)) out.states.push_back(s);
      return out.states.size() <= kMostNearest;
    }
    if (options - at < left) return true;
    const OptionId o(at);
    if (!self(self, at + 1, s, left)) return false;
    const int now = conflict.level(from, o);
    const int top =
        conflict.option(o).enabled ? static_cast<int>(conflict.option(o).levels.size()) : 1;
    for (int level = 0; level < top; ++level)
      if (level != now && !self(self, at + 1, conflict.with_level(s, o, level), left - 1))
        return false;
    return true;
  };
  if (!walk(walk, 0, from, changes)) out.finished = false;
  if (out.states.empty()) out.states.push_back(*first.state);
  std::sort(out.states.begin(), out.states.end());
  return out;
}

Disputes::Disputes(const Parts& file)
    : make_([&file](const Ids& under, const Ids& with, const Ids& without) {
        return dispute(file, {under, with, {}}, without);
      }),
      scale_(std::make_shared<const RiskScale>(file)) {}

RowSpace& Disputes::Place::rows() {
  if (!space || space->table().size() > kMostKept) space = std::make_unique<RowSpace>(conflict);
  return *space;
}

Result<Disputes::Place*> Disputes::get(const std::vector<std::string>& under,
                                       const std::vector<std::string>& with,
                                       const std::vector<std::string>& without) {
  Key key{joined(under, {}), joined(with, {}), joined(without, {})};
  const auto it = places_.find(key);
  if (it != places_.end()) return it->second.get();
  auto built = make_(std::get<0>(key), std::get<1>(key), std::get<2>(key));
  if (!built) return Unexpected{built.error()};
  auto place = std::make_unique<Place>(Place{key, *built, nullptr, {}});
  std::string name;
  for (const Ids* ids : {&std::get<0>(key), &std::get<1>(key), &std::get<2>(key)}) {
    for (const std::string& id : *ids) name += id + ' ';
    name += '/';
  }
  place->chances.name(std::move(name));
  return places_.emplace(std::move(key), std::move(place)).first->second.get();
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  a.erase(std::unique(a.begin(), a.end()), a.end());
  return a;
}

}  // namespace wayout
