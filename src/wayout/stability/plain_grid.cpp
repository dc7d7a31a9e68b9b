#include "wayout/stability/plain_grid.hpp"

#include <bit>
#include <numeric>

#include "wayout/stability/concept.hpp"
#include "wayout/stability/kernels.hpp"
#include "wayout/stability/plain_settle.hpp"

namespace wayout {
namespace {

constexpr std::uint8_t bit(Concept c) {
  return static_cast<std::uint8_t>(1u << static_cast<int>(c));
}

constexpr std::uint64_t kMostRow = 1u << 16;

using Goodness = std::vector<BigArray<std::uint32_t>>;

const std::int32_t* signed_data(const BigArray<std::uint32_t>& a) {
  return reinterpret_cast<const std::int32_t*>(a.data());  // classes fit in 31 bits
}

/// Places in rows of every party that has options: for each state how many of its row the party
/// likes less.
template <class Place>
BigArray<Place> row_places(const PlainShape& shape, std::size_t p,
                           const BigArray<std::uint32_t>& goodness, const Tasks& tasks) {
  const auto& f = shape.fields[p];
  const std::uint64_t n = goodness.size();
  BigArray<Place> out(n);
  const std::uint64_t outer = n / (f.size * f.stride);
  const std::int32_t* r = signed_data(goodness);
  constexpr std::uint64_t kLanes = 16;
  const std::uint64_t chunks = (f.stride + kLanes - 1) / kLanes;
  const std::uint64_t units = outer * chunks;
  const std::uint64_t per_task = std::max<std::uint64_t>(
      1, std::max<std::uint64_t>((1u << 15) / (f.size * kLanes), units / 256));
  tasks.run((units + per_task - 1) / per_task, [&](std::size_t task, std::size_t) {
    std::vector<std::uint32_t> order;
    std::vector<std::int32_t> lanes;
    std::vector<std::uint8_t> lane_places;
    for (std::uint64_t u = task * per_task; u < std::min(units, (task + 1) * per_task); ++u) {
      if constexpr (sizeof(Place) == 1) {
        if (f.stride == 1) {
          // Rows are stretches: sixteen of them are laid side by side.
          lanes.resize(f.size * kLanes);
          lane_places.resize(f.size * kLanes);
          const std::uint64_t rows =
              std::min<std::uint64_t>({kLanes, outer - u, (task + 1) * per_task - u});
          for (std::uint64_t row = 0; row < rows; ++row)
            for (std::uint64_t k = 0; k < f.size; ++k)
              lanes[k * kLanes + row] = r[(u + row) * f.size + k];
          kernels().places(lanes.data(), lane_places.data(), f.size, kLanes, rows);
          for (std::uint64_t row = 0; row < rows; ++row)
            for (std::uint64_t k = 0; k < f.size; ++k)
              out[(u + row) * f.size + k] = lane_places[k * kLanes + row];
          u += rows - 1;
          continue;
        }
        const std::uint64_t lane = u % chunks * kLanes;
        const std::uint64_t at = u / chunks * (f.size * f.stride) + lane;
        kernels().places(r + at, out.data() + at, f.size, f.stride,
                         std::min(kLanes, f.stride - lane));
      } else {
        const std::uint64_t lane = u % chunks * kLanes;
        for (std::uint64_t l = lane; l < std::min(f.stride, lane + kLanes); ++l) {
          const std::uint64_t at = u / chunks * (f.size * f.stride) + l;
          order.resize(f.size);
          std::iota(order.begin(), order.end(), 0u);
          std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return r[at + a * f.stride] < r[at + b * f.stride];
          });
          std::uint32_t below = 0;
          for (std::uint32_t i = 0; i < f.size; ++i) {
            if (i > 0 && r[at + order[i] * f.stride] != r[at + order[i - 1] * f.stride]) below = i;
            out[at + order[i] * f.stride] = static_cast<Place>(below);
          }
        }
      }
    }
  });
  return out;
}

/// What p can reach and be brought to by plain moves, over one part of the space.
struct Bounds {
  std::vector<std::int32_t> best;  ///< e: per setting of the others, the best of p's row
  std::int32_t worst_of_best = 0;  ///< min of e: what SMR compares with
  std::int32_t best_of_worst = 0;  ///< max over p's settings of the box minimum: GMR
};

