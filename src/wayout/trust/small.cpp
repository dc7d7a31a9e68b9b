#include "wayout/trust/small.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

template <class F>
void for_each_state(StateMask mask, F f) {
  for (; mask != 0; mask &= mask - 1) f(static_cast<std::size_t>(std::countr_zero(mask)));
}

/// Whether the expressions speak of the status quo: those of a case that starts elsewhere differ.
bool same_expressions(const ExprPool& a, const ExprPool& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a.node(ExprId(i)) == b.node(ExprId(i)))) return false;
  return true;
}

}  // namespace

std::optional<SmallEngine> SmallEngine::compile(const Sampler& sampler, std::size_t most_states) {
  const Conflict& conflict = sampler.conflict();
  most_states = std::min(most_states, kMostSmallStates);
  SmallEngine out;
  out.graph_ = conflict.graph_form();
  if (out.graph_) {
    if (conflict.graph_size() > most_states || !conflict.goals().empty()) return std::nullopt;
    for (std::size_t i = 0; i < conflict.graph_size(); ++i)
      out.states_.push_back(conflict.graph_state(i));
  } else {
    const bool finished = for_each_feasible(conflict, 10'000'000, [&](State s) {
      out.states_.push_back(s);
      return out.states_.size() <= most_states;
    });
    if (!finished || out.states_.size() > most_states) return std::nullopt;
  }
  const std::size_t n = out.states_.size();
  std::unordered_map<State, std::uint8_t> place;
  for (std::size_t s = 0; s < n; ++s) place.emplace(out.states_[s], static_cast<std::uint8_t>(s));

  out.parties_ = conflict.party_count();
  for (const PartyId p : conflict.parties()) {
    auto scores = SmallScores::compile(sampler, p, out.states_);
    if (!scores) return std::nullopt;
    out.scores_.push_back(std::move(*scores));
  }
  for (const MoverId m : conflict.movers()) {
    const MoverInfo& info = conflict.mover(m);
    out.movers_.push_back({info.members, info.track, info.consent == Consent::NoneWorse});
    for (std::size_t s = 0; s < n; ++s) {
      StateMask to = 0;
      for_each_move(conflict, m, out.states_[s], [&](State t) {
        to |= StateMask{1} << place.at(t);
        return true;
      });
      out.moves_.push_back(to);
    }
  }
  out.general_.resize(out.parties_);
  for (std::size_t p = 0; p < out.parties_; ++p) out.sequences(p, out.moves_, out.general_[p]);

  for (const GoalInfo& info : conflict.goals()) {
    Goal goal;
    for (std::size_t s = 0; s < n; ++s) {
      if (conflict.holds(info.when, out.states_[s])) goal.met |= out.one(s);
      if (info.avoid && conflict.holds(*info.avoid, out.states_[s])) goal.avoid |= out.one(s);
    }
    for (const std::string& name : info.hold) {
      goal.hold.push_back(parse_concept(name).value_or(Concept::Seq));
      if (goal.hold.back() == Concept::Sim) return std::nullopt;
    }
    out.goals_.push_back(std::move(goal));
  }
  if (!out.graph_) {
    out.apply_.assign(n * n * n, kNowhere);
    out.between_.assign(n * n, 0);
    for (std::size_t s = 0; s < n; ++s)
      for (std::size_t s1 = 0; s1 < n; ++s1)
        for (std::size_t t = 0; t < n; ++t) {
          State there = out.states_[s];
          bool between = true;  // t on the way from s to s1
          for (const OptionId o : conflict.options()) {
            const int a = conflict.level(out.states_[s], o);
            const int b = conflict.level(out.states_[s1], o);
            const int c = conflict.level(out.states_[t], o);
            if (c != b) there = conflict.with_level(there, o, c);
            between = between && std::min(a, b) <= c && c <= std::max(a, b);
          }
          if (between) out.between_[out.at(s, s1)] |= out.one(t);
          if (const auto it = place.find(there); it != place.end())
            out.apply_[out.at(out.at(s, s1), t)] = it->second;
        }
  }
  // The status quo, for every choice of today's levels.
  const auto now = conflict.status_quo();
  if (!now) return out;
  out.has_start_ = true;
  Draws draws = sampler.plain();
  std::size_t combinations = 1;
  for (std::size_t i = 0; i < sampler.inputs().size(); ++i) {
    const Input& in = sampler.inputs()[i];
    if (in.kind != UncertainKind::StatusQuo) continue;
    out.start_.inputs.push_back(static_cast<std::uint32_t>(i));
    out.start_.choices.push_back(in.choices);
    combinations *= in.choices;
    if (combinations > 4096) return std::nullopt;
  }
  bool compared = false;
  for (std::size_t k = 0; k < combinations; ++k) {
    std::size_t rest = k;
    for (std::size_t i = 0; i < out.start_.inputs.size(); ++i) {
      draws[out.start_.inputs[i]] = static_cast<std::int64_t>(rest % out.start_.choices[i]);
      rest /= out.start_.choices[i];
    }
    const auto it = place.find(*sampler.status_quo(draws));
    out.start_.state.push_back(it == place.end() ? kNowhere : it->second);
    if (k == 0 || it == place.end() || compared) continue;
    compared = true;
    const auto elsewhere = sampler.profile(draws);
    if (!elsewhere || !same_expressions(elsewhere->pool(), conflict.pool())) return std::nullopt;
  }
  return out;
}

