#include "wayout/trust/lane_mover.hpp"

#include "wayout/trust/lane_dispute.hpp"

namespace wayout {
namespace {

/// Calls visit(k) for every bit of some words.
template <class F>
void each_bit(const std::uint64_t* words, std::size_t n, const F& visit) {
  for (std::size_t w = 0; w < n; ++w)
    for (std::uint64_t left = words[w]; left != 0; left &= left - 1)
      visit(64 * w + static_cast<std::size_t>(std::countr_zero(left)));
}

}  // namespace

LaneMask above(const LaneScore& a, const LaneScore& b) {
  const LaneKernels& k = lane_kernels();
  LaneMask higher = 0;
  LaneMask level = 0;
  LaneMask tail = 0;
  k.above(&a.head, b.head, &higher, 1);
  k.same(&a.head, b.head, &level, 1);
  k.above(&a.tail, b.tail, &tail, 1);
  return higher | (level & tail);
}

void blend(LaneScore& to, const LaneScore& from, LaneMask lanes) {
  const LaneKernels& k = lane_kernels();
  k.blend(to.head, from.head, lanes);
  k.blend(to.tail, from.tail, lanes);
}

LaneMover::LaneMover(const LaneDispute& dispute, LaneSpace& space, MoverId m)
    : dispute_(&dispute), space_(&space), rows_(&space.rows(m)) {}

void LaneMover::prepare() {
  const LaneKernels& kernels = lane_kernels();
  const std::size_t n = rows_->settings().size();
  for (const LaneRows::Order& order : rows_->orders()) {
    const auto& statements = space_->book().statements(order.party);
    weights_.emplace_back();
    for (std::size_t k = 0; k < statements.size(); ++k)
      weights_.back().push_back(dispute_->weight(order.party, k));
    const std::size_t words = LaneRows::Order::words(order.within);
    for (std::size_t i = 0; i < n; ++i) {
      LaneScore& score = within_.emplace_back();
      each_bit(order.at.data() + i * words, words, [&](std::size_t k) {
        const std::uint32_t s = order.within[k];
        if (const Lanes* w = weights_.back()[s])
          kernels.add(statements[s].vital ? score.head : score.tail, *w);
      });
    }
  }
}

void LaneMover::fill(Scores& scores, const LaneRows::Table& table) const {
  const LaneKernels& kernels = lane_kernels();
  const std::size_t n = table.size();
  scores.tail.resize(n * rows_->orders().size());
  if (rows_->vital()) scores.head.resize(scores.tail.size());
  const std::uint64_t* bits = table.across.data();
  for (std::size_t k = 0; k < rows_->orders().size(); ++k) {
    const LaneRows::Order& order = rows_->orders()[k];
    const auto& statements = space_->book().statements(order.party);
    const std::size_t words = LaneRows::Order::words(order.across);
    for (std::size_t i = 0; i < n; ++i, bits += words) {
      const LaneScore& own = within_[k * rows_->settings().size() + table.settings[i]];
      const std::size_t at = k * n + i;
      scores.tail[at] = own.tail;
      if (rows_->vital()) scores.head[at] = own.head;
      each_bit(bits, words, [&](std::size_t a) {
        const std::uint32_t s = order.across[a];
        if (const Lanes* w = weights_[k][s])
          kernels.add(statements[s].vital ? scores.head[at] : scores.tail[at], *w);
      });
    }
  }
}

const LaneMover::Scores& LaneMover::scores(std::uint32_t table) {
  if (table >= scores_.size()) scores_.resize(rows_->table_count());
  if (!scores_[table]) {
    if (within_.empty()) prepare();
    scores_[table] = std::make_unique<Scores>();
    fill(*scores_[table], rows_->table(table));
    kept_ += scores_[table]->tail.size() + scores_[table]->head.size();
  }
  return *scores_[table];
}

void LaneMover::make_room() {
  if (kept_ > kMostScores) {
    scores_.clear();
    kept_ = 0;
  }
  if (gains_.size() > kMostGains) {
    gains_.clear();
    gains_of_.clear();
  }
}

bool LaneMover::narrow(std::uint32_t pair) const {
  const LaneRows::Pair& p = rows_->pair(pair);
  return rows_->table(p.from).size() * rows_->table(p.to).targets <= kNarrow;
}

LaneMask LaneMover::wanted(const Scores& from, std::size_t from_place, std::size_t from_size,
                           const Scores& to, std::size_t to_place, std::size_t to_size,
                           LaneMask lanes) const {
  const LaneKernels& kernels = lane_kernels();
  const bool none_worse = rows_->none_worse();
  LaneMask strict = 0;
  for (std::size_t k = 0; k < rows_->orders().size() && lanes != 0; ++k) {
    const std::size_t a = k * from_size + from_place;
    const std::size_t b = k * to_size + to_place;
    LaneMask more = 0;
    LaneMask equal = 0;
    kernels.above(&to.tail[b], from.tail[a], &more, 1);
    if (none_worse) kernels.same(&to.tail[b], from.tail[a], &equal, 1);
    if (!to.head.empty()) {
      LaneMask higher = 0;
      LaneMask level = 0;
      kernels.above(&to.head[b], from.head[a], &higher, 1);
      kernels.same(&to.head[b], from.head[a], &level, 1);
      more = higher | (level & more);
      equal &= level;
    }
    strict |= more;
    lanes &= more | equal;
  }
  return none_worse ? lanes & strict : lanes;
}

const LaneMask* LaneMover::wants(std::uint32_t pair, std::size_t place) {
  if (pair >= gains_of_.size()) gains_of_.resize(rows_->pair_count());
  const LaneRows::Pair& p = rows_->pair(pair);
  auto& first = gains_of_[pair].first;
  const LaneRows::Table& from = rows_->table(p.from);
  if (first.empty()) first.resize(from.size(), 0);
  if (first[place] == 0) {
    const LaneRows::Table& to = rows_->table(p.to);
    const LaneRows::Group& here = from.groups[from.group_of[place]];
    const std::size_t at = gains_.size();
    gains_.resize(at + to.targets, 0);
    first[place] = static_cast<std::uint32_t>(at) + 1;
    const Scores& from_scores = scores(p.from);
    const Scores& to_scores = scores(p.to);
    for (const LaneRows::Group& g : to.groups) {
      if (!rows_->may_go(here, g)) continue;
      for (std::uint32_t j = g.begin; j < g.end; ++j)
        gains_[at + j] =
            wanted(from_scores, place, from.size(), to_scores, j, to.size(), ~LaneMask{0});
    }
  }
  return gains_.data() + first[place] - 1;
}

LaneMask LaneMover::find_restless(std::uint32_t view) {
  if (view >= restless_.size()) {
    restless_.resize(rows_->view_count(), 0);
    told_.resize(restless_.size(), 0);
  }
  const LaneRows::Outlook& outlook = rows_->outlook_of_view(view);
  const std::size_t place = view - outlook.first_view;
  LaneMask out = 0;
  for (const std::uint32_t pair : outlook.pairs) {
    if (!narrow(pair)) {
      out = ~LaneMask{0};
      break;
    }
    const LaneMask* gains = wants(pair, place);
    for (std::size_t j = 0; j < rows_->table(rows_->pair(pair).to).targets; ++j) out |= gains[j];
  }
  told_[view] = 1;
  return restless_[view] = out;
}

template <class F>
void LaneMover::each_gain(StateNumber s, LaneMask lanes, const F& visit) {
  if (silent() || lanes == 0) return;
  make_room();
  const LaneRows::Home home = rows_->home(s);
  const std::uint32_t own = rows_->table_of(home.row);
  const LaneRows::Place place = rows_->place(home);
  for (std::size_t i = 0; i < rows_->leads(home.row).size(); ++i) {
    const LaneRows::Lead lead = rows_->leads(home.row)[i];
    const LaneRows::Table& to = rows_->table(rows_->pair(lead.pair).to);
    if (narrow(lead.pair)) {
      const LaneMask* gains = wants(lead.pair, place);
      for (std::size_t j = 0; j < to.targets; ++j)
        if ((gains[j] & lanes) != 0 && !visit(lead.row, j, gains[j] & lanes)) return;
      continue;
    }
    const LaneRows::Table& from = rows_->table(own);
    const Scores& from_scores = scores(own);
    const Scores& to_scores = scores(rows_->pair(lead.pair).to);
    for (const LaneRows::Group& g : to.groups) {
      if (!rows_->may_go(from.groups[from.group_of[place]], g)) continue;
      for (std::uint32_t j = g.begin; j < g.end; ++j) {
        const LaneMask hit =
            wanted(from_scores, place, from.size(), to_scores, j, to.size(), lanes);
        if (hit != 0 && !visit(lead.row, j, hit)) return;
      }
    }
  }
}

void LaneMover::improvements(State s, LaneMask lanes, const Visit& visit) {
  if (silent() || lanes == 0) return;
  each_gain(space_->number(s), lanes, [&](LaneRows::Row row, std::size_t place, LaneMask hit) {
    return visit(rows_->state(row, place), hit);
  });
}

void LaneMover::improvements(StateNumber s, LaneMask lanes,
                             const std::function<bool(StateNumber, LaneMask)>& visit) {
  each_gain(s, lanes, [&](LaneRows::Row row, std::size_t place, LaneMask hit) {
    return visit(rows_->known(row, place), hit);
  });
}

LaneMask LaneMover::gain(State s, UInt128 setting, LaneMask lanes) {
  if (silent() || lanes == 0) return 0;
  make_room();
  const LaneRows::Home home = rows_->home(space_->number(s));
  const std::uint32_t t = rows_->table_of(home.row);
  const LaneRows::Table& table = rows_->table(t);
  const LaneRows::Place place = rows_->place(home);
  const LaneRows::Place to = rows_->place(table, setting);
  if (to == LaneRows::kNowhere ||
      !rows_->may_go(table.groups[table.group_of[place]], table.groups[table.group_of[to]]))
    return 0;
  const Scores& worth = scores(t);
  return wanted(worth, place, table.size(), worth, to, table.size(), lanes);
}

void LaneMover::moves(State s, const std::function<bool(State)>& visit) {
  if (rows_->mute()) return;
  const LaneRows::Home home = rows_->home(space_->number(s));
  const LaneRows::Table& from = rows_->table(rows_->table_of(home.row));
  const LaneRows::Place place = rows_->place(home);
  for (std::size_t i = 0; i < rows_->leads(home.row).size(); ++i) {
    const LaneRows::Lead lead = rows_->leads(home.row)[i];
    const LaneRows::Table& to = rows_->table(rows_->pair(lead.pair).to);
    for (const LaneRows::Group& g : to.groups) {
      if (!rows_->may_go(from.groups[from.group_of[place]], g)) continue;
      for (std::uint32_t j = g.begin; j < g.end; ++j) {
        const State t = rows_->state(lead.row, j);
        if (t != s && !visit(t)) return;
      }
    }
  }
}

}  // namespace wayout
