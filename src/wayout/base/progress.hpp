#pragma once
/// @file
/// Long work can be watched and stopped.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace wayout {

/// How a piece of work ended. Every rendering shows anything but Complete.
enum class End { Complete, Limit, Cancelled };

/// Asked from time to time by long work; set from a signal handler or another thread.
class CancelToken {
 public:
  void cancel() { flag_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return flag_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> flag_{false};
};

/// What long work may use: a way to be stopped, a moment to stop at, and somewhere to tell how far
/// it is. Default: never stopped, tells nobody.
struct Watch {
  using Clock = std::chrono::steady_clock;
  const CancelToken* cancel = nullptr;
  std::optional<Clock::time_point> deadline;
  /// Called now and then with what is being done, how much is done and, when known, of how much.
  std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)> progress;

  bool cancelled() const { return cancel != nullptr && cancel->cancelled(); }
  bool out_of_time() const { return deadline && Clock::now() >= *deadline; }
  void tell(std::string_view what, std::uint64_t done, std::uint64_t total) const {
    if (progress) progress(what, done, total);
  }
};

}  // namespace wayout
