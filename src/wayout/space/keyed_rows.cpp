#include "wayout/space/keyed_rows.hpp"

#include <algorithm>
#include <array>

#include "wayout/space/rows.hpp"
#include "wayout/space/settings.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostForbids = 62;

}  // namespace

KeyedBook::KeyedBook(const Conflict& conflict, MoverId mover)
    : conflict_(&conflict), info_(&conflict.mover(mover)), rules_(conflict, info_->digit_mask) {
  bool someone_indifferent = false;
  for (const PartyId p : conflict.parties()) {
    if (!contains(info_->members, p)) continue;
    const std::size_t n = order_count(conflict, p);
    someone_indifferent = someone_indifferent || n == 0;
    for (std::size_t k = 0; k < n; ++k) scores_.emplace_back(conflict, p, k, info_->digit_mask);
  }
  orders_ = scores_.size();
  none_worse_ = info_->track && info_->consent == Consent::NoneWorse;
  never_wants_ = orders_ == 0 || (someone_indifferent && !none_worse_);
  mute_ = info_->digits.empty();
  usable_ =
      !conflict.graph_form() && orders_ <= kMostOrders && info_->forbids.size() <= kMostForbids;
  std::uint64_t raw = 1;
  int place = 0;
  for (const Digit& d : info_->digits) {
    const OptionInfo& o = conflict.option(d.option);
    if (d.change == Change::Leave) {
      leavable_.push_back(o.mask());
      continue;
    }
    free_mask_ |= o.mask();
    if (raw <= kWidest) raw *= o.levels.size();
    if (d.change == Change::Any) continue;
    one_way_.push_back({o.shift, place, o.field(), d.change == Change::Up});
    place += o.width;
  }
  usable_ = usable_ && raw <= kWidest && place <= 64;
  relevant_ = rules_.support();
  for (const LocalScore& score : scores_) {
    usable_ = usable_ && score.two_words();
    relevant_ |= score.support();
  }
  for (const Forbid& f : info_->forbids)
    relevant_ |= conflict.pool().support(f.from) | conflict.pool().support(f.to);
  if (info_->link) relevant_ |= conflict.pool().support(*info_->link);
  relevant_ &= ~free_mask_;
}

void KeyedBook::prepare() {
  ready_ = true;
  const LocalRules own = rules_.within(free_mask_);
  for_each_setting(*conflict_, *info_, [&](UInt128 bits) {
    if (own.feasible(State{bits})) patches_.push_back(bits);
  });
  rules_ = rules_.beyond(free_mask_);
  across_ = scores_;
  within_.assign(patches_.size() * orders_, Value{});
  for (std::size_t k = 0; k < orders_; ++k) {
    const auto inside = across_[k].take_within(free_mask_);
    if (!inside) continue;
    for (std::size_t i = 0; i < patches_.size(); ++i) {
      const Score score = (*inside)(State{patches_[i]});
      within_[i * orders_ + k] = {score.head, score.tail};
    }
  }
}

std::uint64_t KeyedBook::one_way_of(UInt128 bits) const {
  std::uint64_t out = 0;
  for (const OneWay& w : one_way_)
    out |= (static_cast<std::uint64_t>(bits >> w.shift) & w.field) << w.place;
  return out;
}

std::uint64_t KeyedBook::from_of(State s) const {
  std::uint64_t out = 0;
  for (std::size_t f = 0; f < info_->forbids.size(); ++f)
    if (conflict_->holds(info_->forbids[f].from, s)) out |= std::uint64_t{1} << f;
  return out;
}

std::uint32_t KeyedBook::context_of(UInt128 bits) {
  const StateNumber c = contexts_.intern(State{bits});
  if (c < table_of_.size()) return c;
  const StateNumber key = keys_.intern(State{bits & relevant_});
  table_of_.push_back(key);
  if (key == tables_.size()) {
    tables_.emplace_back();
    fill(tables_.back(), bits & relevant_);
  }
  return c;
}

