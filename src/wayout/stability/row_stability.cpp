#include "wayout/stability/row_stability.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include "wayout/space/moves.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {
namespace {

using Values = std::vector<std::int32_t>;

constexpr std::int32_t kUnset = -1;

/// State numbers in ascending order of a value in 0 … classes-1. Counting sort.
std::vector<StateNumber> ascending(const Values& value, std::int32_t classes) {
  std::vector<std::uint32_t> at(static_cast<std::size_t>(classes) + 1, 0);
  for (const std::int32_t v : value) ++at[static_cast<std::size_t>(v) + 1];
  std::partial_sum(at.begin(), at.end(), at.begin());
  std::vector<StateNumber> out(value.size());
  for (StateNumber s = 0; s < value.size(); ++s) out[at[static_cast<std::size_t>(value[s])]++] = s;
  return out;
}

/// How good each state is for p: dense classes, 0 for the worst. Sorts S scores.
std::pair<Values, std::int32_t> goodness(const Conflict& conflict, const StateTable& table,
                                         PartyId p) {
  const std::size_t n = table.size();
  Values out(n);
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  std::int32_t classes = 1;
  const auto assign = [&](const auto& scores) {
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return scores[a] < scores[b]; });
    std::int32_t place = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (i > 0 && scores[order[i - 1]] < scores[order[i]]) ++place;
      out[order[i]] = place;
    }
    classes = place + 1;
  };
  const Score probe = n == 0 ? Score{} : conflict.score(p, table[0]);
  if (probe.more.empty()) {
    std::vector<std::pair<std::int64_t, std::int64_t>> scores(n);
    for (StateNumber s = 0; s < n; ++s) {
      const Score score = conflict.score(p, table[s]);
      scores[s] = {score.head, score.tail};
    }
    assign(scores);
  } else {
    std::vector<Score> scores(n);
    for (StateNumber s = 0; s < n; ++s) scores[s] = conflict.score(p, table[s]);
    assign(scores);
  }
  return {std::move(out), classes};
}

/// For every x the greatest value over the states the mover can go to (and wants to), or kUnset:
/// states are met from the greatest value down, and each hands its value to those that can come to
/// it.
Values best_after(RowSpace& space, MoverId m, Ask from, const Values& value, std::int32_t classes) {
  Values out(value.size(), kUnset);
  const std::vector<StateNumber> order = ascending(value, classes);
  Sweep sweep(space, from);
  for (auto t = order.rbegin(); t != order.rend(); ++t)
    sweep.take(m, *t, [&](StateNumber x) { out[x] = value[*t]; });
  return out;
}

/// min of value over {x} ∪ R_H(x) or R_H^+(x) for every x. Plain reachability: right where every
/// opponent is transitive.
Values settle_plain(RowSpace& space, const std::vector<MoverId>& opponents, Ask from,
                    const Values& value, std::int32_t classes) {
  Values out(value.size(), kUnset);
  const std::vector<StateNumber> order = ascending(value, classes);
  Sweep sweep(space, from);
  std::vector<StateNumber> stack;
  for (const StateNumber s : order) {
    if (out[s] != kUnset) continue;
    const std::int32_t v = value[s];
    out[s] = v;
    stack.push_back(s);
    while (!stack.empty()) {
      const StateNumber t = stack.back();
      stack.pop_back();
      for (const MoverId m : opponents)
        sweep.take(m, t, [&](StateNumber x) {
          if (out[x] != kUnset) return;
          out[x] = v;
          stack.push_back(x);
        });
    }
  }
  return out;
}

/// The same over legal sequences: an arrival (t, k) means that t is entered by mover k, after which
/// k may not move. A(t, k) = min(value(t), min over l ≠ k of F_l(t)) and F_k(x) = min over t ∈
/// R_k(x) of A(t, k); arrivals settle in ascending order, so each is met once.
Values settle_legal(RowSpace& space, const std::vector<MoverId>& opponents, Ask from,
                    const Values& value, std::int32_t classes) {
  constexpr std::uint16_t kNone = 0xFFFF;
  constexpr std::uint16_t kAll = 0xFFFE;
  Values out(value.size(), kUnset);
  // Which arrivals at x are settled: none, all, or all but that of one mover.
  std::vector<std::uint16_t> settled(value.size(), kNone);
  const std::vector<StateNumber> order = ascending(value, classes);
  Sweep sweep(space, from);
  std::vector<std::pair<StateNumber, std::uint16_t>> stack;  // arrivals: state, index of the mover
  const auto settle = [&](StateNumber s, std::uint16_t but) {
    // Settles every open arrival at s, except that of `but` (kNone: no exception).
    if (settled[s] == kAll || (settled[s] != kNone && settled[s] == but)) return;
    if (settled[s] == kNone) {
      for (std::uint16_t k = 0; k < opponents.size(); ++k)
        if (k != but) stack.emplace_back(s, k);
      settled[s] = but == kNone ? kAll : but;
    } else {
      stack.emplace_back(s, settled[s]);
      settled[s] = kAll;
    }
  };
  for (const StateNumber s : order) {
    const std::int32_t v = value[s];
    if (out[s] == kUnset) out[s] = v;
    settle(s, kNone);
    while (!stack.empty()) {
      const auto [t, k] = stack.back();
      stack.pop_back();
      const std::uint16_t mover = k;
      sweep.take(opponents[mover], t, [&](StateNumber x) {  // F of this mover at x is v
        if (out[x] == kUnset) out[x] = v;
        settle(x, mover);
      });
    }
  }
  return out;
}

