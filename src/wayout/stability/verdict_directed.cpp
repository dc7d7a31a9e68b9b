#include "wayout/stability/verdict_directed.hpp"

#include <algorithm>
#include <limits>

#include "wayout/space/state_table.hpp"
#include "wayout/stability/sanction_cone.hpp"
#include "wayout/stability/sanction_hunt.hpp"

namespace wayout {
namespace {

/// How much may be spent on one improvement in one round.
struct Effort {
  std::uint64_t opened;  ///< states opened by the directed search; 0: none
  std::size_t nodes;     ///< settings of the kept options in the abstraction; 0: none
};

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kBoundBudget = 4096;
constexpr std::size_t kReplayed = 8;

std::vector<Effort> efforts(AnswerSearch search) {
  switch (search) {
    case AnswerSearch::Hunt:
      return {{8, 0}, {512, 0}, {kAll, 0}};
    case AnswerSearch::Cone:
      return {{0, 4}, {0, 256}, {0, std::size_t{1} << 20}, {kAll, 0}};
    default:
      break;
  }
  // An abstraction of a few hundred nodes costs less than to open a dozen states of wide rows.
  return {{4, 0},          {0, 256},         {8, 2048},       {64, 1u << 14},
          {512, 1u << 16}, {4096, 1u << 18}, {kAll, 1u << 21}};
}

enum class Known { Open, Sanctioned, Not };

/// One improvement, or several that differ only in what matters to nobody.
struct Item {
  State s1;
  Answer answer;
  Known any = Known::Open;
  Known clean = Known::Open;
  std::optional<std::vector<AnswerModel::First>> firsts;
};

class Directed {
 public:
  Directed(const AnswerModel& model, State s, const VerdictSettings& settings)
      : model_(model),
        s_(s),
        settings_(settings),
        limit_(model.score(s.bits)),
        left_(settings.most_states),
        efforts_(efforts(settings.search)) {}

  Verdict run(std::span<const State> improvements) {
    group(improvements);
    Verdict out;
    out.improvements = improvements.size();
    decide();
    out.searched = searched_;
    const auto unsanctioned = std::find_if(items_.begin(), items_.end(),
                                           [](const Item& item) { return item.any == Known::Not; });
    if (unsanctioned == items_.end()) {
      for (const Item& item : items_)
        if (item.any == Known::Open) out.end = stopped_ == End::Complete ? End::Limit : stopped_;
    }
    out.stable = unsanctioned == items_.end() && out.end == End::Complete;
    out.stable_clean = out.stable;
    for (std::size_t i = 0; i < improvements.size(); ++i) {
      Item& item = items_[item_of_[i]];
      if (item.any != Known::Sanctioned) continue;
      Answer answer = finished(item, improvements[i]);
      if (answer.hollow && settings_.hollow) {
        out.stable_clean = false;
        if (answer.hollow_end != End::Complete && out.clean_end == End::Complete)
          out.clean_end = answer.hollow_end;
      }
      if (settings_.all_answers || answer.hollow || out.answers.empty())
        out.answers.push_back(std::move(answer));
    }
    // One improvement that is surely sanctioned by hollow ones only decides.
    for (const Answer& a : out.answers)
      if (a.hollow && a.hollow_end == End::Complete) out.clean_end = End::Complete;
    if (unsanctioned != items_.end()) {
      out.clean_end = End::Complete;
      unsanctioned->answer.improvement = unsanctioned->s1;
      out.answers.push_back(std::move(unsanctioned->answer));
    }
    return out;
  }

 private:
  void group(std::span<const State> improvements) {
    StateTable keys;
    for (const State s1 : improvements) {
      const std::size_t known = keys.size();
      const StateNumber n = keys.intern(State{s1.bits & model_.relevant});
      if (n == known) {
        items_.emplace_back();
        items_.back().s1 = s1;
      }
      item_of_.push_back(n);
    }
  }

  void decide() {
    for (Item& item : items_) {
      const auto can = at_most(model_.conflict->pool(), model_.goal, item.s1.bits, model_.free,
                               limit_, kBoundBudget);
      ++searched_;
      if (can.value_or(true)) continue;
      item.any = Known::Not;
      item.answer.proof = Proof::Bound;
      item.answer.searched = 1;
      return;
    }
    for (std::size_t i = 0; i < items_.size(); ++i) in_order_.push_back(i);
    for (std::size_t round = 0; round < efforts_.size(); ++round) {
      if (round == 1) order_by_prospect();
      for (const std::size_t i : round == 0 ? in_order_ : by_prospect_) {
        Item& item = items_[i];
        if (spent()) return;
        if (round == 0 && settings_.hollow && item.clean == Known::Open)
          try_clean(item, efforts_[round]);
        if (item.any == Known::Open) try_any(item, efforts_[round]);
        if (item.any == Known::Not) return;
      }
    }
    if (!settings_.hollow) return;
    for (std::size_t round = 1; round < efforts_.size(); ++round)
      for (Item& item : items_) {
        if (spent()) return;
        if (item.clean == Known::Open) try_clean(item, efforts_[round]);
      }
  }

