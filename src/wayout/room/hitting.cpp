#include "wayout/room/hitting.hpp"

#include <algorithm>

namespace wayout {
namespace {

using Set = std::vector<std::size_t>;

bool meets(const Set& sorted, const Set& chosen) {
  return std::any_of(chosen.begin(), chosen.end(), [&](std::size_t e) {
    return std::binary_search(sorted.begin(), sorted.end(), e);
  });
}

class Search {
 public:
  Search(const std::vector<Set>& sets, const std::vector<Set>& blocked, std::uint64_t& budget)
      : sets_(sets), blocked_(blocked), budget_(budget) {}

  /// Extends chosen_ by at most `left` elements; `out` are elements not to be taken any more.
  bool extend(std::size_t left) {
    if (budget_ == 0) return false;
    --budget_;
    for (const Set& b : blocked_)
      if (std::all_of(b.begin(), b.end(), [&](std::size_t e) {
            return std::find(chosen_.begin(), chosen_.end(), e) != chosen_.end();
          }))
        return false;
    const Set* next = nullptr;
    std::size_t fewest = 0;
    // Sets that share no element need one element each.
    Set used;
    std::size_t needed = 0;
    for (const Set& s : sets_) {
      if (meets(s, chosen_)) continue;
      std::size_t open = 0;
      for (const std::size_t e : s) open += is_out(e) ? 0 : 1;
      if (open == 0) return false;
      if (next == nullptr || open < fewest) {
        next = &s;
        fewest = open;
      }
      if (!meets(s, used)) {
        used.insert(used.end(), s.begin(), s.end());
        ++needed;
      }
    }
    if (next == nullptr) return true;
    if (needed > left) {
      deeper_ = true;
      return false;
    }
    const std::size_t mark = out_.size();
    for (const std::size_t e : *next) {
      if (is_out(e)) continue;
      chosen_.push_back(e);
      if (extend(left - 1)) return true;
      chosen_.pop_back();
      out_.push_back(e);
    }
    out_.resize(mark);
    return false;
  }

  Set take() {
    std::sort(chosen_.begin(), chosen_.end());
    return chosen_;
  }
  bool deeper() const { return deeper_; }
  void again() { deeper_ = false; }

 private:
  bool is_out(std::size_t e) const { return std::find(out_.begin(), out_.end(), e) != out_.end(); }

  const std::vector<Set>& sets_;
  const std::vector<Set>& blocked_;
  std::uint64_t& budget_;
  Set chosen_;
  Set out_;
  bool deeper_ = false;
};

}  // namespace

std::optional<Set> smallest_hitting_set(const std::vector<Set>& sets,
                                        const std::vector<Set>& blocked, std::uint64_t& budget) {
  Search search(sets, blocked, budget);
  for (std::size_t most = 0;; ++most) {
    search.again();
    if (search.extend(most)) return search.take();
    if (!search.deeper() || budget == 0) return std::nullopt;
  }
}

}  // namespace wayout
