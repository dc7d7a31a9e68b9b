#include "wayout/space/random_conflict.hpp"

#include <algorithm>
#include <string>

#include "wayout/base/random.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/random_nevers.hpp"

namespace wayout {
namespace {

const std::vector<std::string>& level_names() {
  static const std::vector<std::string> names = {"none", "some", "much", "most", "all"};
  return names;
}

/// Draws one conflict, part by part.
class Maker {
 public:
  Maker(const RandomSettings& settings, std::uint64_t seed) : set_(settings), seed_(seed) {}

  Parts run() {
    known_now_ = !stream("no_status_quo").chance(set_.no_status_quo);
    for (std::size_t i = 0; i < set_.parties; ++i) party(i);
    if (set_.graph) {
      graph();
    } else {
      for (std::size_t i = 0; i < set_.options; ++i) option(i);
      parties_without_options();
      for (std::size_t i = 0; i < set_.tracks && set_.parties > 1; ++i) track(i);
    }
    for (std::size_t i = 0; i < set_.defines; ++i) define(i);
    if (!set_.graph) {
      if (set_.density) {
        random_nevers(parts_, *set_.density, seed_);
      } else {
        for (std::size_t i = 0; i < set_.nevers; ++i) never(i);
      }
      for (std::size_t i = 0; i < set_.forbids; ++i) forbid(i);
      links();
    }
    if (!known_now_ && !set_.graph) {
      parts_.no_status_quo = true;
      for (OptionPart& o : parts_.options) o.has_now = false;
    }
    for (std::size_t p = 0; p < set_.parties; ++p) preference(p);
    unanimous_members();
    return std::move(parts_);
  }

 private:
  Random stream(std::string_view purpose, std::size_t which = 0) const {
    return Random(seed_, which, purpose);
  }

  void party(std::size_t i) {
    PartyPart p;
    p.id = "p" + std::to_string(i + 1);
    p.third = stream("third", i).chance(set_.third);
    parts_.parties.push_back(std::move(p));
  }

  void option(std::size_t i) {
    Random r = stream("option", i);
    OptionPart o;
    o.id = "o" + std::to_string(i + 1);
    if (r.chance(set_.graded) && set_.most_levels > 2) {
      const auto count =
          static_cast<std::size_t>(r.between(2, std::min<std::int64_t>(set_.most_levels, 5)));
      o.levels.assign(level_names().begin(),
                      level_names().begin() + static_cast<std::ptrdiff_t>(count));
    }
    const bool is_joint = r.chance(set_.joint) && set_.parties > 1;
    const double direction = r.unit();
    const bool up = r.chance(0.5);
    const bool binding = r.chance(set_.binding);
    o.enabled = !r.chance(set_.disabled);
    const auto levels = static_cast<std::int64_t>(level_count(o));
    const std::int64_t now = r.chance(0.5) ? 0 : r.between(0, levels - 1);
    if (now > 0 && o.enabled) {
      o.has_now = true;
      if (!o.levels.empty() && r.chance(0.5)) {
        o.now = o.levels[static_cast<std::size_t>(now)];
      } else {
        o.now = now;
      }
      if (o.levels.empty()) o.now = true;
    }
    Random owner = stream("owner", i);
    if (is_joint) {
      o.parties = some_parties(owner);
      o.binding = binding;
    } else {
      // The first options go round, so that most parties have one.
      o.party = parts_.parties[i < set_.parties ? i : owner.below(set_.parties)].id;
      if (direction < set_.one_way) o.moves = up ? Direction::Up : Direction::Down;
    }
    parts_.options.push_back(std::move(o));
  }

  static std::size_t level_count(const OptionPart& o) {
    return o.levels.empty() ? 2 : o.levels.size();
  }

  /// Two or more, in file order.
  std::vector<std::string> some_parties(Random& r) const {
    std::vector<std::size_t> order;
    for (std::size_t p = 0; p < set_.parties; ++p) order.push_back(p);
    r.shuffle(order);
    std::size_t n = 2;
    while (n < set_.parties && r.chance(0.35)) ++n;
    order.resize(n);
    std::sort(order.begin(), order.end());
    std::vector<std::string> out;
    for (const std::size_t p : order) out.push_back(parts_.parties[p].id);
    return out;
  }

