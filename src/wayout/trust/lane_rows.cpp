#include "wayout/trust/lane_rows.hpp"

#include <algorithm>
#include <tuple>

#include "wayout/space/settings.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostForbids = 62;
constexpr std::size_t kMostOrders = 16;
constexpr std::uint64_t kUnlinked = std::uint64_t{1} << 63;

std::uint64_t raw_settings(const Conflict& conflict, const MoverInfo& info) {
  std::uint64_t raw = 1;
  for (const Digit& d : info.digits)
    if (d.change != Change::Leave && raw <= LaneRows::kWidest)
      raw *= conflict.option(d.option).levels.size();
  return raw;
}

std::uint64_t hash_of(const LaneRows::Table& t) {
  std::uint64_t h = t.settings.size();
  const auto mix = [&h](std::uint64_t x) { h = hash_bits((UInt128{h} << 64) | x); };
  for (const LaneRows::Group& g : t.groups) mix(g.one_way), mix(g.to), mix(g.from), mix(g.end);
  for (const LaneRows::Place p : t.settings) mix(p);
  for (const std::uint64_t word : t.across) mix(word);
  return h;
}

}  // namespace

bool LaneRows::made_for(const Conflict& conflict, MoverId m) {
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

LaneRows::LaneRows(const LaneBook& book, StateTable& states, MoverId m)
    : book_(&book), conflict_(&book.conflict()), info_(&conflict_->mover(m)), states_(&states) {
  none_worse_ = info_->track && info_->consent == Consent::NoneWorse;
  int place = 0;
  std::size_t stride = 1;
  for (const Digit& d : info_->digits) {
    const OptionInfo& o = conflict_->option(d.option);
    if (!o.enabled) disabled_ |= o.mask();
    if (d.change == Change::Leave) {
      leavable_.push_back(o.mask());
      continue;
    }
    free_ |= o.mask();
    if (o.enabled) {
      wheels_.push_back({o.shift, o.field(), stride});
      stride *= o.levels.size();
    }
    if (d.change == Change::Any) continue;
    one_way_.push_back({o.shift, place, o.field(), d.change == Change::Up});
    place += o.width;
  }
  bool someone_indifferent = false;
  for (const PartyId p : conflict_->parties()) {
    if (!contains(info_->members, p)) continue;
    if (book.indifferent(p)) {
      someone_indifferent = true;
      continue;
    }
    orders_.emplace_back();
    orders_.back().party = p;
    const auto& statements = book.statements(p);
    for (std::uint32_t k = 0; k < statements.size(); ++k) {
      if ((statements[k].support & info_->digit_mask) == 0) continue;
      relevant_ |= statements[k].support;
      Order& order = orders_.back();
      ((statements[k].support & ~free_) == 0 ? order.within : order.across).push_back(k);
      order.vital = order.vital || statements[k].vital;
    }
    vital_ = vital_ || orders_.back().vital;
  }
  never_wants_ = orders_.empty() || (someone_indifferent && !none_worse_);
  const ExprPool& pool = conflict_->pool();
  for (const auto& [never, rule] : conflict_->nevers())
    if ((pool.support(never) & info_->digit_mask) != 0) relevant_ |= pool.support(never);
  for (const Forbid& f : info_->forbids) relevant_ |= pool.support(f.from) | pool.support(f.to);
  if (info_->link) relevant_ |= pool.support(*info_->link);
  relevant_ &= ~free_;
}

void LaneRows::note(const Order& order, const std::vector<std::uint32_t>& list, State s,
                    std::vector<std::uint64_t>& to) const {
  const auto& statements = book_->statements(order.party);
  const std::size_t first = to.size();
  to.resize(first + Order::words(list), 0);
  for (std::size_t k = 0; k < list.size(); ++k)
    if (conflict_->holds(statements[list[k]].when, s))
      to[first + k / 64] |= std::uint64_t{1} << (k % 64);
}

void LaneRows::prepare() {
  ready_ = true;
  std::vector<ExprId> inside;
  const ExprPool& pool = conflict_->pool();
  for (const auto& [never, rule] : conflict_->nevers())
    if ((pool.support(never) & info_->digit_mask) != 0)
      ((pool.support(never) & ~free_) == 0 ? inside : nevers_across_).push_back(never);
  for_each_setting(*conflict_, *info_, [&](UInt128 bits) {
    const bool may = std::none_of(inside.begin(), inside.end(),
                                  [&](ExprId e) { return conflict_->holds(e, State{bits}); });
    setting_at_.push_back(may ? static_cast<Place>(settings_.size()) : kNowhere);
    if (may) settings_.push_back(bits);
  });
  for (Order& order : orders_)
    for (const UInt128 bits : settings_) note(order, order.within, State{bits}, order.at);
}

std::uint64_t LaneRows::one_way_of(UInt128 bits) const {
  std::uint64_t out = 0;
  for (const OneWay& w : one_way_)
    out |= (static_cast<std::uint64_t>(bits >> w.shift) & w.field) << w.place;
  return out;
}

std::size_t LaneRows::setting_of(UInt128 bits) const {
  std::size_t at = 0;
  for (const Wheel& w : wheels_)
    at +=
        static_cast<std::size_t>(static_cast<std::uint64_t>(bits >> w.shift) & w.field) * w.stride;
  return setting_at_[at];
}

bool LaneRows::may_go(const Group& from, const Group& to) const {
  if ((to.to & (from.from | kUnlinked)) != 0) return false;
  if (from.one_way == to.one_way) return true;
  for (const OneWay& w : one_way_) {
    const std::uint64_t before = (from.one_way >> w.place) & w.field;
    const std::uint64_t after = (to.one_way >> w.place) & w.field;
    if (w.up ? after < before : after > before) return false;
  }
  return true;
}

LaneRows::Table LaneRows::fill(UInt128 context) const {
  struct Entry {
    Group group;
    Place setting;
  };
  std::vector<Entry> entries;
  const bool gone = (context & disabled_) != 0;
  for (std::size_t i = 0; i < settings_.size() && !gone; ++i) {
    const State t{context | settings_[i]};
    const auto holds = [&](ExprId e) { return conflict_->holds(e, t); };
    if (std::any_of(nevers_across_.begin(), nevers_across_.end(), holds)) continue;
    Entry e{{one_way_of(t.bits), 0, 0, 0, 0}, static_cast<Place>(i)};
    for (std::size_t f = 0; f < info_->forbids.size(); ++f) {
      if (holds(info_->forbids[f].to)) e.group.to |= std::uint64_t{1} << f;
      if (holds(info_->forbids[f].from)) e.group.from |= std::uint64_t{1} << f;
    }
    if (info_->link && !holds(*info_->link)) e.group.to |= kUnlinked;
    entries.push_back(e);
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    const auto key = [](const Group& g) {
      return std::tuple((g.to & kUnlinked) != 0, g.one_way, g.to, g.from);
    };
    return key(a.group) < key(b.group);
  });
  Table table;
  table.place_of.assign(settings_.size(), kNowhere);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto at = static_cast<std::uint32_t>(i);
    Group g = entries[i].group;
    if (!table.groups.empty()) {
      g.begin = table.groups.back().begin;
      g.end = table.groups.back().end;
    }
    if (table.groups.empty() || !(table.groups.back() == g)) {
      g.begin = g.end = at;
      table.groups.push_back(g);
    }
    ++table.groups.back().end;
    table.group_of.push_back(static_cast<std::uint16_t>(table.groups.size() - 1));
    table.place_of[entries[i].setting] = static_cast<Place>(i);
    table.settings.push_back(entries[i].setting);
    if ((g.to & kUnlinked) == 0) ++table.targets;
  }
  for (const Order& order : orders_)
    for (const Place setting : table.settings)
      note(order, order.across, State{context | settings_[setting]}, table.across);
  return table;
}