void KeyedBook::fill(Table& table, UInt128 context) {
  struct Entry {
    std::uint64_t one_way;
    std::uint64_t to;
    std::uint32_t patch;
    std::uint32_t value;  ///< place in `values`, in orders
  };
  std::vector<Entry> entries;
  std::vector<Value> values;
  for (std::uint32_t i = 0; i < patches_.size(); ++i) {
    const State t{context | patches_[i]};
    if (!rules_.feasible(t)) continue;
    Entry e{one_way_of(t.bits), 0, i, static_cast<std::uint32_t>(entries.size())};
    if (info_->link && !conflict_->holds(*info_->link, t)) continue;
    for (std::size_t f = 0; f < info_->forbids.size(); ++f)
      if (conflict_->holds(info_->forbids[f].to, t)) e.to |= std::uint64_t{1} << f;
    for (std::size_t k = 0; k < orders_; ++k) {
      const Score score = across_[k](t);
      const Value& own = within_[i * orders_ + k];
      values.push_back({score.head + own.head, score.tail + own.tail});
    }
    entries.push_back(e);
  }
  const auto value = [&](const Entry& e, std::size_t k) { return values[e.value * orders_ + k]; };
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    if (a.one_way != b.one_way) return a.one_way < b.one_way;
    if (a.to != b.to) return a.to < b.to;
    if (orders_ > 0 && value(a, 0) != value(b, 0)) return value(b, 0) < value(a, 0);
    return a.patch < b.patch;
  });
  for (const Entry& e : entries) {
    const auto at = static_cast<std::uint32_t>(table.patches.size());
    if (table.groups.empty() || table.groups.back().one_way != e.one_way ||
        table.groups.back().to != e.to)
      table.groups.push_back({e.one_way, e.to, at, at});
    ++table.groups.back().end;
    table.patches.push_back(patches_[e.patch]);
    for (std::size_t k = 0; k < orders_; ++k) table.values.push_back(value(e, k));
  }
}

bool KeyedBook::may_go(const Asked& q, const Group& group) const {
  if ((q.from & group.to) != 0) return false;
  if (q.one_way == group.one_way) return true;
  for (const OneWay& w : one_way_) {
    const std::uint64_t before = (q.one_way >> w.place) & w.field;
    const std::uint64_t after = (group.one_way >> w.place) & w.field;
    if (w.up ? after < before : after > before) return false;
  }
  return true;
}

bool KeyedBook::answers(const Asked& q, const Value* there) const {
  if (q.ask == Ask::NotWorse || none_worse_) {
    bool some = q.ask == Ask::NotWorse;
    for (std::size_t k = 0; k < orders_; ++k) {
      if (there[k] < q.here[k]) return false;
      some = some || q.here[k] < there[k];
    }
    return some;
  }
  for (std::size_t k = 0; k < orders_; ++k)
    if (there[k] <= q.here[k]) return false;
  return true;
}

/// Any move: a group is handed out whole, but for the state that asks; that one remains for the
/// next to ask. The word: 0 while nobody has asked, then 1, or 2 + the place of what remains.
bool KeyedBook::walk_moves(const Asked& q, const Table& table, const Group& group, UInt128 context,
                           std::uint64_t* word) {
  if (word != nullptr && *word != 0) {
    if (*word == 1) return true;
    const State t{context | table.patches[*word - 2]};
    if (t == q.s) return true;
    *word = 1;
    return (*q.visit)(t);
  }
  std::uint64_t remains = 1;
  bool go = true;
  for (std::uint32_t i = group.begin; i < group.end; ++i) {
    const State t{context | table.patches[i]};
    if (t == q.s) {
      remains = 2 + i;
    } else if (!(go = (*q.visit)(t))) {
      break;
    }
  }
  if (word != nullptr) *word = remains;
  return go;
}

/// One order: what answers is a prefix. The word: how many were handed out.
bool KeyedBook::walk_list(const Asked& q, const Table& table, const Group& group, UInt128 context,
                          std::uint64_t* word) {
  std::uint64_t own = 0;
  std::uint64_t& done = word != nullptr ? *word : own;
  while (group.begin + done < group.end) {
    const std::size_t i = group.begin + done;
    if (q.ask == Ask::Improvements ? table.values[i] <= q.here[0] : table.values[i] < q.here[0])
      break;
    ++done;
    const State t{context | table.patches[i]};
    if (t != q.s && !(*q.visit)(t)) return false;
  }
  return true;
}