  void parties_without_options() {
    for (PartyPart& p : parts_.parties) {
      bool owns = false;
      for (const OptionPart& o : parts_.options)
        owns = owns || o.party == p.id ||
               std::find(o.parties.begin(), o.parties.end(), p.id) != o.parties.end();
      if (!owns) p.third = true;
    }
  }

  void track(std::size_t i) {
    Random r = stream("track", i);
    TrackPart t;
    t.id = "t" + std::to_string(i + 1);
    t.parties = some_parties(r);
    t.open = r.chance(set_.open);
    t.consent = r.chance(set_.none_worse) ? Consent::NoneWorse : Consent::AllBetter;
    const auto member = [&](const std::string& id) {
      return std::find(t.parties.begin(), t.parties.end(), id) != t.parties.end();
    };
    for (const OptionPart& o : parts_.options) {
      Random on =
          stream("table" + std::to_string(i), static_cast<std::size_t>(&o - parts_.options.data()));
      if (!o.party.empty()
              ? member(o.party) && on.chance(0.5)
              : std::all_of(o.parties.begin(), o.parties.end(), member) && on.chance(0.85))
        t.table.push_back(o.id);
    }
    if (!t.table.empty()) parts_.tracks.push_back(std::move(t));
  }

  // --- expressions

  std::string literal(Random& r) const {
    if (set_.graph && (parts_.options.empty() || r.chance(0.4))) {
      const StatePart& s = r.pick(parts_.states);
      return std::string("state ") + (r.chance(0.5) ? "== " : "!= ") + std::to_string(s.number);
    }
    const OptionPart& o = r.pick(parts_.options);
    const double kind = r.unit();
    if (!parts_.defines.empty() && kind < 0.1) {
      const std::string& id = r.pick(parts_.defines).id;
      return r.chance(0.5) ? id : "not " + id;
    }
    if (known_now_ && kind > 0.97) return r.chance(0.5) ? "now" : "not now";
    if (o.levels.empty() && kind < 0.85)
      return (r.chance(0.5) ? "" : r.chance(0.5) ? "not " : "!") + o.id;
    if (kind < 0.3) return (r.chance(0.5) ? "" : "not ") + o.id;
    static const std::vector<std::string> ops = {"==", "==", "!=", "<", "<=", ">", ">="};
    const std::string& op = r.pick(ops);
    const auto level = static_cast<std::size_t>(r.below(level_count(o)));
    std::string name = std::to_string(level);
    if (o.levels.empty() && r.chance(0.5)) name = level == 1 ? "true" : "false";
    if (!o.levels.empty() && r.chance(0.7)) name = o.levels[level];
    return o.id + " " + op + " " + name;
  }

  std::string expression(Random& r, std::size_t depth) const {
    if (depth == 0 || r.chance(0.3)) return literal(r);
    const std::string a = expression(r, depth - 1);
    const std::string b = expression(r, depth - 1);
    switch (r.below(9)) {
      case 0:
      case 1:
        return "(" + a + ") and (" + b + ")";
      case 2:
        return literal(r) + " & " + literal(r);
      case 3:
        return "(" + a + ") or (" + b + ")";
      case 4:
        return literal(r) + " | " + literal(r) + " & " + literal(r);
      case 5:
        return "(" + a + ") if (" + b + ")";
      case 6:
        return "(" + a + ") <-> (" + b + ")";
      case 7:
        return "not (" + a + ") -> (" + b + ")";
      default: {
        static const std::vector<std::string> ops = {"==", "!=", "<", "<=", ">", ">="};
        const std::string op = r.pick(ops);
        return "count(" + a + ", " + b + ", " + literal(r) + ") " + op + " " +
               std::to_string(r.between(0, 3));
      }
    }
  }

  void define(std::size_t i) {
    Random r = stream("define", i);
    DefinePart d;
    d.id = "d" + std::to_string(i + 1);
    d.when = expression(r, 1);  // may use the defines before it
    parts_.defines.push_back(std::move(d));
  }

  // --- rules

