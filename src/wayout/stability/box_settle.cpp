#include "wayout/stability/box_settle.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace wayout {
namespace {

/// Σ over digits of what each digit's member adds, for every state of a box, first digit fastest.
/// `part(d)` gives the digit's members' shares.
template <class Part>
void spread(std::size_t digits, const Part& part, std::vector<std::uint32_t>& out) {
  out.assign(1, 0);
  for (std::size_t d = 0; d < digits; ++d) {
    const auto& shares = part(d);
    const std::size_t size = out.size();
    out.resize(size * shares.size());
    for (std::size_t m = shares.size(); m-- > 0;)
      for (std::size_t i = 0; i < size; ++i) out[m * size + i] = out[i] + shares[m];
  }
}

}  // namespace

BoxSettle::BoxSettle(const BoxCut& cut, const std::vector<BoxMover>& movers, bool improvements)
    : cut_(cut), improvements_(improvements) {
  for (const BoxMover& m : movers) {
    opponents_.emplace_back();
    opponents_.back().mover = &m;
    opponents_.back().number = opponents_.size() - 1;
  }
}

void BoxSettle::load(std::uint64_t box) {
  cut_.groups(box, groups_);
  spread(
      cut_.digits().size(),
      [&](std::size_t d) -> const std::vector<std::uint32_t>& {
        const BoxCut::Digit& digit = cut_.digits()[d];
        shares_.clear();
        for (std::uint32_t i = digit.begin[groups_[d]]; i < digit.begin[groups_[d] + 1]; ++i)
          shares_.push_back(static_cast<std::uint32_t>(digit.members[i] * digit.digit->stride));
        return shares_;
      },
      index_);
  done_.resize(index_.size() / 64 + 1);
  views_.resize(index_.size() * opponents_.size());
  for (Opponent& o : opponents_) {
    place(o, groups_);
    if (!o.idle) sort_list(o);
  }
}

void BoxSettle::place(Opponent& o, std::span<const std::uint32_t> groups) {
  o.ordered.clear();
  std::uint32_t cells = 1;
  strides_.clear();
  for (std::size_t d = 0; d < groups.size(); ++d) {
    const ClassGroup& group = o.mover->classes[d][groups[d]];
    strides_.push_back(cells);
    if (group.ordered) o.ordered.push_back({cells, group.count, &group});
    cells *= group.count;
  }
  // As many cells as states, none below another: every row is one state.
  o.idle = cells == index_.size() && o.ordered.empty();
  if (o.idle) return;
  o.cells.assign(cells, Cell{0, 0, 0, 0});
  spread(
      groups.size(),
      [&](std::size_t d) -> const std::vector<std::uint32_t>& {
        const ClassGroup& group = o.mover->classes[d][groups[d]];
        shares_.clear();
        for (const std::uint32_t c : group.class_of) shares_.push_back(c * strides_[d]);
        return shares_;
      },
      spare_keys_);
  const std::size_t n = index_.size();
  const std::size_t step = opponents_.size();
  View* view = views_.data() + o.number;
  const bool ordered = improvements_ && !o.mover->track && o.mover->wants;
  const std::uint32_t* r = ordered ? o.mover->goodness[0] : nullptr;
  for (std::size_t i = 0; i < n; ++i, view += step)
    *view = {spare_keys_[i], ordered ? r[index_[i]] : 0};
}

