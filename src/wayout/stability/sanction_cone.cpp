#include "wayout/stability/sanction_cone.hpp"

#include <algorithm>
#include <deque>

#include "wayout/stability/cone_map.hpp"

namespace wayout {
namespace {

bool less(const Pattern& a, const Pattern& b) {
  return a.open != b.open ? a.open < b.open : a.raw < b.raw;
}

void unique(std::vector<Pattern>& list) {
  std::sort(list.begin(), list.end(), less);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

class Cone {
 public:
  Cone(const SanctionTask& task, const ConeSettings& settings)
      : task_(task), model_(*task.model), settings_(settings) {}

  Coned run() {
    if (model_.cone_map == nullptr) model_.cone_map = std::make_shared<ConeMap>(model_);
    map_ = model_.cone_map.get();
    if (!map_->fits()) return std::move(out_);
    start();
    if (!spread()) return std::move(out_);
    for (std::size_t i = 0; i < met_.size(); ++i) {
      const ConeMap::Block& b = map_->blocks()[i];
      UInt128 any = 0;
      UInt128 all = ~UInt128{0};
      for (std::size_t v = 0; v < b.values.size(); ++v) {
        if (!met_[i][v]) continue;
        any |= b.values[v];
        all &= b.values[v];
      }
      open_ |= any & ~all & b.mask;
    }
    // Whole options stay together.
    for (const OptionId o : model_.conflict->options()) {
      const UInt128 field = model_.conflict->option(o).mask();
      if ((open_ & field) != 0) open_ |= field & model_.free;
    }
    for (std::size_t n = 0; n < kAimedAtOnce && keep_heaviest(aim_weights(), 0); ++n) {
    }
    while (true) {
      const Round round = look();
      if (round != Round::Refined) return std::move(out_);
    }
  }

 private:
  enum class Round { Done, Refined };

  // --- blocks

  void mark(std::size_t block, std::size_t value) {
    met_[block][value] = true;
    for (std::size_t k = 0; k < model_.rows.size(); ++k) {
      const ConeMap::Sight& sight = map_->sight(k, block);
      if (!sight.seen.empty()) seen_met_[k][block][sight.seen[value]] = true;
      if (!sight.own.empty()) own_met_[k][block][sight.own[value]] = true;
    }
  }

  void start() {
    const auto& blocks = map_->blocks();
    for (const ConeMap::Block& b : blocks) met_.emplace_back(b.values.size(), false);
    seen_met_.resize(model_.rows.size());
    own_met_.resize(model_.rows.size());
    for (std::size_t k = 0; k < model_.rows.size(); ++k)
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        seen_met_[k].emplace_back(map_->sight(k, i).shows.size(), false);
        own_met_[k].emplace_back(map_->sight(k, i).own_groups, false);
      }
    const auto mark_state = [&](UInt128 bits) {
      for (std::size_t i = 0; i < blocks.size(); ++i) mark(i, blocks[i].place(bits));
    };
    if (task_.firsts == nullptr) {
      mark_state(task_.s1);
    } else {
      for (const auto& f : *task_.firsts) mark_state(f.bits);
    }
    rest_ = task_.firsts == nullptr ? task_.s1 : task_.firsts->front().bits;
    UInt128 blocked = 0;
    for (const ConeMap::Block& b : blocks) blocked |= b.mask;
    for (const RowTables& rows : model_.rows) {
      Pattern base;
      base.raw = rest_ & rows.raw_mask() & ~blocked;
      const auto literals = rows.literals();
      for (std::size_t l = 0; l < literals.size(); ++l)
        if (((rest_ ^ literals[l].value) & literals[l].mask & ~blocked) == 0)
          base.open |= UInt128{1} << l;
      base_.push_back(base);
    }
  }

  /// The patterns that mover k may see when each block is any of its values met so far for which
  /// `fits` (bits of the value, mask of its block); empty when there are too many.
  template <class Fits>
  std::vector<Pattern> patterns(std::size_t k, const Fits& fits) {
    std::vector<Pattern> out{base_[k]};
    std::vector<Pattern> part;
    std::vector<Pattern> longer;
    for (std::size_t i = 0; i < map_->blocks().size(); ++i) {
      const auto& shows = map_->sight(k, i).shows;
      if (shows.empty()) continue;
      part.clear();
      for (std::size_t g = 0; g < shows.size(); ++g)
        if (seen_met_[k][i][g] && fits(shows[g].bits, map_->blocks()[i].mask))
          part.push_back(shows[g].pattern);
      unique(part);
      if (part.size() * out.size() > 64 * settings_.most_patterns) return {};
      longer.clear();
      for (const Pattern& a : out)
        for (const Pattern& b : part) longer.push_back({a.open & b.open, a.raw | b.raw});
      unique(longer);
      out.swap(longer);
      if (out.size() > settings_.most_patterns) return {};
    }
    return out;
  }

  /// Whether a setting of mover k is made of values met so far.
  bool known(std::size_t k, std::size_t setting) const {
    for (std::size_t i = 0; i < map_->blocks().size(); ++i) {
      const ConeMap::Sight& sight = map_->sight(k, i);
      if (!sight.own.empty() && !own_met_[k][i][sight.of_setting[setting]]) return false;
    }
    return true;
  }

  bool mark_met(std::size_t k, std::size_t setting) {
    bool fresh = false;
    for (std::size_t i = 0; i < map_->blocks().size(); ++i) {
      const ConeMap::Sight& sight = map_->sight(k, i);
      if (sight.own.empty()) continue;
      const ConeMap::Block& b = map_->blocks()[i];
      const UInt128 own = model_.rows[k].own();
      const UInt128 set = model_.rows[k].settings()[setting] & b.mask;
      if ((b.mask & ~own) == 0) {
        const std::size_t value = b.place(set);
        if (met_[i][value]) continue;
        mark(i, value);
        fresh = true;
        continue;
      }
      // Where the mover sets only part of the block, the rest is as in some value met.
      for (std::size_t v = 0; v < b.values.size(); ++v) {
        if (!met_[i][v]) continue;
        const std::size_t value = b.place((b.values[v] & ~own) | (set & own));
        if (met_[i][value]) continue;
        mark(i, value);
        fresh = true;
      }
    }
    return fresh;
  }

  /// Each block by itself, until nothing new is met.
  bool spread() {
    bool grown = true;
    while (grown) {
      grown = false;
      for (std::size_t k = 0; k < model_.rows.size(); ++k) {
        if (stopped()) return false;
        const RowTables& rows = model_.rows[k];
        const std::size_t size = rows.settings().size();
        if (size < 2) continue;
        const auto all = patterns(k, [](UInt128, UInt128) { return true; });
        if (all.empty()) return false;
        std::vector<bool> here(size);
        for (std::size_t a = 0; a < size; ++a) here[a] = known(k, a);
        bool more = true;
        while (more) {
          more = false;
          for (const Pattern& p : all) {
            out_.looked_at += 1;
            const auto& table = rows.table(p);
            const auto met = [&](std::size_t b) { return here[b]; };
            for_targets(rows, table, here, met, [&](std::size_t b) {
              here[b] = true;
              more = true;
              grown |= mark_met(k, b);
            });
          }
        }
      }
    }
    return true;
  }

  /// Calls visit(b) for every setting that can be gone to from one of `here`, but those known.
  template <class Known, class Visit>
  void for_targets(const RowTables& rows, const RowTables::Table& table,
                   const std::vector<bool>& here, const Known& is_known, const Visit& visit) {
    const std::size_t size = rows.settings().size();
    if (!table.some) return;
    if (rows.plain()) {
      bool some = false;
      std::size_t low = 0;
      for (std::size_t a = 0; a < size; ++a)
        if (here[a] && table.meets[a] != 0 && (!some || table.score[a] < table.score[low])) {
          low = a;
          some = true;
        }
      if (!some || table.score[low] >= table.top) return;
      const Int128 least = table.score[low];
      for (std::size_t b = 0; b < size; ++b)
        if (table.score[b] > least && !is_known(b) && rows.goes(table, low, b)) visit(b);
      return;
    }
    // Settings of `here` may be added by visit: each is looked at with those there before.
    std::vector<std::size_t> from;
    for (std::size_t a = 0; a < size; ++a)
      if (here[a] && table.meets[a] != 0) from.push_back(a);
    for (std::size_t b = 0; b < size; ++b) {
      if (table.meets[b] != 3 || is_known(b)) continue;
      for (const std::size_t a : from)
        if (rows.goes(table, a, b)) {
          visit(b);
          break;
        }
    }
  }

  // --- options kept together

  /// The settings of the kept options among mover k's own that it may go to from `node`.
  const BitsList& successors(std::size_t k, UInt128 node) {
    Memo& memo = memo_[k];
    const RowTables& rows = model_.rows[k];
    const UInt128 key = node & kept_ & (rows.own() | rows.outside());
    const std::size_t known_keys = memo.keys.size();
    const StateNumber n = memo.keys.intern(State{key});
    if (n < known_keys) return memo.lists[n];
    memo.lists.emplace_back();
    BitsList& out = memo.lists.back();
    const auto all = patterns(k, [&](UInt128 bits, UInt128 mask) {
      return ((bits ^ node) & kept_ & mask & rows.outside()) == 0;
    });
    if (all.empty()) {
      too_many_ = true;
      return out;
    }
    const UInt128 own = kept_ & rows.own();
    const std::size_t size = rows.settings().size();
    std::vector<bool> here(size);
    for (std::size_t a = 0; a < size; ++a)
      here[a] = settled_[k][a] && ((rows.settings()[a] ^ node) & own) == 0;
    for (const Pattern& p : all) {
      const auto& table = rows.table(p);
      out_.looked_at += 1;
      const auto listed = [&](std::size_t b) {
        const UInt128 t = rows.settings()[b] & own;
        return !settled_[k][b] || t == (node & own) ||
               std::find(out.begin(), out.end(), t) != out.end();
      };
      for_targets(rows, table, here, listed,
                  [&](std::size_t b) { out.push_back(rows.settings()[b] & own); });
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  /// Whether some state that a node stands for may be a sanction.
  bool sanction(UInt128 node) {
    const UInt128 bits = (rest_ & ~open_) | node;
    const UInt128 left = open_ & ~kept_;
    if ((left & model_.aim) == 0) return task_.sanction(bits);
    return at_most(model_.conflict->pool(), model_.goal, bits, left, task_.limit, kAimBudget)
        .value_or(true);
  }

  /// What the focal party's preference, and under SMR and SSEQ its escapes, depend on.
  std::vector<RowTables::Weighed> aim_weights() const {
    std::vector<RowTables::Weighed> out;
    double most = 1;
    for (const auto& t : model_.goal.terms)
      most = std::max(most, static_cast<double>(t.weight < 0 ? -t.weight : t.weight));
    for (const auto& t : model_.goal.terms)
      out.push_back({t.when.mask, static_cast<double>(t.weight < 0 ? -t.weight : t.weight) / most});
    out.push_back({model_.aim, 0});
    return out;
  }

  bool stopped() {
    out_.cancelled = settings_.watch.cancelled();
    return out_.cancelled || settings_.watch.out_of_time();
  }

  Round look() {
    memo_.clear();
    memo_.resize(model_.rows.size());
    settled_.clear();
    for (std::size_t k = 0; k < model_.rows.size(); ++k) {
      settled_.emplace_back(model_.rows[k].settings().size());
      for (std::size_t a = 0; a < settled_[k].size(); ++a) settled_[k][a] = known(k, a);
    }
    nodes_.clear();
    StateTable met;
    if (task_.firsts == nullptr) {
      met.intern(State{task_.s1 & kept_});
      nodes_.push_back({task_.s1 & kept_, 0, kNobody, 0});
      if (sanction(nodes_[0].bits)) return follow(0);
    } else {
      // Who made the first move may not move at once, but after any move of another that changes
      // nothing kept: here it may.
      for (std::size_t i = 0; i < task_.firsts->size(); ++i) {
        const auto& f = (*task_.firsts)[i];
        nodes_.push_back({f.bits & kept_, static_cast<std::uint32_t>(i), f.mover, i});
        if (sanction(f.bits & kept_)) return follow(nodes_.size() - 1);
      }
    }
    const std::size_t starts = nodes_.size();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_.size() > settings_.most_nodes + starts) return give_up();
      if ((i & 0xFFu) == 0xFFu && stopped()) return give_up();
      const Node n = nodes_[i];
      for (std::size_t k = 0; k < model_.rows.size(); ++k) {
        const UInt128 own = kept_ & model_.rows[k].own();
        if (own == 0) continue;
        const BitsList& targets = successors(k, n.bits);
        if (too_many_) return give_up();
        for (const UInt128 part : targets) {
          const UInt128 t = (n.bits & ~own) | part;
          const std::size_t before = met.size();
          if (met.intern(State{t}) < before) continue;
          ++out_.looked_at;
          nodes_.push_back({t, static_cast<std::uint32_t>(i), k, n.start});
          if (sanction(t)) return follow(nodes_.size() - 1);
        }
      }
    }
    out_.found = Coned::Found::NoSanction;
    for (const OptionId o : model_.conflict->options())
      if ((model_.conflict->option(o).mask() & kept_) != 0) out_.kept.push_back(o);
    return Round::Done;
  }

  Round give_up() {
    out_.found = Coned::Found::Nothing;
    return Round::Done;
  }

  /// Makes the moves that lead to a node in earnest; where one fails, keeps one option more.
  Round follow(std::size_t node) {
    std::vector<std::size_t> way;
    const std::size_t starts = task_.firsts == nullptr ? 1 : task_.firsts->size();
    for (std::size_t n = node; n >= starts; n = nodes_[n].parent) way.push_back(n);
    std::reverse(way.begin(), way.end());
    UInt128 bits = task_.s1;
    std::vector<Step> steps;
    if (task_.firsts != nullptr) {
      const auto& f = (*task_.firsts)[nodes_[node].start];
      bits = f.bits;
      steps.push_back({model_.movers[f.mover], State{bits}});
    }
    for (const std::size_t n : way) {
      const std::size_t k = nodes_[n].mover;
      const RowTables& rows = model_.rows[k];
      const UInt128 own = kept_ & rows.own();
      const auto& table = rows.table(bits);
      const std::size_t a = rows.place(bits);
      std::size_t best = rows.settings().size();
      for (std::size_t b = 0; b < rows.settings().size(); ++b) {
        if (((rows.settings()[b] ^ nodes_[n].bits) & own) != 0 || !rows.goes(table, a, b)) continue;
        if (best == rows.settings().size() ||
            (rows.orders() > 0 && table.score[b] > table.score[best]))
          best = b;
      }
      if (best == rows.settings().size()) return refine(k);
      bits = (bits & ~rows.own()) | rows.settings()[best];
      steps.push_back({model_.movers[k], State{bits}});
    }
    if (!task_.sanction(bits)) return keep_heaviest(aim_weights(), 0) ? Round::Refined : give_up();
    steps = joined(std::move(steps));
    if (steps.empty() || !task_.sanction(steps.back().state.bits)) return give_up();
    std::vector<Step> shorter = replay(task_, steps);
    if (shorter.empty()) return give_up();
    out_.sanction = shortened(task_, std::move(shorter));
    out_.found = Coned::Found::Sanction;
    return Round::Done;
  }

  /// Two moves of one mover in a row are one move: all movers here are transitive.
  std::vector<Step> joined(std::vector<Step> steps) const {
    std::vector<Step> out;
    for (Step& step : steps) {
      if (!out.empty() && out.back().mover == step.mover) {
        out.back().state = step.state;
        const State before = out.size() > 1 ? out[out.size() - 2].state : State{task_.s1};
        if (out.back().state == before) out.pop_back();
      } else {
        out.push_back(step);
      }
    }
    return out;
  }

  Round refine(std::size_t k) {
    const RowTables& rows = model_.rows[k];
    return keep_heaviest(rows.weighed(), rows.own()) ? Round::Refined : give_up();
  }

  /// Keeps one option more: of those that are open the one that weighs most. False where none
  /// matters.
  bool keep_heaviest(const std::vector<RowTables::Weighed>& weighed, UInt128 own) {
    const Conflict& c = *model_.conflict;
    std::optional<OptionId> best;
    double most = 0;
    for (const OptionId o : c.options()) {
      const UInt128 field = c.option(o).mask() & open_;
      if (field == 0 || (field & kept_) != 0) continue;
      double weight = (field & own) != 0 ? 1e-9 : 0;
      for (const auto& w : weighed)
        if ((w.mask & field) != 0) weight += 1e-6 + w.weight;
      if (weight > most) {
        most = weight;
        best = o;
      }
    }
    if (best) kept_ |= c.option(*best).mask() & open_;
    return best.has_value();
  }

  static constexpr std::size_t kNobody = ~std::size_t{0};
  /// Options of the aim kept from the start; the others join where their levels are in doubt.
  static constexpr std::size_t kAimedAtOnce = 12;
  static constexpr std::size_t kAimBudget = 512;
  struct Node {
    UInt128 bits;
    std::uint32_t parent;
    std::size_t mover;
    std::size_t start;
  };
  struct Memo {
    StateTable keys;
    std::deque<BitsList> lists;
  };

  const SanctionTask& task_;
  const AnswerModel& model_;
  const ConeSettings& settings_;
  const ConeMap* map_ = nullptr;
  std::vector<std::vector<bool>> met_;                    ///< per block and value
  std::vector<std::vector<std::vector<bool>>> seen_met_;  ///< per mover, block and show
  std::vector<std::vector<std::vector<bool>>> own_met_;   ///< per mover, block and part it sets
  std::vector<Pattern> base_;                             ///< per mover: what lies in no block
  UInt128 rest_ = 0;  ///< a state whose bits outside `open_` are those of everything met
  UInt128 open_ = 0;  ///< bits that are not the same in everything met
  UInt128 kept_ = 0;
  std::vector<Memo> memo_;
  std::vector<std::vector<bool>> settled_;  ///< per mover and setting: known()
  std::vector<Node> nodes_;
  bool too_many_ = false;
  Coned out_;
};

}  // namespace

Coned cone(const SanctionTask& task, const ConeSettings& settings) {
  return Cone(task, settings).run();
}

}  // namespace wayout
