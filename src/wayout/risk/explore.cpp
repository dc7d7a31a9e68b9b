#include <algorithm>
#include <cmath>
#include <numeric>

#include "wayout/base/text.hpp"
#include "wayout/risk/chain.hpp"
#include "wayout/stability/perceived.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostOutcomes = 64;
constexpr std::size_t kLookEvery = 1024;  ///< states between two looks at the watch

}  // namespace

Errors ConflictChain::prepare(const Normaliser& normaliser, const ChainSettings& settings) {
  const Conflict& c = *conflict_;
  auto inputs = risk_inputs(c, settings.rationality);
  if (!inputs) return inputs.error();
  inputs_ = std::move(*inputs);
  values_ = inputs_.values();
  auto scales = complete(normaliser, c);
  if (!scales) return scales.error();
  std::vector<double> scale;
  for (const PartyId p : c.parties()) {
    auto u = Utility::make(c, p);
    if (!u) return u.error();
    utilities_.push_back(std::move(*u));
    scale.push_back(scales->scale.at(c.party(p).id));
  }
  for (const MoverId m : c.movers()) {
    if (inputs_.tempo[m.index()] == kNoInput) continue;
    movers_.push_back(m);
    books_.push_back(
        std::make_unique<MenuBook>(c, m, utilities_, scale, settings.one_option, settings.ranges));
    books_.back()->choose(values_[inputs_.rationality[m.index()]]);
  }
  const auto add = [this](ChainOutcome::Kind kind, const std::string& id, const std::string& name) {
    chain_.outcomes.push_back({kind, id, name.empty() ? id : name});
    return chain_.outcomes.size() - 1;
  };
  for (const CatastrophePart& part : c.parts().catastrophes) {
    const std::size_t outcome = add(ChainOutcome::Kind::Catastrophe, part.id, part.name);
    if (part.when.empty()) continue;
    auto when = c.condition(part.when);
    if (!when) return when.error();
    catastrophes_.emplace_back(outcome, std::move(*when));
  }
  for (const GoalInfo& goal : c.goals())
    goals_.emplace_back(add(ChainOutcome::Kind::Goal, goal.id, goal.name), goal.when);
  for (std::size_t g = 0; g < c.goals().size(); ++g)
    if (settings.absorbing_goals && c.parts().goals[c.goals()[g].part].absorbing)
      held_.emplace_back(add(ChainOutcome::Kind::Held, c.goals()[g].id, c.goals()[g].name), g);
  add(ChainOutcome::Kind::Outside, "", "beyond the states explored");
  if (chain_.outcomes.size() > kMostOutcomes) {
    Where where;
    return {Error{"limit",
                  "catastrophes and goals together are more than " +
                      std::to_string(kMostOutcomes - 1) + ", which is the limit of risk",
                  where,
                  {},
                  Severity::Fault}};
  }
  prepare_holding(settings);
  return prepare_hazards();
}

void ConflictChain::prepare_holding(const ChainSettings& settings) {
  if (held_.empty()) return;
  // One space for all tests: its rows are shared.
  const auto space = std::make_shared<RowSpace>(*conflict_);
  const auto judge = seen_ ? std::make_shared<PerceivedJudge>(*seen_) : nullptr;
  VerdictSettings vs;
  vs.all_answers = false;
  vs.watch = settings.watch;
  holds_ = [space, judge, vs, this](std::size_t g, State s) {
    const GoalInfo& goal = conflict_->goals()[g];
    ConceptProfile profile;
    for (const std::string& name : goal.hold)
      profile.push_back(parse_concept(name).value_or(Concept::Seq));
    const auto meets = [this, &goal](State t) { return conflict_->holds(goal.when, t); };
    const Holding h =
        judge ? judge->holding(s, meets, profile, vs) : holding(*space, s, meets, profile, vs);
    return h.end == End::Complete && h.holds;
  };
}

