#include "wayout/stability/row_tables.hpp"

#include <algorithm>

namespace wayout {
namespace {

/// Scores kept over all tables of one mover: about 64 MiB.
constexpr std::size_t kMostKept = std::size_t{1} << 22;

std::size_t slot_of(const Pattern& p, std::size_t mask) {
  return static_cast<std::size_t>(hash_bits(p.open) + 3 * hash_bits(p.raw)) & mask;
}

}  // namespace

void RowTables::add_wheels(const Conflict& conflict, const std::vector<Digit>& digits,
                           UInt128 keep) {
  std::size_t stride = 1;
  for (const Digit& d : digits) {
    const OptionInfo& o = conflict.option(d.option);
    if ((o.mask() & keep) == 0 || !o.enabled) continue;
    wheels_.push_back({o.shift, o.field(), stride, o.levels.size(), d.change});
    stride *= o.levels.size();
    own_ |= o.mask();
    if (d.change != Change::Any) one_way_ = true;
    if (stride > kMostSettings) return;
  }
  settings_.reserve(stride);
  for (std::size_t i = 0; i < stride; ++i) {
    UInt128 bits = 0;
    for (const Wheel& w : wheels_) bits |= UInt128{i / w.stride % w.levels} << w.shift;
    settings_.push_back(bits);
  }
}

std::size_t RowTables::add_part(const Clause& c) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Clause& w = parts_[i].whole;
    if (w.mask == c.mask && w.value == c.value && w.expr == c.expr) return i;
  }
  Part part;
  part.whole = c;
  support_ |= c.mask;
  if (!c.expr) {
    const Clause outer{c.mask & ~own_, c.value & ~own_, {}};
    std::size_t at = 0;
    while (at < outer_.size() && (outer_[at].mask != outer.mask || outer_[at].value != outer.value))
      ++at;
    if (at == outer_.size() && at < kMostClauses) outer_.push_back(outer);
    if (at < outer_.size()) part.literal = static_cast<int>(at);
    for (std::size_t i = 0; i < settings_.size(); ++i)
      if ((settings_[i] & c.mask) == (c.value & own_))
        part.settings.push_back(static_cast<std::uint16_t>(i));
  }
  if (part.literal < 0) raw_mask_ |= c.mask & ~own_;
  parts_.push_back(std::move(part));
  return parts_.size() - 1;
}

void RowTables::add_order(const SumScore& sum) {
  orders_.emplace_back();
  for (const SumScore::Term& t : sum.within(own_).terms)
    orders_.back().push_back({add_part(t.when), t.weight});
}

void RowTables::finish() {
  outside_ = support_ & ~own_;
  plain_ = wanted_ && orders_.size() == 1 && !one_way_ && !none_worse_;
}

std::optional<RowTables> RowTables::moves(const Conflict& conflict, MoverId m, UInt128 keep,
                                          bool wanted) {
  const MoverInfo& info = conflict.mover(m);
  if (conflict.graph_form() || !info.forbids.empty()) return std::nullopt;
  RowTables out;
  out.pool_ = &conflict.pool();
  out.moves_ = true;
  out.wanted_ = wanted;
  out.none_worse_ = info.track && info.consent == Consent::NoneWorse;
  out.add_wheels(conflict, info.digits, keep);
  if (out.settings_.empty()) return std::nullopt;
  bool someone_indifferent = false;
  for (const PartyId p : conflict.parties()) {
    if (!wanted || !contains(info.members, p)) continue;
    const auto sums = sum_scores(conflict, p);
    if (!sums) return std::nullopt;
    someone_indifferent = someone_indifferent || sums->empty();
    for (const SumScore& sum : *sums) out.add_order(sum);
  }
  out.never_wants_ = wanted && (out.orders_.empty() || (someone_indifferent && !out.none_worse_));
  for (const auto& [never, rule] : conflict.nevers()) {
    if ((conflict.pool().support(never) & out.own_) == 0) continue;
    const SignedClause c = clause_of(conflict.pool(), never);
    (c.negated ? out.never_nots_ : out.nevers_).push_back(out.add_part(c.clause));
  }
  if (info.link) {
    const SignedClause c = clause_of(conflict.pool(), *info.link);
    out.link_ = {out.add_part(c.clause), c.negated};
  }
  out.finish();
  return out;
}

