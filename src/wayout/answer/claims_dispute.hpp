#pragma once
/// @file
/// Where a claim's test is judged: the dispute under its variants and measures and without the
/// parties it leaves out, and the states that its conditions set. For the claims' files only.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "wayout/answer/claims_risk.hpp"
#include "wayout/model/view.hpp"
#include "wayout/space/rows.hpp"

namespace wayout {

/// The dispute under these variants and measures, in which the parties of `without` make no move
/// and consent to nothing: their tracks are closed, and a rule forbids each of their moves (in
/// graph form their arcs are taken away).
Result<Conflict> dispute(const Parts& file, const ViewSettings& view,
                         const std::vector<std::string>& without);

/// The feasible states that meet a condition and differ from `from` in the fewest options, in
/// ascending order; just `from` where it meets it itself. In graph form every state that meets it
/// differs equally.
struct NearestStates {
  std::vector<State> states;
  bool finished = true;  ///< false: a limit was met before all were found
};
NearestStates nearest_states(const Conflict& conflict, State from, const Condition& condition);

/// Disputes by what they are built from, each built once, with the space its searches share.
class Disputes {
 public:
  using Ids = std::vector<std::string>;
  /// How a dispute is built from its variants, measures and parties left out.
  using Make =
      std::function<Result<Conflict>(const Ids& under, const Ids& with, const Ids& without)>;

  explicit Disputes(const Parts& file);
  Disputes(Make make, std::shared_ptr<const RiskScale> scale)
      : make_(std::move(make)), scale_(std::move(scale)) {}

  using Key = std::tuple<Ids, Ids, Ids>;
  struct Place {
    Key key;  ///< variants, measures and parties left out, each sorted
    Conflict conflict;
    std::unique_ptr<RowSpace> space;
    ChanceBook chances;
    /// The shared space, or a new one where it has grown past what is worth keeping.
    RowSpace& rows();
  };
  /// Faults: as view().
  Result<Place*> get(const std::vector<std::string>& under, const std::vector<std::string>& with,
                     const std::vector<std::string>& without);

  const std::map<Key, std::unique_ptr<Place>>& places() const { return places_; }
  /// The scale of utilities for risk, of the case without measures and variants.
  const std::shared_ptr<const RiskScale>& scale() const { return scale_; }

 private:
  Make make_;
  std::shared_ptr<const RiskScale> scale_;
  std::map<Key, std::unique_ptr<Place>> places_;
};

/// The union of two lists of ids, sorted.
std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b);

}  // namespace wayout
