#include "wayout/stability/box_cut.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace wayout {

BoxCut::BoxCut(const StateIndex& space, UInt128 changeable) {
  for (const StateDigit& d : space.digits()) {
    if (d.size() == 1) continue;
    Digit out;
    out.digit = &d;
    std::unordered_map<State, std::uint32_t> group_of;
    std::vector<std::uint32_t> group(d.size());
    for (std::size_t i = 0; i < d.size(); ++i)
      group[i] = group_of
                     .emplace(State{d.members[i] & ~changeable},
                              static_cast<std::uint32_t>(group_of.size()))
                     .first->second;
    out.begin.assign(group_of.size() + 1, 0);
    for (const std::uint32_t g : group) ++out.begin[g + 1];
    std::partial_sum(out.begin.begin(), out.begin.end(), out.begin.begin());
    out.members.resize(d.size());
    std::vector<std::uint32_t> at(out.begin.begin(), out.begin.end() - 1);
    for (std::size_t i = 0; i < d.size(); ++i)
      out.members[at[group[i]]++] = static_cast<std::uint32_t>(i);
    boxes_ *= out.groups();
    digits_.push_back(std::move(out));
  }
}

void BoxCut::groups(std::uint64_t box, std::vector<std::uint32_t>& out) const {
  out.resize(digits_.size());
  for (std::size_t d = 0; d < digits_.size(); ++d) {
    out[d] = static_cast<std::uint32_t>(box % digits_[d].groups());
    box /= digits_[d].groups();
  }
}

std::uint64_t BoxCut::most_states() const {
  std::uint64_t out = 1;
  for (const Digit& d : digits_) {
    std::uint32_t most = 0;
    for (std::size_t g = 0; g < d.groups(); ++g) most = std::max(most, d.begin[g + 1] - d.begin[g]);
    out *= most;
  }
  return out;
}

MoverClasses::MoverClasses(const Conflict& conflict, MoverId m) {
  for (const Digit& d : conflict.mover(m).digits) {
    const UInt128 mask = conflict.option(d.option).mask();
    changeable_ |= mask;
    if (d.change == Change::Any) {
      free_ |= mask;
    } else {
      one_way_.push_back({mask, d.change});
    }
  }
}

bool MoverClasses::below(UInt128 x, UInt128 t) const {
  for (const OneWay& o : one_way_) {
    const UInt128 from = x & o.mask;
    const UInt128 to = t & o.mask;
    if (from == to) continue;
    if (o.change == Change::Up && from > to) return false;
    if (o.change == Change::Down && from < to) return false;
    if (o.change == Change::Leave && to != 0) return false;
  }
  return true;
}

bool MoverClasses::narrow(const StateIndex& space) const {
  for (const StateDigit& d : space.digits()) {
    if (d.size() <= kMost) continue;
    std::unordered_map<State, std::uint32_t> classes;
    std::unordered_map<State, std::uint32_t> of_row;
    for (const UInt128 bits : d.members) {
      if (!classes.emplace(State{bits & ~free_}, 0).second) continue;
      if (++of_row[State{bits & ~changeable_}] > kMost) return false;
    }
  }
  return true;
}

ClassGroup MoverClasses::group(const BoxCut::Digit& digit, std::uint32_t group) const {
  ClassGroup out;
  const std::uint32_t begin = digit.begin[group];
  const std::uint32_t size = digit.begin[group + 1] - begin;
  std::unordered_map<State, std::uint32_t> number;
  std::vector<UInt128> keys;
  out.class_of.resize(size);
  for (std::uint32_t i = 0; i < size; ++i) {
    const UInt128 key = digit.digit->members[digit.members[begin + i]] & ~free_;
    const auto [it, fresh] = number.emplace(State{key}, static_cast<std::uint32_t>(keys.size()));
    if (fresh) keys.push_back(key);
    out.class_of[i] = it->second;
  }
  out.count = static_cast<std::uint32_t>(keys.size());
  // The classes of one row get numbers side by side, so that what is kept per class of a row is
  // close together.
  std::vector<std::vector<std::uint32_t>> rows;
  if (!one_way_.empty()) {
    std::unordered_map<State, std::size_t> row_of;
    std::vector<std::vector<std::uint32_t>> before;
    for (std::uint32_t c = 0; c < out.count; ++c) {
      const auto [it, fresh] = row_of.emplace(State{keys[c] & ~changeable_}, before.size());
      if (fresh) before.emplace_back();
      before[it->second].push_back(c);
    }
    std::vector<std::uint32_t> renamed(out.count);
    std::vector<UInt128> sorted;
    for (const auto& row : before) {
      rows.emplace_back();
      for (const std::uint32_t c : row) {
        renamed[c] = static_cast<std::uint32_t>(sorted.size());
        rows.back().push_back(renamed[c]);
        sorted.push_back(keys[c]);
      }
    }
    keys.swap(sorted);
    for (std::uint32_t& c : out.class_of) c = renamed[c];
  }
  std::vector<std::vector<std::uint32_t>> below_of(out.count);
  std::vector<std::vector<std::uint32_t>> covers_of(out.count);
  for (const auto& classes : rows) {
    const std::size_t n = classes.size();
    const std::size_t words = (n + 63) / 64;
    std::vector<std::uint64_t> sets(n * words, 0);
    std::vector<std::uint32_t> sizes(n, 0);
    for (std::size_t t = 0; t < n; ++t)
      for (std::size_t x = 0; x < n; ++x) {
        if (!below(keys[classes[x]], keys[classes[t]])) continue;
        sets[t * words + x / 64] |= std::uint64_t{1} << (x % 64);
        ++sizes[t];
        below_of[classes[t]].push_back(classes[x]);
      }
    std::vector<std::uint32_t> by_size(n);
    std::iota(by_size.begin(), by_size.end(), 0u);
    std::stable_sort(by_size.begin(), by_size.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return sizes[a] > sizes[b]; });
    std::vector<std::uint64_t> reached(words);
    for (std::size_t t = 0; t < n; ++t) {
      if (sizes[t] < 2) continue;
      out.ordered = true;
      std::fill(reached.begin(), reached.end(), std::uint64_t{0});
      for (const std::uint32_t x : by_size) {
        if (x == t || ((sets[t * words + x / 64] >> (x % 64)) & 1u) == 0) continue;
        if ((reached[x / 64] >> (x % 64)) & 1u) continue;
        covers_of[classes[t]].push_back(classes[x]);
        for (std::size_t w = 0; w < words; ++w) reached[w] |= sets[x * words + w];
      }
    }
  }
  out.cover_begin.assign(out.count + 1, 0);
  out.below_begin.assign(out.count + 1, 0);
  for (std::uint32_t c = 0; c < out.count; ++c) {
    if (below_of[c].empty()) below_of[c].push_back(c);
    out.covers.insert(out.covers.end(), covers_of[c].begin(), covers_of[c].end());
    out.below.insert(out.below.end(), below_of[c].begin(), below_of[c].end());
    out.cover_begin[c + 1] = static_cast<std::uint32_t>(out.covers.size());
    out.below_begin[c + 1] = static_cast<std::uint32_t>(out.below.size());
  }
  return out;
}

}  // namespace wayout