void SmallEngine::judge(std::span<const std::int64_t> draws, Scratch& scratch,
                        SmallFindings& out) const {
  order(draws, scratch);
  improvements(scratch);
  out.stable.resize(5 * parties_);
  out.equilibria.fill(~StateMask{0});
  for (std::size_t p = 0; p < parties_; ++p) {
    sequences(p, scratch.improve, scratch.answers);
    stability(p, scratch, out);
    for (std::size_t c = 0; c < 5; ++c) out.equilibria[c] &= out.stable[5 * p + c];
  }
  out.goals.clear();
  if (!has_start_) return;
  drift(draws, scratch, out);
  for (const Goal& goal : goals_) out.goals.push_back(verdict(goal, out.start, scratch));
}

void SmallEngine::order(std::span<const std::int64_t> draws, Scratch& scratch) const {
  const std::size_t n = states_.size();
  scratch.head.resize(n);
  scratch.tail.resize(n);
  scratch.better.resize(parties_ * n);
  for (std::size_t p = 0; p < parties_; ++p) {
    scores_[p].scores(draws, scratch.head, scratch.tail);
    for (std::size_t s = 0; s < n; ++s) {
      StateMask better = 0;
      const std::int64_t head = scratch.head[s];
      const std::int64_t tail = scratch.tail[s];
      for (std::size_t t = 0; t < n; ++t) {
        const bool above =
            scratch.head[t] > head || (scratch.head[t] == head && scratch.tail[t] > tail);
        better |= StateMask{above} << t;
      }
      scratch.better[at(p, s)] = better;
    }
  }
}

void SmallEngine::improvements(Scratch& scratch) const {
  const std::size_t n = states_.size();
  scratch.improve.resize(movers_.size() * n);
  for (std::size_t m = 0; m < movers_.size(); ++m) {
    const Mover& mover = movers_[m];
    for (std::size_t s = 0; s < n; ++s) {
      StateMask wanted = moves_[at(m, s)];
      if (wanted != 0 && !mover.none_worse) {
        for_each_state(mover.members, [&](std::size_t p) { wanted &= scratch.better[at(p, s)]; });
      } else if (wanted != 0) {
        StateMask gain = 0;
        for_each_state(mover.members, [&](std::size_t p) {
          gain |= scratch.better[at(p, s)];
          StateMask worse = 0;  // states that s is better than
          for_each_state(wanted, [&](std::size_t t) {
            if ((scratch.better[at(p, t)] >> s & 1u) != 0) worse |= one(t);
          });
          wanted &= ~worse;
        });
        wanted &= gain;
      }
      scratch.improve[at(m, s)] = wanted;
    }
  }
}

void SmallEngine::sequences(std::size_t p, const std::vector<StateMask>& step,
                            std::vector<StateMask>& out) const {
  // Grown until nothing changes: by(k, x) = what sequences that k begins at x can end in, that is
  // every t that k moves to and every by(l, t) of another l.
  const std::size_t n = states_.size();
  out.assign(movers_.size() * n, 0);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t k = 0; k < movers_.size(); ++k) {
      if (!opposes(k, p)) continue;
      for (std::size_t x = n; x-- > 0;) {
        const StateMask to = step[at(k, x)];
        StateMask all = to;
        for_each_state(to, [&](std::size_t t) {
          for (std::size_t l = 0; l < movers_.size(); ++l)
            if (l != k) all |= out[at(l, t)];
        });
        changed = changed || all != out[at(k, x)];
        out[at(k, x)] = all;
      }
    }
  }
}

