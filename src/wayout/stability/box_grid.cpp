#include "wayout/stability/box_grid.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>

#include "wayout/model/local_score.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/stability/box_cut.hpp"
#include "wayout/stability/box_settle.hpp"
#include "wayout/stability/concept.hpp"

namespace wayout {
namespace {

using Goodness = std::vector<BigArray<std::uint32_t>>;

constexpr std::uint8_t bit(Concept c) {
  return static_cast<std::uint8_t>(1u << static_cast<int>(c));
}

/// Boxes in tasks of about as many states each.
template <class Body>
void over_boxes(const Tasks& tasks, const BoxCut& cut, std::uint64_t states, const Body& body) {
  const std::uint64_t boxes = cut.boxes();
  const std::uint64_t count = std::min(boxes, std::max<std::uint64_t>(states >> 14, 1));
  tasks.run(count, [&](std::size_t i, std::size_t worker) {
    const std::uint64_t end = (i + 1) * boxes / count;
    for (std::uint64_t box = i * boxes / count; box < end; ++box) body(box, worker);
  });
}

/// The rows of the focal party itself.
class OwnRows {
 public:
  OwnRows(const StateIndex& space, const MoverClasses& classes)
      : cut_(space, classes.changeable()) {
    for (const BoxCut::Digit& d : cut_.digits()) {
      groups_.emplace_back();
      for (std::uint32_t g = 0; g < d.groups(); ++g) groups_.back().push_back(classes.group(d, g));
    }
  }
  const BoxCut& cut() const { return cut_; }

  /// One row, with the best of several values that the party can have by staying or moving.
  class Row {
   public:
    explicit Row(const OwnRows& rows) : rows_(rows) {}
    void load(std::uint64_t box) {
      rows_.cut_.groups(box, groups_);
      index_.assign(1, 0);
      cell_.assign(1, 0);
      ordered_.clear();
      cells_ = 1;
      for (std::size_t d = 0; d < groups_.size(); ++d) {
        const BoxCut::Digit& digit = rows_.cut_.digits()[d];
        const ClassGroup& group = rows_.groups_[d][groups_[d]];
        const std::uint32_t begin = digit.begin[groups_[d]];
        const std::size_t size = index_.size();
        const std::size_t members = group.class_of.size();
        index_.resize(size * members);
        cell_.resize(size * members);
        for (std::size_t m = members; m-- > 0;) {
          const auto share =
              static_cast<std::uint32_t>(digit.members[begin + m] * digit.digit->stride);
          const std::uint32_t cell = group.class_of[m] * cells_;
          for (std::size_t i = 0; i < size; ++i) {
            index_[m * size + i] = index_[i] + share;
            cell_[m * size + i] = cell_[i] + cell;
          }
        }
        if (group.ordered) ordered_.push_back({cells_, &group});
        cells_ *= group.count;
      }
    }
    const std::vector<std::uint32_t>& index() const { return index_; }
    /// best[cell_of(i)] for the i-th state of the row.
    std::uint32_t cell_of(std::size_t i) const { return cell_[i]; }
    void best(const std::uint32_t* value, std::vector<std::uint32_t>& out) const {
      out.assign(cells_, 0);
      for (std::size_t i = 0; i < index_.size(); ++i)
        out[cell_[i]] = std::max(out[cell_[i]], value[index_[i]]);
      for (const auto& [stride, group] : ordered_) {
        spare_ = out;
        for (std::uint32_t c = 0; c < cells_; ++c) {
          const std::uint32_t mine = c / stride % group->count;
          for (std::uint32_t i = group->below_begin[mine]; i < group->below_begin[mine + 1]; ++i) {
            std::uint32_t& to = spare_[c - (mine - group->below[i]) * stride];
            to = std::max(to, out[c]);
          }
        }
        out.swap(spare_);
      }
    }

   private:
    const OwnRows& rows_;
    std::vector<std::uint32_t> groups_;
    std::vector<std::uint32_t> index_;
    std::vector<std::uint32_t> cell_;
    std::vector<std::pair<std::uint32_t, const ClassGroup*>> ordered_;
    std::uint32_t cells_ = 1;
    mutable std::vector<std::uint32_t> spare_;
  };

