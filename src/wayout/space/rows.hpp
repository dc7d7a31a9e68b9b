#pragma once
/// @file
/// Rows: the states one mover can shift among while nobody else moves, in a shape in which "who can
/// still be reached from here" and "who can still reach this" are answered without listing moves.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wayout/base/progress.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/model/local_score.hpp"
#include "wayout/space/box_tree.hpp"
#include "wayout/space/flat_map.hpp"
#include "wayout/space/keyed_rows.hpp"
#include "wayout/space/state_table.hpp"

namespace wayout {

/// What a sweep asks of a mover at a state.
enum class Ask {
  Moves,         ///< states it can move to
  Improvements,  ///< states it can move to and wants to
  NotWorse,      ///< states it can move to with no member worse off (weak orders only)
  MovedFrom,     ///< states it can come from; over a filled space only
  ImprovedFrom   ///< states it can come from by an improvement; over a filled space only
};

/// The rows of one mover over a table of states. A row holds every feasible state that differs from
/// the others only in options the mover can change; built on demand, agreements the mover can leave
/// appear only as they stand or left, so that what nobody has agreed is not listed. Each state of a
/// row has coordinates: its place in each order that has to agree to an improvement, the levels
/// that only go one way, and what forbid rules and a link say about it; every question above is
/// then a box of coordinates.
class RowBook {
 public:
  RowBook(const Conflict& conflict, MoverId mover);

  static constexpr std::uint32_t kNoRow = 0xFFFFFFFFu;
  /// A row is built by listing at most this many raw combinations.
  static constexpr std::uint64_t kWidest = std::uint64_t{1} << 22;

  /// The row of a state of the table; interns the whole row when it is new. kNoRow when the row is
  /// too wide to list (kWidest).
  std::uint32_t row_of(StateTable& table, StateNumber s);
  /// Builds all rows at once over a table that holds every feasible state. Cost: linear plus
  /// sorting.
  void build_all(const StateTable& table);

  struct Row {
    std::uint64_t begin = 0;  ///< into entries
    std::uint32_t size = 0;
    /// One order, and no one-way option, rule or link that tells its states apart: a sorted list.
    bool plain = false;
  };
  const Row& row(std::uint32_t r) const { return rows_[r]; }
  std::size_t row_count() const { return rows_.size(); }
  std::span<const StateNumber> entries(std::uint32_t r) const {
    return std::span(entries_).subspan(rows_[r].begin, rows_[r].size);
  }
  std::span<const std::int32_t> coords(std::uint32_t r) const {
    return std::span(coords_).subspan(rows_[r].begin * dims_, rows_[r].size * dims_);
  }
  std::uint32_t place_of(StateNumber s) const { return home_[s].place; }
  /// The row of a state that is known to have one.
  std::uint32_t known_row(StateNumber s) const { return home_[s].row; }
  /// Over a filled space: the mover never moves (it has no option, or no state meets its link).
  bool mute() const { return mute_; }
  std::size_t dims() const { return dims_; }
  bool never_wants() const { return never_wants_; }
  static constexpr std::uint32_t kSmallRow = 64;
  const BoxTree& tree(std::uint32_t r);

  /// The bounds on coordinates that answer `ask` for the state at `place` of row r; false when
  /// nothing can.
  bool bounds(std::uint32_t r, std::uint32_t place, Ask ask, std::vector<Bound>& out) const;
  /// With consent none-worse an equal place in every order is no improvement.
  bool needs_strict() const { return none_worse_; }
  std::size_t orders() const { return orders_; }

 private:
  /// `home` marks the states the row is the row of; the others are only led to from it.
  void add_row(const StateTable& table, std::vector<StateNumber>& states, State home);

