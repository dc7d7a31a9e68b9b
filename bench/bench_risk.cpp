// Absorbing chains in this process: seconds to what is reached for good, with the answers checked.
//   bench_risk [--chain grid|ladder|corners] [--side 1000] [--seed 1] [--runs 1] [--smoke]
// grid: side × side states, moves to the four neighbours at rates e^u, u uniform in ±1/2; the left
// edge ends it "up", the right edge "down". corners: the same, ended at two opposite corner states
// only. ladder: side × side states in a line at fair rates, whose chance is i / (n + 1): mixing as
// slow as it gets. What is timed is the whole solution from the chain on; the residual is
// recomputed here, from the chain itself.
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "harness.hpp"
#include "wayout/base/random.hpp"
#include "wayout/risk/eventual.hpp"

namespace wayout::bench {
namespace {

constexpr double kFloor = 1e-10;

struct Shape {
  std::string chain = "grid";
  std::uint32_t side = 1000;
  std::uint64_t seed = 1;
};

Chain make(const Shape& shape) {
  Random random(shape.seed, 0, "bench_risk");
  Chain c;
  c.outcomes = {{ChainOutcome::Kind::Catastrophe, "up", "up"},
                {ChainOutcome::Kind::Catastrophe, "down", "down"},
                {ChainOutcome::Kind::Outside, "", ""}};
  const std::uint32_t side = shape.side;
  const std::uint32_t n = side * side;
  c.into.assign(3 * std::size_t{n}, 0);
  c.at.assign(n, 0);
  c.out.assign(n, 0);
  const bool line = shape.chain == "ladder";
  const auto move = [&](std::uint32_t s, std::uint32_t t, double rate) {
    c.moves.to.push_back(t);
    c.moves.rate.push_back(rate);
    c.out[s] += rate;
  };
  const auto mild = [&] { return std::exp(random.unit() - 0.5); };
  for (std::uint32_t s = 0; s < n; ++s) {
    if (line) {
      if (s > 0) move(s, s - 1, 1);
      if (s + 1 < n) move(s, s + 1, 1);
      if (s == 0) c.into[1] = 1;
      if (s + 1 == n) c.into[3 * std::size_t{s}] = 1;
    } else {
      const std::uint32_t x = s % side;
      const std::uint32_t y = s / side;
      if (y > 0) move(s, s - side, mild());
      if (x > 0) move(s, s - 1, mild());
      if (x + 1 < side) move(s, s + 1, mild());
      if (y + 1 < side) move(s, s + side, mild());
      const bool corners = shape.chain == "corners";
      if (x == 0 && (!corners || y == 0)) c.into[3 * std::size_t{s}] = mild();
      if (x + 1 == side && (!corners || y + 1 == side)) c.into[3 * std::size_t{s} + 1] = mild();
    }
    c.moves.begin.push_back(c.moves.to.size());
  }
  c.start = line ? n / 3 : side / 2 * side + side / 3;
  return c;
}

/// The largest of |b − A v|_s over the rate of leaving s, as A v = b says it: v is 1 at "up".
double residual(const Chain& c, const std::vector<double>& v) {
  double most = 0;
  for (std::size_t s = 0; s < v.size(); ++s) {
    const double leave = c.out[s] + c.into[3 * s] + c.into[3 * s + 1];
    double r = c.into[3 * s] - leave * v[s];
    for (std::uint64_t e = c.moves.begin[s]; e < c.moves.begin[s + 1]; ++e)
      r += c.moves.rate[e] * v[c.moves.to[e]];
    most = std::max(most, std::abs(r) / leave);
  }
  return most;
}

void one(const Shape& shape, int runs) {
  const Chain chain = make(shape);
  std::vector<double> seconds, cpu;
  double worst = 0;
  double value = 0;
  std::size_t iterations = 0;
  for (int i = 0; i < runs; ++i) {
    const double began = now_s();
    const double cpu_began = cpu_s();
    EventualSystem system(chain, 7);
    const std::vector<double> v = system.values({1, 6});
    seconds.push_back(now_s() - began);
    cpu.push_back(cpu_s() - cpu_began);
    iterations = system.last().iterations;
    worst = residual(chain, v);
    value = v[chain.start];
    if (!(worst < kFloor))
      wrong(fmt::format("{}: residual {:.1e}, where {:.0e} is asked", shape.chain, worst, kFloor));
    if (shape.chain == "ladder")
      for (std::size_t s = 0; s < v.size(); ++s) {
        const double win = static_cast<double>(s + 1) / (static_cast<double>(v.size()) + 1);
        // Errors are residuals times up to n² / 8 steps.
        const double steps = static_cast<double>(v.size()) * static_cast<double>(v.size()) / 8;
        if (std::abs(v[s] - win) > 1e-12 + 4 * worst * steps || std::abs(v[s] - win) > 1e-3)
          wrong(fmt::format("ladder at {}: {} instead of {}", s, v[s], win));
      }
  }
  std::printf(
      "{\"bench\":\"risk\",\"chain\":\"%s\",\"states\":%zu,\"transitions\":%zu,\"best_s\":%.4f,"
      "\"median_s\":%.4f,\"cpu_s\":%.4f,\"iterations\":%zu,\"residual\":%.3g,\"value\":%.12g,"
      "\"peak_mib\":%.0f}\n",
      shape.chain.c_str(), chain.size(), chain.moves.entries(), times_of(seconds).best,
      times_of(seconds).median, times_of(cpu).best, iterations, worst, value, peak_mib());
}

int run(int argc, char** argv) {
  bool smoke = false;
  for (int i = 1; i < argc; ++i) smoke = smoke || std::strcmp(argv[i], "--smoke") == 0;
  Shape shape;
  shape.side = static_cast<std::uint32_t>(number(argc, argv, "side", smoke ? 40 : 1000));
  shape.seed = number(argc, argv, "seed", 1);
  const std::string only = setting(argc, argv, "chain", "");
  const int runs = static_cast<int>(number(argc, argv, "runs", 1));
  for (const char* name : {"ladder", "grid", "corners"}) {
    if (!only.empty() && only != name) continue;
    shape.chain = name;
    one(shape, runs);
  }
  return 0;
}

}  // namespace
}  // namespace wayout::bench

int main(int argc, char** argv) { return wayout::bench::run(argc, argv); }
