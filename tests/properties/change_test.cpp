// What opens a way out, held against the definition, on random conflicts.
#include <algorithm>

#include <gtest/gtest.h>

#include "properties/judge_change.hpp"
#include "wayout/change/program.hpp"
#include "wayout/change/search.hpp"

namespace wayout::properties {
namespace {

/// Small enough that every course with its history can be listed.
Mix small() {
  Mix mix;
  mix.most_raw = 48;
  mix.most_parties = 3;
  mix.most_options = 5;
  mix.rankings = false;  // the numbers of states must stay while goals are added
  return mix;
}

TEST(Change, WaysOutAndTheirMarks) {
  for_random_conflicts(small(), 600, [](const RandomCase& c) -> std::string {
    const auto both = sides(with_goals(c.parts, c.seed));
    if (!both) return "";  // shrinking may take away what a goal names
    return judge_ways_out(*both, c.seed);
  });
}

TEST(Change, ExactlyTheMinimalSetsOfMeasures) {
  for_random_conflicts(small(), 500, [](const RandomCase& c) -> std::string {
    const Parts parts = with_random_measures(with_goals(c.parts, c.seed), c.seed);
    return judge_measures(parts);
  });
}

TEST(Change, TheCheapestSet) {
  ASSERT_TRUE(load_cbc()) << load_cbc().error()[0].message;
  for_random_conflicts(small(), 100, [](const RandomCase& c) -> std::string {
    return judge_cheapest(with_random_measures(with_goals(c.parts, c.seed), c.seed));
  });
}

/// For each goal the verdict and the minimal sets, by ids.
std::string told(const Parts& parts) {
  const auto conflict = build(parts);
  if (!conflict || !conflict->status_quo()) return "";
  SearchSettings settings;
  settings.threads = 1;
  settings.listed = 1000;
  const MeasureSearch found = search_measures(*conflict, settings);
  std::vector<std::string> lines;
  for (const GoalChange& g : found.goals) {
    std::string line = conflict->goals()[g.goal].id + " " + std::to_string(int(g.verdict));
    for (const auto* list : {&g.clean, &g.opening}) {
      std::vector<std::string> sets;
      for (const Opening& o : *list) {
        std::vector<std::string> ids;
        for (const std::size_t i : o.measures) ids.push_back(parts.measures[i].id);
        std::sort(ids.begin(), ids.end());
        std::string text;
        for (const std::string& id : ids) text += id + " ";
        sets.push_back(text);
      }
      std::sort(sets.begin(), sets.end());
      for (const std::string& s : sets) line += "| " + s;
      line += "#";
    }
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& l : lines) out += l + "\n";
  return out;
}

TEST(Change, TheOrderInTheFileDoesNotMatter) {
  for_random_conflicts(small(), 300, [](const RandomCase& c) -> std::string {
    Parts parts = with_random_measures(with_goals(c.parts, c.seed), c.seed);
    if (parts.graph_form()) return "";
    // Effects that do not commute (both set today's level, say) may not be swapped.
    for (MeasurePart& m : parts.measures)
      std::erase_if(m.effects, [](const EffectPart& e) {
        return e.kind == EffectKind::Close || e.kind == EffectKind::Now;
      });
    const std::string before = told(parts);
    Parts turned = parts;
    std::reverse(turned.parties.begin(), turned.parties.end());
    std::reverse(turned.options.begin(), turned.options.end());
    std::reverse(turned.measures.begin(), turned.measures.end());
    std::reverse(turned.goals.begin(), turned.goals.end());
    const std::string after = told(turned);
    return before == after ? "" : "before:\n" + before + "after:\n" + after;
  });
}

}  // namespace
}  // namespace wayout::properties
