#include "wayout/space/perception.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "wayout/model/view.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

/// Writes the acting dispute's parts.
class Acting {
 public:
  Acting(const Conflict& truth, const std::vector<Conflict>& views)
      : truth_(truth), parts_(truth.parts()) {
    for (const PartyId p : truth.parties()) {
      const Conflict& view = views[p.index()];
      take_preference(view, p);
      if (truth.graph_form()) continue;  // no effect changes states or arcs
      for (const MoverId m : truth.movers()) {
        if (!contains(truth.mover(m).members, p)) continue;
        unseen_states(view, m);
        unseen_moves(view, m);
      }
    }
  }

  Parts take() { return std::move(parts_); }

 private:
  void take_preference(const Conflict& view, PartyId p) {
    for (PreferencePart& mine : parts_.preferences)
      for (const PreferencePart& seen : view.parts().preferences)
        if (mine.party == truth_.party(p).id && seen.party == mine.party) mine = seen;
  }

  /// No move of m from `from` to `to`; "" is any state.
  void forbid(MoverId m, const std::string& from, const std::string& to) {
    const std::string& by = truth_.mover(m).id;
    if (!told_.insert({by, from, to}).second) return;
    RulePart rule;
    rule.forbid = ForbidPart{by, from, to};
    parts_.rules.push_back(std::move(rule));
  }

  bool in_truth(std::size_t rule) const { return truth_.parts().rules[rule].enabled; }

  void unseen_states(const Conflict& view, MoverId m) {
    for (const auto& [never, rule] : view.nevers()) {
      if (in_truth(rule)) continue;
      const std::string& when = view.parts().rules[rule].never;
      forbid(m, when, "");
      forbid(m, "", when);
    }
  }

  void unseen_moves(const Conflict& view, MoverId m) {
    const MoverInfo& truly = truth_.mover(m);
    const MoverInfo& seen = view.mover(m);
    for (const Forbid& f : seen.forbids) {
      if (in_truth(f.rule)) continue;
      const ForbidPart& part = *view.parts().rules[f.rule].forbid;
      forbid(m, part.from, part.to);
    }
    for (const Digit& d : truly.digits) {
      const auto at = std::find_if(seen.digits.begin(), seen.digits.end(),
                                   [&](const Digit& o) { return o.option == d.option; });
      if (at != seen.digits.end() && at->change == d.change) continue;
      const OptionInfo& option = truth_.option(d.option);
      const int levels = static_cast<int>(option.levels.size());
      for (int a = 0; a < levels; ++a)
        for (int b = 0; b < levels; ++b)
          if (a != b && permitted(d.change, a, b) &&
              (at == seen.digits.end() || !permitted(at->change, a, b)))
            forbid(m, option.id + " == " + std::to_string(a),
                   option.id + " == " + std::to_string(b));
    }
    if (seen.link) unseen_link(view, m);
  }

  void unseen_link(const Conflict& view, MoverId m) {
    const TrackPart& part = view.parts().tracks[m.index() - truth_.party_count()];
    const TrackPart& truly = truth_.parts().tracks[m.index() - truth_.party_count()];
    if (part.linked == truly.linked && part.table == truly.table) return;
    if (part.linked != "true") return forbid(m, "", "not (" + part.linked + ")");
    for (const std::string& id : part.table)
      if (truth_.option(*truth_.find_option(id)).joint) forbid(m, "", id + " == 0");
  }

  const Conflict& truth_;
  Parts parts_;
  std::set<std::array<std::string, 3>> told_;
};

}  // namespace

bool has_beliefs(const Conflict& conflict) {
  const auto& beliefs = conflict.parts().beliefs;
  return std::any_of(beliefs.begin(), beliefs.end(), [](const BeliefPart& b) { return b.enabled; });
}

Result<std::vector<Conflict>> perceived_views(const Conflict& conflict) {
  for (const BeliefPart& b : conflict.parts().beliefs)
    for (const EffectPart& e : b.effects) {
      if (!b.enabled || e.kind != EffectKind::Now) continue;
      Where where;
      where.path = e.path;
      return fault("belief_now",
                   "the belief '" + b.id + "' sets another state of today, which nobody can act on",
                   where, "a belief changes what a party thinks possible or wanted");
    }
  std::vector<Conflict> out;
  for (const PartyId p : conflict.parties()) {
    auto seen = as_perceived(conflict, p);
    if (!seen) return Unexpected{seen.error()};
    out.push_back(std::move(*seen));
  }
  return out;
}

bool Perception::willing(MoverId m, State s, State t) const {
  const MoverInfo& mover = truth_->mover(m);
  bool some = false;
  for (const PartyId p : truth_->parties()) {
    if (!contains(mover.members, p)) continue;
    const Conflict& view = (*views_)[p.index()];
    if (!view.feasible(s) || !is_move(view, m, s, t)) return false;
    const bool better = view.better(p, t, s);
    some = some || better;
    if (better) continue;
    if (!mover.track || mover.consent == Consent::AllBetter) return false;
    if (view.compare(p, t, s) < 0) return false;
  }
  return some;
}

Result<Perceived> perceive(const Conflict& truth) {
  auto views = perceived_views(truth);
  if (!views) return Unexpected{std::move(views.error())};
  if (!has_beliefs(truth)) return Perceived{std::move(*views), truth};
  auto acting = build(Acting(truth, *views).take());
  if (!acting) return Unexpected{std::move(acting.error())};
  return Perceived{std::move(*views), std::move(*acting)};
}

}  // namespace wayout