  const Conflict* conflict_;
  const MoverInfo* info_;
  std::vector<LocalScore> scores_;
  LocalRules rules_;
  std::size_t orders_ = 0;
  std::vector<Digit> one_way_;
  std::size_t dims_ = 0;
  UInt128 leave_mask_ = 0;
  bool may_be_plain_ = false;
  bool home_only_ = false;  ///< rows built on demand are the rows of the states that stand as the
                            ///< first one
  bool none_worse_ = false;
  bool never_wants_ = false;
  std::vector<Row> rows_;
  std::vector<StateNumber> entries_;
  std::vector<std::int32_t> coords_;
  struct Home {
    std::uint32_t row = kNoRow;
    std::uint32_t place = 0;
  };
  std::vector<Home> home_;  ///< per state
  bool mute_ = false;
  FlatMap tree_of_;
  std::vector<std::unique_ptr<BoxTree>> trees_;
};

/// Something a search wants to find again in the same space, of a type only it knows. A copy of a
/// space starts without, so that copies may be used by several threads.
struct Remembered {
  std::shared_ptr<void> what;
  Remembered() = default;
  Remembered(const Remembered&) {}
  Remembered& operator=(const Remembered&) {
    what.reset();
    return *this;
  }
};

/// All rows of a conflict over one growing table of states; what searches share.
class RowSpace {
 public:
  /// Keeps a reference: the conflict must outlive it.
  explicit RowSpace(const Conflict& conflict);
  /// The space of just these states (of an option-form case): rows hold no others, and every row is
  /// built; filled() is false where `watch` stopped that.
  RowSpace(const Conflict& conflict, std::span<const State> states, const Watch& watch = {});

  const Conflict& conflict() const { return *conflict_; }
  StateTable& table() { return table_; }
  const StateTable& table() const { return table_; }
  RowBook& book(MoverId m) { return books_[m.index()]; }
  const RowBook& book(MoverId m) const { return books_[m.index()]; }
  /// Calls `visit` for every state that answers `ask` for mover m at s until it returns false; best
  /// first where the row is a sorted list. Returns false when the row was too wide to list. Cost:
  /// the row.
  bool for_each(MoverId m, StateNumber s, Ask ask, const std::function<bool(StateNumber)>& visit);
  /// Fills the table with every feasible state, ascending, and builds every row. False when there
  /// are more than `most` states or the budget of partial states ran out.
  bool fill(std::size_t most, std::uint64_t budget, const Watch& watch);
  bool filled() const { return filled_; }
  /// For single verdicts: what they have compiled of the conflict.
  Remembered& remembered() { return remembered_; }
  /// Searches end by their limit when the table holds this many states: about 8 GiB with their
  /// rows.
  std::size_t capacity() const { return capacity_; }

 private:
  const Conflict* conflict_;
  friend class Sweep;

  StateTable table_;
  std::vector<RowBook> books_;    ///< of a filled space, and where a KeyedBook does not do
  std::vector<KeyedBook> keyed_;  ///< per mover, while the space is not filled
  std::size_t capacity_ = 0;
  bool filled_ = false;
  Remembered remembered_;
};

/// One run over the rows in which every state is handed out at most once per mover: the states of a
/// row that were taken are not met again, so that a whole search costs about one step per state and
/// mover.
class Sweep {
 public:
  /// `ask` is one question for the whole sweep. Keeps a reference to the space.
  Sweep(RowSpace& space, Ask ask);

  /// Calls `visit` for the states that answer the question for mover m at s and were not handed out
  /// for m before. s itself is never handed out. Returns false when a row was too wide to list.
  bool take(MoverId m, StateNumber s, const std::function<void(StateNumber)>& visit);
  /// The same for one state only: kNoState when none is left. For Improvements and ImprovedFrom.
  StateNumber take_one(MoverId m, StateNumber s);

 private:
  using Visit = std::function<bool(StateNumber)>;  ///< false stops; the state handed out stays
                                                   ///< taken
  bool take_while(MoverId m, StateNumber s, const Visit& visit);
  /// How far a row is taken, in one word. Plain rows: how far along the list, see take_plain().
  /// Small rows: a bit for each state still there. Large rows: 0, or 1 + an index into marks_.
  std::uint64_t& cursor(MoverId m, std::uint32_t row);
  std::uint64_t fresh(const RowBook::Row& row) const;
  void take_plain(const RowBook& book, std::uint32_t r, std::uint32_t place, std::uint64_t& word,
                  const Visit& visit);
  void take_arcs(MoverId m, StateNumber s, const Visit& visit);

  RowSpace* space_;
  Ask ask_;
  std::vector<std::vector<std::uint64_t>> dense_;  ///< over a filled space: per mover and row
  std::vector<KeyedBook::Cursors> keyed_;          ///< not filled: per mover
  std::vector<FlatMap> cursor_of_;  ///< and where a KeyedBook does not do: per mover, row → index
                                    ///< into cursors_
  std::vector<std::uint64_t> cursors_;
  std::vector<std::unique_ptr<BoxTreeMarks>> marks_;
  std::vector<std::vector<bool>> taken_;  ///< graph form: per mover and state
  std::vector<Bound> bounds_;
};

}  // namespace wayout