 private:
  BoxCut cut_;
  std::vector<std::vector<ClassGroup>> groups_;
};

/// What is the same for every party.
struct Table {
  const Conflict& conflict;
  const StateIndex& space;
  const Goodness& goodness;
  std::vector<MoverClasses> classes;           ///< per mover
  std::vector<BigArray<std::uint64_t>> links;  ///< per mover, empty where it has none
  std::vector<bool> mute;                      ///< per mover: it never moves
};

Table table(const Conflict& conflict, const StateIndex& space, const Goodness& goodness,
            const Tasks& tasks) {
  Table out{conflict, space, goodness, {}, {}, {}};
  for (const MoverId m : conflict.movers()) {
    const MoverInfo& info = conflict.mover(m);
    out.classes.emplace_back(conflict, m);
    out.links.emplace_back();
    bool mute = true;
    for (const StateDigit& d : space.digits())
      mute = mute && (d.size() == 1 || (d.mask & info.digit_mask) == 0);
    if (!mute && info.link) {
      const std::uint64_t words = space.size() / 64 + 1;
      out.links.back() = BigArray<std::uint64_t>(words);
      std::atomic<bool> some{false};
      constexpr std::uint64_t kWords = 256;
      tasks.run((words + kWords - 1) / kWords, [&](std::size_t i, std::size_t) {
        for (std::uint64_t w = i * kWords; w < std::min(words, (i + 1) * kWords); ++w)
          for (std::uint64_t s = 64 * w; s < std::min(space.size(), 64 * w + 64); ++s)
            if (conflict.holds(*info.link, space.state(s))) {
              out.links.back()[w] |= std::uint64_t{1} << (s & 63);
              some = true;
            }
      });
      mute = !some;
    }
    out.mute.push_back(mute);
  }
  return out;
}

/// One party: values in, verdict bits out.
class Party {
 public:
  Party(const Table& table, PartyId p, std::uint8_t asked, const Tasks& tasks)
      : t_(table),
        p_(p),
        asked_(asked),
        tasks_(tasks),
        own_(table.space, table.classes[p.index()]),
        r_(table.goodness[p.index()].data()) {}

  void run(BigArray<std::uint8_t>& stable) {
    const std::uint64_t n = t_.space.size();
    const bool others = (asked_ & ~bit(Concept::Nash)) != 0;
    const bool symmetric = asks(Concept::Smr) || asks(Concept::Sseq);
    // e, and Nash with it.
    BigArray<std::uint32_t> e(symmetric ? n : 0);
    over_rows([&](OwnRows::Row& row, Scratch& s) {
      row.best(r_, s.best);
      for (std::size_t i = 0; i < row.index().size(); ++i) {
        const std::uint32_t x = row.index()[i];
        const std::uint32_t best = s.best[row.cell_of(i)];
        if (symmetric) e[x] = best;
        if (asks(Concept::Nash) && best <= r_[x]) stable[x] |= bit(Concept::Nash);
      }
    });
    if (!others || tasks_.stopped()) return;
    std::array<BigArray<std::uint32_t>, 4> led;
    for (std::size_t k = 0; k < kLed.size(); ++k)
      if (asks(kLed[k])) led[k] = BigArray<std::uint32_t>(n);
    settle(e.data(), led);
    if (tasks_.stopped()) return;
    over_rows([&](OwnRows::Row& row, Scratch& s) {
      for (std::size_t k = 0; k < kLed.size(); ++k) {
        if (led[k].empty()) continue;
        row.best(led[k].data(), s.best);
        for (std::size_t i = 0; i < row.index().size(); ++i) {
          const std::uint32_t x = row.index()[i];
          if (s.best[row.cell_of(i)] <= r_[x]) stable[x] |= bit(kLed[k]);
        }
      }
    });
  }

 private:
  static constexpr std::array kLed{Concept::Gmr, Concept::Seq, Concept::Smr, Concept::Sseq};
  struct Scratch {
    std::vector<std::uint32_t> best;
  };

  bool asks(Concept c) const { return (asked_ & bit(c)) != 0; }

  template <class Body>
  void over_rows(const Body& body) {
    std::vector<OwnRows::Row> rows(tasks_.threads(), OwnRows::Row(own_));
    std::vector<Scratch> scratch(tasks_.threads());
    over_boxes(tasks_, own_.cut(), t_.space.size(), [&](std::uint64_t box, std::size_t worker) {
      rows[worker].load(box);
      body(rows[worker], scratch[worker]);
    });
  }

