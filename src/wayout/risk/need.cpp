#include "wayout/risk/need.hpp"

#include <algorithm>
#include <cmath>

namespace wayout {

std::vector<Need> needed(ConflictChain& model, const Target& target, double horizon, double level,
                         std::span<const double> slopes, const Watch& watch) {
  const std::vector<double> before = model.values();
  const std::vector<double> times{horizon};
  const std::vector<std::uint32_t> starts{model.chain().start};
  TransientSettings ts;
  ts.watch = watch;
  std::vector<double> values = before;
  const auto probability = [&](std::size_t i, double x) {
    values[i] = x;
    model.set(values);
    values[i] = before[i];
    return by_time(model.chain(), std::span(&target, 1), times, starts, ts).value(0, 0, 0);
  };
  model.set(before);
  const double now =
      by_time(model.chain(), std::span(&target, 1), times, starts, ts).value(0, 0, 0);
  std::vector<Need> out;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (slopes[i] == 0 || std::isinf(before[i]) || watch.cancelled() || watch.out_of_time())
      continue;
    watch.tell("what would have to be true", i, before.size());
    const bool rise = (slopes[i] > 0) == (level > now);
    const double far = !rise ? 0
                       : model.inputs().list[i].kind == InputKind::Rationality
                           ? std::max(20.0, before[i])
                           : 1000 * std::max(before[i], 1e-9);
    Need need;
    need.input = i;
    const double end = probability(i, far);
    need.probability = end;
    if ((end - level) * (now - level) <= 0) {
      // Illinois: false position that does not get stuck at one end.
      double a = before[i], b = far, fa = now - level, fb = end - level;
      double x = b, fx = fb;
      for (int k = 0; k < 60 && std::abs(b - a) > 1e-6 * std::max(std::abs(a), std::abs(b)); ++k) {
        x = fb == fa ? (a + b) / 2 : (a * fb - b * fa) / (fb - fa);
        if (k % 3 == 2) x = (a + b) / 2;
        fx = probability(i, x) - level;
        if (std::abs(fx) < 1e-10) break;
        if (fx * fb < 0) {
          a = b;
          fa = fb;
        } else {
          fa /= 2;
        }
        b = x;
        fb = fx;
      }
      need.value = x;
      need.probability = fx + level;
    }
    out.push_back(need);
  }
  model.set(before);
  return out;
}

}  // namespace wayout
