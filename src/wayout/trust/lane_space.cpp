#include "wayout/trust/lane_space.hpp"

#include <algorithm>

namespace wayout {

LaneSpace::LaneSpace(const LaneBook& book) : book_(&book) {
  for (const MoverId m : book.conflict().movers()) rows_.emplace_back(book, states_, m);
  const auto stride = static_cast<std::size_t>(
      std::count_if(rows_.begin(), rows_.end(), [](const LaneRows& r) { return !r.mute(); }));
  std::size_t slot = 0;
  for (LaneRows& r : rows_)
    if (!r.mute()) r.keep_homes(homes_, slot++, stride);
}

bool LaneSpace::holds(ExprId e, StateNumber n) {
  auto it = std::find_if(told_.begin(), told_.end(), [e](const Told& t) { return t.e == e; });
  if (it == told_.end()) it = told_.insert(it, {e, {}});
  if (n >= it->at.size()) it->at.resize(states_.size(), -1);
  std::int8_t& known = it->at[n];
  if (known < 0) known = book_->conflict().holds(e, states_[n]) ? 1 : 0;
  return known == 1;
}

}  // namespace wayout
