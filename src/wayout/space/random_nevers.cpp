#include "wayout/space/random_nevers.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "wayout/base/random.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {
namespace {

constexpr std::uint64_t kCounted = 65536;       // combinations that are all looked at
constexpr std::size_t kHits = 16384;            // feasible states a sample aims at
constexpr std::uint64_t kMostDraws = 1u << 21;  // and what it may take to find them
constexpr double kTolerance = 0.02;
constexpr int kMostTries = 2000;

std::vector<State> all_combinations(const Conflict& conflict) {
  std::vector<State> out(1);
  for (const OptionId o : conflict.options()) {
    const std::size_t so_far = out.size();
    for (int level = 1; level < static_cast<int>(conflict.option(o).levels.size()); ++level)
      for (std::size_t i = 0; i < so_far; ++i) out.push_back(conflict.with_level(out[i], o, level));
  }
  return out;
}

/// The feasible ones of all combinations, or of a sample, and their share.
struct Sample {
  std::vector<State> feasible;
  double share = 1;
  bool exact = true;
};

template <class Feasible>
Sample sample_of(const Conflict& conflict, const Feasible& feasible, std::uint64_t seed,
                 std::uint64_t which) {
  Sample out;
  out.exact = conflict.raw_size() <= kCounted;
  if (out.exact) {
    out.feasible = all_combinations(conflict);
    const auto all = static_cast<double>(out.feasible.size());
    std::erase_if(out.feasible, [&](State s) { return !feasible(s); });
    out.share = static_cast<double>(out.feasible.size()) / all;
    return out;
  }
  Random r(seed, which, "density sample");
  std::uint64_t draws = 0;
  while (draws < kMostDraws && out.feasible.size() < kHits) {
    State s;
    for (const OptionId o : conflict.options())
      s = conflict.with_level(s, o, static_cast<int>(r.below(conflict.option(o).levels.size())));
    ++draws;
    if (feasible(s)) out.feasible.push_back(s);
  }
  out.share = static_cast<double>(out.feasible.size()) / static_cast<double>(draws);
  return out;
}

/// A conjunction of `size` conditions on different options.
std::string conjunction(const Conflict& conflict, std::size_t size, Random& r) {
  std::vector<std::size_t> order(conflict.option_count());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  r.shuffle(order);
  order.resize(std::min(size, order.size()));
  std::string out;
  for (const std::size_t i : order) {
    const OptionInfo& o = conflict.option(OptionId(i));
    if (!out.empty()) out += " and ";
    if (o.binary) {
      out += (r.chance(0.5) ? "" : "not ") + o.id;
    } else {
      out += o.id + " == " + r.pick(o.levels);
    }
  }
  return out;
}

}  // namespace

Parts without_preferences(Parts parts) {
  for (PartyPart& p : parts.parties) p.third = true;
  parts.preferences.clear();
  return parts;
}

void random_nevers(Parts& parts, double density, std::uint64_t seed) {
  contract(density >= kLeastDensity && density <= 1, "a density is a share of all combinations");
  const auto conflict = build(without_preferences(parts));
  contract(conflict.has_value(), "a random conflict builds");
  std::vector<Condition> nevers;
  const auto feasible = [&](State s) {
    return conflict->feasible(s) &&
           std::none_of(nevers.begin(), nevers.end(), [s](const auto& c) { return c.holds(s); });
  };
  std::uint64_t samples = 0;
  Sample sample = sample_of(*conflict, feasible, seed, samples++);
  const auto now = conflict->status_quo();
  std::size_t size = 2;
  for (int tries = 0; tries < kMostTries && sample.share > density * (1 + kTolerance); ++tries) {
    if (!sample.exact && sample.feasible.size() < kHits / 2) {
      // A sample that rules were fitted to for long is no fair one, so another is drawn.
      sample = sample_of(*conflict, feasible, seed, samples++);
      if (sample.share <= density * (1 + kTolerance)) break;
    }
    // A conjunction of k binary options takes about 2^-k of what is left.
    while (size < 8 && sample.share * (1 - std::ldexp(1.0, -static_cast<int>(size))) < density)
      ++size;
    Random r(seed, static_cast<std::uint64_t>(tries), "nevers");
    RulePart rule;
    rule.never = conjunction(*conflict, size + r.below(2), r);
    const auto condition = conflict->condition(rule.never);
    contract(condition.has_value(), "a random expression resolves");
    if (now && condition->holds(*now)) continue;
    const auto holds = [&](State s) { return condition->holds(s); };
    const auto taken = std::count_if(sample.feasible.begin(), sample.feasible.end(), holds);
    const double after = sample.share * (1 - static_cast<double>(taken) /
                                                 static_cast<double>(sample.feasible.size()));
    if (taken == 0 || after < density * (1 - kTolerance)) continue;
    std::erase_if(sample.feasible, holds);
    sample.share = after;
    nevers.push_back(*condition);
    rule.id = "never" + std::to_string(nevers.size());
    parts.rules.push_back(std::move(rule));
  }
}

Density measure_density(const Parts& parts, std::uint64_t seed) {
  const auto conflict = build(without_preferences(parts));
  contract(conflict.has_value(), "a conflict to measure builds");
  if (conflict->nevers().empty()) return {};
  // Another sample than those the rules were fitted to.
  const Sample sample = sample_of(
      *conflict, [&](State s) { return conflict->feasible(s); }, ~seed, 0);
  return {sample.share, sample.exact};
}

}  // namespace wayout