Errors ConflictChain::prepare_hazards() {
  const Conflict& c = *conflict_;
  for (const HazardPart& part : c.parts().hazards) {
    HazardRow row;
    row.path = part.path;
    if (!part.when.empty()) {
      auto when = c.condition(part.when);
      if (!when) return when.error();
      row.support |= when->pool->support(when->expr);
      row.when = std::move(*when);
    }
    for (const FactorPart& f : part.factors) {
      auto when = c.condition(f.when);
      if (!when) return when.error();
      row.support |= when->pool->support(when->expr);
      row.factor_when.push_back(std::move(*when));
    }
    if (c.graph_form()) row.support = ~UInt128{0};
    for (const auto& [id, share] : part.leads_to.catastrophes)
      row.shares.emplace_back(*chain_.find(ChainOutcome::Kind::Catastrophe, id),
                              share.value().value_or(Decimal(0)).to_double());
    if (!part.leads_to.assignment.empty()) {
      row.assigns = true;
      const auto list = parse_assignments(part.leads_to.assignment);
      if (!list) return list.error();
      for (const Assignment& a : *list) {
        const OptionInfo& o = c.option(*c.find_option(a.option));
        row.clear |= o.mask();
        row.set |= UInt128(static_cast<unsigned>(*level_of(o, a.level))) << o.shift;
      }
    }
    hazards_.push_back(std::move(row));
  }
  find_ended_factors();
  return {};
}

std::uint32_t ConflictChain::pattern_at(HazardRow& hazard, State s) {
  const StateNumber key = hazard.keys.intern(State{s.bits & hazard.support});
  if (key < hazard.pattern_of.size()) return hazard.pattern_of[key];
  Pattern pattern;
  pattern.acts = !hazard.when || hazard.when->holds(s);
  for (std::size_t f = 0; f < hazard.factor_when.size() && pattern.acts; ++f)
    if (hazard.factor_when[f].holds(s)) pattern.factors.push_back(static_cast<std::uint32_t>(f));
  std::size_t at = 0;
  while (at < hazard.patterns.size() && !(hazard.patterns[at].acts == pattern.acts &&
                                          hazard.patterns[at].factors == pattern.factors))
    ++at;
  if (at == hazard.patterns.size()) {
    hazard.patterns.push_back(std::move(pattern));
    hazard.rates.push_back(0);
  }
  hazard.pattern_of.push_back(static_cast<std::uint32_t>(at));
  return hazard.pattern_of.back();
}

OutcomeMask ConflictChain::outcomes_at(State s) const {
  OutcomeMask mask = 0;
  bool catastrophe = false;
  for (const auto& [outcome, when] : catastrophes_)
    if (when.holds(s)) {
      mask |= OutcomeMask{1} << outcome;
      catastrophe = true;
    }
  for (const auto& [outcome, when] : goals_)
    if (conflict_->holds(when, s)) mask |= OutcomeMask{1} << outcome;
  if (catastrophe) return mask;
  for (const auto& [outcome, goal] : held_)
    if (conflict_->holds(conflict_->goals()[goal].when, s) && holds_(goal, s))
      mask |= OutcomeMask{1} << outcome;
  return mask;
}

void ConflictChain::clear() {
  chain_.moves = Rows{};
  chain_.at.clear();
  order_.clear();
  met_table_ = StateTable{};
  number_.clear();
  menus_.clear();
  patterns_of_.clear();
}

bool ConflictChain::expand(StateNumber met, Errors& errors, const ChainSettings& settings) {
  const State s = met_table_[met];
  order_.push_back(met);
  const OutcomeMask at = outcomes_at(s);
  chain_.at.push_back(at);
  // What every column stops at needs no moves.
  const OutcomeMask catastrophes = chain_.catastrophes();
  const bool stops =
      (at & chain_.of_kind(ChainOutcome::Kind::Held)) != 0 ||
      (settings.stop_at_catastrophes ? (at & catastrophes) != 0
                                     : catastrophes != 0 && (at & catastrophes) == catastrophes);
  for (std::size_t i = 0; i < movers_.size(); ++i) {
    const std::uint32_t menu = stops ? kNoState : books_[i]->menu_of(s);
    menus_.push_back(menu);
    if (stops) continue;
    const MenuBook& book = *books_[i];
    for (std::size_t k = 0; k < book.items(menu); ++k)
      chain_.moves.to.push_back(met_table_.intern(book.target(book.first(menu) + k, s)));
  }
  for (HazardRow& hazard : hazards_) {
    const std::uint32_t pattern = pattern_at(hazard, s);
    patterns_of_.push_back(pattern);
    if (stops || !hazard.assigns || !hazard.patterns[pattern].acts) continue;
    const State t{(s.bits & ~hazard.clear) | hazard.set};
    if (t == s) continue;
    if (!conflict_->feasible(t)) {
      Where where;
      where.path = hazard.path + ".leads_to";
      const auto rule = conflict_->broken_rule(t);
      errors.push_back(
          Error{"infeasible_hazard",
                "this hazard can act at a state from which it leads to an infeasible one", where,
                rule ? "the rule '" + conflict_->parts().rules[*rule].id +
                           "' forbids it; narrow `when`, or let it change more options"
                     : "an option in it is disabled; narrow `when`",
                Severity::Fault});
      return false;
    }
    chain_.moves.to.push_back(met_table_.intern(t));
  }
  chain_.moves.begin.push_back(chain_.moves.to.size());
  return true;
}

