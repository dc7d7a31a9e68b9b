#pragma once
/// @file
/// The smallest change of the inputs that turns a verdict, found by search.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/trust/sample.hpp"

namespace wayout {

/// The verdict of one profile as a number; kNoAnswer counts as no verdict and never as a flip.
/// Called from several threads at once; must be a function of the draws.
using Verdictor = std::function<std::uint8_t(std::span<const std::int64_t> draws)>;

struct FlipSettings {
  std::uint64_t seed = 1;
  /// Verdicts asked for at most, those of single inputs apart (which are always looked at).
  std::uint64_t most_runs = 4000;
  /// How many points of a range are looked at, both ends included, before the nearest change is
  /// narrowed down. A flip that comes and goes between two of them is missed.
  std::uint64_t points = 9;
  std::size_t pairs = 12;  ///< inputs that pairs are formed of, those first that flip most easily
  unsigned threads = 0;
  Watch watch;
};

/// Inputs moved away from where a plain run has them.
struct Flip {
  Draws draws;                      ///< the whole profile
  std::vector<std::size_t> inputs;  ///< the inputs that differ
  /// The greatest of the inputs' distances: |drawn − plain| over half the width of the range (1: as
  /// far as from the middle to an end; up to 2 where the plain value is no middle); 1 for another
  /// order or another level of today.
  double distance = 0;
  std::uint8_t verdict = 0;  ///< what it turns to
};

struct FlipResult {
  End end = End::Complete;
  std::uint8_t plain = 0;
  std::uint64_t runs = 0;  ///< verdicts asked for
  /// Per input: the nearest flip by this input alone; the verdict at the grid point before it, and
  /// at the plain value, is the plain one.
  std::vector<std::optional<Flip>> alone;
  /// The smallest found: fewest inputs first, then least distance. None: nothing looked at flips.
  std::optional<Flip> smallest;
  /// No single input flips it at any point looked at, and (pairs) no two of those tried do.
  bool singles_exhausted = false;
};

/// Searches the ranges of the inputs (never beyond them). One input: the points of its range, then
/// exact bisection on its grid between the last point that agrees and the first that does not.
/// Where none flips alone: every pair of the inputs that matter most, at the corners of their
/// ranges, and sets found from profiles that flip (drawn at random and at corners): inputs are put
/// back one after the other as long as it stays flipped, in several orders, so that no input of the
/// set can be left out. Every set found is then drawn towards the plain profile, all inputs alike
/// and then each by itself, by bisection. What is returned has been asked for as it stands. The
/// search is no proof that nothing smaller flips, except for single inputs at the points looked at.
FlipResult find_flip(const Sampler& sampler, const Verdictor& verdict,
                     const FlipSettings& settings = {});

/// The distance of two values of one input, as Flip::distance has it.
double input_distance(const Input& input, std::int64_t plain, std::int64_t drawn);

}  // namespace wayout