RowTables RowTables::scores(const SumScore& sum) const {
  RowTables out;
  out.pool_ = pool_;
  out.wheels_ = wheels_;
  out.settings_ = settings_;
  out.own_ = own_;
  out.add_order(sum);
  out.finish();
  return out;
}

Pattern RowTables::pattern(UInt128 bits) const {
  Pattern p;
  p.raw = bits & raw_mask_;
  // Two words of 64, so that the loop stays in registers.
  std::uint64_t low = 0;
  const std::size_t n = outer_.size();
  for (std::size_t i = 0; i < n && i < 64; ++i)
    low |= std::uint64_t{(bits & outer_[i].mask) == outer_[i].value} << i;
  p.open = low;
  for (std::size_t i = 64; i < n; ++i)
    if ((bits & outer_[i].mask) == outer_[i].value) p.open |= UInt128{1} << i;
  return p;
}

bool RowTables::holds(const Part& part, const Pattern& p, std::size_t setting) const {
  if (part.literal >= 0)
    return ((p.open >> part.literal) & 1u) != 0 &&
           (settings_[setting] & part.whole.mask) == (part.whole.value & own_);
  return part.whole.holds(*pool_, p.raw | settings_[setting]);
}

const std::vector<std::uint8_t>& RowTables::where(std::size_t part, const Pattern& p) const {
  constexpr std::size_t kMostKept = 32;  // looked through one by one
  if (cache_.where.empty()) cache_.where.resize(parts_.size());
  auto& kept = cache_.where[part];
  const UInt128 key = p.raw & parts_[part].whole.mask;
  for (const auto& [bits, found] : kept)
    if (bits == key) return found;
  if (kept.size() == kMostKept) kept.clear();
  kept.emplace_back(key, std::vector<std::uint8_t>(settings_.size()));
  for (std::size_t i = 0; i < settings_.size(); ++i)
    kept.back().second[i] = holds(parts_[part], p, i) ? 1 : 0;
  return kept.back().second;
}

RowTables::Table RowTables::build(const Pattern& p) const {
  Table t;
  const std::size_t n = settings_.size();
  t.score.assign(n * orders_.size(), 0);
  for (std::size_t k = 0; k < orders_.size(); ++k) {
    Int128* score = t.score.data() + k * n;
    for (const Weight& w : orders_[k]) {
      const Part& part = parts_[w.part];
      if (part.literal >= 0) {
        if (((p.open >> part.literal) & 1u) == 0) continue;
        for (const std::uint16_t i : part.settings) score[i] += w.weight;
      } else {
        const std::vector<std::uint8_t>& found = where(w.part, p);
        for (std::size_t i = 0; i < n; ++i)
          if (found[i] != 0) score[i] += w.weight;
      }
    }
  }
  if (!moves_) {
    t.top = *std::max_element(t.score.begin(), t.score.end());
    return t;
  }
  t.meets.assign(n, 3);
  t.nash.assign(n, -1);
  const auto strike = [&](std::size_t part, bool held, std::uint8_t kept) {
    if (parts_[part].literal < 0) {
      const std::vector<std::uint8_t>& found = where(part, p);
      for (std::size_t i = 0; i < n; ++i)
        if ((found[i] != 0) == held) t.meets[i] &= kept;
      return;
    }
    for (std::size_t i = 0; i < n; ++i)
      if (holds(parts_[part], p, i) == held) t.meets[i] &= kept;
  };
  for (const std::size_t part : nevers_) strike(part, true, 0);
  for (const std::size_t part : never_nots_) strike(part, false, 0);
  if (link_) strike(link_->first, link_->second, 1);
  for (std::size_t i = 0; i < n; ++i) {
    if (t.meets[i] != 3) continue;
    if (!orders_.empty() && (!t.some || t.score[i] > t.top)) t.top = t.score[i];
    t.some = true;
  }
  return t;
}

