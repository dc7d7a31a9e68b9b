#include "wayout/stability/describe.hpp"

#include <algorithm>
#include <bit>
#include <set>

#include "wayout/stability/describe_blocks.hpp"

namespace wayout {
namespace {

using describing::LiteralWords;
using describing::Word;
using Words = std::vector<Word>;

/// A conjunction, as indices into the literals, ascending.
using Conjunction = std::vector<std::uint16_t>;

constexpr std::size_t kCounterexamples = 64;

std::uint64_t ones(const Words& words) {
  std::uint64_t n = 0;
  for (const Word w : words) n += static_cast<std::uint64_t>(std::popcount(w));
  return n;
}

/// States drawn from a set, and for each literal where it holds among them.
struct Drawn {
  std::vector<State> states;
  int halvings = 0;  ///< each was kept with chance 2^-halvings
  std::vector<Words> literal;

  void index(const Conflict& conflict, std::span<const LevelRange> literals) {
    literal.assign(literals.size(), Words((states.size() + 63) / 64, 0));
    LiteralWords words(conflict, literals);
    for (std::size_t b = 0; b < states.size(); b += 64) {
      const std::size_t count = std::min<std::size_t>(64, states.size() - b);
      words.load(std::span(states).subspan(b, count));
      const Word present = count == 64 ? ~Word{0} : (Word{1} << count) - 1;
      for (std::size_t i = 0; i < literals.size(); ++i) literal[i][b / 64] = words[i] & present;
    }
  }
};

/// One set under description.
struct Problem {
  StableSet set;
  std::uint64_t size = 0;
  Drawn in;
  Drawn out;
  struct Part {
    Conjunction conjunction;
    bool claimed = false;  ///< no state of the sample refutes it
    std::uint64_t holds = 0;
    std::uint64_t inside = 0;
    std::uint64_t fresh = 0;
    std::uint64_t refuted = 0;
    std::vector<State> counterexamples;
  };
  std::vector<Part> parts;
  bool stale = true;  ///< to be searched (again)
};

class Search {
 public:
  Search(const std::vector<LevelRange>& literals, const DescribeSettings& settings,
         const Problem& problem)
      : literals_(literals), settings_(settings), in_(problem.in), out_(problem.out) {
    open_.assign(in_.literal.empty() ? 0 : in_.literal[0].size(), ~Word{0});
    if (in_.states.size() % 64 != 0 && !open_.empty())
      open_.back() = (Word{1} << (in_.states.size() % 64)) - 1;
    in_weight_ = static_cast<double>(std::uint64_t{1} << in_.halvings);
    out_weight_ = static_cast<double>(std::uint64_t{1} << out_.halvings);
  }

  std::vector<Problem::Part> run() {
    std::vector<Problem::Part> parts;
    const auto all = static_cast<double>(in_.states.size());
    bool claimed = true;
    std::size_t loose = 0;
    while (parts.size() < settings_.most_parts && ones(open_) > 0) {
      const Best best = search(claimed);
      if (best.conjunction.empty() ||
          static_cast<double>(best.covers) < settings_.least_share * all) {
        const double covered = 1 - static_cast<double>(ones(open_)) / all;
        if (!claimed || covered >= settings_.enough) break;
        claimed = false;
        continue;
      }
      if (!claimed && ++loose > 2) break;
      for (std::size_t w = 0; w < open_.size(); ++w) {
        Word held = ~Word{0};
        for (const std::uint16_t i : best.conjunction) held &= in_.literal[i][w];
        open_[w] &= ~held;
      }
      Problem::Part part;
      part.conjunction = best.conjunction;
      part.claimed = claimed;
      parts.push_back(std::move(part));
    }
    return parts;
  }

 private:
  struct Best {
    Conjunction conjunction;
    std::uint64_t covers = 0;
  };
  struct Entry {
    Conjunction conjunction;
    Words in;
    Words out;
    double score = 0;
  };

