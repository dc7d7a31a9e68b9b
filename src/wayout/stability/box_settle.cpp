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
  }
}

void BoxSettle::place_box(std::uint64_t box) {
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
}

void BoxSettle::load_alike(std::uint64_t box) { place_box(box); }

bool BoxSettle::renew(const std::uint32_t* value, Led& led) const {
  if (!led.valid) return false;
  const std::size_t n = led.order.size();
  std::uint32_t before = led.keys[0];
  std::uint32_t now = value[index_[led.order[0]]];
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t next = value[index_[led.order[i]]];
    const std::uint32_t was = led.keys[i];
    if ((was == before) != (next == now) || next < now) {
      led.valid = false;
      return false;
    }
    before = was;
    led.keys[i] = now = next;
  }
  return true;
}

void BoxSettle::load(std::uint64_t box) {
  place_box(box);
  done_.resize(index_.size() / 64 + 1);
  step_ = 0;
  for (Opponent& o : opponents_) {
    cells(o);
    if (!o.idle) o.number = step_++;
  }
  views_.resize(index_.size() * step_);
  for (Opponent& o : opponents_) {
    if (o.idle) continue;
    place(o);
    sort_list(o);
  }
}

void BoxSettle::cells(Opponent& o) {
  o.ordered.clear();
  o.strides.resize(groups_.size());
  std::uint32_t cells = 1;
  // Ordered digits come first, so that the cells below one lie close by.
  for (const bool ordered : {true, false})
    for (std::size_t d = 0; d < groups_.size(); ++d) {
      const ClassGroup& group = (*o.mover->classes)[d][groups_[d]];
      if (group.ordered != ordered) continue;
      o.strides[d] = cells;
      if (ordered) o.ordered.push_back({cells, group.count, &group});
      cells *= group.count;
    }
  // As many cells as states, none below another: every row is one state.
  o.idle = cells == index_.size() && o.ordered.empty();
  if (o.idle) return;
  o.marks.resize(cells);
  o.at.resize(cells);
  o.begin.assign(std::size_t{cells} + 1, 0);
}

void BoxSettle::place(Opponent& o) {
  spread(
      groups_.size(),
      [&](std::size_t d) -> const std::vector<std::uint32_t>& {
        const ClassGroup& group = (*o.mover->classes)[d][groups_[d]];
        shares_.clear();
        for (const std::uint32_t c : group.class_of) shares_.push_back(c * o.strides[d]);
        return shares_;
      },
      spare_keys_);
  const std::size_t n = index_.size();
  const std::size_t step = step_;
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
  const std::size_t step = step_;
  const View* views = views_.data() + o.number;
  if (improvements_ && !o.mover->track && o.mover->wants) {
    keys_.resize(n);
    for (std::uint32_t i = 0; i < n; ++i) keys_[i] = views[i * step].goodness;
    sort_by(keys_, order_);
  }
  for (std::uint32_t i = 0; i < n; ++i) ++o.begin[views[i * step].cell + 1];
  std::partial_sum(o.begin.begin(), o.begin.end(), o.begin.begin());
  std::copy(o.begin.begin(), o.begin.end() - 1, o.at.begin());
  o.list.resize(n);
  for (const std::uint32_t s : order_) {
    const View& view = views[s * step];
    o.list[o.at[view.cell]++] = {s, view.goodness};
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
    if (o.marks[c].raised != 0) return false;
    o.marks[c].raised = 1;
    for (std::uint32_t i = o.begin[c]; i < o.begin[c + 1]; ++i) reach(o.list[i].state);
    return true;
  });
}

void BoxSettle::raise(Opponent& o, std::uint32_t cell, std::uint32_t goodness) {
  Mark& mine = o.marks[cell];
  mine.raised = goodness;
  if (mine.next >= goodness) return;
  std::uint32_t at = o.at[cell];
  const std::uint32_t end = o.begin[cell + 1];
  for (; at < end && o.list[at].goodness < goodness; ++at) reach(o.list[at].state);
  mine.next = at < end ? o.list[at].goodness : kNone;
  o.at[cell] = at;
}

