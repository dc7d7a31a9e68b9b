#include "wayout/stability/plain_sim.hpp"

#include <algorithm>

#include "wayout/stability/concept.hpp"

namespace wayout {
namespace {

using Goodness = std::vector<BigArray<std::uint32_t>>;
using Offsets = std::vector<std::int64_t>;

constexpr auto kSim = static_cast<std::uint8_t>(1u << static_cast<int>(Concept::Sim));

/// Per party: the least goodness in each box (one setting of its options in one part).
std::vector<std::vector<std::uint32_t>> box_minima(const PlainShape& shape,
                                                   const Goodness& goodness) {
  std::vector<std::vector<std::uint32_t>> out(shape.fields.size());
  for (std::size_t p = 0; p < shape.fields.size(); ++p) {
    const auto& f = shape.fields[p];
    out[p].assign(shape.parts * f.size, ~std::uint32_t{0});
    std::uint64_t i = 0;
    for (std::uint64_t part = 0; part < shape.parts; ++part)
      for (std::uint64_t outer = 0; outer < shape.part / (f.size * f.stride); ++outer)
        for (std::uint64_t k = 0; k < f.size; ++k) {
          std::uint32_t& least = out[p][part * f.size + k];
          for (std::uint64_t low = 0; low < f.stride; ++low, ++i)
            least = std::min(least, goodness[p][i]);
        }
  }
  return out;
}

/// What the parties would change at one state.
class Here {
 public:
  Here(const PlainShape& shape, const Goodness& goodness,
       const std::vector<std::vector<std::uint32_t>>& minima, std::uint64_t most)
      : shape_(shape),
        goodness_(goodness),
        minima_(minima),
        most_(most),
        improve_(shape.fields.size()),
        own_(shape.fields.size()) {}

  void stand(std::uint64_t s) {
    s_ = s;
    for (std::size_t q = 0; q < improve_.size(); ++q) {
      const auto& f = shape_.fields[q];
      improve_[q].clear();
      own_[q] = s / f.stride % f.size;
      const std::uint64_t base = s - own_[q] * f.stride;
      const std::uint32_t good = goodness_[q][s];
      for (std::uint64_t k = 0; k < f.size; ++k)
        if (goodness_[q][base + k * f.stride] > good)
          improve_[q].push_back(
              (static_cast<std::int64_t>(k) - static_cast<std::int64_t>(own_[q])) *
              static_cast<std::int64_t>(f.stride));
    }
  }

  enum class Found { Stable, Unstable, Open };

  Found judge(std::size_t p) {
    if (improve_[p].empty()) return Found::Stable;
    others_.clear();
    for (std::size_t q = 0; q < improve_.size(); ++q)
      if (q != p && !improve_[q].empty()) others_.push_back(&improve_[q]);
    if (others_.empty()) return Found::Unstable;
    const auto& f = shape_.fields[p];
    const std::uint32_t* least = minima_[p].data() + s_ / shape_.part * f.size;
    const std::uint32_t good = goodness_[p][s_];
    for (const std::int64_t own : improve_[p])
      if (least[static_cast<std::int64_t>(own_[p]) + own / static_cast<std::int64_t>(f.stride)] >
          good)
        return Found::Unstable;
    std::uint64_t left = most_;
    bool open = false;
    for (const std::int64_t own : improve_[p]) {
      const Found met =
          sanctioned(goodness_[p].data(), static_cast<std::int64_t>(s_) + own, good, left);
      if (met == Found::Unstable) return met;
      open = open || met == Found::Open;
    }
    return open ? Found::Open : Found::Stable;
  }

 private:
  /// Stable: some combination ends no better. The first of the others turns fastest.
  Found sanctioned(const std::uint32_t* goodness, std::int64_t from, std::uint32_t good,
                   std::uint64_t& left) {
    pick_.assign(others_.size(), 0);
    const Offsets& fast = *others_[0];
    bool all_stay = true;  // all but the fastest
    while (true) {
      std::int64_t at = from;
      for (std::size_t k = 1; k < pick_.size(); ++k)
        if (pick_[k] > 0) at += (*others_[k])[pick_[k] - 1];
      if (left < fast.size() + 1) return Found::Open;
      left -= fast.size() + 1;
      if (!all_stay && goodness[at] <= good) return Found::Stable;
      for (const std::int64_t offset : fast)
        if (goodness[at + offset] <= good) return Found::Stable;
      std::size_t k = 1;
      while (k < pick_.size() && ++pick_[k] > others_[k]->size()) pick_[k++] = 0;
      if (k == pick_.size()) return Found::Unstable;
      all_stay = false;
    }
  }

  const PlainShape& shape_;
  const Goodness& goodness_;
  const std::vector<std::vector<std::uint32_t>>& minima_;
  std::uint64_t most_;
  std::uint64_t s_ = 0;
  std::vector<Offsets> improve_;    ///< per party: offsets of its improvements
  std::vector<std::uint64_t> own_;  ///< per party: its setting
  std::vector<const Offsets*> others_;
  std::vector<std::size_t> pick_;  ///< per other: 0 stays, k takes its k-th improvement
};

}  // namespace

std::vector<std::pair<PartyId, std::uint64_t>> plain_sim(
    const PlainShape& shape, const Goodness& goodness, std::uint64_t most, const Tasks& tasks,
    std::vector<BigArray<std::uint8_t>>& stable) {
  constexpr std::uint64_t kStretch = 256;
  const std::uint64_t n = shape.part * shape.parts;
  const auto minima = box_minima(shape, goodness);
  std::vector<Here> here(tasks.threads(), Here(shape, goodness, minima, most));
  std::vector<std::vector<std::pair<PartyId, std::uint64_t>>> open(tasks.threads());
  tasks.run((n + kStretch - 1) / kStretch, [&](std::size_t task, std::size_t worker) {
    if (task % 64 == 0) tasks.tell("trying combinations", task * kStretch, n);
    for (std::uint64_t s = task * kStretch; s < std::min(n, (task + 1) * kStretch); ++s) {
      if (s % 16 == 0 && tasks.stopped()) return;
      here[worker].stand(s);
      for (std::size_t p = 0; p < stable.size(); ++p) {
        const Here::Found found = here[worker].judge(p);
        if (found == Here::Found::Stable) stable[p][s] |= kSim;
        if (found == Here::Found::Open) open[worker].emplace_back(PartyId(p), s);
      }
    }
  });
  std::vector<std::pair<PartyId, std::uint64_t>> out;
  for (const auto& of_worker : open) out.insert(out.end(), of_worker.begin(), of_worker.end());
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.index(), a.second) < std::pair(b.first.index(), b.second);
  });
  return out;
}

}  // namespace wayout
