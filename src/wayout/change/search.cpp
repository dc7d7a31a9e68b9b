#include "wayout/change/search.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "wayout/model/view.hpp"
#include "wayout/space/perception.hpp"

namespace wayout {

MeasureSet SearchSettings::whole(MeasureSet set) const {
  set.insert(set.end(), taken.begin(), taken.end());
  std::sort(set.begin(), set.end());
  return set;
}

WayOutSettings SearchSettings::way_settings(bool details) const {
  WayOutSettings ws;
  ws.sanctions = sanctions;
  ws.as_perceived = as_perceived;
  ws.details = details;
  ws.most_states = most_states;
  ws.watch = watch;
  ws.watch.progress = nullptr;
  return ws;
}

namespace {

/// What was found for one set and goal.
enum class Found : std::uint8_t { Untried, NoWay, Marked, Clean, Undecided, Inadmissible };

struct Tried {
  MeasureSet set;
  bool admissible = true;
  std::vector<Found> found;  ///< per goal of the search
};

/// Effects that no way out can feel: they concern risk, or, where beliefs do not count, those.
bool is_idle(const MeasurePart& m, bool as_perceived) {
  return std::all_of(m.effects.begin(), m.effects.end(), [as_perceived](const EffectPart& e) {
    return e.kind == EffectKind::HazardTimes || e.kind == EffectKind::RateSet ||
           e.kind == EffectKind::TempoTimes || (e.kind == EffectKind::DropBelief && !as_perceived);
  });
}

bool contains_all(const MeasureSet& big, const MeasureSet& small) {
  return std::includes(big.begin(), big.end(), small.begin(), small.end());
}

class Searcher {
 public:
  Searcher(const Conflict& conflict, const SearchSettings& settings)
      : conflict_(conflict), settings_(settings), goals_(settings.goals) {
    if (goals_.empty())
      for (std::size_t i = 0; i < conflict.goals().size(); ++i) goals_.push_back(i);
    covered_.resize(goals_.size());
    opened_.resize(goals_.size());
    const auto& measures = conflict.parts().measures;
    for (std::size_t i = 0; i < measures.size(); ++i) {
      if (std::find(settings.taken.begin(), settings.taken.end(), i) != settings.taken.end())
        continue;
      (idle_measure(conflict.parts(), i, settings.as_perceived) ? out_.idle : used_).push_back(i);
    }
  }

  MeasureSearch run() {
    out_.most = settings_.most;
    for (std::size_t size = 0; size <= std::min(settings_.most, used_.size()); ++size) {
      if (!level(size)) break;
    }
    for (std::size_t k = 0; k < goals_.size(); ++k) out_.goals.push_back(conclude(k));
    return std::move(out_);
  }

 private:
  /// All sets of one size; false when nothing more is to be tried.
  bool level(std::size_t size) {
    std::vector<Tried> work;
    MeasureSet set;
    const auto choose = [&](auto&& self, std::size_t from) -> void {
      if (set.size() == size) {
        if (!compatible(conflict_.parts(), settings_.whole(set))) return;
        Tried t{set, true, std::vector<Found>(goals_.size(), Found::Untried)};
        bool any = false;
        for (std::size_t k = 0; k < goals_.size(); ++k) any = any || wanted(set, k);
        if (any) work.push_back(std::move(t));
        return;
      }
      for (std::size_t i = from; i < used_.size(); ++i) {
        set.push_back(used_[i]);
        self(self, i + 1);
        set.pop_back();
      }
    };
    choose(choose, 0);
    std::atomic<std::size_t> next{0};
    std::atomic<bool> stop{false};
    const auto worker = [&] {
      for (std::size_t i = next++; i < work.size(); i = next++) {
        if (settings_.watch.cancelled() || settings_.watch.out_of_time()) stop = true;
        if (!stop) attempt(work[i]);
      }
    };
    const std::size_t threads = std::max<std::size_t>(
        1, std::min<std::size_t>(
               settings_.threads > 0 ? settings_.threads : std::thread::hardware_concurrency(),
               work.size()));
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(worker);
    // This thread tells how far it is: work that reports comes from one thread only.
    for (std::size_t i = next++; i < work.size(); i = next++) {
      settings_.watch.tell("trying sets of " + std::to_string(size) + " measures", i, work.size());
      if (settings_.watch.cancelled() || settings_.watch.out_of_time()) stop = true;
      if (!stop) attempt(work[i]);
    }
    for (std::thread& t : others) t.join();
    for (Tried& t : work) {
      if (!t.admissible) {
        ++out_.inadmissible;
      } else {
        ++out_.sets;
      }
      for (std::size_t k = 0; k < goals_.size(); ++k) {
        if (t.found[k] == Found::Clean) covered_[k].push_back(t.set);
        if ((t.found[k] == Found::Clean || t.found[k] == Found::Marked) && !has(opened_[k], t.set))
          opened_[k].push_back(t.set);
      }
      tried_.emplace(t.set, std::move(t));
    }
    if (!stop) return true;
    out_.end = settings_.watch.cancelled() ? End::Cancelled : End::Limit;
    out_.most = size == 0 ? 0 : size - 1;
    return false;
  }

