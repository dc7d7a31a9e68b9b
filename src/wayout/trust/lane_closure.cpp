#include "wayout/trust/lane_closure.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <utility>

namespace wayout {
LaneClosure::LaneClosure(LaneDispute& dispute, LaneClosureSettings settings)
    : dispute_(&dispute), settings_(std::move(settings)), ground_(&dispute.ground()) {
  ++ground_->live;
  if (ground_->marks.empty()) {
    marks_ = std::make_unique<Marks>();
    marks_->rows.resize(dispute.conflict().mover_count());
  } else {
    marks_ = std::move(ground_->marks.back());
    ground_->marks.pop_back();
  }
  movers_.resize(dispute.conflict().mover_count(), nullptr);
  for (const MoverId m : settings_.movers) {
    LaneMover& mover = *ground_->movers[m.index()];
    if (settings_.improvements ? mover.silent() : mover.rows().mute()) continue;
    movers_[m.index()] = &mover;
    numbers_.push_back(static_cast<std::uint16_t>(m.index()));
  }
}

LaneClosure::~LaneClosure() {
  // As at first, for the next search.
  Marks& k = *marks_;
  const std::size_t width = movers_.size();
  for (const StateNumber n : k.order) {
    k.reached[n] = 0;
    k.nodes[n] = {};
    std::fill_n(k.done.begin() + static_cast<std::ptrdiff_t>(n * width), width, 0);
  }
  for (const StateNumber n : k.avoided) k.reached[n] = 0;
  for (const auto& [m, row] : k.touched) k.rows[m][row] = {};
  k.order.clear();
  k.avoided.clear();
  k.touched.clear();
  k.waiting.clear();
  k.floor.clear();
  k.handed.clear();
  ground_->marks.push_back(std::move(marks_));
  --ground_->live;
}

void LaneClosure::grow() {
  const std::size_t size = std::max<std::size_t>(ground_->space->size(), 64);
  if (size <= marks_->nodes.size()) return;
  const std::size_t most = std::max(size, marks_->nodes.size() + marks_->nodes.size() / 2);
  marks_->nodes.resize(most);
  marks_->reached.resize(most, 0);
  marks_->done.resize(most * movers_.size(), 0);
}

LaneClosure::Marks::Row& LaneClosure::row_marks(std::uint16_t by, LaneRows::Row row) {
  auto& rows = marks_->rows[by];
  if (row >= rows.size()) rows.resize(std::max<std::size_t>(2 * rows.size(), row + 1));
  Marks::Row& out = rows[row];
  if (!out.touched) {
    out.touched = true;
    marks_->touched.emplace_back(by, row);
  }
  return out;
}

std::uint8_t LaneClosure::nearness(State s) const {
  int far = static_cast<int>(kLanes);
  for (const State t : settings_.toward) {
    const UInt128 apart = s.bits ^ t.bits;
    far = std::min(far, std::popcount(static_cast<std::uint64_t>(apart)) +
                            std::popcount(static_cast<std::uint64_t>(apart >> 64)));
  }
  return static_cast<std::uint8_t>(static_cast<int>(kLanes) - far);
}

/// Whether it may be entered; the first time, that is found out.
bool LaneClosure::enter(StateNumber n, StateNumber from, std::uint16_t by) {
  if (n >= marks_->nodes.size()) grow();
  Marks::Node& node = marks_->nodes[n];
  if (node.met) return true;
  if (marks_->reached[n] != 0) return false;
  if (from != kNoState && settings_.avoid && ground_->space->holds(*settings_.avoid, n)) {
    marks_->reached[n] = ~LaneMask{0};
    marks_->avoided.push_back(n);
    return false;
  }
  node.met = true;
  if (!settings_.toward.empty()) node.urgency = nearness(state(n));
  node.parent = from;
  node.mover = by;
  marks_->order.push_back(n);
  return true;
}

void LaneClosure::reach(StateNumber n, StateNumber from, std::uint16_t by, LaneMask lanes) {
  if (!enter(n, from, by)) return;
  if (settings_.loose) lanes = active_;
  const LaneMask fresh = lanes & ~marks_->reached[n] & active_;
  if (fresh == 0) return;
  marks_->reached[n] |= fresh;
  for (const std::uint16_t m : numbers_) {
    LaneRows& rows = movers_[m]->rows();
    // What it could do now it could do a move ago.
    if (m == by && rows.transitive()) {
      marks_->done[n * movers_.size() + m] |= fresh;
      continue;
    }
    const LaneRows::Home home = rows.home(n);
    // Not of the mover whose gains are being read.
    if (m != by && settings_.improvements && (movers_[m]->restless(home.view) & fresh) == 0)
      continue;
    Marks::Node& node = marks_->nodes[n];
    const LaneRows::Row row = home.row;
    Marks::Row& mark = row_marks(m, row);
    mark.lanes |= fresh;
    const std::uint8_t level = settings_.toward.empty()
                                   ? static_cast<std::uint8_t>(std::popcount(mark.lanes))
                                   : std::max<std::uint8_t>(marks_->nodes[n].urgency, 1);
    if (level > mark.level) {
      mark.level = level;
      queue_[level].emplace_back(m, row);
      top_ = std::max<std::size_t>(top_, level);
    }
    if (((node.listed >> m) & 1u) != 0) continue;
    node.listed |= std::uint64_t{1} << m;
    if (free_ == Marks::kNone) {
      marks_->waiting.push_back({n, mark.list});
      mark.list = static_cast<std::uint32_t>(marks_->waiting.size() - 1);
    } else {
      const std::uint32_t at = std::exchange(free_, marks_->waiting[free_].next);
      marks_->waiting[at] = {n, mark.list};
      mark.list = at;
    }
  }
  (*met_)(n, fresh);
}

LaneMask LaneClosure::take(std::uint16_t by, LaneRows::Row row) {
  entries_.clear();
  LaneMask all = 0;
  LaneRows& rows = movers_[by]->rows();
  std::uint32_t& list = marks_->rows[by][row].list;
  marks_->rows[by][row].lanes = 0;
  marks_->rows[by][row].level = 0;
  while (list != Marks::kNone) {
    const StateNumber n = marks_->waiting[list].state;
    const std::uint32_t next = marks_->waiting[list].next;
    marks_->waiting[list].next = std::exchange(free_, list);
    list = next;
    marks_->nodes[n].listed &= ~(std::uint64_t{1} << by);
    LaneMask& done = marks_->done[n * movers_.size() + by];
    const LaneMask lanes = marks_->reached[n] & ~done & active_;
    done |= lanes;
    if (lanes != 0) entries_.push_back({n, rows.place(rows.home(n)), lanes});
    all |= lanes;
  }
  return all;
}

void LaneClosure::hand_out(std::uint16_t by, const LaneRows::Lead& lead, std::size_t place,
                           StateNumber from, LaneMask hit) {
  reach(movers_[by]->rows().number(lead.row, place), from, by, hit);
}

/// Gains pair by pair.
void LaneClosure::open_pairs(std::uint16_t by, const LaneRows::Lead& lead) {
  LaneMover& mover = *movers_[by];
  LaneRows& rows = mover.rows();
  const std::size_t size = rows.table(rows.pair(lead.pair).to).targets;
  for (const Entry& e : entries_) {
    const LaneMask* gains = mover.wants(lead.pair, e.place);
    for (std::size_t j = 0; j < size; ++j) {
      LaneMask hit = gains[j] & e.lanes & active_;
      if (hit == 0) continue;
      const StateNumber known = rows.known(lead.row, j);
      if (known != kNoState && known < marks_->reached.size()) hit &= ~marks_->reached[known];
      if (hit != 0) hand_out(by, lead, j, e.state, hit);
    }
  }
}

/// One order: all that is worth more than the least reached, group by group.
void LaneClosure::open_wide(std::uint16_t by, const LaneRows::Lead& lead) {
  const LaneKernels& kernels = lane_kernels();
  LaneMover& mover = *movers_[by];
  LaneRows& rows = mover.rows();
  const LaneRows::Pair pair = rows.pair(lead.pair);
  const LaneRows::Table& from = rows.table(pair.from);
  const LaneRows::Table& to = rows.table(pair.to);
  const LaneMover::Scores& worth = mover.scores(pair.to);
  const bool vital = !worth.head.empty();
  Marks::Row& mark = row_marks(by, lead.row);
  if (mark.floors == Marks::kNone) {
    mark.floors = static_cast<std::uint32_t>(marks_->floor.size());
    LaneScore none;
    none.head.at.fill(INT64_MAX);
    none.tail.at.fill(INT64_MAX);
    marks_->floor.resize(marks_->floor.size() + to.groups.size(), none);
  }
  const std::size_t floors = mark.floors;
  const auto higher = [&](const Lanes& head, const Lanes& tail, const LaneScore& than) {
    LaneMask out = 0;
    kernels.above(&tail, than.tail, &out, 1);
    if (!vital) return out;
    LaneMask more = 0;
    LaneMask level = 0;
    kernels.above(&head, than.head, &more, 1);
    kernels.same(&head, than.head, &level, 1);
    return more | (level & out);
  };
  for (std::size_t g = 0; g < from.groups.size(); ++g) {
    if (lanes_[g] == 0) continue;
    const LaneScore& least = least_[g];
    for (std::size_t h = 0; h < to.groups.size(); ++h) {
      const LaneRows::Group& group = to.groups[h];
      if (!rows.may_go(from.groups[g], group)) continue;
      LaneScore& floor = marks_->floor[floors + h];
      const LaneMask asked = lanes_[g] & active_ & higher(floor.head, floor.tail, least);
      if (asked == 0) continue;
      kernels.blend(floor.tail, least.tail, asked);
      if (vital) kernels.blend(floor.head, least.head, asked);
      for (std::uint32_t j = group.begin; j < group.end; ++j) {
        const StateNumber known = rows.known(lead.row, j);
        LaneMask left = asked & active_;
        if (known != kNoState && known < marks_->reached.size()) left &= ~marks_->reached[known];
        if (left == 0) continue;
        const LaneMask hit =
            left & higher(vital ? worth.head[j] : worth.tail[j], worth.tail[j], least);
        if (hit == 0) continue;
        const StateNumber n = rows.number(lead.row, j);
        const bool first = n >= marks_->nodes.size() || !marks_->nodes[n].met;
        reach(n, first ? origin(by, lead, j, hit) : kNoState, by, hit);
      }
    }
  }
}

StateNumber LaneClosure::origin(std::uint16_t by, const LaneRows::Lead& lead, std::size_t place,
                                LaneMask hit) {
  LaneMover& mover = *movers_[by];
  const LaneRows& rows = mover.rows();
  const LaneRows::Pair pair = rows.pair(lead.pair);
  const LaneRows::Table& from = rows.table(pair.from);
  const LaneRows::Table& to = rows.table(pair.to);
  const LaneMover::Scores& here = mover.scores(pair.from);
  const LaneMover::Scores& there = mover.scores(pair.to);
  for (const Entry& e : entries_) {
    if ((e.lanes & hit) == 0 ||
        !rows.may_go(from.groups[from.group_of[e.place]], to.groups[to.group_of[place]]))
      continue;
    if (mover.wanted(here, e.place, from.size(), there, place, to.size(), e.lanes & hit) != 0)
      return e.state;
  }
  contract(false, "what is reached is wanted from a state of the row");
  return kNoState;
}

/// Several orders: each that waits by itself.
void LaneClosure::open_orders(std::uint16_t by, const LaneRows::Lead& lead) {
  LaneMover& mover = *movers_[by];
  LaneRows& rows = mover.rows();
  const LaneRows::Pair pair = rows.pair(lead.pair);
  const LaneRows::Table& from = rows.table(pair.from);
  const LaneRows::Table& to = rows.table(pair.to);
  const LaneMover::Scores& here = mover.scores(pair.from);
  const LaneMover::Scores& there = mover.scores(pair.to);
  for (const Entry& e : entries_)
    for (const LaneRows::Group& group : to.groups) {
      if (!rows.may_go(from.groups[from.group_of[e.place]], group)) continue;
      for (std::uint32_t j = group.begin; j < group.end; ++j) {
        LaneMask hit = e.lanes & active_;
        const StateNumber known = rows.known(lead.row, j);
        if (known != kNoState && known < marks_->reached.size()) hit &= ~marks_->reached[known];
        if (hit == 0) continue;
        hit = mover.wanted(here, e.place, from.size(), there, j, to.size(), hit);
        if (hit != 0) hand_out(by, lead, j, e.state, hit);
      }
    }
}

void LaneClosure::open_moves(std::uint16_t by, const LaneRows::Lead& lead) {
  LaneRows& rows = movers_[by]->rows();
  const LaneRows::Pair pair = rows.pair(lead.pair);
  const LaneRows::Table& from = rows.table(pair.from);
  const LaneRows::Table& to = rows.table(pair.to);
  Marks::Row& mark = row_marks(by, lead.row);
  if (mark.floors == Marks::kNone) {
    mark.floors = static_cast<std::uint32_t>(marks_->handed.size());
    marks_->handed.resize(marks_->handed.size() + to.groups.size(), 0);
  }
  const std::size_t first = mark.floors;
  for (const Entry& e : entries_)
    for (std::size_t h = 0; h < to.groups.size(); ++h) {
      if (!rows.may_go(from.groups[from.group_of[e.place]], to.groups[h])) continue;
      const LaneMask asked = e.lanes & active_ & ~marks_->handed[first + h];
      if (asked == 0) continue;
      marks_->handed[first + h] |= asked;
      for (std::uint32_t j = to.groups[h].begin; j < to.groups[h].end; ++j)
        hand_out(by, lead, j, e.state, asked);
    }
}

void LaneClosure::open(std::uint16_t by, LaneRows::Row row) {
  if (take(by, row) == 0) return;
  LaneMover& mover = *movers_[by];
  LaneRows& rows = mover.rows();
  mover.make_room();
  bool told = false;
  const auto least = [&](const LaneRows::Table& table, const LaneMover::Scores& here) {
    const LaneKernels& kernels = lane_kernels();
    lanes_.assign(table.groups.size(), 0);
    if (least_.size() < table.groups.size()) least_.resize(table.groups.size());
    for (const Entry& e : entries_) {
      const std::size_t g = table.group_of[e.place];
      LaneScore& to = least_[g];
      const Lanes& tail = here.tail[e.place];
      LaneMask lower = 0;
      kernels.above(&to.tail, tail, &lower, 1);
      if (!here.head.empty()) {
        LaneMask less = 0;
        LaneMask level = 0;
        kernels.above(&to.head, here.head[e.place], &less, 1);
        kernels.same(&to.head, here.head[e.place], &level, 1);
        lower = less | (level & lower);
      }
      lower = (lower | ~lanes_[g]) & e.lanes;
      kernels.blend(to.tail, tail, lower);
      if (!here.head.empty()) kernels.blend(to.head, here.head[e.place], lower);
      lanes_[g] |= e.lanes;
    }
  };
  // Copies: the list may grow while states are reached.
  for (std::size_t i = 0; i < rows.leads(row).size(); ++i) {
    const LaneRows::Lead lead = rows.leads(row)[i];
    if (active_ == 0) return;
    if (!settings_.improvements) {
      open_moves(by, lead);
    } else if (settings_.pairs && mover.narrow(lead.pair)) {
      open_pairs(by, lead);
    } else if (mover.plain()) {
      const std::uint32_t own = rows.table_of(row);
      if (!told) least(rows.table(own), mover.scores(own));
      told = true;
      open_wide(by, lead);
    } else {
      open_orders(by, lead);
    }
  }
}

End LaneClosure::run(State start, LaneMask lanes, const Met& met,
                     const std::function<void()>& between) {
  active_ = lanes;
  met_ = &met;
  reach(ground_->space->number(start), kNoState, kNobody, lanes);
  if (between) between();
  for (std::uint64_t at = 0; active_ != 0; ++at) {
    while (top_ > 0 && queue_[top_].empty()) --top_;
    if (top_ == 0) break;
    const auto [by, row] = queue_[top_].back();
    queue_[top_].pop_back();
    if (marks_->rows[by][row].level != top_) continue;
    if ((at & 0xFu) == 0) {
      if (settings_.watch.cancelled()) return End::Cancelled;
      if (settings_.watch.out_of_time()) return End::Limit;
    }
    if (marks_->order.size() > settings_.most_states || at >= settings_.most_opened)
      return End::Limit;
    open(by, row);
    if (between) between();
  }
  return End::Complete;
}

std::vector<Step> LaneClosure::path(StateNumber n) const {
  std::vector<Step> out;
  for (; marks_->nodes[n].parent != kNoState; n = marks_->nodes[n].parent)
    out.push_back({MoverId(marks_->nodes[n].mover), state(n)});
  std::reverse(out.begin(), out.end());
  return out;
}

LaneDrift lane_drift(LaneDispute& dispute, State start, LaneMask lanes,
                     const LaneClosureSettings& settings,
                     const std::function<LaneMask(State)>& bad) {
  LaneDrift out;
  LaneClosure closure(dispute, settings);
  const End end = closure.run(start, lanes, [](StateNumber, LaneMask) {});
  if (end != End::Complete) {
    out.open = lanes;
    return out;
  }
  const std::vector<StateNumber>& order = closure.order();
  // ends[n]: the profiles in which willing steps lead from it to a state that nobody leaves.
  std::unordered_map<StateNumber, LaneMask> ends;
  for (std::size_t i = order.size(); i-- > 0;) {
    const StateNumber n = order[i];
    LaneMask left = closure.reached(n);
    for (const MoverId m : settings.movers) {
      if (left == 0) break;
      closure.mover(m).improvements(n, left, [&](StateNumber to, LaneMask hit) {
        // An improvement into what is to be avoided is no way on, and none in the search either.
        if (to != kNoState) left &= ~(hit & closure.reached(to));
        return left != 0;
      });
    }
    ends[n] = left;
    if (left != 0) out.bad |= left & bad(closure.state(n));
  }
  // What never comes to rest goes round.
  const LaneMask asked = lanes & ~out.bad;
  LaneMask stuck = 0;
  for (bool grown = true; grown;) {
    grown = false;
    stuck = 0;
    for (std::size_t i = order.size(); i-- > 0;) {
      const StateNumber n = order[i];
      LaneMask& ending = ends[n];
      LaneMask missing = closure.reached(n) & asked & ~ending;
      for (const MoverId m : settings.movers) {
        if (missing == 0) break;
        closure.mover(m).improvements(n, missing, [&](StateNumber to, LaneMask hit) {
          const auto known = to == kNoState ? ends.end() : ends.find(to);
          if (known == ends.end()) return true;
          const LaneMask more = hit & known->second & missing;
          if (more == 0) return true;
          ending |= more;
          missing &= ~more;
          grown = true;
          return missing != 0;
        });
      }
      stuck |= missing;
    }
    if (stuck == 0) break;
  }
  out.open = stuck & asked;
  out.good = asked & ~stuck;
  return out;
}

}  // namespace wayout
