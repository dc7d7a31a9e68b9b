#include <algorithm>
#include <cmath>
#include <set>

#include "wayout/model/build.hpp"

namespace wayout {
namespace {

/// A score may reach this on either side; differences of two then still fit.
constexpr std::int64_t kMostScore = std::int64_t{1} << 61;

}  // namespace

CompiledPreference Builder::preference(PreferencePart& part, bool member) {
  CompiledPreference out;
  out.method = part.method;
  if (part.statements.size() > Limits::kStatements) {
    fault_at("limit",
             "a party has at most " + with_commas(Limits::kStatements) +
                 " statements, and this one has " + with_commas(part.statements.size()),
             part.path + ".statements");
    return out;
  }
  std::set<std::string> ids;
  for (const auto& s : part.statements) {
    if (!s.id.empty() && !ids.insert(s.id).second)
      fault_at("duplicate_id", "two statements of this preference have the id '" + s.id + "'",
               s.path + ".id");
    out.statements.push_back(resolve(s.when, s.bare ? s.path : s.path + ".when"));
    if (!s.or_before.empty()) or_before(part, s);
  }
  switch (part.method) {
    case Method::Priorities:
      for (const bool vital : {true, false})
        for (std::size_t i = 0; i < part.statements.size(); ++i)
          if (part.statements[i].enabled && part.statements[i].vital == vital)
            out.ordered.push_back(out.statements[i]);
      for (const auto& s : part.statements)
        if (!s.values.empty())
          fault_at("values",
                   "a statement of priorities has its place and no '" + s.values[0].first + "'",
                   s.path + "." + s.values[0].first, "method = \"weights\" takes numbers");
      break;
    case Method::Weights:
      weights(part, out);
      break;
    case Method::Additive:
      additive(part, out);
      break;
    case Method::Ranking:
      ranking(part, out);
      break;
    case Method::Unanimous:
      if (member || part.members.empty()) {
        fault_at("members",
                 member ? "members of a unanimous preference are not unanimous themselves"
                        : "a unanimous preference needs members",
                 part.path);
        break;
      }
      for (auto& m : part.members) out.members.push_back(preference(m, true));
      break;
  }
  return out;
}

void Builder::or_before(const PreferencePart& part, const StatementPart& s) {
  const std::string path = s.path + ".or_before";
  std::vector<std::string> names;
  bool known_one = false;
  for (const StatementPart& other : part.statements) {
    if (!other.id.empty() && &other != &s) names.push_back(other.id);
    known_one = known_one || (&other != &s && other.id == s.or_before);
  }
  if (part.method != Method::Priorities)
    fault_at("or_before", "the order of statements matters for priorities only", path,
             "a weight may be a range");
  else if (!known_one)
    fault_at("unknown_id", "'" + s.or_before + "' is no other statement of this preference", path,
             did_you_mean(s.or_before, names));
}

void Builder::weights(const PreferencePart& part, CompiledPreference& out) {
  std::vector<std::pair<std::string, Decimal>> criteria;
  for (const auto& [name, q] : part.criteria) {
    const std::string path = part.path + ".criteria." + name;
    const auto value = q.value();
    if (!value) {
      fault_at("overflow", "the number is out of the exact range", path);
      continue;
    }
    for (const auto& known_one : criteria)
      if (known_one.first == name)
        fault_at("duplicate_id", "criterion '" + name + "' is named twice", path);
    criteria.emplace_back(name, *value);
  }
  std::vector<Decimal> totals;
  int places = 0;
  for (std::size_t i = 0; i < part.statements.size(); ++i) {
    const StatementPart& s = part.statements[i];
    Decimal total = 0;
    for (const auto& [name, q] : s.values) {
      const std::string path = s.path + "." + name;
      Decimal factor = 1;
      if (!part.criteria.empty()) {
        const auto it = std::find_if(criteria.begin(), criteria.end(),
                                     [&](const auto& c) { return c.first == name; });
        if (it == criteria.end()) {
          std::vector<std::string> names;
          for (const auto& c : criteria) names.push_back(c.first);
          fault_at("unknown_id", "'" + name + "' is no criterion of this preference", path,
                   did_you_mean(name, names));
          continue;
        }
        factor = it->second;
      } else if (name != "weight") {
        fault_at("unknown_id", "'" + name + "' is no criterion: this preference names none", path,
                 "without criteria a statement has weight = …");
        continue;
      }
      const auto value = q.value();
      const auto product = value ? Decimal::multiply(*value, factor) : std::nullopt;
      const auto sum = product ? Decimal::add(total, *product) : std::nullopt;
      if (!sum) {
        fault_at("overflow", "the number is out of the exact range", path);
        continue;
      }
      total = *sum;
    }
    if (s.values.empty() && s.enabled)
      fault_at("missing_key", "a statement of a weights preference needs a number", s.path,
               part.criteria.empty() ? "weight = …" : "one per criterion it matters for");
    totals.push_back(total);
    places = std::max(places, total.places());
    out.points.emplace_back(s.vital, total.to_double());
  }
  out.places = places;
  out.weights.assign(part.statements.size(), 0);
  std::int64_t reach[2] = {0, 0};
  for (std::size_t i = 0; i < part.statements.size(); ++i) {
    const StatementPart& s = part.statements[i];
    if (!s.enabled || totals[i].is_zero()) continue;
    const auto weight = totals[i].scaled(places);
    std::int64_t& sum = reach[s.vital ? 0 : 1];
    const std::int64_t size = !weight ? kMostScore : (*weight < 0 ? -*weight : *weight);
    if (!weight || size >= kMostScore || sum > kMostScore - size) {
      fault_at("overflow", "the weights are too large or too fine for an exact 64-bit score",
               s.path, "use fewer decimal places");
      return;
    }
    sum += size;
    out.terms.push_back({out.statements[i], *weight, s.vital});
    out.weights[i] = *weight;
  }
}

void Builder::additive(const PreferencePart& part, CompiledPreference& out) {
  std::vector<std::vector<Decimal>> values;
  std::vector<std::size_t> options;
  std::set<std::string> seen;
  int places = 0;
  for (const AdditivePart& v : part.values) {
    const auto it = data_->option_index.find(v.option);
    if (it == data_->option_index.end()) {
      fault_at("unknown_id", "'" + v.option + "' is no option", v.path + ".option",
               did_you_mean(v.option, option_ids()));
      continue;
    }
    if (!seen.insert(v.option).second)
      fault_at("duplicate_id", "'" + v.option + "' is valued twice", v.path + ".option");
    const OptionInfo& o = data_->options[it->second];
    if (v.levels.size() != o.levels.size()) {
      fault_at("levels",
               "'" + o.id + "' has " + std::to_string(o.levels.size()) + " levels, and " +
                   std::to_string(v.levels.size()) + " are valued",
               v.path + ".levels");
      continue;
    }
    std::vector<Decimal> row;
    for (std::size_t k = 0; k < v.levels.size(); ++k) {
      const auto value = v.levels[k].value();
      if (!value)
        fault_at("overflow", "the number is out of the exact range",
                 v.path + ".levels[" + std::to_string(k) + "]");
      row.push_back(value.value_or(Decimal(0)));
      places = std::max(places, row.back().places());
    }
    values.push_back(std::move(row));
    options.push_back(it->second);
  }
  out.places = places;
  std::int64_t reach = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const OptionInfo& o = data_->options[options[i]];
    CompiledPreference::LevelPoints row{o.shift, o.field(), {}};
    std::int64_t most = 0;
    for (const Decimal& d : values[i]) {
      const auto points = d.scaled(places);
      if (!points || *points >= kMostScore || *points <= -kMostScore) {
        fault_at("overflow", "the values are too large or too fine for an exact 64-bit score",
                 part.path + ".values", "use fewer decimal places");
        return;
      }
      row.points.push_back(*points);
      most = std::max(most, *points < 0 ? -*points : *points);
    }
    if (reach > kMostScore - most) {
      fault_at("overflow", "the values are too large or too fine for an exact 64-bit score",
               part.path + ".values", "use fewer decimal places");
      return;
    }
    reach += most;
    out.additive.push_back(std::move(row));
  }
}

