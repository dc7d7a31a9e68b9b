// Single verdicts on the fly: two families of disputes with 64 binary options and 8 parties, and
// Nash verdicts a second. Every answer is checked: sanctions move by move, improvements that are
// said to go unsanctioned by random walks of the opponents and by a plain search as far as it goes.
//
// bench_fly [--pairs N] [--seed N] [--smoke]      one thread; one line of JSON for each figure,
// times in processor time of the thread
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "wayout/base/random.hpp"
#include "wayout/model/build.hpp"
#include "wayout/space/moves.hpp"
#include "wayout/stability/nash_judge.hpp"
#include "wayout/stability/verdict.hpp"

namespace wayout {
namespace {

constexpr std::size_t kParties = 8;
constexpr std::size_t kEach = 8;
constexpr std::size_t kStatements = 12;

struct Family {
  const char* name;
  bool named;            ///< each preference names exactly 12 options; else statements over any
  std::size_t own;       ///< of the 12, how many are the party's own
  std::size_t literals;  ///< of a statement, at most
  bool priorities;
  bool either;  ///< some statements are disjunctions
};

constexpr Family kFamilies[] = {
    {"12 named (3 own), weights, 1-3 literals", true, 3, 3, false, false},
    {"12 named (2 own), weights, 1-2 literals", true, 2, 2, false, false},
    {"12 named (4 own), weights, and/or", true, 4, 3, false, true},
    {"12 named (3 own), priorities, and/or", true, 3, 3, true, true},
    {"any of 64, weights, 1-2 literals", false, 0, 2, false, false},
    {"any of 64, weights, 1-3 literals", false, 0, 3, false, false},
    {"any of 64, weights, 2-4 literals and/or", false, 0, 4, false, true},
};

std::string option_id(std::size_t o) { return "o" + std::to_string(o); }

Parts parts_of(const Family& family, std::uint64_t seed) {
  Parts parts;
  parts.title = family.name;
  for (std::size_t p = 0; p < kParties; ++p) {
    PartyPart party;
    party.id = "p" + std::to_string(p);
    parts.parties.push_back(party);
  }
  for (std::size_t o = 0; o < kParties * kEach; ++o) {
    OptionPart option;
    option.id = option_id(o);
    option.party = parts.parties[o / kEach].id;
    parts.options.push_back(option);
  }
  for (std::size_t p = 0; p < kParties; ++p) {
    Random r(seed, p, "preference");
    const auto draw = [&r](std::vector<std::size_t> from, std::size_t n) {
      for (std::size_t i = 0; i < n; ++i) std::swap(from[i], from[i + r.below(from.size() - i)]);
      from.resize(n);
      return from;
    };
    std::vector<std::size_t> own;
    std::vector<std::size_t> others;
    for (std::size_t o = 0; o < kParties * kEach; ++o) (o / kEach == p ? own : others).push_back(o);
    std::vector<std::size_t> pool;
    if (family.named) {
      pool = draw(own, family.own);
      for (const std::size_t o : draw(others, 12 - family.own)) pool.push_back(o);
    } else {
      pool = own;
      pool.insert(pool.end(), others.begin(), others.end());
    }
    PreferencePart preference;
    preference.party = parts.parties[p].id;
    preference.method = family.priorities ? Method::Priorities : Method::Weights;
    for (std::size_t i = 0; i < kStatements; ++i) {
      std::vector<std::size_t> named;
      if (family.named) named.push_back(pool[i]);  // so that each of the 12 is named
      const std::size_t n = 1 + r.below(family.literals);
      while (named.size() < n) {
        const std::size_t o = r.pick(pool);
        if (std::find(named.begin(), named.end(), o) == named.end()) named.push_back(o);
      }
      const char* join = family.either && r.chance(0.4) ? " or " : " and ";
      StatementPart statement;
      for (std::size_t k = 0; k < named.size(); ++k)
        statement.when +=
            std::string(k > 0 ? join : "") + (r.chance(0.5) ? "" : "not ") + option_id(named[k]);
      if (!family.priorities)
        statement.values = {
            {"weight", Quantity{Quantity::Form::Plain,
                                Decimal(static_cast<std::int64_t>(1 + r.below(100))), 0, 1}}};
      preference.statements.push_back(statement);
    }
    parts.preferences.push_back(preference);
  }
  return parts;
}

/// Processor time of this thread: what others do on the machine meanwhile does not count.
double now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
double seconds_since(double t) { return now() - t; }

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "bench_fly: wrong answer: %s\n", what.c_str());
  std::exit(1);
}