  /// The conjunction that covers most of what is open and, where claimed, nothing outside.
  Best search(bool claimed) const {
    Best best;
    const double base = static_cast<double>(ones(open_)) * in_weight_ /
                        (static_cast<double>(ones(open_)) * in_weight_ +
                         static_cast<double>(out_.states.size()) * out_weight_);
    Entry everything;
    everything.in = open_;
    everything.out.assign(out_.literal.empty() ? 0 : out_.literal[0].size(), ~Word{0});
    if (out_.states.size() % 64 != 0 && !everything.out.empty())
      everything.out.back() = (Word{1} << (out_.states.size() % 64)) - 1;
    std::vector<Entry> beam{everything};
    for (std::size_t length = 1; length <= settings_.most_literals && !beam.empty(); ++length) {
      struct Candidate {
        double score;
        std::size_t from;
        std::uint16_t literal;
        Conjunction conjunction;
      };
      std::vector<Candidate> candidates;
      std::set<Conjunction> seen;
      for (std::size_t e = 0; e < beam.size(); ++e)
        for (std::uint16_t i = 0; i < literals_.size(); ++i) {
          const Entry& entry = beam[e];
          if (names(entry.conjunction, literals_[i].option)) continue;
          Conjunction longer = entry.conjunction;
          longer.insert(std::upper_bound(longer.begin(), longer.end(), i), i);
          if (!seen.insert(longer).second) continue;
          const std::uint64_t in = both(entry.in, in_.literal[i]);
          if (in <= best.covers) continue;  // what is added can only cover less
          const std::uint64_t out = both(entry.out, out_.literal[i]);
          const double in_all = static_cast<double>(in) * in_weight_;
          const double precision = in_all / (in_all + static_cast<double>(out) * out_weight_);
          if (claimed ? out == 0 : precision >= settings_.least_precision) {
            best = {longer, in};
            continue;
          }
          candidates.push_back({in_all * (precision - base), e, i, std::move(longer)});
        }
      std::erase_if(candidates, [&](const Candidate& c) { return c.score <= 0; });
      std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.score != b.score ? a.score > b.score : a.conjunction < b.conjunction;
      });
      if (candidates.size() > settings_.beam) candidates.resize(settings_.beam);
      std::vector<Entry> next;
      for (Candidate& c : candidates) {
        Entry entry{std::move(c.conjunction), beam[c.from].in, beam[c.from].out, c.score};
        for (std::size_t w = 0; w < entry.in.size(); ++w) entry.in[w] &= in_.literal[c.literal][w];
        for (std::size_t w = 0; w < entry.out.size(); ++w)
          entry.out[w] &= out_.literal[c.literal][w];
        next.push_back(std::move(entry));
      }
      beam = std::move(next);
    }
    return best;
  }

  bool names(const Conjunction& c, OptionId o) const {
    return std::any_of(c.begin(), c.end(),
                       [&](std::uint16_t i) { return literals_[i].option == o; });
  }
  static std::uint64_t both(const Words& a, const Words& b) {
    std::uint64_t n = 0;
    for (std::size_t w = 0; w < a.size(); ++w)
      n += static_cast<std::uint64_t>(std::popcount(a[w] & b[w]));
    return n;
  }

  const std::vector<LevelRange>& literals_;
  const DescribeSettings& settings_;
  const Drawn& in_;
  const Drawn& out_;
  Words open_;
  double in_weight_ = 1;
  double out_weight_ = 1;
};

/// All sets together: passes over the states, and searches between them.
class Describer {
 public:
  Describer(const Conflict& conflict, const VerdictTable& table, std::span<const StableSet> sets,
            const DescribeSettings& settings)
      : conflict_(conflict),
        table_(table),
        sets_(sets),
        settings_(settings),
        literals_(describing::literals_of(conflict)),
        problems_(sets.size()) {
    for (std::size_t i = 0; i < sets.size(); ++i) problems_[i].set = sets[i];
  }

