#include "wayout/model/conflict.hpp"

#include <cmath>

#include "wayout/model/data.hpp"

namespace wayout {

std::optional<int> level_of(const OptionInfo& option, const LevelValue& value) {
  return Resolver::level_of(option, value);
}

const Parts& Conflict::parts() const { return data_->parts; }
std::size_t Conflict::party_count() const { return data_->parties.size(); }
std::size_t Conflict::option_count() const { return data_->options.size(); }
std::size_t Conflict::mover_count() const { return data_->movers.size(); }
const PartyInfo& Conflict::party(PartyId p) const { return data_->parties.at(p.index()); }
const OptionInfo& Conflict::option(OptionId o) const { return data_->options.at(o.index()); }
const MoverInfo& Conflict::mover(MoverId m) const { return data_->movers.at(m.index()); }
const std::vector<GoalInfo>& Conflict::goals() const { return data_->goals; }
bool Conflict::graph_form() const { return data_->graph; }
std::optional<State> Conflict::status_quo() const { return data_->status_quo; }
const ExprPool& Conflict::pool() const { return data_->pool; }
bool Conflict::feasible(State s) const { return data_->feasible(s); }
bool Conflict::holds(ExprId e, State s) const { return data_->pool.holds(e, s); }

std::optional<PartyId> Conflict::find_party(std::string_view id) const {
  const auto it = data_->party_index.find(std::string(id));
  if (it == data_->party_index.end()) return std::nullopt;
  return PartyId(it->second);
}

std::optional<OptionId> Conflict::find_option(std::string_view id) const {
  const auto it = data_->option_index.find(std::string(id));
  if (it == data_->option_index.end()) return std::nullopt;
  return OptionId(it->second);
}

UInt128 Conflict::raw_size() const {
  if (data_->graph) return data_->graph_states.size();
  UInt128 size = 1;
  for (const auto& o : data_->options) {
    if (size > ~UInt128{0} / o.levels.size()) return ~UInt128{0};
    size *= o.levels.size();
  }
  return size;
}

int Conflict::level(State s, OptionId o) const {
  const OptionInfo& info = data_->options[o.index()];
  return static_cast<int>(static_cast<std::uint64_t>(s.bits >> info.shift) & info.field());
}

State Conflict::with_level(State s, OptionId o, int level) const {
  const OptionInfo& info = data_->options[o.index()];
  return State{(s.bits & ~info.mask()) | (UInt128(static_cast<unsigned>(level)) << info.shift)};
}

bool Conflict::Data::feasible(State s) const {
  if ((s.bits & disabled_mask) != 0) return false;
  for (const auto& [never, rule] : nevers)
    if (pool.holds(never, s)) return false;
  return true;
}

std::optional<std::size_t> Conflict::broken_rule(State s) const {
  for (const auto& [never, rule] : data_->nevers)
    if (data_->pool.holds(never, s)) return rule;
  return std::nullopt;
}

std::span<const std::pair<ExprId, std::size_t>> Conflict::nevers() const { return data_->nevers; }

Result<Condition> Conflict::condition(std::string_view text) const {
  auto pool = std::make_shared<ExprPool>();
  auto e = Resolver(*data_, *pool).resolve(text);
  if (!e) return Unexpected{std::move(e.error())};
  return Condition{std::string(text), pool, *e};
}

// --- graph form

std::span<const std::uint32_t> Conflict::arcs(PartyId p, State s) const {
  const auto& a = data_->arcs[p.index()];
  const std::size_t i = s.node();
  return std::span(a.targets).subspan(a.begin[i], a.begin[i + 1] - a.begin[i]);
}

std::span<const std::uint32_t> Conflict::arcs_back(PartyId p, State s) const {
  const auto& a = data_->arcs_back[p.index()];
  const std::size_t i = s.node();
  return std::span(a.targets).subspan(a.begin[i], a.begin[i + 1] - a.begin[i]);
}

State Conflict::graph_state(std::size_t node) const { return data_->graph_states.at(node); }
std::size_t Conflict::graph_size() const { return data_->graph_states.size(); }
std::int64_t Conflict::graph_number(State s) const {
  return data_->parts.states.at(s.node()).number;
}

// --- preferences

bool Conflict::weak_order(PartyId p) const {
  const auto& preference = data_->preferences[p.index()];
  return preference.indifferent || preference.method != Method::Unanimous;
}

bool Conflict::all_weak_orders() const {
  for (const PartyId p : parties())
    if (!weak_order(p)) return false;
  return true;
}

Score Conflict::score(PartyId p, State s) const {
  return data_->preferences[p.index()].score(data_->pool, s);
}

bool Conflict::better(PartyId p, State t, State s) const {
  return data_->preferences[p.index()].better(data_->pool, t, s);
}

int Conflict::compare(PartyId p, State s, State t) const {
  return data_->preferences[p.index()].compare(data_->pool, s, t);
}

bool Conflict::numeric(PartyId p) const {
  const auto& preference = data_->preferences[p.index()];
  return !preference.indifferent &&
         (preference.method == Method::Weights || preference.method == Method::Additive);
}

std::pair<double, double> Conflict::points(PartyId p, State s) const {
  const auto& preference = data_->preferences[p.index()];
  const Score score = preference.score(data_->pool, s);
  const double unit = std::pow(10.0, preference.places);
  return {static_cast<double>(score.head) / unit, static_cast<double>(score.tail) / unit};
}

bool Conflict::statement_holds(PartyId p, std::size_t statement, State s) const {
  return data_->pool.holds(data_->preferences[p.index()].statements.at(statement), s);
}

const PreferencePart* Conflict::preference_part(PartyId p) const {
  const int part = data_->preference_parts[p.index()];
  return part < 0 ? nullptr : &data_->parts.preferences[static_cast<std::size_t>(part)];
}

ExprId Conflict::statement_when(PartyId p, std::size_t statement) const {
  return data_->preferences[p.index()].statements.at(statement);
}

std::pair<bool, double> Conflict::statement_points(PartyId p, std::size_t statement) const {
  return data_->preferences[p.index()].points.at(statement);
}

int Conflict::score_places(PartyId p) const { return data_->preferences[p.index()].places; }

std::int64_t Conflict::statement_weight(PartyId p, std::size_t statement) const {
  return data_->preferences[p.index()].weights.at(statement);
}

std::int64_t Conflict::level_weight(PartyId p, OptionId o, int level) const {
  for (const auto& row : data_->preferences[p.index()].additive)
    if (row.shift == option(o).shift) return row.points.at(static_cast<std::size_t>(level));
  return 0;
}

namespace {

/// Statements to a word of a priorities score; the top bit stays free so that words compare as
/// signed.
constexpr std::size_t kPerWord = 62;

}  // namespace

Score CompiledPreference::score(const ExprPool& pool, State s) const {
  Score out;
  if (indifferent) return out;
  switch (method) {
    case Method::Weights:
      for (const Term& term : terms)
        if (pool.holds(term.when, s)) (term.vital ? out.head : out.tail) += term.weight;
      break;
    case Method::Additive:
      for (const LevelPoints& part : additive)
        out.tail += part.points[static_cast<std::uint64_t>(s.bits >> part.shift) & part.field];
      break;
    case Method::Ranking: {
      const auto it = classes.find(s);
      out.tail = it == classes.end() ? 0 : it->second;
      break;
    }
    case Method::Priorities: {
      if (ordered.size() > 2 * kPerWord)
        out.more.resize((ordered.size() + kPerWord - 1) / kPerWord - 2);
      for (std::size_t i = 0; i < ordered.size(); ++i) {
        if (!pool.holds(ordered[i], s)) continue;
        const std::size_t word = i / kPerWord;
        std::int64_t& target = word == 0 ? out.head : (word == 1 ? out.tail : out.more[word - 2]);
        target |= std::int64_t{1} << (kPerWord - 1 - i % kPerWord);
      }
      break;
    }
    case Method::Unanimous:
      contract(false, "score() needs a complete weak order");
  }
  return out;
}

int CompiledPreference::compare(const ExprPool& pool, State s, State t) const {
  if (indifferent || s == t) return 0;
  if (method == Method::Priorities) {
    for (const ExprId e : ordered) {
      const bool at_s = pool.holds(e, s);
      if (at_s != pool.holds(e, t)) return at_s ? 1 : -1;
    }
    return 0;
  }
  if (method == Method::Weights) {
    std::int64_t vital = 0;
    std::int64_t rest = 0;
    for (const Term& term : terms) {
      const int difference = int{pool.holds(term.when, s)} - int{pool.holds(term.when, t)};
      (term.vital ? vital : rest) += difference * term.weight;
    }
    if (vital != 0) return vital > 0 ? 1 : -1;
    return rest == 0 ? 0 : (rest > 0 ? 1 : -1);
  }
  const auto order = score(pool, s) <=> score(pool, t);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

bool CompiledPreference::better(const ExprPool& pool, State t, State s) const {
  if (!indifferent && method == Method::Unanimous) {
    for (const auto& member : members)
      if (!member.better(pool, t, s)) return false;
    return !members.empty();
  }
  return compare(pool, t, s) > 0;
}

bool walk_feasible(const Conflict::Data& data, std::uint64_t budget,
                   const std::function<bool(State)>& visit, std::optional<ExprId> also,
                   std::vector<std::size_t> order,
                   const std::vector<std::pair<ExprId, std::size_t>>* nevers) {
  if (data.graph) {
    for (const State s : data.graph_states)
      if ((!also || data.pool.holds(*also, s)) && !visit(s)) return true;
    return true;
  }
  const std::size_t n = data.options.size();
  if (order.empty())
    for (std::size_t i = n; i-- > 0;) order.push_back(i);
  // due[k]: what can be tested once the options order[0] … order[k] are set; true is a broken rule.
  struct Test {
    ExprId e;
    bool broken_when;
  };
  std::vector<std::vector<Test>> due(n + 1);
  const auto add = [&](ExprId e, bool broken_when) {
    std::size_t place = n;
    for (std::size_t k = 0; k < n; ++k)
      if ((data.pool.support(e) & data.options[order[k]].mask()) != 0) place = k;
    due[place].push_back({e, broken_when});
  };
  for (const auto& [never, rule] : nevers != nullptr ? *nevers : data.nevers) add(never, true);
  if (also) add(*also, false);
  for (const Test& t : due[n])
    if (data.pool.holds(t.e, State{}) == t.broken_when) return true;  // nothing is feasible
  std::vector<int> level(n, -1);
  std::size_t depth = 0;  // order[0] … order[depth - 1] are set
  State s;
  while (true) {
    if (depth == n) {
      if (!visit(s)) return true;
      --depth;
    } else {
      level[depth] = -1;
    }
    // Advance the option at `depth`; where it is used up, go back to the one before.
    while (true) {
      const OptionInfo& o = data.options[order[depth]];
      const int top = o.enabled ? static_cast<int>(o.levels.size()) : 1;
      bool set = false;
      while (++level[depth] < top) {
        if (budget-- == 0) return false;
        s.bits = (s.bits & ~o.mask()) | (UInt128(static_cast<unsigned>(level[depth])) << o.shift);
        bool broken = false;
        for (const Test& t : due[depth])
          broken = broken || data.pool.holds(t.e, s) == t.broken_when;
        if (!broken) {
          set = true;
          break;
        }
      }
      if (set) break;
      s.bits &= ~o.mask();
      if (depth == 0) return true;
      --depth;
    }
    ++depth;
  }
}

namespace {

/// What a condition speaks of first, then what shares a rule with it, then the rest.
std::vector<std::size_t> order_around(const Conflict::Data& data, UInt128 reached) {
  std::vector<std::size_t> order;
  std::vector<bool> taken(data.options.size(), false);
  bool grown = true;
  while (grown) {
    grown = false;
    for (std::size_t i = 0; i < data.options.size(); ++i) {
      if (taken[i] || (data.options[i].mask() & reached) == 0) continue;
      taken[i] = grown = true;
      order.push_back(i);
    }
    for (const auto& [never, rule] : data.nevers)
      if ((data.pool.support(never) & reached) != 0) reached |= data.pool.support(never);
  }
  for (std::size_t i = 0; i < data.options.size(); ++i)
    if (!taken[i]) order.push_back(i);
  return order;
}

}  // namespace

FeasibleSearch find_feasible(const Conflict& conflict, ExprId e, std::uint64_t budget) {
  const Conflict::Data& data = conflict.data();
  FeasibleSearch out;
  out.finished = walk_feasible(
      data, budget,
      [&out](State s) {
        out.state = s;
        return false;
      },
      e, order_around(data, data.pool.support(e)));
  return out;
}

RuleConflict rules_against(const Conflict& conflict, ExprId e, std::uint64_t budget) {
  const Conflict::Data& data = conflict.data();
  RuleConflict out;
  const auto satisfiable =
      [&](const std::vector<std::pair<ExprId, std::size_t>>& nevers) -> std::optional<bool> {
    bool found = false;
    const bool finished = walk_feasible(
        data, budget,
        [&found](State) {
          found = true;
          return false;
        },
        e, order_around(data, data.pool.support(e)), &nevers);
    if (found) return true;
    if (!finished) return std::nullopt;
    return false;
  };
  std::vector<std::pair<ExprId, std::size_t>> kept = data.nevers;
  const auto whole = satisfiable(kept);
  out.finished = whole.has_value();
  if (!whole || *whole) return out;
  out.contradiction = true;
  // Leave out one rule after the other; what is needed for the contradiction stays.
  for (std::size_t i = 0; i < kept.size();) {
    auto fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    const auto still = satisfiable(fewer);
    if (!still) out.finished = false;
    if (still && !*still) {
      kept = std::move(fewer);
    } else {
      ++i;
    }
  }
  for (const auto& [never, rule] : kept) out.rules.push_back(rule);
  return out;
}

FeasibleSearch closest_feasible(const Conflict& conflict, State from,
                                const std::function<bool(State)>& goal, UInt128 support,
                                std::uint64_t budget) {
  const Conflict::Data& data = conflict.data();
  FeasibleSearch out;
  if (data.graph) {
    for (const State s : data.graph_states)
      if (goal(s) && (!out.state || s == from)) out.state = s;
    return out;
  }
  const std::vector<std::size_t> order = order_around(data, support);
  // Depth first, at most `most` changes, deepened until a state is found.
  for (std::size_t most = 0; most <= order.size(); ++most) {
    bool cut = false;
    const std::function<bool(std::size_t, State, std::size_t)> walk = [&](std::size_t at, State s,
                                                                          std::size_t left) {
      if (budget == 0) {
        cut = true;
        return false;
      }
      --budget;
      if (left == 0 || at == order.size()) {
        // Nothing else changes: the rest stands as it stood.
        if (left != 0 || !data.feasible(s) || !goal(s)) return false;
        out.state = s;
        return true;
      }
      const OptionInfo& o = data.options[order[at]];
      if (walk(at + 1, s, left)) return true;
      const int now = conflict.level(from, OptionId(order[at]));
      const int top = o.enabled ? static_cast<int>(o.levels.size()) : 1;
      for (int level = 0; level < top; ++level)
        if (level != now &&
            walk(at + 1, conflict.with_level(s, OptionId(order[at]), level), left - 1))
          return true;
      return false;
    };
    if (walk(0, from, most)) return out;
    if (cut) {
      out.finished = false;
      return out;
    }
  }
  return out;
}

bool for_each_feasible(const Conflict& conflict, std::uint64_t budget,
                       const std::function<bool(State)>& visit) {
  return walk_feasible(conflict.data(), budget, visit);
}

}  // namespace wayout
