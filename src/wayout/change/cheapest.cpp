#include "wayout/change/cheapest.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "wayout/change/out_of_reach.hpp"
#include "wayout/change/program.hpp"
#include "wayout/space/perception.hpp"

namespace wayout {
namespace {

/// Proposals judged side by side. Fixed, so that the work does not hang on the number of threads.
constexpr std::size_t kBatch = 16;
/// Costs are whole numbers up to this, where Cbc is far from its tolerances.
constexpr std::int64_t kMostCost = 1'000'000'000;

class Search {
 public:
  Search(const Conflict& conflict, std::size_t goal, const CheapestSettings& settings)
      : conflict_(conflict), settings_(settings), search_(settings.search) {
    out_.goal = goal;
    out_.least = settings.least;
    out_.marked = settings.marked;
    const auto& measures = conflict.parts().measures;
    for (std::size_t i = 0; i < measures.size(); ++i)
      if (!has(search_.taken, i) && !idle_measure(conflict.parts(), i, search_.as_perceived))
        used_.push_back(i);
    reasons_.emplace(conflict, goal, search_, used_);
    set_costs();
    set_rows();
  }

  Cheapest run() {
    first_sets();
    propose();
    if (best_) {
      out_.best = tell(*best_);
      if (out_.proved) out_.bound = told(*best_);
    }
    return std::move(out_);
  }

 private:
  static bool has(const MeasureSet& set, std::size_t i) {
    return std::find(set.begin(), set.end(), i) != set.end();
  }

  Decimal cost_of(std::size_t measure) const {
    return conflict_.parts().measures[measure].cost.value().value_or(Decimal(0));
  }

  /// What is told of a set: its cost, or how many it has.
  double told(const MeasureSet& set) const {
    if (settings_.least == Least::Number) return static_cast<double>(set.size());
    double sum = 0;
    for (const std::size_t i : set) sum += cost_of(i).to_double();
    return sum;
  }

  /// Cost first and then number, or the other way round, as whole numbers.
  void set_costs() {
    int places = 0;
    for (const std::size_t i : used_) places = std::max(places, cost_of(i).places());
    std::vector<std::int64_t> costs;
    std::int64_t sum = 0;
    for (const std::size_t i : used_) {
      costs.push_back(std::min(kMostCost, cost_of(i).scaled(places).value_or(kMostCost)));
      sum = std::min(kMostCost, sum + costs.back());
    }
    const auto n = static_cast<std::int64_t>(used_.size());
    const bool by_cost = settings_.least == Least::Cost;
    // Where both do not fit, ties are left as they come.
    ties_ = by_cost ? sum <= kMostCost / (n + 1) : sum < kMostCost / (n + 1);
    for (const std::int64_t c : costs) {
      const std::int64_t key = by_cost ? (ties_ ? c * (n + 1) + 1 : c) : (ties_ ? sum + 1 + c : 1);
      program_.cost.push_back(key);
    }
    unit_ = by_cost ? (ties_ ? n + 1 : 1) : (ties_ ? sum + 1 : 1);
    per_unit_ = by_cost ? Decimal::of(1, places).to_double() : 1;
  }

  /// The bound in the user's terms that a least value of the program means.
  double bound_of(std::int64_t value) const {
    return static_cast<double>(value / unit_) * per_unit_;
  }

  void set_rows() {
    const auto& measures = conflict_.parts().measures;
    const auto index = [&](const std::string& id) -> std::optional<std::size_t> {
      for (std::size_t i = 0; i < measures.size(); ++i)
        if (measures[i].id == id) return i;
      return std::nullopt;
    };
    const auto variable = [&](std::size_t measure) {
      return static_cast<std::size_t>(std::find(used_.begin(), used_.end(), measure) -
                                      used_.begin());
    };
    const auto must_go = [&](std::size_t v) { program_.rows.push_back({{{v, -1}}, 0}); };
    for (std::size_t v = 0; v < used_.size(); ++v) {
      for (const std::string& id : measures[used_[v]].needs) {
        const auto other = index(id);
        if (other && has(search_.taken, *other)) continue;
        if (!other || variable(*other) == used_.size()) {
          must_go(v);
        } else {
          program_.rows.push_back({{{variable(*other), 1}, {v, -1}}, 0});
        }
      }
      for (const std::string& id : measures[used_[v]].excludes) {
        const auto other = index(id);
        if (!other) continue;
        if (*other == used_[v] || has(search_.taken, *other)) {
          must_go(v);
        } else if (variable(*other) < used_.size()) {
          program_.rows.push_back({{{v, -1}, {variable(*other), -1}}, -1});
        }
      }
    }
    for (const std::size_t t : search_.taken) {
      for (const std::string& id : measures[t].excludes)
        if (const auto other = index(id); other && variable(*other) < used_.size())
          must_go(variable(*other));
      for (const std::string& id : measures[t].needs)
        if (const auto other = index(id); other && variable(*other) < used_.size())
          program_.rows.push_back({{{variable(*other), 1}}, 1});
    }
  }

