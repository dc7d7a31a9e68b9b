#pragma once
/// @file
/// What the benchmarks share: clocks, medians, checksums, settings, one line of JSON for a figure.
/// Not google-benchmark: a run of seconds is measured a few times and interleaved with what it is
/// compared with, which that library does not do.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace wayout::bench {

inline double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Processor seconds of this process, all threads: what a crowded machine does not stretch.
inline double cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Best and median of some runs.
struct Times {
  double best = 0;
  double median = 0;
};
inline Times times_of(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  return {seconds.front(), seconds[seconds.size() / 2]};
}
/// One run to warm up, then `runs` measured ones.
inline Times measure(int runs, const std::function<void()>& work) {
  work();
  std::vector<double> seconds;
  for (int i = 0; i < runs; ++i) {
    const double began = now_s();
    work();
    seconds.push_back(now_s() - began);
  }
  return times_of(std::move(seconds));
}

/// FNV-1a, eight bits at a time.
inline std::uint64_t checksum(const std::uint8_t* data, std::size_t size,
                              std::uint64_t hash = 0xCBF29CE484222325ull) {
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ data[i]) * 0x100000001B3ull;
  return hash;
}

inline double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// --name VALUE from the command line.
inline std::string setting(int argc, char** argv, const std::string& name, std::string usual) {
  for (int i = 1; i + 1 < argc; ++i)
    if (argv[i] == "--" + name) usual = argv[i + 1];
  return usual;
}
inline std::size_t number(int argc, char** argv, const std::string& name, std::size_t usual) {
  return std::strtoull(setting(argc, argv, name, std::to_string(usual)).c_str(), nullptr, 10);
}

[[noreturn]] inline void wrong(const std::string& what) {
  std::fprintf(stderr, "WRONG ANSWER: %s\n", what.c_str());
  std::exit(1);
}

}  // namespace wayout::bench
