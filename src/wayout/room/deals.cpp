#include "wayout/room/deals.hpp"

#include <algorithm>
#include <set>

#include "wayout/model/view.hpp"

namespace wayout {
namespace {

DealTable of_track(const Conflict& conflict, MoverId m, const TrackPart& part) {
  const MoverInfo& info = conflict.mover(m);
  DealTable out{info.id,   info.name,   info.members, info.open,       false,        info.consent,
                info.link, part.linked, info.digits,  info.digit_mask, info.forbids, conflict};
  if (!info.link) out.link_text.clear();
  return out;
}

Conflict opened(const Conflict& conflict, const std::string& track) {
  EffectPart open;
  open.kind = EffectKind::Open;
  open.target = track;
  const auto out = apply_effects(conflict, std::vector<EffectPart>{open});
  contract(out.has_value(), "a track can be opened");
  return *out;
}

}  // namespace

std::vector<DealTable> tables_of(const Conflict& conflict) {
  std::vector<DealTable> out;
  const std::size_t first = conflict.party_count();
  for (std::size_t t = 0; t < conflict.parts().tracks.size() && !conflict.graph_form(); ++t) {
    const TrackPart& part = conflict.parts().tracks[t];
    const MoverId m(first + t);
    if (part.open) {
      out.push_back(of_track(conflict, m, part));
    } else {
      out.push_back(of_track(opened(conflict, part.id), m, part));
      out.back().open = false;
    }
  }
  if (out.empty()) out.push_back(everybody_table(conflict));
  return out;
}

DealTable everybody_table(const Conflict& conflict) {
  PartyMask members = 0;
  for (const PartyId p : conflict.parties())
    if (!conflict.party(p).third) members |= mask_of(p);
  DealTable out{"everybody", "everybody", members, true, true, Consent::AllBetter,
                {},          {},          {},      0,    {},   conflict};
  if (conflict.graph_form()) return out;
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    if (!info.enabled || (info.owners & ~members) != 0) continue;
    const Change change = info.joint || info.moves == Direction::Both ? Change::Any
                          : info.moves == Direction::Up               ? Change::Up
                                                                      : Change::Down;
    out.digits.push_back({o, change});
    out.mask |= info.mask();
  }
  // Rules on the moves of one party or track are not rules on this table; those on all moves are.
  std::set<std::size_t> known;
  for (const MoverId m : conflict.movers())
    for (const Forbid& f : conflict.mover(m).forbids)
      if (conflict.parts().rules[f.rule].forbid->by.empty() && known.insert(f.rule).second)
        out.forbids.push_back(f);
  return out;
}

DealWalk for_each_deal(const DealTable& table, State base, const DealSettings& settings,
                       const std::function<bool(State)>& visit) {
  const Conflict& conflict = table.conflict;
  DealWalk out;
  std::uint64_t steps = 0;
  const auto stopped = [&] {
    if ((++steps & 0xFFF) != 0) return false;
    settings.watch.tell("deals", out.deals, 0);
    if (settings.watch.cancelled()) {
      out.end = End::Cancelled;
    } else if (settings.watch.out_of_time()) {
      out.end = End::Limit;
    }
    return out.end != End::Complete;
  };
  const auto take = [&](State s) {
    if (out.deals == settings.most) {
      out.end = End::Limit;
      return false;
    }
    ++out.deals;
    return visit(s);
  };
  if (conflict.graph_form()) {
    for (std::size_t i = 0; i < conflict.graph_size(); ++i)
      if (stopped() || !take(conflict.graph_state(i))) break;
    return out;
  }
  // due[k]: what can be tested once the first k options on the table are set.
  struct Test {
    ExprId e;
    bool wanted;
  };
  const std::size_t n = table.digits.size();
  std::vector<std::vector<Test>> due(n + 1);
  const auto add = [&](ExprId e, bool wanted) {
    std::size_t place = 0;
    for (std::size_t k = 0; k < n; ++k)
      if ((conflict.pool().support(e) & conflict.option(table.digits[k].option).mask()) != 0)
        place = k + 1;
    due[place].push_back({e, wanted});
  };
  const auto nevers = conflict.nevers();
  for (std::size_t i = 0; i < nevers.size(); ++i)
    if (settings.rules == nullptr ||
        std::find(settings.rules->begin(), settings.rules->end(), i) != settings.rules->end())
      add(nevers[i].first, false);
  if (settings.link && table.link) add(*table.link, true);
  std::vector<ExprId> forbidden;
  for (const Forbid& f : table.forbids)
    if (conflict.holds(f.from, base)) forbidden.push_back(f.to);
  const auto passes = [&](std::size_t k, State s) {
    return std::all_of(due[k].begin(), due[k].end(),
                       [&](const Test& t) { return conflict.holds(t.e, s) == t.wanted; });
  };
  if (!passes(0, base)) return out;
  std::vector<int> level(n, -1);
  State s = base;
  std::size_t depth = 0;  // the first `depth` options are set
  while (true) {
    if (depth == n) {
      if (stopped()) return out;
      const bool may = s == base || std::none_of(forbidden.begin(), forbidden.end(),
                                                 [&](ExprId e) { return conflict.holds(e, s); });
      if (may && !take(s)) return out;
      if (n == 0) return out;
      --depth;
    } else {
      level[depth] = -1;
    }
    while (true) {
      const Digit& d = table.digits[depth];
      const int from = conflict.level(base, d.option);
      const auto top = static_cast<int>(conflict.option(d.option).levels.size());
      bool set = false;
      while (!set && ++level[depth] < top) {
        if ((d.change == Change::Up && level[depth] < from) ||
            (d.change == Change::Down && level[depth] > from))
          continue;
        if (stopped()) return out;
        s = conflict.with_level(s, d.option, level[depth]);
        set = passes(depth + 1, s);
      }
      if (set) break;
      s = conflict.with_level(s, d.option, from);
      if (depth == 0) return out;
      --depth;
    }
    ++depth;
  }
}

}  // namespace wayout