void BoxSettle::sort_by(std::vector<std::uint32_t>& keys, std::vector<std::uint32_t>& states) {
  const auto n = static_cast<std::uint32_t>(keys.size());
  if (n < 2) return;
  const auto [low, high] = std::minmax_element(keys.begin(), keys.end());
  const std::uint32_t least = *low;
  const int bits = std::bit_width(*high - least);
  if (bits == 0) return;
  if (n < 64) {  // counting would cost more than it saves
    for (std::uint32_t i = 1; i < n; ++i) {
      const std::uint32_t k = keys[i];
      const std::uint32_t s = states[i];
      std::uint32_t j = i;
      for (; j > 0 && keys[j - 1] > k; --j) {
        keys[j] = keys[j - 1];
        states[j] = states[j - 1];
      }
      keys[j] = k;
      states[j] = s;
    }
    return;
  }
  // Digits of at most 11 bits, and of no more values than there are states.
  const int most = std::clamp(static_cast<int>(std::bit_width(n)) - 1, 6, 11);
  const int passes = (bits + most - 1) / most;
  const int width = (bits + passes - 1) / passes;
  const std::uint32_t mask = (1u << width) - 1;
  spare_keys_.resize(n);
  spare_order_.resize(n);
  for (int pass = 0; pass < passes; ++pass) {
    const int shift = pass * width;
    counts_.assign(std::size_t{mask} + 2, 0);
    for (std::uint32_t i = 0; i < n; ++i) ++counts_[(((keys[i] - least) >> shift) & mask) + 1];
    std::partial_sum(counts_.begin(), counts_.end(), counts_.begin());
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t to = counts_[((keys[i] - least) >> shift) & mask]++;
      spare_keys_[to] = keys[i];
      spare_order_[to] = states[i];
    }
    keys.swap(spare_keys_);
    states.swap(spare_order_);
  }
}

void BoxSettle::sort_list(Opponent& o) {
  const auto n = static_cast<std::uint32_t>(index_.size());
  order_.resize(n);
  std::iota(order_.begin(), order_.end(), 0u);
  const std::size_t step = opponents_.size();
  const View* views = views_.data() + o.number;
  if (improvements_ && !o.mover->track && o.mover->wants) {
    keys_.resize(n);
    for (std::uint32_t i = 0; i < n; ++i) keys_[i] = views[i * step].goodness;
    sort_by(keys_, order_);
  }
  for (std::uint32_t i = 0; i < n; ++i) ++o.cells[views[i * step].cell].end;
  std::uint32_t begin = 0;
  for (Cell& c : o.cells) {
    c.begin = c.at = begin;
    begin += c.end;
    c.end = begin;
  }
  o.list.resize(n);
  for (const std::uint32_t s : order_) {
    const View& view = views[s * step];
    o.list[o.cells[view.cell].at++] = {s, view.goodness};
  }
}

template <class Enter>
void BoxSettle::descend(Opponent& o, std::uint32_t cell, const Enter& enter) {
  if (!enter(cell) || o.ordered.empty()) return;
  const std::size_t bottom = cells_.size();
  cells_.push_back(cell);
  while (cells_.size() > bottom) {
    const std::uint32_t from = cells_.back();
    cells_.pop_back();
    for (const Digit& d : o.ordered) {
      const std::uint32_t mine = from / d.stride % d.count;
      const ClassGroup& g = *d.group;
      for (std::uint32_t i = g.cover_begin[mine]; i < g.cover_begin[mine + 1]; ++i) {
        const std::uint32_t to = from - (mine - g.covers[i]) * d.stride;  // wraps where it rises
        if (enter(to)) cells_.push_back(to);
      }
    }
  }
}

void BoxSettle::lead_by_moves(Opponent& o, std::uint32_t cell) {
  descend(o, cell, [&](std::uint32_t c) {
    Cell& mine = o.cells[c];
    if (mine.raised != 0) return false;
    mine.raised = 1;
    for (std::uint32_t i = mine.begin; i < mine.end; ++i) reach(o.list[i].state);
    return true;
  });
}

void BoxSettle::lead_by_improvement(Opponent& o, std::uint32_t cell, std::uint32_t goodness) {
  descend(o, cell, [&](std::uint32_t c) {
    Cell& mine = o.cells[c];
    if (mine.raised >= goodness) return false;
    mine.raised = goodness;
    for (; mine.at < mine.end && o.list[mine.at].goodness < goodness; ++mine.at)
      reach(o.list[mine.at].state);
    return true;
  });
}