/// Every step a move its mover wants, nobody twice in a row, and the party no better off at the
/// end.
void check_sanction(const Conflict& c, PartyId p, State s, const Answer& a) {
  if (!is_move(c, c.mover_of(p), s, a.improvement) || !c.better(p, a.improvement, s))
    fail("the improvement is none");
  if (!a.sanctioned) return;
  State at = a.improvement;
  MoverId last = c.mover_of(p);
  if (a.sanction.empty()) fail("a sanction without moves");
  for (const Step& step : a.sanction) {
    if (step.mover == last) fail("a mover moves twice in a row");
    if (!is_move(c, step.mover, at, step.state) || !wants(c, step.mover, at, step.state))
      fail("a step that is no improvement");
    at = step.state;
    last = step.mover;
  }
  if (c.better(p, at, s)) fail("the end is better for the party");
}

/// Walks at random through the opponents' improvements: none may lead to what hurts.
void check_unsanctioned(const Conflict& c, PartyId p, State s, State s1, std::uint64_t seed) {
  Random r(seed, 0, "walk");
  const auto movers = opponents(c, p);
  for (int walk = 0; walk < 6; ++walk) {
    State at = s1;
    for (int step = 0; step < 12; ++step) {
      std::vector<State> next;
      for (const MoverId m : movers)
        for (const State t : improvements(c, m, at)) next.push_back(t);
      if (next.empty()) break;
      for (const State t : next)
        if (!c.better(p, t, s)) fail("an improvement said to go unsanctioned is sanctioned");
      at = r.pick(next);
    }
  }
}

double at_share(std::vector<double>& v, double share) {
  std::sort(v.begin(), v.end());
  return v[std::min(v.size() - 1, static_cast<std::size_t>(share * static_cast<double>(v.size())))];
}

