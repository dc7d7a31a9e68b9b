#include "wayout/space/state_index.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace wayout {
namespace {

/// The rules that still say something once the options with one possible level are set, and which
/// levels each option may take by the rules that concern it alone.
struct Tied {
  std::vector<std::vector<UInt128>> levels;  ///< per option, ascending, as bits in place
  std::vector<ExprId> rules;                 ///< on two options or more
  bool impossible = false;
};

/// Whether e can hold when the options take the levels left to them; true where it is too costly to
/// know.
bool can_hold(const Conflict& conflict, ExprId e, const std::vector<std::vector<UInt128>>& levels) {
  const ExprPool& pool = conflict.pool();
  const UInt128 support = pool.support(e);
  std::vector<std::size_t> open;
  State s;
  std::uint64_t raw = 1;
  for (const OptionId o : conflict.options()) {
    if ((conflict.option(o).mask() & support) == 0) continue;
    if (levels[o.index()].empty()) return false;
    s.bits |= levels[o.index()][0];
    if (levels[o.index()].size() == 1) continue;
    open.push_back(o.index());
    raw *= levels[o.index()].size();
    if (raw > 4096) return true;
  }
  std::vector<std::size_t> at(open.size(), 0);
  while (true) {
    if (pool.holds(e, s)) return true;
    std::size_t i = 0;
    for (; i < open.size(); ++i) {
      const auto& choice = levels[open[i]];
      s.bits &= ~conflict.option(OptionId(open[i])).mask();
      at[i] = at[i] + 1 < choice.size() ? at[i] + 1 : 0;
      s.bits |= choice[at[i]];
      if (at[i] != 0) break;
    }
    if (i == open.size()) return false;
  }
}

Tied tied(const Conflict& conflict) {
  Tied out;
  const ExprPool& pool = conflict.pool();
  std::vector<ExprId> left;
  for (const auto& [never, rule] : conflict.nevers()) left.push_back(never);
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    out.levels.emplace_back();
    const std::size_t count = info.enabled ? info.levels.size() : 1;
    for (std::size_t l = 0; l < count; ++l)
      out.levels.back().push_back(UInt128{static_cast<unsigned>(l)} << info.shift);
  }
  // Rules on one open option take levels away, which may leave other rules with one open option, or
  // with nothing to say.
  for (bool again = true; again && !out.impossible;) {
    again = false;
    std::vector<ExprId> next;
    for (const ExprId e : left) {
      UInt128 fixed = 0;
      std::size_t open = 0;
      std::size_t only = 0;
      for (const OptionId o : conflict.options()) {
        if ((conflict.option(o).mask() & pool.support(e)) == 0) continue;
        if (out.levels[o.index()].size() == 1) {
          fixed |= out.levels[o.index()][0];
        } else {
          ++open;
          only = o.index();
        }
      }
      if (open == 0) {
        out.impossible = out.impossible || pool.holds(e, State{fixed});
      } else if (open == 1) {
        std::erase_if(out.levels[only],
                      [&](UInt128 level) { return pool.holds(e, State{fixed | level}); });
        out.impossible = out.impossible || out.levels[only].empty();
        again = true;
      } else if (can_hold(conflict, e, out.levels)) {
        next.push_back(e);
      }
    }
    left = std::move(next);
  }
  out.rules = std::move(left);
  return out;
}

/// Lists the members of one digit. The options are set one after the other: next comes the one that
/// finishes a rule soonest, so that a branch that breaks one is left early.
class MemberSearch {
 public:
  MemberSearch(const Conflict& conflict, const Tied& tied, const std::vector<OptionId>& options,
               const std::vector<ExprId>& rules)
      : conflict_(conflict) {
    std::vector<OptionId> left = options;
    UInt128 set = 0;
    while (!left.empty()) {
      // For each candidate: the fewest options that a rule it appears in would still lack.
      std::size_t best = 0;
      std::pair<int, int> best_cost{1 << 20, 0};
      for (std::size_t i = 0; i < left.size(); ++i) {
        const UInt128 mask = conflict.option(left[i]).mask();
        std::pair<int, int> cost{1 << 19, 0};
        for (const ExprId e : rules) {
          const UInt128 support = conflict.pool().support(e);
          if ((support & mask) == 0 || (support & ~set) == 0) continue;
          int lacks = 0;
          for (const OptionId o : left)
            if (o != left[i] && (conflict.option(o).mask() & support) != 0) ++lacks;
          if (lacks < cost.first) cost = {lacks, 0};
          if (lacks == cost.first) --cost.second;
        }
        if (cost < best_cost) {
          best_cost = cost;
          best = i;
        }
      }
      set |= conflict.option(left[best]).mask();
      order_.push_back({conflict.option(left[best]).mask(), tied.levels[left[best].index()], {}});
      for (const ExprId e : rules) {
        const UInt128 support = conflict.pool().support(e);
        const UInt128 in_digit = support & digit_mask(options);
        if ((in_digit & ~set) == 0 && (in_digit & order_.back().mask) != 0)
          order_.back().rules.push_back(e);
      }
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
    }
    // What the rules need of options outside the digit has one possible level.
    for (const OptionId o : conflict.options())
      if (tied.levels[o.index()].size() == 1) fixed_ |= tied.levels[o.index()][0];
    fixed_ &= ~digit_mask(options);
    mask_ = digit_mask(options);
  }

