#include "wayout/space/warnings.hpp"

#include <algorithm>
#include <functional>

#include "wayout/model/conflict.hpp"
#include "wayout/model/view.hpp"
#include "wayout/space/rows.hpp"

namespace wayout {
namespace {

Error warning(std::string code, std::string message, std::string path, std::string hint = {}) {
  Where where;
  where.path = std::move(path);
  return Error{std::move(code), std::move(message), std::move(where), std::move(hint),
               Severity::Warning};
}

/// True or false where it could be settled.
using Settled = std::optional<bool>;

constexpr std::uint64_t kBudget = 300'000;
constexpr std::size_t kTrackStates = 4096;

/// Whether some feasible state makes the text true (or false).
Settled possible(const Conflict& conflict, const std::string& text, bool wanted) {
  const auto c = conflict.condition(wanted ? text : "not (" + text + ")");
  if (!c) return std::nullopt;
  const FeasibleSearch found = closest_feasible(
      conflict,
      conflict.status_quo().value_or(conflict.graph_form() ? conflict.graph_state(0) : State{}),
      [&c](State s) { return c->holds(s); }, c->pool->support(c->expr), kBudget);
  if (found.state) return true;
  if (!found.finished) return std::nullopt;
  return false;
}

class Views {
 public:
  Views(const Parts& file, const Watch& watch) {
    auto base = view(file);
    if (!base) return;
    list_.push_back(*base);
    for (const VariantPart& v : file.variants) {
      if (watch.cancelled() || watch.out_of_time()) return;
      if (auto under = view(file, {{v.id}, {}, {}})) list_.push_back(*under);
    }
    for (const MeasurePart& m : base->parts().measures) {
      if (watch.cancelled() || watch.out_of_time()) return;
      if (auto with = apply_effects(*base, m.effects)) list_.push_back(*with);
    }
  }
  bool empty() const { return list_.empty(); }
  const Conflict& base() const { return list_[0]; }

  /// True where `suspicious` is settled true in every view.
  bool everywhere(const std::function<Settled(const Conflict&)>& suspicious) const {
    return std::all_of(list_.begin(), list_.end(),
                       [&](const Conflict& c) { return suspicious(c).value_or(false); });
  }

