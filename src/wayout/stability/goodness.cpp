#include "wayout/stability/goodness.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <numeric>

#include "wayout/model/score_terms.hpp"
#include "wayout/stability/kernels.hpp"

namespace wayout {
namespace {

constexpr std::uint64_t kTaskStates = 1u << 16;

/// Sums of one word's terms over the index. The lowest digits make up a block of states; for the
/// block the digits above stand still. A term is added where the lowest of its slow digits turns,
/// so most are added rarely.
template <class Sum>
class WordSums {
 public:
  WordSums(const Conflict& conflict, const StateIndex& space, const std::vector<ScoreTerm>& terms,
           std::int64_t unit, std::int64_t least)
      : conflict_(conflict), unit_(unit) {
    constexpr std::uint64_t kBlock = 1024;
    for (const StateDigit& d : space.digits()) {
      if (d.size() == 1) {
        fixed_ |= d.members[0];
      } else if (slow_.empty() && block_ * d.size() <= kBlock) {
        fast_mask_ |= d.mask;
        fast_.push_back(&d);
        block_ *= d.size();
      } else {
        slow_.push_back(&d);
      }
    }
    fast_bits_.assign(block_, 0);
    for (std::uint64_t i = 0; i < block_; ++i)
      for (const StateDigit* d : fast_) fast_bits_[i] |= d->members[i / d->stride % d->size()];
    base_.assign(block_, static_cast<Sum>(-least));
    by_digit_.resize(slow_.size());
    for (const ScoreTerm& term : terms) {
      std::size_t lowest = 0;
      while (lowest < slow_.size() && (slow_[lowest]->mask & term.support) == 0) ++lowest;
      if (lowest == slow_.size()) {
        for (std::uint64_t i = 0; i < block_; ++i) base_[i] += value(term, fixed_ | fast_bits_[i]);
      } else {
        by_digit_[lowest].push_back(&term);
      }
    }
  }

  std::uint64_t block() const { return block_; }

  /// Writes the sums of blocks begin … end-1.
  void write(std::uint64_t begin, std::uint64_t end, Sum* out) {
    const std::size_t depth = slow_.size();
    std::vector<std::uint64_t> at(depth, 0);
    // sums[k]: everything decided once the digits k and above are set; sums[depth] is the base.
    std::vector<std::vector<Sum>> sums(depth + 1, std::vector<Sum>(block_));
    sums[depth] = base_;
    std::vector<UInt128> bits(depth + 1, fixed_);
    std::uint64_t rest = begin;
    for (std::size_t k = 0; k < depth; ++k) {
      at[k] = rest % slow_[k]->size();
      rest /= slow_[k]->size();
    }
    std::size_t turned = depth;  // digits below this one have to be done anew
    for (std::uint64_t block = begin; block < end; ++block) {
      for (std::size_t k = turned; k-- > 0;) {
        bits[k] = bits[k + 1] | slow_[k]->members[at[k]];
        Sum* to = k == 0 ? out + block * block_ : sums[k].data();
        add_terms(by_digit_[k], bits[k], sums[k + 1].data(), to);
      }
      if (depth == 0) std::copy(base_.begin(), base_.end(), out);
      turned = 0;
      while (turned < depth && ++at[turned] == slow_[turned]->size()) at[turned++] = 0;
      turned = std::min(turned + 1, depth);
    }
  }

 private:
  Sum value(const ScoreTerm& term, UInt128 bits) const {
    return static_cast<Sum>(term.at(conflict_.pool(), State{bits}) / unit_);
  }

  void add_terms(const std::vector<const ScoreTerm*>& terms, UInt128 bits, const Sum* from,
                 Sum* to) {
    Sum constant = 0;
    for (const ScoreTerm* term : terms) {
      if ((term->support & fast_mask_) == 0) {
        constant += value(*term, bits);
        continue;
      }
      const std::vector<Sum>& part = over_block(*term, bits);
      if (part.size() == 1) {
        constant += part[0];
        continue;
      }
      add(to, from, part.data());
      from = to;
    }
    if (from != to || constant != 0) add_one(to, from, constant);
  }

