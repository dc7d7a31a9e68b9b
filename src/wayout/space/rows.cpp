#include "wayout/space/rows.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "wayout/space/moves.hpp"

namespace wayout {

RowBook::RowBook(const Conflict& conflict, MoverId mover)
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
  for (const Digit& d : info_->digits) {
    if (d.change != Change::Any) {
      one_way_.push_back(d);
      if (d.change == Change::Leave) leave_mask_ |= conflict.option(d.option).mask();
    }
  }
  dims_ = orders_ + one_way_.size() + 2 * info_->forbids.size() + (info_->link ? 1 : 0);
  may_be_plain_ = orders_ == 1 && !none_worse_ && info_->forbids.empty() && !info_->link;
}

void RowBook::add_row(const StateTable& table, std::vector<StateNumber>& states, State home) {
  const std::size_t n = states.size();
  std::vector<std::int32_t> coords(n * dims_);
  std::vector<std::uint32_t> order(n);
  std::vector<Score> scores(n);
  for (std::size_t k = 0; k < orders_; ++k) {
    for (std::size_t i = 0; i < n; ++i) scores[i] = scores_[k](table[states[i]]);
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return scores[a] < scores[b]; });
    std::int32_t place = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (i > 0 && scores[order[i - 1]] < scores[order[i]]) ++place;
      coords[order[i] * dims_ + k] = place;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const State s = table[states[i]];
    std::int32_t* c = coords.data() + i * dims_ + orders_;
    for (const Digit& d : one_way_) *c++ = conflict_->level(s, d.option);
    for (const Forbid& f : info_->forbids) {
      *c++ = conflict_->holds(f.from, s) ? 1 : 0;
      *c++ = conflict_->holds(f.to, s) ? 1 : 0;
    }
    if (info_->link) *c++ = conflict_->holds(*info_->link, s) ? 1 : 0;
  }
  // A sorted list where only the one order tells the states apart.
  bool plain = may_be_plain_;
  for (std::size_t d = orders_; d < dims_ && plain; ++d)
    for (std::size_t i = 1; i < n && plain; ++i) plain = coords[i * dims_ + d] == coords[d];
  const Row row{entries_.size(), static_cast<std::uint32_t>(n), plain};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t from = plain ? order[i] : i;
    entries_.push_back(states[from]);
    coords_.insert(coords_.end(), coords.begin() + static_cast<std::ptrdiff_t>(from * dims_),
                   coords.begin() + static_cast<std::ptrdiff_t>((from + 1) * dims_));
  }
  if (home_.size() < table.size()) home_.resize(std::max(table.size(), 2 * home_.size()));
  for (std::uint32_t i = 0; i < n; ++i) {
    const StateNumber s = entries_[row.begin + i];
    if (((table[s].bits ^ home.bits) & leave_mask_) != 0 && home_only_) continue;
    home_[s] = {static_cast<std::uint32_t>(rows_.size()), i};
  }
  rows_.push_back(row);
}

std::uint32_t RowBook::row_of(StateTable& table, StateNumber s) {
  if (s < home_.size() && home_[s].row != kNoRow) return home_[s].row;
  std::uint64_t raw = 1;
  for (const Digit& d : info_->digits) {
    if (d.change != Change::Leave) {
      raw *= conflict_->option(d.option).levels.size();
    } else if (conflict_->level(table[s], d.option) > 0) {
      raw *= 2;
    }
    if (raw > kWidest) return kNoRow;
  }
  // The combinations of the mover's options, as patches of bits: agreements as they stand or left.
  struct Wheel {
    int shift;
    UInt128 mask;
    int levels;
    int standing;  ///< -1, or the only level besides the first
    int at;
  };
  std::vector<Wheel> wheels;
  const State home = table[s];
  State t = home;
  for (const Digit& d : info_->digits) {
    const OptionInfo& o = conflict_->option(d.option);
    const int level = conflict_->level(home, d.option);
    t.bits &= ~o.mask();
    if (d.change != Change::Leave) {
      wheels.push_back({o.shift, o.mask(), static_cast<int>(o.levels.size()), -1, 0});
    } else if (level > 0) {
      wheels.push_back({o.shift, o.mask(), 2, level, 0});
    }
  }
  std::vector<StateNumber> states;
  while (true) {
    if (rules_.feasible(t)) states.push_back(table.intern(t));
    std::size_t i = 0;
    for (; i < wheels.size(); ++i) {
      Wheel& w = wheels[i];
      w.at = w.at + 1 < w.levels ? w.at + 1 : 0;
      const int level = w.standing >= 0 && w.at > 0 ? w.standing : w.at;
      t.bits = (t.bits & ~w.mask) | (UInt128(static_cast<unsigned>(level)) << w.shift);
      if (w.at > 0) break;
    }
    if (i == wheels.size()) break;
  }
  home_only_ = true;
  add_row(table, states, home);
  return home_[s].row;
}

