#pragma once
/// @file
/// Random conflicts for RapidCheck: drawn from a seed, shrunk part by part, shown as a case file.

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "wayout/space/random_conflict.hpp"

namespace wayout::properties {

/// A conflict to be judged and the number from which anything else random about it is drawn.
struct RandomCase {
  Parts parts;
  std::uint64_t seed = 0;
};
void showValue(const RandomCase& c, std::ostream& out);

/// What the random conflicts are to be like.
struct Mix {
  double graph = 0.15;     ///< share in graph form
  double unanimous = 0.1;  ///< share with preferences that are no complete order
  double winding = 0.35;   ///< share with many rules on moves, where sequences have to go round
                           ///< about
  double talks = 0.2;      ///< share with agreements and tracks of which some party is no member
  std::size_t most_raw = 512;  ///< raw combinations of levels at most
  std::size_t most_parties = 5;
  std::size_t most_options = 9;
  bool rankings = true;          ///< option form: whether preferences may number the states
  bool statements_only = false;  ///< only preferences by weights and by priorities
};

/// The settings and the conflict of one seed; `size` from 0 to 100 says how large.
RandomCase draw(const Mix& mix, std::uint64_t seed, int size);

/// The conflict with one thing left out or made simpler, those first that leave out most; each
/// builds.
std::vector<Parts> smaller(const Parts& parts);

/// An expression with each of its words (ids, levels, numbers, `and` …) replaced by what `f` makes
/// of it.
std::string map_words(const std::string& text,
                      const std::function<std::string(const std::string&)>& f);

/// The conflict as a case file, as far as random conflicts go.
std::string as_text(const Parts& parts);

/// Judges `count` random conflicts (RC_PARAMS may say another number) and returns the first
/// failure, shrunk, as text; "" where there is none. `property` returns what is wrong with a
/// conflict, "" where nothing is.
std::string falsified(const Mix& mix, int count,
                      const std::function<std::string(const RandomCase&)>& property);

/// The same as a test that fails with that text. Repeat with RC_PARAMS='seed=…'; go further with
/// RC_PARAMS='max_success=100000'.
void for_random_conflicts(const Mix& mix, int count,
                          const std::function<std::string(const RandomCase&)>& property);

}  // namespace wayout::properties
