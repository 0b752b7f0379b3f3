// Threads for what must not hold up the callbacks of gRPC: writes, which wait
// for the disk, and long reads.

#ifndef COMITY_SERVICES_WORKER_POOL_H_
#define COMITY_SERVICES_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace comity {

// Thread-safe.
class WorkerPool {
 public:
  // At most `queue_max` submitted pieces of work wait for a thread.
  WorkerPool(int threads, size_t queue_max);
  // Ends what was submitted, then the threads.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and nothing is done, if too much is waiting.
  [[nodiscard]] bool Submit(std::function<void()> work);
  // Goes on with something that was admitted before, however much is waiting:
  // whoever admits bounds how much there can be. Takes no place of what is
  // submitted.
  void Continue(std::function<void()> work);

 private:
  struct Work {
    std::function<void()> run;
    bool submitted = false;
  };

  void Run();

  const size_t queue_max_;
  absl::Mutex mutex_;
  std::deque<Work> queue_ ABSL_GUARDED_BY(mutex_);
  // Of those in the queue.
  size_t submitted_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace comity

#endif  // COMITY_SERVICES_WORKER_POOL_H_