Bounds bounds(const PlainShape& shape, std::size_t p, const std::int32_t* r, const Tasks& tasks) {
  const auto& f = shape.fields[p];
  const std::uint64_t others = shape.part / f.size;
  Bounds out;
  out.best.assign(others, -1);
  std::vector<std::vector<std::int32_t>> worst(tasks.threads(),
                                               std::vector<std::int32_t>(f.size, INT32_MAX));
  const std::uint64_t outer = others / f.stride;
  // Stretches of the lower digits are cut, so that there are tasks enough.
  const std::uint64_t width = std::min<std::uint64_t>(f.stride, 4096);
  const std::uint64_t cuts = (f.stride + width - 1) / width;
  const std::uint64_t units = outer * cuts;
  const std::uint64_t per_task =
      std::max<std::uint64_t>(1, std::max((1u << 16) / (f.size * width), units / 256));
  tasks.run((units + per_task - 1) / per_task, [&](std::size_t task, std::size_t worker) {
    const Kernels& kernel = kernels();
    std::vector<std::int32_t>& low = worst[worker];
    for (std::uint64_t u = task * per_task; u < std::min(units, (task + 1) * per_task); ++u) {
      const std::uint64_t hi = u / cuts;
      const std::uint64_t lo = u % cuts * width;
      const std::uint64_t n = std::min(width, f.stride - lo);
      const std::int32_t* row = r + hi * f.stride * f.size + lo;
      std::int32_t* best = out.best.data() + hi * f.stride + lo;
      if (f.stride == 1) {
        best[0] = kernel.most(row, f.size);
        kernel.lower(low.data(), row, f.size);
        continue;
      }
      for (std::uint64_t a = 0; a < f.size; ++a) {
        kernel.raise(best, row + a * f.stride, n);
        low[a] = std::min(low[a], kernel.least(row + a * f.stride, n));
      }
    }
  });
  for (std::size_t w = 1; w < worst.size(); ++w)
    kernels().lower(worst[0].data(), worst[w].data(), f.size);
  out.best_of_worst = *std::max_element(worst[0].begin(), worst[0].end());
  out.worst_of_best = kernels().least(out.best.data(), others);
  return out;
}

/// SEQ and SSEQ of one party over one part: per setting of the others the bound that a state's
/// goodness is compared with.
template <class Word, class Place>
class Improvements {
 public:
  using Settle = PlainSettle<Word, Place>;

  Improvements(const PlainShape& shape, std::size_t p, std::uint8_t asked, const Tasks& tasks)
      : shape_(shape),
        p_(p),
        tasks_(tasks),
        seq_((asked & bit(Concept::Seq)) != 0),
        sseq_((asked & bit(Concept::Sseq)) != 0) {
    int shift = 0;
    std::uint64_t stride = 1;
    for (std::size_t j = 0; j < shape.fields.size(); ++j) {
      if (j == p || shape.fields[j].size == 1) continue;
      const auto size = static_cast<std::uint32_t>(shape.fields[j].size);
      const int width = std::bit_width(size - 1);
      box_.fields.push_back({shift, width, size});
      movers_.push_back(j);
      dense_ = dense_ && std::has_single_bit(size);
      shift += width;
      stride *= size;
    }
    box_.padded = 1u << shift;
    count_ = static_cast<std::uint32_t>(stride);
    if (!dense_) {
      padded_.resize(count_);
      for (std::uint32_t y = 0; y < count_; ++y) {
        std::uint32_t rest = y;
        for (const auto& f : box_.fields) {
          padded_[y] |= (rest % f.size) << f.shift;
          rest /= f.size;
        }
      }
    }
  }