void verdicts(const Family& family, std::size_t pairs, std::uint64_t seed, bool hollow) {
  std::vector<double> times;
  std::size_t decided = 0;
  std::size_t stable = 0;
  std::size_t clean_open = 0;
  std::size_t by[3] = {0, 0, 0};
  std::size_t plain = 0;
  for (std::uint64_t n = 0; times.size() < pairs; ++n) {
    const auto conflict = build(parts_of(family, seed + n));
    if (!conflict) fail(conflict.error()[0].message);
    NashJudge nash(*conflict);
    RowSpace space(*conflict);
    RowSpace plain_space(*conflict);
    Random r(seed + n, 0, "states");
    for (int tries = 0, taken = 0; tries < 1000 && taken < 20 && times.size() < pairs; ++tries) {
      const State s{UInt128{r.next()}};
      const PartyId p(r.below(kParties));
      if (nash.stable(p, s)) continue;
      ++taken;
      VerdictSettings settings;
      settings.most_seconds = 4;  // by the clock on the wall, which others slow down
      settings.hollow = hollow;
      settings.most_states = std::size_t{1} << 40;
      const auto began = now();
      const Verdict v = verdict(space, p, s, Concept::Seq, settings);
      times.push_back(seconds_since(began));
      if (v.end != End::Complete || times.back() > 1) continue;
      ++decided;
      stable += v.stable ? 1 : 0;
      clean_open += v.clean_end == End::Complete ? 0 : 1;
      for (const Answer& a : v.answers) check_sanction(*conflict, p, s, a);
      if (v.stable && v.answers.size() != v.improvements) fail("an improvement without an answer");
      if (v.stable) continue;
      const Answer& open = v.answers.back();
      if (open.sanctioned) fail("unstable without an unsanctioned improvement");
      ++by[static_cast<int>(open.proof)];
      check_unsanctioned(*conflict, p, s, open.improvement, seed + n);
      if (plain < 40 && open.proof != Proof::Bound) {
        // A plain search of that one improvement, as far as 200,000 states go.
        ++plain;
        VerdictSettings listing;
        listing.search = AnswerSearch::Listing;
        listing.most_states = 200'000;
        listing.hollow = false;
        const Verdict w = verdict(plain_space, p, s, Concept::Seq, listing,
                                  [&](State t) { return t == open.improvement; });
        if (w.end == End::Complete && w.stable) fail("the plain search finds a sanction");
      }
    }
  }
  const double share = 100.0 * static_cast<double>(decided) / static_cast<double>(times.size());
  std::vector<double> sorted = times;
  const double median = at_share(sorted, 0.5);
  const double late = at_share(sorted, 0.95);
  std::printf(
      "{\"bench\": \"seq\", \"family\": \"%s\", \"hollow\": \"%s\", \"pairs\": %zu, \"in_1_s\": "
      "\"%.1f %%\", \"median_ms\": %.2f, \"p95_ms\": %.1f, \"most_ms\": %.0f, \"stable\": %zu, "
      "\"unstable_by_bound\": %zu, \"by_abstraction\": %zu, \"by_listing\": %zu, "
      "\"marks_open\": %zu}\n",
      family.name, hollow ? "told" : "not told", times.size(), share, 1e3 * median, 1e3 * late,
      1e3 * sorted.back(), stable, by[1], by[2], by[0], clean_open);
  std::fflush(stdout);
}

void nash(const Family& family, std::uint64_t seed, std::size_t count) {
  const auto conflict = build(parts_of(family, seed));
  if (!conflict) fail(conflict.error()[0].message);
  Random r(seed, 0, "states");
  std::vector<State> states(count);
  for (State& s : states) s = State{UInt128{r.next()}};
  double best = 1e9;
  std::vector<PartyMask> out;
  for (int run = 0; run < 3; ++run) {
    const auto began = now();
    out = nash_batch(*conflict, states);
    best = std::min(best, seconds_since(began));
  }
  std::size_t stable = 0;
  for (std::size_t i = 0; i < states.size(); ++i)
    for (const PartyId p : conflict->parties()) stable += contains(out[i], p) ? 1 : 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 2000); ++i)
    for (const PartyId p : conflict->parties())
      if (contains(out[i], p) != improvements(*conflict, conflict->mover_of(p), states[i]).empty())
        fail("a Nash verdict");
  const double verdicts = static_cast<double>(states.size() * kParties);
  std::printf(
      "{\"bench\": \"nash\", \"family\": \"%s\", \"million_a_second\": %.1f, "
      "\"nash_stable\": \"%.1f %%\"}\n",
      family.name, verdicts / best / 1e6, 100.0 * static_cast<double>(stable) / verdicts);
  std::fflush(stdout);
}

}  // namespace
}  // namespace wayout

int main(int argc, char** argv) {
  std::size_t pairs = 1000;
  std::size_t states = 200'000;
  std::uint64_t seed = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--smoke") {
      pairs = 10;
      states = 1000;
    } else if (word == "--pairs" && i + 1 < argc) {
      pairs = std::strtoul(argv[++i], nullptr, 10);
    } else if (word == "--seed" && i + 1 < argc) {
      seed = std::strtoul(argv[++i], nullptr, 10);
    } else {
      std::fprintf(stderr, "bench_fly [--pairs N] [--seed N] [--smoke]\n");
      return 2;
    }
  }
  for (const auto& family : wayout::kFamilies)
    for (const bool hollow : {true, false}) wayout::verdicts(family, pairs, seed, hollow);
  for (const auto& family : wayout::kFamilies) wayout::nash(family, seed, states);
  return 0;
}
