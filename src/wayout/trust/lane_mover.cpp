#include "wayout/trust/lane_mover.hpp"

#include <algorithm>
#include <bit>

namespace wayout {
namespace {

constexpr std::size_t kMostForbids = 62;
constexpr std::size_t kMostOrders = 16;

std::uint64_t raw_settings(const Conflict& conflict, const MoverInfo& info) {
  std::uint64_t raw = 1;
  for (const Digit& d : info.digits)
    if (d.change != Change::Leave && raw <= LaneMover::kWidest)
      raw *= conflict.option(d.option).levels.size();
  return raw;
}

}  // namespace

bool LaneMover::made_for(const Conflict& conflict, MoverId m) {
  const MoverInfo& info = conflict.mover(m);
  std::size_t leavable = 0;
  int width = 0;
  for (const Digit& d : info.digits) {
    if (d.change == Change::Leave) {
      ++leavable;
    } else if (d.change != Change::Any) {
      width += conflict.option(d.option).width;
    }
  }
  std::size_t orders = 0;
  for (const PartyId p : conflict.parties()) orders += contains(info.members, p) ? 1 : 0;
  return raw_settings(conflict, info) <= kWidest && leavable <= kMostLeavable && width <= 64 &&
         info.forbids.size() <= kMostForbids && orders <= kMostOrders;
}

LaneMover::LaneMover(const LaneDispute& dispute, MoverId m)
    : dispute_(&dispute), conflict_(&dispute.conflict()), info_(&conflict_->mover(m)) {
  none_worse_ = info_->track && info_->consent == Consent::NoneWorse;
  bool someone_indifferent = false;
  for (const PartyId p : conflict_->parties()) {
    if (!contains(info_->members, p)) continue;
    if (dispute.indifferent(p)) {
      someone_indifferent = true;
      continue;
    }
    orders_.emplace_back();
    for (const LaneTerm& t : dispute.terms(p))
      if ((t.support & info_->digit_mask) != 0) {
        orders_.back().terms.push_back(t);
        orders_.back().vital = orders_.back().vital || t.vital;
      }
    vital_ = vital_ || orders_.back().vital;
  }
  never_wants_ = orders_.empty() || (someone_indifferent && !none_worse_);
  mute_ = info_->digits.empty();
  remembers_ = orders_.size() == 1 && !none_worse_;
  int place = 0;
  for (const Digit& d : info_->digits) {
    const OptionInfo& o = conflict_->option(d.option);
    if (!o.enabled) disabled_ |= o.mask();
    if (d.change == Change::Leave) {
      leavable_.push_back(o.mask());
      continue;
    }
    free_ |= o.mask();
    if (d.change == Change::Any) continue;
    one_way_.push_back({o.shift, place, o.field(), d.change == Change::Up});
    place += o.width;
  }
  const ExprPool& pool = conflict_->pool();
  for (const auto& [never, rule] : conflict_->nevers())
    if ((pool.support(never) & info_->digit_mask) != 0) {
      nevers_.push_back(never);
      relevant_ |= pool.support(never);
    }
  for (const Order& order : orders_)
    for (const LaneTerm& t : order.terms) relevant_ |= t.support;
  for (const Forbid& f : info_->forbids) relevant_ |= pool.support(f.from) | pool.support(f.to);
  if (info_->link) relevant_ |= pool.support(*info_->link);
  relevant_ &= ~free_;
}

bool LaneMover::feasible(State t) const {
  if ((t.bits & disabled_) != 0) return false;
  for (const ExprId e : nevers_across_)
    if (conflict_->holds(e, t)) return false;
  return true;
}

void LaneMover::prepare() {
  ready_ = true;
  const ExprPool& pool = conflict_->pool();
  std::vector<ExprId> inside;
  for (const ExprId e : nevers_)
    ((pool.support(e) & ~free_) == 0 ? inside : nevers_across_).push_back(e);
  for (Order& order : orders_)
    for (std::uint32_t k = 0; k < order.terms.size(); ++k)
      if ((order.terms[k].support & ~free_) != 0) order.across.push_back(k);
  struct Wheel {
    UInt128 mask;
    int shift;
    unsigned levels;
    unsigned at;
  };
  std::vector<Wheel> wheels;
  for (const Digit& d : info_->digits) {
    const OptionInfo& o = conflict_->option(d.option);
    if (d.change != Change::Leave)
      wheels.push_back(
          {o.mask(), o.shift, o.enabled ? static_cast<unsigned>(o.levels.size()) : 1u, 0});
  }
  State t;
  while (true) {
    if (std::none_of(inside.begin(), inside.end(),
                     [&](ExprId e) { return conflict_->holds(e, t); }))
      patches_.push_back(t.bits);
    std::size_t i = 0;
    for (; i < wheels.size(); ++i) {
      Wheel& w = wheels[i];
      w.at = w.at + 1 < w.levels ? w.at + 1 : 0;
      t.bits = (t.bits & ~w.mask) | (UInt128{w.at} << w.shift);
      if (w.at > 0) break;
    }
    if (i == wheels.size()) break;
  }
  const LaneKernels& kernels = lane_kernels();
  within_.assign(patches_.size() * orders_.size(), LaneScore{});
  for (std::size_t k = 0; k < orders_.size(); ++k)
    for (std::size_t i = 0; i < patches_.size(); ++i) {
      LaneScore& score = within_[k * patches_.size() + i];
      for (const LaneTerm& term : orders_[k].terms)
        if ((term.support & ~free_) == 0 && conflict_->holds(term.when, State{patches_[i]}))
          kernels.add(term.vital ? score.head : score.tail, term.weight);
    }
}

std::uint64_t LaneMover::one_way_of(UInt128 bits) const {
  std::uint64_t out = 0;
  for (const OneWay& w : one_way_)
    out |= (static_cast<std::uint64_t>(bits >> w.shift) & w.field) << w.place;
  return out;
}

bool LaneMover::may_go(std::uint64_t one_way, std::uint64_t from, const Group& group) const {
  if ((from & group.to) != 0) return false;
  if (one_way == group.one_way) return true;
  for (const OneWay& w : one_way_) {
    const std::uint64_t before = (one_way >> w.place) & w.field;
    const std::uint64_t after = (group.one_way >> w.place) & w.field;
    if (w.up ? after < before : after > before) return false;
  }
  return true;
}

const LaneMover::Table& LaneMover::table(UInt128 context) {
  const UInt128 key = context & relevant_;
  if (kept_ > kMostKept) {
    keys_ = {};
    tables_.clear();
    kept_ = 0;
  }
  const StateNumber n = keys_.intern(State{key});
  if (n == tables_.size()) {
    tables_.emplace_back();
    fill(tables_.back(), key);
    kept_ += tables_.back().tail.size() + tables_.back().head.size();
  }
  return tables_[n];
}

void LaneMover::fill(Table& table, UInt128 context) const {
  struct Entry {
    std::uint64_t one_way;
    std::uint64_t to;
    std::uint32_t patch;
  };
  std::vector<Entry> entries;
  for (std::uint32_t i = 0; i < patches_.size(); ++i) {
    const State t{context | patches_[i]};
    if (!feasible(t)) continue;
    if (info_->link && !conflict_->holds(*info_->link, t)) continue;
    Entry e{one_way_of(t.bits), 0, i};
    for (std::size_t f = 0; f < info_->forbids.size(); ++f)
      if (conflict_->holds(info_->forbids[f].to, t)) e.to |= std::uint64_t{1} << f;
    entries.push_back(e);
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.one_way, a.to, a.patch) < std::tie(b.one_way, b.to, b.patch);
  });
  const std::size_t n = entries.size();
  table.tail.resize(n * orders_.size());
  if (vital_) table.head.resize(n * orders_.size());
  const LaneKernels& kernels = lane_kernels();
  for (std::size_t i = 0; i < n; ++i) {
    const Entry& e = entries[i];
    const auto at = static_cast<std::uint32_t>(i);
    if (table.groups.empty() || table.groups.back().one_way != e.one_way ||
        table.groups.back().to != e.to)
      table.groups.push_back({e.one_way, e.to, at, at});
    ++table.groups.back().end;
    table.patches.push_back(patches_[e.patch]);
    const State t{context | patches_[e.patch]};
    for (std::size_t k = 0; k < orders_.size(); ++k) {
      const LaneScore& own = within_[k * patches_.size() + e.patch];
      Lanes& tail = table.tail[k * n + i];
      tail = own.tail;
      if (vital_) table.head[k * n + i] = own.head;
      for (const std::uint32_t a : orders_[k].across) {
        const LaneTerm& term = orders_[k].terms[a];
        if (conflict_->holds(term.when, t))
          kernels.add(term.vital ? table.head[k * n + i] : tail, term.weight);
      }
    }
  }
}

