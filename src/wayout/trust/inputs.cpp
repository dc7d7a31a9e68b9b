#include "wayout/trust/inputs.hpp"

#include <algorithm>
#include <set>

namespace wayout {
namespace {

constexpr std::int64_t kEnoughPoints = 100'000;

/// Whole multiples of 10^-places within [low, high]; false where a bound does not fit.
bool grid(const Decimal& low, const Decimal& high, int places, std::int64_t& first,
          std::int64_t& last) {
  Int128 power = 1;
  const auto whole = [&](const Decimal& x, bool up) -> std::optional<std::int64_t> {
    if (x.places() <= places) return x.scaled(places);
    power = 1;
    for (int k = places; k < x.places(); ++k) power *= 10;
    Int128 q = x.mantissa() / power;
    const Int128 rest = x.mantissa() % power;
    if (up && rest > 0) ++q;
    if (!up && rest < 0) --q;
    if (q > INT64_MAX || q < INT64_MIN) return std::nullopt;
    return static_cast<std::int64_t>(q);
  };
  const auto a = whole(low, true);
  const auto b = whole(high, false);
  if (!a || !b || *a > *b || *b > INT64_MAX / 2 || *a < INT64_MIN / 2) return false;
  first = *a;
  last = *b;
  return true;
}

class Lister {
 public:
  explicit Lister(const Conflict& conflict) : conflict_(conflict), parts_(conflict.parts()) {
    if (const auto spread = parts_.trust.spread.value()) spread_ = *spread;
  }

  std::vector<Input> run() {
    options();
    for (std::size_t i = 0; i < parts_.preferences.size(); ++i) {
      const PreferencePart& part = parts_.preferences[i];
      preference(part, part.party, i, 0);
      for (std::size_t m = 0; m < part.members.size(); ++m)
        preference(part.members[m], part.party + "/" + label(part.members[m].id, m), i, m + 1);
    }
    tempos();
    hazards();
    measures();
    beliefs();
    return std::move(out_);
  }

 private:
  static std::string label(const std::string& id, std::size_t index) {
    return id.empty() ? std::to_string(index + 1) : id;
  }
  /// A statement without an id is known by what it says, so that others may come and go before it.
  static std::string label(const StatementPart& s) { return s.id.empty() ? s.when : s.id; }
  static std::string shown(const StatementPart& s) {
    return "'" + (s.name.empty() ? label(s) : s.name) + "'";
  }

  void number(UncertainKind kind, const Quantity& q, std::string key, std::string name,
              std::initializer_list<std::size_t> at, bool negative, bool spread = true) {
    Input in;
    in.kind = kind;
    Quantity plain = q;
    plain.times = 1;  // effects multiply what is drawn
    in.ranged = q.form != Quantity::Form::Plain;
    if (!in.ranged) {
      if (!spread || spread_.is_zero()) return;
      plain.form = Quantity::Form::AboutSpread;
      plain.b = spread_;
    }
    const auto low = plain.low();
    const auto high = plain.high();
    const auto value = plain.value();
    if (!low || !high || !value) return;
    in.low = !negative && low->is_negative() ? Decimal(0) : *low;
    in.high = *high;
    in.value = *value;
    bool found = false;
    for (in.places = 0; in.places <= Decimal::kMaxInputPlaces; ++in.places) {
      std::int64_t first = 0;
      std::int64_t last = 0;
      if (!grid(in.low, in.high, in.places, first, last)) continue;
      found = true;
      in.first = first;
      in.last = last;
      if (last - first >= kEnoughPoints || in.places == Decimal::kMaxInputPlaces) break;
    }
    if (!found || in.first == in.last) return;
    in.places = std::min(in.places, Decimal::kMaxInputPlaces);
    std::copy(at.begin(), at.end(), in.at);
    add(std::move(in), std::move(key), std::move(name));
  }

  void choice(UncertainKind kind, std::uint64_t choices, std::string key, std::string name,
              std::initializer_list<std::size_t> at) {
    Input in;
    in.kind = kind;
    in.choices = choices;
    in.ranged = true;
    in.last = static_cast<std::int64_t>(choices) - 1;
    in.high = Decimal(in.last);
    std::copy(at.begin(), at.end(), in.at);
    add(std::move(in), std::move(key), std::move(name));
  }

