#include "wayout/stability/like_boxes.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "wayout/model/score_terms.hpp"

namespace wayout {
namespace {

/// The options that matter to what the movers do beside those they change themselves.
UInt128 looked_at(const Conflict& conflict, std::span<const MoverId> movers) {
  UInt128 out = 0;
  for (const MoverId m : movers) {
    const MoverInfo& info = conflict.mover(m);
    if (info.link) out |= conflict.pool().support(*info.link);
    for (const PartyId p : conflict.parties()) {
      if (!contains(info.members, p)) continue;
      const ScoreTerms terms = score_terms(conflict, p);
      if (terms.ranked != nullptr) return ~UInt128{0};
      for (const auto& word : terms.words)
        for (const ScoreTerm& term : word)
          if ((term.support & info.digit_mask) != 0) out |= term.support;
    }
  }
  return out;
}

}  // namespace

LikeBoxes::LikeBoxes(const Conflict& conflict, const StateIndex& space, const BoxCut& cut,
                     std::span<const MoverId> movers) {
  UInt128 changeable = 0;
  for (const MoverId m : movers) changeable |= conflict.mover(m).digit_mask;
  const UInt128 matter = looked_at(conflict, movers) & ~changeable;
  // Groups of each digit with the same states and the same of what matters.
  std::vector<std::vector<std::uint32_t>> kinds;
  std::vector<std::uint64_t> kind_count;
  for (const BoxCut::Digit& d : cut.digits()) {
    std::map<std::vector<UInt128>, std::uint32_t> kind_of;
    kinds.emplace_back();
    for (std::size_t g = 0; g < d.groups(); ++g) {
      std::vector<UInt128> key{d.digit->members[d.members[d.begin[g]]] & matter};
      for (std::uint32_t i = d.begin[g]; i < d.begin[g + 1]; ++i)
        key.push_back(d.digit->members[d.members[i]] & changeable);
      const auto next = static_cast<std::uint32_t>(kind_of.size());
      kinds.back().push_back(kind_of.emplace(std::move(key), next).first->second);
    }
    kind_count.push_back(kind_of.size());
  }
  const std::uint64_t count = cut.boxes();
  std::vector<std::uint64_t> kind(count);
  std::vector<std::uint32_t> groups;
  for (std::uint64_t box = 0; box < count; ++box) {
    cut.groups(box, groups);
    for (std::size_t d = groups.size(); d-- > 0;)
      kind[box] = kind[box] * kind_count[d] + kinds[d][groups[d]];
  }
  boxes_.resize(count);
  std::iota(boxes_.begin(), boxes_.end(), std::uint64_t{0});
  std::stable_sort(boxes_.begin(), boxes_.end(),
                   [&](std::uint64_t a, std::uint64_t b) { return kind[a] < kind[b]; });
  alike_.resize(count, false);
  const std::uint64_t states =
      std::max<std::uint64_t>(space.size() / std::max<std::uint64_t>(count, 1), 1);
  const std::uint64_t few = std::max<std::uint64_t>((1u << 14) / states, 1);
  const std::uint64_t many = std::max<std::uint64_t>({16 * few, count / 64, 1});
  begin_.push_back(0);
  for (std::size_t i = 1; i < count; ++i) {
    const bool alike = kind[boxes_[i]] == kind[boxes_[i - 1]];
    const std::size_t length = i - begin_.back();
    if ((!alike && length >= few) || length >= many) {
      begin_.push_back(i);
    } else {
      alike_[i] = alike;
    }
  }
  if (count > 0) begin_.push_back(count);
}

void LikeBoxes::run(std::size_t task, const std::function<void(std::uint64_t, bool)>& body) const {
  for (std::size_t i = begin_[task]; i < begin_[task + 1]; ++i) body(boxes_[i], alike_[i]);
}

}  // namespace wayout
