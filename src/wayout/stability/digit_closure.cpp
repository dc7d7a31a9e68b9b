#include "wayout/stability/digit_closure.hpp"

#include <algorithm>

#include "wayout/stability/kernels.hpp"

namespace wayout {
namespace {

constexpr std::uint64_t kLowBlock = 4096;
constexpr std::uint64_t kLanes = 16;  // fewer are laid side by side first

/// Strongly connected sets, those that lead nowhere else first (Tarjan). `edges` by node.
class Components {
 public:
  explicit Components(const std::vector<std::vector<std::uint32_t>>& edges)
      : set_of(edges.size(), kNone), edges_(edges), low_(edges.size(), 0) {
    for (std::uint32_t v = 0; v < edges.size(); ++v)
      if (low_[v] == 0) visit(v);
  }
  std::vector<std::vector<std::uint32_t>> sets;
  std::vector<std::uint32_t> set_of;

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  void visit(std::uint32_t root) {
    struct Frame {
      std::uint32_t node;
      std::uint32_t edge;
      std::uint32_t number;
    };
    std::vector<Frame> frames{{root, 0, ++count_}};
    low_[root] = count_;
    stack_.push_back(root);
    while (!frames.empty()) {
      Frame& f = frames.back();
      if (f.edge < edges_[f.node].size()) {
        const std::uint32_t to = edges_[f.node][f.edge++];
        if (low_[to] == 0) {
          low_[to] = ++count_;
          stack_.push_back(to);
          frames.push_back({to, 0, count_});
        } else if (set_of[to] == kNone) {
          low_[f.node] = std::min(low_[f.node], low_[to]);
        }
        continue;
      }
      const Frame done = f;
      frames.pop_back();
      if (!frames.empty())
        low_[frames.back().node] = std::min(low_[frames.back().node], low_[done.node]);
      if (low_[done.node] != done.number) continue;
      sets.emplace_back();
      std::uint32_t v = 0;
      do {
        v = stack_.back();
        stack_.pop_back();
        set_of[v] = static_cast<std::uint32_t>(sets.size() - 1);
        sets.back().push_back(v);
      } while (v != done.node);
    }
  }