  void never(std::size_t i) {
    Random r = stream("never", i);
    RulePart rule;
    rule.id = "never" + std::to_string(i + 1);
    rule.enabled = !r.chance(set_.disabled);
    if (r.chance(0.75)) {
      rule.never = literal(r);
      const std::size_t more = 1 + r.below(2);
      for (std::size_t k = 0; k < more; ++k) rule.never += " and " + literal(r);
    } else {
      rule.never = expression(r, set_.depth);
    }
    const auto conflict = build(without_preferences(parts_));
    contract(conflict.has_value(), "a random conflict builds");
    const auto condition = conflict->condition(rule.never);
    contract(condition.has_value(), "a random expression resolves");
    if (condition->holds(*conflict->status_quo())) {
      // Today exists, so the rule cannot be meant of today.
      if (!known_now_) return;
      rule.never = "(" + rule.never + ") and not now";
    }
    parts_.rules.push_back(std::move(rule));
  }

  void forbid(std::size_t i) {
    Random r = stream("forbid", i);
    RulePart rule;
    rule.id = "forbid" + std::to_string(i + 1);
    rule.enabled = !r.chance(set_.disabled);
    ForbidPart f;
    if (!roundabout(f, r)) anywhere(f, r);
    rule.forbid = std::move(f);
    parts_.rules.push_back(std::move(rule));
  }

  /// Something that its owner can do in two steps and not in one: only such rules keep a mover from
  /// being transitive in a way that matters. False where there is no place for one.
  bool roundabout(ForbidPart& f, Random& r) const {
    if (!r.chance(0.5)) return false;
    const OptionPart& o = r.pick(parts_.options);
    if (o.party.empty()) return false;
    f.by = o.party;
    if (o.levels.size() > 2) {
      const auto levels = static_cast<std::int64_t>(o.levels.size());
      const bool down = o.moves == Direction::Down;
      const std::int64_t far = r.between(2, levels - 1);
      f.from = o.id + " == " + std::to_string(down ? far : 0);
      f.to = o.id + " == " + std::to_string(down ? 0 : far);
      return true;
    }
    for (const OptionPart& other : parts_.options) {
      if (other.id == o.id || other.party != o.party) continue;
      f.from = "not " + o.id + " and not " + other.id;
      f.to = o.id + " and " + other.id;
      return true;
    }
    return false;
  }

  void anywhere(ForbidPart& f, Random& r) const {
    const double by = r.unit();
    f.by.clear();
    if (by < 0.5 || (by < 0.75 && parts_.tracks.empty())) {
      f.by = r.pick(parts_.parties).id;
    } else if (by < 0.75) {
      f.by = r.pick(parts_.tracks).id;
    }
    const double form = r.unit();
    f.from = r.chance(0.5) ? literal(r) : expression(r, set_.depth);
    if (form < 0.15) {
      f.to = "not (" + f.from + ")";  // every state is in the one or the other
    } else {
      f.to = r.chance(0.5) ? literal(r) : expression(r, set_.depth);
      if (form < 0.25) f.from.clear();
      if (form > 0.9) f.to.clear();
    }
  }

  void links() {
    for (TrackPart& t : parts_.tracks) {
      Random r = stream("link " + t.id);
      if (!r.chance(set_.linked)) continue;
      t.linked = r.chance(0.5) ? "true" : r.chance(0.5) ? literal(r) : expression(r, set_.depth);
    }
  }

  // --- preferences

  Method method(Random& r) const {
    const double x =
        r.unit() * (set_.priorities + set_.weights + set_.additive + set_.ranking + set_.unanimous);
    double sum = set_.priorities;
    if (x < sum) return Method::Priorities;
    if (x < (sum += set_.weights)) return Method::Weights;
    if (x < (sum += set_.additive)) return Method::Additive;
    if (x < (sum += set_.ranking)) return Method::Ranking;
    return set_.unanimous > 0 ? Method::Unanimous : Method::Priorities;
  }

  void preference(std::size_t p) {
    if (parts_.parties[p].third) return;
    Random r = stream("preference", p);
    Method m = method(r);
    if (m == Method::Ranking && !set_.graph) {
      numbered_states();
      if (feasible_ == 0) m = Method::Priorities;
    }
    PreferencePart part = preference_of(m, r, p, 0);
    part.party = parts_.parties[p].id;
    parts_.preferences.push_back(std::move(part));
  }

  /// "None is worse" says nothing of a party without a complete order, and build() refuses it.
  void unanimous_members() {
    for (TrackPart& t : parts_.tracks)
      for (const PreferencePart& p : parts_.preferences)
        if (p.method == Method::Unanimous &&
            std::find(t.parties.begin(), t.parties.end(), p.party) != t.parties.end())
          t.consent = Consent::AllBetter;
  }