  /// `r` and `best` as in Bounds; `places` per opponent, at the part's first state.
  void run(const std::int32_t* r, const std::vector<std::int32_t>& best,
           const std::vector<const Place*>& places, std::vector<std::int32_t>& seq,
           std::vector<std::int32_t>& sseq) {
    if (sseq_) {
      // e is the same in every box.
      by_best_.resize(count_);
      best_sorted_.resize(count_);
      for (std::uint32_t y = 0; y < count_; ++y) {
        by_best_[y] = padded(y);
        best_sorted_[y] = static_cast<std::uint32_t>(best[y]);
      }
      KeySort().sort(best_sorted_.data(), by_best_.data(), count_);
    }
    if (workers_.empty()) workers_.resize(std::min<std::size_t>(tasks_.threads(), field().size));
    for (Worker& w : workers_) {
      w.used = false;
      if (seq_) w.seq.assign(box_.padded, -1);
      if (sseq_) w.sseq.assign(box_.padded, -1);
    }
    tasks_.run(field().size, [&](std::size_t a, std::size_t worker) {
      switch (movers_.size()) {
        case 0:
          box<0>(a, r, places, workers_[worker]);
          break;
        case 1:
          box<1>(a, r, places, workers_[worker]);
          break;
        case 2:
          box<2>(a, r, places, workers_[worker]);
          break;
        case 3:
          box<3>(a, r, places, workers_[worker]);
          break;
        case 4:
          box<4>(a, r, places, workers_[worker]);
          break;
        case 5:
          box<5>(a, r, places, workers_[worker]);
          break;
        case 6:
          box<6>(a, r, places, workers_[worker]);
          break;
        case 7:
          box<7>(a, r, places, workers_[worker]);
          break;
        default:
          box<8>(a, r, places, workers_[worker]);
          break;
      }
    });
    for (std::size_t w = 1; w < workers_.size(); ++w) {
      if (!workers_[w].used) continue;
      if (seq_) kernels().raise(workers_[0].seq.data(), workers_[w].seq.data(), box_.padded);
      if (sseq_) kernels().raise(workers_[0].sseq.data(), workers_[w].sseq.data(), box_.padded);
    }
    if (seq_) {
      seq.resize(count_);
      for (std::uint32_t y = 0; y < count_; ++y) seq[y] = workers_[0].seq[padded(y)];
    }
    if (sseq_) {
      sseq.resize(count_);
      for (std::uint32_t y = 0; y < count_; ++y) sseq[y] = workers_[0].sseq[padded(y)];
    }
  }

  const std::vector<std::size_t>& movers() const { return movers_; }

 private:
  struct Worker {
    Settle settle;
    KeySort sort;
    std::vector<std::uint32_t> keys;
    std::vector<std::uint32_t> order;
    std::vector<std::int32_t> seq;
    std::vector<std::int32_t> sseq;
    bool used = false;
    bool shaped = false;
  };

  const PlainShape::Field& field() const { return shape_.fields[p_]; }
  std::uint32_t padded(std::uint32_t y) const { return dense_ ? y : padded_[y]; }

  /// Calls body(y, x) for stretches of the box of p's setting a: y in the box, x in the part.
  template <class Body>
  void stretches(std::uint64_t a, const Body& body) const {
    const std::uint64_t stride = field().stride;
    for (std::uint64_t hi = 0; hi < count_ / stride; ++hi)
      body(hi * stride, hi * stride * field().size + a * stride, stride);
  }

  template <std::size_t J>
  void box(std::uint64_t a, const std::int32_t* r, const std::vector<const Place*>& places,
           Worker& w) {
    w.used = true;
    if (!w.shaped) {
      w.settle.shape(box_);
      w.shaped = true;
    }
    auto& cells = w.settle.cells;
    if (seq_) w.keys.resize(count_);
    stretches(a, [&](std::uint64_t y0, std::uint64_t x0, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto y = static_cast<std::uint32_t>(y0 + i);
        Word packed = 0;
        for (std::size_t j = 0; j < J; ++j)
          packed |= Word{places[j][x0 + i]} << (Settle::kBits * j);
        cells[padded(y)] = {packed, r[x0 + i]};
        if (seq_) w.keys[y] = static_cast<std::uint32_t>(r[x0 + i]);
      }
    });
    w.settle.sort_rows([&](const auto& each) {
      for (std::uint32_t y = 0; y < count_; ++y) each(padded(y));
    });
    if (seq_) {
      w.order.resize(count_);
      for (std::uint32_t y = 0; y < count_; ++y) w.order[y] = padded(y);
      w.sort.sort(w.keys.data(), w.order.data(), count_);
      std::int32_t* const seq = w.seq.data();
      const std::uint32_t* const keys = w.keys.data();
      w.settle.template settle<J>(w.order.data(), count_,
                                  [seq, keys](std::uint32_t z, const auto&, std::uint32_t first) {
                                    const auto value = static_cast<std::int32_t>(keys[first]);
                                    if (value > seq[z]) seq[z] = value;
                                  });
    }
    if (sseq_) {
      std::int32_t* const sseq = w.sseq.data();
      const std::uint32_t* const keys = best_sorted_.data();
      // An improvement to s1 counts for as much as s1 and what it can be brought to: min(r, c).
      w.settle.template settle<J>(
          by_best_.data(), count_,
          [sseq, keys](std::uint32_t z, const auto& cell, std::uint32_t first) {
            const std::int32_t value =
                std::min(static_cast<std::int32_t>(keys[first]), cell.goodness);
            if (value > sseq[z]) sseq[z] = value;
          });
    }
  }

  const PlainShape& shape_;
  std::size_t p_;
  const Tasks& tasks_;
  bool seq_;
  bool sseq_;
  bool dense_ = true;
  BoxFields box_;
  std::vector<std::size_t> movers_;  ///< the party of each field of the box
  std::uint32_t count_ = 1;
  std::vector<std::uint32_t> padded_;  ///< state of the box → bits; empty where they are the same
  std::vector<std::uint32_t> by_best_;
  std::vector<std::uint32_t> best_sorted_;
  std::vector<Worker> workers_;
};