  /// What a term adds to each state of a block where the slow digits stand as in `bits`; one entry
  /// where that is the same for all. Kept, since few settings of slow digits matter to a term.
  const std::vector<Sum>& over_block(const ScoreTerm& term, UInt128 bits) {
    auto& kept = kept_[&term];
    const UInt128 key = bits & term.support & ~fast_mask_;
    const auto it = kept.find(State{key});
    if (it != kept.end()) return it->second;
    constexpr std::size_t kMostKept = std::size_t{8} << 20;
    std::vector<Sum>* part = &spare_;
    if (kept_bytes_ < kMostKept) part = &kept[State{key}];
    part->resize(block_);
    bool same = true;
    const UInt128 relevant = term.support & fast_mask_;
    // Blocks repeat in the digits that the term does not depend on.
    for (std::uint64_t i = 0; i < block_; ++i) {
      const UInt128 mine = fast_bits_[i] & relevant;
      (*part)[i] = i > 0 && (fast_bits_[i - 1] & relevant) == mine
                       ? (*part)[i - 1]
                       : value(term, bits | fast_bits_[i]);
      same = same && (*part)[i] == (*part)[0];
    }
    if (same) part->resize(1);
    kept_bytes_ += part->size() * sizeof(Sum) + 64;
    return *part;
  }

  void add(Sum* to, const Sum* a, const Sum* b) const {
    if constexpr (sizeof(Sum) == 4) {
      kernels().add(to, a, b, block_);
    } else {
      for (std::uint64_t i = 0; i < block_; ++i) to[i] = a[i] + b[i];
    }
  }
  void add_one(Sum* to, const Sum* a, Sum c) const {
    if constexpr (sizeof(Sum) == 4) {
      kernels().add_one(to, a, c, block_);
    } else {
      for (std::uint64_t i = 0; i < block_; ++i) to[i] = a[i] + c;
    }
  }