std::uint32_t LaneRows::table_for(UInt128 context) {
  const StateNumber key = keys_.intern(State{context & relevant_});
  if (key < table_of_key_.size()) return table_of_key_[key];
  Table made = fill(context & relevant_);
  const std::uint64_t hash = hash_of(made);
  std::uint32_t out = kNone;
  for (auto [it, end] = like_.equal_range(hash); it != end && out == kNone; ++it) {
    const Table& other = tables_[it->second];
    if (other.groups == made.groups && other.settings == made.settings &&
        other.across == made.across)
      out = it->second;
  }
  if (out == kNone) {
    out = static_cast<std::uint32_t>(tables_.size());
    tables_.push_back(std::move(made));
    like_.emplace(hash, out);
  }
  table_of_key_.push_back(out);
  return out;
}

LaneRows::Row LaneRows::row(UInt128 context) {
  const StateNumber r = contexts_.intern(State{context});
  if (r < rows_.size()) return r;
  const std::uint32_t t = table_for(context);
  rows_.push_back({context, numbers_.size(), t, kNone, 0});
  numbers_.resize(numbers_.size() + tables_[t].size(), kNoState);
  return r;
}

void LaneRows::settle(Row r, std::size_t place, StateNumber s) {
  leads(r);
  if (std::size_t{s} * stride_ >= homes_->size()) homes_->resize(states_->size() * stride_);
  (*homes_)[s * stride_ + slot_] = {
      r, outlooks_[rows_[r].outlook].first_view + static_cast<std::uint32_t>(place)};
  numbers_[rows_[r].first + place] = s;
}