void BoxSettle::lead_by_improvement(Opponent& o, std::uint32_t cell, std::uint32_t goodness) {
  if (o.ordered.size() > 1) {
    descend(o, cell, [&](std::uint32_t c) {
      if (o.marks[c].raised >= goodness) return false;
      raise(o, c, goodness);
      return true;
    });
    return;
  }
  raise(o, cell, goodness);
  if (o.ordered.empty()) return;
  // All that lies below is listed. Where the covers were raised as far, all below them were too.
  const ClassGroup& g = *o.ordered[0].group;
  const std::uint32_t mine = cell % g.count;
  const std::uint32_t row = cell - mine;
  bool news = false;
  for (std::uint32_t i = g.cover_begin[mine]; i < g.cover_begin[mine + 1] && !news; ++i)
    news = o.marks[row + g.covers[i]].raised < goodness;
  if (!news) return;
  for (std::uint32_t i = g.below_begin[mine]; i < g.below_begin[mine + 1]; ++i) {
    const std::uint32_t to = row + g.below[i];
    if (o.marks[to].raised < goodness) raise(o, to, goodness);
  }
}

void BoxSettle::lead_by_consent(Opponent& o, std::uint32_t t) {
  // A point is the goodness of t for every member. What a point that exceeds this one everywhere
  // led to before includes all that this one leads to.
  const auto& members = o.mover->goodness;
  const std::size_t k = members.size();
  const std::uint32_t here = index_[t];
  descend(o, views_[t * step_ + o.number].cell, [&](std::uint32_t c) {
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
    std::uint32_t end = o.begin[c];
    for (std::uint32_t i = o.begin[c]; i < o.at[c]; ++i) {
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
    o.at[c] = end;
    return true;
  });
}

void BoxSettle::settle(const std::uint32_t* value, bool improving, const Tasks& tasks, Led& led) {
  const auto n = static_cast<std::uint32_t>(index_.size());
  led.least.resize(n);
  std::uint32_t* const least = led.least.data();
  std::fill(done_.begin(), done_.end(), std::uint64_t{0});
  settled_ = 0;
  std::vector<Opponent*>& moving = moving_;
  moving.clear();
  for (Opponent& o : opponents_) {
    if (o.idle || (improving && !o.mover->wants)) continue;
    moving.push_back(&o);
    const auto cells = static_cast<std::uint32_t>(o.marks.size());
    for (std::uint32_t c = 0; c < cells; ++c) o.marks[c] = {0, o.list[o.begin[c]].goodness};
    std::copy_n(o.begin.begin() + (o.mover->track ? 1 : 0), cells, o.at.begin());
    if (!improving || !o.mover->track) continue;
    o.left.resize(n);
    for (std::uint32_t i = 0; i < n; ++i) o.left[i] = o.list[i].state;
    o.front.resize(std::max(o.front.size(), o.marks.size()));
    for (std::size_t c = 0; c < o.marks.size(); ++c) o.front[c].clear();
  }
  const auto expect = [&](std::uint32_t x) {
    const View* const views = views_.data() + x * step_;
    for (const Opponent* o : moving) __builtin_prefetch(&o->marks[views[o->number].cell]);
  };
  led.keys.resize(n);
  led.order.resize(n);
  led.valid = false;
  for (std::uint32_t i = 0; i < n; ++i) led.keys[i] = value[index_[i]];
  std::iota(led.order.begin(), led.order.end(), 0u);
  sort_by(led.keys, led.order);
  const std::uint32_t* const order = led.order.data();
  for (std::uint32_t i = 0; i < n; ++i) {
    if ((i & 0xFFFFu) == 0 && tasks.stopped()) return;
    // Most of the time goes into waiting for memory, so what comes next is asked for now.
    if (i + 16 < n) __builtin_prefetch(&views_[order[i + 16] * step_]);
    if (i + 6 < n && !done(order[i + 6])) expect(order[i + 6]);
    reach(order[i]);
    while (!stack_.empty()) {
      const std::uint32_t t = stack_.back();
      stack_.pop_back();
      least[t] = i;
      if (!stack_.empty()) expect(stack_.back());
      if (settled_ == n) continue;  // nobody is left to be led here
      const View* const views = views_.data() + t * step_;
      for (Opponent* o : moving) {
        const BoxMover& m = *o->mover;
        const View view = views[o->number];
        if (m.link != nullptr && ((m.link[index_[t] >> 6] >> (index_[t] & 63)) & 1u) == 0) continue;
        if (!improving) {
          if (o->marks[view.cell].raised == 0) lead_by_moves(*o, view.cell);
        } else if (m.track) {
          lead_by_consent(*o, t);
        } else if (view.goodness > o->marks[view.cell].raised) {
          lead_by_improvement(*o, view.cell, view.goodness);
        }
      }
    }
  }
  led.valid = true;
}

}  // namespace wayout