  Without look(const MeasureSet& set) const {
    if (!compatible(conflict_.parts(), search_.whole(set))) return Without::Inadmissible;
    const auto changed = with_measures(conflict_, search_.whole(set));
    if (!changed || !changed->status_quo() || (search_.as_perceived && !perceive(*changed)))
      return Without::Inadmissible;
    const WayOut way = way_out(*changed, out_.goal, search_.way_settings(false));
    if (way.clean) return Without::Clean;
    // Without details a way may be found before a limit that a clean one would lie beyond.
    if (way.end != End::Complete && !(settings_.marked && way.exists)) return Without::Undecided;
    return way.exists ? Without::Marked : Without::NoWay;
  }

  bool opens(Without w) const {
    return w == Without::Clean || (settings_.marked && w == Without::Marked);
  }

  bool stopped() const { return search_.watch.cancelled() || search_.watch.out_of_time(); }

  /// Judges sets side by side, each once.
  std::vector<Without> judge(const std::vector<MeasureSet>& sets) {
    std::vector<Without> out(sets.size(), Without::Undecided);
    std::vector<std::size_t> fresh;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      if (const auto it = judged_.find(sets[i]); it != judged_.end()) {
        out[i] = it->second;
      } else {
        fresh.push_back(i);
      }
    }
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t k = next++; k < fresh.size(); k = next++)
        if (!stopped()) out[fresh[k]] = look(sets[fresh[k]]);
    };
    const std::size_t threads = std::min<std::size_t>(
        fresh.size(), search_.threads > 0 ? search_.threads : std::thread::hardware_concurrency());
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
    work();
    for (std::thread& t : others) t.join();
    if (stopped()) return out;
    for (const std::size_t i : fresh) judged_.emplace(sets[i], out[i]);
    out_.judged = judged_.size();
    return out;
  }
  Without judge(const MeasureSet& set) { return judge(std::vector<MeasureSet>{set})[0]; }

  std::int64_t key(const MeasureSet& set) const {
    std::int64_t sum = 0;
    for (std::size_t v = 0; v < used_.size(); ++v)
      if (std::binary_search(set.begin(), set.end(), used_[v])) sum += program_.cost[v];
    return sum;
  }

  void keep(const MeasureSet& set) {
    if (!best_ || key(set) < key(*best_)) best_ = set;
  }

  /// Nothing at all; and all that go together, thinned out, the dearest first.
  void first_sets() {
    if (opens(judge(MeasureSet{}))) {
      keep({});
      return;
    }
    MeasureSet all;
    const auto& measures = conflict_.parts().measures;
    for (const std::size_t i : used_) {
      if (has(all, i)) continue;
      MeasureSet with = all;
      // With all it needs.
      std::vector<std::size_t> open{i};
      while (!open.empty()) {
        const std::size_t k = open.back();
        open.pop_back();
        if (has(with, k) || has(search_.taken, k)) continue;
        with.push_back(k);
        for (std::size_t j = 0; j < measures.size(); ++j)
          if (std::find(measures[k].needs.begin(), measures[k].needs.end(), measures[j].id) !=
              measures[k].needs.end())
            open.push_back(j);
      }
      std::sort(with.begin(), with.end());
      if (compatible(conflict_.parts(), search_.whole(with))) all = with;
    }
    if (stopped() || !opens(judge(all))) return;
    keep(all);
    MeasureSet order = all;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return key({a}) > key({b}); });
    for (const std::size_t i : order) {
      if (stopped()) return;
      MeasureSet without = *best_;
      std::erase(without, i);
      if (opens(judge(without))) keep(without);
    }
  }

  void propose() {
    while (true) {
      if (halted()) return;
      const ProgramResult next = solve(program_);
      if (next.status == ProgramResult::Status::Stopped) {
        out_.end = search_.watch.cancelled() ? End::Cancelled : End::Limit;
        return;
      }
      const bool exhausted =
          next.status == ProgramResult::Status::Infeasible || (best_ && next.value >= key(*best_));
      if (exhausted) {
        out_.proved = out_.undecided == 0;
        if (!out_.proved) out_.end = End::Limit;
        return;
      }
      if (out_.undecided == 0) out_.bound = std::max(out_.bound, bound_of(next.value));
      // What may rule out more than this set is looked for first: it costs less than to judge.
      if (reason_against(sets_of(next.taken))) continue;
      if (!level(next.value)) return;
      // Nothing of this value or below it is left.
      Program::Row dearer;
      for (std::size_t v = 0; v < used_.size(); ++v) dearer.terms.emplace_back(v, program_.cost[v]);
      dearer.least = next.value + 1;
      program_.rows.push_back(std::move(dearer));
    }
  }

  bool halted() {
    if (!stopped() && judged_.size() < settings_.most_sets) return false;
    out_.end = search_.watch.cancelled() ? End::Cancelled : End::Limit;
    return true;
  }

  MeasureSet sets_of(const std::vector<std::size_t>& variables) const {
    MeasureSet set;
    for (const std::size_t v : variables) set.push_back(used_[v]);
    return set;
  }

  /// Whether a set fails for a reason that rules out others too; a new one becomes a row.
  bool reason_against(const MeasureSet& set) {
    const auto reason = reasons_->needs_one_of(set);
    if (!reason) return false;
    if (told_.insert(*reason).second) {
      Program::Row row;
      row.least = 1;
      for (std::size_t v = 0; v < used_.size(); ++v)
        if (has(*reason, used_[v])) row.terms.emplace_back(v, 1);
      program_.rows.push_back(std::move(row));
      ++out_.reasons;
    }
    return true;
  }

  /// Judges every set of exactly this value that can be taken, until one opens; false where it was
  /// stopped before.
  bool level(std::int64_t value) {
    const std::size_t n = used_.size();
    std::vector<std::int64_t> rest(n + 1, 0);  // what the variables from here on can add
    for (std::size_t v = n; v-- > 0;) rest[v] = rest[v + 1] + program_.cost[v];
    std::vector<MeasureSet> batch;
    const auto flush = [&] {
      const std::vector<Without> found = judge(batch);
      if (halted()) return false;
      for (std::size_t i = 0; i < batch.size(); ++i) {
        if (opens(found[i])) keep(batch[i]);
        if (found[i] == Without::Undecided) ++out_.undecided;
      }
      search_.watch.tell("sets of measures judged", out_.judged, 0);
      batch.clear();
      return true;
    };
    std::vector<std::size_t> taken;
    const auto choose = [&](auto&& self, std::size_t v, std::int64_t left) -> bool {
      if (best_ && key(*best_) <= value) return true;
      if (left > rest[v]) return true;
      if (v == n) {
        const MeasureSet set = sets_of(taken);
        if (!compatible(conflict_.parts(), search_.whole(set)) || reason_against(set))
          return !halted();
        batch.push_back(set);
        return batch.size() < kBatch || flush();
      }
      if (program_.cost[v] <= left) {
        taken.push_back(v);
        const bool on = self(self, v + 1, left - program_.cost[v]);
        taken.pop_back();
        if (!on) return false;
      }
      return self(self, v + 1, left);
    };
    return choose(choose, 0, value) && (batch.empty() || flush());
  }

  Opening tell(const MeasureSet& set) {
    Opening out;
    out.measures = set;
    const auto changed = with_measures(conflict_, search_.whole(set));
    contract(changed.has_value(), "a set that opened a way builds");
    WayOutSettings ws = search_.way_settings(true);
    ws.watch = {};  // one way, found before: told also when the search was stopped
    out.way = way_out(*changed, out_.goal, ws);
    for (const std::size_t i : set) out.cost += cost_of(i).to_double();
    std::vector<MeasureSet> smaller;
    for (const std::size_t i : set) {
      smaller.push_back(set);
      std::erase(smaller.back(), i);
    }
    out.without = judge(smaller);
    add_effects(conflict_, out);
    return out;
  }

  const Conflict& conflict_;
  const CheapestSettings& settings_;
  const SearchSettings& search_;
  MeasureSet used_;
  std::optional<OutOfReach> reasons_;
  Program program_;
  bool ties_ = true;
  std::int64_t unit_ = 1;
  double per_unit_ = 1;
  std::map<MeasureSet, Without> judged_;
  std::set<MeasureSet> told_;  ///< reasons that are rows
  std::optional<MeasureSet> best_;
  Cheapest out_;
};

}  // namespace

Cheapest cheapest_measures(const Conflict& conflict, std::size_t goal,
                           const CheapestSettings& settings) {
  contract(conflict.status_quo().has_value(), "cheapest_measures() needs a status quo");
  return Search(conflict, goal, settings).run();
}

}  // namespace wayout
