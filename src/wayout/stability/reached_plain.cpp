#include "wayout/stability/reached_plain.hpp"

#include <algorithm>
#include <bit>

namespace wayout {
namespace {

class Reach {
 public:
  Reach(const PlainShape& shape, const VerdictTable& table, std::span<const Concept> concepts,
        const ReachedSettings& settings)
      : shape_(shape), table_(table), settings_(settings), seen_((table.size + 63) / 64, 0) {
    for (const Concept c : concepts) asked_ |= static_cast<std::uint8_t>(1u << static_cast<int>(c));
    for (const auto& f : shape.fields)
      opened_.emplace_back(f.size > 1 ? table.size / f.size : 0, ~std::uint32_t{0});
  }

  ReachedEquilibria run(std::uint64_t from) {
    meet(from, 0);
    std::uint64_t level_end = 1;
    std::uint32_t steps = 1;  // of what is met from the state being opened
    for (std::uint64_t i = 0; i < queue_.size() && !full_; ++i) {
      if (i == level_end) {
        level_end = queue_.size();
        ++steps;
      }
      if ((i & 0xFFu) == 0) {
        if (settings_.watch.cancelled()) out_.end = End::Cancelled;
        if (settings_.watch.out_of_time()) out_.end = End::Limit;
        if (out_.end != End::Complete) break;
        settings_.watch.tell("searching", i, queue_.size());
      }
      const std::uint64_t s = queue_[i];
      for (std::size_t p = 0; p < shape_.fields.size() && !full_; ++p) open(p, s, steps);
    }
    if (full_) out_.end = End::Limit;
    return std::move(out_);
  }

 private:
  void open(std::size_t p, std::uint64_t s, std::uint32_t steps) {
    const auto& f = shape_.fields[p];
    if (f.size < 2) return;
    const std::uint64_t above = s / f.stride;
    const std::uint64_t low = s - above * f.stride;
    const std::uint64_t outer = above / f.size;
    std::uint32_t& opened = opened_[p][outer * f.stride + low];
    const std::uint32_t* const goodness = table_.goodness[p];
    const std::uint32_t good = goodness[s];
    if (good >= opened) return;
    // What is better than what was opened before has been handed out.
    fresh_.clear();
    const std::uint64_t base = outer * f.size * f.stride + low;
    for (std::uint64_t t = base, k = 0; k < f.size; ++k, t += f.stride)
      if (goodness[t] > good && goodness[t] <= opened && !seen(t)) fresh_.push_back(t);
    opened = good;
    if (fresh_.size() > 1)
      std::sort(fresh_.begin(), fresh_.end(), [&](std::uint64_t a, std::uint64_t b) {
        return goodness[a] != goodness[b] ? goodness[a] > goodness[b] : a < b;
      });
    for (const std::uint64_t t : fresh_) {
      meet(t, steps);
      if (full_) return;
    }
  }

  bool seen(std::uint64_t i) const { return ((seen_[i / 64] >> (i % 64)) & 1u) != 0; }

  void meet(std::uint64_t i, std::uint32_t steps) {
    seen_[i / 64] |= std::uint64_t{1} << (i % 64);
    queue_.push_back(i);
    ++out_.met;
    full_ = steps > 0 && out_.met >= settings_.most_states;
    std::uint8_t all = asked_;
    for (const std::uint8_t* of_party : table_.stable) all &= of_party[i];
    if (all == 0) return;
    for (unsigned bits = all; bits != 0; bits &= bits - 1)
      ++out_.count[static_cast<std::size_t>(std::countr_zero(bits))];
    if (out_.found.size() < settings_.most_listed)
      out_.found.push_back({table_.state(i), i, steps, all});
  }

  const PlainShape& shape_;
  const VerdictTable& table_;
  const ReachedSettings& settings_;
  std::uint8_t asked_ = 0;
  std::vector<std::uint64_t> seen_;
  /// Per party and row: the least goodness of the states opened in it.
  std::vector<std::vector<std::uint32_t>> opened_;
  std::vector<std::uint64_t> queue_;
  std::vector<std::uint64_t> fresh_;
  bool full_ = false;
  ReachedEquilibria out_;
};

}  // namespace

ReachedEquilibria reached_plain(const PlainShape& shape, const VerdictTable& table,
                                std::uint64_t from, std::span<const Concept> concepts,
                                const ReachedSettings& settings) {
  contract(table.goodness.size() == shape.fields.size(), "the table knows how good states are");
  return Reach(shape, table, concepts, settings).run(from);
}

}  // namespace wayout
