#pragma once
/// @file
/// How much memory there is, and amounts of memory as people write them.

#include <cstdint>
#include <optional>
#include <string>

namespace wayout::cli {

/// What this process may still take, in bytes: nine tenths of what the system calls available, less
/// where a limit is set on the process (ulimit -v, a cgroup); 12 GiB where the system does not
/// tell.
std::uint64_t available_memory();

/// "8G", "512M", "1.5GiB", "1000000" (bytes); units are powers of 1,024. nullopt where it does not
/// read or is 0.
std::optional<std::uint64_t> parse_bytes(const std::string& text);

/// "3.4 GiB", "12 MiB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace wayout::cli
