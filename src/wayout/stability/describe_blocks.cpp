#include "wayout/stability/describe_blocks.hpp"

#include <cstring>

namespace wayout::describing {
namespace {

Word mix(Word x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

/// Bit `c` of each of eight bytes, gathered into eight bits.
Word gather(const std::uint8_t* bytes, int c) {
  Word eight = 0;
  std::memcpy(&eight, bytes, 8);
  return (((eight >> c) & 0x0101010101010101ull) * 0x0102040810204080ull) >> 56;
}

}  // namespace

std::vector<LevelRange> literals_of(const Conflict& conflict) {
  std::vector<LevelRange> out;
  for (const OptionId o : conflict.options()) {
    const int top = static_cast<int>(conflict.option(o).levels.size()) - 1;
    if (top < 1) continue;
    for (int level = 0; level <= top; ++level) out.push_back({o, level, level});
    for (int level = 1; level < top; ++level) {
      out.push_back({o, 0, level});
      out.push_back({o, level, top});
    }
  }
  return out;
}

void transpose(std::array<Word, 64>& m) {
  Word mask = 0x00000000FFFFFFFFull;
  for (unsigned j = 32; j != 0; j >>= 1, mask ^= mask << j)
    for (unsigned k = 0; k < 64; k = (k + j + 1) & ~j) {
      const Word t = ((m[k] >> j) ^ m[k + j]) & mask;
      m[k] ^= t << j;
      m[k + j] ^= t;
    }
}

LiteralWords::LiteralWords(const Conflict& conflict, std::span<const LevelRange> literals)
    : literals_(literals.begin(), literals.end()), words_(literals.size()) {
  std::size_t first = 0;
  for (const OptionId o : conflict.options()) {
    const OptionInfo& info = conflict.option(o);
    fields_.push_back({info.shift, info.width, static_cast<int>(info.levels.size()), first});
    first += info.levels.size();
    wide_ = wide_ || info.shift + info.width > 64;
  }
  levels_.resize(first);
}

void LiteralWords::load(std::span<const State> states) {
  std::array<Word, 64> low{}, high{};
  for (std::size_t i = 0; i < states.size(); ++i) low[i] = static_cast<Word>(states[i].bits);
  transpose(low);
  if (wide_) {
    for (std::size_t i = 0; i < states.size(); ++i)
      high[i] = static_cast<Word>(states[i].bits >> 64);
    transpose(high);
  }
  for (const Field& f : fields_)
    for (int level = 0; level < f.levels; ++level) {
      Word word = ~Word{0};
      for (int b = 0; b < f.width; ++b) {
        const int at = f.shift + b;
        const Word column =
            at < 64 ? low[static_cast<std::size_t>(at)] : high[static_cast<std::size_t>(at - 64)];
        word &= (level >> b) & 1 ? column : ~column;
      }
      levels_[f.first + static_cast<std::size_t>(level)] = word;
    }
  for (std::size_t i = 0; i < literals_.size(); ++i) {
    Word word = 0;
    const std::size_t first = fields_[literals_[i].option.index()].first;
    for (int level = literals_[i].low; level <= literals_[i].high; ++level)
      word |= levels_[first + static_cast<std::size_t>(level)];
    words_[i] = word;
  }
}

void set_words(const VerdictTable& table, std::span<const StableSet> sets, std::uint64_t begin,
               std::size_t count, std::vector<Word>& out) {
  const Word present = count == 64 ? ~Word{0} : (Word{1} << count) - 1;
  out.assign(sets.size(), present);
  std::array<std::uint8_t, 64> bytes{};
  for (std::size_t p = 0; p < table.stable.size(); ++p) {
    const std::uint8_t* at = table.stable[p] + begin;
    if (count < 64) {
      std::memcpy(bytes.data(), at, count);
      at = bytes.data();
    }
    for (std::size_t i = 0; i < sets.size(); ++i) {
      if (sets[i].party && sets[i].party->index() != p) continue;
      if (out[i] == 0) continue;
      Word word = 0;
      for (int k = 0; k < 8; ++k)
        word |= gather(at + 8 * k, static_cast<int>(sets[i].concept_)) << (8 * k);
      out[i] &= word;
    }
  }
}

Word random_word(std::uint64_t block, int halvings) {
  Word out = ~Word{0};
  for (int i = 0; i < halvings && out != 0; ++i)
    out &= mix(block * 64 + static_cast<std::uint64_t>(i));
  return out;
}

}  // namespace wayout::describing