  void add(Input in, std::string key, std::string name) {
    // Two statements of one preference may say the same; the second has a stream of its own.
    std::string unique = key;
    for (int k = 2; !keys_.insert(unique).second; ++k) unique = key + "#" + std::to_string(k);
    in.key = std::move(unique);
    in.name = std::move(name);
    out_.push_back(std::move(in));
  }

  /// at: the option.
  void options() {
    for (std::size_t i = 0; i < parts_.options.size(); ++i) {
      const OptionPart& o = parts_.options[i];
      if (o.or_now.empty() || parts_.no_status_quo) continue;
      choice(UncertainKind::StatusQuo, o.or_now.size() + 1, "now/" + o.id, "today's " + o.id, {i});
    }
  }

  /// at: the preference, the member (0: the preference itself), then the statement and its value,
  /// the criterion, or the valued option and its level.
  void preference(const PreferencePart& part, const std::string& who, std::size_t i,
                  std::size_t m) {
    if (part.method == Method::Weights) {
      for (std::size_t k = 0; k < part.criteria.size(); ++k)
        number(UncertainKind::Criterion, part.criteria[k].second,
               "criterion/" + who + "/" + part.criteria[k].first,
               who + ": importance of " + part.criteria[k].first, {i, m, k}, true);
      for (std::size_t k = 0; k < part.statements.size(); ++k) {
        const StatementPart& s = part.statements[k];
        if (!s.enabled) continue;
        for (std::size_t v = 0; v < s.values.size(); ++v) {
          const std::string& criterion = s.values[v].first;
          number(UncertainKind::Weight, s.values[v].second,
                 "weight/" + who + "/" + label(s) + "/" + criterion,
                 who + ": " + shown(s) + ", " + criterion, {i, m, k, v}, true);
        }
      }
    }
    if (part.method == Method::Additive)
      for (std::size_t k = 0; k < part.values.size(); ++k)
        for (std::size_t v = 0; v < part.values[k].levels.size(); ++v)
          number(UncertainKind::Value, part.values[k].levels[v],
                 "value/" + who + "/" + part.values[k].option + "/" + std::to_string(v),
                 who + ": " + part.values[k].option + " at level " + level_name(part, k, v),
                 {i, m, k, v}, true);
    if (part.method == Method::Priorities)
      for (std::size_t k = 0; k < part.statements.size(); ++k) {
        const StatementPart& s = part.statements[k];
        if (s.or_before.empty() || !s.enabled) continue;
        choice(UncertainKind::Order, 2, "order/" + who + "/" + label(s) + "/" + s.or_before,
               who + ": " + shown(s) + " before '" + s.or_before + "'", {i, m, k});
      }
  }

  std::string level_name(const PreferencePart& part, std::size_t k, std::size_t v) const {
    const auto o = conflict_.find_option(part.values[k].option);
    return o && v < conflict_.option(*o).levels.size() ? conflict_.option(*o).levels[v]
                                                       : std::to_string(v);
  }

  /// at: the tempo.
  void tempos() {
    for (std::size_t i = 0; i < parts_.tempos.size(); ++i) {
      const TempoPart& t = parts_.tempos[i];
      const std::string who = !t.party.empty() ? t.party : t.track == "*" ? "every track" : t.track;
      const std::string key = !t.party.empty() ? t.party : t.track;
      number(UncertainKind::Tempo, t.moves_per_unit, "tempo/" + key, who + ": moves per " + unit(),
             {i}, false);
      if (t.rationality && !t.rationality_infinite)
        number(UncertainKind::Rationality, *t.rationality, "rationality/" + key,
               who + ": rationality", {i}, false);
    }
  }

  /// at: the hazard, then the catastrophe or the factor.
  void hazards() {
    for (std::size_t i = 0; i < parts_.hazards.size(); ++i) {
      const HazardPart& h = parts_.hazards[i];
      const std::string who = label(h.id, i);
      number(UncertainKind::Rate, h.rate, "rate/" + who, "rate of " + who + " per " + unit(), {i},
             false);
      // Shares add to 1, so plain ones are not moved, and the last one is what the others leave.
      const auto& shares = h.leads_to.catastrophes;
      for (std::size_t k = 0; k + 1 < shares.size(); ++k)
        number(UncertainKind::Share, shares[k].second, "share/" + who + "/" + shares[k].first,
               "share of " + shares[k].first + " in " + who, {i, k}, false, false);
      for (std::size_t k = 0; k < h.factors.size(); ++k) {
        const FactorPart& f = h.factors[k];
        number(UncertainKind::Factor, f.times,
               "factor/" + who + "/" + label(f.id.empty() ? f.when : f.id, k),
               "factor of " + (f.id.empty() ? "'" + f.when + "'" : f.id) + " on " + who, {i, k},
               false);
      }
    }
  }