  /// b and c by index, for each concept asked; for the symmetric ones min(r, c), which is what an
  /// improvement to the state counts for.
  void settle(const std::uint32_t* e, std::array<BigArray<std::uint32_t>, 4>& led) {
    UInt128 changeable = 0;
    std::vector<MoverId> movers;
    for (const MoverId m : opponents(t_.conflict, p_)) {
      if (t_.mute[m.index()]) continue;
      movers.push_back(m);
      changeable |= t_.classes[m.index()].changeable();
    }
    const BoxCut cut(t_.space, changeable);
    const bool improvements = asks(Concept::Seq) || asks(Concept::Sseq);
    std::vector<BoxMover> of_cut(movers.size());
    tasks_.run(movers.size(), [&](std::size_t i, std::size_t) {
      const MoverInfo& info = t_.conflict.mover(movers[i]);
      BoxMover& m = of_cut[i];
      for (const BoxCut::Digit& d : cut.digits()) {
        m.classes.emplace_back();
        for (std::uint32_t g = 0; g < d.groups(); ++g)
          m.classes.back().push_back(t_.classes[movers[i].index()].group(d, g));
      }
      std::size_t orders = 0;
      std::size_t parties = 0;
      for (const PartyId p : t_.conflict.parties()) {
        if (!contains(info.members, p)) continue;
        ++parties;
        const bool ordered = order_count(t_.conflict, p) > 0;
        orders += ordered ? 1 : 0;
        if (ordered) m.goodness.push_back(t_.goodness[p.index()].data());
      }
      m.none_worse = info.track && info.consent == Consent::NoneWorse;
      m.track = m.none_worse || orders > 1;
      m.wants = orders > 0 && (orders == parties || m.none_worse);
      if (!t_.links[movers[i].index()].empty()) m.link = t_.links[movers[i].index()].data();
    });
    if (tasks_.stopped()) return;
    struct Worker {
      std::optional<BoxSettle> settle;
      std::vector<std::uint32_t> out;
    };
    std::vector<Worker> workers(tasks_.threads());
    over_boxes(tasks_, cut, t_.space.size(), [&](std::uint64_t box, std::size_t worker) {
      Worker& w = workers[worker];
      if (!w.settle) w.settle.emplace(cut, of_cut, improvements);
      w.settle->load(box);
      for (std::size_t k = 0; k < kLed.size(); ++k) {
        if (led[k].empty() || tasks_.stopped()) continue;
        const bool symmetric = kLed[k] == Concept::Smr || kLed[k] == Concept::Sseq;
        const bool improving = kLed[k] == Concept::Seq || kLed[k] == Concept::Sseq;
        w.settle->settle(symmetric ? e : r_, improving, tasks_, w.out);
        const auto index = w.settle->index();
        for (std::size_t i = 0; i < index.size(); ++i)
          led[k][index[i]] = symmetric ? std::min(w.out[i], r_[index[i]]) : w.out[i];
      }
    });
  }

  const Table& t_;
  PartyId p_;
  std::uint8_t asked_;
  const Tasks& tasks_;
  OwnRows own_;
  const std::uint32_t* r_;
};

}  // namespace

bool takes_boxes(const Conflict& conflict, const StateIndex& space) {
  if (conflict.graph_form() || !conflict.all_weak_orders() || space.size() >> 31 != 0) return false;
  for (const MoverId m : conflict.movers())
    if (!conflict.mover(m).transitive || !MoverClasses(conflict, m).narrow(space)) return false;
  return true;
}

std::uint64_t box_bytes(const Conflict& conflict, const StateIndex& space, std::size_t threads) {
  std::uint64_t most = 0;
  std::uint64_t links = 0;
  for (const MoverId m : conflict.movers())
    if (conflict.mover(m).link) links += space.size() / 8;
  for (const PartyId p : conflict.parties()) {
    UInt128 changeable = 0;
    std::uint64_t movers = 0;
    for (const MoverId m : opponents(conflict, p)) {
      if (conflict.mover(m).digits.empty()) continue;
      changeable |= conflict.mover(m).digit_mask;
      ++movers;
    }
    const BoxCut cut(space, changeable);
    const std::uint64_t at_once = std::min<std::uint64_t>(threads, cut.boxes());
    most = std::max(most, at_once * cut.most_states() * (28 + movers * 36));
  }
  return most + links + space.size() * 20;
}

std::size_t box_verdicts(const Conflict& conflict, const StateIndex& space,
                         const Goodness& goodness, std::uint8_t asked, const Tasks& tasks,
                         std::vector<BigArray<std::uint8_t>>& stable) {
  const Table shared = table(conflict, space, goodness, tasks);
  for (const PartyId p : conflict.parties()) {
    tasks.tell("judging every state", p.index(), conflict.party_count());
    if (tasks.stopped()) return p.index();
    stable[p.index()] = BigArray<std::uint8_t>(space.size());
    Party(shared, p, asked, tasks).run(stable[p.index()]);
    if (tasks.stopped()) return p.index();
  }
  return conflict.party_count();
}

}  // namespace wayout