bool LaneMover::each_group(State s,
                           const std::function<bool(UInt128, const Table&, std::size_t)>& visit) {
  if (!ready_) prepare();
  const std::uint64_t one_way = one_way_of(s.bits);
  std::uint64_t from = 0;
  for (std::size_t f = 0; f < info_->forbids.size(); ++f)
    if (conflict_->holds(info_->forbids[f].from, s)) from |= std::uint64_t{1} << f;
  UInt128 standing[kMostLeavable];
  std::size_t n = 0;
  for (const UInt128 mask : leavable_)
    if ((s.bits & mask) != 0) standing[n++] = mask;
  for (std::uint32_t set = 0; set < (std::uint32_t{1} << n); ++set) {
    UInt128 context = s.bits & ~free_;
    for (std::size_t i = 0; i < n; ++i)
      if ((set >> i) & 1u) context &= ~standing[i];
    const Table& t = table(context);
    for (std::size_t g = 0; g < t.groups.size(); ++g)
      if (may_go(one_way, from, t.groups[g]) && !visit(context, t, g)) return false;
  }
  return true;
}

void LaneMover::look(State s) {
  const LaneKernels& kernels = lane_kernels();
  here_.assign(orders_.size(), LaneScore{});
  for (std::size_t k = 0; k < orders_.size(); ++k)
    for (const LaneTerm& t : orders_[k].terms)
      if (conflict_->holds(t.when, s))
        kernels.add(t.vital ? here_[k].head : here_[k].tail, t.weight);
}

