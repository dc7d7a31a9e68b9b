#include "wayout/cli/memory.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>

#include <fmt/format.h>
#include <sys/resource.h>

namespace wayout::cli {
namespace {

/// A number at the start of a file, where there is one.
std::optional<std::uint64_t> number_in(const std::string& path) {
  std::ifstream in(path);
  std::uint64_t n = 0;
  if (in >> n) return n;
  return std::nullopt;
}

std::optional<std::uint64_t> system_available() {
  std::ifstream in("/proc/meminfo");
  std::string key;
  std::uint64_t kib = 0;
  std::string unit;
  while (in >> key >> kib) {
    if (key == "MemAvailable:") return kib * 1024;
    std::getline(in, unit);
  }
  return std::nullopt;
}

}  // namespace

std::uint64_t available_memory() {
  std::uint64_t least = system_available().value_or(std::uint64_t{12} << 30);
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    least = std::min<std::uint64_t>(least, limit.rlim_cur);
  // In a container the group's own limit counts (cgroup version 2).
  const auto most = number_in("/sys/fs/cgroup/memory.max");
  const auto used = number_in("/sys/fs/cgroup/memory.current");
  if (most && used) least = std::min(least, *most > *used ? *most - *used : 0);
  return least / 10 * 9;
}

std::optional<std::uint64_t> parse_bytes(const std::string& text) {
  char* end = nullptr;
  const double amount = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || !std::isfinite(amount) || amount <= 0) return std::nullopt;
  std::string unit(end);
  for (char& c : unit) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  static const std::string kUnits = "KMGT";
  double scale = 1;
  if (!unit.empty() && unit != "B") {
    const std::size_t at = kUnits.find(unit[0]);
    if (at == std::string::npos ||
        (unit.size() > 1 && unit.substr(1) != "B" && unit.substr(1) != "IB"))
      return std::nullopt;
    scale = std::ldexp(1.0, 10 * (static_cast<int>(at) + 1));
  }
  const double bytes = amount * scale;
  if (bytes < 1 || bytes >= std::ldexp(1.0, 63)) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

std::string bytes_text(std::uint64_t bytes) {
  const double mib = static_cast<double>(bytes) / (1u << 20);
  return mib >= 1000 ? fmt::format("{:.1f} GiB", mib / 1024)
                     : fmt::format("{:.{}f} MiB", mib, mib < 10 ? 1 : 0);
}

}  // namespace wayout::cli