  /// None, or why it stopped. `most` members at most.
  StateIndex::Stop run(std::uint64_t most, std::uint64_t& budget, const Watch& watch,
                       std::vector<UInt128>& members) {
    stop_ = StateIndex::Stop::None;
    walk(0, fixed_, most, budget, watch, members);
    std::sort(members.begin(), members.end());
    return stop_;
  }

 private:
  struct Wheel {
    UInt128 mask;
    std::vector<UInt128> levels;
    std::vector<ExprId> rules;  ///< decided once this option is set
  };

  UInt128 digit_mask(const std::vector<OptionId>& options) const {
    UInt128 mask = 0;
    for (const OptionId o : options) mask |= conflict_.option(o).mask();
    return mask;
  }

  void walk(std::size_t depth, UInt128 bits, std::uint64_t most, std::uint64_t& budget,
            const Watch& watch, std::vector<UInt128>& members) {
    if (depth == order_.size()) {
      if (members.size() >= most) {
        stop_ = StateIndex::Stop::States;
        return;
      }
      members.push_back(bits & mask_);
      if ((members.size() & 0xFFFFu) == 0) watch.tell("listing feasible states", members.size(), 0);
      return;
    }
    const Wheel& wheel = order_[depth];
    for (const UInt128 level : wheel.levels) {
      if (budget == 0) {
        stop_ = StateIndex::Stop::Budget;
        return;
      }
      if ((--budget & 0xFFFFu) == 0) {
        if (watch.cancelled()) stop_ = StateIndex::Stop::Cancelled;
        if (watch.out_of_time()) stop_ = StateIndex::Stop::Time;
      }
      if (stop_ != StateIndex::Stop::None) return;
      const State s{bits | level};
      if (std::none_of(wheel.rules.begin(), wheel.rules.end(),
                       [&](ExprId e) { return conflict_.pool().holds(e, s); }))
        walk(depth + 1, s.bits, most, budget, watch, members);
      if (stop_ != StateIndex::Stop::None) return;
    }
  }

  const Conflict& conflict_;
  std::vector<Wheel> order_;
  UInt128 fixed_ = 0;
  UInt128 mask_ = 0;
  StateIndex::Stop stop_ = StateIndex::Stop::None;
};

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > ~std::uint64_t{0} / b ? ~std::uint64_t{0} : a * b;
}

/// Which options rules tie together: for each option the lowest one of its set.
std::vector<std::size_t> ties(const Conflict& conflict, const Tied& tied) {
  std::vector<std::size_t> root(conflict.option_count());
  std::iota(root.begin(), root.end(), std::size_t{0});
  const auto find = [&root](std::size_t o) {
    while (root[o] != o) o = root[o] = root[root[o]];
    return o;
  };
  for (const ExprId e : tied.rules) {
    std::optional<std::size_t> first;
    for (const OptionId o : conflict.options()) {
      if ((conflict.option(o).mask() & conflict.pool().support(e)) == 0) continue;
      if (tied.levels[o.index()].size() == 1) continue;
      const std::size_t mine = find(o.index());
      if (!first) {
        first = mine;
      } else {
        const std::size_t other = find(*first);
        root[std::max(mine, other)] = std::min(mine, other);
      }
    }
  }
  for (std::size_t o = 0; o < root.size(); ++o) root[o] = find(o);
  return root;
}

}  // namespace