LaneMask LaneMover::wanted(const Table& table, std::size_t i, LaneMask lanes) const {
  const LaneKernels& kernels = lane_kernels();
  LaneMask strict = 0;
  for (std::size_t k = 0; k < orders_.size() && lanes != 0; ++k) {
    const std::size_t at = k * table.patches.size() + i;
    LaneMask more = 0;
    LaneMask equal = 0;
    kernels.above(&table.tail[at], here_[k].tail, &more, 1);
    if (none_worse_) kernels.same(&table.tail[at], here_[k].tail, &equal, 1);
    if (!table.head.empty()) {
      LaneMask higher = 0;
      LaneMask level = 0;
      kernels.above(&table.head[at], here_[k].head, &higher, 1);
      kernels.same(&table.head[at], here_[k].head, &level, 1);
      more = higher | (level & more);
      equal &= level;
    }
    strict |= more;
    lanes &= more | equal;
  }
  return none_worse_ ? lanes & strict : lanes;
}

StateNumber LaneMover::row(Cursors& cursors, UInt128 context, const Table& table) const {
  const StateNumber row = cursors.rows.intern(State{context});
  if (row < cursors.first.size()) return row;
  cursors.first.push_back(cursors.numbers.size());
  cursors.numbers.resize(cursors.numbers.size() + table.patches.size(), kNoState);
  cursors.floors.push_back(static_cast<std::uint32_t>(cursors.floor.size()));
  if (remembers_ && table.patches.size() >= kRemembered) {
    LaneScore none;
    none.head.at.fill(INT64_MAX);
    none.tail.at.fill(INT64_MAX);
    cursors.floor.resize(cursors.floor.size() + table.groups.size(), none);
  }
  return row;
}

void LaneMover::improvements(State s, LaneMask lanes, const Visit& visit) {
  if (mute_ || never_wants_ || lanes == 0) return;
  look(s);
  each_group(s, [&](UInt128 context, const Table& t, std::size_t g) {
    const Group& group = t.groups[g];
    for (std::uint32_t i = group.begin; i < group.end; ++i) {
      const LaneMask hit = wanted(t, i, lanes);
      if (hit != 0 && !visit(State{context | t.patches[i]}, hit)) return false;
    }
    return true;
  });
}

void LaneMover::sweep(State s, LaneMask lanes, Cursors& cursors,
                      const std::vector<LaneMask>& reached, const Meet& meet) {
  if (mute_ || never_wants_ || lanes == 0) return;
  look(s);
  StateNumber r = kNoState;
  each_group(s, [&](UInt128 context, const Table& t, std::size_t g) {
    const Group& group = t.groups[g];
    if (r == kNoState || cursors.rows[r].bits != context) r = row(cursors, context, t);
    LaneMask asked = lanes;
    if (remembers_ && t.patches.size() >= kRemembered) {
      LaneScore& floor = cursors.floor[cursors.floors[r] + g];
      asked &= above(floor, here_[0]);
      if (asked == 0) return true;
      for (LaneMask left = asked; left != 0; left &= left - 1) {
        const auto l = static_cast<std::size_t>(std::countr_zero(left));
        floor.head.at[l] = here_[0].head.at[l];
        floor.tail.at[l] = here_[0].tail.at[l];
      }
    }
    const std::size_t first = cursors.first[r];
    for (std::uint32_t i = group.begin; i < group.end; ++i) {
      const StateNumber known = cursors.numbers[first + i];
      const LaneMask left = known == kNoState ? asked : asked & ~reached[known];
      if (left == 0) continue;
      const LaneMask hit = wanted(t, i, left);
      if (hit != 0 && !meet(State{context | t.patches[i]}, hit, cursors.numbers[first + i]))
        return false;
    }
    return true;
  });
}

void LaneMover::moves(State s, const std::function<bool(State)>& visit) {
  if (mute_) return;
  each_group(s, [&](UInt128 context, const Table& t, std::size_t g) {
    for (std::uint32_t i = t.groups[g].begin; i < t.groups[g].end; ++i) {
      const State there{context | t.patches[i]};
      if (there != s && !visit(there)) return false;
    }
    return true;
  });
}

}  // namespace wayout
