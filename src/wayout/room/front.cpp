#include "wayout/room/front.hpp"

#include <algorithm>

namespace wayout {
namespace {

bool covers(const std::vector<Score>& a, const std::vector<Score>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] < b[i]) return false;
  return true;
}

}  // namespace

Front::Front(std::size_t orders, std::size_t batch) : orders_(orders), batch_(batch) {}

void Front::put(const std::vector<Score>& value, State s, int changed) {
  entries_.push_back({value, s, changed, 1});
  if (entries_.size() >= settled_ + batch_) settle();
}

void Front::settle() {
  // Whatever dominates a value comes before it in descending lexicographic order.
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.value != b.value) return a.value > b.value;
    if (a.changed != b.changed) return a.changed < b.changed;
    return a.state < b.state;
  });
  std::vector<Entry> front;
  std::vector<std::size_t> recent;  // places in `front`, those that dominated lately first
  for (Entry& e : entries_) {
    if (!front.empty() && front.back().value == e.value) {
      front.back().count += e.count;
      continue;
    }
    bool dominated = false;
    if (orders_ == 2) {
      // The best of the second order so far stands last.
      dominated = !front.empty() && front.back().value[1] >= e.value[1];
    } else {
      for (std::size_t i = 0; i < recent.size() && !dominated; ++i) {
        dominated = covers(front[recent[i]].value, e.value);
        if (dominated && i > 0) std::swap(recent[i], recent[i / 2]);
      }
    }
    if (dominated) continue;
    recent.push_back(front.size());
    front.push_back(std::move(e));
  }
  entries_ = std::move(front);
  settled_ = entries_.size();
}

std::vector<Front::Entry> Front::take() {
  settle();
  settled_ = 0;
  return std::move(entries_);
}

void Classes::put(const Score& value) {
  values_.push_back(value);
  if (values_.size() >= 2 * settled_ + 4096) settle();
}

void Classes::settle() {
  std::sort(values_.begin(), values_.end());
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  settled_ = values_.size();
}

const std::vector<Score>& Classes::sorted() {
  settle();
  return values_;
}

}  // namespace wayout
