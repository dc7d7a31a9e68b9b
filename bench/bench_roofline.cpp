// What this machine gives right now: streaming, a butterfly pass, random access, and how much two
// threads gain over one on each. Stands beside every other figure.
//   bench_roofline [--mib 256] [--runs 3]

#include <cmath>
#include <cstring>
#include <thread>

#include "harness.hpp"
#include "wayout/base/big_array.hpp"

namespace wayout::bench {
namespace {

/// Runs `work(thread)` on so many threads and waits for all.
void on_threads(std::size_t threads, const std::function<void(std::size_t)>& work) {
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < threads; ++t) others.emplace_back([&work, t] { work(t); });
  work(0);
}

struct Kernel {
  const char* name;
  const char* unit;
  double amount;  ///< of `unit` in one run, so that amount / seconds is the figure
  std::function<void(std::size_t thread, std::size_t threads)> work;
};

int run(int argc, char** argv) {
  const std::size_t bytes = number(argc, argv, "mib", 256) << 20;
  const int runs = static_cast<int>(number(argc, argv, "runs", 3));
  const std::size_t n = bytes / sizeof(std::int32_t);
  BigArray<std::int32_t> a(n), b(n), c(n);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = static_cast<std::int32_t>((i * 2654435761u) & 0xFFFFFF);
    b[i] = static_cast<std::int32_t>(i);
  }
  // A random cycle over cache lines, followed link by link: what settling costs at worst.
  const std::size_t lines = bytes / 64;
  BigArray<std::uint32_t> next(lines * 16);
  {
    std::vector<std::uint32_t> order(lines);
    for (std::size_t i = 0; i < lines; ++i) order[i] = static_cast<std::uint32_t>(i);
    std::uint64_t x = 88172645463325252ull;
    for (std::size_t i = lines; i > 1; --i) {
      x ^= x << 13;
      x ^= x >> 7;
      x ^= x << 17;
      std::swap(order[i - 1], order[x % i]);
    }
    for (std::size_t i = 0; i < lines; ++i)
      next[std::size_t{order[i]} * 16] = order[(i + 1) % lines];
  }
  const std::size_t chase = std::min<std::size_t>(lines, 4'000'000);
  std::vector<std::uint32_t> ends(64, 0);
  const double gb = 1e-9 * static_cast<double>(bytes);
  const std::vector<Kernel> kernels{
      {"triad", "GB/s", 3 * gb,
       [&](std::size_t t, std::size_t threads) {
         for (std::size_t i = n * t / threads; i < n * (t + 1) / threads; ++i)
           c[i] = a[i] + 3 * b[i];
       }},
      {"butterfly", "GB/s", 2 * gb,  // one pass at the largest stride: every value read and written
       [&](std::size_t t, std::size_t threads) {
         std::int32_t* low = c.data();
         std::int32_t* high = c.data() + n / 2;
         for (std::size_t i = n / 2 * t / threads; i < n / 2 * (t + 1) / threads; ++i) {
           const std::int32_t m = std::min(low[i], high[i]);
           low[i] = high[i] = m;
         }
       }},
      {"random", "million accesses/s", 1e-6 * static_cast<double>(chase),
       [&](std::size_t t, std::size_t threads) {
         auto at = static_cast<std::uint32_t>(lines * t / threads);
         for (std::size_t i = 0; i < chase / threads; ++i) at = next[std::size_t{at} * 16];
         ends[t] = at;
       }},
      {"compute", "million steps/s", 50,  // fits in registers: what a second thread can give at
                                          // most
       [&](std::size_t t, std::size_t threads) {
         std::uint64_t x = t + 1;
         for (std::size_t i = 0; i < 50'000'000 / threads; ++i) x = x * 6364136223846793005ull + 1;
         ends[t] = static_cast<std::uint32_t>(x >> 32);
       }},
  };
  for (const Kernel& k : kernels) {
    double one = 0;
    for (const std::size_t threads : {1, 2}) {
      const Times t = measure(
          runs, [&] { on_threads(threads, [&](std::size_t thread) { k.work(thread, threads); }); });
      if (threads == 1) one = t.best;
      std::printf(
          "{\"bench\":\"roofline\",\"kernel\":\"%s\",\"unit\":\"%s\",\"threads\":%zu,"
          "\"best\":%.3f,\"median\":%.3f,\"gain\":%.3f}\n",
          k.name, k.unit, threads, k.amount / t.best, k.amount / t.median, one / t.best);
    }
  }
  for (std::size_t i = 0; i < n / 2; i += n / 64 + 1)
    if (c[i] != c[i + n / 2]) wrong("the butterfly");
  return 0;
}

}  // namespace
}  // namespace wayout::bench

int main(int argc, char** argv) { return wayout::bench::run(argc, argv); }