 private:
  std::vector<Conflict> list_;
};

template <class Part>
const Part* same_part(const std::vector<Part>& list, const std::string& path) {
  for (const Part& p : list)
    if (p.path == path) return &p;
  return nullptr;
}

void rules(const Views& views, Errors& out) {
  for (const RulePart& rule : views.base().parts().rules) {
    const auto idle = [&](const Conflict& c) -> Settled {
      const RulePart* here = same_part(c.parts().rules, rule.path);
      if (here == nullptr || !here->enabled) return true;
      if (here->forbid) {
        for (const std::string& text : {here->forbid->from, here->forbid->to}) {
          if (text.empty()) continue;
          const Settled can = possible(c, text, true);
          if (!can) return std::nullopt;
          if (!*can) return true;
        }
        return false;
      }
      // A never rule applies where it excludes something: it must be satisfiable at all.
      const auto e = c.condition(here->never);
      if (!e) return std::nullopt;
      return e->pool->is_constant(e->expr, false);
    };
    if (views.everywhere(idle))
      out.push_back(warning("idle_rule", "this rule never applies", rule.path));
  }
}

void statements(const Views& views, Errors& out) {
  for (const PreferencePart& p : views.base().parts().preferences) {
    for (const StatementPart& s : p.statements) {
      for (const bool value : {true, false}) {
        const auto constant = [&](const Conflict& c) -> Settled {
          for (const PreferencePart& there : c.parts().preferences) {
            const StatementPart* here = same_part(there.statements, s.path);
            if (here == nullptr) continue;
            const Settled other = possible(c, here->when, !value);
            if (!other) return std::nullopt;
            return !*other;
          }
          return true;
        };
        if (!views.everywhere(constant)) continue;
        out.push_back(warning("constant_statement",
                              std::string("this statement is always ") +
                                  (value ? "true" : "false") + " and decides nothing",
                              s.bare ? s.path : s.path + ".when"));
        break;
      }
    }
  }
}

void measures(const Views& views, Errors& out) {
  for (const MeasurePart& m : views.base().parts().measures) {
    const auto changed = apply_effects(views.base(), m.effects);
    if (changed && changed->parts() == views.base().parts())
      out.push_back(warning("idle_measure", "this measure changes nothing", m.path,
                            "it may undo only what a variant does, or be so already"));
  }
}

void twins(const Views& views, Errors& out) {
  const auto& list = views.base().parts().preferences;
  const auto same = [](const PreferencePart& a, const PreferencePart& b) {
    if (a.method != b.method || a.criteria != b.criteria || a.order != b.order) return false;
    if (a.statements.size() != b.statements.size() || a.values.size() != b.values.size())
      return false;
    if (a.method == Method::Unanimous) return false;
    for (std::size_t i = 0; i < a.statements.size(); ++i)
      if (a.statements[i].when != b.statements[i].when ||
          a.statements[i].values != b.statements[i].values ||
          a.statements[i].vital != b.statements[i].vital)
        return false;
    for (std::size_t i = 0; i < a.values.size(); ++i)
      if (a.values[i].option != b.values[i].option || a.values[i].levels != b.values[i].levels)
        return false;
    return true;
  };
  for (std::size_t i = 0; i < list.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      if (!same(list[i], list[k])) continue;
      const auto twin = [&](const Conflict& c) -> Settled {
        const PreferencePart* a = same_part(c.parts().preferences, list[i].path);
        const PreferencePart* b = same_part(c.parts().preferences, list[k].path);
        return a != nullptr && b != nullptr && same(*a, *b);
      };
      if (views.everywhere(twin))
        out.push_back(
            warning("same_preference",
                    "'" + list[i].party + "' and '" + list[k].party + "' have the same preference",
                    list[i].path + ".party", "two parties who always agree may be one"));
    }
}

/// Whether a track never has an improvement anywhere: settled in small spaces only, and where its
/// link can never be met.
Settled never_agrees(const Conflict& c, const std::string& path) {
  for (std::size_t t = 0; t < c.parts().tracks.size(); ++t) {
    if (c.parts().tracks[t].path != path) continue;
    const MoverId m(c.party_count() + t);
    const MoverInfo& info = c.mover(m);
    if (info.digits.empty()) return true;
    if (info.link) {
      const FeasibleSearch met = find_feasible(c, *info.link, kBudget);
      if (met.finished && !met.state) return true;
    }
    RowSpace space(c);
    if (!space.fill(kTrackStates, kBudget, {})) return std::nullopt;
    for (StateNumber s = 0; s < space.table().size(); ++s) {
      bool any = false;
      space.for_each(m, s, Ask::Improvements, [&any](StateNumber) {
        any = true;
        return false;
      });
      if (any) return false;
    }
    return true;
  }
  return true;
}

void tracks(const Views& views, Errors& out) {
  for (const TrackPart& t : views.base().parts().tracks)
    if (views.everywhere([&](const Conflict& c) { return never_agrees(c, t.path); }))
      out.push_back(warning("mute_track", "this track can never agree on anything", t.path,
                            "its table, its link or its members' preferences leave no deal"));
}

void goals(const Views& views, Errors& out) {
  for (const GoalPart& g : views.base().parts().goals) {
    const auto impossible = [&](const Conflict& c) -> Settled {
      const GoalPart* here = same_part(c.parts().goals, g.path);
      if (here == nullptr) return true;
      const Settled can = possible(c, here->when, true);
      if (!can) return std::nullopt;
      return !*can;
    };
    if (views.everywhere(impossible))
      out.push_back(
          warning("infeasible_goal", "no feasible state meets this goal", g.path + ".when"));
  }
}

}  // namespace

Errors warnings(const Parts& file, const Watch& watch) {
  Errors out;
  const Views views(file, watch);
  if (views.empty()) return out;
  for (const auto& look : {rules, statements, measures, twins, tracks, goals}) {
    if (watch.cancelled() || watch.out_of_time()) return out;
    look(views, out);
  }
  return out;
}

}  // namespace wayout
