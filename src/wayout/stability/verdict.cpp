#include "wayout/stability/verdict.hpp"

#include <algorithm>
#include <chrono>

#include "wayout/stability/sim.hpp"
#include "wayout/stability/verdict_directed.hpp"
#include "wayout/stability/verdict_listing.hpp"
#include "wayout/stability/wide_row.hpp"

namespace wayout {
namespace {

/// What single verdicts have compiled of the conflict; none where the space is listed already and
/// may hold only some of the feasible states.
AnswerBook* book_of(RowSpace& space) {
  if (space.filled() || space.conflict().graph_form()) return nullptr;
  auto& slot = space.remembered().what;
  if (slot == nullptr) slot = std::make_shared<AnswerBook>(space.conflict());
  return static_cast<AnswerBook*>(slot.get());
}

/// Calls visit for every improvement of p from s until it returns false; false where its row is too
/// wide to list.
bool list_improvements(RowSpace& space, AnswerBook* book, PartyId p, State s,
                       const std::function<bool(State)>& visit) {
  const Conflict& conflict = space.conflict();
  if (book != nullptr) {
    if (const RowTables* rows = book->improvements(p)) {
      rows->for_each(s, visit);
      return true;
    }
  }
  const StateNumber n = space.table().intern(s);
  return space.for_each(conflict.mover_of(p), n, Ask::Improvements,
                        [&](StateNumber t) { return visit(space.table()[t]); });
}

/// Where some improvements were not looked at, all of those that were being deterred decides
/// nothing.
Verdict of_some(Verdict v, End rest) {
  v.more_improvements = rest != End::Complete;
  if (rest != End::Complete && v.end == End::Complete && v.stable) {
    v.end = rest;
    v.stable = v.stable_clean = false;
  }
  return v;
}

}  // namespace

int options_changed(const Conflict& conflict, State a, State b) {
  if (conflict.graph_form()) return a == b ? 0 : 1;
  int changed = 0;
  for (const OptionId o : conflict.options())
    if (conflict.level(a, o) != conflict.level(b, o)) ++changed;
  return changed;
}

Verdict verdict(RowSpace& space, PartyId p, State s, Concept c, const VerdictSettings& given,
                const ImprovementFilter& filter) {
  const Conflict& conflict = space.conflict();
  VerdictSettings settings = given;
  if (given.most_seconds > 0) {
    const auto end = Watch::Clock::now() + std::chrono::duration_cast<Watch::Clock::duration>(
                                               std::chrono::duration<double>(given.most_seconds));
    if (!settings.watch.deadline || end < *settings.watch.deadline) settings.watch.deadline = end;
  }
  AnswerBook* book = settings.search == AnswerSearch::Listing ? nullptr : book_of(space);
  Verdict out;
  std::vector<State> improvements;
  bool stopped = false;
  End rest = End::Complete;  // what is known of improvements that were not looked at
  std::uint32_t listed = 0;
  const bool all = list_improvements(space, book, p, s, [&](State s1) {
    if (!filter || filter(s1)) improvements.push_back(s1);
    // A row may hold millions.
    stopped =
        (++listed & 0xFFFFu) == 0 && (settings.watch.cancelled() || settings.watch.out_of_time());
    return !stopped;
  });
  if (!all && !stopped && !conflict.graph_form()) {
    improvements.clear();
    const SomeImprovements some = some_improvements(conflict, p, s, settings.watch);
    for (const State s1 : some.found)
      if (!filter || filter(s1)) improvements.push_back(s1);
    // Those not found may be the ones that nobody deters.
    if (!some.none) rest = End::Limit;
    if (improvements.empty()) stopped = !some.none;
  }
  if (stopped) {
    out.end = settings.watch.cancelled() ? End::Cancelled : End::Limit;
    return out;
  }
  std::vector<std::pair<int, State>> order;
  order.reserve(improvements.size());
  for (const State s1 : improvements) order.emplace_back(options_changed(conflict, s, s1), s1);
  std::sort(order.begin(), order.end());
  out.improvements = order.size();
  if (c == Concept::Nash) {
    out.stable = out.stable_clean = order.empty();
    if (!order.empty()) {
      Answer answer;
      answer.improvement = order[0].second;
      out.answers.push_back(std::move(answer));
    }
    return of_some(std::move(out), rest);
  }
  if (book != nullptr && c != Concept::Sim && settings.sanctions == Sanctions::Legal &&
      !order.empty()) {
    if (const AnswerModel* model = book->model(p, c)) {
      improvements.clear();
      for (const auto& [changed, s1] : order) improvements.push_back(s1);
      return of_some(directed_verdict(*model, s, improvements, settings), rest);
    }
  }
  out.stable = out.stable_clean = true;
  std::uint64_t combinations = settings.most_combinations;
  const auto judge = listing_judge(space, p, s, c, settings);
  for (const auto& [changed, s1] : order) {
    Answer answer;
    answer.improvement = s1;
    const End end = c == Concept::Sim
                        ? sim_answer(space, p, s, answer, combinations, settings.watch)
                        : judge(answer);
    out.searched += answer.searched;
    if (end != End::Complete) {
      // Some later improvement may still be seen to go unsanctioned, which decides.
      out.end = end;
      if (end == End::Cancelled || settings.watch.out_of_time()) break;
      continue;
    }
    if (!answer.sanctioned) {
      out.stable = out.stable_clean = false;
      out.end = End::Complete;
      out.answers.push_back(std::move(answer));
      return of_some(std::move(out), rest);
    }
    if (answer.hollow) out.stable_clean = false;
    if (settings.all_answers || answer.hollow || out.answers.empty())
      out.answers.push_back(std::move(answer));
  }
  return of_some(std::move(out), rest);
}

}  // namespace wayout
