// The least shifts of preferences held against trying everything.
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "properties/judge_change.hpp"
#include "wayout/change/inverse.hpp"

namespace wayout::properties {
namespace {

/// What is done to one statement of the parts as written.
struct Edit {
  std::size_t preference = 0;
  std::size_t statement = 0;  ///< as in the file
  enum class Kind { Weight, NotVital, Place } kind = Kind::Weight;
  std::int64_t quarters = 0;  ///< Weight: in quarters of 10^-places points
  int places = 0;
  std::size_t place = 0;              ///< Place: from 0
  bool out = false;                   ///< Place: it counts no more
  std::optional<Decimal> exact = {};  ///< Weight: this, and not the quarters
};

/// The file's statements carry their index in `source`, so that they are known after a move.
Parts marked(Parts parts) {
  for (PreferencePart& p : parts.preferences)
    for (std::size_t k = 0; k < p.statements.size(); ++k)
      p.statements[k].source = std::to_string(k);
  return parts;
}

void apply(Parts& parts, const Edit& e) {
  PreferencePart& p = parts.preferences[e.preference];
  const auto is_it = [&](const StatementPart& s) {
    return s.source == std::to_string(e.statement);
  };
  auto at = std::find_if(p.statements.begin(), p.statements.end(), is_it);
  if (e.kind == Edit::Kind::NotVital) at->vital = false;
  if (e.kind == Edit::Kind::Weight) {
    const char* own = "weight";
    if (!p.criteria.empty()) {
      own = "the_shifted_one";
      if (p.criteria.back().first != own)
        p.criteria.emplace_back(own, Quantity{Quantity::Form::Plain, 1, 0, 1});
    }
    Quantity q;
    q.a = e.exact ? *e.exact : Decimal::of(e.quarters * 25, e.places + 2);
    at->values = {{own, q}};
  }
  if (e.kind == Edit::Kind::Place) {
    // The order that counts: vital ones first; then nothing is vital, and those switched off last.
    std::stable_sort(p.statements.begin(), p.statements.end(), [](const auto& a, const auto& b) {
      const auto key = [](const StatementPart& s) { return s.enabled ? (s.vital ? 0 : 1) : 2; };
      return key(a) < key(b);
    });
    for (StatementPart& s : p.statements) s.vital = false;
    at = std::find_if(p.statements.begin(), p.statements.end(), is_it);
    StatementPart moved = *at;
    p.statements.erase(at);
    const auto enabled = static_cast<std::size_t>(std::count_if(
        p.statements.begin(), p.statements.end(), [](const auto& s) { return s.enabled; }));
    if (e.out) {
      moved.enabled = false;
      p.statements.push_back(moved);
    } else {
      p.statements.insert(
          p.statements.begin() + static_cast<std::ptrdiff_t>(std::min(e.place, enabled)), moved);
    }
  }
}

/// One statement in one direction: every edit of it, the smallest first.
struct Course {
  PartyId party;
  std::size_t statement = 0;
  ShiftLine::Way way = ShiftLine::Way::Less;
  std::vector<Edit> edits;
};

/// nullopt where some weight has too many quarter steps to try.
std::optional<std::vector<Course>> courses_of(const Conflict& conflict, std::int64_t most) {
  std::vector<Course> out;
  for (const PartyId p : conflict.parties()) {
    const PreferencePart* part = conflict.preference_part(p);
    if (part == nullptr) continue;
    const auto index = static_cast<std::size_t>(part - conflict.parts().preferences.data());
    if (part->method == Method::Weights) {
      std::int64_t sum[2] = {0, 0};
      for (std::size_t k = 0; k < part->statements.size(); ++k)
        sum[part->statements[k].vital] += std::abs(conflict.statement_weight(p, k));
      if (4 * std::max(sum[0], sum[1]) > most) return std::nullopt;
      for (std::size_t k = 0; k < part->statements.size(); ++k) {
        const std::int64_t w = conflict.statement_weight(p, k);
        if (w == 0) continue;
        Edit e{index, k, Edit::Kind::Weight, 0, conflict.score_places(p), 0, false};
        Course less{p, k, ShiftLine::Way::Less, {}};
        Course more{p, k, ShiftLine::Way::More, {}};
        const std::int64_t sign = w < 0 ? -1 : 1;
        for (std::int64_t q = 4 * std::abs(w) - 1; q >= 0; --q) {
          e.quarters = sign * q;
          less.edits.push_back(e);
        }
        const std::int64_t top = 4 * (sum[part->statements[k].vital] + 2);
        for (std::int64_t q = 4 * std::abs(w) + 1; q <= top; ++q) {
          e.quarters = sign * q;
          more.edits.push_back(e);
        }
        out.push_back(std::move(less));
        out.push_back(std::move(more));
        e.kind = Edit::Kind::NotVital;
        if (part->statements[k].vital) out.push_back({p, k, ShiftLine::Way::NotVital, {e}});
      }
    } else if (part->method == Method::Priorities) {
      std::vector<std::size_t> order;
      for (const bool vital : {true, false})
        for (std::size_t k = 0; k < part->statements.size(); ++k)
          if (part->statements[k].enabled && part->statements[k].vital == vital) order.push_back(k);
      for (std::size_t at = 0; at < order.size(); ++at) {
        Course down{p, order[at], ShiftLine::Way::Down, {}};
        Course up{p, order[at], ShiftLine::Way::Up, {}};
        for (std::size_t to = at + 1; to <= order.size(); ++to)
          down.edits.push_back({index, order[at], Edit::Kind::Place, 0, 0, to, to == order.size()});
        for (std::size_t to = at; to-- > 0;)
          up.edits.push_back({index, order[at], Edit::Kind::Place, 0, 0, to, false});
        out.push_back(std::move(down));
        out.push_back(std::move(up));
      }
    }
  }
  return out;
}

/// The edit that a shift of a course means: its index, or nullopt where the shift is of another
/// course. A shift past a bound is the first quarter step past it.
std::optional<std::size_t> edit_of(const Course& course, const Shift& s) {
  if (s.party != course.party || s.statement != course.statement) return std::nullopt;
  const auto quarters = [&](const Decimal& d, int places) {
    return std::llround(4 * d.to_double() * std::pow(10.0, places));
  };
  for (std::size_t i = 0; i < course.edits.size(); ++i) {
    const Edit& e = course.edits[i];
    switch (course.way) {
      case ShiftLine::Way::NotVital:
        if (s.kind == ShiftKind::NotVital) return i;
        break;
      case ShiftLine::Way::Up:
      case ShiftLine::Way::Down:
        if ((s.kind == ShiftKind::Order || s.kind == ShiftKind::Drop) && s.to_place == e.place)
          return i;
        break;
      default:
        if (s.kind == ShiftKind::Drop) {
          if (e.quarters == 0) return i;
        } else if (s.kind == ShiftKind::Weight) {
          const std::int64_t bound = quarters(s.bound, e.places);
          if (s.beyond ? i > 0 && course.edits[i - 1].quarters == bound : e.quarters == bound)
            return i;
          // Today's own weight is the bound.
          if (s.beyond && i == 0 && quarters(s.from, e.places) == bound &&
              (e.quarters > bound) == (quarters(s.to, e.places) > bound))
            return i;
        }
    }
  }
  return std::nullopt;
}

/// Two weights of one party: the values at which anything turns hang on each other, so each is
/// tried at every quarter step below what is told of it, beside the other as told.
std::string judge_one_sum(const Course& a, const Course& b, const Inverse& found,
                          const std::function<bool(std::vector<Edit>)>& opens) {
  const auto is_of = [](const Course& c, const Shift& s) {
    if (s.party != c.party || s.statement != c.statement) return false;
    if (s.kind == ShiftKind::NotVital) return c.way == ShiftLine::Way::NotVital;
    const bool less =
        s.kind == ShiftKind::Drop || std::abs(s.to.to_double()) < std::abs(s.from.to_double());
    return c.way == (less ? ShiftLine::Way::Less : ShiftLine::Way::More);
  };
  const ShiftSet* told = nullptr;
  for (const ShiftSet& set : found.sets)
    if (set.shifts.size() == 2 && is_of(a, set.shifts[0]) && is_of(b, set.shifts[1])) told = &set;
  // What goes up goes past all others, the later one past the first as well.
  const auto far = [](const Course& c, std::int64_t times) {
    Edit e = c.edits.back();
    if (c.way == ShiftLine::Way::More) e.quarters *= times;
    return e;
  };
  const bool some = opens({far(a, 1), far(b, 4)}) || opens({far(a, 4), far(b, 1)});
  if (some != (told != nullptr)) return some ? "missed" : "opens nothing at its ends";
  if (told == nullptr) return "";
  Edit as_told[2] = {a.edits.back(), b.edits.back()};
  for (const int k : {0, 1})
    if (told->shifts[k].kind == ShiftKind::Weight) as_told[k].exact = told->shifts[k].to;
  if (!opens({as_told[0], as_told[1]})) return "opens nothing as told";
  if (!told->least) return "";
  for (const int k : {0, 1}) {
    const Shift& s = told->shifts[k];
    if (s.kind == ShiftKind::NotVital) continue;
    const double whole = std::abs(s.bound.to_double());
    for (const Edit& e : (k == 0 ? a : b).edits) {
      const double size = static_cast<double>(std::abs(e.quarters)) / 4 * std::pow(10, -e.places);
      const bool less = (k == 0 ? a : b).way == ShiftLine::Way::Less;
      const bool nearer = less ? size > whole || (size == whole && s.beyond)
                               : size < whole || (size == whole && s.beyond);
      if (!nearer) break;
      if (k == 0 ? opens({e, as_told[1]}) : opens({as_told[0], e}))
        return std::string(k == 0 ? "the first" : "the second") + " can be smaller: at " +
               std::to_string(e.quarters) + " quarters of 10^-" + std::to_string(e.places) +
               ", and " + s.bound.to_string() + (s.beyond ? " is to be passed" : " to be reached");
    }
  }
  return "";
}

}  // namespace

std::string judge_shifts(const Parts& raw, bool pairs) {
  const Parts parts = marked(raw);
  const auto conflict = build(parts);
  if (!conflict || !conflict->status_quo()) return "";
  const auto courses = courses_of(*conflict, pairs ? 40 : 80);
  if (!courses || courses->empty()) return "";
  const auto reference = [&](std::size_t goal, std::vector<Edit> edits) {
    Parts changed = parts;
    for (const Edit& e : edits) apply(changed, e);
    return opens_clean(changed, goal).value_or(false);
  };
  for (std::size_t goal = 0; goal < conflict->goals().size(); ++goal) {
    if (reference(goal, {})) continue;
    const std::string text = "goal '" + parts.goals[goal].when + "': ";
    SearchSettings settings;
    settings.threads = 1;
    ShiftEffort effort;
    effort.most_steps = 1000;
    effort.most_pairs = pairs ? 1000 : 0;
    const Inverse found = least_shifts(*conflict, goal, settings, effort);
    if (found.end != End::Complete) return text + "undecided";
    if (found.impossible) {
      const auto states = reference::where(*sides(*conflict)->model, parts.goals[goal].when);
      if (std::count(states->begin(), states->end(), true) != 0)
        return text + "called impossible, and is not";
      continue;
    }
    bool any = false;
    for (const Course& c : *courses) {
      std::optional<std::size_t> first;
      for (std::size_t i = 0; i < c.edits.size() && !first; ++i)
        if (reference(goal, {c.edits[i]})) first = i;
      any = any || first;
      const std::string what = text + "party " + std::to_string(c.party.index()) + ", statement " +
                               std::to_string(c.statement) + ", way " +
                               std::to_string(static_cast<int>(c.way)) + ": ";
      std::optional<std::size_t> told;
      for (const ShiftSet& set : found.sets)
        if (set.shifts.size() == 1)
          if (const auto at = edit_of(c, set.shifts[0])) told = at;
      if (first && !told) return what + "missed, at " + std::to_string(*first);
      if (told && !first) return what + "opens nothing";
      if (told && *told != *first)
        return what + "told " + std::to_string(*told) + ", the least is " + std::to_string(*first);
    }
    if (any || !pairs) continue;
    for (std::size_t a = 0; a < courses->size(); ++a)
      for (std::size_t b = a + 1; b < courses->size(); ++b) {
        const Course& ca = (*courses)[a];
        const Course& cb = (*courses)[b];
        if ((ca.party == cb.party && ca.statement == cb.statement) || ca.edits.empty() ||
            cb.edits.empty())
          continue;
        if (ca.party == cb.party &&
            conflict->preference_part(ca.party)->method == Method::Weights) {
          const std::string fault = judge_one_sum(ca, cb, found, [&](std::vector<Edit> edits) {
            return reference(goal, std::move(edits));
          });
          if (!fault.empty())
            return text + "courses " + std::to_string(a) + " and " + std::to_string(b) + ": " +
                   fault;
          continue;
        }
        std::optional<std::pair<std::size_t, std::size_t>> told;
        for (const ShiftSet& set : found.sets) {
          const auto at_a = edit_of(ca, set.shifts[0]);
          const auto at_b = edit_of(cb, set.shifts[1]);
          if (at_a && at_b) told = {*at_a, *at_b};
        }
        const std::string what =
            text + "courses " + std::to_string(a) + " and " + std::to_string(b) + ": ";
        const bool far = reference(goal, {ca.edits.back(), cb.edits.back()});
        if (far != told.has_value()) return what + (far ? "missed" : "opens nothing");
        if (!told) continue;
        const auto opens = [&](std::size_t i, std::size_t j) {
          return reference(goal, {ca.edits[i], cb.edits[j]});
        };
        if (!opens(told->first, told->second)) return what + "opens nothing as told";
        for (std::size_t i = 0; i < told->first; ++i)
          if (opens(i, told->second)) return what + "the first can be smaller";
        for (std::size_t j = 0; j < told->second; ++j)
          if (opens(told->first, j)) return what + "the second can be smaller";
      }
  }
  return "";
}

}  // namespace wayout::properties
