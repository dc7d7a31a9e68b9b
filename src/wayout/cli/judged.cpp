#include "wayout/cli/judged.hpp"

#include <algorithm>

#include "wayout/stability/reference.hpp"

namespace wayout::cli {
namespace {

/// The states of an index one after the other, without a division for each. Goes on where the last
/// block ended.
class Odometer {
 public:
  explicit Odometer(const StateIndex& index) : index_(index) {
    for (const StateDigit& d : index.digits())
      if (d.size() > 1) digits_.push_back(&d);
    place_.assign(digits_.size(), 0);
  }

  void fill(std::uint64_t begin, std::span<State> out) {
    if (begin != next_ || !set_) start(begin);
    for (State& s : out) {
      s = at_;
      step();
    }
    next_ = begin + out.size();
  }

 private:
  void start(std::uint64_t begin) {
    set_ = true;
    for (std::size_t d = 0; d < digits_.size(); ++d)
      place_[d] = (begin / digits_[d]->stride) % digits_[d]->size();
    at_ = index_.state(begin);
  }
  void step() {
    for (std::size_t d = 0; d < digits_.size(); ++d) {
      const StateDigit& digit = *digits_[d];
      at_.bits ^= digit.members[place_[d]];
      if (++place_[d] == digit.size()) place_[d] = 0;
      at_.bits ^= digit.members[place_[d]];
      if (place_[d] != 0) return;
    }
  }

  const StateIndex& index_;
  std::vector<const StateDigit*> digits_;
  std::vector<std::uint64_t> place_;
  State at_;
  std::uint64_t next_ = 0;
  bool set_ = false;
};

}  // namespace

Judged judged_full(const Conflict& conflict, FullStability result) {
  const auto full = std::make_shared<const FullStability>(std::move(result));
  const StateIndex* space = full->space.get();
  Judged out;
  out.engine = "full";
  out.end = full->end;
  out.table.size = full->states;
  out.ordered = space->ordered();
  out.space = space;
  if (conflict.all_weak_orders())
    for (const auto& of_party : full->goodness) out.table.goodness.push_back(of_party.data());
  for (const auto& of_party : full->stable) out.table.stable.push_back(of_party.data());
  if (conflict.graph_form()) {
    out.table.states = [conflict](std::uint64_t begin, std::span<State> states) {
      for (std::size_t i = 0; i < states.size(); ++i) states[i] = conflict.graph_state(begin + i);
    };
  } else {
    out.table.states = [odometer = std::make_shared<Odometer>(*space)](std::uint64_t begin,
                                                                       std::span<State> states) {
      odometer->fill(begin, states);
    };
  }
  out.table.rank = [f = full.get()](PartyId p, std::uint64_t i) { return f->rank(p, i); };
  out.in_order = [space](const auto& visit) { space->in_order(0, visit); };
  out.find = [space](State s) { return space->find(s); };
  out.number = [space, conflict](std::uint64_t i) {
    return conflict.graph_form() ? conflict.graph_number(space->state(i))
                                 : static_cast<std::int64_t>(space->number(i)) + 1;
  };
  out.undecided = [f = full.get()](PartyId p, std::uint64_t i) {
    const auto& bits = f->undecided[p.index()];
    return bits.empty() ? std::uint8_t{0} : bits[i];
  };
  out.stable_total = full->stable_total;
  out.equilibria = full->equilibria;
  for (const auto& of_party : full->undecided_total)
    for (const std::uint64_t n : of_party) out.any_undecided = out.any_undecided || n > 0;
  out.keep = full;
  return out;
}

std::optional<Judged> judged_reference(const Session& session, const Conflict& conflict,
                                       const std::vector<Concept>& concepts, Sanctions sanctions) {
  auto model = reference::make(conflict.parts(), kReferenceMost);
  if (!model) {
    session.complain("the reference engine cannot take this case: " + model.error()[0].message,
                     "it is meant for small cases; use --engine full");
    return std::nullopt;
  }
  struct Small {
    std::vector<State> states;
    std::vector<std::vector<std::uint32_t>> rank;
    std::vector<std::vector<std::uint8_t>> stable;
  };
  const auto small = std::make_shared<Small>();
  const auto& m = **model;
  Judged out;
  out.engine = "reference";
  const std::size_t n = reference::size(m);
  for (std::size_t s = 0; s < n; ++s) {
    if (conflict.graph_form()) {
      small->states.push_back(conflict.graph_state(s));
      continue;
    }
    State state;
    for (const OptionId o : conflict.options())
      state = conflict.with_level(state, o, reference::levels(m, s)[o.index()]);
    small->states.push_back(state);
  }
  small->stable.assign(conflict.party_count(), std::vector<std::uint8_t>(n, 0));
  small->rank.resize(conflict.party_count());
  out.stable_total.resize(conflict.party_count());
  for (const PartyId p : conflict.parties()) {
    session.watch().tell("judging by the literal definitions", p.index(), conflict.party_count());
    const auto ranks = reference::ranks(m, p.index());
    small->rank[p.index()].assign(ranks.begin(), ranks.end());
    const auto table = reference::answers(m, p.index(), sanctions);
    for (std::size_t s = 0; s < n && out.end == End::Complete; ++s) {
      if (cancel_token().cancelled()) out.end = End::Cancelled;
      for (const Concept c : concepts) {
        if (!reference::stable(m, p.index(), s, c, table)) continue;
        small->stable[p.index()][s] |= static_cast<std::uint8_t>(1u << static_cast<int>(c));
        ++out.stable_total[p.index()][static_cast<std::size_t>(c)];
      }
    }
  }
  for (std::size_t s = 0; s < n; ++s) {
    std::uint8_t all = 0xFF;
    for (const auto& of_party : small->stable) all &= of_party[s];
    for (const Concept c : concepts)
      out.equilibria[static_cast<std::size_t>(c)] += (all >> static_cast<int>(c)) & 1u;
  }
  out.table.size = n;
  for (const auto& of_party : small->stable) out.table.stable.push_back(of_party.data());
  out.table.states = [small](std::uint64_t begin, std::span<State> states) {
    std::copy_n(small->states.begin() + static_cast<std::ptrdiff_t>(begin), states.size(),
                states.begin());
  };
  out.table.rank = [small](PartyId p, std::uint64_t i) {
    return small->rank[p.index()].empty() ? 0u : small->rank[p.index()][i];
  };
  out.in_order = [n](const auto& visit) {
    for (std::uint64_t i = 0; i < n; ++i)
      if (!visit(i, i)) return;
  };
  out.find = [small](State s) -> std::optional<std::uint64_t> {
    const auto at = std::find(small->states.begin(), small->states.end(), s);
    if (at == small->states.end()) return std::nullopt;
    return static_cast<std::uint64_t>(at - small->states.begin());
  };
  out.number = [small, conflict](std::uint64_t i) {
    return conflict.graph_form() ? conflict.graph_number(small->states[i])
                                 : static_cast<std::int64_t>(i) + 1;
  };
  out.undecided = [](PartyId, std::uint64_t) { return std::uint8_t{0}; };
  out.keep = small;
  return out;
}

}  // namespace wayout::cli