void BoxSettle::lead_by_consent(Opponent& o, std::uint32_t t) {
  // A point is the goodness of t for every member. What a point that exceeds this one everywhere
  // led to before includes all that this one leads to.
  const auto& members = o.mover->goodness;
  const std::size_t k = members.size();
  const std::uint32_t here = index_[t];
  descend(o, views_[t * opponents_.size() + o.number].cell, [&](std::uint32_t c) {
    std::vector<std::uint32_t>& front = o.front[c];
    for (std::size_t i = 0; i < front.size(); i += k) {
      bool within = true;
      for (std::size_t m = 0; m < k && within; ++m) within = members[m][here] <= front[i + m];
      if (within) return false;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < front.size(); i += k) {
      bool within = true;
      for (std::size_t m = 0; m < k && within; ++m) within = front[i + m] <= members[m][here];
      if (within) continue;
      std::copy_n(front.begin() + static_cast<std::ptrdiff_t>(i), k,
                  front.begin() + static_cast<std::ptrdiff_t>(kept));
      kept += k;
    }
    front.resize(kept);
    for (std::size_t m = 0; m < k; ++m) front.push_back(members[m][here]);
    Cell& mine = o.cells[c];
    std::uint32_t end = mine.begin;
    for (std::uint32_t i = mine.begin; i < mine.at; ++i) {
      const std::uint32_t x = o.left[i];
      if (done(x)) continue;
      const std::uint32_t there = index_[x];
      bool wanted = true;
      if (o.mover->none_worse) {
        bool better = false;
        for (std::size_t m = 0; m < k && wanted; ++m) {
          wanted = members[m][there] <= members[m][here];
          better = better || members[m][there] < members[m][here];
        }
        wanted = wanted && better;
      } else {
        for (std::size_t m = 0; m < k && wanted; ++m) wanted = members[m][there] < members[m][here];
      }
      if (wanted) {
        reach(x);
      } else {
        o.left[end++] = x;
      }
    }
    mine.at = end;
    return true;
  });
}

void BoxSettle::settle(const std::uint32_t* value, bool improving, const Tasks& tasks,
                       std::vector<std::uint32_t>& out) {
  const auto n = static_cast<std::uint32_t>(index_.size());
  out.resize(n);
  std::fill(done_.begin(), done_.end(), std::uint64_t{0});
  settled_ = 0;
  std::vector<Opponent*>& moving = moving_;
  moving.clear();
  for (Opponent& o : opponents_) {
    if (o.idle || (improving && !o.mover->wants)) continue;
    moving.push_back(&o);
    for (Cell& c : o.cells) {
      c.raised = 0;
      c.at = o.mover->track ? c.end : c.begin;
    }
    if (!improving || !o.mover->track) continue;
    o.left.resize(n);
    for (std::uint32_t i = 0; i < n; ++i) o.left[i] = o.list[i].state;
    o.front.resize(std::max(o.front.size(), o.cells.size()));
    for (std::size_t c = 0; c < o.cells.size(); ++c) o.front[c].clear();
  }
  const auto expect = [&](std::uint32_t x) {
    const View* const views = views_.data() + x * opponents_.size();
    for (const Opponent* o : moving) __builtin_prefetch(&o->cells[views[o->number].cell]);
  };
  keys_.resize(n);
  order_.resize(n);
  for (std::uint32_t i = 0; i < n; ++i) keys_[i] = value[index_[i]];
  std::iota(order_.begin(), order_.end(), 0u);
  sort_by(keys_, order_);
  for (std::uint32_t i = 0; i < n; ++i) {
    if ((i & 0xFFFFu) == 0 && tasks.stopped()) return;
    // Most of the time goes into waiting for memory, so what comes next is asked for now.
    if (i + 16 < n) __builtin_prefetch(&views_[order_[i + 16] * opponents_.size()]);
    if (i + 6 < n && !done(order_[i + 6])) expect(order_[i + 6]);
    reach(order_[i]);
    const std::uint32_t v = keys_[i];
    while (!stack_.empty()) {
      const std::uint32_t t = stack_.back();
      stack_.pop_back();
      out[t] = v;
      if (!stack_.empty()) expect(stack_.back());
      if (settled_ == n) continue;  // nobody is left to be led here
      const View* const views = views_.data() + t * opponents_.size();
      for (Opponent* o : moving) {
        const BoxMover& m = *o->mover;
        const View view = views[o->number];
        if (m.link != nullptr && ((m.link[index_[t] >> 6] >> (index_[t] & 63)) & 1u) == 0) continue;
        if (!improving) {
          if (o->cells[view.cell].raised == 0) lead_by_moves(*o, view.cell);
        } else if (m.track) {
          lead_by_consent(*o, t);
        } else if (view.goodness > o->cells[view.cell].raised) {
          lead_by_improvement(*o, view.cell, view.goodness);
        }
      }
    }
  }
}

}  // namespace wayout
