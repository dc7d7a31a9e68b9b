#include "wayout/stability/box_grid.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "wayout/model/local_score.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/stability/box_cut.hpp"
#include "wayout/stability/box_settle.hpp"
#include "wayout/stability/concept.hpp"
#include "wayout/stability/digit_closure.hpp"
#include "wayout/stability/kernels.hpp"
#include "wayout/stability/like_boxes.hpp"

namespace wayout {
namespace {

using Goodness = std::vector<BigArray<std::uint32_t>>;

constexpr std::uint8_t bit(Concept c) {
  return static_cast<std::uint8_t>(1u << static_cast<int>(c));
}

/// Which states a linked table moves to.
struct Link {
  BigArray<std::uint64_t> states;  ///< a bit per index; empty for what is not linked
  /// Where the table and its link lie in one digit: that digit, and a bit for each member.
  const StateDigit* digit = nullptr;
  std::vector<bool> members;
};

/// What is the same for every party.
struct Table {
  const Conflict& conflict;
  const StateIndex& space;
  const Goodness& goodness;
  std::vector<MoverClasses> classes;  ///< per mover
  std::vector<Link> links;            ///< per mover
  std::vector<bool> mute;             ///< per mover: it never moves
};

void fill(Link& out, const StateIndex& space, const Tasks& tasks,
          const std::function<bool(std::uint64_t)>& holds) {
  const std::uint64_t words = space.size() / 64 + 1;
  out.states = BigArray<std::uint64_t>(words);
  constexpr std::uint64_t kWords = 256;
  tasks.run((words + kWords - 1) / kWords, [&](std::size_t i, std::size_t) {
    for (std::uint64_t w = i * kWords; w < std::min(words, (i + 1) * kWords); ++w)
      for (std::uint64_t s = 64 * w; s < std::min(space.size(), 64 * w + 64); ++s)
        out.states[w] |= std::uint64_t{holds(s)} << (s & 63);
  });
}

Link link_of(const Conflict& conflict, const StateIndex& space, const MoverInfo& info,
             const Tasks& tasks) {
  Link out;
  const UInt128 support = conflict.pool().support(*info.link);
  UInt128 fixed = 0;
  std::vector<const StateDigit*> concerned;
  bool on_table = false;
  for (const StateDigit& d : space.digits()) {
    if (d.size() == 1) {
      fixed |= d.members[0];
    } else if ((d.mask & (support | info.digit_mask)) != 0) {
      concerned.push_back(&d);
      on_table = (d.mask & info.digit_mask) != 0;
    }
  }
  if (concerned.size() != 1 || !on_table) {
    fill(out, space, tasks,
         [&](std::uint64_t s) { return conflict.holds(*info.link, space.state(s)); });
    return out;
  }
  out.digit = concerned[0];
  for (const UInt128 bits : out.digit->members)
    out.members.push_back(conflict.holds(*info.link, State{bits | fixed}));
  fill(out, space, tasks,
       [&](std::uint64_t s) { return out.members[s / out.digit->stride % out.digit->size()]; });
  return out;
}

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
      Link& link = out.links.back();
      link = link_of(conflict, space, info, tasks);
      mute = std::all_of(link.states.begin(), link.states.end(),
                         [](std::uint64_t word) { return word == 0; });
    }
    out.mute.push_back(mute);
  }
  return out;
}

/// A cut by what some movers can change, and how each of them sees its groups.
struct Sight {
  BoxCut cut;
  std::vector<MoverId> movers;
  std::vector<std::vector<std::vector<ClassGroup>>> classes;  ///< per mover, digit and group

  Sight(const Table& t, std::vector<MoverId> who, const Tasks& tasks)
      : cut(t.space, changeable(t, who)), movers(std::move(who)), classes(movers.size()) {
    tasks.run(movers.size(), [&](std::size_t i, std::size_t) {
      for (const BoxCut::Digit& d : cut.digits()) {
        classes[i].emplace_back();
        for (std::uint32_t g = 0; g < d.groups(); ++g)
          classes[i].back().push_back(t.classes[movers[i].index()].group(d, g));
      }
    });
  }

  /// nullopt where digits cannot be taken one by one.
  std::optional<DigitClosure> closure(const Table& t) const {
    std::vector<ClosureMover> out;
    for (std::size_t i = 0; i < movers.size(); ++i) {
      const Link& link = t.links[movers[i].index()];
      out.push_back({&classes[i], nullptr, 0});
      if (link.states.empty()) continue;
      if (link.digit == nullptr) return std::nullopt;
      out.back().link = &link.members;
      while (cut.digits()[out.back().link_digit].digit != link.digit) ++out.back().link_digit;
    }
    return DigitClosure(cut, out, t.space.size());
  }

 private:
  static UInt128 changeable(const Table& t, const std::vector<MoverId>& who) {
    UInt128 out = 0;
    for (const MoverId m : who) out |= t.classes[m.index()].changeable();
    return out;
  }
};

/// One party: values in, verdict bits out.
class Party {
 public:
  Party(const Table& table, PartyId p, std::uint8_t asked, const Tasks& tasks)
      : t_(table),
        p_(p),
        asked_(asked),
        tasks_(tasks),
        n_(table.space.size()),
        r_(table.goodness[p.index()].data()),
        own_sight_(table, {table.conflict.mover_of(p)}, tasks),
        own_(*own_sight_.closure(table)) {}