/// Writes the verdicts of p over one part.
void write(const PlainShape& shape, std::size_t p, const std::int32_t* r, const Bounds& bound,
           const std::vector<std::int32_t>& seq, const std::vector<std::int32_t>& sseq,
           std::uint8_t asked, const Tasks& tasks, std::uint8_t* out) {
  const auto& f = shape.fields[p];
  const std::uint64_t runs = f.stride == 1 ? shape.part / f.size : shape.part / f.stride;
  const std::uint64_t size = f.stride == 1 ? f.size : f.stride;
  const std::uint64_t per_task = std::max<std::uint64_t>((1u << 16) / size, (runs + 255) / 256);
  tasks.run((runs + per_task - 1) / per_task, [&](std::size_t task, std::size_t) {
    const Kernels& kernel = kernels();
    for (std::uint64_t u = task * per_task; u < std::min(runs, (task + 1) * per_task); ++u) {
      const std::uint64_t y = f.stride == 1 ? u : u / f.size * f.stride;
      VerdictRun run;
      run.goodness = r + u * size;
      run.best = bound.best.data() + y;
      run.seq = seq.empty() ? nullptr : seq.data() + y;
      run.sseq = sseq.empty() ? nullptr : sseq.data() + y;
      run.gmr = bound.best_of_worst;
      run.smr = bound.worst_of_best;
      run.step = f.stride == 1 ? 0 : 1;
      run.asked = asked;
      kernel.verdict_run(run, out + u * size, size);
    }
  });
}

template <class Word, class Place>
std::size_t all_parties(const PlainShape& shape, const Goodness& goodness, std::uint8_t asked,
                        const Tasks& tasks, std::vector<BigArray<std::uint8_t>>& stable) {
  const std::size_t parties = shape.fields.size();
  const bool improvements = (asked & (bit(Concept::Seq) | bit(Concept::Sseq))) != 0;
  std::vector<BigArray<Place>> places(parties);
  for (std::size_t p = 0; p < parties && improvements; ++p) {
    tasks.tell("sorting the rows of every party", p, parties);
    if (shape.fields[p].size > 1) places[p] = row_places<Place>(shape, p, goodness[p], tasks);
  }
  for (std::size_t p = 0; p < parties; ++p) {
    tasks.tell("judging every state", p, parties);
    if (tasks.stopped()) return p;
    stable[p] = BigArray<std::uint8_t>(goodness[p].size());
    std::optional<Improvements<Word, Place>> improve;
    if (improvements) improve.emplace(shape, p, asked, tasks);
    for (std::uint64_t part = 0; part < shape.parts && !tasks.stopped(); ++part) {
      const std::uint64_t at = part * shape.part;
      const std::int32_t* r = signed_data(goodness[p]) + at;
      const Bounds bound = bounds(shape, p, r, tasks);
      std::vector<std::int32_t> seq;
      std::vector<std::int32_t> sseq;
      if (improve) {
        std::vector<const Place*> of_movers;
        for (const std::size_t j : improve->movers()) of_movers.push_back(places[j].data() + at);
        improve->run(r, bound.best, of_movers, seq, sseq);
      }
      write(shape, p, r, bound, seq, sseq, asked, tasks, stable[p].data() + at);
    }
    if (tasks.stopped()) return p;
  }
  return parties;
}

}  // namespace

