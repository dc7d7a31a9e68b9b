#pragma once
/// @file
/// Rows on demand: where one mover can go from a state, found from tables that are shared by every
/// state in which what matters to the mover stands alike.

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "wayout/model/conflict.hpp"
#include "wayout/model/local_score.hpp"
#include "wayout/space/state_table.hpp"

namespace wayout {

enum class Ask;

/// The rows of one mover of an option-form case, none of them listed as states.
///
/// A mover's options fall into those it sets freely (in their directions) and agreements that it
/// may only leave. What the *context* (everything but the free options) means for the mover is
/// decided by the bits that its statements, rules and link look at together with its own options;
/// contexts that agree in these share one *table*: the feasible combinations of the free options
/// with their scores, in groups that one-way options, forbid rules and the link treat alike, each
/// group best first. A move is a group of the table of a context with some agreements left, so an
/// improvement is a prefix of that group: a sweep keeps how far it has handed a group out.
class KeyedBook {
 public:
  KeyedBook(const Conflict& conflict, MoverId mover);

  /// Tables of more raw combinations than this are refused.
  static constexpr std::uint64_t kWidest = std::uint64_t{1} << 22;
  /// Agreements in force that one party may leave at once; more are refused.
  static constexpr std::size_t kMostLeavable = 16;

  /// False where scores do not fit two words, or there are too many combinations: then a RowBook
  /// has to do.
  bool usable() const { return usable_; }
  bool never_wants() const { return never_wants_; }
  bool mute() const { return mute_; }

  /// How far each group has been handed out in one sweep.
  struct Cursors {
    std::vector<std::uint32_t> first;  ///< per context: 1 + place of its groups in `words`
    std::vector<std::uint64_t> words;  ///< per group
    std::vector<std::vector<std::uint32_t>> left;  ///< several orders: what a group still has
  };

  /// Calls visit(State) for every state that answers `ask` (Moves, Improvements, NotWorse) for s
  /// until it returns false. Returns false when there are too many agreements to leave. With
  /// cursors, states handed out before are not met again.
  bool visit(State s, Ask ask, Cursors* cursors, const std::function<bool(State)>& visit);

 private:
  struct Value {
    std::int64_t head = 0;
    std::int64_t tail = 0;
    friend auto operator<=>(const Value&, const Value&) = default;
  };
  struct Group {
    std::uint64_t one_way = 0;  ///< levels of the one-way options, packed as in the state
    std::uint64_t to = 0;       ///< bit f: rule f's `to` holds; the top bit: the link does not
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Table {
    std::vector<Group> groups;
    std::vector<UInt128> patches;  ///< group after group, best first by the first order
    std::vector<Value> values;     ///< orders_ for each patch
  };
  static constexpr std::uint64_t kUnlinked = std::uint64_t{1} << 63;
  struct OneWay {
    int shift = 0;  ///< in the state
    int place = 0;  ///< in the packed word
    std::uint64_t field = 1;
    bool up = true;
  };
  /// What is asked, and from where.
  struct Asked {
    State s;
    Ask ask;
    const Value* here = nullptr;  ///< orders_ values
    std::uint64_t one_way = 0;
    std::uint64_t from = 0;  ///< bit f: rule f's `from` holds at s
    Cursors* cursors = nullptr;
    const std::function<bool(State)>* visit = nullptr;
  };

  void prepare();
  std::uint32_t context_of(UInt128 bits);
  void fill(Table& table, UInt128 context);
  std::uint64_t one_way_of(UInt128 bits) const;
  std::uint64_t from_of(State s) const;
  bool may_go(const Asked& q, const Group& group) const;
  bool answers(const Asked& q, const Value* there) const;
  bool walk(const Asked& q, UInt128 context);
  bool walk_moves(const Asked& q, const Table& table, const Group& group, UInt128 context,
                  std::uint64_t* word);
  bool walk_list(const Asked& q, const Table& table, const Group& group, UInt128 context,
                 std::uint64_t* word);
  bool walk_orders(const Asked& q, const Table& table, const Group& group, UInt128 context,
                   std::uint64_t* word);

  static constexpr std::size_t kMostOrders = 16;

  const Conflict* conflict_;
  const MoverInfo* info_;
  std::vector<LocalScore> scores_;  ///< per order
  std::vector<LocalScore> across_;  ///< per order: what looks beyond the free options
  std::vector<Value> within_;       ///< per patch and order: what does not
  LocalRules rules_;
  std::size_t orders_ = 0;
  bool usable_ = true;
  bool ready_ = false;
  bool mute_ = false;
  bool never_wants_ = false;
  bool none_worse_ = false;
  UInt128 free_mask_ = 0;
  UInt128 relevant_ = 0;
  std::vector<OneWay> one_way_;
  std::vector<UInt128> leavable_;
  std::vector<UInt128> patches_;  ///< the combinations of the free options that may be feasible
  StateTable contexts_;
  std::vector<std::uint32_t> table_of_;  ///< per context
  StateTable keys_;
  std::deque<Table> tables_;  ///< per key
};

}  // namespace wayout
