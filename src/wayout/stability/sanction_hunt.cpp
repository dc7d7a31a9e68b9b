#include "wayout/stability/sanction_hunt.hpp"

#include <algorithm>
#include <iterator>
#include <queue>

#include "wayout/space/state_table.hpp"

namespace wayout {

bool SanctionTask::sanction(UInt128 s2, std::optional<UInt128>* escape) const {
  if (model->score(s2) > limit) return false;
  if (!model->symmetric) return true;
  const auto out = model->escape(s2, limit);
  if (out && escape != nullptr) *escape = out;
  return !out;
}

namespace {

constexpr std::uint16_t kNobody = 0xFFFFu;

class Hunt {
 public:
  Hunt(const SanctionTask& task, std::uint64_t most_opened, std::uint64_t most_met,
       const Watch& watch)
      : task_(task),
        model_(*task.model),
        most_opened_(most_opened),
        most_met_(most_met),
        watch_(watch) {}

  Hunted run() {
    if (task_.firsts == nullptr) {
      table_.intern(State{task_.s1});
      nodes_.push_back({task_.s1, 0, kNobody, kNobody});
      first_.push_back(0);
      reopened_.push_back(false);
      push(0, model_.score(task_.s1));
    } else {
      // The start is not among the states met: it may be come back to.
      nodes_.push_back({task_.s1, 0, kNobody, kNobody});
      // Often the worst of them is a sanction by itself, and the others need not be met.
      std::vector<Int128> scores;
      for (const auto& f : *task_.firsts) scores.push_back(model_.score(f.bits));
      const auto worst = std::min_element(scores.begin(), scores.end()) - scores.begin();
      for (std::size_t n = 0; n <= scores.size(); ++n) {
        const std::size_t i = n == 0 ? static_cast<std::size_t>(worst) : n - 1;
        const auto& f = (*task_.firsts)[i];
        if (meet(0, f.mover, f.bits, scores[i])) return done();
      }
    }
    while (!open_.empty()) {
      if (watch_.cancelled()) return end(End::Cancelled);
      if (out_.opened >= most_opened_ || nodes_.size() > most_met_ ||
          ((out_.opened & 0x3Fu) == 0x3Fu && watch_.out_of_time()))
        return end(End::Limit);
      const Open next = open_.top();
      open_.pop();
      ++out_.opened;
      if (open(next)) return done();
    }
    return end(End::Complete);
  }

 private:
  struct Node {
    UInt128 bits;
    std::uint32_t parent;
    std::uint16_t mover;  ///< who led here
    std::uint16_t only;   ///< met again: opened for this mover alone
  };
  struct Open {
    Int128 rank;
    std::uint32_t node;
    std::uint32_t stage;
    bool operator<(const Open& o) const { return rank != o.rank ? rank > o.rank : node > o.node; }
  };

  /// One move that could be made.
  struct Offer {
    Int128 score;
    std::uint32_t mover;
    std::uint32_t setting;
    bool operator<(const Offer& o) const {
      if (score != o.score) return score < o.score;
      return mover != o.mover ? mover < o.mover : setting < o.setting;
    }
  };
  /// Of the offers of a state in order: where each stage begins.
  static constexpr std::size_t kStages[] = {0, 16, 128, ~std::size_t{0}};

  void push(std::uint32_t node, Int128 score) {
    if (model_.symmetric) {
      // What counts is the best the party can make of it; rules that bar it from that are left
      // out, as this only orders the search.
      const UInt128 bits = nodes_[node].bits;
      const auto& goals = model_.own_goal->table(bits);
      score += goals.top - goals.score[model_.own->place(bits)];
    }
    open_.push({score, node, 0});
  }

  /// True when t is a sanction.
  bool meet(std::uint32_t from, std::size_t mover, UInt128 t, Int128 score) {
    const auto m = static_cast<std::uint16_t>(mover);
    const std::size_t known = table_.size();
    const StateNumber n = table_.intern(State{t});
    if (n < known) {
      // Opened for every mover but the one that led there first, it is opened for that one too
      // when another leads there.
      const std::uint32_t first = first_[n];
      if (nodes_[first].mover == m || nodes_[first].mover == kNobody || reopened_[n]) return false;
      reopened_[n] = true;
      const auto again = static_cast<std::uint32_t>(nodes_.size());
      nodes_.push_back({t, from, m, nodes_[first].mover});
      open_.push({score, again, 0});
      return false;
    }
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({t, from, m, kNobody});
    if (first_.size() <= n) {
      first_.resize(n + 1);
      reopened_.resize(n + 1);
    }
    first_[n] = node;
    reopened_[n] = false;
    ++out_.met;
    if (score <= task_.limit) {
      std::optional<UInt128> escape;
      if (!model_.symmetric || task_.sanction(t, &escape)) {
        out_.sanction = path(node);
        return true;
      }
      if (!out_.evaded) out_.evaded = SanctionTask::Evaded{path(node), State{*escape}};
    }
    push(node, score);
    return false;
  }

