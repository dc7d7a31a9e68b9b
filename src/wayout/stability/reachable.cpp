#include "wayout/stability/reachable.hpp"

#include <algorithm>
#include <bit>
#include <queue>

#include "wayout/space/moves.hpp"
#include "wayout/stability/nash_judge.hpp"

namespace wayout {
namespace {

/// Improvements of every mover, by tables where they fit, else listed among its moves: no further
/// than a row may be wide, and with an eye on the clock, since one row may take seconds.
class Improver {
 public:
  Improver(const Conflict& conflict, const Watch& watch) : conflict_(conflict), watch_(watch) {
    for (const MoverId m : conflict.movers())
      tables_.push_back(RowTables::moves(conflict, m, ~UInt128{0}, true));
  }

  bool lists(MoverId m) const {
    return tables_[m.index()] || conflict_.graph_form() ||
           row_bound(conflict_, m) <= RowBook::kWidest;
  }

  /// Calls visit until it returns false; returns false where the row is too wide to list, or where
  /// the watch ended it.
  template <class Visit>
  bool for_each(MoverId m, State s, const Visit& visit) {
    if (const auto& rows = tables_[m.index()]) {
      rows->for_each(s, visit);
      return true;
    }
    if (!lists(m)) return false;
    bool stopped = false;
    std::uint32_t looked = 0;
    for_each_move(conflict_, m, s, [&](State t) {
      stopped = (++looked & 0xFFFu) == 0 && (watch_.cancelled() || watch_.out_of_time());
      return !stopped && (!wants(conflict_, m, s, t) || visit(t));
    });
    return !stopped;
  }

 private:
  const Conflict& conflict_;
  const Watch& watch_;
  std::vector<std::optional<RowTables>> tables_;
};

class Search {
 public:
  Search(const Conflict& conflict, const ConceptProfile& profile, const ReachableSettings& settings)
      : conflict_(conflict),
        profile_(profile),
        settings_(settings),
        improver_(conflict, settings.watch),
        nash_(conflict),
        space_(conflict) {}

  ReachableEquilibria run(State from) {
    meet(from, 0, MoverId(0));
    while (!open_.empty()) {
      if (settings_.watch.cancelled()) return end(End::Cancelled);
      if (settings_.watch.out_of_time()) return end(End::Limit);
      settings_.watch.tell("looking for equilibria", out_.judged, nodes_.size());
      const std::uint32_t at = open_.top().node;
      open_.pop();
      judge(at);
      if (out_.found.size() >= settings_.most_found && !open_.empty()) return end(End::Limit);
      for (const MoverId m : conflict_.movers()) {
        const bool listed = improver_.for_each(m, table_[at], [&](State t) {
          meet(t, at, m);
          return nodes_.size() <= settings_.most_states;
        });
        if (!listed) return end(settings_.watch.cancelled() ? End::Cancelled : End::Limit);
        if (nodes_.size() > settings_.most_states) return end(End::Limit);
      }
    }
    return end(End::Complete);
  }

 private:
  struct Node {
    std::uint32_t parent;
    MoverId mover;
    PartyMask nash;
  };
  struct Open {
    std::uint32_t moving;  ///< parties that are not Nash-stable there
    std::uint32_t node;
    bool operator<(const Open& o) const {
      return moving != o.moving ? moving > o.moving : node > o.node;
    }
  };

  void meet(State t, std::uint32_t parent, MoverId m) {
    if (table_.intern(t) != nodes_.size()) return;
    const PartyMask stable = content(t);
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({parent, m, stable});
    open_.push({static_cast<std::uint32_t>(conflict_.party_count()) -
                    static_cast<std::uint32_t>(std::popcount(stable)),
                node});
  }

  /// The parties known to be Nash-stable; those that do not list their moves are judged later.
  PartyMask content(State t) {
    PartyMask out = 0;
    for (const PartyId p : conflict_.parties()) {
      const MoverId m = conflict_.mover_of(p);
      bool stable = false;
      if (nash_.by_table(p)) {
        stable = nash_.stable(p, t);
      } else if (improver_.lists(m)) {
        stable = true;
        if (!improver_.for_each(m, t, [&](State) { return stable = false; })) stable = false;
      }
      if (stable) out |= mask_of(p);
    }
    return out;
  }

  void judge(std::uint32_t at) {
    bool undecided = false;
    for (const PartyId p : conflict_.parties()) {
      if (contains(nodes_[at].nash, p)) continue;  // Nash implies every other concept
      const Concept c = profile_[p.index()];
      if (c == Concept::Nash && improver_.lists(conflict_.mover_of(p))) {
        ++out_.judged;
        return;
      }
      VerdictSettings vs = settings_.verdict;
      vs.watch = settings_.watch;
      vs.watch.progress = nullptr;
      vs.all_answers = false;
      vs.hollow = false;
      const Verdict v = verdict(space_, p, table_[at], c, vs);
      if (v.end != End::Complete) {
        undecided = true;
      } else if (!v.stable) {
        ++out_.judged;
        return;
      }
    }
    if (undecided) {
      ++out_.undecided;
      return;
    }
    ++out_.judged;
    ReachableEquilibrium e{table_[at], {}};
    for (std::uint32_t n = at; n != 0; n = nodes_[n].parent)
      e.path.push_back({nodes_[n].mover, table_[n]});
    std::reverse(e.path.begin(), e.path.end());
    out_.found.push_back(std::move(e));
  }

  ReachableEquilibria end(End how) {
    out_.end = how;
    out_.met = nodes_.size();
    return std::move(out_);
  }

  const Conflict& conflict_;
  const ConceptProfile& profile_;
  const ReachableSettings& settings_;
  Improver improver_;
  NashJudge nash_;
  RowSpace space_;
  StateTable table_;
  std::vector<Node> nodes_;
  std::priority_queue<Open> open_;
  ReachableEquilibria out_;
};

}  // namespace

ReachableEquilibria reachable_equilibria(const Conflict& conflict, State from,
                                         const ConceptProfile& profile,
                                         const ReachableSettings& settings) {
  contract(profile.size() == conflict.party_count(), "a profile names a concept for every party");
  contract(conflict.feasible(from), "the search starts from a feasible state");
  return Search(conflict, profile, settings).run(from);
}

ReachableEquilibria reachable_equilibria(const Conflict& conflict, State from, Concept c,
                                         const ReachableSettings& settings) {
  return reachable_equilibria(conflict, from, ConceptProfile(conflict.party_count(), c), settings);
}

}  // namespace wayout