void RowBook::build_all(const StateTable& table) {
  if (info_->digits.empty()) {
    mute_ = true;
    return;
  }
  const std::size_t n = table.size();
  home_only_ = false;
  home_.assign(n, Home{});
  entries_.reserve(n);
  coords_.reserve(n * dims_);
  // States of one row share everything outside the mover's options: group by that key.
  StateTable keys;
  std::vector<std::uint32_t> group(n);
  std::vector<std::uint32_t> begin(1, 0);
  for (StateNumber s = 0; s < n; ++s) {
    group[s] = keys.intern(State{table[s].bits & ~info_->digit_mask});
    if (keys.size() + 1 > begin.size()) begin.push_back(0);
    ++begin[group[s] + 1];
  }
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<StateNumber> sorted(n);
  {
    std::vector<std::uint32_t> at(begin.begin(), begin.end() - 1);
    for (StateNumber s = 0; s < n; ++s) sorted[at[group[s]]++] = s;
  }
  std::vector<StateNumber> states;
  for (std::size_t g = 0; g + 1 < begin.size(); ++g) {
    states.assign(sorted.begin() + begin[g], sorted.begin() + begin[g + 1]);
    add_row(table, states, State{});
  }
  if (info_->link) {
    mute_ = true;
    for (std::size_t i = dims_ - 1; i < coords_.size() && mute_; i += dims_)
      mute_ = coords_[i] == 0;
  }
  // Built now, so that sweeps of several threads only read.
  for (std::uint32_t r = 0; r < rows_.size() && !mute_; ++r)
    if (rows_[r].size > kSmallRow && !rows_[r].plain) tree(r);
}

const BoxTree& RowBook::tree(std::uint32_t r) {
  const std::uint32_t known = tree_of_.find(r);
  if (known != FlatMap::kNone) return *trees_[known];
  tree_of_.insert(r, static_cast<std::uint32_t>(trees_.size()));
  trees_.push_back(std::make_unique<BoxTree>(coords(r), dims_));
  return *trees_.back();
}

bool RowBook::bounds(std::uint32_t r, std::uint32_t place, Ask ask, std::vector<Bound>& out) const {
  const bool forward = ask != Ask::MovedFrom && ask != Ask::ImprovedFrom;
  const bool wanted = ask == Ask::Improvements || ask == Ask::ImprovedFrom;
  const bool ordered = wanted || ask == Ask::NotWorse;
  if (wanted && never_wants_) return false;
  const std::int32_t* here = coords(r).data() + place * dims_;
  out.assign(dims_, Bound{});
  const std::int32_t step = none_worse_ || ask == Ask::NotWorse ? 0 : 1;
  std::size_t d = 0;
  for (; d < orders_; ++d) {
    if (!ordered) continue;
    if (forward) {
      out[d].low = here[d] + step;
    } else {
      out[d].high = here[d] - step;
    }
  }
  for (const Digit& digit : one_way_) {
    const std::int32_t level = here[d];
    Bound& b = out[d++];
    switch (digit.change) {
      case Change::Any:
        break;
      case Change::Up:
        (forward ? b.low : b.high) = level;
        break;
      case Change::Down:
        (forward ? b.high : b.low) = level;
        break;
      case Change::Leave:
        // To the first level from anywhere; to any other level only by staying there.
        if (forward) {
          b = {level, level, true};
        } else if (level != 0) {
          b = {level, level, false};
        }
        break;
    }
  }
  for (std::size_t f = 0; f < info_->forbids.size(); ++f, d += 2) {
    if (forward && here[d] == 1) out[d + 1].high = 0;   // from holds here: to must not hold there
    if (!forward && here[d + 1] == 1) out[d].high = 0;  // to holds here: from must not hold there
  }
  if (info_->link) {
    if (forward) {
      out[d].low = 1;
    } else if (here[d] == 0) {
      return false;
    }
  }
  return true;
}

