#pragma once
/// @file
/// What the opponents of one party can answer, compiled for single verdicts on the fly.

#include <memory>
#include <optional>
#include <vector>

#include "wayout/stability/concept.hpp"
#include "wayout/stability/row_tables.hpp"

namespace wayout {

class ConeMap;

/// The opponents of a party with their choices, and what those do to the party. Requires a conflict
/// of the kind RowTables handles: option form, no forbid rule on an opponent, rows that fit, and
/// preferences that are sums; then every opponent is transitive.
struct AnswerModel {
  const Conflict* conflict = nullptr;
  PartyId party;
  bool improving = false;  ///< SEQ, SSEQ: opponents make improvements only
  bool symmetric = false;  ///< SMR, SSEQ: the party may not escape
  SumScore goal;           ///< the party's preference; the opponents' aim is to make it small
  std::vector<MoverId> movers;
  std::vector<RowTables> rows;       ///< per opponent: its moves, over options that matter
  std::vector<RowTables> goal_rows;  ///< per opponent: the party's score of the same settings
  std::vector<RowTables> due;        ///< GMR, SMR: per opponent its improvements, else empty
  std::optional<RowTables> own;      ///< symmetric: the party's moves
  std::optional<RowTables> own_goal;
  UInt128 relevant = 0;  ///< bits that some preference, rule or link of these names; GMR, SMR: all
  UInt128 free = 0;      ///< bits some opponent can change and that matter
  UInt128 aim = 0;       ///< bits on which it depends whether a state is a sanction
  mutable std::shared_ptr<const ConeMap> cone_map;  ///< made when first used

  static std::unique_ptr<AnswerModel> make(const Conflict& conflict, PartyId p, Concept c);

  Int128 score(UInt128 bits) const { return goal(conflict->pool(), bits); }
  /// The party's move from the state to one it likes better than `limit`, if there is one.
  std::optional<UInt128> escape(UInt128 bits, Int128 limit) const;

  /// A first answer: the move of opponent `mover` (an index into movers) to `bits`.
  struct First {
    std::size_t mover;
    UInt128 bits;
  };
  /// The first moves of opponents from s1 that are no improvement for their mover already at s.
  std::vector<First> clean_firsts(UInt128 s, UInt128 s1) const;
  bool hollow(std::size_t mover, UInt128 s, UInt128 s1, UInt128 t) const;
};

/// The models of a conflict, made when first asked for.
class AnswerBook {
 public:
  explicit AnswerBook(const Conflict& conflict) : conflict_(conflict) {}
  /// nullptr where the conflict is not of the kind handled.
  const AnswerModel* model(PartyId p, Concept c);
  /// The party's improvements over all its options; nullptr where its rows are not of that kind.
  const RowTables* improvements(PartyId p);

 private:
  Conflict conflict_;  ///< shared, so that the book may outlive the caller's
  struct Entry {
    bool made = false;
    std::unique_ptr<AnswerModel> model;
  };
  std::vector<Entry> entries_;
  struct Own {
    bool made = false;
    std::optional<RowTables> rows;
  };
  std::vector<Own> own_;
};

}  // namespace wayout
