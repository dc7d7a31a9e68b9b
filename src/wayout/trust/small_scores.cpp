#include "wayout/trust/small_scores.hpp"

#include <algorithm>
#include <bit>

namespace wayout {

class SmallScores::Compiler {
 public:
  Compiler(const Sampler& sampler, PartyId p, std::span<const State> states)
      : sampler_(sampler), p_(p), states_(states) {}

  std::optional<SmallScores> run() {
    const Conflict& conflict = sampler_.conflict();
    const PreferencePart* part = conflict.preference_part(p_);
    SmallScores out;
    if (part == nullptr) {  // indifferent
      out.fixed_ = true;
      out.fixed_head_.assign(states_.size(), 0);
      out.fixed_tail_ = out.fixed_head_;
      return out;
    }
    if (!conflict.weak_order(p_)) return std::nullopt;
    preference_ = index_of(conflict.parts(), *part);
    bool any = false;
    for (const Input& in : sampler_.inputs()) any = any || concerns(in);
    if (!any) return fix(std::move(out));
    switch (part->method) {
      case Method::Weights:
        if (!weights(*part, out)) return std::nullopt;
        break;
      case Method::Additive:
        if (!additive(*part, out)) return std::nullopt;
        break;
      case Method::Priorities:
        priorities(*part, out);
        break;
      case Method::Ranking:
      case Method::Unanimous:
        return std::nullopt;
    }
    return out;
  }

 private:
  static std::size_t index_of(const Parts& parts, const PreferencePart& part) {
    for (std::size_t i = 0; i < parts.preferences.size(); ++i)
      if (&parts.preferences[i] == &part) return i;
    contract(false, "a preference part of the conflict");
    return 0;
  }

  bool concerns(const Input& in) const {
    return (in.kind == UncertainKind::Weight || in.kind == UncertainKind::Criterion ||
            in.kind == UncertainKind::Value || in.kind == UncertainKind::Order) &&
           in.at[0] == preference_;
  }

  /// Scores that no draw changes, as places among the states.
  std::optional<SmallScores> fix(SmallScores out) const {
    const Conflict& conflict = sampler_.conflict();
    out.fixed_ = true;
    out.fixed_tail_.assign(states_.size(), 0);
    for (const State s : states_) {
      std::int64_t place = 0;
      for (const State t : states_) place += conflict.better(p_, s, t) ? 1 : 0;
      out.fixed_head_.push_back(place);
    }
    return out;
  }

  std::int32_t input_at(UncertainKind kind, std::size_t b, std::size_t c) const {
    const auto& inputs = sampler_.inputs();
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].kind == kind && inputs[i].at[0] == preference_ && inputs[i].at[1] == 0 &&
          inputs[i].at[2] == b && (kind == UncertainKind::Criterion || inputs[i].at[3] == c))
        return static_cast<std::int32_t>(i);
    return -1;
  }

  StateMask where(std::size_t statement) const {
    StateMask mask = 0;
    for (std::size_t s = 0; s < states_.size(); ++s)
      if (sampler_.conflict().statement_holds(p_, statement, states_[s])) mask |= StateMask{1} << s;
    return mask;
  }

  bool weights(const PreferencePart& part, SmallScores& out) const {
    out.weights_ = DrawnWeights::compile(sampler_, p_);
    if (!out.weights_) return false;
    for (std::size_t k = 0; k < part.statements.size(); ++k)
      if (part.statements[k].enabled)
        out.terms_.push_back({where(k), part.statements[k].vital, static_cast<std::uint32_t>(k)});
    return true;
  }

  bool additive(const PreferencePart& part, SmallScores& out) const {
    const Conflict& conflict = sampler_.conflict();
    int places = 0;
    for (std::size_t k = 0; k < part.values.size(); ++k)
      for (std::size_t v = 0; v < part.values[k].levels.size(); ++v)
        places = std::max(places, drawn_places(sampler_, part.values[k].levels[v],
                                               input_at(UncertainKind::Value, k, v)));
    Int128 sum = 0;
    for (std::size_t k = 0; k < part.values.size(); ++k) {
      const auto option = conflict.find_option(part.values[k].option);
      if (!option) return false;
      for (std::size_t v = 0; v < part.values[k].levels.size(); ++v) {
        Int128 most = 0;
        const auto number = drawn_number(sampler_, part.values[k].levels[v],
                                         input_at(UncertainKind::Value, k, v), places, most);
        if (!number) return false;
        sum += most;
        if (sum >= kMostDrawn) return false;
        Term term;
        for (std::size_t s = 0; s < states_.size(); ++s)
          if (conflict.level(states_[s], *option) == static_cast<int>(v))
            term.where |= StateMask{1} << s;
        term.from = static_cast<std::uint32_t>(out.levels_.size());
        out.levels_.push_back(*number);
        out.terms_.push_back(term);
      }
    }
    return true;
  }

  void priorities(const PreferencePart& part, SmallScores& out) const {
    out.priorities_ = true;
    std::vector<std::uint32_t> place(part.statements.size(), UINT32_MAX);
    for (std::size_t k = 0; k < part.statements.size(); ++k) {
      // Switched-off ones keep their place: another may stand before them.
      place[k] = static_cast<std::uint32_t>(out.statements_.size());
      out.statements_.push_back(part.statements[k].enabled ? where(k) : 0);
      out.vital_.push_back(part.statements[k].vital);
    }
    for (std::size_t i = 0; i < sampler_.inputs().size(); ++i) {
      const Input& in = sampler_.inputs()[i];
      if (in.kind != UncertainKind::Order || in.at[0] != preference_) continue;
      for (std::size_t k = 0; k < part.statements.size(); ++k)
        if (part.statements[k].id == part.statements[in.at[2]].or_before)
          out.moved_.push_back({static_cast<std::int32_t>(i), place[in.at[2]], place[k]});
    }
  }

  const Sampler& sampler_;
  PartyId p_;
  std::span<const State> states_;
  std::size_t preference_ = 0;
};

