// The least shifts of preferences, against trying everything, on random conflicts.
#include <gtest/gtest.h>

#include "properties/judge_change.hpp"

namespace wayout::properties {
namespace {

Mix tiny() {
  Mix mix;
  mix.most_raw = 24;
  mix.most_parties = 3;
  mix.most_options = 4;
  mix.graph = 0.1;
  mix.unanimous = 0;
  mix.rankings = false;
  return mix;
}

TEST(Shifts, TheLeastOfEachStatement) {
  for_random_conflicts(tiny(), 800, [](const RandomCase& c) -> std::string {
    return judge_shifts(with_goals(c.parts, c.seed), false);
  });
}

TEST(Shifts, PairsWhereOneDoesNotDo) {
  for_random_conflicts(tiny(), 600, [](const RandomCase& c) -> std::string {
    return judge_shifts(with_goals(c.parts, c.seed), true);
  });
}

}  // namespace
}  // namespace wayout::properties
