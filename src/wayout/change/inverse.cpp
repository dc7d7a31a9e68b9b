#include "wayout/change/inverse.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <thread>

#include "wayout/space/perception.hpp"

namespace wayout {
namespace {

/// Work items on several threads, the first of which tells how far it is. False where it was
/// stopped before the end.
bool in_parallel(std::size_t count, std::size_t threads, const Watch& watch,
                 const std::string& what, const std::function<void(std::size_t)>& item) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  const auto work = [&](bool tells) {
    for (std::size_t i = next++; i < count; i = next++) {
      if (watch.cancelled() || watch.out_of_time()) stop = true;
      if (stop) return;
      if (tells) watch.tell(what, i, count);
      item(i);
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(threads, count); ++i) others.emplace_back(work, false);
  work(true);
  for (std::thread& t : others) t.join();
  return !stop;
}

class Search {
 public:
  Search(const Conflict& conflict, std::size_t goal, const SearchSettings& settings,
         const ShiftEffort& effort)
      : conflict_(conflict),
        goal_(goal),
        settings_(settings),
        effort_(effort),
        threads_(std::max<std::size_t>(
            1, settings.threads > 0 ? settings.threads : std::thread::hardware_concurrency())),
        lines_(shift_lines(conflict, settings.as_perceived)) {
    ways_.sanctions = settings.sanctions;
    ways_.as_perceived = settings.as_perceived;
    ways_.details = false;
    ways_.most_states = settings.most_states;
    ways_.watch = settings.watch;
    ways_.watch.progress = nullptr;
  }

