#pragma once
/// @file
/// How the movers of an AnswerModel see the options block by block: what an abstraction needs to
/// know once and for all.

#include <cstdint>
#include <vector>

#include "wayout/stability/answer_model.hpp"

namespace wayout {

/// Blocks are a party's own options, or one joint option, of those that opponents can change and
/// that matter.
class ConeMap {
 public:
  static constexpr std::size_t kMostValues = 4096;

  explicit ConeMap(const AnswerModel& model);

  struct Block {
    struct Wheel {
      int shift;
      std::uint64_t field;
      std::size_t stride;
    };
    UInt128 mask = 0;
    std::vector<Wheel> wheels;
    BitsList values;
    std::size_t place(UInt128 bits) const {
      std::size_t at = 0;
      for (const Wheel& w : wheels)
        at += static_cast<std::size_t>(static_cast<std::uint64_t>(bits >> w.shift) & w.field) *
              w.stride;
      return at;
    }
  };
  /// What a value of a block shows to a mover: the bits it looks at, and which of its clauses they
  /// leave open (all those that do not speak of the block included).
  struct Show {
    UInt128 bits = 0;
    Pattern pattern;
  };
  /// One mover's view of one block. `seen` and `own` are empty where it looks at nothing, or sets
  /// nothing, of the block.
  struct Sight {
    std::vector<std::uint16_t> seen;  ///< per value: index into shows
    std::vector<Show> shows;
    std::vector<std::uint16_t> own;  ///< per value: which of the parts the mover may set it has
    std::size_t own_groups = 0;
    std::vector<std::uint16_t> of_setting;  ///< per setting of the mover: the same
  };

  /// False where a block has more than kMostValues values; nothing else is filled in then.
  bool fits() const { return fits_; }
  const std::vector<Block>& blocks() const { return blocks_; }
  const Sight& sight(std::size_t mover, std::size_t block) const {
    return sights_[mover * blocks_.size() + block];
  }

 private:
  bool make_blocks(const AnswerModel& model);
  Sight look(const RowTables& rows, const Block& b) const;

  std::vector<Block> blocks_;
  std::vector<Sight> sights_;
  bool fits_ = false;
};

}  // namespace wayout