StateMask SmallEngine::ends(std::size_t p, const std::vector<StateMask>& by_first,
                            std::size_t s) const {
  StateMask out = 0;
  for (std::size_t k = 0; k < movers_.size(); ++k)
    if (opposes(k, p)) out |= by_first[at(k, s)];
  return out;
}

bool SmallEngine::sanctioned(std::size_t p, std::size_t s, StateMask ends, Concept c,
                             const Scratch& scratch) const {
  const StateMask better = scratch.better[at(p, s)];
  StateMask left = ends & ~better;
  if (c == Concept::Gmr || c == Concept::Seq) return left != 0;
  for (; left != 0; left &= left - 1)
    if ((moves_[at(p, static_cast<std::size_t>(std::countr_zero(left)))] & better) == 0)
      return true;
  return false;
}

void SmallEngine::stability(std::size_t p, const Scratch& scratch, SmallFindings& out) const {
  const std::size_t n = states_.size();
  std::array<StateMask, kMostSmallStates> any;
  std::array<StateMask, kMostSmallStates> willing;
  for (std::size_t x = 0; x < n; ++x) {
    any[x] = ends(p, general_[p], x);
    willing[x] = ends(p, scratch.answers, x);
  }
  std::array<StateMask, 5> stable{};
  for (std::size_t s = 0; s < n; ++s) {
    std::array<bool, 5> holds{true, true, true, true, true};
    holds[0] = scratch.improve[at(p, s)] == 0;
    for_each_state(scratch.improve[at(p, s)], [&](std::size_t s1) {
      for (std::size_t c = 1; c < 5; ++c) {
        const Concept concept_ = kClassicalConcepts[c];
        const bool credible = concept_ == Concept::Seq || concept_ == Concept::Sseq;
        holds[c] =
            holds[c] && sanctioned(p, s, credible ? willing[s1] : any[s1], concept_, scratch);
      }
    });
    for (std::size_t c = 0; c < 5; ++c) stable[c] |= StateMask{holds[c]} << s;
  }
  std::copy(stable.begin(), stable.end(), out.stable.begin() + static_cast<std::ptrdiff_t>(5 * p));
}

void SmallEngine::drift(std::span<const std::int64_t> draws, Scratch& scratch,
                        SmallFindings& out) const {
  std::size_t k = 0;
  for (std::size_t i = start_.inputs.size(); i-- > 0;)
    k = k * start_.choices[i] + static_cast<std::size_t>(draws[start_.inputs[i]]);
  out.start = start_.state[k];
  contract(out.start != kNowhere, "a profile whose status quo is feasible");
  const std::size_t n = states_.size();
  // What improvements of any movers lead to: grown by squaring until nothing changes.
  scratch.closure.assign(n, 0);
  for (std::size_t s = 0; s < n; ++s)
    for (std::size_t m = 0; m < movers_.size(); ++m)
      scratch.closure[s] |= scratch.improve[at(m, s)];
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t s = n; s-- > 0;) {
      StateMask all = scratch.closure[s];
      for_each_state(all, [&](std::size_t t) { all |= scratch.closure[t]; });
      changed = changed || all != scratch.closure[s];
      scratch.closure[s] = all;
    }
  }
  const StateMask reached = scratch.closure[out.start];
  out.drift = reached == 0 ? SmallDrift::Stays : SmallDrift::Rests;
  for_each_state(reached, [&](std::size_t t) {
    // A terminal set of more than one state: everything reached from t leads back to t.
    if (scratch.closure[t] == 0) return;
    bool terminal = true;
    for_each_state(scratch.closure[t],
                   [&](std::size_t u) { terminal = terminal && (scratch.closure[u] >> t & 1u); });
    if (terminal) out.drift = SmallDrift::Circles;
  });
}