LaneRows::Home LaneRows::find_home(StateNumber s) {
  if (!ready_) prepare();
  const UInt128 bits = (*states_)[s].bits;
  const Row r = row(bits & ~free_);
  settle(r, tables_[rows_[r].table].place_of[setting_of(bits)], s);
  return (*homes_)[s * stride_ + slot_];
}

StateNumber LaneRows::number(Row r, std::size_t place) {
  const StateNumber known = numbers_[rows_[r].first + place];
  if (known != kNoState) return known;
  const StateNumber s = states_->intern(state(r, place));
  settle(r, place, s);
  return s;
}

std::uint32_t LaneRows::pair_of(std::uint32_t from, std::uint32_t to) {
  const auto next = static_cast<std::uint32_t>(pairs_.size());
  const auto [it, made] = pair_at_.try_emplace((std::uint64_t{from} << 32) | to, next);
  if (made) pairs_.push_back({from, to});
  return it->second;
}

std::span<const LaneRows::Lead> LaneRows::leads(Row r) {
  if (rows_[r].leads == kNone) {
    UInt128 standing[kMostLeavable];
    std::size_t n = 0;
    const UInt128 context = rows_[r].context;
    for (const UInt128 mask : leavable_)
      if ((context & mask) != 0) standing[n++] = mask;
    std::vector<Lead> found;
    for (std::uint32_t set = 0; set < (std::uint32_t{1} << n); ++set) {
      UInt128 left = context;
      for (std::size_t i = 0; i < n; ++i)
        if (((set >> i) & 1u) != 0) left &= ~standing[i];
      const Row to = row(left);
      if (tables_[rows_[to].table].targets > 0)
        found.push_back({to, pair_of(rows_[r].table, rows_[to].table)});
    }
    rows_[r].leads = static_cast<std::uint32_t>(leads_.size());
    rows_[r].lead_count = static_cast<std::uint32_t>(found.size());
    leads_.insert(leads_.end(), found.begin(), found.end());
    std::vector<std::uint32_t> key{rows_[r].table};
    for (const Lead& lead : found) key.push_back(lead.pair);
    const auto next = static_cast<std::uint32_t>(outlooks_.size());
    const auto [it, made] = outlook_at_.try_emplace(key, next);
    if (made) {
      key.erase(key.begin());
      const auto first = static_cast<std::uint32_t>(outlook_of_.size());
      outlooks_.push_back({rows_[r].table, std::move(key), first});
      outlook_of_.resize(first + tables_[rows_[r].table].size(), next);
    }
    rows_[r].outlook = it->second;
  }
  return std::span(leads_).subspan(rows_[r].leads, rows_[r].lead_count);
}

}  // namespace wayout
