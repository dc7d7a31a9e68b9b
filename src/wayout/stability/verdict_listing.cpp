#include "wayout/stability/verdict_listing.hpp"

#include <algorithm>
#include <map>

#include "wayout/space/closure.hpp"
#include "wayout/space/moves.hpp"

namespace wayout {
namespace {

/// Searches for sanctions against one improvement after the other.
class Judge {
 public:
  Judge(RowSpace& space, PartyId p, State s, Concept c, const VerdictSettings& settings)
      : space_(space),
        conflict_(space.conflict()),
        p_(p),
        s_(s),
        settings_(settings),
        opponents_(opponents(space.conflict(), p)),
        improving_(c == Concept::Seq || c == Concept::Sseq),
        symmetric_(c == Concept::Smr || c == Concept::Sseq),
        most_states_(space.table().size() + settings.most_states) {}

  /// Fills in the answer; returns how the search ended.
  End judge(Answer& answer) {
    if (!settings_.hollow) return search(answer, false);
    // A sanction that is no hollow one is worth more, so it is looked for first.
    End end = search(answer, true);
    if (end != End::Complete || answer.sanctioned) return end;
    const std::uint64_t searched = answer.searched;
    end = search(answer, false);
    answer.hollow = answer.sanctioned;
    answer.searched = std::max(answer.searched, searched);
    return end;
  }

 private:
  bool hurts(State t) const { return !conflict_.better(p_, t, s_); }

  /// p's move from `t` to something better than s, if there is one.
  std::optional<State> escape(State t) {
    std::optional<State> out;
    const StateNumber n = space_.table().intern(t);
    complete_ &= space_.for_each(conflict_.mover_of(p_), n, Ask::Moves, [&](StateNumber u) {
      if (hurts(space_.table()[u])) return true;
      out = space_.table()[u];
      return false;
    });
    return out;
  }

  /// A first move that its mover would make at s as well punishes nothing.
  bool hollow_first(State s1, MoverId k, State t) const {
    if (conflict_.graph_form()) return false;
    State at_s = s_;
    for (const Digit& d : conflict_.mover(k).digits) {
      const int level = conflict_.level(t, d.option);
      if (level != conflict_.level(s1, d.option))
        at_s = conflict_.with_level(at_s, d.option, level);
    }
    return is_move(conflict_, k, s_, at_s) && wants(conflict_, k, s_, at_s);
  }

  /// Tests a state the opponents can lead to; true ends the search.
  bool test(State t, Answer& answer, const std::function<std::vector<Step>()>& steps) {
    ++answer.searched;
    if (!hurts(t)) return false;
    if (symmetric_) {
      if (const auto out = escape(t)) {
        if (!answer.counter_move) {
          answer.evaded = steps();
          answer.counter_move = out;
        }
        return false;
      }
    }
    answer.sanctioned = true;
    answer.sanction = steps();
    return true;
  }

  End search(Answer& answer, bool clean) {
    answer.searched = 0;
    answer.counter_move.reset();
    complete_ = true;
    End end = settings_.sanctions == Sanctions::Legal ? search_legal(answer, clean)
                                                      : search_few(answer, clean);
    if (end == End::Complete && !complete_ && !answer.sanctioned) end = End::Limit;
    if (answer.sanctioned) {
      answer.counter_move.reset();
      answer.evaded.clear();
    }
    return end;
  }

  End search_legal(Answer& answer, bool clean) {
    ClosureSettings cs;
    cs.movers = opponents_;
    cs.ask = improving_ ? Ask::Improvements : Ask::Moves;
    cs.legal = true;
    cs.most_states = most_states_;
    cs.watch = settings_.watch;
    const State s1 = answer.improvement;
    if (clean) cs.not_first = [this, s1](MoverId k, State t) { return hollow_first(s1, k, t); };
    Closure closure(space_, std::move(cs));
    const End end = closure.run(s1, [&](std::uint32_t node) {
      const auto steps = [&] {
        std::vector<Step> out;
        for (const std::uint32_t n : closure.path(node))
          if (n != 0) out.push_back({MoverId(closure.nodes()[n].mover), closure.state(n)});
        return out;
      };
      return test(closure.state(node), answer, steps) ? Closure::Next::Stop : Closure::Next::Go;
    });
    return answer.sanctioned ? End::Complete : end;
  }

  /// Each opponent at most once, or one move of one opponent: breadth first over (state, who has
  /// moved).
  End search_few(Answer& answer, bool clean) {
    struct Node {
      State state;
      std::uint32_t parent;
      MoverId mover;
      std::vector<bool> moved;
    };
    std::vector<Node> nodes{
        {answer.improvement, 0, MoverId(0), std::vector<bool>(conflict_.mover_count(), false)}};
    std::map<std::pair<UInt128, std::vector<bool>>, bool> seen;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      if (settings_.watch.cancelled()) return End::Cancelled;
      if (nodes.size() > settings_.most_states || settings_.watch.out_of_time()) return End::Limit;
      if (settings_.sanctions == Sanctions::Single && i != 0) break;
      for (const MoverId k : opponents_) {
        if (nodes[i].moved[k.index()]) continue;
        bool stop = false;
        const State from = nodes[i].state;
        for_each_move(conflict_, k, from, [&](State t) {
          if (improving_ && !wants(conflict_, k, from, t)) return true;
          if (clean && i == 0 && hollow_first(from, k, t)) return true;
          Node next{t, i, k, nodes[i].moved};
          next.moved[k.index()] = true;
          if (!seen.emplace(std::pair(t.bits, next.moved), true).second) return true;
          nodes.push_back(std::move(next));
          const auto steps = [&] {
            std::vector<Step> out;
            for (auto n = static_cast<std::uint32_t>(nodes.size() - 1); n != 0; n = nodes[n].parent)
              out.push_back({nodes[n].mover, nodes[n].state});
            std::reverse(out.begin(), out.end());
            return out;
          };
          stop = test(t, answer, steps);
          return !stop;
        });
        if (stop) return End::Complete;
      }
    }
    return End::Complete;
  }

  RowSpace& space_;
  const Conflict& conflict_;
  PartyId p_;
  State s_;
  VerdictSettings settings_;
  std::vector<MoverId> opponents_;
  bool improving_;
  bool symmetric_;
  bool complete_ = true;
  std::size_t most_states_;  ///< of the table: the limit is for the verdict, not for each
                             ///< improvement
};

}  // namespace

std::function<End(Answer&)> listing_judge(RowSpace& space, PartyId p, State s, Concept c,
                                          const VerdictSettings& settings) {
  auto judge = std::make_shared<Judge>(space, p, s, c, settings);
  return [judge](Answer& answer) { return judge->judge(answer); };
}

}  // namespace wayout