  static bool has(const std::vector<MeasureSet>& list, const MeasureSet& set) {
    return std::any_of(list.begin(), list.end(),
                       [&](const MeasureSet& small) { return contains_all(set, small); });
  }

  /// Whether a set could still be minimal for a goal: no subset opens a clean way.
  bool wanted(const MeasureSet& set, std::size_t k) const { return !has(covered_[k], set); }

  void attempt(Tried& t) const {
    const auto changed = with_measures(conflict_, settings_.whole(t.set));
    if (!changed || !changed->status_quo() || (settings_.as_perceived && !perceive(*changed))) {
      t.admissible = false;
      t.found.assign(goals_.size(), Found::Inadmissible);
      return;
    }
    std::vector<std::size_t> asked;
    for (std::size_t k = 0; k < goals_.size(); ++k)
      if (wanted(t.set, k)) asked.push_back(goals_[k]);
    const auto ways = ways_out(*changed, asked, settings_.way_settings(false));
    std::size_t next = 0;
    for (std::size_t k = 0; k < goals_.size(); ++k) {
      if (!wanted(t.set, k)) continue;
      const WayOut& way = ways[next++];
      t.found[k] = way.clean                  ? Found::Clean
                   : way.exists               ? Found::Marked
                   : way.end != End::Complete ? Found::Undecided
                                              : Found::NoWay;
    }
  }

  Without without(std::size_t k, MeasureSet set, std::size_t measure) const {
    std::erase(set, measure);
    if (!compatible(conflict_.parts(), settings_.whole(set))) return Without::Inadmissible;
    const auto it = tried_.find(set);
    if (it == tried_.end()) return Without::Undecided;
    switch (it->second.found[k]) {
      case Found::NoWay:
        return Without::NoWay;
      case Found::Marked:
        return Without::Marked;
      case Found::Clean:
        return Without::Clean;
      case Found::Inadmissible:
        return Without::Inadmissible;
      default:
        return Without::Undecided;
    }
  }

  Opening tell(std::size_t k, const MeasureSet& set) const {
    Opening out;
    out.measures = set;
    const auto& measures = conflict_.parts().measures;
    const auto changed = with_measures(conflict_, settings_.whole(set));
    contract(changed.has_value(), "a set that opened a way builds");
    out.way = way_out(*changed, goals_[k], settings_.way_settings(true));
    for (const std::size_t i : set) {
      out.cost += measures[i].cost.value().value_or(Decimal(0)).to_double();
      out.without.push_back(without(k, set, i));
    }
    add_effects(conflict_, out);
    return out;
  }

  /// The sets of a list in full, best first: fewer unwilling takers, lower cost, fewer measures.
  std::vector<Opening> tell_all(std::size_t k, std::vector<MeasureSet> sets) const {
    const auto cost = [&](const MeasureSet& set) {
      double sum = 0;
      for (const std::size_t i : set)
        sum += conflict_.parts().measures[i].cost.value().value_or(Decimal(0)).to_double();
      return sum;
    };
    std::stable_sort(sets.begin(), sets.end(), [&](const MeasureSet& a, const MeasureSet& b) {
      return std::pair(cost(a), a.size()) < std::pair(cost(b), b.size());
    });
    std::vector<Opening> out;
    for (const MeasureSet& set : sets) {
      if (out.size() == settings_.listed) break;
      out.push_back(tell(k, set));
    }
    const auto key = [](const Opening& o) {
      return std::tuple(o.unwilling.size(), o.cost, o.measures.size());
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const Opening& a, const Opening& b) { return key(a) < key(b); });
    for (Opening& o : out)
      o.efficient = std::none_of(out.begin(), out.end(), [&](const Opening& other) {
        return other.measures.size() <= o.measures.size() && other.cost <= o.cost &&
               other.unwilling.size() <= o.unwilling.size() && key(other) != key(o);
      });
    return out;
  }