  /// A state is opened in stages, what is worst for the party first: a row of hundreds of states is
  /// seldom needed as a whole.
  bool open(const Open& what) {
    const std::uint32_t at = what.node;
    const Node n = nodes_[at];
    const Int128 score = model_.score(n.bits);
    offers_.clear();
    for (std::size_t k = 0; k < model_.rows.size(); ++k) {
      if (n.only != kNobody ? n.only != k : n.mover == k) continue;
      const RowTables& rows = model_.rows[k];
      const auto& table = rows.table(n.bits);
      const std::size_t a = rows.place(n.bits);
      const std::size_t size = rows.settings().size();
      const bool plain = rows.plain();
      if (size < 2 || !table.some || (plain && table.score[a] >= table.top)) continue;
      const auto& goals = model_.goal_rows[k].table(n.bits);
      const Int128 others = score - goals.score[a];
      for (std::size_t b = 0; b < size; ++b) {
        if (plain && table.score[b] <= table.score[a]) continue;
        if (rows.goes(table, a, b))
          offers_.push_back({others + goals.score[b], static_cast<std::uint32_t>(k),
                             static_cast<std::uint32_t>(b)});
      }
    }
    const std::size_t first = std::min(kStages[what.stage], offers_.size());
    const std::size_t last = what.stage + 2 < std::size(kStages)
                                 ? std::min(kStages[what.stage + 1], offers_.size())
                                 : offers_.size();
    if (last < offers_.size())
      std::nth_element(offers_.begin(), offers_.begin() + static_cast<std::ptrdiff_t>(last),
                       offers_.end());
    if (first > 0 && first < last)
      std::nth_element(offers_.begin(), offers_.begin() + static_cast<std::ptrdiff_t>(first),
                       offers_.begin() + static_cast<std::ptrdiff_t>(last));
    std::sort(offers_.begin() + static_cast<std::ptrdiff_t>(first),
              offers_.begin() + static_cast<std::ptrdiff_t>(last));
    if (last < offers_.size())
      open_.push({what.rank + (offers_[last].score - offers_[first].score), at, what.stage + 1});
    for (std::size_t i = first; i < last; ++i) {
      const RowTables& rows = model_.rows[offers_[i].mover];
      if (meet(at, offers_[i].mover, (n.bits & ~rows.own()) | rows.settings()[offers_[i].setting],
               offers_[i].score))
        return true;
    }
    return false;
  }

  std::vector<Step> path(std::uint32_t node) const {
    std::vector<Step> out;
    for (; node != 0; node = nodes_[node].parent)
      out.push_back({model_.movers[nodes_[node].mover], State{nodes_[node].bits}});
    std::reverse(out.begin(), out.end());
    return out;
  }

  Hunted done() {
    out_.sanction = shortened(task_, std::move(out_.sanction));
    return end(End::Complete);
  }
  Hunted end(End how) {
    out_.end = how;
    return std::move(out_);
  }

  const SanctionTask& task_;
  const AnswerModel& model_;
  std::uint64_t most_opened_;
  std::uint64_t most_met_;
  const Watch& watch_;
  StateTable table_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> first_;  ///< per state of the table: its first node
  std::vector<bool> reopened_;        ///< per state of the table
  std::priority_queue<Open> open_;
  std::vector<Offer> offers_;
  Hunted out_;
};

std::size_t index_of(const AnswerModel& model, MoverId m) {
  return static_cast<std::size_t>(std::find(model.movers.begin(), model.movers.end(), m) -
                                  model.movers.begin());
}

/// Appends the step to `path`, which ends at `bits`, if the mover may make it.
bool follow(const SanctionTask& task, MoverId m, UInt128 target, UInt128& bits,
            std::vector<Step>& path) {
  const AnswerModel& model = *task.model;
  const std::size_t k = index_of(model, m);
  const RowTables& rows = model.rows[k];
  const UInt128 t = (bits & ~rows.own()) | (target & rows.own());
  if (t == bits) return false;
  if (!path.empty() && path.back().mover == m) return false;
  if (!rows.goes(rows.table(bits), rows.place(bits), rows.place(t))) return false;
  if (path.empty() && task.firsts != nullptr) {
    if (model.hollow(k, task.s, task.s1, t)) return false;
  }
  bits = t;
  path.push_back({m, State{bits}});
  return true;
}

}  // namespace

Hunted hunt(const SanctionTask& task, std::uint64_t most_opened, std::uint64_t most_met,
            const Watch& watch) {
  return Hunt(task, most_opened, most_met, watch).run();
}

std::vector<Step> replay(const SanctionTask& task, const std::vector<Step>& steps) {
  std::vector<Step> path;
  UInt128 bits = task.s1;
  for (const Step& step : steps)
    if (follow(task, step.mover, step.state.bits, bits, path) && task.sanction(bits)) return path;
  return {};
}

std::vector<Step> shortened(const SanctionTask& task, std::vector<Step> steps) {
  for (std::size_t i = 0; i < steps.size() && steps.size() > 1;) {
    std::vector<Step> fewer = steps;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    std::vector<Step> path = replay(task, fewer);
    if (path.empty()) {
      ++i;
    } else {
      steps = std::move(path);
    }
  }
  // Changes within a step that it does not need, the first options first.
  const Conflict& conflict = *task.model->conflict;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const Digit& d : conflict.mover(steps[i].mover).digits) {
      const UInt128 field = conflict.option(d.option).mask();
      const UInt128 before = (i == 0 ? task.s1 : steps[i - 1].state.bits) & field;
      if ((steps[i].state.bits & field) == before) continue;
      std::vector<Step> fewer = steps;
      fewer[i].state.bits = (fewer[i].state.bits & ~field) | before;
      std::vector<Step> path = replay(task, fewer);
      if (path.size() == steps.size()) steps = std::move(path);
    }
  }
  return steps;
}

}  // namespace wayout