/// Several orders: each state still there is tried. The word: 1 + the place of the list of these.
bool KeyedBook::walk_orders(const Asked& q, const Table& table, const Group& group, UInt128 context,
                            std::uint64_t* word) {
  const auto past = [&](std::size_t i) {
    return orders_ > 0 && table.values[i * orders_] < q.here[0];
  };
  const auto fits = [&](std::size_t i, State t) {
    return t != q.s && answers(q, table.values.data() + i * orders_);
  };
  if (word == nullptr) {
    for (std::uint32_t i = group.begin; i < group.end && !past(i); ++i) {
      const State t{context | table.patches[i]};
      if (fits(i, t) && !(*q.visit)(t)) return false;
    }
    return true;
  }
  if (*word == 0) {
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = group.begin; i < group.end; ++i) all.push_back(i);
    q.cursors->left.push_back(std::move(all));
    *word = q.cursors->left.size();
  }
  const std::size_t list = *word - 1;
  // What is handed out is taken away first, since visiting may come back here.
  std::vector<std::uint32_t> out;
  {
    auto& left = q.cursors->left[list];
    std::size_t kept = 0;
    std::size_t at = 0;
    for (; at < left.size() && !past(left[at]); ++at) {
      const std::uint32_t i = left[at];
      if (fits(i, State{context | table.patches[i]})) {
        out.push_back(i);
      } else {
        left[kept++] = i;
      }
    }
    if (kept != at)
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(kept),
                 left.begin() + static_cast<std::ptrdiff_t>(at));
  }
  for (std::size_t k = 0; k < out.size(); ++k) {
    if ((*q.visit)(State{context | table.patches[out[k]]})) continue;
    auto& left = q.cursors->left[list];
    left.insert(left.begin(), out.begin() + static_cast<std::ptrdiff_t>(k + 1), out.end());
    std::sort(left.begin(), left.end());
    return false;
  }
  return true;
}

bool KeyedBook::walk(const Asked& q, UInt128 context) {
  const std::uint32_t c = context_of(context);
  const Table& table = tables_[table_of_[c]];
  if (table.groups.empty()) return true;
  std::size_t base = 0;
  if (q.cursors != nullptr) {
    auto& first = q.cursors->first;
    if (c >= first.size()) first.resize(std::max<std::size_t>(c + 1, 2 * first.size()), 0);
    if (first[c] == 0) {
      first[c] = static_cast<std::uint32_t>(q.cursors->words.size()) + 1;
      q.cursors->words.resize(q.cursors->words.size() + table.groups.size(), 0);
    }
    base = first[c] - 1;
  }
  for (std::size_t g = 0; g < table.groups.size(); ++g) {
    const Group& group = table.groups[g];
    if (!may_go(q, group)) continue;
    // A copy of the word: visiting may make the list of words grow.
    std::uint64_t word = q.cursors != nullptr ? q.cursors->words[base + g] : 0;
    std::uint64_t* at = q.cursors != nullptr ? &word : nullptr;
    const bool go = q.ask == Ask::Moves            ? walk_moves(q, table, group, context, at)
                    : orders_ == 1 && !none_worse_ ? walk_list(q, table, group, context, at)
                                                   : walk_orders(q, table, group, context, at);
    if (q.cursors != nullptr) q.cursors->words[base + g] = word;
    if (!go) return false;
  }
  return true;
}

bool KeyedBook::visit(State s, Ask ask, Cursors* cursors, const std::function<bool(State)>& visit) {
  contract(ask != Ask::MovedFrom && ask != Ask::ImprovedFrom,
           "asking backwards needs a filled space");
  if (mute_ || (ask == Ask::Improvements && never_wants_)) return true;
  if (!ready_) prepare();
  std::array<Value, kMostOrders> here;
  if (ask != Ask::Moves)
    for (std::size_t k = 0; k < orders_; ++k) {
      const Score score = scores_[k](s);
      here[k] = {score.head, score.tail};
    }
  const Asked q{s, ask, here.data(), one_way_of(s.bits), from_of(s), cursors, &visit};
  std::array<UInt128, kMostLeavable> standing;
  std::size_t n = 0;
  for (const UInt128 mask : leavable_) {
    if ((s.bits & mask) == 0) continue;
    if (n == kMostLeavable) return false;
    standing[n++] = mask;
  }
  const UInt128 context = s.bits & ~free_mask_;
  for (std::uint32_t set = 0; set < (std::uint32_t{1} << n); ++set) {
    UInt128 left = context;
    for (std::size_t k = 0; k < n; ++k)
      if ((set >> k) & 1u) left &= ~standing[k];
    if (!walk(q, left)) return true;
  }
  return true;
}

}  // namespace wayout