class PartyPass {
 public:
  PartyPass(RowSpace& space, PartyId p, const RowSettings& settings)
      : space_(space), p_(p), settings_(settings), opponents_(opponents(space.conflict(), p)) {
    const Conflict& conflict = space.conflict();
    std::erase_if(opponents_,
                  [&](MoverId m) { return !conflict.graph_form() && space.book(m).mute(); });
    transitive_ = std::all_of(opponents_.begin(), opponents_.end(),
                              [&](MoverId m) { return conflict.mover(m).transitive; });
  }

  void run(RowStability& out) {
    const MoverId me(p_.index());
    auto [r, classes] = goodness(space_.conflict(), space_.table(), p_);
    auto& stable = out.stable[p_.index()];
    auto& rank = out.rank[p_.index()];
    rank.resize(r.size());
    for (std::size_t s = 0; s < r.size(); ++s) rank[s] = classes - r[s];
    // e: the best p can have at x or by a move from x.
    Values e = best_after(space_, me, Ask::MovedFrom, r, classes);
    const auto mark = [&](Concept c, const auto& is_stable) {
      if (!wanted(c)) return;
      const auto bit = static_cast<std::uint8_t>(1u << static_cast<int>(c));
      for (std::size_t s = 0; s < r.size(); ++s)
        if (is_stable(s)) stable[s] |= bit;
    };
    mark(Concept::Nash, [&](std::size_t s) { return e[s] <= r[s]; });
    for (std::size_t s = 0; s < r.size(); ++s) e[s] = std::max(e[s], r[s]);
    for (const bool improving : {false, true}) {
      const Concept plain = improving ? Concept::Seq : Concept::Gmr;
      const Concept symmetric = improving ? Concept::Sseq : Concept::Smr;
      const Ask from = improving ? Ask::ImprovedFrom : Ask::MovedFrom;
      if (wanted(plain) && !stopped()) {
        const Values b = settle(from, r, classes);
        const Values worst = best_after(space_, me, Ask::MovedFrom, b, classes);
        mark(plain, [&](std::size_t s) { return worst[s] <= r[s]; });
      }
      if (wanted(symmetric) && !stopped()) {
        // c can exceed r at a state that is no improvement, so only improvements count here.
        const Values c = settle(from, e, classes);
        const Values worst = best_after(space_, me, Ask::ImprovedFrom, c, classes);
        mark(symmetric, [&](std::size_t s) { return worst[s] <= r[s]; });
      }
    }
  }

  bool stopped() const { return settings_.watch.cancelled() || settings_.watch.out_of_time(); }

 private:
  bool wanted(Concept c) const {
    return std::find(settings_.concepts.begin(), settings_.concepts.end(), c) !=
           settings_.concepts.end();
  }
  Values settle(Ask from, const Values& value, std::int32_t classes) {
    return transitive_ ? settle_plain(space_, opponents_, from, value, classes)
                       : settle_legal(space_, opponents_, from, value, classes);
  }

  RowSpace& space_;
  PartyId p_;
  const RowSettings& settings_;
  std::vector<MoverId> opponents_;
  bool transitive_ = true;
};