  const Conflict& conflict_;
  std::int64_t unit_;
  std::vector<const StateDigit*> fast_;
  std::vector<const StateDigit*> slow_;
  UInt128 fixed_ = 0;
  UInt128 fast_mask_ = 0;
  std::uint64_t block_ = 1;
  std::vector<UInt128> fast_bits_;
  std::vector<Sum> base_;
  std::vector<std::vector<const ScoreTerm*>> by_digit_;
  std::unordered_map<const ScoreTerm*, std::unordered_map<State, std::vector<Sum>>> kept_;
  std::vector<Sum> spare_;
  std::size_t kept_bytes_ = 0;
};

template <class Sum>
void word_sums(const Conflict& conflict, const StateIndex& space,
               const std::vector<ScoreTerm>& terms, std::int64_t unit, std::int64_t least,
               const Tasks& tasks, Sum* out) {
  const WordSums<Sum> shape(conflict, space, terms, unit, least);
  const std::uint64_t blocks = space.size() / shape.block();
  const std::uint64_t per_task =
      std::max<std::uint64_t>(kTaskStates / shape.block(), (blocks + 63) / 64);
  std::vector<WordSums<Sum>> of_worker(tasks.threads(), shape);
  tasks.run((blocks + per_task - 1) / per_task, [&](std::size_t i, std::size_t worker) {
    of_worker[worker].write(i * per_task, std::min(blocks, (i + 1) * per_task), out);
  });
}

/// Stretches of states as tasks.
template <class Body>
void stretches(const Tasks& tasks, std::uint64_t n, const Body& body) {
  const std::uint64_t size = std::max<std::uint64_t>(kTaskStates, (n + 255) / 256);
  tasks.run((n + size - 1) / size,
            [&](std::size_t i, std::size_t) { body(i * size, std::min(n, (i + 1) * size)); });
}

/// Replaces values below `range` by their place among the values that occur: a bit for each value.
/// `at(i)` reads, `out[i]` is written. Returns how many occur.
template <class At>
std::uint32_t dense_by_bits(const Tasks& tasks, std::uint64_t n, std::uint64_t range, const At& at,
                            std::uint32_t* out) {
  std::vector<std::uint64_t> bits(range / 64 + 1, 0);
  stretches(tasks, n, [&](std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t i = begin; i < end; ++i) {
      const std::uint64_t v = at(i);
      std::atomic_ref<std::uint64_t> word(bits[v >> 6]);
      const std::uint64_t bit = std::uint64_t{1} << (v & 63);
      if ((word.load(std::memory_order_relaxed) & bit) == 0)
        word.fetch_or(bit, std::memory_order_relaxed);
    }
  });
  constexpr std::uint64_t kTable = 1u << 18;  // small enough for the cache
  std::uint32_t count = 0;
  if (range <= kTable) {
    std::vector<std::uint32_t> place(range + 64, 0);
    for (std::uint64_t v = 0; v < range; ++v) {
      place[v] = count;
      count += static_cast<std::uint32_t>((bits[v >> 6] >> (v & 63)) & 1u);
    }
    if (count == range) {  // every value occurs
      stretches(tasks, n, [&](std::uint64_t begin, std::uint64_t end) {
        for (std::uint64_t i = begin; i < end; ++i) out[i] = static_cast<std::uint32_t>(at(i));
      });
      return count;
    }
    stretches(tasks, n, [&](std::uint64_t begin, std::uint64_t end) {
      for (std::uint64_t i = begin; i < end; ++i) out[i] = place[at(i)];
    });
    return count;
  }
  std::vector<std::uint32_t> before(bits.size());
  for (std::size_t w = 0; w < bits.size(); ++w) {
    before[w] = count;
    count += static_cast<std::uint32_t>(std::popcount(bits[w]));
  }
  stretches(tasks, n, [&](std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t i = begin; i < end; ++i) {
      const std::uint64_t v = at(i);
      const std::uint64_t below = bits[v >> 6] & ((std::uint64_t{1} << (v & 63)) - 1);
      out[i] = before[v >> 6] + static_cast<std::uint32_t>(std::popcount(below));
    }
  });
  return count;
}

/// The distinct keys met, open addressing.
struct Distinct {
  std::vector<std::uint64_t> keys;
  std::vector<std::uint32_t> values;
  std::size_t size = 0;
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};  // no score reaches this
  explicit Distinct(std::size_t slots) : keys(slots, kFree), values(slots, 0) {}
  std::size_t slot(std::uint64_t key) const {
    std::size_t i = hash_bits(key) & (keys.size() - 1);
    while (keys[i] != key && keys[i] != kFree) i = (i + 1) & (keys.size() - 1);
    return i;
  }
  void add(std::uint64_t key) {
    const std::size_t i = slot(key);
    if (keys[i] == key) return;
    keys[i] = key;
    if (2 * ++size < keys.size()) return;
    Distinct larger(4 * keys.size());
    for (const std::uint64_t k : keys)
      if (k != kFree) larger.keys[larger.slot(k)] = k;
    larger.size = size;
    *this = std::move(larger);
  }
};

/// The same for values of any size: the distinct ones are collected and sorted.
template <class At>
std::uint32_t dense_by_sorting(const Tasks& tasks, std::uint64_t n, const At& at,
                               std::uint32_t* out) {
  std::vector<Distinct> found(tasks.threads(), Distinct(1024));
  const std::uint64_t size = std::max<std::uint64_t>(kTaskStates, (n + 255) / 256);
  tasks.run((n + size - 1) / size, [&](std::size_t i, std::size_t worker) {
    std::uint64_t last = Distinct::kFree;
    for (std::uint64_t s = i * size; s < std::min(n, (i + 1) * size); ++s) {
      const std::uint64_t v = at(s);
      if (v != last) found[worker].add(v);
      last = v;
    }
  });
  std::vector<std::uint64_t> distinct;
  for (const Distinct& table : found)
    for (const std::uint64_t k : table.keys)
      if (k != Distinct::kFree) distinct.push_back(k);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  Distinct place(std::bit_ceil(2 * distinct.size() + 2));
  for (std::size_t k = 0; k < distinct.size(); ++k) {
    const std::size_t i = place.slot(distinct[k]);
    place.keys[i] = distinct[k];
    place.values[i] = static_cast<std::uint32_t>(k);
  }
  stretches(tasks, n, [&](std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t i = begin; i < end; ++i) out[i] = place.values[place.slot(at(i))];
  });
  return static_cast<std::uint32_t>(distinct.size());
}

