#pragma once
/// @file
/// The whole space at full speed, for disputes in which parties set options of their own freely.

#include <cstdint>
#include <optional>
#include <vector>

#include "wayout/base/big_array.hpp"
#include "wayout/model/conflict.hpp"
#include "wayout/space/state_index.hpp"
#include "wayout/stability/tasks.hpp"

namespace wayout {

/// A space that is a box of fields, one for each party: its own options, side by side in the index.
/// What nobody can change cuts the space into equal parts.
struct PlainShape {
  struct Field {
    std::uint64_t size = 1;    ///< settings of the party's options
    std::uint64_t stride = 1;  ///< in the index
  };
  std::vector<Field> fields;  ///< per party
  std::uint64_t part = 1;     ///< states of one part: Π sizes
  std::uint64_t parts = 1;
};

/// The shape, where the dispute has one: every option that can move at all belongs to one party,
/// which sets it to any level, no rule ties options together, nothing can be left, no table is
/// open, no move is forbidden, and no party has more than 65,536 settings.
std::optional<PlainShape> plain_shape(const Conflict& conflict, const StateIndex& space);

/// Memory beside goodness and verdicts, in bytes.
std::uint64_t plain_bytes(const PlainShape& shape, std::size_t threads, bool improvements);

/// Verdicts of every party: bit i of stable[p][x] for concept number i. `asked` are the bits of the
/// concepts wanted, SIM not among them. Method: SEMANTICS section 3. Where every opponent moves
/// freely b and c are one minimum per box (a setting of p's options); over improvements states
/// settle in ascending order of the value, box by box, each row of an opponent with an ascending
/// order and a pointer that only advances. Cost: about (2 + opponents) steps a state and party for
/// SEQ and SSEQ each. Parties from the first stopped on have no verdicts: the number of parties
/// done is returned.
std::size_t plain_verdicts(const PlainShape& shape,
                           const std::vector<BigArray<std::uint32_t>>& goodness, std::uint8_t asked,
                           const Tasks& tasks, std::vector<BigArray<std::uint8_t>>& stable);

}  // namespace wayout
