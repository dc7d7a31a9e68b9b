#pragma once
/// @file
/// A space cut into boxes: the states among which some movers can shift while the rest stands.

#include <cstdint>
#include <vector>

#include "wayout/model/conflict.hpp"
#include "wayout/space/state_index.hpp"

namespace wayout {

/// The members of each digit in groups that agree on everything outside a mask. A box is one group
/// of every digit; boxes are numbered in mixed radix over the groups.
class BoxCut {
 public:
  struct Digit {
    const StateDigit* digit = nullptr;
    std::vector<std::uint32_t> begin;    ///< per group, one more at the end
    std::vector<std::uint32_t> members;  ///< places among the digit's members, group by group
    std::uint64_t groups() const { return begin.size() - 1; }
  };

  BoxCut(const StateIndex& space, UInt128 changeable);

  const std::vector<Digit>& digits() const { return digits_; }  ///< those of several members
  std::uint64_t boxes() const { return boxes_; }
  /// The group of each digit in a box.
  void groups(std::uint64_t box, std::vector<std::uint32_t>& out) const;
  std::uint64_t most_states() const;  ///< of any box

 private:
  std::vector<Digit> digits_;
  std::uint64_t boxes_ = 1;
};

/// How one mover sees one group of a digit. A class holds the members that agree on everything the
/// mover cannot set freely: what it cannot change, and what it can change in one direction only.
struct ClassGroup {
  std::uint32_t count = 0;
  std::vector<std::uint32_t> class_of;  ///< per member of the group
  /// Class x lies below t where the mover can go from x to t. The covers of t are the classes below
  /// it with none in between; `below` lists all, t itself among them.
  std::vector<std::uint32_t> cover_begin;
  std::vector<std::uint32_t> covers;
  std::vector<std::uint32_t> below_begin;
  std::vector<std::uint32_t> below;
  bool ordered = false;  ///< some class lies below another
};

/// The classes of one mover: masks and one-way options.
class MoverClasses {
 public:
  /// A row of more classes than this, in one digit, is left to another method.
  static constexpr std::size_t kMost = 2048;

  MoverClasses(const Conflict& conflict, MoverId m);
  ClassGroup group(const BoxCut::Digit& digit, std::uint32_t group) const;
  UInt128 changeable() const { return changeable_; }
  /// No row of any digit has more than kMost classes.
  bool narrow(const StateIndex& space) const;

 private:
  struct OneWay {
    UInt128 mask;
    Change change;
  };
  bool below(UInt128 x, UInt128 t) const;

  UInt128 changeable_ = 0;
  UInt128 free_ = 0;
  std::vector<OneWay> one_way_;
};

}  // namespace wayout
