#include "wayout/stability/tasks.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "wayout/base/threads.hpp"

namespace wayout {

Tasks::Tasks(const Watch& watch, std::size_t threads)
    : watch_(watch),
      // More than there are processors would be of no use, and the library would complain.
      threads_(static_cast<std::size_t>(usable_threads(threads))) {}

bool Tasks::stopped() const {
  if (stopped_.load(std::memory_order_relaxed)) return true;
  if (!watch_.cancelled() && !watch_.out_of_time()) return false;
  stopped_.store(true, std::memory_order_relaxed);
  return true;
}

void Tasks::tell(std::string_view what, std::uint64_t done, std::uint64_t total) const {
  if (!watch_.progress) return;
  const std::lock_guard lock(telling_);
  watch_.tell(what, done, total);
}

void Tasks::run(std::size_t count,
                const std::function<void(std::size_t, std::size_t)>& task) const {
  if (threads_ == 1 || count <= 1) {
    for (std::size_t i = 0; i < count && !stopped(); ++i) task(i, 0);
    return;
  }
  // One loop per thread over a common counter: no more scratch than threads, tasks in order.
  std::atomic<std::size_t> next{0};
  const std::size_t workers = std::min(threads_, count);
  tbb::task_arena arena(static_cast<int>(workers));
  arena.execute([&] {
    tbb::parallel_for(
        std::size_t{0}, workers,
        [&](std::size_t worker) {
          for (std::size_t i = next++; i < count && !stopped(); i = next++) task(i, worker);
        },
        tbb::simple_partitioner());
  });
}

}  // namespace wayout
