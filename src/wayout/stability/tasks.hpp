#pragma once
/// @file
/// Tasks of one analysis over a few threads, with a common way to stop.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

#include "wayout/base/progress.hpp"

namespace wayout {

/// Runs numbered tasks, on one thread or several. Which thread takes which task is left to chance:
/// results must not depend on it.
class Tasks {
 public:
  /// `threads` 0: as many as there are processors.
  Tasks(const Watch& watch, std::size_t threads);

  std::size_t threads() const { return threads_; }
  /// Calls task(i, worker) for i = 0 … count-1; `worker` < threads() is never used by two at a
  /// time. Tasks not begun when the work is stopped are left out.
  void run(std::size_t count, const std::function<void(std::size_t, std::size_t)>& task) const;
  bool stopped() const;
  /// Passes on to the watch, from any thread.
  void tell(std::string_view what, std::uint64_t done, std::uint64_t total) const;

 private:
  const Watch& watch_;
  std::size_t threads_;
  mutable std::atomic<bool> stopped_{false};
  mutable std::mutex telling_;
};

}  // namespace wayout
