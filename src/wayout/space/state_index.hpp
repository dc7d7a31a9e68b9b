#pragma once
/// @file
/// The space of feasible states as a product, with a dense index and nothing stored per state.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wayout/base/big_array.hpp"
#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"

namespace wayout {

/// Options that rules tie to each other, and the combinations of their levels that the rules allow.
/// An option that no rule ties to another is a digit of its own.
struct StateDigit {
  std::vector<OptionId> options;  ///< ascending; empty in graph form
  UInt128 mask = 0;               ///< the bits of those options
  std::vector<UInt128> members;   ///< ascending
  std::uint64_t stride = 1;       ///< index = Σ stride × place among the members
  std::uint64_t size() const { return members.size(); }
};

/// Numbers the S feasible states of a conflict in two ways. The *index*, 0 … S-1, is mixed radix
/// over the digits; it is what arrays are indexed by. The *number*, 0 … S-1, is the place in
/// ascending order of states, first option fastest, which people see (plus 1). In a space without
/// rules both are mixed radix over the options. In graph form both are the place in the file.
/// Memory: the members of the digits.
class StateIndex {
 public:
  struct Settings {
    std::uint64_t most_states = ~std::uint64_t{0};
    std::uint64_t budget = 4'000'000'000;  ///< partial states looked at while listing
    Watch watch;
  };
  enum class Stop { None, States, Budget, Cancelled, Time };
  struct Made {
    std::shared_ptr<const StateIndex> index;  ///< empty unless `stop` is None
    Stop stop = Stop::None;
    std::uint64_t states = 0;  ///< saturates; where `stop` is States the full count if it is known
  };
  /// Finds the digits and their members without visiting every combination of levels: options are
  /// set one after the other, those that complete a rule first. Deterministic.
  static Made make(const Conflict& conflict, const Settings& settings);
  static Made make(const Conflict& conflict) { return make(conflict, Settings()); }

  std::uint64_t size() const { return size_; }
  State state(std::uint64_t index) const;
  /// nullopt for an infeasible state. Cost: a search in each digit's members.
  std::optional<std::uint64_t> find(State s) const;
  /// Index and number of a state, from each other. Cost: about a microsecond for 30 options.
  std::uint64_t number(std::uint64_t index) const;
  std::uint64_t at(std::uint64_t number) const;
  /// True where index and number are the same for every state.
  bool ordered() const { return ordered_; }
  /// Calls `visit(number, index)` in ascending order of number, from `first` on, until it returns
  /// false. Cost per state: a few steps.
  void in_order(std::uint64_t first,
                const std::function<bool(std::uint64_t, std::uint64_t)>& visit) const;

  /// Slowest last; those of one member come first.
  std::span<const StateDigit> digits() const { return digits_; }
  /// Every digit is one option.
  bool plain() const { return plain_; }
  std::uint64_t bytes() const;

 private:
  struct Place {  ///< an option as the numbering sees it
    std::size_t digit = 0;
    UInt128 mask = 0;
    int shift = 0;
    std::uint64_t field = 1;
    std::uint64_t weight = 0;  ///< plain spaces: what one level adds to the number
  };
  struct Range {
    std::uint64_t begin;
    std::uint64_t end;
  };
  Range narrow(const Place& place, Range range, std::uint64_t level) const;

  std::vector<StateDigit> digits_;
  std::vector<Place> places_;  ///< per option
  std::uint64_t size_ = 0;
  bool plain_ = true;
  bool ordered_ = false;
  bool graph_ = false;
};

}  // namespace wayout