  void run(BigArray<std::uint8_t>& stable) {
    // e, and Nash with it.
    BigArray<std::uint32_t> e(n_);
    copy(r_, e.data());
    own_.raise(e.data(), tasks_);
    if (asks(Concept::Nash)) judge(e, Concept::Nash, stable);
    if ((asked_ & ~bit(Concept::Nash)) == 0 || tasks_.stopped()) return;
    std::vector<MoverId> movers;
    for (const MoverId m : opponents(t_.conflict, p_))
      if (!t_.mute[m.index()]) movers.push_back(m);
    const Sight sight(t_, std::move(movers), tasks_);
    const auto closure = sight.closure(t_);
    std::vector<Concept> settled;
    BigArray<std::uint32_t> led(n_);
    for (const Concept c : kLed) {
      if (!asks(c)) continue;
      if (improving(c) || !closure) {
        settled.push_back(c);
        continue;
      }
      copy(symmetric(c) ? e.data() : r_, led.data());
      closure->lower(led.data(), tasks_);
      finish(led, c, stable);
    }
    if (settled.empty() || tasks_.stopped()) return;
    // Boxes are settled for every concept while they are at hand.
    std::vector<BigArray<std::uint32_t>> all(settled.size());
    all[0] = std::move(led);
    for (std::size_t k = 1; k < all.size(); ++k) all[k] = BigArray<std::uint32_t>(n_);
    settle(sight, e.data(), settled, all);
    for (std::size_t k = 0; k < all.size() && !tasks_.stopped(); ++k)
      finish(all[k], settled[k], stable);
  }

 private:
  static constexpr std::array kLed{Concept::Gmr, Concept::Smr, Concept::Seq, Concept::Sseq};
  static bool symmetric(Concept c) { return c == Concept::Smr || c == Concept::Sseq; }
  static bool improving(Concept c) { return c == Concept::Seq || c == Concept::Sseq; }
  bool asks(Concept c) const { return (asked_ & bit(c)) != 0; }

  /// Calls body(begin, size) for stretches of states.
  template <class Body>
  void stretches(const Body& body) const {
    constexpr std::uint64_t kStretch = 1u << 16;
    tasks_.run((n_ + kStretch - 1) / kStretch, [&](std::size_t i, std::size_t) {
      body(i * kStretch, std::min(kStretch, n_ - i * kStretch));
    });
  }
  void copy(const std::uint32_t* from, std::uint32_t* to) const {
    stretches([&](std::uint64_t at, std::uint64_t size) { std::copy_n(from + at, size, to + at); });
  }
  /// From what a state can be brought to, to what a move is worth, to verdicts. For the symmetric
  /// concepts an improvement to a state counts for min(r, c).
  void finish(BigArray<std::uint32_t>& led, Concept c, BigArray<std::uint8_t>& stable) const {
    if (symmetric(c))
      stretches([&](std::uint64_t at, std::uint64_t size) {
        kernels().lower(reinterpret_cast<std::int32_t*>(led.data() + at),
                        reinterpret_cast<const std::int32_t*>(r_ + at), size);
      });
    own_.raise(led.data(), tasks_);
    judge(led, c, stable);
  }
  void judge(const BigArray<std::uint32_t>& bound, Concept c,
             BigArray<std::uint8_t>& stable) const {
    stretches([&](std::uint64_t at, std::uint64_t size) {
      kernels().at_most(stable.data() + at, bound.data() + at, r_ + at, bit(c), size);
    });
  }

  /// b and c by index, for each concept to be settled.
  void settle(const Sight& sight, const std::uint32_t* e, const std::vector<Concept>& concepts,
              std::vector<BigArray<std::uint32_t>>& led) {
    const bool improvements = std::any_of(concepts.begin(), concepts.end(), improving);
    const std::vector<BoxMover> movers = box_movers(sight);
    const LikeBoxes boxes(t_.conflict, t_.space, sight.cut, sight.movers);
    struct Worker {
      std::optional<BoxSettle> settle;
      std::vector<BoxSettle::Led> led;
    };
    std::vector<Worker> workers(tasks_.threads());
    tasks_.run(boxes.tasks(), [&](std::size_t i, std::size_t worker) {
      Worker& w = workers[worker];
      if (!w.settle) w.settle.emplace(sight.cut, movers, improvements);
      w.led.resize(concepts.size());
      boxes.run(i, [&](std::uint64_t box, bool alike) {
        if (tasks_.stopped()) return;
        if (alike) {
          w.settle->load_alike(box);
        } else {
          w.settle->load(box);
        }
        const auto index = w.settle->index();
        for (std::size_t k = 0; k < concepts.size(); ++k) {
          const std::uint32_t* value = symmetric(concepts[k]) ? e : r_;
          BoxSettle::Led& mine = w.led[k];
          if (!alike || !w.settle->renew(value, mine))
            w.settle->settle(value, improving(concepts[k]), tasks_, mine);
          if (tasks_.stopped()) return;
          for (std::size_t x = 0; x < index.size(); ++x)
            led[k][index[x]] = mine.keys[mine.least[x]];
        }
      });
    });
  }

  std::vector<BoxMover> box_movers(const Sight& sight) const {
    std::vector<BoxMover> out(sight.movers.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const MoverInfo& info = t_.conflict.mover(sight.movers[i]);
      BoxMover& m = out[i];
      m.classes = &sight.classes[i];
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
      const Link& link = t_.links[sight.movers[i].index()];
      if (!link.states.empty()) m.link = link.states.data();
    }
    return out;
  }

  const Table& t_;
  PartyId p_;
  std::uint8_t asked_;
  const Tasks& tasks_;
  std::uint64_t n_;
  const std::uint32_t* r_;
  Sight own_sight_;
  DigitClosure own_;
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
    most = std::max(most, at_once * cut.most_states() * (76 + movers * 36));
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
