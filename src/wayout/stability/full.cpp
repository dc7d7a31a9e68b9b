#include "wayout/stability/full.hpp"

#include <algorithm>

#include "wayout/stability/box_grid.hpp"
#include "wayout/stability/goodness.hpp"
#include "wayout/stability/kernels.hpp"
#include "wayout/stability/plain_grid.hpp"
#include "wayout/stability/plain_sim.hpp"
#include "wayout/stability/row_stability.hpp"
#include "wayout/stability/tasks.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {
namespace {

std::uint8_t bit_of(Concept c) { return static_cast<std::uint8_t>(1u << static_cast<int>(c)); }

std::uint8_t bits_of(const std::vector<Concept>& concepts) {
  std::uint8_t bits = 0;
  for (const Concept c : concepts) bits |= bit_of(c);
  return bits;
}

/// Results for nothing judged yet.
void prepare(const Conflict& conflict, FullStability& out) {
  out.goodness.resize(conflict.party_count());
  out.classes.assign(conflict.party_count(), 0);
  out.stable.resize(conflict.party_count());
  out.undecided.resize(conflict.party_count());
  out.stable_total.assign(conflict.party_count(), {});
  out.undecided_total.assign(conflict.party_count(), {});
}

/// Totals of a stretch of states at a time.
void count(FullStability& out, const Tasks& tasks) {
  constexpr std::uint64_t kStretch = 1u << 16;
  constexpr std::size_t kSets = kAllConcepts.size();
  const std::size_t parties = out.stable.size();
  // Per worker: stable of every party, undecided of every party, equilibria.
  std::vector<std::vector<std::uint64_t>> sums(
      tasks.threads(), std::vector<std::uint64_t>((2 * parties + 1) * kSets, 0));
  tasks.run((out.states + kStretch - 1) / kStretch, [&](std::size_t i, std::size_t worker) {
    const Kernels& kernel = kernels();
    const std::uint64_t begin = i * kStretch;
    const std::uint64_t size = std::min(kStretch, out.states - begin);
    std::uint64_t* const sum = sums[worker].data();
    std::vector<std::uint8_t> all(size, 0xFF);
    for (std::size_t p = 0; p < parties; ++p) {
      kernel.count(out.stable[p].data() + begin, size, sum + p * kSets);
      kernel.both(all.data(), out.stable[p].data() + begin, size);
      if (!out.undecided[p].empty())
        kernel.count(out.undecided[p].data() + begin, size, sum + (parties + p) * kSets);
    }
    kernel.count(all.data(), size, sum + 2 * parties * kSets);
  });
  for (const auto& sum : sums)
    for (std::size_t c = 0; c < kSets; ++c) {
      for (std::size_t p = 0; p < parties; ++p) {
        out.stable_total[p][c] += sum[p * kSets + c];
        out.undecided_total[p][c] += sum[(parties + p) * kSets + c];
      }
      out.equilibria[c] += sum[2 * parties * kSets + c];
    }
}

/// Everything by rows.
void by_rows(const Conflict& conflict, const FullSettings& settings, FullStability& out) {
  const std::uint64_t n = out.states;
  std::optional<RowSpace> space;
  if (conflict.graph_form()) {
    space.emplace(conflict);
    space->fill(n, n, settings.watch);
  } else {
    std::vector<State> states;
    states.reserve(n);
    for (std::uint64_t i = 0; i < n; ++i) states.push_back(out.space->state(i));
    space.emplace(conflict, states, settings.watch);
  }
  if (!space->filled()) {
    out.end = settings.watch.cancelled() ? End::Cancelled : End::Limit;
    return;
  }
  RowSettings rs;
  rs.concepts = settings.concepts;
  rs.sanctions = settings.sanctions;
  rs.most_combinations = settings.most_combinations;
  rs.threads = settings.threads;
  rs.watch = settings.watch;
  const RowStability rows = row_stability(*space, rs);
  out.end = rows.end;
  for (std::size_t p = 0; p < conflict.party_count(); ++p) {
    if (!rows.rank[p].empty()) {
      std::int32_t most = 0;
      for (const std::int32_t rank : rows.rank[p]) most = std::max(most, rank);
      out.classes[p] = static_cast<std::uint32_t>(most);
      out.goodness[p] = BigArray<std::uint32_t>(n);
      for (std::uint64_t i = 0; i < n; ++i)
        out.goodness[p][i] = static_cast<std::uint32_t>(most - rows.rank[p][i]);
    }
    out.stable[p] = BigArray<std::uint8_t>(n);
    std::copy(rows.stable[p].begin(), rows.stable[p].end(), out.stable[p].begin());
    if (std::any_of(rows.undecided[p].begin(), rows.undecided[p].end(),
                    [](std::uint8_t bits) { return bits != 0; })) {
      out.undecided[p] = BigArray<std::uint8_t>(n);
      std::copy(rows.undecided[p].begin(), rows.undecided[p].end(), out.undecided[p].begin());
    }
  }
  out.empty = false;
}

/// The shape for the fastest passes, where the dispute has it.
std::optional<PlainShape> grid_shape(const Conflict& conflict, const StateIndex& space) {
  if (!conflict.all_weak_orders()) return std::nullopt;
  return plain_shape(conflict, space);
}

/// Goodness and every concept but SIM.
void by_grid(const Conflict& conflict, const std::optional<PlainShape>& shape, const Tasks& tasks,
             std::uint8_t asked, FullStability& out) {
  const std::size_t parties = conflict.party_count();
  for (const PartyId p : conflict.parties()) {
    tasks.tell("ranking every state", p.index(), parties);
    out.classes[p.index()] = goodness(conflict, *out.space, p, tasks, out.goodness[p.index()]);
    if (tasks.stopped()) return;
  }
  const std::size_t done =
      shape ? plain_verdicts(*shape, out.goodness, asked, tasks, out.stable)
            : box_verdicts(conflict, *out.space, out.goodness, asked, tasks, out.stable);
  out.empty = false;
  for (std::size_t p = done; p < parties; ++p) {
    out.stable[p] = BigArray<std::uint8_t>(out.states);
    out.undecided[p] = BigArray<std::uint8_t>(out.states);
    std::fill(out.undecided[p].begin(), out.undecided[p].end(), asked);
  }
}

/// SIM where combinations are sums of offsets; verdicts it leaves open are tried one by one, with
/// the order of combinations that a single verdict has, so that both decide at least as much.
void sim_by_grid(const Conflict& conflict, const PlainShape& shape, const FullSettings& settings,
                 const Tasks& tasks, FullStability& out) {
  const std::uint8_t sim = bit_of(Concept::Sim);
  const auto open = plain_sim(shape, out.goodness, settings.most_combinations, tasks, out.stable);
  const auto undecided = [&](PartyId p) -> BigArray<std::uint8_t>& {
    BigArray<std::uint8_t>& bits = out.undecided[p.index()];
    if (bits.empty()) bits = BigArray<std::uint8_t>(out.states);
    return bits;
  };
  if (tasks.stopped()) {
    // Which states were reached is not kept: none of their verdicts stands.
    for (const PartyId p : conflict.parties()) {
      BigArray<std::uint8_t>& bits = undecided(p);
      for (std::uint64_t i = 0; i < out.states; ++i) {
        out.stable[p.index()][i] &= static_cast<std::uint8_t>(~sim);
        bits[i] |= sim;
      }
    }
    return;
  }
  if (open.empty()) return;
  RowSpace rows(conflict);
  VerdictSettings vs;
  vs.most_combinations = settings.most_combinations;
  vs.all_answers = vs.hollow = false;
  vs.watch = settings.watch;
  for (const auto& [p, i] : open) {
    Verdict v;
    v.end = End::Limit;
    if (!tasks.stopped()) v = verdict(rows, p, out.space->state(i), Concept::Sim, vs);
    if (v.end != End::Complete) {
      undecided(p)[i] |= sim;
    } else if (v.stable) {
      out.stable[p.index()][i] |= sim;
    }
  }
}

}  // namespace