  PreferencePart preference_of(Method m, Random& r, std::size_t p, std::size_t member) {
    if (m == Method::Additive && parts_.options.empty()) m = Method::Priorities;
    PreferencePart part;
    part.method = m;
    switch (m) {
      case Method::Priorities:
      case Method::Weights:
        statements(part, p, member);
        break;
      case Method::Additive:
        additive(part, r);
        break;
      case Method::Ranking:
        ranking(part, r);
        break;
      case Method::Unanimous:
        for (std::size_t k = 0; k < 2 + r.below(2); ++k)
          part.members.push_back(
              preference_of(r.chance(0.5) ? Method::Weights : Method::Priorities, r, p, k + 1));
        break;
    }
    return part;
  }

  void statements(PreferencePart& part, std::size_t p, std::size_t member) {
    const std::string key = std::to_string(p) + "." + std::to_string(member);
    Random r = stream("statements " + key);
    const bool weights = part.method == Method::Weights;
    if (weights && r.chance(set_.criteria))
      part.criteria = {{"gold", number(r, false)}, {"glory", number(r, false)}};
    const std::size_t n = set_.exactly ? set_.statements : 1 + r.below(set_.statements);
    for (std::size_t i = 0; i < n; ++i) {
      Random own = stream("statement " + key, i);
      StatementPart s;
      s.id = "s" + std::to_string(i + 1);
      s.when = set_.interaction ? interaction(own, p) : expression(own, set_.depth);
      s.vital = own.chance(set_.vital);
      s.enabled = !own.chance(set_.disabled);
      if (weights && part.criteria.empty()) s.values = {{"weight", number(own, true)}};
      if (weights && !part.criteria.empty()) {
        s.values = {{own.chance(0.5) ? "gold" : "glory", number(own, true)}};
        if (own.chance(0.3))
          s.values.emplace_back(s.values[0].first == "gold" ? "glory" : "gold", number(own, true));
      }
      part.statements.push_back(std::move(s));
    }
  }

  /// One option of the party's and `interaction` options of others, each named once.
  std::string interaction(Random& r, std::size_t p) const {
    std::vector<const OptionPart*> own, others;
    for (const OptionPart& o : parts_.options) {
      const std::string& id = parts_.parties[p].id;
      const bool has =
          o.party == id || std::find(o.parties.begin(), o.parties.end(), id) != o.parties.end();
      (has ? own : others).push_back(&o);
    }
    r.shuffle(others);
    others.resize(std::min(*set_.interaction, others.size()));
    if (!own.empty()) others.push_back(own[r.below(own.size())]);
    if (others.empty()) return literal(r);
    r.shuffle(others);
    static const std::vector<std::string> joins = {"and", "and", "or", "or", "iff", "if"};
    std::string out = level_test(*others[0], r);
    for (std::size_t i = 1; i < others.size(); ++i) {
      if (i > 1) out = "(" + out + ")";
      out += " " + r.pick(joins) + " " + level_test(*others[i], r);
    }
    return out;
  }

  static std::string level_test(const OptionPart& o, Random& r) {
    if (o.levels.empty()) return (r.chance(0.5) ? "" : "not ") + o.id;
    const std::string at = r.chance(0.5) ? " >= " : " == ";
    return o.id + at + o.levels[1 + r.below(o.levels.size() - 1)];
  }

  /// Mostly small whole numbers, so that sums tie; now and then decimals and ranges.
  Quantity number(Random& r, bool negative) const {
    Quantity q;
    if (set_.widest) {
      const std::int64_t size = r.between(1, *set_.widest);
      q.a = Decimal(negative && r.chance(0.5) ? -size : size);
      return q;
    }
    const std::int64_t low = negative ? -3 : 0;
    q.a = Decimal(r.between(low, 3));
    const double kind = r.unit();
    if (kind < 0.15) q.a = *Decimal::parse(r.chance(0.5) ? "0.1" : "0.2");
    if (kind > 0.85) {
      q.form = Quantity::Form::FromTo;
      q.b = *Decimal::add(q.a, Decimal(r.between(0, 2)));
    } else if (kind > 0.75) {
      q.form = Quantity::Form::AboutSpread;
      q.b = *Decimal::parse("0.25");
    }
    return q;
  }

