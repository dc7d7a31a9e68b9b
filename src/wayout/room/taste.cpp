#include "wayout/room/taste.hpp"

#include <algorithm>

namespace wayout {

Taste::Taste(const Conflict& conflict, PartyId party, UInt128 mask, State base)
    : conflict_(&conflict), party_(party), orders_(order_count(conflict, party)) {
  if (orders_ == 0) return;
  if (!conflict.weak_order(party)) {
    for (std::size_t k = 0; k < orders_; ++k) whole_.emplace_back(conflict, party, k, ~UInt128{0});
    return;
  }
  const PreferencePart* part = conflict.preference_part(party);
  if (part == nullptr || part->method != Method::Weights || conflict.graph_form()) return;
  local_.emplace(conflict, party, 0, mask);
  const Score at = conflict.score(party, base);
  const Score here = (*local_)(base);
  offset_.head = at.head - here.head;
  offset_.tail = at.tail - here.tail;
}

Score Taste::outcome(std::size_t order, State s) const {
  if (!local_) return any(order, s);
  Score out = (*local_)(s);
  out.head += offset_.head;
  out.tail += offset_.tail;
  return out;
}

Score Taste::any(std::size_t order, State s) const {
  return whole_.empty() ? conflict_->score(party_, s) : whole_[order](s);
}

References::References(const std::vector<Taste>& tastes, std::span<const State> states, bool each)
    : each_(each) {
  for (const Taste& taste : tastes) {
    std::vector<std::vector<Score>> all;
    State chosen = states.front();
    for (const State s : states) {
      std::vector<Score> value;
      for (std::size_t k = 0; k < taste.orders(); ++k) value.push_back(taste.any(k, s));
      if (taste.orders() != 1) {
        all.push_back(std::move(value));
        continue;
      }
      // Of a complete order only the best, or the worst, of the states matters.
      if (all.empty() || (each ? value > all.front() : value < all.front())) {
        all.assign(1, std::move(value));
        chosen = s;
      }
    }
    levels_.push_back(std::move(all));
    state_.push_back(chosen);
  }
}

int References::compare(std::size_t member, std::span<const Score> value) const {
  const auto against = [&](const std::vector<Score>& level) {
    std::size_t above = 0;
    std::size_t equal = 0;
    for (std::size_t k = 0; k < level.size(); ++k) {
      above += value[k] > level[k] ? 1 : 0;
      equal += value[k] == level[k] ? 1 : 0;
    }
    if (level.empty() || equal == level.size()) return 0;
    return above == level.size() ? 1 : -1;
  };
  int best = -1;
  int worst = 1;
  for (const auto& level : levels_[member]) {
    best = std::max(best, against(level));
    worst = std::min(worst, against(level));
  }
  return each_ ? worst : best;
}

}  // namespace wayout
