#include "wayout/change/out_of_reach.hpp"

#include <algorithm>

#include "wayout/change/levels.hpp"
#include "wayout/model/view.hpp"

namespace wayout {
namespace {

/// What an effect can do to moves that the dispute before it does not have.
enum class Role {
  Nothing,  ///< it only takes moves away, or concerns risk
  Opens,    ///< it only adds moves or states
  Wishes,   ///< it changes a preference
  Wild      ///< it may do both, or start elsewhere
};

template <class Part>
const Part* find(const std::vector<Part>& list, const std::string& id) {
  for (const Part& part : list)
    if (part.id == id) return &part;
  return nullptr;
}

Role role_of(const Parts& parts, const EffectPart& e) {
  switch (e.kind) {
    case EffectKind::Open:
    case EffectKind::Unlink:
      return Role::Opens;
    case EffectKind::Close:
      return Role::Nothing;
    case EffectKind::Link:
    case EffectKind::Table: {
      const TrackPart* t = find(parts.tracks, e.target);
      // Another link, or a link that speaks of another table.
      if (t == nullptr || !t->linked.empty()) return Role::Wild;
      // Not linked today; a link by another measure only takes moves away.
      return e.kind == EffectKind::Link || e.add.empty() ? Role::Nothing : Role::Opens;
    }
    case EffectKind::Binding:
      return e.flag ? Role::Nothing : Role::Opens;
    case EffectKind::Enable:
      if (find(parts.options, e.target) != nullptr) return Role::Opens;
      return find(parts.rules, e.target) != nullptr ? Role::Nothing : Role::Wishes;
    case EffectKind::Moves: {
      if (e.direction == Direction::Both) return Role::Opens;
      const OptionPart* o = find(parts.options, e.target);
      const bool both = o != nullptr && o->moves.value_or(Direction::Both) == Direction::Both;
      return both ? Role::Nothing : Role::Wild;
    }
    case EffectKind::DropRule:
      return e.flag ? Role::Opens : Role::Nothing;
    case EffectKind::Statement:
    case EffectKind::Criteria:
      return Role::Wishes;
    case EffectKind::HazardTimes:
    case EffectKind::RateSet:
    case EffectKind::TempoTimes:
    case EffectKind::DropBelief:
      return Role::Nothing;
    case EffectKind::Now:
      return Role::Wild;
  }
  return Role::Wild;
}

/// Whose preference an effect changes.
std::vector<std::string> touched(const Parts& parts, const EffectPart& e) {
  if (e.kind == EffectKind::Statement || e.kind == EffectKind::Criteria) return {e.target};
  std::vector<std::string> out;
  for (const PreferencePart& p : parts.preferences)
    if (e.kind == EffectKind::Enable && find(p.statements, e.target) != nullptr)
      out.push_back(p.party);
  return out;
}

}  // namespace

OutOfReach::OutOfReach(const Conflict& conflict, std::size_t goal, const SearchSettings& settings,
                       const MeasureSet& used)
    : conflict_(conflict), goal_(goal), settings_(settings), relaxed_(conflict.parts()) {
  possible_ = !settings.as_perceived && !conflict.graph_form();
  const Parts& parts = conflict.parts();
  const auto look = [&](std::size_t measure, bool taken) {
    bool opens = false;
    bool wild = false;
    for (const EffectPart& e : parts.measures[measure].effects) {
      const Role role = role_of(parts, e);
      opens = opens || role == Role::Opens;
      wild = wild || role == Role::Wild;
      if (role != Role::Wishes) continue;
      for (const std::string& party : touched(parts, e))
        for (PreferencePart& p : relaxed_.preferences) {
          if (p.party != party) continue;
          // By priorities whatever a mover might do is taken for granted.
          PreferencePart granted;
          granted.party = party;
          StatementPart s;
          s.when = "true";
          granted.statements = {s};
          p = granted;
        }
    }
    if (taken) {
      possible_ = possible_ && !wild;
    } else if (wild) {
      wild_.push_back(measure);
    } else if (opens) {
      opening_.push_back(measure);
    }
  };
  for (const std::size_t i : settings.taken) look(i, true);
  for (const std::size_t i : used) look(i, false);
  relaxed_.measures.clear();
  relaxed_.variants.clear();
  relaxed_.beliefs.clear();
  relaxed_.claims.clear();
  relaxed_.under.clear();
}

bool OutOfReach::out_of_reach(const std::vector<std::size_t>& opening) const {
  std::vector<std::size_t> all = opening;
  all.insert(all.end(), settings_.taken.begin(), settings_.taken.end());
  std::sort(all.begin(), all.end());
  std::vector<EffectPart> effects;
  for (const std::size_t i : all)
    for (const EffectPart& e : conflict_.parts().measures[i].effects)
      if (role_of(conflict_.parts(), e) == Role::Opens) effects.push_back(e);
  const auto base = build(relaxed_);
  if (!base || !base->status_quo()) return false;
  const auto changed = apply_effects(*base, effects);
  if (!changed || !changed->status_quo()) return false;
  constexpr std::uint64_t kBudget = 20'000;
  const ExprId when = changed->goals().at(goal_).when;
  const Levels levels(*changed, *changed->status_quo());
  if (!levels.may_hold(when)) return true;
  bool any = false;
  const bool finished = levels.for_each(when, kBudget, [&any](State) {
    any = true;
    return false;
  });
  return finished && !any;
}

std::optional<MeasureSet> OutOfReach::needs_one_of(const MeasureSet& set) {
  if (!possible_) return std::nullopt;
  for (const std::size_t i : wild_)
    if (std::binary_search(set.begin(), set.end(), i)) return std::nullopt;
  std::vector<std::size_t> open;
  for (const std::size_t i : opening_)
    if (std::binary_search(set.begin(), set.end(), i)) open.push_back(i);
  if (const auto it = known_.find(open); it != known_.end()) return it->second;
  std::optional<MeasureSet> out;
  if (out_of_reach(open)) {
    // As many more as leave it out of reach.
    out = wild_;
    std::vector<std::size_t> with = open;
    for (const std::size_t i : opening_) {
      if (std::find(open.begin(), open.end(), i) != open.end()) continue;
      with.push_back(i);
      if (out_of_reach(with)) continue;
      with.pop_back();
      out->push_back(i);
    }
    std::sort(out->begin(), out->end());
  }
  known_.emplace(open, out);
  return out;
}

}  // namespace wayout