StateIndex::Made StateIndex::make(const Conflict& conflict, const Settings& settings) {
  Made made;
  auto out = std::make_shared<StateIndex>();
  if (conflict.graph_form()) {
    StateDigit digit;
    digit.mask = ~UInt128{0};
    for (std::size_t i = 0; i < conflict.graph_size(); ++i)
      digit.members.push_back(conflict.graph_state(i).bits);
    out->size_ = digit.members.size();
    out->digits_.push_back(std::move(digit));
    out->graph_ = out->ordered_ = true;
    out->plain_ = false;
    made.states = out->size_;
    made.index = std::move(out);
    return made;
  }
  const Tied simplified = tied(conflict);
  const std::vector<std::size_t> root = ties(conflict, simplified);
  std::vector<StateDigit> digits;
  std::vector<std::size_t> digit_of(conflict.option_count());
  for (const OptionId o : conflict.options()) {
    if (root[o.index()] == o.index()) {
      digit_of[o.index()] = digits.size();
      digits.emplace_back();
    }
    StateDigit& digit = digits[digit_of[o.index()] = digit_of[root[o.index()]]];
    digit.options.push_back(o);
    digit.mask |= conflict.option(o).mask();
  }
  // Alone an option has its levels; together the members have to be found. The small digits come
  // first, so that a limit on states is met early by the large ones.
  std::uint64_t size = simplified.impossible ? 0 : 1;
  std::uint64_t budget = settings.budget;
  for (StateDigit& digit : digits) {
    if (simplified.impossible) break;
    if (digit.options.size() > 1) continue;
    digit.members = simplified.levels[digit.options[0].index()];
    size = times(size, digit.members.size());
  }
  for (StateDigit& digit : digits) {
    if (simplified.impossible || size == 0) break;
    if (digit.options.size() == 1) continue;
    std::vector<ExprId> rules;
    for (const ExprId e : simplified.rules)
      if ((conflict.pool().support(e) & digit.mask) != 0) rules.push_back(e);
    MemberSearch search(conflict, simplified, digit.options, rules);
    made.stop = search.run(settings.most_states / size, budget, settings.watch, digit.members);
    size = times(size, digit.members.size());
    if (made.stop != Stop::None) {
      made.states = size;
      return made;
    }
  }
  made.states = size;
  if (size > settings.most_states) {
    made.stop = Stop::States;
    return made;
  }
  // Options of one owner lie side by side, agreements above them, what rules tie together slowest.
  std::vector<std::size_t> order(digits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) {
    const StateDigit& d = digits[i];
    const OptionInfo& first = conflict.option(d.options[0]);
    const std::size_t tier = d.members.size() == 1  ? 0
                             : d.options.size() > 1 ? 3
                             : first.joint          ? 2
                                                    : 1;
    return std::tuple(
        tier, tier == 3 ? d.members.size() : std::size_t{0},
        tier == 1 ? static_cast<std::uint64_t>(std::countr_zero(first.owners)) : first.owners, i);
  };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  out->places_.resize(conflict.option_count());
  std::uint64_t stride = 1;
  for (const std::size_t i : order) {
    StateDigit& d = digits[i];
    d.stride = stride;
    stride *= std::max<std::uint64_t>(d.members.size(), 1);
    for (const OptionId o : d.options) {
      const OptionInfo& info = conflict.option(o);
      out->places_[o.index()] = {out->digits_.size(), info.mask(), info.shift, info.field(), 0};
    }
    out->plain_ = out->plain_ && d.options.size() == 1;
    out->digits_.push_back(std::move(d));
  }
  out->size_ = size;
  if (out->plain_) {
    std::uint64_t weight = 1;
    out->ordered_ = true;
    for (Place& place : out->places_) {
      const StateDigit& d = out->digits_[place.digit];
      place.weight = weight;
      weight *= std::max<std::uint64_t>(d.size(), 1);
      out->ordered_ = out->ordered_ && (d.size() == 1 || d.stride == place.weight);
    }
  }
  made.index = std::move(out);
  return made;
}

State StateIndex::state(std::uint64_t index) const {
  State s;
  for (const StateDigit& d : digits_) {
    if (d.members.size() == 1) {
      s.bits |= d.members[0];
    } else {
      s.bits |= d.members[index / d.stride % d.members.size()];
    }
  }
  return s;
}

std::optional<std::uint64_t> StateIndex::find(State s) const {
  if (size_ == 0) return std::nullopt;
  if (graph_) {
    const std::size_t node = s.node();
    if (node < size_ && digits_[0].members[node] == s.bits) return node;
    return std::nullopt;
  }
  std::uint64_t index = 0;
  for (const StateDigit& d : digits_) {
    const UInt128 bits = s.bits & d.mask;
    const auto it = std::lower_bound(d.members.begin(), d.members.end(), bits);
    if (it == d.members.end() || *it != bits) return std::nullopt;
    index += d.stride * static_cast<std::uint64_t>(it - d.members.begin());
  }
  return index;
}

StateIndex::Range StateIndex::narrow(const Place& place, Range range, std::uint64_t level) const {
  const auto& members = digits_[place.digit].members;
  const auto level_of = [&place](UInt128 bits) {
    return static_cast<std::uint64_t>(bits >> place.shift) & place.field;
  };
  const auto first = members.begin() + static_cast<std::ptrdiff_t>(range.begin);
  const auto last = members.begin() + static_cast<std::ptrdiff_t>(range.end);
  const auto low =
      std::partition_point(first, last, [&](UInt128 m) { return level_of(m) < level; });
  const auto high =
      std::partition_point(low, last, [&](UInt128 m) { return level_of(m) == level; });
  return {static_cast<std::uint64_t>(low - members.begin()),
          static_cast<std::uint64_t>(high - members.begin())};
}