constexpr std::uint64_t kMostBits = std::uint64_t{1} << 28;

/// Refines classes by one word more.
std::uint32_t refine(const Tasks& tasks, std::uint64_t n, std::uint32_t classes,
                     const std::uint32_t* word, std::uint32_t word_classes, std::uint32_t* out) {
  const std::uint64_t range = std::uint64_t{classes} * word_classes;
  const auto at = [&](std::uint64_t i) { return std::uint64_t{out[i]} * word_classes + word[i]; };
  return range <= kMostBits ? dense_by_bits(tasks, n, range, at, out)
                            : dense_by_sorting(tasks, n, at, out);
}

std::uint32_t word_classes(const Conflict& conflict, const StateIndex& space,
                           const std::vector<ScoreTerm>& terms, const Tasks& tasks,
                           std::uint32_t* out) {
  const std::uint64_t n = space.size();
  // Weights with a common factor have sums with that factor.
  std::int64_t unit = 0;
  for (const ScoreTerm& term : terms) {
    if (term.when) unit = std::gcd(unit, term.weight);
    for (const std::int64_t v : term.points) unit = std::gcd(unit, v);
  }
  if (unit == 0) return 1;  // nothing but zeros
  std::int64_t least = 0;
  std::int64_t most = 0;
  for (const ScoreTerm& term : terms) {
    least += term.least() / unit;
    most += term.most() / unit;
  }
  const auto range = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  if (range < std::numeric_limits<std::uint32_t>::max()) {
    word_sums<std::uint32_t>(conflict, space, terms, unit, least, tasks, out);
    const auto at = [out](std::uint64_t i) { return std::uint64_t{out[i]}; };
    return range < kMostBits ? dense_by_bits(tasks, n, range + 1, at, out)
                             : dense_by_sorting(tasks, n, at, out);
  }
  BigArray<std::uint64_t> sums(n);
  word_sums<std::uint64_t>(conflict, space, terms, unit, least, tasks, sums.data());
  return dense_by_sorting(
      tasks, n, [&sums](std::uint64_t i) { return sums[i]; }, out);
}

}  // namespace

std::uint32_t goodness(const Conflict& conflict, const StateIndex& space, PartyId p,
                       const Tasks& tasks, BigArray<std::uint32_t>& out) {
  const std::uint64_t n = space.size();
  out = BigArray<std::uint32_t>(n);
  const ScoreTerms terms = score_terms(conflict, p);
  if (terms.ranked != nullptr) {
    std::uint64_t most = 0;
    for (const auto& [state, place] : *terms.ranked)
      if (const auto i = space.find(state)) {
        out[*i] = static_cast<std::uint32_t>(place);
        most = std::max(most, static_cast<std::uint64_t>(place));
      }
    return dense_by_bits(
        tasks, n, most + 1, [&out](std::uint64_t i) { return std::uint64_t{out[i]}; }, out.data());
  }
  std::uint32_t classes = 1;
  BigArray<std::uint32_t> word;
  for (std::size_t w = 0; w < terms.words.size() && !tasks.stopped(); ++w) {
    if (w == 0) {
      classes = word_classes(conflict, space, terms.words[w], tasks, out.data());
      continue;
    }
    if (word.empty()) word = BigArray<std::uint32_t>(n);
    const std::uint32_t more = word_classes(conflict, space, terms.words[w], tasks, word.data());
    if (more > 1) classes = refine(tasks, n, classes, word.data(), more, out.data());
  }
  return classes;
}

}  // namespace wayout