namespace {

struct Widest {
  std::uint64_t row = 1;
  std::size_t opponents = 0;  ///< with options, at most, of any party
};

Widest widest(const PlainShape& shape) {
  Widest out;
  std::size_t idle = 0;
  for (const auto& f : shape.fields) {
    out.row = std::max(out.row, f.size);
    (f.size > 1 ? out.opponents : idle) += 1;
  }
  if (idle == 0) --out.opponents;
  return out;
}

}  // namespace

std::optional<PlainShape> plain_shape(const Conflict& conflict, const StateIndex& space) {
  if (conflict.graph_form() || !space.plain() || space.size() == 0) return std::nullopt;
  PlainShape out;
  out.fields.resize(conflict.party_count());
  std::vector<PartyMask> movers(conflict.option_count(), 0);
  for (const MoverId m : conflict.movers()) {
    const MoverInfo& info = conflict.mover(m);
    if (!info.forbids.empty()) return std::nullopt;
    for (const Digit& d : info.digits) {
      bool moves = false;
      for (const StateDigit& digit : space.digits())
        moves = moves || (digit.options[0] == d.option && digit.size() > 1);
      if (!moves) continue;
      if (info.track || d.change != Change::Any) return std::nullopt;
      movers[d.option.index()] |= PartyMask{1} << m.index();
    }
  }
  for (const StateDigit& digit : space.digits()) {
    if (digit.size() == 1) continue;
    const PartyMask mask = movers[digit.options[0].index()];
    if (mask == 0) {
      out.parts *= digit.size();
      continue;
    }
    if (!std::has_single_bit(mask) || out.parts > 1) return std::nullopt;
    auto& field = out.fields[static_cast<std::size_t>(std::countr_zero(mask))];
    if (field.size == 1) field.stride = digit.stride;
    if (field.size * field.stride != digit.stride) return std::nullopt;
    field.size *= digit.size();
    out.part *= digit.size();
  }
  int bits = 0;
  for (auto& field : out.fields) {
    if (field.size == 1) field.stride = out.part;
    bits += std::bit_width(field.size - 1);
  }
  const Widest w = widest(out);
  if (w.row > kMostRow || bits > 31 || w.opponents > (w.row <= 256 ? 8u : 4u)) return std::nullopt;
  return out;
}

std::uint64_t plain_bytes(const PlainShape& shape, std::size_t threads, bool improvements) {
  std::uint64_t most = 0;
  std::uint64_t places = 0;
  for (const auto& f : shape.fields) {
    const std::uint64_t box = shape.part / f.size;
    std::uint64_t padded = 1;
    for (const auto& other : shape.fields)
      if (&other != &f) padded *= std::bit_ceil(other.size);
    const std::uint64_t at_once = std::min<std::uint64_t>(threads, f.size);
    // Cells, stack, orders, sorting and bounds of each worker; bounds of the party.
    std::uint64_t bytes = box * 4;
    if (improvements)
      bytes += at_once * padded * (16 + 4 + 2 * shape.fields.size() + 4 * 4 + 8) + box * 24;
    most = std::max(most, bytes);
    if (improvements && f.size > 1) places += shape.part * shape.parts * (f.size <= 256 ? 1 : 2);
  }
  return most + places;
}

std::size_t plain_verdicts(const PlainShape& shape, const Goodness& goodness, std::uint8_t asked,
                           const Tasks& tasks, std::vector<BigArray<std::uint8_t>>& stable) {
  const Widest w = widest(shape);
  // A place is below the size of the row, so a byte holds those of rows of 256.
  if (w.row > 256)
    return all_parties<std::uint64_t, std::uint16_t>(shape, goodness, asked, tasks, stable);
  if (w.opponents <= 4)
    return all_parties<std::uint32_t, std::uint8_t>(shape, goodness, asked, tasks, stable);
  return all_parties<std::uint64_t, std::uint8_t>(shape, goodness, asked, tasks, stable);
}

}  // namespace wayout