  const std::vector<std::vector<std::uint32_t>>& edges_;
  std::vector<std::uint32_t> low_;
  std::vector<std::uint32_t> stack_;
  std::uint32_t count_ = 0;
};

}  // namespace

void DigitClosure::add_group(Order& order, const BoxCut::Digit& digit, std::size_t d, std::size_t g,
                             const std::vector<ClosureMover>& movers) {
  const std::uint32_t begin = digit.begin[g];
  const std::uint32_t size = digit.begin[g + 1] - begin;
  if (size == 1) return;
  // Nodes: the members of the group, then the classes of each mover.
  std::vector<std::vector<std::uint32_t>> edges(size);
  for (const ClosureMover& m : movers) {
    const ClassGroup& group = (*m.classes)[d][g];
    if (group.count == size && !group.ordered) continue;
    const auto first = static_cast<std::uint32_t>(edges.size());
    edges.resize(first + group.count);
    const std::vector<bool>* link = m.link != nullptr && m.link_digit == d ? m.link : nullptr;
    for (std::uint32_t i = 0; i < size; ++i) {
      edges[i].push_back(first + group.class_of[i]);
      if (link == nullptr || (*link)[digit.members[begin + i]])
        edges[first + group.class_of[i]].push_back(i);
    }
    if (!group.ordered) continue;
    for (std::uint32_t t = 0; t < group.count; ++t)
      for (std::uint32_t i = group.cover_begin[t]; i < group.cover_begin[t + 1]; ++i)
        edges[first + group.covers[i]].push_back(first + t);
  }
  if (edges.size() == size) return;
  const Components components(edges);
  std::uint32_t spare = 0;
  std::vector<std::uint32_t> row(components.sets.size());
  std::vector<std::uint32_t> next;
  const std::size_t before = order.sets.size();
  for (std::size_t s = 0; s < components.sets.size(); ++s) {
    Set out{};
    out.begin = static_cast<std::uint32_t>(order.members.size());
    next.clear();
    for (const std::uint32_t v : components.sets[s]) {
      if (v < size) order.members.push_back(digit.members[begin + v]);
      for (const std::uint32_t to : edges[v])
        if (components.set_of[to] != s) next.push_back(row[components.set_of[to]]);
    }
    out.end = static_cast<std::uint32_t>(order.members.size());
    std::sort(order.members.begin() + out.begin, order.members.end());
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    out.row = out.end > out.begin ? order.members[out.begin]
                                  : static_cast<std::uint32_t>(order.size) + spare++;
    row[s] = out.row;
    out.next_begin = static_cast<std::uint32_t>(order.next.size());
    order.next.insert(order.next.end(), next.begin(), next.end());
    out.next_end = static_cast<std::uint32_t>(order.next.size());
    // A state by itself that leads nowhere keeps its value.
    if (out.end - out.begin == 1 && next.empty()) continue;
    order.sets.push_back(out);
  }
  if (order.sets.size() > before)
    order.groups.push_back(static_cast<std::uint32_t>(order.sets.size()));
  order.spare = std::max(order.spare, spare);
}

DigitClosure::DigitClosure(const BoxCut& cut, const std::vector<ClosureMover>& movers,
                           std::uint64_t states)
    : states_(states) {
  for (std::size_t d = 0; d < cut.digits().size(); ++d) {
    const BoxCut::Digit& digit = cut.digits()[d];
    Order order;
    order.size = digit.digit->size();
    order.stride = digit.digit->stride;
    order.groups.push_back(0);
    for (std::size_t g = 0; g < digit.groups(); ++g) add_group(order, digit, d, g, movers);
    if (order.sets.empty()) continue;
    order.pair = order.size == 2 && order.sets.size() == 1 && order.members.size() == 2 &&
                 order.sets[0].end - order.sets[0].begin == 2;
    const std::uint64_t block = order.size * order.stride;
    if (block <= kLowBlock) {
      block_ = std::max(block_, block);
      low_.push_back(std::move(order));
    } else {
      high_.push_back(std::move(order));
    }
  }
}

void DigitClosure::sets(const Order& order, std::size_t begin, std::size_t end, std::int32_t* at,
                        std::uint64_t stride, std::uint64_t lanes, std::vector<std::int32_t>& spare,
                        bool least) {
  const Kernels& kernel = kernels();
  const auto merge = least ? kernel.lower : kernel.raise;
  if (order.spare > 0) spare.resize(std::max<std::size_t>(spare.size(), order.spare * lanes));
  const auto row = [&](std::uint32_t r) {
    return r < order.size ? at + r * stride : spare.data() + (r - order.size) * lanes;
  };
  for (std::size_t s = begin; s < end; ++s) {
    const Set& set = order.sets[s];
    std::int32_t* const mine = row(set.row);
    std::uint32_t first = set.begin + 1;
    std::uint32_t next = set.next_begin;
    if (set.begin == set.end) {
      first = set.end;
      if (next == set.next_end) {  // nothing comes of it
        std::fill_n(mine, lanes, least ? INT32_MAX : INT32_MIN);
        continue;
      }
      std::copy_n(row(order.next[next++]), lanes, mine);
    }
    for (std::uint32_t i = first; i < set.end; ++i)
      merge(mine, at + order.members[i] * stride, lanes);
    for (; next < set.next_end; ++next) merge(mine, row(order.next[next]), lanes);
    for (std::uint32_t i = first; i < set.end; ++i)
      std::copy_n(mine, lanes, at + order.members[i] * stride);
  }
}

void DigitClosure::narrow(const Order& order, std::int32_t* at, std::uint64_t states,
                          std::vector<std::int32_t>& buffer, std::vector<std::int32_t>& spare,
                          bool least) {
  const std::uint64_t block = order.size * order.stride;
  const std::uint64_t side = std::max<std::uint64_t>(2 * kLanes / order.stride, 1);
  for (std::uint64_t done = 0; done < states; done += side * block) {
    const std::uint64_t blocks = std::min(side, (states - done) / block);
    const std::uint64_t lanes = blocks * order.stride;
    buffer.resize(order.size * lanes);
    for (std::uint64_t b = 0; b < blocks; ++b)
      for (std::uint64_t m = 0; m < order.size; ++m)
        for (std::uint64_t i = 0; i < order.stride; ++i)
          buffer[m * lanes + b * order.stride + i] = at[done + b * block + m * order.stride + i];
    sets(order, 0, order.sets.size(), buffer.data(), lanes, lanes, spare, least);
    for (std::uint64_t b = 0; b < blocks; ++b)
      for (std::uint64_t m = 0; m < order.size; ++m)
        for (std::uint64_t i = 0; i < order.stride; ++i)
          at[done + b * block + m * order.stride + i] = buffer[m * lanes + b * order.stride + i];
  }
}

void DigitClosure::pass(std::uint32_t* values, const Tasks& tasks, bool least) const {
  auto* const v = reinterpret_cast<std::int32_t*>(values);  // classes fit in 31 bits
  std::vector<std::vector<std::int32_t>> spare(tasks.threads());
  std::vector<std::vector<std::int32_t>> buffer(tasks.threads());
  const Kernels& kernel = kernels();
  if (!low_.empty()) {
    const std::uint64_t size = std::max<std::uint64_t>((1u << 14) / block_, 1) * block_;
    tasks.run((states_ + size - 1) / size, [&](std::size_t i, std::size_t worker) {
      std::int32_t* const at = v + i * size;
      const std::uint64_t count = std::min(size, states_ - i * size);
      for (const Order& order : low_) {
        if (order.pair) {
          (least ? kernel.lower_pairs : kernel.raise_pairs)(at, count, order.stride);
        } else if (order.stride < kLanes) {
          narrow(order, at, count, buffer[worker], spare[worker], least);
        } else {
          const std::uint64_t block = order.size * order.stride;
          for (std::uint64_t b = 0; b < count; b += block)
            sets(order, 0, order.sets.size(), at + b, order.stride, order.stride, spare[worker],
                 least);
        }
      }
    });
  }
  for (const Order& order : high_) {
    const std::uint64_t block = order.size * order.stride;
    const std::uint64_t width = std::min<std::uint64_t>(order.stride, 4096);
    const std::uint64_t cuts = (order.stride + width - 1) / width;
    const std::size_t groups = order.groups.size() - 1;
    tasks.run(states_ / block * cuts * groups, [&](std::size_t i, std::size_t worker) {
      const std::uint64_t lane = i / groups % cuts * width;
      const std::size_t g = i % groups;
      sets(order, order.groups[g], order.groups[g + 1], v + i / groups / cuts * block + lane,
           order.stride, std::min(width, order.stride - lane), spare[worker], least);
    });
  }
}

}  // namespace wayout