  void additive(PreferencePart& part, Random& r) const {
    for (const OptionPart& o : parts_.options) {
      if (r.chance(0.25)) continue;
      AdditivePart row;
      row.option = o.id;
      for (std::size_t level = 0; level < level_count(o); ++level)
        row.levels.push_back(number(r, true));
      part.values.push_back(std::move(row));
    }
    if (!part.values.empty()) return;
    AdditivePart row;
    row.option = parts_.options[0].id;
    for (std::size_t level = 0; level < level_count(parts_.options[0]); ++level)
      row.levels.push_back(number(r, true));
    part.values.push_back(std::move(row));
  }

  /// Counts the feasible states once; 0 where there are more than may be ranked.
  void numbered_states() {
    if (counted_) return;
    counted_ = true;
    const auto conflict = build(without_preferences(parts_));
    contract(conflict.has_value(), "a random conflict builds");
    if (conflict->raw_size() > 64 * set_.most_ranked) return;
    State s;
    for (UInt128 i = 0; i < conflict->raw_size(); ++i) {
      if (conflict->feasible(s)) ++feasible_;
      for (const OptionId o : conflict->options()) {
        const int level = conflict->level(s, o) + 1;
        const bool carry = level == static_cast<int>(conflict->option(o).levels.size());
        s = conflict->with_level(s, o, carry ? 0 : level);
        if (!carry) break;
      }
    }
    if (feasible_ > set_.most_ranked) feasible_ = 0;
  }

  void ranking(PreferencePart& part, Random& r) const {
    std::vector<std::int64_t> numbers;
    for (const StatePart& s : parts_.states) numbers.push_back(s.number);
    for (std::size_t i = 1; i <= feasible_; ++i) numbers.push_back(static_cast<std::int64_t>(i));
    r.shuffle(numbers);
    for (const std::int64_t number : numbers) {
      if (part.order.empty() || !r.chance(set_.ties)) part.order.emplace_back();
      part.order.back().push_back(number);
    }
  }

  // --- graph form

  void graph() {
    Random r = stream("graph");
    if (r.chance(set_.labels)) {
      for (std::size_t i = 0; i < set_.options; ++i) option(i);
      for (OptionPart& o : parts_.options) {
        o.parties.clear();
        o.binding.reset();
        o.moves.reset();
        o.enabled = true;
        o.has_now = false;
        if (o.party.empty()) o.party = parts_.parties[0].id;
      }
    }
    std::int64_t number = 0;
    for (std::size_t i = 0; i < set_.states; ++i) {
      Random own = stream("state", i);
      StatePart s;
      number += own.chance(0.8) ? 1 : own.between(2, 5);
      s.number = number;
      for (const OptionPart& o : parts_.options)
        s.values.push_back(own.between(0, static_cast<std::int64_t>(level_count(o)) - 1));
      parts_.states.push_back(std::move(s));
    }
    if (r.chance(0.3)) std::reverse(parts_.states.begin(), parts_.states.end());
    if (known_now_) parts_.now_state = r.pick(parts_.states).number;
    for (std::size_t p = 0; p < set_.parties; ++p) {
      MovesPart moves;
      moves.party = parts_.parties[p].id;
      Random own = stream("arcs", p);
      for (const StatePart& a : parts_.states)
        for (const StatePart& b : parts_.states)
          if (own.chance(set_.arcs) && a.number != b.number)
            moves.arcs.emplace_back(a.number, b.number);
      if (moves.arcs.empty()) {
        parts_.parties[p].third = true;
      } else {
        parts_.moves.push_back(std::move(moves));
      }
    }
  }

  RandomSettings set_;
  std::uint64_t seed_;
  Parts parts_;
  bool known_now_ = true;
  bool counted_ = false;
  std::size_t feasible_ = 0;
};

}  // namespace

Parts random_parts(const RandomSettings& settings, std::uint64_t seed) {
  contract(settings.parties > 0 && settings.options > 0 && settings.statements > 0,
           "a random conflict has a party, an option and a statement");
  contract(!settings.graph || settings.states > 1, "a random graph has two states");
  return Maker(settings, seed).run();
}

}  // namespace wayout
