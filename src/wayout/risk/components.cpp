#include <algorithm>

#include "wayout/risk/linear.hpp"

namespace wayout {

// Tarjan's algorithm with its own stack. StrongComponents come out sinks first.
StrongComponents components(const Rows& rows, std::size_t states) {
  constexpr std::uint32_t kUnseen = 0xFFFFFFFFu;
  StrongComponents out;
  out.of.assign(states, kUnseen);
  std::vector<std::uint32_t> index(states, kUnseen);
  std::vector<std::uint32_t> low(states, 0);
  std::vector<std::uint64_t> next(states, 0);
  std::vector<std::uint32_t> path;
  std::vector<std::uint32_t> open;
  std::uint32_t count = 0;
  std::uint32_t found = 0;
  for (std::uint32_t root = 0; root < states; ++root) {
    if (index[root] != kUnseen) continue;
    path.push_back(root);
    while (!path.empty()) {
      const std::uint32_t s = path.back();
      if (index[s] == kUnseen) {
        index[s] = low[s] = count++;
        next[s] = rows.begin[s];
        open.push_back(s);
      }
      bool deeper = false;
      while (next[s] < rows.begin[s + 1]) {
        const std::uint64_t e = next[s];
        const std::uint32_t t = rows.to[e];
        if (t >= states || rows.rate[e] == 0) {
          ++next[s];
          continue;
        }
        if (index[t] == kUnseen) {
          path.push_back(t);
          deeper = true;
          break;
        }
        ++next[s];
        if (out.of[t] == kUnseen) low[s] = std::min(low[s], low[t]);
      }
      if (deeper) continue;
      path.pop_back();
      if (low[s] == index[s]) {
        std::uint32_t t = 0;
        do {
          t = open.back();
          open.pop_back();
          out.of[t] = found;
        } while (t != s);
        ++found;
      }
    }
  }
  out.begin.assign(found + 1, 0);
  for (const std::uint32_t c : out.of) ++out.begin[c + 1];
  for (std::uint32_t c = 0; c < found; ++c) out.begin[c + 1] += out.begin[c];
  out.states.resize(states);
  std::vector<std::uint32_t> at(out.begin.begin(), out.begin.end() - 1);
  for (std::uint32_t s = 0; s < states; ++s) out.states[at[out.of[s]]++] = s;
  return out;
}

}  // namespace wayout