RowSpace::RowSpace(const Conflict& conflict) : conflict_(&conflict) {
  std::size_t bytes = 48;  // a state in the table, and what a search marks about it
  for (const MoverId m : conflict.movers()) {
    books_.emplace_back(conflict, m);
    keyed_.emplace_back(conflict, m);
    if (!conflict.mover(m).digits.empty()) bytes += 24 + 8 * books_.back().dims();
  }
  capacity_ = (std::size_t{8} << 30) / bytes;
  if (conflict.graph_form())
    for (std::size_t i = 0; i < conflict.graph_size(); ++i) table_.intern(conflict.graph_state(i));
}

RowSpace::RowSpace(const Conflict& conflict, std::span<const State> states, const Watch& watch)
    : RowSpace(conflict) {
  if (conflict.graph_form()) return;
  for (const State s : states) table_.intern(s);
  for (std::size_t m = 0; m < books_.size(); ++m) {
    watch.tell("grouping states into rows", m, books_.size());
    if (watch.cancelled() || watch.out_of_time()) return;
    books_[m].build_all(table_);
  }
  filled_ = true;
}

bool RowSpace::for_each(MoverId m, StateNumber s, Ask ask,
                        const std::function<bool(StateNumber)>& visit) {
  const bool wanted = ask == Ask::Improvements || ask == Ask::ImprovedFrom;
  if (conflict_->graph_form()) {
    if (conflict_->mover(m).track) return true;
    const PartyId p(m.index());
    const State here = table_[s];
    const bool forward = ask != Ask::MovedFrom && ask != Ask::ImprovedFrom;
    for (const std::uint32_t t :
         forward ? conflict_->arcs(p, here) : conflict_->arcs_back(p, here)) {
      const State there = conflict_->graph_state(t);
      if (wanted && !conflict_->better(p, forward ? there : here, forward ? here : there)) continue;
      if (ask == Ask::NotWorse && conflict_->better(p, here, there)) continue;
      if (!visit(t)) return true;
    }
    return true;
  }
  contract(filled_ || (ask != Ask::MovedFrom && ask != Ask::ImprovedFrom),
           "asking backwards needs a filled space");
  if (!filled_ && keyed_[m.index()].usable())
    return keyed_[m.index()].visit(table_[s], ask, nullptr,
                                   [&](State t) { return visit(table_.intern(t)); });
  RowBook& book = books_[m.index()];
  if (conflict_->mover(m).digits.empty() || (wanted && book.never_wants())) return true;
  const std::uint32_t r = book.row_of(table_, s);
  if (r == RowBook::kNoRow) return false;
  const std::uint32_t place = book.place_of(s);
  std::vector<Bound> bounds;
  if (!book.bounds(r, place, ask, bounds)) return true;
  const std::size_t dims = book.dims();
  for (std::uint32_t i = book.row(r).size; i-- > 0;) {
    if (i == place) continue;
    const std::int32_t* c = book.coords(r).data() + i * dims;
    const std::int32_t* here = book.coords(r).data() + place * dims;
    bool inside = true;
    for (std::size_t d = 0; d < dims && inside; ++d) inside = bounds[d].meets(c[d]);
    if (!inside) continue;
    if (wanted && book.needs_strict() && std::equal(c, c + book.orders(), here)) continue;
    if (!visit(book.entries(r)[i])) return true;
  }
  return true;
}

