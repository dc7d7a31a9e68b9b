#include <algorithm>

#include "wayout/answer/claims_leaf.hpp"

namespace wayout {

std::string start_condition(const ClaimTest& test) {
  if (test.given.empty()) return test.after;
  if (test.after.empty()) return test.given;
  return "(" + test.after + ") and (" + test.given + ")";
}

CriterionPoints::CriterionPoints(const Conflict& conflict, PartyId party,
                                 const std::string& criterion)
    : conflict_(&conflict), party_(party) {
  const PreferencePart* part = conflict.preference_part(party);
  if (part == nullptr || part->method != Method::Weights) {
    known_ = false;
    return;
  }
  std::vector<std::pair<std::size_t, Decimal>> values;
  for (std::size_t k = 0; k < part->statements.size(); ++k) {
    if (!part->statements[k].enabled) continue;
    for (const auto& [name, q] : part->statements[k].values) {
      if (name != criterion) continue;
      const auto value = q.value();
      known_ = known_ && value.has_value();
      if (!value) continue;
      places_ = std::max(places_, value->places());
      values.emplace_back(k, *value);
    }
  }
  for (const auto& [k, value] : values) {
    const auto units = value.scaled(places_);
    // A sum of at most 1,024 of them then fits.
    known_ = known_ && units && *units < (INT64_MAX >> 11) && *units > -(INT64_MAX >> 11);
    if (known_) terms_.emplace_back(k, *units);
  }
}

std::int64_t CriterionPoints::units(State s) const {
  std::int64_t sum = 0;
  for (const auto& [k, units] : terms_)
    if (conflict_->statement_holds(party_, k, s)) sum += units;
  return sum;
}

double CriterionPoints::points(State s) const {
  double unit = 1;
  for (int i = 0; i < places_; ++i) unit *= 10;
  return static_cast<double>(units(s)) / unit;
}

NearestStates states_as_now(const Conflict& conflict, State start, const Condition& condition,
                            bool& had_to_be_set) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 20;
  had_to_be_set = false;
  NearestStates out;
  if (!conflict.graph_form()) {
    const UInt128 support = condition.pool->support(condition.expr);
    std::vector<OptionId> free;
    std::uint64_t raw = 1;
    for (const OptionId o : conflict.options()) {
      if ((support & conflict.option(o).mask()) == 0) continue;
      free.push_back(o);
      raw *= conflict.option(o).levels.size();
      if (raw > kMost) {
        out.finished = false;
        return out;
      }
    }
    std::vector<int> level(free.size(), 0);
    while (true) {
      State s = start;
      for (std::size_t i = 0; i < free.size(); ++i) s = conflict.with_level(s, free[i], level[i]);
      if (condition.holds(s) && conflict.feasible(s)) out.states.push_back(s);
      std::size_t i = 0;
      while (i < free.size() &&
             ++level[i] == static_cast<int>(conflict.option(free[i]).levels.size()))
        level[i++] = 0;
      if (i == free.size()) break;
    }
    std::sort(out.states.begin(), out.states.end());
    if (!out.states.empty()) return out;
  } else {
    for (std::size_t i = 0; i < conflict.graph_size(); ++i)
      if (condition.holds(conflict.graph_state(i))) out.states.push_back(conflict.graph_state(i));
    return out;
  }
  had_to_be_set = true;
  return nearest_states(conflict, start, condition);
}

}  // namespace wayout