  Descriptions run() {
    Descriptions out;
    out.end = steps();
    for (const Problem& p : problems_) {
      Description d;
      d.set = p.set;
      d.size = d.rest = p.size;
      if (out.end == End::Complete)
        for (const Problem::Part& part : p.parts) {
          if (part.fresh == 0) continue;
          DescribedPart told;
          for (const std::uint16_t i : part.conjunction) told.literals.push_back(literals_[i]);
          told.holds = part.holds;
          told.inside = part.inside;
          told.fresh = part.fresh;
          d.rest -= part.fresh;
          d.parts.push_back(std::move(told));
        }
      out.sets.push_back(std::move(d));
    }
    return out;
  }

 private:
  End steps() {
    End end = pass([&](std::uint64_t, std::size_t, const Words& in) {
      for (std::size_t i = 0; i < in.size(); ++i)
        problems_[i].size += static_cast<std::uint64_t>(std::popcount(in[i]));
    });
    if (end != End::Complete) return end;
    for (Problem& p : problems_) {
      p.in.halvings = halvings(p.size);
      p.out.halvings = halvings(table_.size - p.size);
      p.stale = p.size > 0 && p.size < table_.size;
      // Everything: one part without a condition.
      if (p.size == table_.size && p.size > 0)
        p.parts.push_back({{}, true, p.size, p.size, p.size, 0, {}});
    }
    if (literals_.empty()) return End::Complete;
    end = draw();
    for (int round = 0; round < settings_.rounds && end == End::Complete; ++round) {
      bool searched = false;
      for (Problem& p : problems_) {
        if (!p.stale) continue;
        searched = true;
        p.in.index(conflict_, literals_);
        p.out.index(conflict_, literals_);
        p.parts = Search(literals_, settings_, p).run();
        p.stale = false;
        if (stopped(end)) return end;
      }
      if (!searched) break;
      end = count(round + 1 == settings_.rounds);
    }
    // The last round left out what was refuted, so what remains is counted anew.
    if (end == End::Complete && recount_) end = count(false);
    return end;
  }

  int halvings(std::uint64_t size) const {
    int h = 0;
    while ((size >> h) > settings_.sample) ++h;
    return h;
  }

  bool stopped(End& end) const {
    if (settings_.watch.cancelled()) end = End::Cancelled;
    if (settings_.watch.out_of_time()) end = End::Limit;
    return end != End::Complete;
  }