std::uint64_t full_bytes(const Conflict& conflict, const StateIndex& space,
                         const FullSettings& settings) {
  const Tasks tasks(settings.watch, settings.threads);
  const std::uint64_t results = space.bytes() + space.size() * conflict.party_count() * 5;
  const std::uint8_t asked = bits_of(settings.concepts);
  const bool sim = (asked & bit_of(Concept::Sim)) != 0;
  if (settings.sanctions == Sanctions::Legal) {
    const bool improvements = (asked & (bit_of(Concept::Seq) | bit_of(Concept::Sseq))) != 0;
    // Where SIM is left open in places, that is a byte more for each state and party.
    if (const auto shape = grid_shape(conflict, space))
      return results + plain_bytes(*shape, tasks.threads(), improvements) +
             (sim ? space.size() * conflict.party_count() : 0);
    if (!sim && takes_boxes(conflict, space))
      return results + box_bytes(conflict, space, tasks.threads());
  }
  return results + row_bytes(conflict, space.size());
}

FullStability full_stability(const Conflict& conflict, std::shared_ptr<const StateIndex> space,
                             const FullSettings& settings) {
  FullStability out;
  out.space = std::move(space);
  out.states = out.space->size();
  prepare(conflict, out);
  out.bytes = full_bytes(conflict, *out.space, settings);
  if (out.states > settings.most_states || out.bytes > settings.most_bytes) {
    out.end = End::Limit;
    out.limit = out.states > settings.most_states ? FullLimit::States : FullLimit::Memory;
    return out;
  }
  const Tasks tasks(settings.watch, out.states < settings.threads_from ? 1 : settings.threads);
  const std::uint8_t asked = bits_of(settings.concepts);
  const std::uint8_t sim = asked & bit_of(Concept::Sim);
  std::optional<PlainShape> shape;
  if (settings.sanctions == Sanctions::Legal && settings.method != FullMethod::Boxes)
    shape = grid_shape(conflict, *out.space);
  const bool grid = settings.sanctions == Sanctions::Legal && settings.method != FullMethod::Rows &&
                    (shape || takes_boxes(conflict, *out.space));
  if (grid) {
    by_grid(conflict, shape, tasks, static_cast<std::uint8_t>(asked & ~sim), out);
    if (sim != 0 && shape && !tasks.stopped()) {
      sim_by_grid(conflict, *shape, settings, tasks, out);
    } else if (sim != 0 && !tasks.stopped()) {
      FullSettings only = settings;
      only.concepts = {Concept::Sim};
      FullStability by_sim;
      by_sim.space = out.space;
      by_sim.states = out.states;
      prepare(conflict, by_sim);
      by_rows(conflict, only, by_sim);
      for (std::size_t p = 0; p < out.stable.size() && !by_sim.empty; ++p) {
        for (std::uint64_t i = 0; i < out.states; ++i)
          out.stable[p][i] = static_cast<std::uint8_t>(out.stable[p][i] | by_sim.stable[p][i]);
        out.undecided[p] = std::move(by_sim.undecided[p]);
      }
      out.end = by_sim.end;
    }
  } else {
    by_rows(conflict, settings, out);
  }
  if (tasks.stopped()) out.end = settings.watch.cancelled() ? End::Cancelled : End::Limit;
  if (!out.empty) {
    const Watch unwatched;  // what was judged is counted in any case
    count(out, Tasks(unwatched, tasks.threads()));
  }
  if (out.end == End::Limit) out.limit = FullLimit::Time;
  if (out.end == End::Complete) {
    for (const auto& totals : out.undecided_total)
      for (const std::uint64_t open : totals)
        if (open > 0) out.limit = FullLimit::Sim;
    if (out.limit == FullLimit::Sim) out.end = End::Limit;
  }
  return out;
}

FullStability full_stability(const Conflict& conflict, const FullSettings& settings) {
  StateIndex::Settings listing;
  listing.most_states = settings.most_states;
  listing.watch = settings.watch;
  const StateIndex::Made made = StateIndex::make(conflict, listing);
  if (made.index) return full_stability(conflict, made.index, settings);
  FullStability out;
  prepare(conflict, out);
  out.states = made.states;
  out.end = made.stop == StateIndex::Stop::Cancelled ? End::Cancelled : End::Limit;
  switch (made.stop) {
    case StateIndex::Stop::States:
      out.limit = FullLimit::States;
      break;
    case StateIndex::Stop::Budget:
      out.limit = FullLimit::Listing;
      break;
    case StateIndex::Stop::Time:
      out.limit = FullLimit::Time;
      break;
    default:
      break;
  }
  return out;
}

}  // namespace wayout
