// A mutex that can be waited for with a limit.

#ifndef COMITY_STORE_TIMED_MUTEX_H_
#define COMITY_STORE_TIMED_MUTEX_H_

#include <chrono>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace comity {

// For std::unique_lock. In place of std::timed_mutex, whose waits with a limit
// the thread sanitizer of GCC 12 does not see (pthread_mutex_clocklock), so
// that it takes all that they order for races.
class TimedMutex {
 public:
  void lock() {
    const absl::MutexLock lock(&mutex_, absl::Condition(&free_));
    free_ = false;
  }

  // False if it was not free within `time`.
  bool try_lock_for(std::chrono::nanoseconds time) {
    const absl::MutexLock lock(&mutex_);
    if (!mutex_.AwaitWithTimeout(absl::Condition(&free_),
                                 absl::FromChrono(time))) {
      return false;
    }
    free_ = false;
    return true;
  }

  void unlock() {
    const absl::MutexLock lock(&mutex_);
    free_ = true;
  }

 private:
  absl::Mutex mutex_;
  bool free_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace comity

#endif  // COMITY_STORE_TIMED_MUTEX_H_