bool RowSpace::fill(std::size_t most, std::uint64_t budget, const Watch& watch) {
  if (filled_) return true;
  if (!conflict_->graph_form()) {
    contract(table_.size() == 0, "fill() needs an empty table");
    bool fits = true;
    const bool finished = for_each_feasible(*conflict_, budget, [&](State s) {
      if (table_.size() >= most) return fits = false;
      table_.intern(s);
      if ((table_.size() & 0xFFFFu) == 0) {
        watch.tell("listing feasible states", table_.size(), 0);
        if (watch.cancelled() || watch.out_of_time()) return fits = false;
      }
      return true;
    });
    if (!finished || !fits) return false;
    for (std::size_t m = 0; m < books_.size(); ++m) {
      watch.tell("grouping states into rows", m, books_.size());
      if (watch.cancelled() || watch.out_of_time()) return false;
      books_[m].build_all(table_);
    }
  }
  filled_ = true;
  return true;
}

Sweep::Sweep(RowSpace& space, Ask ask) : space_(&space), ask_(ask) {
  contract(space.filled() || space.conflict().graph_form() ||
               (ask != Ask::MovedFrom && ask != Ask::ImprovedFrom),
           "asking backwards needs a filled space");
  const std::size_t movers = space.conflict().mover_count();
  if (space.conflict().graph_form()) {
    taken_.assign(movers, std::vector<bool>(space.table().size(), false));
  } else if (space.filled()) {
    dense_.resize(movers);
  } else {
    cursor_of_.resize(movers);
    keyed_.resize(movers);
  }
}

std::uint64_t Sweep::fresh(const RowBook::Row& row) const {
  if (row.plain) return ask_ == Ask::Improvements || ask_ == Ask::NotWorse ? row.size : 0;
  if (row.size > RowBook::kSmallRow) return 0;
  return row.size == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << row.size) - 1;
}

std::uint64_t& Sweep::cursor(MoverId m, std::uint32_t row) {
  const RowBook& book = space_->book(m);
  if (!dense_.empty()) {
    auto& words = dense_[m.index()];
    if (words.empty()) {
      words.resize(book.row_count());
      for (std::uint32_t r = 0; r < words.size(); ++r) words[r] = fresh(book.row(r));
    }
    return words[row];
  }
  std::uint32_t at = cursor_of_[m.index()].find(row);
  if (at == FlatMap::kNone) {
    at = static_cast<std::uint32_t>(cursors_.size());
    cursor_of_[m.index()].insert(row, at);
    cursors_.push_back(fresh(book.row(row)));
  }
  return cursors_[at];
}

bool Sweep::take(MoverId m, StateNumber s, const std::function<void(StateNumber)>& visit) {
  return take_while(m, s, [&visit](StateNumber t) {
    visit(t);
    return true;
  });
}

StateNumber Sweep::take_one(MoverId m, StateNumber s) {
  contract(ask_ == Ask::Improvements || ask_ == Ask::ImprovedFrom,
           "take_one() asks for improvements");
  StateNumber out = kNoState;
  take_while(m, s, [&out](StateNumber t) {
    out = t;
    return false;
  });
  return out;
}

