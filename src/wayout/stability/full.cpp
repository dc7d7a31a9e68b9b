#include "wayout/stability/full.hpp"

#include <algorithm>

#include "wayout/stability/row_stability.hpp"

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

void count(FullStability& out, std::uint8_t asked) {
  for (std::size_t p = 0; p < out.stable.size(); ++p) {
    std::array<std::uint64_t, 256> seen{};
    for (const std::uint8_t bits : out.stable[p]) ++seen[bits];
    std::array<std::uint64_t, 256> open{};
    for (const std::uint8_t bits : out.undecided[p]) ++open[bits];
    for (const Concept c : kAllConcepts)
      for (unsigned bits = 0; bits < 256; ++bits)
        if ((bits & bit_of(c) & asked) != 0) {
          out.stable_total[p][static_cast<std::size_t>(c)] += seen[bits];
          out.undecided_total[p][static_cast<std::size_t>(c)] += open[bits];
        }
  }
  std::array<std::uint64_t, 256> seen{};
  for (std::uint64_t i = 0; i < out.states; ++i) ++seen[out.equilibrium_bits(i)];
  for (const Concept c : kAllConcepts)
    for (unsigned bits = 0; bits < 256; ++bits)
      if ((bits & bit_of(c) & asked) != 0)
        out.equilibria[static_cast<std::size_t>(c)] += seen[bits];
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

}  // namespace

std::uint64_t full_bytes(const Conflict& conflict, const StateIndex& space, const FullSettings&) {
  return space.bytes() + row_bytes(conflict, space.size()) +
         space.size() * conflict.party_count() * 6;
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
  by_rows(conflict, settings, out);
  if (!out.empty) count(out, bits_of(settings.concepts));
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