/// State by state, for what the passes cannot do. Returns how it ended.
End state_by_state(RowSpace& space, PartyId p, const std::vector<Concept>& concepts,
                   const RowSettings& settings, RowStability& out) {
  VerdictSettings vs;
  vs.sanctions = settings.sanctions;
  vs.most_combinations = settings.most_combinations;
  vs.all_answers = false;
  vs.watch = settings.watch;
  vs.watch.progress = nullptr;
  const std::size_t n = out.stable[p.index()].size();
  for (StateNumber s = 0; s < n; ++s) {
    if ((s & 0x3FFu) == 0) settings.watch.tell("judging state by state", s, n);
    for (const Concept c : concepts) {
      const Verdict v = verdict(space, p, space.table()[s], c, vs);
      const auto bit = static_cast<std::uint8_t>(1u << static_cast<int>(c));
      if (v.end == End::Complete) {
        if (v.stable) out.stable[p.index()][s] |= bit;
        out.undecided[p.index()][s] &= static_cast<std::uint8_t>(~bit);
      } else if (v.end == End::Cancelled) {
        return End::Cancelled;
      }
    }
  }
  return End::Complete;
}

}  // namespace

std::uint64_t row_bytes(const Conflict& conflict, std::uint64_t states) {
  std::uint64_t per_state = 16 + 12;  // table
  for (const MoverId m : conflict.movers()) {
    if (conflict.mover(m).digits.empty()) continue;
    const MoverInfo& info = conflict.mover(m);
    std::uint64_t dims = 2 * info.forbids.size() + (info.link ? 1 : 0);
    for (const Digit& d : info.digits) dims += d.change == Change::Any ? 0 : 1;
    for (const PartyId p : conflict.parties()) dims += contains(info.members, p) ? 1 : 0;
    per_state += 12 + 4 * dims + (dims > 1 ? 8 : 0);  // row, place, entry, coordinates, tree
    per_state += 8;                                   // sweep
  }
  per_state += conflict.party_count() * 6 + 60;  // ranks, verdicts, passes
  return states * per_state;
}

RowStability row_stability(RowSpace& space, const RowSettings& settings) {
  contract(space.filled(), "row_stability() needs a filled space");
  const Conflict& conflict = space.conflict();
  const std::size_t n = space.table().size();
  RowStability out;
  out.rank.resize(conflict.party_count());
  std::uint8_t all = 0;
  for (const Concept c : settings.concepts)
    all |= static_cast<std::uint8_t>(1u << static_cast<int>(c));
  out.stable.assign(conflict.party_count(), std::vector<std::uint8_t>(n, 0));
  out.undecided.assign(conflict.party_count(), std::vector<std::uint8_t>(n, all));
  const auto stop_reason = [&settings] {
    return settings.watch.cancelled() ? End::Cancelled : End::Limit;
  };
  std::vector<PartyId> by_passes;
  if (settings.sanctions == Sanctions::Legal)
    for (const PartyId p : conflict.parties())
      if (conflict.weak_order(p)) by_passes.push_back(p);
  // The passes of different parties share nothing but the rows, which they only read.
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < by_passes.size(); i = next++) {
      const PartyId p = by_passes[i];
      PartyPass pass(space, p, settings);
      if (pass.stopped()) return;
      pass.run(out);
      if (pass.stopped()) {
        std::fill(out.stable[p.index()].begin(), out.stable[p.index()].end(), std::uint8_t{0});
        return;
      }
      const auto sim = static_cast<std::uint8_t>(all & (1u << static_cast<int>(Concept::Sim)));
      std::fill(out.undecided[p.index()].begin(), out.undecided[p.index()].end(), sim);
    }
  };
  settings.watch.tell("judging every state", 0, 0);
  constexpr std::size_t kWorthThreads = 50'000;
  const std::size_t threads =
      n < kWorthThreads
          ? 1
          : std::min<std::size_t>(settings.threads > 0
                                      ? settings.threads
                                      : std::max(1u, std::thread::hardware_concurrency()),
                                  by_passes.size());
  std::vector<std::jthread> workers;
  for (std::size_t i = 1; i < threads; ++i) workers.emplace_back(work);
  work();
  workers.clear();
  if (settings.watch.cancelled() || settings.watch.out_of_time()) {
    out.end = stop_reason();
    return out;
  }
  for (const PartyId p : conflict.parties()) {
    std::vector<Concept> one_by_one = settings.concepts;
    if (conflict.weak_order(p)) {
      if (settings.sanctions == Sanctions::Legal) {
        std::erase_if(one_by_one, [](Concept c) { return c != Concept::Sim; });
      } else {
        auto [r, classes] = goodness(conflict, space.table(), p);
        for (auto& x : r) x = classes - x;
        out.rank[p.index()] = std::move(r);
      }
    }
    if (one_by_one.empty()) continue;
    const End end = state_by_state(space, p, one_by_one, settings, out);
    if (end != End::Complete) {
      out.end = end;
      return out;
    }
  }
  return out;
}

}  // namespace wayout