bool Sweep::take_while(MoverId m, StateNumber s, const Visit& visit) {
  if (space_->conflict().graph_form()) {
    take_arcs(m, s, visit);
    return true;
  }
  if (!space_->filled() && space_->keyed_[m.index()].usable())
    return space_->keyed_[m.index()].visit(
        space_->table_[s], ask_, &keyed_[m.index()],
        [&](State t) { return visit(space_->table_.intern(t)); });
  RowBook& book = space_->book(m);
  const bool wanted = ask_ == Ask::Improvements || ask_ == Ask::ImprovedFrom;
  if (book.mute() || (wanted && book.never_wants())) return true;
  if (!space_->filled() && space_->conflict().mover(m).digits.empty()) return true;
  const std::uint32_t r = space_->filled() ? book.known_row(s) : book.row_of(space_->table(), s);
  if (r == RowBook::kNoRow) return false;
  const RowBook::Row& row = book.row(r);
  const std::uint32_t size = row.size;
  if (size < 2) return true;
  std::uint64_t& word = cursor(m, r);
  const std::uint32_t place = book.place_of(s);
  if (row.plain) {
    take_plain(book, r, place, word, visit);
    return true;
  }
  if (size > RowBook::kSmallRow && word == 0) {
    marks_.push_back(std::make_unique<BoxTreeMarks>(book.tree(r)));
    word = marks_.size();
  } else if (word == 0) {
    return true;
  }
  if (!book.bounds(r, place, ask_, bounds_)) return true;
  const auto entries = book.entries(r);
  const auto coords = book.coords(r);
  const std::size_t dims = book.dims();
  const bool strict = wanted && book.needs_strict();
  const auto same_orders = [&](std::uint32_t i) {
    for (std::size_t k = 0; k < book.orders(); ++k)
      if (coords[i * dims + k] != coords[place * dims + k]) return false;
    return true;
  };
  bool stop = false;
  const auto offer = [&](std::uint32_t i) {
    if (stop || i == place || (strict && same_orders(i))) return false;
    stop = !visit(entries[i]);
    return true;
  };
  if (size > RowBook::kSmallRow) {
    marks_[word - 1]->take(book.tree(r), coords, bounds_, offer, stop);
    return true;
  }
  std::uint64_t left = word;
  std::uint64_t gone = 0;
  while (left != 0 && !stop) {
    const auto i = static_cast<std::uint32_t>(std::countr_zero(left));
    left &= left - 1;
    bool inside = true;
    for (std::size_t d = 0; d < dims && inside; ++d)
      inside = bounds_[d].meets(coords[i * dims + d]);
    if (inside && offer(i)) gone |= std::uint64_t{1} << i;
  }
  word &= ~gone;
  return true;
}

void Sweep::take_plain(const RowBook& book, std::uint32_t r, std::uint32_t place,
                       std::uint64_t& word, const Visit& visit) {
  const auto entries = book.entries(r);
  const auto coords = book.coords(r);
  const std::size_t dims = book.dims();
  if (ask_ == Ask::Moves || ask_ == Ask::MovedFrom) {
    // word: 0 while nobody has asked; then 1, or 2 + the place of the one state not handed out yet,
    // which is the one that asked first.
    if (word == 0) {
      for (std::uint32_t i = 0; i < entries.size(); ++i)
        if (i != place) visit(entries[i]);
      word = 2 + place;
    } else if (word >= 2 && word - 2 != place) {
      visit(entries[word - 2]);
      word = 1;
    }
    return;
  }
  if (ask_ == Ask::Improvements || ask_ == Ask::NotWorse) {
    // word: from here up everything was handed out.
    const std::int32_t floor =
        ask_ == Ask::Improvements ? coords[place * dims] + 1 : coords[place * dims];
    while (word > 0 && coords[(word - 1) * dims] >= floor) {
      --word;
      if (word != place && !visit(entries[word])) return;
    }
    return;
  }
  while (word < entries.size() && coords[word * dims] < coords[place * dims])
    if (!visit(entries[word++])) return;
}

void Sweep::take_arcs(MoverId m, StateNumber s, const Visit& visit) {
  const Conflict& conflict = space_->conflict();
  if (conflict.mover(m).track) return;
  const PartyId p(m.index());
  const State here = space_->table()[s];
  const bool forward = ask_ != Ask::MovedFrom && ask_ != Ask::ImprovedFrom;
  const bool wanted = ask_ == Ask::Improvements || ask_ == Ask::ImprovedFrom;
  auto& taken = taken_[m.index()];
  for (const std::uint32_t t : forward ? conflict.arcs(p, here) : conflict.arcs_back(p, here)) {
    if (taken[t]) continue;
    const State there = conflict.graph_state(t);
    if (wanted && !conflict.better(p, forward ? there : here, forward ? here : there)) continue;
    if (ask_ == Ask::NotWorse && conflict.better(p, here, there)) continue;
    taken[t] = true;
    if (!visit(t)) return;
  }
}

}  // namespace wayout