  /// The longer it takes the opponents' best to hurt, the likelier they cannot: by how far the
  /// party could fall at most, the least first.
  void order_by_prospect() {
    std::vector<std::pair<Int128, std::size_t>> order;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].any != Known::Open) continue;
      order.emplace_back(
          -least(model_.conflict->pool(), model_.goal, items_[i].s1.bits, model_.free, kBoundBudget)
               .value_or(0),
          i);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [fall, i] : order) by_prospect_.push_back(i);
  }

  bool spent() {
    if (settings_.watch.cancelled()) {
      stopped_ = End::Cancelled;
    } else if (left_ == 0 || settings_.watch.out_of_time()) {
      stopped_ = End::Limit;
    }
    settings_.watch.tell("searching answers", searched_, settings_.most_states);
    return stopped_ != End::Complete;
  }

  void charge(Item& item, std::uint64_t states) {
    searched_ += states;
    item.answer.searched += states;
    left_ -= std::min<std::uint64_t>(left_, states);
  }

  void found(Item& item, std::vector<Step> sanction, bool clean) {
    item.any = Known::Sanctioned;
    if (clean) item.clean = Known::Sanctioned;
    auto& known = clean ? clean_ways_ : ways_;
    item.answer.sanction = std::move(sanction);
    known.insert(known.begin(), item.answer.sanction);
    if (known.size() > kReplayed) known.pop_back();
  }

  SanctionTask task(const Item& item, bool clean) const {
    return {&model_, s_.bits, item.s1.bits, limit_, clean ? &*item.firsts : nullptr};
  }

  void try_clean(Item& item, const Effort& effort) {
    if (!item.firsts) item.firsts = model_.clean_firsts(s_.bits, item.s1.bits);
    if (item.firsts->empty()) {
      item.clean = Known::Not;
    } else {
      attempt(item, effort, true);
    }
    if (item.clean != Known::Open) item.firsts.reset();
  }

  void try_any(Item& item, const Effort& effort) { attempt(item, effort, false); }

  void attempt(Item& item, const Effort& effort, bool clean) {
    const SanctionTask t = task(item, clean);
    for (const auto& way : clean ? clean_ways_ : ways_) {
      std::vector<Step> steps = replay(t, way);
      charge(item, 1);
      if (!steps.empty()) return found(item, std::move(steps), clean);
    }
    if (effort.nodes > 0) {
      ConeSettings cs;
      cs.most_nodes = std::min<std::size_t>(effort.nodes, left_);
      cs.watch = settings_.watch;
      Coned c = cone(t, cs);
      charge(item, c.looked_at);
      if (c.found == Coned::Found::Sanction) return found(item, std::move(c.sanction), clean);
      if (c.found == Coned::Found::NoSanction)
        return none(item, clean, Proof::Abstraction, std::move(c.kept));
    }
    if (effort.opened > 0 && left_ > 0) {
      Hunted h = hunt(t, effort.opened, left_, settings_.watch);
      charge(item, h.met);
      if (!h.sanction.empty()) return found(item, std::move(h.sanction), clean);
      if (h.evaded && !item.answer.counter_move) {
        item.answer.evaded = std::move(h.evaded->steps);
        item.answer.counter_move = h.evaded->counter_move;
      }
      if (h.end == End::Complete) return none(item, clean, Proof::Listed, {});
    }
  }

  void none(Item& item, bool clean, Proof proof, std::vector<OptionId> kept) {
    (clean ? item.clean : item.any) = Known::Not;
    if (clean) return;
    item.answer.proof = proof;
    item.answer.kept = std::move(kept);
  }

  /// The answer to one improvement of an item that is sanctioned.
  Answer finished(const Item& item, State s1) {
    Answer out = item.answer;
    out.improvement = s1;
    out.sanctioned = true;
    out.evaded.clear();
    out.counter_move.reset();
    out.hollow = settings_.hollow && item.clean != Known::Sanctioned;
    if (item.clean == Known::Open && settings_.hollow)
      out.hollow_end = stopped_ == End::Complete ? End::Limit : stopped_;
    if (s1 != item.s1) {
      // The same moves, from a state that differs only in what matters to nobody.
      const UInt128 own = s1.bits ^ item.s1.bits;
      for (Step& step : out.sanction) step.state.bits ^= own;
      out.searched = 0;
    }
    return out;
  }

  const AnswerModel& model_;
  State s_;
  const VerdictSettings& settings_;
  Int128 limit_;
  std::uint64_t left_;
  std::vector<Effort> efforts_;
  std::vector<Item> items_;
  std::vector<std::size_t> in_order_;
  std::vector<std::size_t> by_prospect_;
  std::vector<std::size_t> item_of_;  ///< per improvement
  std::vector<std::vector<Step>> ways_;
  std::vector<std::vector<Step>> clean_ways_;
  std::uint64_t searched_ = 0;
  End stopped_ = End::Complete;
};

}  // namespace

Verdict directed_verdict(const AnswerModel& model, State s, std::span<const State> improvements,
                         const VerdictSettings& settings) {
  return Directed(model, s, settings).run(improvements);
}

}  // namespace wayout
