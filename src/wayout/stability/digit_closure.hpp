#pragma once
/// @file
/// The least or the greatest value over everything that some movers can bring about by any moves,
/// for all states at once, one digit of the index after the other.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "wayout/stability/box_cut.hpp"
#include "wayout/stability/tasks.hpp"

namespace wayout {

/// What one mover can do, as DigitClosure sees it.
struct ClosureMover {
  const std::vector<std::vector<ClassGroup>>* classes = nullptr;  ///< per digit and group of the
                                                                  ///< cut
  /// For a linked table: which members of digit `link_digit` of the cut meet its link.
  const std::vector<bool>* link = nullptr;
  std::size_t link_digit = 0;
};

/// Digits are changed independently of each other, and a move that changes one of them is a move:
/// what movers can bring about together is the product of what they can bring about in each digit.
/// There the members that lead to each other are taken together, and these sets stand in an order.
/// Valid for movers that are transitive, linked ones only where table and link lie in one digit.
/// Cost: about a step for each state and digit in which somebody can move, in streams.
class DigitClosure {
 public:
  /// `cut` must outlive it; its digits are cut by what these movers can change.
  DigitClosure(const BoxCut& cut, const std::vector<ClosureMover>& movers, std::uint64_t states);

  /// values[x] = min (lower) or max (raise) over x and all that can be brought about from x.
  void lower(std::uint32_t* values, const Tasks& tasks) const { pass(values, tasks, true); }
  void raise(std::uint32_t* values, const Tasks& tasks) const { pass(values, tasks, false); }

 private:
  /// Members of a digit that lead to each other, and sets that they lead to, which come before.
  struct Set {
    std::uint32_t begin;  ///< of `members`
    std::uint32_t end;
    std::uint32_t next_begin;  ///< of `next`
    std::uint32_t next_end;
    std::uint32_t row;  ///< where its value is kept: its first member, or size of the digit + spare
  };
  struct Order {
    std::uint64_t size = 1;
    std::uint64_t stride = 1;
    bool pair = false;  ///< two members that lead to each other
    std::vector<Set> sets;
    std::vector<std::uint32_t> groups;  ///< of sets that have nothing to do with each other
    std::vector<std::uint32_t> members;
    std::vector<std::uint32_t> next;  ///< rows
    std::uint32_t spare = 0;          ///< rows beside the members', most of any group
  };

  static void add_group(Order& order, const BoxCut::Digit& digit, std::size_t d, std::size_t g,
                        const std::vector<ClosureMover>& movers);
  void pass(std::uint32_t* values, const Tasks& tasks, bool least) const;
  static void sets(const Order& order, std::size_t begin, std::size_t end, std::int32_t* at,
                   std::uint64_t stride, std::uint64_t lanes, std::vector<std::int32_t>& spare,
                   bool least);
  static void narrow(const Order& order, std::int32_t* at, std::uint64_t states,
                     std::vector<std::int32_t>& buffer, std::vector<std::int32_t>& spare,
                     bool least);

  std::uint64_t states_;
  std::vector<Order> low_;   ///< the digits of short blocks, done together
  std::vector<Order> high_;  ///< the others
  std::uint64_t block_ = 1;  ///< of the low digits together
};

}  // namespace wayout
