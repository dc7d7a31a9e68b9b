#include <algorithm>

#include "wayout/stability/reference_model.hpp"

namespace wayout::reference {
namespace {

Unexpected<Errors> overflow() { return fault("overflow", "a number is out of the exact range"); }

Result<Decimal> value_of(const Quantity& q) {
  const auto value = q.value();
  if (!value) return overflow();
  return *value;
}

/// Σ over criteria of priority × weight.
Result<Decimal> statement_value(const PreferencePart& part, const StatementPart& statement) {
  Decimal total = 0;
  for (const auto& [criterion, weight] : statement.values) {
    auto value = value_of(weight);
    if (!value) return value;
    Decimal priority = 1;
    if (!part.criteria.empty()) {
      bool found = false;
      for (const auto& [name, quantity] : part.criteria) {
        if (name != criterion) continue;
        auto p = value_of(quantity);
        if (!p) return p;
        priority = *p;
        found = true;
      }
      if (!found) return fault("unknown_id", "'" + criterion + "' is no criterion");
    }
    const auto product = Decimal::multiply(priority, *value);
    const auto sum = product ? Decimal::add(total, *product) : std::nullopt;
    if (!sum) return overflow();
    total = *sum;
  }
  return total;
}

Result<Preference> read_weights(const Model& m, Preference out) {
  for (std::size_t s = 0; s < m.states.size(); ++s) {
    Decimal vital = 0;
    Decimal other = 0;
    for (const Statement& statement : out.statements) {
      if (!statement.truth[s]) continue;
      Decimal& sum = statement.vital ? vital : other;
      const auto next = Decimal::add(sum, statement.value);
      if (!next) return overflow();
      sum = *next;
    }
    out.vital_sum.push_back(vital);
    out.other_sum.push_back(other);
  }
  return out;
}

Result<Preference> read_additive(const Model& m, const PreferencePart& part, Preference out) {
  out.vital_sum.assign(m.states.size(), Decimal(0));
  out.other_sum.assign(m.states.size(), Decimal(0));
  for (const AdditivePart& row : part.values) {
    std::size_t option = m.options.size();
    for (std::size_t o = 0; o < m.options.size(); ++o)
      if (m.options[o].id == row.option) option = o;
    if (option == m.options.size()) return fault("unknown_id", "'" + row.option + "' is no option");
    for (std::size_t s = 0; s < m.states.size(); ++s) {
      auto value = value_of(row.levels.at(static_cast<std::size_t>(m.states[s].levels[option])));
      if (!value) return Unexpected{value.error()};
      const auto sum = Decimal::add(out.other_sum[s], *value);
      if (!sum) return overflow();
      out.other_sum[s] = *sum;
    }
  }
  return out;
}

/// The levels packed in a State, each option in as many bits as its highest level needs.
Levels unpack(const Model& m, State state) {
  Levels levels;
  UInt128 rest = state.bits;
  for (const OptionFacts& o : m.options) {
    int bits = 1;
    while ((1 << bits) < o.level_count) ++bits;
    levels.push_back(static_cast<int>(rest & ((UInt128{1} << bits) - 1)));
    rest >>= bits;
  }
  return levels;
}

Result<Preference> read_ranking(const Model& m, const PreferencePart& part, Preference out) {
  out.position.assign(m.states.size(), -1);
  const auto put = [&](std::size_t s, std::size_t position) {
    out.position[s] = static_cast<int>(position);
  };
  if (!m.graph && !part.placed.empty()) {
    for (std::size_t i = 0; i < part.placed.size(); ++i)
      for (const State state : part.placed[i])
        if (const auto it = m.number_of.find(unpack(m, state)); it != m.number_of.end())
          put(it->second, i);
  } else {
    for (std::size_t i = 0; i < part.order.size(); ++i) {
      for (const std::int64_t number : part.order[i]) {
        if (m.graph) {
          const auto place = m.places.find(number);
          if (place == m.places.end()) return fault("unknown_state", "no such state is ranked");
          put(place->second, i);
        } else {
          if (number < 1 || number > static_cast<std::int64_t>(m.states.size()))
            return fault("unknown_state", "no such state is ranked");
          put(static_cast<std::size_t>(number - 1), i);
        }
      }
    }
  }
  for (const int position : out.position)
    if (position < 0) return fault("ranking", "a state is not ranked");
  return out;
}

bool better(const Preference& p, std::size_t t, std::size_t s) {
  if (p.indifferent) return false;
  switch (p.method) {
    case Method::Priorities:
      for (const bool vital : {true, false})
        for (const Statement& statement : p.statements)
          if (statement.vital == vital && statement.truth[t] != statement.truth[s])
            return statement.truth[t];
      return false;
    case Method::Weights:
    case Method::Additive:
      if (p.vital_sum[t] != p.vital_sum[s]) return p.vital_sum[t] > p.vital_sum[s];
      return p.other_sum[t] > p.other_sum[s];
    case Method::Ranking:
      return p.position[t] < p.position[s];
    case Method::Unanimous:
      for (const Preference& member : p.members)
        if (!better(member, t, s)) return false;
      return true;
  }
  return false;
}

}  // namespace

Result<Preference> read_preference(const Model& m, const PreferencePart& part) {
  Preference out;
  out.method = part.method;
  for (const StatementPart& statement : part.statements) {
    if (!statement.enabled) continue;
    auto when = read_formula(m, statement.when);
    if (!when) return Unexpected{when.error()};
    auto value = statement_value(part, statement);
    if (!value) return Unexpected{value.error()};
    out.statements.push_back({truth(m, *when), statement.vital, *value});
  }
  switch (part.method) {
    case Method::Priorities:
      return out;
    case Method::Weights:
      return read_weights(m, std::move(out));
    case Method::Additive:
      return read_additive(m, part, std::move(out));
    case Method::Ranking:
      return read_ranking(m, part, std::move(out));
    case Method::Unanimous:
      for (const PreferencePart& member : part.members) {
        auto p = read_preference(m, member);
        if (!p) return p;
        out.members.push_back(std::move(*p));
      }
      return out;
  }
  return out;
}

bool better(const Model& m, std::size_t party, std::size_t t, std::size_t s) {
  return better(m.preferences.at(party), t, s);
}

std::vector<int> ranks(const Model& m, std::size_t party) {
  const Preference& p = m.preferences.at(party);
  if (!p.indifferent && p.method == Method::Unanimous) return {};
  std::vector<std::size_t> order;
  for (std::size_t s = 0; s < m.states.size(); ++s) order.push_back(s);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return better(p, a, b); });
  std::vector<int> rank(m.states.size(), 0);
  int now = 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && better(p, order[i - 1], order[i])) ++now;
    rank[order[i]] = now;
  }
  return rank;
}

}  // namespace wayout::reference