std::uint64_t StateIndex::number(std::uint64_t index) const {
  if (ordered_) return index;
  if (plain_) {
    std::uint64_t n = 0;
    for (const Place& place : places_) {
      const StateDigit& d = digits_[place.digit];
      if (d.size() > 1) n += place.weight * (index / d.stride % d.size());
    }
    return n;
  }
  // States below: for each option from the highest down, those that agree above it and are lower in
  // it. The members of a digit that agree above an option lie side by side.
  const State s = state(index);
  std::vector<Range> ranges;
  for (const StateDigit& d : digits_) ranges.push_back({0, d.size()});
  std::uint64_t open = size_;  // states that agree so far
  std::uint64_t below = 0;
  for (std::size_t o = places_.size(); o-- > 0;) {
    const Place& place = places_[o];
    Range& range = ranges[place.digit];
    const std::uint64_t width = range.end - range.begin;
    if (width == 1) continue;
    const std::uint64_t others = open / width;
    const std::uint64_t level = static_cast<std::uint64_t>(s.bits >> place.shift) & place.field;
    const Range inner = narrow(place, range, level);
    below += (inner.begin - range.begin) * others;
    range = inner;
    open = others * (inner.end - inner.begin);
  }
  return below;
}

std::uint64_t StateIndex::at(std::uint64_t number) const {
  if (ordered_) return number;
  std::uint64_t index = 0;
  if (plain_) {
    for (const Place& place : places_) {
      const StateDigit& d = digits_[place.digit];
      if (d.size() > 1) index += d.stride * (number / place.weight % d.size());
    }
    return index;
  }
  std::vector<Range> ranges;
  for (const StateDigit& d : digits_) ranges.push_back({0, d.size()});
  std::uint64_t open = size_;
  for (std::size_t o = places_.size(); o-- > 0;) {
    const Place& place = places_[o];
    Range& range = ranges[place.digit];
    const std::uint64_t width = range.end - range.begin;
    if (width == 1) continue;
    const std::uint64_t others = open / width;
    const UInt128 member = digits_[place.digit].members[range.begin + number / others];
    const Range inner =
        narrow(place, range, static_cast<std::uint64_t>(member >> place.shift) & place.field);
    number -= (inner.begin - range.begin) * others;
    range = inner;
    open = others * (inner.end - inner.begin);
  }
  for (std::size_t d = 0; d < digits_.size(); ++d) index += digits_[d].stride * ranges[d].begin;
  return index;
}

void StateIndex::in_order(std::uint64_t first,
                          const std::function<bool(std::uint64_t, std::uint64_t)>& visit) const {
  if (ordered_) {
    for (std::uint64_t i = first; i < size_; ++i)
      if (!visit(i, i)) return;
    return;
  }
  // The options from the highest down, each with the ranges that its levels cut the members of its
  // digit into; a branch that lies before `first` is passed over whole.
  std::vector<Range> ranges;
  for (const StateDigit& d : digits_) ranges.push_back({0, d.size()});
  std::uint64_t n = 0;
  bool stop = false;
  const auto walk = [&](const auto& self, std::size_t o, std::uint64_t open,
                        std::uint64_t index) -> void {
    // Options that are settled already are passed over.
    while (o > 0 && ranges[places_[o - 1].digit].end - ranges[places_[o - 1].digit].begin == 1) --o;
    if (n + open <= first) {
      n += open;
      return;
    }
    if (o == 0) {
      stop = !visit(n++, index);
      return;
    }
    const Place& place = places_[o - 1];
    const StateDigit& d = digits_[place.digit];
    const Range whole = ranges[place.digit];
    const std::uint64_t others = open / (whole.end - whole.begin);
    Range part{whole.begin, whole.begin};
    while (part.end < whole.end && !stop) {
      part.begin = part.end;
      const auto level =
          static_cast<std::uint64_t>(d.members[part.begin] >> place.shift) & place.field;
      while (part.end < whole.end &&
             (static_cast<std::uint64_t>(d.members[part.end] >> place.shift) & place.field) ==
                 level) {
        ++part.end;
        if (part.end - part.begin > 8) {
          part.end = narrow(place, {part.begin, whole.end}, level).end;
          break;
        }
      }
      const std::uint64_t width = part.end - part.begin;
      ranges[place.digit] = part;
      self(self, o - 1, others * width, width == 1 ? index + d.stride * part.begin : index);
    }
    ranges[place.digit] = whole;
  };
  // A digit of one member adds nothing to the index.
  if (size_ > 0) walk(walk, places_.size(), size_, 0);
}

std::uint64_t StateIndex::bytes() const {
  std::uint64_t out = sizeof *this;
  for (const StateDigit& d : digits_) out += d.members.size() * sizeof(UInt128);
  return out;
}

}  // namespace wayout
