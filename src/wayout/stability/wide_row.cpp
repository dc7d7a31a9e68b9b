#include "wayout/stability/wide_row.hpp"

#include <algorithm>
#include <optional>

#include "wayout/model/sum_score.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

constexpr std::size_t kMostTried = 20'000;
constexpr std::size_t kBoundBudget = 65'536;

class WideRow {
 public:
  WideRow(const Conflict& conflict, PartyId p, State s, const Watch& watch)
      : conflict_(conflict), mover_(conflict.mover_of(p)), p_(p), s_(s), watch_(watch) {
    for (const Digit& d : conflict.mover(mover_).digits) {
      const OptionInfo& o = conflict.option(d.option);
      if (!o.enabled) continue;
      free_ |= o.mask();
      for (int level = 0; level < static_cast<int>(o.levels.size()); ++level)
        if (level != conflict.level(s, d.option) &&
            permitted(d.change, conflict.level(s, d.option), level))
          singles_.emplace_back(d.option, level);
    }
  }

  /// Whatever its options are set to, feasible or not, no order of the party gets better.
  bool none() const {
    const auto sums = sum_scores(conflict_, p_);
    if (!sums) return false;
    if (sums->empty()) return true;  // indifferent
    const auto stays = [&](SumScore sum) {
      for (SumScore::Term& t : sum.terms) t.weight = -t.weight;
      const Int128 today = sum(conflict_.pool(), s_.bits);
      return at_most(conflict_.pool(), sum, s_.bits, free_, today - 1, kBoundBudget) == false;
    };
    return std::any_of(sums->begin(), sums->end(), stays);
  }

  std::vector<State> find() {
    for (const auto& one : singles_) keep(set(s_, one));
    for (std::size_t a = 0; a < singles_.size(); ++a)
      for (std::size_t b = a + 1; b < singles_.size() && more(); ++b)
        if (singles_[a].first != singles_[b].first) keep(set(set(s_, singles_[a]), singles_[b]));
    climb();
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  using Single = std::pair<OptionId, int>;
  State set(State s, const Single& one) const {
    return conflict_.with_level(s, one.first, one.second);
  }

  bool more() { return tried_ < kMostTried && !watch_.cancelled() && !watch_.out_of_time(); }

  bool better(State t, State than) {
    ++tried_;
    return conflict_.better(p_, t, than) && is_move(conflict_, mover_, s_, t);
  }
  void keep(State t) {
    if (better(t, s_)) found_.push_back(t);
  }

  /// From s the best single change, then the best beside it, and so on: options that are changed
  /// may be changed again, or back.
  void climb() {
    tried_ = 0;
    std::vector<Single> all = singles_;
    for (const Digit& d : conflict_.mover(mover_).digits)
      if (conflict_.option(d.option).enabled)
        all.emplace_back(d.option, conflict_.level(s_, d.option));
    State at = s_;
    while (more()) {
      std::optional<State> best;
      for (const Single& one : all) {
        const State t = set(at, one);
        if (t != at && better(t, best.value_or(at))) best = t;
      }
      if (!best) return;
      at = *best;
      keep(at);
    }
  }

  const Conflict& conflict_;
  MoverId mover_;
  PartyId p_;
  State s_;
  const Watch& watch_;
  UInt128 free_ = 0;
  std::vector<Single> singles_;
  std::vector<State> found_;
  std::size_t tried_ = 0;
};

}  // namespace

SomeImprovements some_improvements(const Conflict& conflict, PartyId p, State s,
                                   const Watch& watch) {
  contract(!conflict.graph_form(), "rows of a graph form are listed");
  WideRow row(conflict, p, s, watch);
  SomeImprovements out;
  out.found = row.find();
  out.none = out.found.empty() && row.none();
  return out;
}

}  // namespace wayout
