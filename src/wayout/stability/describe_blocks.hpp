#pragma once
/// @file
/// The inside of describe.cpp: 64 states at a time as words, one bit for each state.

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "wayout/stability/describe.hpp"

namespace wayout::describing {

using Word = std::uint64_t;

/// Every literal there is: for a binary option its two levels, for a graded one every level and
/// every range that begins at the lowest or ends at the highest.
std::vector<LevelRange> literals_of(const Conflict& conflict);

/// Transposes a 64 x 64 matrix of bits in place: bit j of word i goes to bit i of word j.
void transpose(std::array<Word, 64>& m);

/// For up to 64 states, per literal the word of those where it holds.
class LiteralWords {
 public:
  LiteralWords(const Conflict& conflict, std::span<const LevelRange> literals);
  void load(std::span<const State> states);
  Word operator[](std::size_t literal) const { return words_[literal]; }

 private:
  struct Field {
    int shift = 0;
    int width = 1;
    int levels = 2;
    std::size_t first = 0;  ///< of its levels in levels_
  };
  std::vector<Field> fields_;
  std::vector<LevelRange> literals_;
  std::vector<Word> levels_;
  std::vector<Word> words_;
  bool wide_ = false;
};

/// Per set the word of its states among 64.
void set_words(const VerdictTable& table, std::span<const StableSet> sets, std::uint64_t begin,
               std::size_t count, std::vector<Word>& out);

/// A word in which each bit is set with chance 2^-halvings, the same for the same block.
Word random_word(std::uint64_t block, int halvings);

}  // namespace wayout::describing