  GoalChange conclude(std::size_t k) const {
    GoalChange out;
    out.goal = goals_[k];
    out.end = out_.end;
    for (const auto& [set, t] : tried_)
      if (t.found[k] == Found::Undecided && !has(opened_[k], set)) ++out.undecided;
    if (out.undecided > 0 && out.end == End::Complete) out.end = End::Limit;
    if (tried_.count({}) != 0) {
      const auto now = with_measures(conflict_, settings_.whole({}));
      if (now && !(settings_.as_perceived && !perceive(*now)))
        out.now = way_out(*now, goals_[k], settings_.way_settings(true));
    }
    std::vector<MeasureSet> clean;
    for (const MeasureSet& set : covered_[k])
      if (!set.empty()) clean.push_back(set);
    std::vector<MeasureSet> opening;
    for (const MeasureSet& set : opened_[k])
      if (!set.empty()) opening.push_back(set);
    out.clean_total = clean.size();
    out.opening_total = opening.size();
    out.clean = tell_all(k, std::move(clean));
    out.opening = tell_all(k, std::move(opening));
    out.verdict = out.now.clean              ? ChangeVerdict::YesNow
                  : out.clean_total > 0      ? ChangeVerdict::WithMeasures
                  : !opened_[k].empty()      ? ChangeVerdict::Depends
                  : out.end != End::Complete ? ChangeVerdict::Undecided
                                             : ChangeVerdict::NoneFound;
    return out;
  }

  const Conflict& conflict_;
  const SearchSettings& settings_;
  std::vector<std::size_t> goals_;
  std::vector<std::size_t> used_;
  std::vector<std::vector<MeasureSet>> covered_;  ///< per goal: minimal sets with a clean way
  std::vector<std::vector<MeasureSet>> opened_;   ///< per goal: minimal sets with a way
  std::map<MeasureSet, Tried> tried_;
  MeasureSearch out_;
};

}  // namespace

MeasureSearch search_measures(const Conflict& conflict, const SearchSettings& settings) {
  contract(conflict.status_quo().has_value(), "search_measures() needs a status quo");
  return Searcher(conflict, settings).run();
}

bool compatible(const Parts& parts, const MeasureSet& set) {
  const auto in = [&](const std::string& id) {
    return std::any_of(set.begin(), set.end(),
                       [&](std::size_t i) { return parts.measures[i].id == id; });
  };
  for (const std::size_t i : set) {
    const MeasurePart& m = parts.measures[i];
    if (!std::all_of(m.needs.begin(), m.needs.end(), in)) return false;
    if (std::any_of(m.excludes.begin(), m.excludes.end(), in)) return false;
  }
  return true;
}

Result<Conflict> with_measures(const Conflict& conflict, const MeasureSet& set) {
  if (set.empty()) return conflict;
  std::vector<EffectPart> effects;
  for (const std::size_t i : set) {
    const auto& list = conflict.parts().measures.at(i).effects;
    effects.insert(effects.end(), list.begin(), list.end());
  }
  return apply_effects(conflict, effects);
}

bool idle_measure(const Parts& parts, std::size_t measure, bool as_perceived) {
  const MeasurePart& m = parts.measures.at(measure);
  return is_idle(m, as_perceived) &&
         std::none_of(parts.measures.begin(), parts.measures.end(), [&](const MeasurePart& other) {
           return std::find(other.needs.begin(), other.needs.end(), m.id) != other.needs.end();
         });
}

void add_effects(const Conflict& today, Opening& opening) {
  if (!opening.way.state) return;
  const State start = *today.status_quo();
  opening.parties = party_effects(today, start, *opening.way.state);
  for (const std::size_t i : opening.measures)
    for (const std::string& id : today.parts().measures[i].by)
      if (const auto p = today.find_party(id))
        if (today.better(*p, start, *opening.way.state)) opening.unwilling.emplace_back(i, *p);
}

std::vector<PartyEffect> party_effects(const Conflict& today, State from, State to) {
  std::vector<PartyEffect> out;
  for (const PartyId p : today.parties()) {
    PartyEffect e;
    e.party = p;
    e.better = today.better(p, to, from) ? 1 : (today.better(p, from, to) ? -1 : 0);
    e.in_points = today.numeric(p);
    if (e.in_points) {
      const auto before = today.points(p, from);
      const auto after = today.points(p, to);
      e.vital = after.first - before.first;
      e.points = after.second - before.second;
    }
    const PreferencePart* part = today.preference_part(p);
    for (std::size_t k = 0; part != nullptr && k < part->statements.size(); ++k) {
      if (!part->statements[k].enabled) continue;
      const bool before = today.statement_holds(p, k, from);
      const bool after = today.statement_holds(p, k, to);
      if (after && !before) e.gained.push_back(k);
      if (before && !after) e.lost.push_back(k);
    }
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace wayout