void Builder::ranking(PreferencePart& part, CompiledPreference& out) {
  const std::string path = part.path + ".order";
  // The states that the numbers mean.
  std::unordered_map<std::int64_t, State> by_number;
  std::unordered_map<State, std::int64_t> number_of;
  std::size_t feasible = 0;
  std::size_t placed = 0;
  for (const auto& tie : part.order) placed += tie.size();
  if (data_->graph) {
    for (const auto& [number, place] : data_->graph_index) {
      by_number.emplace(number, data_->graph_states[place]);
      number_of.emplace(data_->graph_states[place], number);
    }
    feasible = by_number.size();
  } else {
    // More feasible states than placed ones is a fault, so the walk stops soon after.
    const bool finished = walk_feasible(*data_, 100'000'000, [&](State s) {
      by_number.emplace(static_cast<std::int64_t>(++feasible), s);
      number_of.emplace(s, static_cast<std::int64_t>(feasible));
      return feasible <= placed;
    });
    if (!finished) {
      fault_at("limit", "the case has too many raw states to number them for a ranking", path,
               "use priorities or weights");
      return;
    }
  }
  if (part.placed.empty() || data_->graph) {
    part.placed.clear();
    std::set<std::int64_t> seen;
    for (const auto& tie : part.order) {
      part.placed.emplace_back();
      for (const std::int64_t number : tie) {
        const auto it = by_number.find(number);
        if (it == by_number.end()) {
          fault_at(
              "unknown_state", "there is no state " + std::to_string(number), path,
              data_->graph
                  ? ""
                  : "states are numbered from 1 over the feasible ones, the first option fastest");
          continue;
        }
        if (!seen.insert(number).second)
          fault_at("duplicate_id", "state " + std::to_string(number) + " is ranked twice", path);
        part.placed.back().push_back(it->second);
      }
    }
  } else {
    // A view of the case: the states stay, their numbers may have changed.
    for (std::size_t i = 0; i < part.placed.size(); ++i) {
      part.order[i].clear();
      for (const State s : part.placed[i])
        if (const auto it = number_of.find(s); it != number_of.end())
          part.order[i].push_back(it->second);
    }
  }
  auto rank = static_cast<std::int32_t>(part.placed.size());
  for (const auto& tie : part.placed) {
    for (const State s : tie) out.classes.emplace(s, rank);
    --rank;
  }
  std::size_t missing = 0;
  std::int64_t first = 0;
  for (const auto& [number, s] : by_number) {
    if (out.classes.count(s) != 0) continue;
    if (missing++ == 0 || number < first) first = number;
  }
  if (missing > 0)
    fault_at("ranking",
             "the ranking leaves out feasible states, such as state " + std::to_string(first), path,
             "every feasible state has to be ranked");
}

}  // namespace wayout