  /// Calls `visit(begin, count, set words)` for every 64 states.
  template <class Visit>
  End pass(const Visit& visit) const {
    Words in;
    End end = End::Complete;
    for (std::uint64_t begin = 0; begin < table_.size; begin += 64) {
      if ((begin & 0xFFFFFu) == 0) {
        settings_.watch.tell("describing the states", begin, table_.size);
        if (stopped(end)) return end;
      }
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(64, table_.size - begin));
      describing::set_words(table_, sets_, begin, count, in);
      visit(begin, count, in);
    }
    return End::Complete;
  }

  End draw() {
    int deepest = 0;
    for (const Problem& p : problems_) deepest = std::max({deepest, p.in.halvings, p.out.halvings});
    std::vector<Word> chosen(static_cast<std::size_t>(deepest) + 1);
    std::array<State, 64> states;
    return pass([&](std::uint64_t begin, std::size_t count, const Words& in) {
      const Word present = count == 64 ? ~Word{0} : (Word{1} << count) - 1;
      for (int h = 0; h <= deepest; ++h)
        chosen[static_cast<std::size_t>(h)] = describing::random_word(begin / 64, h);
      bool loaded = false;
      const auto take = [&](Drawn& drawn, Word which) {
        for (Word w = which & chosen[static_cast<std::size_t>(drawn.halvings)]; w != 0;
             w &= w - 1) {
          if (!loaded) table_.states(begin, std::span(states).first(count));
          loaded = true;
          drawn.states.push_back(states[static_cast<std::size_t>(std::countr_zero(w))]);
        }
      };
      for (std::size_t i = 0; i < problems_.size(); ++i) {
        if (!problems_[i].stale) continue;
        take(problems_[i].in, in[i]);
        take(problems_[i].out, ~in[i] & present);
      }
    });
  }

  /// Counts every part over all states. What is refuted is searched again with the states that
  /// refute it, or, in the last round, left out.
  End count(bool last) {
    for (Problem& p : problems_)
      for (Problem::Part& part : p.parts)
        if (!part.conjunction.empty()) {
          part.holds = part.inside = part.fresh = part.refuted = 0;
          part.counterexamples.clear();
        }
    LiteralWords words(conflict_, literals_);
    std::array<State, 64> states;
    const End end = pass([&](std::uint64_t begin, std::size_t count, const Words& in) {
      const Word present = count == 64 ? ~Word{0} : (Word{1} << count) - 1;
      table_.states(begin, std::span(states).first(count));
      words.load(std::span(states).first(count));
      for (std::size_t i = 0; i < problems_.size(); ++i) {
        Word open = in[i];
        for (Problem::Part& part : problems_[i].parts) {
          if (part.conjunction.empty()) continue;
          Word held = present;
          for (const std::uint16_t literal : part.conjunction) held &= words[literal];
          if (held == 0) continue;
          part.holds += static_cast<std::uint64_t>(std::popcount(held));
          part.inside += static_cast<std::uint64_t>(std::popcount(held & in[i]));
          part.fresh += static_cast<std::uint64_t>(std::popcount(held & open));
          open &= ~held;
          if (part.claimed) refute(part, held & ~in[i], begin, states);
        }
      }
    });
    if (end != End::Complete) return end;
    for (Problem& p : problems_) {
      for (const Problem::Part& part : p.parts) {
        if (part.counterexamples.empty()) continue;
        p.stale = true;
        p.out.states.insert(p.out.states.end(), part.counterexamples.begin(),
                            part.counterexamples.end());
      }
      if (!last || !p.stale) continue;
      std::erase_if(p.parts, [](const Problem::Part& part) { return part.refuted > 0; });
      recount_ = true;
    }
    return end;
  }

  /// Keeps a fair choice of the states that refute a part.
  static void refute(Problem::Part& part, Word which, std::uint64_t begin,
                     const std::array<State, 64>& states) {
    for (; which != 0; which &= which - 1) {
      const auto at = static_cast<std::size_t>(std::countr_zero(which));
      ++part.refuted;
      if (part.counterexamples.size() < kCounterexamples) {
        part.counterexamples.push_back(states[at]);
        continue;
      }
      const std::uint64_t j = describing::random_word(begin + at, 1) % part.refuted;
      if (j < kCounterexamples) part.counterexamples[j] = states[at];
    }
  }

  const Conflict& conflict_;
  const VerdictTable& table_;
  std::span<const StableSet> sets_;
  const DescribeSettings& settings_;
  const std::vector<LevelRange> literals_;
  std::vector<Problem> problems_;
  bool recount_ = false;
};

}  // namespace

Descriptions describe(const Conflict& conflict, const VerdictTable& table,
                      std::span<const StableSet> sets, const DescribeSettings& settings) {
  return Describer(conflict, table, sets, settings).run();
}

std::string condition_text(const Conflict& conflict, std::span<const LevelRange> literals) {
  if (literals.empty()) return "true";
  std::string out;
  for (const LevelRange& l : literals) {
    const OptionInfo& o = conflict.option(l.option);
    if (!out.empty()) out += " and ";
    const int top = static_cast<int>(o.levels.size()) - 1;
    const auto level = [&](int at) {
      return o.binary ? std::string(at == 1 ? "true" : "false")
                      : o.levels[static_cast<std::size_t>(at)];
    };
    if (o.binary) {
      out += (l.low == 1 ? "" : "not ") + o.id;
    } else if (l.low == l.high) {
      out += o.id + " == " + level(l.low);
    } else if (l.low == 0) {
      out += o.id + " <= " + level(l.high);
    } else {
      contract(l.high == top, "a range of levels reaches the lowest or the highest");
      out += o.id + " >= " + level(l.low);
    }
  }
  return out;
}

}  // namespace wayout