const RowTables::Table& RowTables::table(const Pattern& p) const {
  Cache& c = cache_;
  if (2 * (c.tables.size() + 1) > c.slots.size()) {
    const std::vector<Slot> old = std::move(c.slots);
    c.slots.assign(old.empty() ? 16 : 2 * old.size(), Slot{});
    for (const Slot& s : old) {
      if (s.at == 0xFFFFFFFFu) continue;
      std::size_t i = slot_of(s.key, c.slots.size() - 1);
      while (c.slots[i].at != 0xFFFFFFFFu) i = (i + 1) & (c.slots.size() - 1);
      c.slots[i] = s;
    }
  }
  std::size_t i = slot_of(p, c.slots.size() - 1);
  for (; c.slots[i].at != 0xFFFFFFFFu; i = (i + 1) & (c.slots.size() - 1))
    if (c.slots[i].key == p) return c.tables[c.slots[i].at];
  if ((c.tables.size() + 1) * settings_.size() * std::max<std::size_t>(orders_.size(), 1) >
      kMostKept) {
    c.before = std::move(c.tables);
    c.tables.clear();
    std::fill(c.slots.begin(), c.slots.end(), Slot{});
    i = slot_of(p, c.slots.size() - 1);
  }
  c.slots[i] = {p, static_cast<std::uint32_t>(c.tables.size())};
  c.tables.push_back(build(p));
  return c.tables.back();
}

bool RowTables::goes(const Table& t, std::size_t a, std::size_t b) const {
  if (a == b || t.meets[b] != 3 || (wanted_ && never_wants_)) return false;
  if (one_way_) {
    for (const Wheel& w : wheels_) {
      if (w.change == Change::Any) continue;
      const std::size_t from = a / w.stride % w.levels;
      const std::size_t to = b / w.stride % w.levels;
      if (w.change == Change::Up && to < from) return false;
      if (w.change == Change::Down && to > from) return false;
      if (w.change == Change::Leave && to != from && to != 0) return false;
    }
  }
  if (!wanted_) return true;
  const std::size_t n = settings_.size();
  bool strict = false;
  for (std::size_t k = 0; k < orders_.size(); ++k) {
    const Int128 from = t.score[k * n + a];
    const Int128 to = t.score[k * n + b];
    if (to > from) {
      strict = true;
    } else if (to < from || !none_worse_) {
      return false;
    }
  }
  return strict;
}

bool RowTables::stuck(const Table& t, std::size_t a) const {
  if (plain_) return !t.some || never_wants_ || t.score[a] >= t.top;
  std::int8_t& known = t.nash[a];
  if (known < 0) {
    known = 1;
    for (std::size_t b = 0; b < settings_.size() && known == 1; ++b)
      if (goes(t, a, b)) known = 0;
  }
  return known == 1;
}

std::vector<RowTables::Weighed> RowTables::weighed() const {
  std::vector<Weighed> out;
  for (const Part& part : parts_) out.push_back({part.whole.mask, 0});
  for (const auto& order : orders_) {
    double most = 1;
    for (const Weight& w : order) {
      const auto size = static_cast<double>(w.weight < 0 ? -w.weight : w.weight);
      most = std::max(most, size);
    }
    for (const Weight& w : order) {
      const auto size = static_cast<double>(w.weight < 0 ? -w.weight : w.weight);
      out[w.part].weight = std::max(out[w.part].weight, size / most);
    }
  }
  // What makes a setting infeasible weighs as much as anything.
  for (const std::size_t i : nevers_) out[i].weight = 1;
  for (const std::size_t i : never_nots_) out[i].weight = 1;
  if (link_) out[link_->first].weight = 1;
  return out;
}

}  // namespace wayout