bool ConflictChain::breadth_first(const ChainSettings& settings, Errors& errors) {
  for (std::size_t i = 0; i < met_table_.size(); ++i) {
    if (met_table_.size() > settings.most_states) return false;
    if (i > 0 && i % kLookEvery == 0) {  // the start is explored in any case
      settings.watch.tell("exploring", i, 0);
      if (settings.watch.cancelled() || settings.watch.out_of_time()) {
        end_ = settings.watch.cancelled() ? End::Cancelled : End::Limit;
        return true;
      }
    }
    if (!expand(static_cast<StateNumber>(i), errors, settings)) return true;
  }
  return true;
}

void ConflictChain::by_probability(const ChainSettings& settings, Errors& errors) {
  // States wait in buckets by how likely the way to them is, a quarter of a power of two each.
  constexpr int kBuckets = 800;
  std::vector<std::vector<StateNumber>> buckets(kBuckets);
  std::vector<std::size_t> taken(kBuckets, 0);
  std::vector<double> score;
  std::vector<bool> done;
  const auto bucket_of = [](double p) {
    if (!(p > 0)) return kBuckets - 1;
    return std::clamp(static_cast<int>(-4 * std::log2(p)), 0, kBuckets - 1);
  };
  int lowest = kBuckets;
  const auto raise = [&](StateNumber n, double p) {
    if (n >= score.size()) {
      score.resize(met_table_.size(), 0);
      done.resize(met_table_.size(), false);
    }
    if (done[n]) return;
    const bool fresh = score[n] == 0;
    const int before = bucket_of(score[n]);
    score[n] += p;
    const int after = bucket_of(score[n]);
    if (!fresh && after == before) return;
    buckets[static_cast<std::size_t>(after)].push_back(n);
    lowest = std::min(lowest, after);
  };
  for (StateNumber n = 0; n < met_table_.size(); ++n) raise(n, 1);
  const double leak = inputs_.horizon > 0 ? 1 / inputs_.horizon : 0;
  while (order_.size() < settings.most_states) {
    while (lowest < kBuckets && taken[static_cast<std::size_t>(lowest)] ==
                                    buckets[static_cast<std::size_t>(lowest)].size())
      ++lowest;
    if (lowest == kBuckets) break;
    auto& bucket = buckets[static_cast<std::size_t>(lowest)];
    const StateNumber n = bucket[taken[static_cast<std::size_t>(lowest)]++];
    if (done[n] || bucket_of(score[n]) != lowest) continue;
    if (!order_.empty() && order_.size() % kLookEvery == 0) {
      settings.watch.tell("exploring", order_.size(), settings.most_states);
      if (settings.watch.cancelled() || settings.watch.out_of_time()) {
        end_ = settings.watch.cancelled() ? End::Cancelled : End::Limit;
        return;
      }
    }
    done[n] = true;
    const std::size_t row = order_.size();
    if (!expand(n, errors, settings)) return;
    score.resize(met_table_.size(), 0);
    done.resize(met_table_.size(), false);
    // The rates of this row, for the scores of where it leads.
    std::vector<double> rates;
    double exit = leak;
    for (std::size_t i = 0; i < movers_.size(); ++i) {
      const std::uint32_t menu = menus_[row * movers_.size() + i];
      if (menu == kNoState) continue;
      const double tempo = values_[inputs_.tempo[movers_[i].index()]];
      for (std::size_t k = 0; k < books_[i]->items(menu); ++k) {
        // What another profile may do is explored too, if not as soon.
        constexpr double kElsewhere = 0.01;
        const double p = books_[i]->probability(books_[i]->first(menu) + k);
        rates.push_back(tempo * (settings.ranges ? std::max(p, kElsewhere) : p));
        exit += rates.back();
      }
    }
    const std::uint64_t begin = chain_.moves.begin[row];
    const std::uint64_t end = chain_.moves.begin[row + 1];
    rates.resize(end - begin, 1e-3);
    for (std::uint64_t e = begin; e < end; ++e)
      raise(chain_.moves.to[e], score[n] * rates[e - begin] / std::max(exit, 1e-300));
  }
  if (order_.size() < met_table_.size()) end_ = End::Limit;
}