  Inverse run() {
    for (const ShiftLine& line : lines_)
      out_.every_step = out_.every_step && line.steps <= effort_.most_steps;
    if (singles() && out_.sets.empty() && effort_.most_pairs > 0) pairs();
    out_.conflict = conflict_;
    out_.tried = tried_;
    if (undecided_ && out_.end == End::Complete) out_.end = End::Limit;
    std::stable_sort(out_.sets.begin(), out_.sets.end(),
                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
    return std::move(out_);
  }

 private:
  /// Whether the shifts open a clean way.
  bool opens(std::vector<Shift> shifts) {
    ++tried_;
    const auto changed = shifted(conflict_, shifts);
    if (!changed || (settings_.as_perceived && !perceive(*changed))) {
      undecided_ = true;
      return false;
    }
    const WayOut way = way_out(*changed, goal_, ways_);
    if (!way.clean && way.end != End::Complete) undecided_ = true;
    return way.clean;
  }

  struct Least {
    std::uint64_t step = 0;
    bool least = true;
  };
  /// The first step of a line at which `test` holds; by all steps or by some.
  std::optional<Least> first(const ShiftLine& line,
                             const std::function<bool(std::uint64_t)>& test) const {
    if (line.steps <= effort_.most_steps) {
      for (std::uint64_t i = 0; i < line.steps; ++i)
        if (test(i)) return Least{i, true};
      return std::nullopt;
    }
    const std::uint64_t spread = std::max<std::uint64_t>(2, effort_.most_steps / 2);
    std::optional<std::uint64_t> fails;
    for (std::uint64_t k = 0; k < spread; ++k) {
      std::uint64_t i = (line.steps - 1) / (spread - 1) * k;
      if (k == spread - 1) i = line.steps - 1;
      if (!test(i)) {
        fails = i;
        continue;
      }
      if (!fails) return Least{i, i == 0};
      while (i - *fails > 1) {
        const std::uint64_t middle = *fails + (i - *fails) / 2;
        (test(middle) ? i : *fails) = middle;
      }
      return Least{i, false};
    }
    return std::nullopt;
  }

  bool stopped() {
    out_.end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
    return false;
  }

  bool singles() {
    std::vector<std::optional<ShiftSet>> found(lines_.size());
    const bool finished = in_parallel(
        lines_.size(), threads_, settings_.watch, "shifts of one statement", [&](std::size_t i) {
          const auto at = first(lines_[i], [&](std::uint64_t step) {
            return !settings_.watch.cancelled() && opens({shift_at(conflict_, lines_[i], step)});
          });
          if (at) found[i] = ShiftSet{{shift_at(conflict_, lines_[i], at->step)}, at->least};
        });
    for (auto& f : found)
      if (f) out_.sets.push_back(std::move(*f));
    if (!finished || settings_.watch.cancelled()) return stopped();
    out_.most = 1;
    return true;
  }

  bool one_sum(const ShiftLine& a, const ShiftLine& b) const {
    return a.party == b.party && conflict_.preference_part(a.party)->method == Method::Weights;
  }

  bool down(std::size_t line) const {
    return lines_[line].way != ShiftLine::Way::More && lines_[line].way != ShiftLine::Way::Up;
  }

  static bool paired(const ShiftLine& a, const ShiftLine& b) {
    return a.party != b.party || a.statement != b.statement;
  }

  /// Both as far as they go, each then back to the first step that does while the other stays,
  /// until neither moves.
  std::optional<ShiftSet> pair(const ShiftLine& a, const ShiftLine& b) {
    Least at_a{a.steps - 1, true};
    Least at_b{b.steps - 1, true};
    const auto both = [&](std::uint64_t step_a, std::uint64_t step_b) {
      return opens({shift_at(conflict_, a, step_a), shift_at(conflict_, b, step_b)});
    };
    if (!both(at_a.step, at_b.step)) return std::nullopt;
    for (bool moved = true; moved;) {
      moved = false;
      const auto first_a = first(a, [&](std::uint64_t k) { return both(k, at_b.step); });
      if (first_a) {
        moved = first_a->step < at_a.step;
        at_a = *first_a;
      }
      const auto first_b = first(b, [&](std::uint64_t k) { return both(at_a.step, k); });
      if (first_b) {
        moved = moved || first_b->step < at_b.step;
        at_b = *first_b;
      }
    }
    return ShiftSet{{shift_at(conflict_, a, at_a.step), shift_at(conflict_, b, at_b.step)},
                    at_a.least && at_b.least};
  }

  /// The line of one statement where another of its party weighs otherwise already: at which values
  /// comparisons turn depends on that.
  struct Beside {
    Conflict conflict;
    ShiftLine line;
    double part = 1;  ///< of the party's weights today, what they are here
    Shift at(std::uint64_t step) const {
      Shift s = shift_at(conflict, line, step);
      if (s.kind != ShiftKind::NotVital) s.size *= part;
      return s;
    }
  };
  std::optional<Beside> beside(const ShiftLine& line, const Shift& other) const {
    auto changed = shifted(conflict_, std::span(&other, 1));
    if (!changed) return std::nullopt;
    const auto lines = shift_lines(*changed, settings_.as_perceived);
    const auto points = [&](const Conflict& c) {
      return whole_of(c, line.party) * std::pow(10.0, -c.score_places(line.party));
    };
    for (const ShiftLine& l : lines)
      if (l.party == line.party && l.statement == line.statement && l.way == line.way)
        return Beside{*changed, l, points(*changed) / points(conflict_)};
    return std::nullopt;
  }

  /// Two weights of one party: either as far as it goes, and the other as far as it goes beside
  /// that; then as pair(), along the line that each has beside the other.
  std::optional<ShiftSet> pair_of_one_sum(const ShiftLine& a, const ShiftLine& b) {
    // Each round may make the steps finer: after so many digits no finer ones are looked for.
    constexpr int kFiner = 4;
    constexpr int kRounds = 20;
    const int finest = conflict_.score_places(a.party) + kFiner;
    Shift at[2];
    const ShiftLine* const lines[2] = {&a, &b};
    bool opened = false;
    // What goes down ends at nothing beside anything; what goes up has to pass the other too.
    const bool up[2] = {a.way == ShiftLine::Way::More, b.way == ShiftLine::Way::More};
    for (const int last : {1, 0}) {
      if (opened || (!up[last] && (up[1 - last] || last == 0))) continue;
      at[1 - last] = shift_at(conflict_, *lines[1 - last], lines[1 - last]->steps - 1);
      at[last] = shift_at(conflict_, *lines[last], lines[last]->steps - 1);
      if (up[last]) {
        const auto other = beside(*lines[last], at[1 - last]);
        if (!other) continue;
        at[last] = other->at(other->line.steps - 1);
      }
      opened = opens({at[0], at[1]});
    }
    if (!opened) return std::nullopt;
    bool least[2] = {false, false};
    bool moved = true;
    for (int round = 0; moved; ++round) {
      if (round == kRounds) return ShiftSet{{at[0], at[1]}, false};
      moved = false;
      for (const int k : {0, 1}) {
        const auto own = beside(*lines[k], at[1 - k]);
        if (!own) continue;
        if (own->conflict.score_places(a.party) > finest) return ShiftSet{{at[0], at[1]}, false};
        const auto found = first(own->line, [&](std::uint64_t step) {
          return opens(k == 0 ? std::vector<Shift>{own->at(step), at[1]}
                              : std::vector<Shift>{at[0], own->at(step)});
        });
        if (!found) continue;
        const Shift back = own->at(found->step);
        least[k] = found->least;
        // A size is that of the bound: smaller by more than rounding, or at it and not past it.
        constexpr double kRounding = 1e-9;
        const bool nearer =
            back.size < at[k].size * (1 - kRounding) ||
            (back.size < at[k].size * (1 + kRounding) && at[k].beyond && !back.beyond);
        if (!nearer) continue;
        moved = true;
        at[k] = back;
      }
    }
    return ShiftSet{{at[0], at[1]}, least[0] && least[1]};
  }

  void pairs() {
    std::vector<std::pair<std::size_t, std::size_t>> work;
    for (std::size_t a = 0; a < lines_.size(); ++a)
      for (std::size_t b = a + 1; b < lines_.size(); ++b)
        if (paired(lines_[a], lines_[b])) work.emplace_back(a, b);
    if (work.size() > effort_.most_pairs) {
      out_.pairs_only_down = true;
      std::erase_if(work,
                    [&](const auto& pair) { return !down(pair.first) || !down(pair.second); });
    }
    if (work.size() > effort_.most_pairs) {
      out_.pairs_left_out = true;
      return;
    }
    std::vector<std::optional<ShiftSet>> found(work.size());
    const bool finished = in_parallel(
        work.size(), threads_, settings_.watch, "shifts of two statements", [&](std::size_t i) {
          const ShiftLine& a = lines_[work[i].first];
          const ShiftLine& b = lines_[work[i].second];
          found[i] = one_sum(a, b) ? pair_of_one_sum(a, b) : pair(a, b);
        });
    for (auto& f : found)
      if (f) out_.sets.push_back(std::move(*f));
    if (finished && !settings_.watch.cancelled()) {
      out_.most = 2;
    } else {
      stopped();
    }
  }

  const Conflict& conflict_;
  std::size_t goal_;
  const SearchSettings& settings_;
  const ShiftEffort& effort_;
  std::size_t threads_;
  std::vector<ShiftLine> lines_;
  WayOutSettings ways_;
  std::atomic<std::uint64_t> tried_{0};
  std::atomic<bool> undecided_{false};
  Inverse out_;
};

}  // namespace

Inverse least_shifts(const Conflict& conflict, std::size_t goal, const SearchSettings& settings,
                     const ShiftEffort& effort) {
  if (!conflict.graph_form()) {
    const ExprId when = conflict.goals().at(goal).when;
    const FeasibleSearch found = find_feasible(conflict, when);
    if (found.finished && !found.state) {
      Inverse out;
      out.conflict = conflict;
      out.impossible = true;
      out.rules = rules_against(conflict, when);
      return out;
    }
  }
  return Search(conflict, goal, settings, effort).run();
}

}  // namespace wayout