bool SmallEngine::hollow(std::size_t mover, std::size_t s, std::size_t s1, std::size_t t,
                         const Scratch& scratch) const {
  if (graph_) return false;
  const std::uint8_t there = apply_[at(at(s, s1), t)];
  return there != kNowhere && (scratch.improve[at(mover, s)] >> there & 1u) != 0;
}

bool SmallEngine::deterred(std::size_t p, std::size_t s, StateMask exits, Concept c,
                           Scratch& scratch, bool& clean) const {
  const StateMask tempting = scratch.improve[at(p, s)] & exits;
  if (tempting == 0) return true;
  if (c == Concept::Nash) return false;
  const bool credible = c == Concept::Seq || c == Concept::Sseq;
  if (credible) sequences(p, scratch.improve, scratch.answers);
  const auto& by_first = credible ? scratch.answers : general_[p];
  const auto& step = credible ? scratch.improve : moves_;
  bool all = true;
  for_each_state(tempting, [&](std::size_t s1) {
    if (!all) return;
    all = sanctioned(p, s, ends(p, by_first, s1), c, scratch);
    if (!all || !clean) return;
    StateMask honest = 0;
    for (std::size_t k = 0; k < movers_.size(); ++k) {
      if (!opposes(k, p)) continue;
      for_each_state(step[at(k, s1)], [&](std::size_t t) {
        if (hollow(k, s, s1, t, scratch)) return;
        honest |= one(t);
        for (std::size_t l = 0; l < movers_.size(); ++l)
          if (l != k) honest |= by_first[at(l, t)];
      });
    }
    clean = sanctioned(p, s, honest, c, scratch);
  });
  return all;
}

bool SmallEngine::clean_path(std::size_t start, std::size_t g, StateMask avoid,
                             const Scratch& scratch) const {
  if (start == g) return true;
  // States on no detour, where nobody is below the start; g itself may be below.
  StateMask allowed = ~avoid;
  for (std::size_t s = 0; s < states_.size(); ++s)
    for (std::size_t p = 0; p < parties_; ++p)
      if (s != g && (scratch.better[at(p, s)] >> start & 1u) != 0) allowed &= ~one(s);
  StateMask seen = one(start);
  StateMask open = seen;
  while (open != 0) {
    const auto s = static_cast<std::size_t>(std::countr_zero(open));
    open &= open - 1;
    StateMask next = 0;
    for (std::size_t m = 0; m < movers_.size(); ++m) next |= scratch.improve[at(m, s)];
    next &= allowed & between_[at(s, g)] & ~seen;
    if ((next >> g & 1u) != 0) return true;
    seen |= next;
    open |= next;
  }
  return false;
}

SmallVerdict SmallEngine::verdict(const Goal& goal, std::size_t start, Scratch& scratch) const {
  const auto reach = [&](const std::vector<StateMask>& step) {
    StateMask seen = one(start);
    for (StateMask open = seen; open != 0;) {
      const auto s = static_cast<std::size_t>(std::countr_zero(open));
      open &= open - 1;
      StateMask next = 0;
      for (std::size_t m = 0; m < movers_.size(); ++m) next |= step[at(m, s)];
      next &= ~goal.avoid & ~seen;
      seen |= next;
      open |= next;
    }
    return seen;
  };
  if ((goal.met & (~goal.avoid | one(start))) == 0) return SmallVerdict::Impossible;
  const StateMask candidates = reach(scratch.improve) & goal.met;
  if (candidates == 0)
    return (reach(moves_) & goal.met) == 0 ? SmallVerdict::OutOfReach : SmallVerdict::Unwilling;
  SmallVerdict best = SmallVerdict::NotHolding;
  for (StateMask left = candidates; left != 0 && best != SmallVerdict::Yes; left &= left - 1) {
    const auto g = static_cast<std::size_t>(std::countr_zero(left));
    bool holds = true;
    bool clean = true;
    for (std::size_t m = 0; m < movers_.size() && holds; ++m)
      if (movers_[m].track) holds = (scratch.improve[at(m, g)] & ~goal.met) == 0;
    for (std::size_t p = 0; p < parties_ && holds; ++p)
      holds = deterred(p, g, ~goal.met, goal.hold[p], scratch, clean);
    if (!holds) continue;
    best = clean && clean_path(start, g, goal.avoid, scratch) ? SmallVerdict::Yes
                                                              : SmallVerdict::Depends;
  }
  return best;
}

}  // namespace wayout