Errors ConflictChain::explore(const ChainSettings& settings) {
  const std::optional<State> start = settings.from ? settings.from : conflict_->status_quo();
  if (!start)
    return {Error{"no_status_quo",
                  "this case names no status quo, and risk starts from today",
                  {},
                  "say where to start: --from",
                  Severity::Fault}};
  const auto begin = [&] {
    clear();
    met_table_.intern(*start);
    for (const State s : settings.also) met_table_.intern(s);
  };
  Errors errors;
  begin();
  bool explored = false;
  if (!settings.likeliest_first) {
    explored = breadth_first(settings, errors);
    if (!explored) begin();
  }
  if (!explored) by_probability(settings, errors);
  if (errors.empty() && settings.stop_at_catastrophes) {
    std::vector<bool> done(met_table_.size(), false);
    for (const StateNumber n : order_) done[n] = true;
    for (StateNumber n = 0; n < met_table_.size(); ++n) {
      // Whatever was met and is a catastrophe is a state; met_table_ does not grow by it.
      if (std::none_of(catastrophes_.begin(), catastrophes_.end(),
                       [&](const auto& c) { return c.second.holds(met_table_[n]); }))
        continue;
      if (!done[n]) expand(n, errors, settings);
    }
  }
  holds_ = nullptr;  // it knows this object by its address
  if (errors.empty()) finish();
  if (errors.empty() && settings.ranges) find_storm();
  return errors;
}

void ConflictChain::sort_states() {
  // Neighbours differ in few options: in the order of their bits most of them lie close together,
  // which is what passes over the transitions of a large chain wait for.
  constexpr std::size_t kLarge = 4096;
  const std::size_t n = order_.size();
  if (n < kLarge) return;
  std::vector<std::uint32_t> rank(n);
  std::iota(rank.begin(), rank.end(), 0U);
  std::sort(rank.begin(), rank.end(),
            [&](std::uint32_t a, std::uint32_t b) { return state(a) < state(b); });
  const auto permute = [&](auto& list, std::size_t width) {
    auto out = list;
    for (std::size_t i = 0; i < n; ++i)
      std::copy_n(list.begin() + static_cast<std::ptrdiff_t>(rank[i] * width), width,
                  out.begin() + static_cast<std::ptrdiff_t>(i * width));
    list = std::move(out);
  };
  Rows moves;
  moves.to.reserve(chain_.moves.to.size());
  for (const std::uint32_t s : rank) {
    moves.to.insert(
        moves.to.end(),
        chain_.moves.to.begin() + static_cast<std::ptrdiff_t>(chain_.moves.begin[s]),
        chain_.moves.to.begin() + static_cast<std::ptrdiff_t>(chain_.moves.begin[s + 1]));
    moves.begin.push_back(moves.to.size());
  }
  chain_.moves = std::move(moves);
  permute(chain_.at, 1);
  permute(order_, 1);
  permute(menus_, movers_.size());
  permute(patterns_of_, hazards_.size());
}

void ConflictChain::finish() {
  sort_states();
  const std::size_t n = order_.size();
  number_.assign(met_table_.size(), kNoState);
  for (std::size_t i = 0; i < n; ++i) number_[order_[i]] = static_cast<std::uint32_t>(i);
  chain_.complete = true;
  for (std::uint32_t& t : chain_.moves.to) {
    t = number_[t];
    if (t != kNoState) continue;
    t = static_cast<std::uint32_t>(n);
    chain_.complete = false;
  }
  chain_.moves.rate.assign(chain_.moves.to.size(), 0);
  chain_.out.assign(n, 0);
  chain_.into.assign(n * chain_.outcomes.size(), 0);
  chain_.start = n == 0 ? 0 : number_[0];  // the start was met first
  find_assigned();
  set(values_);
}

}  // namespace wayout