  /// at: the measure; with an effect: 0, the measure, the effect and the entry of its `set`.
  void measures() {
    for (std::size_t i = 0; i < parts_.measures.size(); ++i) {
      const MeasurePart& m = parts_.measures[i];
      number(UncertainKind::Cost, m.cost, "cost/" + m.id, "cost of " + m.id, {i}, false);
      effects(m.effects, m.id, 0, i);
    }
  }
  void beliefs() {
    for (std::size_t i = 0; i < parts_.beliefs.size(); ++i)
      if (parts_.beliefs[i].enabled)
        effects(parts_.beliefs[i].effects, label(parts_.beliefs[i].id, i), 1, i);
  }
  void effects(const std::vector<EffectPart>& list, const std::string& who, std::size_t where,
               std::size_t i) {
    for (std::size_t k = 0; k < list.size(); ++k) {
      const EffectPart& e = list[k];
      const std::string key = "effect/" + who + "/" + e.target;
      const std::string name = who + ": effect on " + e.target;
      switch (e.kind) {
        case EffectKind::Statement:
          if (e.action == StatementAction::Times)
            number(UncertainKind::Effect, e.number, key + "/" + e.statement,
                   name + "'s '" + e.statement + "'", {where, i, k}, true);
          break;
        case EffectKind::Criteria:
          for (std::size_t c = 0; c < e.set.size(); ++c)
            number(UncertainKind::Effect, e.set[c].second, key + "/" + e.set[c].first,
                   name + ", " + e.set[c].first, {where, i, k, c}, true);
          break;
        case EffectKind::HazardTimes:
        case EffectKind::RateSet:
        case EffectKind::TempoTimes:
          number(UncertainKind::Effect, e.number, key, name, {where, i, k}, false);
          break;
        default:
          break;
      }
    }
  }

  const std::string& unit() const { return parts_.time.unit; }

  const Conflict& conflict_;
  const Parts& parts_;
  Decimal spread_ = 0;
  std::set<std::string> keys_;
  std::vector<Input> out_;
};

}  // namespace

std::vector<Input> uncertain_inputs(const Conflict& conflict) { return Lister(conflict).run(); }

Quantity& quantity_at(Parts& parts, const Input& input) {
  const auto& at = input.at;
  const auto preference = [&]() -> PreferencePart& {
    PreferencePart& whole = parts.preferences.at(at[0]);
    return at[1] == 0 ? whole : whole.members.at(at[1] - 1);
  };
  switch (input.kind) {
    case UncertainKind::Weight:
      return preference().statements.at(at[2]).values.at(at[3]).second;
    case UncertainKind::Criterion:
      return preference().criteria.at(at[2]).second;
    case UncertainKind::Value:
      return preference().values.at(at[2]).levels.at(at[3]);
    case UncertainKind::Tempo:
      return parts.tempos.at(at[0]).moves_per_unit;
    case UncertainKind::Rationality:
      return parts.tempos.at(at[0]).rationality.value();
    case UncertainKind::Rate:
      return parts.hazards.at(at[0]).rate;
    case UncertainKind::Share:
      return parts.hazards.at(at[0]).leads_to.catastrophes.at(at[1]).second;
    case UncertainKind::Factor:
      return parts.hazards.at(at[0]).factors.at(at[1]).times;
    case UncertainKind::Cost:
      return parts.measures.at(at[0]).cost;
    case UncertainKind::Effect: {
      EffectPart& e = at[0] == 0 ? parts.measures.at(at[1]).effects.at(at[2])
                                 : parts.beliefs.at(at[1]).effects.at(at[2]);
      return e.kind == EffectKind::Criteria ? e.set.at(at[3]).second : e.number;
    }
    case UncertainKind::Order:
    case UncertainKind::StatusQuo:
      break;
  }
  contract(false, "quantity_at: an input that is a number");
  return parts.hazards.at(0).rate;
}

const Quantity& quantity_at(const Parts& parts, const Input& input) {
  return quantity_at(const_cast<Parts&>(parts), input);
}

}  // namespace wayout
