#include "services/worker_pool.h"

#include <utility>

namespace comity {

WorkerPool::WorkerPool(int threads, size_t queue_max) : queue_max_(queue_max) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::Submit(std::function<void()> work) {
  const absl::MutexLock lock(&mutex_);
  if (submitted_ >= queue_max_) return false;
  ++submitted_;
  queue_.push_back({std::move(work), /*submitted=*/true});
  return true;
}

void WorkerPool::Continue(std::function<void()> work) {
  const absl::MutexLock lock(&mutex_);
  queue_.push_back({std::move(work), /*submitted=*/false});
}

void WorkerPool::Run() {
  while (true) {
    Work work;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](WorkerPool* pool) ABSL_EXCLUSIVE_LOCKS_REQUIRED(pool->mutex_) {
            return !pool->queue_.empty() || pool->ending_;
          },
          this));
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
      if (work.submitted) --submitted_;
    }
    work.run();
  }
}

}  // namespace comity