std::optional<SmallScores> SmallScores::compile(const Sampler& sampler, PartyId p,
                                                std::span<const State> states) {
  contract(states.size() <= kMostSmallStates, "a small dispute");
  return Compiler(sampler, p, states).run();
}

void SmallScores::scores(std::span<const std::int64_t> draws, std::span<std::int64_t> head,
                         std::span<std::int64_t> tail) const {
  if (fixed_) {
    std::copy(fixed_head_.begin(), fixed_head_.end(), head.begin());
    std::copy(fixed_tail_.begin(), fixed_tail_.end(), tail.begin());
    return;
  }
  std::fill(head.begin(), head.end(), 0);
  std::fill(tail.begin(), tail.end(), 0);
  if (priorities_) {
    refine(draws, head);
  } else {
    weigh(draws, head, tail);
  }
}

void SmallScores::weigh(std::span<const std::int64_t> draws, std::span<std::int64_t> head,
                        std::span<std::int64_t> tail) const {
  for (const Term& term : terms_) {
    const std::int64_t points =
        weights_ ? weights_->weight(term.from, draws) : levels_[term.from].at(draws);
    const auto target = term.vital ? head : tail;
    for (StateMask left = term.where; left != 0; left &= left - 1)
      target[static_cast<std::size_t>(std::countr_zero(left))] += points;
  }
}

void SmallScores::refine(std::span<const std::int64_t> draws, std::span<std::int64_t> head) const {
  std::array<std::uint32_t, Limits::kStatements> all;
  const auto order = std::span(all).first(statements_.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<std::uint32_t>(k);
  for (const Moved& m : moved_) {
    if (draws[static_cast<std::size_t>(m.input)] == 0) continue;
    const auto at = std::find(order.begin(), order.end(), m.statement);
    const auto before = std::find(order.begin(), order.end(), m.before);
    if (at > before) std::rotate(before, at, at + 1);
  }
  // A class of equal states splits at the first statement that tells them apart. Classes number
  // fewer than 64, so doubling them leaves room, and they are numbered anew after each split.
  for (const bool vital : {true, false})
    for (const std::uint32_t k : order) {
      if (vital_[k] != vital || statements_[k] == 0) continue;
      UInt128 seen = 0;
      for (std::size_t s = 0; s < head.size(); ++s) {
        head[s] = 2 * head[s] + static_cast<std::int64_t>((statements_[k] >> s) & 1u);
        seen |= static_cast<UInt128>(1) << head[s];
      }
      for (std::int64_t& h : head) {
        const UInt128 lower = seen & ((static_cast<UInt128>(1) << h) - 1);
        h = std::popcount(static_cast<std::uint64_t>(lower)) +
            std::popcount(static_cast<std::uint64_t>(lower >> 64));
      }
    }
}

}  // namespace wayout
