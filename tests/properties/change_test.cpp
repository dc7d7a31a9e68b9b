// What opens a way out, held against the definition, on random conflicts.
#include <gtest/gtest.h>

#include "properties/judge_change.hpp"

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

}  // namespace
}  // namespace wayout::properties
